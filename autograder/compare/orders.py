"""The right numbers in the wrong order: transposed, flipped, rolled, shifted, shuffled, reshaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, permutations

import numpy as np

from autograder.compare.relation import Relation, near

_MOST_COMPARISONS = 2_000_000  # of slices along an axis, each with each


def in_another_order(r: Relation) -> Iterator[str]:
    """Yield every simple statement that is true of the order of the entries, the most specific first."""
    if _same_numbers(r):
        yield from _transposed(r)
        yield from _flipped(r)
        yield from _rolled(r)
    yield from _shifted(r)
    if _same_numbers(r):
        yield from _shuffled(r)
        yield from _reshaped(r)


def _same_numbers(r: Relation) -> bool:
    """Say whether the same numbers are in both, in whatever order."""
    if r.e.dtype == np.complex128:  # sorted by real part: a rounding there changes the order
        return True
    return r.holds(np.sort(r.e, axis=None), np.sort(r.g, axis=None))


def _transposed(r: Relation) -> Iterator[str]:
    for order in _orders(r.e.ndim):
        if r.is_expected(np.transpose(r.e, order)):
            yield f"it is the expected result {'transposed' if r.e.ndim == 2 else _exchange(order)}"


def _reshaped(r: Relation) -> Iterator[str]:
    for order in _orders(r.e.ndim):
        if r.e.shape == r.g.shape and r.is_expected(np.transpose(r.e, order).reshape(r.g.shape)):
            yield f"its entries lie in the order of the expected result {_exchange(order)}: reshape moves no axis"


def _orders(axes: int) -> list[tuple[int, ...]]:
    """Return the orders of axes, those that move few of them first."""
    return sorted(permutations(range(axes)), key=lambda order: sum(a != i for i, a in enumerate(order)))


def _exchange(order: tuple[int, ...]) -> str:
    moved = [i for i, a in enumerate(order) if a != i]
    return f"with axes {_listed(moved)} exchanged" if len(moved) == 2 else f"with its axes in the order {order}"


def _flipped(r: Relation) -> Iterator[str]:
    for count in range(1, r.e.ndim + 1):
        for axes in combinations(range(r.e.ndim), count):
            if r.is_expected(np.flip(r.e, axes)):
                along = f"{'axis' if count == 1 else 'axes'} {_listed(axes)}"
                yield f"it is the expected result {'in reverse order' if r.e.ndim == 1 else f'flipped along {along}'}"


def _steps(r: Relation) -> Iterator[tuple[np.ndarray, int, int, str]]:
    """Yield (the result rolled by one, axis, index at which a new entry comes in, description)."""
    for axis in range(r.e.ndim):
        for step, end in ((1, "end"), (-1, "beginning")):
            along = f"by one towards the {end}" + (f" of axis {axis}" if r.e.ndim > 1 else "")
            yield np.roll(r.e, step, axis), axis, 0 if step == 1 else -1, along


def _rolled(r: Relation) -> Iterator[str]:
    for rolled, axis, _, along in _steps(r):
        if r.e.shape[axis] > 2 and r.is_expected(rolled):
            yield f"it is the expected result rolled {along} (what leaves on one side comes back on the other)"


def _shifted(r: Relation) -> Iterator[str]:
    for rolled, axis, new, along in _steps(r):
        np.moveaxis(rolled, axis, 0)[new] = 0
        if r.e.shape == r.g.shape and np.any(rolled != 0) and r.is_expected(rolled):
            yield f"it is the expected result shifted {along}, with zeros moved in"


def _shuffled(r: Relation) -> Iterator[str]:
    for axis, size in enumerate(r.e.shape):
        if r.e.shape != r.g.shape or size < 3 or size * r.e.size > _MOST_COMPARISONS:
            continue
        theirs, yours = (np.moveaxis(a, axis, 0).reshape(size, -1) for a in (r.e, r.g))
        twins, matches = (
            np.array([near(t, among, r.tolerance).all(1).sum() for t in theirs]) for among in (theirs, yours)
        )
        if (matches == twins).all() and np.sum(1 / twins) > 2.5:  # two slices are flipped if they are exchanged
            slices = {1: "entries", 2: ("rows", "columns")[axis % 2]}.get(r.e.ndim, f"slices along axis {axis}")
            yield f"its {slices} are the expected ones in another order"


def _listed(numbers: Iterable[int]) -> str:
    *most, last = map(str, numbers)
    return f"{', '.join(most)} and {last}" if most else last
