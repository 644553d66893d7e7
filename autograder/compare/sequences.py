"""The comparison of what the driver "sequence" recorded, call by call, in a student's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.compare.values import Difference, compare
from autograder.drivers.sequence import AFTERWARDS, ALIKE, OVERWRITTEN, RESULTS
from autograder.packs import leaves


def is_sequence_record(expected: Any) -> bool:
    """Say whether an answer is what the driver "sequence" returns."""
    return isinstance(expected, dict) and set(expected) == {RESULTS, OVERWRITTEN, ALIKE}


def compare_sequence(
    expected: dict[str, Any], got: Any, dtypes: Sequence[str], tolerances: Sequence[float]
) -> Difference | None:
    """Return the first difference; see `compare`. Where the reference returns None, any return value is right."""
    results = got.get(RESULTS) if isinstance(got, dict) else None
    if not isinstance(results, dict) or set(results) != set(expected[RESULTS]):
        return compare(expected, got, dtypes, tolerances)
    place = 0
    for call, result in expected[RESULTS].items():
        slots = slice(place, place + len(leaves(result)))
        place = slots.stop
        name = f"{AFTERWARDS}," if call == AFTERWARDS else call
        found = result is not None and compare(result, results[call], dtypes[slots], tolerances[slots], name=name)
        if found:
            return found
    overwritten = [call for call in leaves(got.get(OVERWRITTEN)) if isinstance(call, str) and call in expected[RESULTS]]
    if overwritten:
        return Difference("value", f"{overwritten[0]} is changed later: hand out a copy of what the object keeps")
    if got.get(ALIKE) is not True:
        why = "keep it in self, made anew in __init__, not in the class, a global or a default argument"
        return Difference("value", f"a second object, made alike, answers otherwise: its state is shared; {why}")
    return None
