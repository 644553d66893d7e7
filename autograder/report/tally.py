"""Count what a class did."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from autograder.compare.verdict import NOT_IMPLEMENTED
from autograder.report.record import ExerciseRecord, Record

HALF = 0.5


@dataclass(frozen=True)
class ExerciseTally:
    """One exercise over the class.

    Attributes:
        name: the exercise.
        title: what students call it.
        max_points: points that could be earned.
        mean: mean points over all submissions that have the exercise.
        submissions: how many have it.
        full: how many have full points.
        not_implemented: how many did not write it.
        mistake: the mistake recognised most often, or "".
        mistaken: how often.
        unrecognised: how many failed a case in a way that no mistake of the exercise explains.
    """

    name: str
    title: str
    max_points: float
    mean: float
    submissions: int
    full: int
    not_implemented: int
    mistake: str
    mistaken: int
    unrecognised: int


@dataclass(frozen=True)
class MistakeTally:
    """One recognised mistake: where, what the hint said, and who made it."""

    exercise: str
    mistake: str
    hint: str
    students: tuple[str, ...]


def exercises(records: Sequence[Record]) -> list[ExerciseTally]:
    """Return every exercise, in the order of the assignment."""
    found: dict[str, list[ExerciseRecord]] = defaultdict(list)
    for record in records:
        for e in record.exercises:
            found[e.name].append(e)
    return [_tally(list_) for list_ in found.values()]


def _tally(all_: list[ExerciseRecord]) -> ExerciseTally:
    mistake, mistaken = min(Counter(e.mistake for e in all_ if e.mistake).items(), key=_often, default=("", 0))
    return ExerciseTally(
        name=all_[0].name,
        title=all_[0].title,
        max_points=all_[0].max_points,
        mean=fmean(e.points for e in all_),
        submissions=len(all_),
        full=sum(e.points >= e.max_points for e in all_),
        not_implemented=sum(e.reason == NOT_IMPLEMENTED for e in all_),
        mistake=mistake,
        mistaken=mistaken,
        unrecognised=sum(e.points < e.max_points and not e.mistake and not e.reason for e in all_),
    )


def _often(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def mistakes(records: Sequence[Record]) -> list[MistakeTally]:
    """Return every recognised mistake, the most frequent first."""
    who: dict[tuple[str, str], list[str]] = defaultdict(list)
    hints: dict[tuple[str, str], str] = {}
    for record in records:
        for e in record.exercises:
            if e.mistake:
                who[e.name, e.mistake].append(record.student)
                hints[e.name, e.mistake] = e.hint
    tallies = [MistakeTally(*key, hints[key], tuple(sorted(students))) for key, students in who.items()]
    return sorted(tallies, key=lambda t: (-len(t.students), t.exercise, t.mistake))


def not_judged(record: Record) -> list[ExerciseRecord]:
    """Return the exercises that were written but gave no answer: stopped, undefined, unreadable."""
    return [e for e in record.exercises if e.reason and e.reason != NOT_IMPLEMENTED]


def need_help(records: Sequence[Record]) -> list[tuple[Record, str]]:
    """Return who has less than half of the points or half of the exercises not implemented, the lowest first."""
    found = []
    for record in records:
        open_ = sum(e.reason == NOT_IMPLEMENTED for e in record.exercises)
        why = []
        if record.points < HALF * record.max_points:
            why.append("less than half of the points")
        if open_ and open_ >= HALF * len(record.exercises):
            why.append(f"{open_} of {len(record.exercises)} exercises not implemented")
        if why:
            found.append((record, ", ".join(why)))
    return sorted(found, key=lambda f: (f[0].points, f[0].student))
