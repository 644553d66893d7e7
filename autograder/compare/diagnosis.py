"""Which known mistake a student made: the one whose answers are the student's answers."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.compare.values import compare
from autograder.packs import Outcome, PackedCase, PackedExercise


def diagnose(exercise: PackedExercise, outcomes: Sequence[Outcome], passed: Sequence[bool]) -> tuple[str, str] | None:
    """Return (name, hint) of the mistake that explains the failures best, or None.

    A mistake explains a failing case if it gives the same wrong answer there; it is contradicted by a case where
    it fails and the student passes or answers something else. The most failures explained with the fewest
    contradictions wins; a mistake that is contradicted as often as it explains is not named.
    """
    best, best_score = None, (0, 0, 0)
    failing = {i for i, ok in enumerate(passed) if not ok}
    for m, mistake in enumerate(exercise.mistakes):
        differs = {i for i, c in enumerate(exercise.cases) if m in c.mistakes}
        explained = {i for i in differs & failing if _agree(exercise.cases[i], m, outcomes[i])}
        contradicted = len(differs - explained)
        values = sum(1 for i in explained if outcomes[i].error is None)
        score = (len(explained) - contradicted, values, len(explained))
        if explained and score[0] > 0 and score > best_score:
            best, best_score = mistake, score
    return best


def _agree(case: PackedCase, mistake: int, outcome: Outcome) -> bool:
    known = case.mistakes[mistake]
    if (known.error, known.changed, bool(known.shares)) != (
        outcome.error,
        outcome.changed,
        bool(outcome.shares),
    ):
        return False
    if known.error is not None:
        return True
    return compare(known.value, outcome.value, (), case.tolerances) is None
