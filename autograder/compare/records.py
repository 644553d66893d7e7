"""What drivers record instead of a bare result: how it is compared, recognised, and what is expected of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograder.compare.answers import compare_answer, exactly, is_answer_record, is_same_answer
from autograder.compare.bounds import compare_network, is_network_record, is_same_network, within_bounds
from autograder.compare.sampled import by_spread, compare_sampled, is_same_sampling, is_sampling_record
from autograder.compare.values import Difference

ERROR_RATE = 1e-6  # of a right solution, in a whole exercise, where its verdict is a matter of chance

Expectation = Callable[[Callable[[dict[str, Any]], Any], dict[str, Any], float], tuple[Any, list[float]]]

EXPECTATIONS: Mapping[str, Expectation] = {"sampling": by_spread, "network": within_bounds, "answer": exactly}


def comparison_of(expected: Any) -> Callable[..., Difference | None] | None:
    """Return how a record is compared, None for a result that is compared as it is."""
    if is_sampling_record(expected):
        return compare_sampled
    if is_network_record(expected):
        return compare_network
    return compare_answer if is_answer_record(expected) else None


def is_same_record(known: Any, got: Any, tolerances: Sequence[float]) -> bool | None:
    """Say whether a record is that of a known mistake; None if it is no record."""
    if is_sampling_record(known):
        return is_same_sampling(known, got, tolerances)
    if is_network_record(known):
        return is_same_network(known, got)
    return is_same_answer(known, got) if is_answer_record(known) else None
