"""The comparison of what the driver "answer" took: a value with the right one, in words that do not give it away."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.compare.values import Difference
from autograder.drivers.answer import ANSWER, OPTIONS
from autograder.packs import Foreign, leaves
from autograder.packs.tree import type_name

_ROUNDING = 1e-9
_NEARLY = 100.0

Same = Callable[[Any, Any], bool]


def is_answer_record(value: Any) -> bool:
    """Say whether an answer is what the driver "answer" returns."""
    return isinstance(value, dict) and set(value) == {ANSWER, OPTIONS}


def exactly(
    call: Callable[[dict[str, Any]], Any], arguments: dict[str, Any], _: float
) -> tuple[dict[str, Any], list[float]]:
    """Return the right answer as it is; it has no tolerances beside those of its options."""
    expected = call(arguments)
    return expected, [0.0] * len(leaves(expected))


def compare_answer(
    expected: dict[str, Any], got: Any, _: Sequence[str] = (), __: Sequence[float] = ()
) -> Difference | None:
    """Return what is wrong with an answer; how many parts are, not which value is right."""
    if not is_answer_record(got):
        return Difference("type", "nothing came back that could be judged")
    right, mine, options = _listed(expected[ANSWER]), _listed(got[ANSWER]), expected[OPTIONS]

    def same(a: Any, b: Any) -> bool:
        return _same(a, b, options.get("close"), options.get("fold", False))

    if isinstance(right, list) and isinstance(mine, list):
        return _compare_rows(right, mine, same, unordered=options.get("unordered", False))
    if isinstance(right, dict) and isinstance(mine, dict):
        return _compare_entries(right, mine, same)
    if same(right, mine):
        return None
    if _kind(right) != _kind(mine):
        given = mine.type_name if isinstance(mine, Foreign) else type_name(got[ANSWER])
        return Difference("type", f"the answer should be {_kind(right)} and is of type {given}")
    return Difference("value", _wrong(right, mine, options))


def is_same_answer(known: dict[str, Any], got: Any) -> bool:
    """Say whether an answer is that of a known mistake."""
    return compare_answer(known, got) is None


def _wrong(right: Any, mine: Any, options: dict[str, Any]) -> str:
    if isinstance(right, str):
        looser = _same(right, mine, None, True)
        return f"the text is {'right but for capitals or white space' if looser else 'not the right one'}"
    close = options.get("close")
    if close and isinstance(right, float) and _off(right, mine) <= _NEARLY * close:
        return f"the number is nearly right, but farther off than the {close:g} that are allowed"
    return "the number is not the right one"


def _compare_rows(right: list[Any], mine: list[Any], same: Same, *, unordered: bool) -> Difference | None:
    matched = _matches(right, mine, same)
    left, over = len(right) - matched, len(mine) - matched
    if left == over == 0:
        in_order = all(map(same, right, mine))
        return None if unordered or in_order else Difference("value", f"the right {_rows(right)} in another order")
    if not unordered and len(right) == len(mine):
        left = over = sum(not same(a, b) for a, b in zip(right, mine, strict=True))
    wrong = min(left, over)
    number = f"the right number of {_rows(right)}" if left == over else ""
    missing = _count(left - wrong, right, "missing") if left > over else ""
    surplus = _count(over - wrong, right, "too many") if over > left else ""
    parts = [part for part in (number, missing, surplus, _count(wrong, right, "wrong") if wrong else "") if part]
    return Difference("value", " and ".join(parts) if not number else ", but ".join(parts))


def _compare_entries(right: dict[str, Any], mine: dict[str, Any], same: Same) -> Difference | None:
    missing, surplus = len(set(right) - set(mine)), len(set(mine) - set(right))
    if missing or surplus:
        return Difference("value", f"of its keys, {missing} are missing and {surplus} are not asked for")
    wrong = [key for key, value in right.items() if not same(value, mine[key])]
    if not wrong:
        return None
    more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    return Difference("value", f"the entry {wrong[0]!r}{more} {'are' if more else 'is'} wrong")


def _matches(right: list[Any], mine: list[Any], same: Same) -> int:
    """Return how many pairs of equal rows there are at most (augmenting paths: equality may be only close)."""
    partner: dict[int, int] = {}
    equal = [[j for j, b in enumerate(mine) if same(a, b)] for a in right]

    def place(i: int, tried: set[int]) -> bool:
        for j in equal[i]:
            if j in tried:
                continue
            tried.add(j)
            if j not in partner or place(partner[j], tried):
                partner[j] = i
                return True
        return False

    return sum(place(i, set()) for i in range(len(right)))


def _same(right: Any, mine: Any, close: float | None, fold: bool) -> bool:
    a: Any = _listed(right)
    b: Any = _listed(mine)
    if isinstance(a, list):
        return (
            isinstance(b, list)
            and len(a) == len(b)
            and all(_same(x, y, close, fold) for x, y in zip(a, b, strict=True))
        )
    if isinstance(a, dict):
        return isinstance(b, dict) and set(a) == set(b) and all(_same(a[k], b[k], close, fold) for k in a)
    if isinstance(a, str) and isinstance(b, str):
        return " ".join(a.split()).casefold() == " ".join(b.split()).casefold() if fold else a == b
    if _is_number(a) and _is_number(b):
        return _same_number(a, b, close)
    return type(a) is type(b) and bool(a == b)


def _same_number(a: Any, b: Any, close: float | None) -> bool:
    allowed = 0.0 if isinstance(a, int) else _ROUNDING * abs(a) if close is None else close * (1 + _ROUNDING)
    return bool(a == b) or _off(a, b) <= allowed


def _listed(value: Any) -> Any:
    """Return lists for tuples and arrays, Python's numbers for NumPy's: how it is written does not matter."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value


def _off(a: float, b: float) -> float:
    """Return the absolute error; infinity where it is no number, or larger than any."""
    try:
        error = abs(float(a) - float(b))
    except OverflowError:
        return math.inf
    return error if error == error else math.inf


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(value: Any) -> str:
    names = {list: "a list", dict: "a dict", str: "a text", bool: "True or False"}
    return "a number" if _is_number(value) else names.get(type(value), type_name(value))


def _rows(right: list[Any]) -> str:
    return "rows" if right and isinstance(right[0], list | tuple | dict) else "entries"


def _count(number: int, right: list[Any], what: str) -> str:
    noun = _rows(right)
    singular = "row" if noun == "rows" else "entry"
    return f"{number} {singular} is {what}" if number == 1 else f"{number} {noun} are {what}"
