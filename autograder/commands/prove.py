"""`autograder prove`: show that the tests catch every wrong solution."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder.build.build import Built, Course, prove_chapter
from autograder.build.build import Progress as Report
from autograder.prove.result import Proof
from autograder.spec.load import Chapter, chapters, find_chapter

console = Console(width=None if sys.stdout.isatty() else 110)
COLUMNS = {
    "mistakes": "mistakes\ncaught",
    "hints": "hints\nright",
    "standard": "standard\ncaught",
    "mutants": "mutants\ncaught",
    "alternatives": "alternatives\npassed",
}


@click.command()
@click.argument("names", nargs=-1, metavar="[CHAPTER]...")
def prove(names: tuple[str, ...]) -> None:
    """Prove the exercises of CHAPTERs (all, if none is named).

    Every named mistake, every standard mistake and every machine-made mutant must be caught, and every right
    solution must pass, on the public and on the hidden cases.
    """
    course = Course(Path.cwd())
    proofs: list[Proof] = []
    for chapter in chosen(course, names):
        with told(chapter.name) as report:
            built = prove_chapter(course, chapter, report)
        console.print(kill_table(built))
        proofs += built.proofs
    if not show_survivors(proofs):
        sys.exit(1)


def chosen(course: Course, names: Iterable[str]) -> list[Chapter]:
    """Return the chapters that are named, or all."""
    found = [find_chapter(course.solutions, n) for n in names] or chapters(course.solutions)
    if not found:
        raise click.ClickException(
            f"no chapters in {course.solutions}; run this in the course's folder, the one that holds solutions/"
        )
    return found


def kill_table(built: Built) -> Table:
    """Return the table right / all, one row an exercise."""
    table = Table(title=f"{built.chapter}{'' if built.fresh else ' (unchanged since it was last proved)'}")
    table.add_column("exercise")
    for heading in COLUMNS.values():
        table.add_column(heading, justify="right")
    for proof in built.proofs:
        table.add_row(proof.exercise, *(str(proof.tallies[name]) for name in COLUMNS))
    return table


def show_survivors(proofs: Iterable[Proof]) -> bool:
    """Print what is not as it must be; return True if there is nothing."""
    fine = True
    for proof in proofs:
        for name, tally in proof.tallies.items():
            for what in tally.wrong:
                console.print(f"[bold]✗ {proof.exercise}[/], {name}: ", end="")
                console.print(what, markup=False, highlight=False, soft_wrap=True)
                fine = False
    return fine


@contextmanager
def told(title: str) -> Iterator[Report]:
    """Show what is being worked on."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(title, total=None)
        yield lambda exercise, step: progress.update(task, description=f"{title}: {step} {exercise}")
