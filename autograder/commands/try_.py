"""`autograder try`: grade one solution against a spec's freshly drawn cases."""

from __future__ import annotations

import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from autograder.assemble import TooSlow, assemble, time_limit
from autograder.build.build import Course
from autograder.build.source import read_source
from autograder.commands.prove import console
from autograder.compare.verdict import judge
from autograder.drivers.run import run
from autograder.packs import HIDDEN, PUBLIC
from autograder.report.content import content
from autograder.report.text import report_text
from autograder.spec.load import find_chapter

SECONDS = 60.0


@click.command("try")
@click.argument("chapter")
@click.argument("exercise")
@click.option(
    "--solution",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A Python file that defines the exercise's functions.",
)
@click.option("--hidden", is_flag=True, help="Use the hidden cases instead of the public ones.")
def try_(chapter: str, exercise: str, solution: Path, hidden: bool) -> None:
    """Grade a solution of EXERCISE in CHAPTER and print the report that a student would read.

    The solution may use what the notebook's cells above the exercise define. Ends with status 1 if a case fails.
    """
    course = Course(Path.cwd())
    place = find_chapter(course.solutions, chapter)
    specs = place.exercises()
    if exercise not in specs:
        raise click.ClickException(f"no exercise {exercise!r} in {place.name}; there are: {', '.join(specs)}")
    kind, seed = (HIDDEN, course.secret()) if hidden else (PUBLIC, "students")
    packed = assemble(place.name, [specs[exercise]], kind, seed)[exercise]
    defined = _run_file(solution, read_source(place.notebook, specs).namespaces()[exercise])
    missing = [name for name in packed.subjects if name not in defined]
    if missing:
        raise click.ClickException(
            f"{solution} defines no {' and no '.join(missing)}; check needs {', '.join(packed.subjects)}"
        )
    try:
        with time_limit(SECONDS):
            verdict = judge(packed, run(packed, {name: defined[name] for name in packed.subjects}))
    except TooSlow:
        raise click.ClickException(f"{solution}: the cases did not end in {SECONDS:.0f} seconds") from None
    said = content(verdict, hidden=False)
    console.print(report_text(replace(said, footer="") if hidden else said), markup=False, highlight=False)
    if not verdict.passed:
        sys.exit(1)


def _run_file(path: Path, namespace: dict[str, Any]) -> dict[str, Any]:
    """Execute a file and return the names that it defines."""
    scope = {**namespace, "__name__": "solution", "__file__": str(path)}
    before = dict(scope)
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), scope)
    except Exception as error:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
        where = f"{path}, line {line}" if line else str(path)
        raise click.ClickException(f"{where}: {type(error).__name__}: {error}") from None
    return {name: value for name, value in scope.items() if name not in before or before[name] is not value}
