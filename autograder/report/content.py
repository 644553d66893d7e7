"""What a report says, before it is dressed for a notebook, a terminal or a feedback page."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.compare.verdict import NOT_IMPLEMENTED, CaseVerdict, ExerciseVerdict, GroupVerdict
from autograder.report.discreet import discreet
from autograder.spec.exercise import TOGETHER

PASSED, FAILED, NOT_RUN = "passed", "failed", "not run"
REMAINS = "These are the public cases. Your submission is graded on hidden ones: the same groups, other numbers."
_LONGEST = 400


@dataclass(frozen=True)
class Line:
    """One group of cases in one line."""

    group: str
    status: str
    passed: int
    total: int
    points: float
    max_points: float


@dataclass(frozen=True)
class Content:
    """The sentences of a report.

    Attributes:
        headline: what happened, in one sentence.
        lines: one for each group of points.
        problem: the first failure: which case, and what is wrong.
        detail: the same with the case's numbers; empty where cases are hidden.
        printed: what the function printed in that case; empty where cases are hidden.
        mistake: the name of the recognised mistake.
        hint: the hint that belongs to it.
        failure: the failing case, for a picture; None where cases are hidden.
        footer: what else to know.
    """

    headline: str
    lines: tuple[Line, ...]
    problem: str = ""
    detail: str = ""
    printed: str = ""
    mistake: str = ""
    hint: str = ""
    failure: CaseVerdict | None = None
    footer: str = ""


def content(verdict: ExerciseVerdict, *, hidden: bool) -> Content:
    """Return what to say about a verdict; with `hidden`, nothing of the cases' data."""
    lines = tuple(_line(g, run=not verdict.reason) for g in verdict.groups)
    title = verdict.exercise.title
    footer = "" if hidden else REMAINS
    if verdict.reason:
        advice = f'Write the function and run this cell again; hint("{verdict.exercise.name}") helps.'
        said = f"{title}: {sentence(verdict.reason)}"
        return Content(f"{said} {advice}" if verdict.reason == NOT_IMPLEMENTED and not hidden else said, lines)
    failed = verdict.first_failure
    if failed is None or failed.failure is None:
        return Content(f"{title}: all {len(verdict.cases)} cases pass.", lines, footer=footer)
    bad = sum(not c.passed for c in verdict.cases)
    mistake, hint = verdict.mistake or ("", "")
    where = f"in the group “{failed.case.group}”" if hidden else f"“{failed.case.title}”"
    call = f"{failed.case.subject}: " if len(verdict.exercise.subjects) > 1 else ""
    return Content(
        headline=f"{title}: {len(verdict.cases) - bad} of {len(verdict.cases)} cases pass.",
        lines=lines,
        problem=f"First failing case {where}: {call}{sentence(discreet(failed) if hidden else failed.failure.text)}",
        detail="" if hidden else failed.failure.detail.strip(),
        printed="" if hidden else failed.outcome.printed.strip("\n"),
        mistake=mistake,
        hint=hint,
        failure=None if hidden else failed,
        footer=footer,
    )


def looks_like(mistake: str) -> str:
    """Return the words that introduce a recognised mistake, or two."""
    return f"This looks like {mistake}" if mistake.startswith(TOGETHER) else f"This looks like: {mistake}"


def points(number: float) -> str:
    """Return points without a needless fraction: 3, 2.5."""
    return f"{number:g}"


def cases(line: Line) -> str:
    """Return how many of a group's cases passed: "2 of 5 cases"."""
    return f"{line.passed} of {line.total} case{'' if line.total == 1 else 's'}" if line.total else "no cases"


def sentence(text: str) -> str:
    """Return a text of bearable length that ends as a sentence does."""
    short = text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + " …"
    return short if short.endswith((".", "?", "!", "…")) else short + "."


def _line(group: GroupVerdict, *, run: bool) -> Line:
    status = NOT_RUN if not (run and group.cases) else PASSED if group.passed else FAILED
    passed = sum(c.passed for c in group.cases)
    return Line(group.name, status, passed, len(group.cases), group.points, group.max_points)
