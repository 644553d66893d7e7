"""What a wrong array has to do with the right one: flipped, off by a factor, wrong in one place only.

Every sentence is checked on all entries; none is guessed, and none holds a number of the arrays (a simple factor like
2 or √3 apart).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from autograder.compare.orders import in_another_order
from autograder.compare.places import places
from autograder.compare.relation import Relation, finite
from autograder.compare.values import differing

_LARGEST = 100_000  # entries; larger arrays are not looked at
_MOST_AXES = 5
_MOST_BITS = 500  # of a whole number: products of two still fit into a float
_LARGEST_SIMPLE = 4096

Compared = tuple[Any, Any, float]


def describe(expected: Any, got: Any, tolerance: float = 0.0) -> str:
    """Say in one sentence where or how a wrong answer differs; "" if nothing simple is true.

    Args:
        expected: the right answer, a number or an array.
        got: the wrong one, of the same shape or of the same sizes in another order.
        tolerance: the largest absolute error of a right entry.
    """
    return next(sentences(expected, got, tolerance), "")


def describe_all(cases: Iterable[Compared]) -> str:
    """Say what is true of the first of several wrong answers, with "in this case" if it is not true of all."""
    first, *others = list(cases) or [(None, None, 0.0)]
    telling = [c for c in others if np.size(c[0]) > 1 or np.size(first[0]) == 1]  # one number fits many patterns
    first, *others = [list(sentences(*c)) for c in (first, *telling)]
    shared = (s for s in first if all(s in other for other in others))
    return next(shared, f"in this case {first[0]}" if first else "")


def comparable(expected: Any, got: Any) -> bool:
    """Say whether two values are numbers, or arrays of numbers, of the same sizes in whatever order."""
    one, other = np.asarray(expected), np.asarray(got)
    few = 0 < one.size <= _LARGEST and one.ndim <= _MOST_AXES and sorted(one.shape) == sorted(other.shape)
    return few and _is_numeric(one) and _is_numeric(other) and (one.dtype.kind == "b") == (other.dtype.kind == "b")


def sentences(expected: Any, got: Any, tolerance: float = 0.0) -> Iterator[str]:
    """Yield every simple statement that is true of the differences, the most specific first."""
    if not comparable(expected, got):
        return
    e, g = np.asarray(expected), np.asarray(got)
    with np.errstate(all="ignore"):
        relation = Relation.of(e, g, tolerance)
        if e.shape != g.shape:
            yield from in_another_order(relation)
            return
        wrong = differing(e, g, tolerance)
        if not wrong.any():
            return
        if e.dtype.kind == "b":
            yield from _opposite(relation)
            yield from in_another_order(relation)
        else:
            yield from _by_a_number(relation)
            yield from in_another_order(relation)
            yield from _rounded(relation, g.dtype)
        yield from places(wrong, np.asarray(g == 0, bool))
        if e.dtype.kind != "b" and e.size > 1 and relation.holds(np.abs(relation.e), np.abs(relation.g)):
            yield "what is wrong has the right size and the wrong sign"


def _is_numeric(array: np.ndarray) -> bool:
    if array.dtype == object:
        return all(type(v) is int and v.bit_length() <= _MOST_BITS for v in array.flat)
    return array.dtype.kind in "biufc"


def _opposite(r: Relation) -> Iterator[str]:
    if r.e.size > 1 and r.is_expected(1 - r.e):
        yield "it is the opposite of the expected result everywhere"


def _by_a_number(r: Relation) -> Iterator[str]:
    if r.e.size > 1 and not np.any(r.g != 0):
        yield "it is zero everywhere"
    simple_factor, factor = _factor(r)
    simple_offset, offset = _offset(r)
    yield from (s for s in (simple_factor, simple_offset, factor, offset) if s)


def _factor(r: Relation) -> tuple[str, str]:
    """Return what is true of a common factor, first with its name and then without."""
    usable = np.flatnonzero(finite(r.e) & (r.e != 0))
    pivot = max(usable, key=lambda i: abs(r.e.flat[i]), default=None)
    if pivot is None or r.g.flat[pivot] == 0 or not finite(r.g).flat[pivot]:
        return "", ""
    top, bottom = r.g.flat[pivot], r.e.flat[pivot]
    ratio = top / bottom
    if r.e.dtype == object:  # whole numbers: cross products are exact
        holds = r.holds(top * r.e, bottom * r.g)
    else:
        a, b = ratio * r.e, r.g
        holds = r.holds(a, b, (1 + abs(ratio)) * r.tolerance + r.rounding(a, b))
    if not holds:
        return "", ""
    name = _name(ratio, max(1e-9, 4 * r.tolerance / float(abs(bottom)))) if np.isreal(ratio) else ""
    if len(usable) == 1 and name not in ("−1 times", "2 times", "1/2 of"):  # any number is a multiple of any other
        return "", ""
    if name == "−1 times":
        return "it is the expected result with its sign reversed", ""
    everywhere = "it is wrong everywhere by the same factor" if r.e.size > 1 else "it is wrong by a factor"
    alike = bool(np.all(np.abs(r.e.flat[usable]) == abs(bottom)))
    return f"{everywhere} (yours is {name} the expected)" if name else "", "" if alike else everywhere


def _name(ratio: Any, closeness: float) -> str:
    """Return how one speaks of a simple ratio, "" if it is none."""
    value = float(np.real(ratio))
    sign, size = ("−" if value < 0 else ""), abs(value)
    if not 1e-4 < size < 1e4:
        return ""
    for text, number in (
        ("{} times", size),
        ("1/{} of", 1 / size),
        ("√{} times", size**2),
        ("1/√{} of", size**-2),
    ):
        whole = round(number)
        if abs(number - whole) <= closeness * number and (2 - (value < 0)) <= whole <= _LARGEST_SIMPLE:
            return sign + text.format(whole)
    return ""


def _offset(r: Relation) -> tuple[str, str]:
    """Return what is true of a common difference, first with its name and then without."""
    both = np.flatnonzero(finite(r.e) & finite(r.g))
    if not both.size:
        return "", ""
    offset = r.g.flat[both[0]] - r.e.flat[both[0]]
    slack = 2 * r.tolerance + r.rounding(r.e.flat[both], r.g.flat[both]).max()
    if offset == 0 or not r.holds(r.e + offset, r.g, slack):
        return "", ""
    by_one = abs(offset * offset - 1) <= 4 * slack
    named = f"it is too {'large' if np.real(offset) > 0 else 'small'} by one" if by_one else ""
    if r.e.size == 1:  # of one number, this tells something only if it counts
        return named if r.e.flat[0] == np.real(r.e.flat[0]) // 1 else "", ""
    return f"{named} everywhere" if named else "", "it is wrong everywhere by the same amount" if both.size > 1 else ""


def _rounded(r: Relation, dtype: np.dtype) -> Iterator[str]:
    if r.e.dtype != np.float64 or dtype.kind != "f" or np.all(r.e == np.rint(r.e)):
        return
    for how, changed in (("rounded", np.rint(r.e)), ("cut off", np.trunc(r.e)), ("rounded down", np.floor(r.e))):
        if np.array_equal(changed, r.g, equal_nan=True):
            yield f"it is the expected result {how} to whole numbers"
    largest = float(np.max(np.abs(r.e), initial=0.0, where=finite(r.e)))
    for name, digits in (("float16", 3), ("float32", 7)):
        near = dtype.itemsize > np.dtype(name).itemsize and r.gap <= 16 * np.finfo(name).eps * largest
        if near and _is_held_in(r.g, np.dtype(name)):
            yield f"it is right to about {digits} digits: was it computed in {name}?"
            return
    if r.gap <= 1e-5 * largest and dtype == np.float64:
        digits = int(-math.log10(r.gap / largest))
        yield f"it is right to about {digits} digits: is a small constant another one, or was a part done in float32?"


def _is_held_in(array: np.ndarray, dtype: np.dtype) -> bool:
    """Say whether fractions need the digits of `dtype` and no more."""
    units = np.frexp(array)[0] * 2.0 ** (np.finfo(dtype).nmant - 2)  # of eight last places
    short = (units == np.rint(units)) | (array == np.rint(array))  # 0.5 and 3 need few digits in any dtype
    return bool(np.array_equal(array.astype(dtype), array, equal_nan=True)) and not short.all()
