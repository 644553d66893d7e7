"""`autograder status`: how far you have come."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.status import status as show


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path())
def status(folder: Path) -> None:
    """Show what has passed and what is left in the assignments below FOLDER (the current folder, if none is named)."""
    show(folder)
