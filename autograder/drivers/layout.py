"""Arguments as a case asks for them: fresh copies, contiguous or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

_GAP = 1e3  # what lies between the entries of a strided view: far from any value of a case


def fresh(value: Any, layout: str | None) -> Any:
    """Return a copy of `value` that shares nothing with it, its arrays laid out as asked."""
    return map_arrays(value, strided if layout == "non-contiguous" else np.array)


def strided(array: np.ndarray) -> np.ndarray:
    """Return equal values as a view with gaps between neighbours along the last axis."""
    if array.ndim == 0:
        return array.copy()
    wide = np.full((*array.shape[:-1], 2 * array.shape[-1]), _GAP).astype(array.dtype)
    view = wide[..., ::2]
    view[...] = array
    return view


def map_arrays(value: Any, function: Callable[[np.ndarray], Any]) -> Any:
    """Apply `function` to every array in plain data."""
    if isinstance(value, np.ndarray):
        return function(value)
    if isinstance(value, list | tuple):
        return type(value)(map_arrays(v, function) for v in value)
    if isinstance(value, dict):
        return {k: map_arrays(v, function) for k, v in value.items()}
    return value


def arrays_in(value: Any) -> list[np.ndarray]:
    """Return the arrays of plain data."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, list | tuple):
        return [array for v in value for array in arrays_in(v)]
    if isinstance(value, dict):
        return [array for v in value.values() for array in arrays_in(v)]
    return []


def same(a: Any, b: Any) -> bool:
    """Say whether two values are equal: type, dtype, shape and every entry, NaN equal to NaN."""
    if isinstance(a, np.ndarray):
        return (
            isinstance(b, np.ndarray)
            and a.dtype == b.dtype
            and a.shape == b.shape
            and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
        )
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return type(a) is type(b) and bool(a == b)
