"""Where the wrong entries of an array lie: in one row, in the border, above the diagonal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np


def places(wrong: np.ndarray, zero: np.ndarray) -> Iterator[str]:
    """Yield every simple statement that is true of where entries are wrong, the most specific first.

    Args:
        wrong: marks the wrong entries.
        zero: marks the entries that are zero in the wrong answer.
    """
    if wrong.size < 2:
        return
    of_zeros = ", where yours is zero" if zero[wrong].all() else ""
    subject = "the wrong entry is" if wrong.sum() == 1 else "all wrong entries are"
    for place in _places(wrong):
        if of_zeros:
            yield f"{subject} {place}{of_zeros}"
        yield f"{subject} {place}"
    if not wrong.all():
        yield from _right_places(wrong)
        if of_zeros:
            yield "yours is zero wherever it is wrong"


def _places(wrong: np.ndarray) -> Iterator[str]:
    if wrong.all():
        return
    if wrong.sum() == 1:
        yield from _single(wrong)
        return
    single = {a: lines[0] for a, lines in enumerate(_lines(wrong)) if wrong.shape[a] > 1 and len(lines) == 1}
    names = [_name(wrong, axis, index) for axis, index in single.items()]
    into = "in" if wrong.ndim == 2 else "at"
    if len(names) > 1:
        yield f"{into} {' and '.join(names)}"
    yield from (f"{into} {name}" for name in names)
    for axis, lines in enumerate(_lines(wrong)):
        if wrong.shape[axis] > 2 and lines == [0, wrong.shape[axis] - 1]:
            yield f"{into} {_both_ends(wrong, axis)}"
    yield from _in_planes(wrong)


def _single(wrong: np.ndarray) -> Iterator[str]:
    if wrong.flat[0]:
        yield "at the first index of every axis" if wrong.ndim > 1 else "at the first index"
    if wrong.flat[-1]:
        yield "at the last index of every axis" if wrong.ndim > 1 else "at the last index"


def _in_planes(wrong: np.ndarray) -> Iterator[str]:
    """Look at the plane of the last two axes, in which images and attention scores lie."""
    if wrong.ndim < 2 or min(wrong.shape[-2:]) < 3:
        return
    rows, columns = wrong.shape[-2:]
    of = "" if wrong.ndim == 2 else " of the last two axes"
    i, j = np.ogrid[:rows, :columns]
    for name, region in (("on", i == j), ("above", i < j), ("below", i > j)):
        if rows == columns and not wrong[..., ~region].any():
            yield f"{name} the diagonal{of}"
    thickest = (min(rows, columns) - 3) // 2  # more than a line must be left inside of a border that is no line
    for width in range(1, max(1, thickest) + 1):
        if not wrong[..., width : rows - width, width : columns - width].any():
            thick = "" if width == 1 else f", {width} entries wide"
            yield f"in the border{of} (first and last rows and columns{thick})"
            return


def _right_places(wrong: np.ndarray) -> Iterator[str]:
    for axis, size in enumerate(wrong.shape):
        right = [k for k, part in enumerate(np.moveaxis(wrong, axis, 0)) if not part.any()]
        if size > 2 and len(right) == 1 and 2 * wrong.sum() >= wrong.size * (size - 1) / size:
            yield f"only {_name(wrong, axis, right[0])} is right"


def _lines(wrong: np.ndarray) -> list[list[int]]:
    return [np.unique(where).tolist() for where in np.nonzero(wrong)]


def _name(wrong: np.ndarray, axis: int, index: int) -> str:
    of = {1: "entry", 2: ("row", "column")[axis % 2]}.get(wrong.ndim)
    if index not in (0, wrong.shape[axis] - 1):
        return f"{of} {index}" if of else f"index {index} of axis {axis}"
    end = "first" if index == 0 else "last"
    return f"the {end} {of}" if of else f"the {end} index of axis {axis}"


def _both_ends(wrong: np.ndarray, axis: int) -> str:
    of = {1: "entry", 2: ("row", "column")[axis % 2]}.get(wrong.ndim)
    return f"the first and the last {of}" if of else f"the first and the last index of axis {axis}"
