"""The instructor's page on a whole class, and the same as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from autograder.compare.verdict import NOT_IMPLEMENTED
from autograder.report.content import points
from autograder.report.histogram import histogram
from autograder.report.page import count, fit, render
from autograder.report.record import Record
from autograder.report.tally import exercises, mistakes, need_help, not_judged


@dataclass(frozen=True)
class _Row:
    """One student in the table of all: a text for each exercise, "–" where it is not implemented."""

    student: str
    cells: tuple[str, ...]
    total: str
    remarks: str


def class_report(records: Sequence[Record], assignment: str, missing: Sequence[str] = ()) -> str:
    """Return a report on a class as one HTML file that needs nothing else.

    Args:
        records: one for each submission.
        assignment: nbgrader's assignment id.
        missing: students who submitted nothing.
    """
    records = sorted(records, key=lambda r: r.student)
    columns = exercises(records)
    names = [c.name for c in columns]
    totals = [r.points for r in records]
    return render(
        "class.html",
        assignment=assignment,
        figures=_figures(totals, records, missing),
        histogram=histogram([r.points / r.max_points if r.max_points else 0.0 for r in records]),
        exercises=columns,
        mistakes=mistakes(records),
        help=[(r, _share(r.points, r.max_points), why) for r, why in need_help(records)],
        not_judged=[(r, e) for r in records for e in not_judged(r)],
        repaired=[r for r in records if r.remarks],
        rows=[_row(r, names) for r in records],
        missing=sorted(missing),
    )


def class_csv(records: Sequence[Record]) -> str:
    """Return a table, one row a student: points for each exercise, total, maximum, remarks."""
    records = sorted(records, key=lambda r: r.student)
    names = [e.name for e in exercises(records)]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["student", "assignment", *names, "points", "max_points", "not_implemented", "remarks"])
    for r in records:
        earned = {e.name: points(e.points) for e in r.exercises}
        unwritten = sum(e.reason == NOT_IMPLEMENTED for e in r.exercises)
        remarks = [*r.remarks, *(f"{e.name}: {e.reason}" for e in not_judged(r))]
        writer.writerow(
            [
                _text(r.student),
                _text(r.assignment),
                *(earned.get(n, "") for n in names),
                points(r.points),
                points(r.max_points),
                unwritten,
                _text(" ".join(remarks)),
            ]
        )
    return file.getvalue()


def _text(value: str) -> str:
    """Return a text that a spreadsheet does not take for a formula."""
    value = fit(value)
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def _figures(totals: Sequence[float], records: Sequence[Record], missing: Sequence[str]) -> list[tuple[str, str]]:
    figures = [("submissions", str(len(records)))]
    if missing:
        figures.append(("not submitted", str(len(missing))))
    if totals:
        largest = max(r.max_points for r in records)
        figures += [
            ("mean points", f"{fmean(totals):.1f} of {points(largest)}"),
            ("median", points(round(median(totals), 2))),
            ("lowest", points(min(totals))),
            ("highest", points(max(totals))),
        ]
    return figures


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _row(record: Record, names: Sequence[str]) -> _Row:
    found = {e.name: e for e in record.exercises}
    cells = []
    for name in names:
        e = found.get(name)
        cells.append("" if e is None else "–" if e.reason == NOT_IMPLEMENTED else points(e.points))
    remarks = []
    if record.remarks:
        remarks.append(count(len(record.remarks), "remark"))
    if not_judged(record):
        remarks.append(f"{len(not_judged(record))} not judged")
    return _Row(
        record.student,
        tuple(cells),
        f"{points(record.points)} of {points(record.max_points)}",
        ", ".join(remarks),
    )
