"""The commands of `autograder`, one file each."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from autograder.build.build import BuildError
from autograder.commands.build import build, check_assignments
from autograder.commands.grade import grade
from autograder.commands.new import new
from autograder.commands.prove import prove
from autograder.commands.status import status
from autograder.commands.try_ import try_
from autograder.packs import PackError
from autograder.spec import SpecError


@click.group()
def cli() -> None:
    """Write, prove, build and grade the assignments of a course."""


for command in (new, try_, prove, build, check_assignments, grade, status):
    cli.add_command(command)


def main() -> None:
    """Run the command line; a mistake of the author or the course's files ends with one clear message."""
    beside = str(Path(sys.executable).parent)  # nbgrader starts `alembic` by name
    os.environ["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", "")])
    try:
        cli()
    except (SpecError, BuildError, PackError) as error:
        click.echo(f"autograder: {error}", err=True)
        sys.exit(1)
