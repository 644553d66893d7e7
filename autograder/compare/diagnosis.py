"""Which known mistake a student made: the one whose answers are the student's answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.compare.values import compare
from autograder.packs import Outcome, PackedExercise, leaves

RECOGNITION = 1e-6


def diagnose(exercise: PackedExercise, outcomes: Sequence[Outcome], passed: Sequence[bool]) -> tuple[str, str] | None:
    """Return (name, hint) of the mistake that explains the failures best, or None.

    A mistake explains a failing case if it gives the same wrong answer there; it is contradicted by a case where
    it fails and the student passes or answers something else. The most failures explained with the fewest
    contradictions wins; a mistake that is contradicted as often as it explains is not named, nor is one that has
    wrong values of its own but shares only a type of exception with the student.
    """
    best, best_score = None, (0, 0, 0)
    failing = {i for i, ok in enumerate(passed) if not ok}
    for m, mistake in enumerate(exercise.mistakes):
        differs = {i for i, c in enumerate(exercise.cases) if m in c.mistakes}
        explained = {i for i in differs & failing if recognises(exercise.cases[i].mistakes[m], outcomes[i])}
        contradicted = len(differs - explained)
        values = sum(1 for i in explained if outcomes[i].error is None)
        only_raises = all(exercise.cases[i].mistakes[m].error is not None for i in differs)
        score = (len(explained) - contradicted, values, len(explained))
        if explained and (values or only_raises) and score[0] > 0 and score > best_score:
            best, best_score = mistake, score
    return best


def recognises(known: Outcome, outcome: Outcome) -> bool:
    """Say whether an outcome is that of a known mistake."""
    if (known.error, known.changed, bool(known.shares)) != (
        outcome.error,
        outcome.changed,
        bool(outcome.shares),
    ):
        return False
    if known.error is not None:
        return True
    return compare(known.value, outcome.value, (), [_close(leaf) for leaf in leaves(known.value)]) is None


def _close(known: object) -> float:
    """Return how close an answer must be to a known wrong one, which packs keep in single precision."""
    if not isinstance(known, np.ndarray | float | np.floating):
        return 0.0
    return RECOGNITION * float(np.max(np.abs(known), initial=0.0, where=np.isfinite(known)))
