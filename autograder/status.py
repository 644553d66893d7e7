"""Show how far a student has come: `status()` in a notebook, `autograder status` in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from autograder.report.place import in_notebook
from autograder.standing import PACK_NAME, PASSED, TRIED, UNTOUCHED, ChapterStatus, ExerciseStatus, find_status

SYMBOLS = {PASSED: "✓", TRIED: "…", UNTOUCHED: "–"}
HEADINGS = ("Exercise", "State", "Points", "Spent", "To go")
ABOUT = (
    "State and points are those of your last check, on the public cases. “To go” is the author's estimate for what "
    "has not passed yet; “spent” is the time between checks, a quarter of an hour for each pause at most."
)


def status(folder: str | Path = ".") -> None:
    """Show what has passed, what has been tried and what is left, for every assignment below a folder.

    Args:
        folder: where the assignments are; the current folder, and if there is none in it, the one above.
    """
    found = find_status(Path(folder))
    if not found and str(folder) == ".":
        found = find_status(Path(".."))
    if not found:
        print(f"There is no assignment in {Path(folder).resolve()}: no {PACK_NAME} in it or below it.")
    elif in_notebook():
        from IPython.display import display

        display({"text/html": status_html(found), "text/plain": status_text(found)}, raw=True)
    else:
        print_status(found)


def _cells(e: ExerciseStatus) -> tuple[str, ...]:
    state = f"{SYMBOLS[e.state]} {e.state}" if e.state in SYMBOLS else e.state
    return e.title, state, f"{e.points:g} of {e.max_points:g}", f"{e.spent:.0f} min", f"{e.to_go} min"


def print_status(found: list[ChapterStatus]) -> None:
    """Print the tables in a terminal."""
    from rich.console import Console

    console = Console()
    for table in _tables(found):
        console.print(table)
    console.print(ABOUT, style="dim")


def status_text(found: list[ChapterStatus]) -> str:
    """Return the tables as plain text."""
    from rich.console import Console

    console = Console(width=100, color_system=None, force_terminal=False, force_jupyter=False)
    with console.capture() as said:
        for table in _tables(found):
            console.print(table)
        console.print(ABOUT)
    return said.get()


def _tables(found: list[ChapterStatus]) -> Iterator[Any]:
    from rich.table import Table

    for chapter in found:
        table = Table(title=chapter.name, title_justify="left", show_footer=True)
        for i, (heading, total) in enumerate(zip(HEADINGS, _cells(chapter.total()), strict=True)):
            table.add_column(heading, total, justify="left" if i < 2 else "right")
        for exercise in chapter.exercises:
            table.add_row(*_cells(exercise))
        yield table


def status_html(found: list[ChapterStatus]) -> str:
    """Return the tables as one HTML fragment."""
    from autograder.report.html import STYLE

    head = "".join(f'<th scope="col">{h}</th>' for h in HEADINGS)
    parts = [f'<style>{STYLE}</style><div class="ag" role="group" aria-label="Progress">']
    for chapter in found:
        body = "".join(_row(e) for e in chapter.exercises)
        parts.append(
            f"<table><caption>{escape(chapter.name)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody><tfoot>{_row(chapter.total())}</tfoot></table>"
        )
    return "\n".join([*parts, f"<p><small>{escape(ABOUT)}</small></p></div>"])


def _row(e: ExerciseStatus) -> str:
    first, *rest = map(escape, _cells(e))
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{c}</td>" for c in rest)}</tr>'
