"""`autograder new`: write the skeleton of an exercise."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from string import Template

import click

from autograder.build.build import Course
from autograder.packs.container import write_atomically
from autograder.spec import SpecError
from autograder.spec.load import Chapter, chapters, find_chapter

SKELETONS = Path(__file__).parent / "skeletons"
DRIVERS = tuple(sorted(p.name.removesuffix(".spec.txt") for p in SKELETONS.glob("*.spec.txt")))
_CHAPTER = re.compile(r"\d\d_[a-z0-9_]+")
_IMPORTED = {"numpy as np": r"^import numpy as np$", "torch": r"^import torch$"}


@click.command()
@click.argument("chapter")
@click.argument("exercise")
@click.option("--driver", type=click.Choice(DRIVERS), default="function", show_default=True, help="How it is run.")
@click.option("--create", is_flag=True, help="Make the chapter if it does not exist.")
def new(chapter: str, exercise: str, driver: str, create: bool) -> None:
    """Write a skeleton of EXERCISE in CHAPTER: a spec that can be proved at once, and the notebook's cells."""
    course = Course(Path.cwd())
    if not exercise.isidentifier() or keyword.iskeyword(exercise):
        raise click.ClickException(
            f"{exercise!r} cannot be the name of a function; use letters, digits and _, for example leaky_relu"
        )
    place = _chapter(course, chapter, create)
    spec = place.folder / "exercises" / f"{exercise}.py"
    _refuse_what_exists(place, spec, exercise)
    words = {"name": exercise, "title": exercise.replace("_", " ").capitalize()}
    source = place.notebook.read_text(encoding="utf-8") if place.notebook.is_file() else _header(place)
    cells = _filled(f"{driver}.notebook", words)
    imports = [f"import {module}" for module, line in _IMPORTED.items() if _lacks(source, cells, module, line)]
    if imports:
        cells = "# %%\n" + "\n".join(imports) + "\n\n" + cells
    write_atomically(spec, _filled(f"{driver}.spec", words).encode())
    write_atomically(place.notebook, f"{source.rstrip()}\n\n{cells}".encode())
    click.echo(f"wrote {_short(spec, course)}\nadded its cells at the end of {_short(place.notebook, course)}")
    click.echo(f"Replace what is in them, then: autograder prove {place.name}")


def _chapter(course: Course, name: str, create: bool) -> Chapter:
    try:
        return find_chapter(course.solutions, name)
    except SpecError as error:
        if not create:
            raise click.ClickException(f"{error}; with --create, a new one called NN_name is made") from None
    if not _CHAPTER.fullmatch(name):
        raise click.ClickException(f"a chapter is called NN_name, for example 05_normalisation, not {name!r}")
    number = name.split("_")[0]
    taken = [c.name for c in chapters(course.solutions) if c.name.split("_")[0] == number]
    if taken:
        raise click.ClickException(f"chapter {number} is {taken[0]} already")
    return Chapter(name, course.solutions / name)


def _refuse_what_exists(place: Chapter, spec: Path, exercise: str) -> None:
    if (place.folder / "exercises.py").is_file():
        raise click.ClickException(
            f"{place.name} keeps its exercises in exercises.py; move it to exercises/NAME.py, one file an exercise"
        )
    if spec.exists() or (place.spec_files and exercise in place.exercises()):
        raise click.ClickException(
            f"there is an exercise called {exercise} in {place.name} already; nothing is changed"
        )
    text = place.notebook.read_text(encoding="utf-8") if place.notebook.is_file() else ""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"(def|class) {exercise}\b|{exercise} *=|# %%.*\b(exercise|check)=\"{exercise}\"", line):
            raise click.ClickException(
                f"{place.notebook}, line {number}: the name {exercise} is used already; nothing is changed"
            )


def _header(place: Chapter) -> str:
    title = place.name.partition("_")[2].replace("_", " ").capitalize()
    return _filled("header.notebook", {"title": title})


def _lacks(source: str, cells: str, module: str, line: str) -> bool:
    used = module.split()[-1]
    return bool(re.search(rf"\b{used}\.", cells)) and not re.search(line, source, re.MULTILINE)


def _filled(skeleton: str, words: dict[str, str]) -> str:
    return Template((SKELETONS / f"{skeleton}.txt").read_text(encoding="utf-8")).substitute(words)


def _short(path: Path, course: Course) -> str:
    return str(path.relative_to(course.root))
