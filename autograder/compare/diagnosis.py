"""Which known mistake a student made: the one whose answers are the student's answers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from autograder.compare.modules import compare_module, is_module_record
from autograder.compare.records import is_same_record
from autograder.compare.sequences import is_sequence_record
from autograder.compare.values import compare
from autograder.drivers.sequence import ALIKE
from autograder.packs import Outcome, PackedExercise, leaves

RECOGNITION = 1e-6


def diagnose(exercise: PackedExercise, outcomes: Sequence[Outcome], passed: Sequence[bool]) -> tuple[str, str] | None:
    """Return (name, hint) of the mistake that explains the failures best, or None.

    A mistake explains a failing case if it gives the same wrong answer there; it is contradicted by a case where
    it fails and the student passes or answers something else. The fewest cases win that it leaves unexplained or that
    contradict it; among equals, the most specific mistake: fewest failures left unexplained, then fewest cases in
    which it differs from the right answer. A mistake that is contradicted as often as it explains is not named, nor
    is one that has wrong values of its own but shares only a type of exception with the student.
    """
    best, best_score = None, (math.inf, 0, 0)
    failing = {i for i, ok in enumerate(passed) if not ok}
    for m, mistake in enumerate(exercise.mistakes):
        differs = {i for i, c in enumerate(exercise.cases) if m in c.mistakes}
        explained = {
            i
            for i in differs & failing
            for c in exercise.cases[i : i + 1]
            if recognises(c.mistakes[m], outcomes[i], c.tolerances)
        }
        contradicted = len(differs - explained)
        values = sum(1 for i in explained if outcomes[i].error is None)
        only_raises = all(exercise.cases[i].mistakes[m].error is not None for i in differs)
        unexplained = len(failing - explained)
        score = (unexplained + contradicted, unexplained, -values)
        if explained and (values or only_raises) and len(explained) > contradicted and score < best_score:
            best, best_score = mistake, score
    return best


def recognises(known: Outcome, outcome: Outcome, tolerances: Sequence[float] = ()) -> bool:
    """Say whether an outcome is that of a known mistake."""
    if (known.error, known.changed, bool(known.shares)) != (
        outcome.error,
        outcome.changed,
        bool(outcome.shares),
    ):
        return False
    if known.error is not None:
        return True
    recorded = is_same_record(known.value, outcome.value, tolerances)
    if recorded is not None:
        return recorded
    if is_sequence_record(known.value) and not known.value[ALIKE]:  # shared state: what it answers depends on the past
        return isinstance(outcome.value, dict) and outcome.value.get(ALIKE) is False
    comparison = compare_module if is_module_record(known.value) else compare
    return comparison(known.value, outcome.value, (), [_close(leaf) for leaf in leaves(known.value)]) is None


def _close(known: object) -> float:
    """Return how close an answer must be to a known wrong one, which packs keep in single precision."""
    if not isinstance(known, np.ndarray | float | np.floating):
        return 0.0
    return RECOGNITION * float(np.max(np.abs(known), initial=0.0, where=np.isfinite(known)))
