"""The verdict on what the driver "network" measured: every bound holds. A message says what was measured."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from autograder.compare.values import Difference
from autograder.drivers.network import BOUNDS, MEASURED, RESPONDS
from autograder.packs import Foreign, leaves
from autograder.packs.tree import type_name

_RELATIONS: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
    "<": (operator.lt, "below"),
    "<=": (operator.le, "at most"),
    "==": (operator.eq, "exactly"),
    ">=": (operator.ge, "at least"),
    ">": (operator.gt, "above"),
}


def is_network_record(value: Any) -> bool:
    """Say whether an answer is what the driver "network" returns."""
    return isinstance(value, dict) and set(value) == {BOUNDS, MEASURED, RESPONDS}


def within_bounds(
    call: Callable[[dict[str, Any]], Any], arguments: dict[str, Any], _: float
) -> tuple[dict[str, Any], list[float]]:
    """Return what was measured of the reference.

    Raises:
        ValueError: if it breaks a bound itself.
    """
    expected = call(arguments)
    found = compare_network(expected, expected)
    if found:
        raise ValueError(found.text)
    return expected, [0.0] * len(leaves(expected))


def compare_network(
    expected: dict[str, Any], got: Any, _: Sequence[str] = (), __: Sequence[float] = ()
) -> Difference | None:
    """Return the first bound that does not hold."""
    if not is_network_record(got):
        return Difference("type", "nothing came back that could be judged")
    measured = got[MEASURED]
    if not isinstance(measured, dict):
        name = measured.type_name if isinstance(measured, Foreign) else type_name(measured)
        missing = ": is a `return` missing?" if measured is None else ""
        return Difference("type", f"what it makes is no nn.Module but of type {name}{missing}")
    for name, bound in _broken(expected[BOUNDS], measured):
        words = f"{_RELATIONS[bound[0]][1]} {_written(bound[1])}"
        value = measured.get(name)
        if not _is_measurement(value):
            return Difference("value", f"{_spoken(name)} cannot be measured: it should be {words}{_REASONS}")
        return Difference("value", f"{_spoken(name)} is {_written(value)}: it should be {words}")
    if got[RESPONDS] is not True:
        return Difference("value", "the output does not depend on the input")
    return None


def is_same_network(known: dict[str, Any], got: Any) -> bool:
    """Say whether a network breaks the same bounds as that of a known mistake."""
    if not is_network_record(got) or got[RESPONDS] is not known[RESPONDS]:
        return False
    one, other = known[MEASURED], got[MEASURED]
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return type(one) is type(other) and not isinstance(one, dict)
    return [n for n, _ in _broken(known[BOUNDS], one)] == [n for n, _ in _broken(known[BOUNDS], other)]


_LARGEST = 2**62
_REASONS = " (does the output keep the axes of space, and does the network see less than its whole input?)"


def _broken(bounds: dict[str, Any], measured: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, bound) for name, bound in bounds.items() if not _holds(measured.get(name), *bound)]


def _holds(value: Any, relation: str, bound: Any) -> bool:
    holds = _RELATIONS[relation][0]
    if not _is_measurement(value):
        return False
    try:
        if isinstance(bound, list | tuple):
            return isinstance(value, list) and bool(holds(value, list(bound)))
        return bool(all(holds(v, bound) for v in value) if isinstance(value, list) else holds(value, bound))
    except TypeError:
        return False


def _is_measurement(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(_is_number, value))
    return _is_number(value)


def _is_number(value: Any) -> bool:
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) < _LARGEST
    return isinstance(value, float) and math.isfinite(value)


def _spoken(name: str) -> str:
    plural = {"parameters": "the number of parameters", "macs": "the number of MACs for one sample"}
    return plural.get(name, f"the {name.replace('_', ' ')}" + (" error" if "shift" in name else ""))


def _written(value: Any) -> str:
    if isinstance(value, list | tuple):
        return " × ".join(map(_written, value))
    return f"{value:.2g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
