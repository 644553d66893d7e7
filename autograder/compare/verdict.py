"""Verdicts: on a case, on a group, on an exercise."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.compare.diagnosis import diagnose
from autograder.compare.modules import compare_module, is_module_record
from autograder.compare.patterns import comparable, describe_all
from autograder.compare.records import comparison_of
from autograder.compare.sequences import compare_sequence, is_sequence_record
from autograder.compare.values import Difference, compare
from autograder.drivers.unfit import Unfit, spoken
from autograder.packs import Outcome, PackedCase, PackedExercise

NOT_IMPLEMENTED = "not implemented yet"


@dataclass(frozen=True)
class CaseVerdict:
    """Whether a case passed, and if not, why."""

    case: PackedCase
    outcome: Outcome
    failure: Difference | None

    @property
    def passed(self) -> bool:
        """True if nothing was wrong."""
        return self.failure is None


@dataclass(frozen=True)
class GroupVerdict:
    """Points of one group: all of them if every case passed, else none."""

    name: str
    max_points: float
    cases: tuple[CaseVerdict, ...]

    @property
    def passed(self) -> bool:
        """True if every case of the group passed."""
        return bool(self.cases) and all(c.passed for c in self.cases)

    @property
    def points(self) -> float:
        """The points earned."""
        return self.max_points if self.passed else 0.0


@dataclass(frozen=True)
class ExerciseVerdict:
    """Everything a report needs: groups, the mistake that was recognised, a reason where nothing was run."""

    exercise: PackedExercise
    groups: tuple[GroupVerdict, ...]
    mistake: tuple[str, str] | None = None
    reason: str = field(default="")

    @property
    def points(self) -> float:
        """The points earned."""
        return sum(g.points for g in self.groups)

    @property
    def passed(self) -> bool:
        """True if every group passed."""
        return all(g.passed for g in self.groups)

    @property
    def cases(self) -> tuple[CaseVerdict, ...]:
        """The cases of all groups."""
        return tuple(c for g in self.groups for c in g.cases)

    @property
    def first_failure(self) -> CaseVerdict | None:
        """The first case that failed."""
        return next((c for c in self.cases if not c.passed), None)


def judge_case(case: PackedCase, outcome: Outcome) -> CaseVerdict:
    """Judge one outcome against the case's right answer."""
    return CaseVerdict(case, outcome, _failure(case, outcome))


def _failure(case: PackedCase, outcome: Outcome) -> Difference | None:
    if outcome.error == "NotImplementedError":
        return Difference("missing", NOT_IMPLEMENTED)
    unfit = spoken(outcome.message, case.arguments) if outcome.error == Unfit.__name__ else None
    if unfit:
        return Difference("error", *unfit)
    if outcome.error == "OffLimits" or (outcome.error is not None and case.raises not in outcome.kinds):
        text = outcome.message if outcome.error == "OffLimits" else f"it raised {outcome.error}{_about_a_name(outcome)}"
        detail = "" if outcome.error == "OffLimits" else f"{outcome.error}: {outcome.message}"
        return Difference("error", text, " in ".join(part for part in (detail, outcome.where) if part))
    if case.raises is not None and outcome.error is None:
        return Difference("error", f"it should raise {case.raises} here and returned a value")
    if outcome.changed:
        names = " and ".join(outcome.changed)
        return Difference(
            "input", f"it changed its {'inputs' if names == 'inputs' else f'input {names}'}: work on a copy"
        )
    if outcome.error is not None:
        return None
    found = _comparison(case.expected)(case.expected, outcome.value, case.dtypes, case.tolerances)
    if found is None and outcome.shares:
        return Difference(
            "input",
            f"its result shares memory with {' and '.join(outcome.shares)}: whoever writes into one changes the "
            "other; return a new array",
        )
    return found


def _comparison(expected: Any) -> Callable[..., Difference | None]:
    own = comparison_of(expected)
    if own is not None:
        return own
    if is_module_record(expected):
        return compare_module
    return compare_sequence if is_sequence_record(expected) else compare


def _about_a_name(outcome: Outcome) -> str:
    """Return the message of a NameError: a name in the student's code is no secret of the case."""
    message = re.fullmatch(r"name '[A-Za-z_]{1,40}' is not defined", outcome.message)
    return f": {message[0]}" if outcome.error == "NameError" and message else ""


def judge(exercise: PackedExercise, outcomes: Sequence[Outcome]) -> ExerciseVerdict:
    """Judge the outcomes of all cases of an exercise."""
    if len(outcomes) != len(exercise.cases):
        return no_answer(exercise, f"{len(outcomes)} answers came back for {len(exercise.cases)} cases")
    verdicts = _explained([judge_case(c, o) for c, o in zip(exercise.cases, outcomes, strict=True)], exercise)
    groups = tuple(
        GroupVerdict(name, points, tuple(v for v in verdicts if v.case.group == name))
        for name, points in exercise.points.items()
    )
    if all(v.failure is not None and v.failure.kind == "missing" for v in verdicts):
        return ExerciseVerdict(exercise, groups, reason=NOT_IMPLEMENTED)
    return ExerciseVerdict(exercise, groups, diagnose(exercise, outcomes, [v.passed for v in verdicts]))


def _explained(verdicts: list[CaseVerdict], exercise: PackedExercise) -> list[CaseVerdict]:
    """Say at the first wrong value that a report shows what it has to do with the right one."""
    order = {group: i for i, group in enumerate(exercise.points)}
    wrong = [i for i, v in enumerate(verdicts) if v.failure and v.failure.parts and comparable(*v.failure.parts[:2])]
    wrong.sort(key=lambda i: order.get(verdicts[i].case.group, len(order)))
    if not wrong:
        return verdicts
    same_subject = [verdicts[i].failure for i in wrong if verdicts[i].case.subject == verdicts[wrong[0]].case.subject]
    pattern = describe_all([f.parts for f in same_subject if f and f.parts])
    first = verdicts[wrong[0]]
    if pattern and first.failure:
        text = f"{first.failure.text}{'; ' if ': ' in first.failure.text else ': '}{pattern}"
        verdicts[wrong[0]] = replace(first, failure=replace(first.failure, text=text))
    return verdicts


def no_answer(exercise: PackedExercise, reason: str) -> ExerciseVerdict:
    """Return the verdict on an exercise that could not be run, with the stated reason."""
    return ExerciseVerdict(
        exercise,
        tuple(GroupVerdict(name, points, ()) for name, points in exercise.points.items()),
        reason=reason,
    )
