"""How far a right answer may be from the reference's: derived from each case, not a constant.

A right answer that adds in another order differs by rounding. How much rounding can do to this case is measured:
every input entry is moved by a relative step ±s, and the largest response of the reference, scaled from s to
the unit roundoff u of the answer's dtype, is the effect of one rounding per input. A sum of K terms rounds K
times more, with random signs √K times; FFTs and normal equations cost a further small factor. `SAFETY` covers
these for the sizes that exercises use; an error by one part in a million is far outside for float64.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.drivers.layout import map_arrays
from autograder.packs import leaves

SAFETY = 64.0
_STEP = 2.0**-30
_TRIALS = 6


def tolerances(call: Callable[[dict[str, Any]], Any], arguments: dict[str, Any], dtypes: list[str]) -> list[float]:
    """Return the absolute tolerance of each leaf of the reference's answer.

    Args:
        call: runs the reference on arguments, in float64.
        arguments: the arguments of the case.
        dtypes: the dtype of each leaf of the answer, "" where it is not an array.
    """
    rng = np.random.default_rng(0)
    base = leaves(call(map_arrays(arguments, _as_float64)))
    response = [0.0] * len(base)
    for _ in range(_TRIALS):
        moved = leaves(call(map_arrays(arguments, lambda a: _moved(a, rng))))
        for i, (b, m) in enumerate(zip(base, moved, strict=True)):
            if _is_real(b) and np.shape(b) == np.shape(m) and np.size(b):
                response[i] = max(response[i], float(np.max(np.abs(np.subtract(m, b)))))
    return [_tolerance(b, r, dtype) for b, r, dtype in zip(base, response, dtypes, strict=True)]


def in_float64(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments with floating-point arrays in float64: the inputs of the float64 run."""
    return map_arrays(arguments, lambda a: a.astype(np.float64) if a.dtype.kind == "f" else a)


def _tolerance(value: Any, response: float, dtype: str) -> float:
    if not _is_real(value) or not np.size(value):
        return 0.0
    kind = np.dtype(dtype or np.float64)
    roundoff = float(np.finfo(kind if kind.kind == "f" else np.float64).eps) / 2
    return SAFETY * roundoff * (response / _STEP + float(np.max(np.abs(value))))


def _is_real(value: Any) -> bool:
    is_number = isinstance(value, np.ndarray | float | np.floating)
    return is_number and np.asarray(value).dtype.kind in "fiu"


def _as_float64(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float64) if array.dtype.kind in "fiu" else array


def _moved(array: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if array.dtype.kind not in "fiu":
        return array
    return array * (1.0 + _STEP * rng.choice([-1.0, 1.0], size=array.shape))
