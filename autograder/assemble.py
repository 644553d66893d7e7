"""From a spec to a pack: draw the cases, run the reference and the known mistakes on them once."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.compare.records import ERROR_RATE, EXPECTATIONS
from autograder.compare.tolerance import in_float64, tolerances
from autograder.compare.verdict import judge_case
from autograder.drivers.layout import fresh, map_arrays, same
from autograder.drivers.run import DRIVERS, complaint, run
from autograder.packs import HIDDEN, PUBLIC, Outcome, Pack, PackedCase, PackedExercise, leaves
from autograder.spec.case import Case
from autograder.spec.draw import HIDDEN_ROUNDS, PUBLIC_ROUNDS
from autograder.spec.exercise import Exercise, SpecError
from autograder.spec.place import at_its_place

SECONDS_PER_SOLUTION = 10.0


class TooSlow(BaseException):
    """A solution that did not end in time; no exception that a solution, or its driver, could catch by accident."""


def assemble(chapter: str, exercises: Sequence[Exercise], kind: str, seed: str) -> Pack:
    """Return the public or the hidden pack of a chapter."""
    rounds = {PUBLIC: PUBLIC_ROUNDS, HIDDEN: HIDDEN_ROUNDS}[kind]
    return Pack(chapter, kind, tuple(assemble_exercise(e, f"{kind}/{seed}", rounds) for e in exercises))


def assemble_exercise(exercise: Exercise, seed: str, rounds: int) -> PackedExercise:
    """Draw the cases of one exercise and write down the right answers and those of its mistakes."""
    with at_its_place(exercise):
        return _assemble_exercise(exercise, exercise.draw(seed, rounds))


def _assemble_exercise(exercise: Exercise, drawn: Sequence[Case]) -> PackedExercise:
    packed = PackedExercise(
        name=exercise.name,
        title=exercise.title,
        points=exercise.points,
        minutes=exercise.minutes,
        hints=exercise.hints,
        section=exercise.section,
        driver=exercise.driver,
        off_limits=exercise.off_limits,
        subjects=exercise.subjects,
        mistakes=tuple((m.name, m.hint) for m in exercise.mistakes),
        cases=tuple(_answer(exercise, c, ERROR_RATE / len(drawn)) for c in drawn),
    )
    wrong: list[dict[int, Outcome]] = [{} for _ in drawn]
    for m, mistake in enumerate(exercise.mistakes):
        for i, outcome in enumerate(run_in_time(packed, mistake.subjects)):
            if not judge_case(packed.cases[i], outcome).passed:
                wrong[i][m] = _to_recognise(outcome)
    cases = tuple(replace(c, mistakes=w) for c, w in zip(packed.cases, wrong, strict=True))
    return replace(packed, cases=cases)


def _to_recognise(outcome: Outcome) -> Outcome:
    """Keep of a wrong answer what is needed to recognise it: single precision is enough."""
    value = map_arrays(outcome.value, lambda a: a.astype(np.float32) if a.dtype == np.float64 else a)
    return replace(outcome, value=value, kinds=(), message="", where="", printed="")


def run_in_time(exercise: PackedExercise, subjects: Mapping[str, Any]) -> list[Outcome]:
    """Run a solution on all cases; one that does not end gives `TooSlow` outcomes. Forbidden calls are allowed."""
    try:
        with time_limit(SECONDS_PER_SOLUTION):
            return run(replace(exercise, off_limits=()), subjects)
    except TooSlow:
        return [Outcome(error="TooSlow") for _ in exercise.cases]


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TooSlow` in the main thread after `seconds` of wall-clock time."""

    def stop(*_: Any) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    # again and again: an exception raised inside a finaliser or a callback is lost
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _answer(exercise: Exercise, c: Case, error_rate: float) -> PackedCase:
    name = c.subject or exercise.subjects[0]
    if exercise.driver not in DRIVERS:
        raise SpecError(f"{exercise.name}: driver {exercise.driver!r} is not one of {sorted(DRIVERS)}")
    reference, call = exercise.reference[name], DRIVERS[exercise.driver]
    case = PackedCase(c.title, c.group, name, c.arguments, c.layout, c.raises.__name__ if c.raises else None)
    where = f"{exercise.name}, case {c.title!r}"
    try:
        given = fresh(c.arguments, None)
        actual, precise = call(reference, given), call(reference, in_float64(c.arguments))
    except Exception as error:
        if c.raises is not None and type(error) is c.raises:
            return case
        expected = f"expected {c.raises.__name__}" if c.raises else "if that is the right answer, say raises=..."
        raise SpecError(f"{where}: the reference raises {type(error).__name__}: {error} ({expected})") from error
    if c.raises is not None:
        raise SpecError(f"{where}: the reference should raise {c.raises.__name__} and returns a value")
    if not same(given, c.arguments):
        raise SpecError(f"{where}: the reference changes its arguments")
    unsound = complaint(exercise.driver, precise)
    if unsound:
        raise SpecError(f"{where}: {unsound}")
    dtypes = [_dtype(leaf) for leaf in leaves(actual)]
    if exercise.driver in EXPECTATIONS:
        expect = EXPECTATIONS[exercise.driver]
        try:
            record, allowed = expect(lambda arguments: call(reference, arguments), c.arguments, error_rate)
        except ValueError as error:
            raise SpecError(f"{where}: {error}") from error
        return replace(case, expected=record, dtypes=tuple(dtypes), tolerances=tuple(allowed))
    try:
        allowed = tolerances(lambda arguments: call(reference, arguments), c.arguments, dtypes)
    except Exception as error:
        raise SpecError(f"{where}: the reference raises {type(error).__name__} on numbers close by: {error}") from error
    return replace(case, expected=precise, dtypes=tuple(dtypes), tolerances=tuple(allowed))


def _dtype(leaf: Any) -> str:
    """Return what an answer is held to; a single number counts as Python's float if it is float64."""
    if isinstance(leaf, np.ndarray) or (isinstance(leaf, np.floating) and leaf.dtype != np.float64):
        return leaf.dtype.name
    return ""
