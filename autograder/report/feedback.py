"""The page on which a student reads what was right, what was not, and what to try next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from autograder.compare.verdict import NOT_IMPLEMENTED
from autograder.report.content import FAILED
from autograder.report.html import groups_table
from autograder.report.page import render
from autograder.report.record import ExerciseRecord, Record
from autograder.report.source_code import coloured

FULL, SOME, NONE = "full points", "some points", "no points"


@dataclass(frozen=True)
class _Shown:
    """One exercise as the page shows it."""

    record: ExerciseRecord
    points: float
    by_hand: bool
    result: str
    headline: str
    table: Markup
    advice: str
    link: str
    comment: str
    code: Markup
    lines: int

    @property
    def symbol(self) -> str:
        return {FULL: "✓", SOME: "◐", NONE: "✗"}.get(self.result, "–")


def feedback_page(
    record: Record, cells: Mapping[str, str], comments: Mapping[str, str], manual: Mapping[str, float], book: str
) -> str:
    """Return a student's feedback as one HTML file that needs nothing else.

    Args:
        record: what was decided. It holds nothing of the hidden cases, so the page cannot show it.
        cells: exercise -> the student's code.
        comments: exercise (or another cell) -> what an instructor wrote.
        manual: exercise (or another cell) -> points given by hand; they take the place of the tests' points.
        book: address of the lecture; a section's anchor is added to it. "" for no link.
    """
    shown = [_show(e, cells, comments, manual, book) for e in record.exercises]
    names = {e.name for e in record.exercises}
    return render(
        "feedback.html",
        record=record,
        exercises=shown,
        total=sum(e.points for e in shown),
        full=sum(e.result == FULL for e in shown),
        not_implemented=sum(e.result == NOT_IMPLEMENTED for e in shown),
        elsewhere=[(n, comments.get(n, ""), manual.get(n)) for n in sorted((set(comments) | set(manual)) - names)],
    )


def _show(
    e: ExerciseRecord, cells: Mapping[str, str], comments: Mapping[str, str], manual: Mapping[str, float], book: str
) -> _Shown:
    points = manual.get(e.name, e.points)
    result = FULL if points >= e.max_points else SOME if points > 0 else e.reason or NONE
    source = cells.get(e.name, "")
    return _Shown(
        record=e,
        points=points,
        by_hand=e.name in manual,
        result=NOT_IMPLEMENTED if result == NOT_IMPLEMENTED else NONE if result == e.reason else result,
        headline=_headline(e),
        table=Markup(groups_table(e.content(), "Groups of cases")),
        advice="" if e.points >= e.max_points or result == FULL else _advice(e),
        link=(f"{book}#{e.section}" if e.section else book) if book else "",
        comment=comments.get(e.name, ""),
        code=coloured(source),
        lines=len(source.splitlines()),
    )


def _headline(e: ExerciseRecord) -> str:
    """Return the headline without the title that stands above it."""
    text = e.headline.removeprefix(f"{e.title}: ")
    return text if e.reason and e.reason != NOT_IMPLEMENTED else text[:1].upper() + text[1:]


def _advice(e: ExerciseRecord) -> str:
    check = f'`check("{e.name}", …)`'
    if e.reason == NOT_IMPLEMENTED:
        return (
            "There was nothing to judge yet. Begin with a first version that is right for one small example; loops "
            f'are fine. `hint("{e.name}")` in your notebook gives you hints, one at a time.'
        )
    if e.reason:
        return (
            "The tests did not get an answer. Restart the kernel, run all cells from the top, and look at the first "
            f"cell that stops; then run {check}."
        )
    if e.mistake:
        return f"Find the line in your code that does this, change it, and run {check} again."
    lost = [f"“{line.group}”" for line in e.groups if line.status == FAILED]
    if len(lost) == len(e.groups):
        return (
            "Take the smallest example that you can work out on paper, with sizes that are all different, and compare "
            f"every number with what your function returns. Then run {check}."
        )
    where = " and ".join([", ".join(lost[:-1]), lost[-1]] if len(lost) > 1 else lost)
    return (
        f"You lost points in {where}; the rest works. If {check} passes in your notebook, invent cases of your own for "
        "what is named there: other sizes, all of them different, and the extremes."
    )
