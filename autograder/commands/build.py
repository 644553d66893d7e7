"""`autograder build` and `autograder check-assignments`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.build.build import Course, build_chapter, check_assignment
from autograder.commands.prove import chosen, console, kill_table, told


@click.command()
@click.argument("names", nargs=-1, metavar="[CHAPTER]...")
def build(names: tuple[str, ...]) -> None:
    """Prove CHAPTERs (all, if none is named) and write assignments/ and the hidden packs."""
    course = Course(Path.cwd())
    for chapter in chosen(course, names):
        with told(chapter.name) as report:
            built = build_chapter(course, chapter, report)
        console.print(kill_table(built))
        console.print(
            f"{'wrote' if built.fresh else 'unchanged:'} {course.assignments.name}/{chapter.name}/",
            highlight=False,
        )


@click.command("check-assignments")
@click.argument("names", nargs=-1, metavar="[CHAPTER]...")
def check_assignments(names: tuple[str, ...]) -> None:
    """Say whether assignments/ is exactly what the build makes and holds no solution and no hidden case."""
    course = Course(Path.cwd())
    wrong = [w for chapter in chosen(course, names) for w in check_assignment(course, chapter)]
    for sentence in wrong:
        click.echo(f"✗ {sentence}", err=True)
    if wrong:
        sys.exit(1)
    click.echo("assignments/ is what the build makes; no solution and no hidden case is in it")
