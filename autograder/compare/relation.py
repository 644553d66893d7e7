"""Two arrays of numbers, and how nearly something must hold between them to count as true."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

_EXACT = 2**50  # whole numbers up to here, and their sums, are exact in float64
_CLEAR = 20.0  # what explains the differences must be this much more exact than they are large
_ROUNDING = 16 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Relation:
    """A right and a wrong answer.

    Attributes:
        e: the expected numbers: float64, complex128, or Python's whole numbers where those are too short.
        g: the numbers that came, in the same dtype.
        tolerance: the largest absolute error of a right entry.
        gap: the largest difference between the two.
    """

    e: np.ndarray
    g: np.ndarray
    tolerance: float
    gap: float

    @classmethod
    def of(cls, expected: np.ndarray, got: np.ndarray, tolerance: float) -> Relation:
        """Bring both into a dtype in which nothing is lost; whole numbers have no tolerance."""
        whole = [a.astype(object) for a in (expected, got) if a.dtype.kind in "iuO"]
        dtype: Any = np.complex128 if "c" in (expected.dtype.kind, got.dtype.kind) else np.float64
        if any(np.any(abs(a) > _EXACT) for a in whole):
            dtype = object
        e, g = (np.atleast_1d(a.astype(dtype)) for a in (expected, got))
        gap = math.inf
        if e.shape == g.shape:
            errors = np.abs(g - e)[~((g == e) | ((g != g) & (e != e)))]
            gap = float(np.max(errors, initial=0)) if finite(errors).all() else math.inf
        return cls(e, g, 0.0 if expected.dtype.kind in "biuO" else float(tolerance), gap)

    def holds(self, a: np.ndarray, b: np.ndarray, slack: Any = None) -> bool:
        """Say whether a and b agree in every entry up to `slack`, and whether that says something."""
        slack = self.tolerance if slack is None else slack
        return bool(np.max(slack) * _CLEAR <= self.gap) and bool(np.all(near(a, b, slack)))

    def is_expected(self, changed: np.ndarray) -> bool:
        """Say whether the expected result, changed in some way, is what came."""
        return changed.shape == self.g.shape and self.holds(changed, self.g)

    def rounding(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Return how far a and b may be apart because both were computed."""
        if self.e.dtype == object:
            return np.zeros(np.shape(a))
        size = np.abs(a) + np.abs(b)
        return np.where(finite(size), _ROUNDING * size, 0.0)


def near(a: np.ndarray, b: np.ndarray, slack: Any) -> np.ndarray:
    """Mark where two arrays agree up to `slack`, an infinity or NaN with its like."""
    return np.asarray((np.abs(a - b) <= slack) | (a == b) | ((a != a) & (b != b)), bool)


def finite(array: np.ndarray) -> np.ndarray:
    """Mark the finite numbers, in Python's whole numbers too."""
    return np.asarray((array == array) & (np.abs(array) < math.inf), bool)
