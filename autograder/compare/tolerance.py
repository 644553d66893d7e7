"""How far a right answer may be from the reference's: derived from each case, not a constant.

A right answer that adds in another order differs by rounding. How much rounding can do to this case is measured:
every input entry is moved by a relative step ±s, and the largest response of the reference, scaled from s to
the unit roundoff u of the answer's dtype, is the effect of one rounding per input. A sum of K terms rounds K
times more, with random signs √K times; FFTs and normal equations cost a further small factor. `SAFETY` covers
these for the sizes that exercises use; an error by one part in a million is far outside for float64.

An entry that answers a step twice as long with the same change has jumped (a comparison, a floor, a label): that is
not rounding and gives no tolerance. Entries that are infinite or NaN have none either. Whole numbers are moved like
others, since what is computed from them rounds, unless the reference refuses that: then they are indices.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.drivers.layout import map_arrays
from autograder.packs import leaves

SAFETY = 64.0
_STEP = 2.0**-30
_TRIALS = 6
_JUMP = 1.25  # a smooth response grows 2 times with twice the step, that of a square root √2 times, a jump does not


def tolerances(call: Callable[[dict[str, Any]], Any], arguments: dict[str, Any], dtypes: list[str]) -> list[float]:
    """Return the absolute tolerance of each leaf of the reference's answer.

    Args:
        call: runs the reference on arguments, in float64.
        arguments: the arguments of the case.
        dtypes: the dtype of each leaf of the answer, "" where it is not an array.
    """
    try:
        base, response = _responses(call, arguments, "fciu")
        if len(base) != len(dtypes):  # a whole number that is moved may get a gradient
            raise ValueError("another answer")
    except Exception:
        base, response = _responses(call, arguments, "fc")
    return [_tolerance(b, r, dtype) for b, r, dtype in zip(base, response, dtypes, strict=True)]


def _responses(
    call: Callable[[dict[str, Any]], Any], arguments: dict[str, Any], kinds: str
) -> tuple[list[Any], list[float]]:
    """Return the leaves of the answer in float64, and how far each answers a step of arrays of these kinds."""
    rng = np.random.default_rng(0)
    base = leaves(call(map_arrays(arguments, lambda a: _precise(a, kinds))))
    response = [0.0] * len(base)
    for _ in range(_TRIALS):
        again = copy.deepcopy(rng)  # the same signs for both steps
        near = leaves(call(map_arrays(arguments, lambda a: _moved(a, kinds, _STEP, rng))))
        far = leaves(call(map_arrays(arguments, lambda a, same=again: _moved(a, kinds, 2 * _STEP, same))))
        response = [max(r, _response(*m)) for r, *m in zip(response, base, near, far, strict=True)]
    return base, response


def _response(base: Any, near: Any, far: Any) -> float:
    if not (_is_number(base) and np.shape(base) == np.shape(near) == np.shape(far)):
        return 0.0
    with np.errstate(invalid="ignore"):
        short, long = np.abs(np.subtract(near, base)), np.abs(np.subtract(far, base))
        smooth = np.isfinite(short) & (long > _JUMP * short)
    return float(np.max(short, initial=0.0, where=smooth))


def in_float64(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of the arguments with floating-point arrays in float64: the inputs of the float64 run."""
    return map_arrays(arguments, lambda a: _precise(a, "fc"))


def _tolerance(value: Any, response: float, dtype: str) -> float:
    if not _is_number(value):
        return 0.0
    kind = np.dtype(dtype or np.float64)
    roundoff = float(np.finfo(kind if kind.kind in "fc" else np.float64).eps) / 2
    largest = float(np.max(np.abs(value), initial=0.0, where=np.isfinite(value)))
    return SAFETY * roundoff * (response / _STEP + largest)


def _is_number(value: Any) -> bool:
    return isinstance(value, np.ndarray | float | np.floating) and np.asarray(value).dtype.kind in "fciu"


def _precise(array: np.ndarray, kinds: str) -> np.ndarray:
    if array.dtype.kind not in kinds:
        return array.copy()
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _moved(array: np.ndarray, kinds: str, step: float, rng: np.random.Generator) -> np.ndarray:
    exact = _precise(array, kinds)
    if array.dtype.kind not in kinds:
        return exact
    return np.asarray(exact * (1.0 + step * rng.choice([-1.0, 1.0], size=array.shape)))
