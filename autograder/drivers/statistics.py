"""Statistics of many results of one random function: what a right solution shares with the reference.

`results` has the calls along its first axis; "per entry" keeps the entries of one result apart.
    mean, mean per entry; variance, variance per entry (over the calls);
    fraction of zeros, fraction of zeros per entry;
    variance of the fraction of zeros: over the calls; tells independent entries from a fixed number of zeros;
    correlation along axis K: of neighbours along axis K of a result (0 is the batch: a mask that it shares shows);
    correlation between calls: of successive calls with one generator (a mask that is kept shows);
    frequencies of K outcomes, frequencies of K outcomes per entry: of the whole numbers 0 … K − 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

_PLAIN: dict[str, Callable[[np.ndarray], Any]] = {
    "mean": lambda y: y.mean(),
    "mean per entry": lambda y: y.mean(axis=0),
    "variance": lambda y: y.var(axis=0).mean(),
    "variance per entry": lambda y: y.var(axis=0),
    "fraction of zeros": lambda y: (y == 0).mean(),
    "fraction of zeros per entry": lambda y: (y == 0).mean(axis=0),
    "variance of the fraction of zeros": lambda y: (y == 0).reshape(len(y), -1).mean(axis=1).var(),
    "correlation between calls": lambda y: _correlation(y, 0),
}
_CORRELATION = re.compile(r"correlation along axis (-?\d+)")
_FREQUENCIES = re.compile(r"frequencies of (\d+) outcomes( per entry)?")


def statistic(name: str, results: np.ndarray) -> Any:
    """Return one statistic as a float or an array, None where the results lack the axis.

    Raises:
        ValueError: if there is none of this name.
    """
    y = results.astype(np.float64)
    if name in _PLAIN:
        value = _PLAIN[name](y)
        return value if np.ndim(value) else float(value)
    if match := _CORRELATION.fullmatch(name):
        axis = int(match[1])
        return _correlation(y, axis if axis < 0 else axis + 1) if -y.ndim < axis < y.ndim - 1 else None
    if match := _FREQUENCIES.fullmatch(name):
        outcomes = np.arange(int(match[1]))
        return (y[..., None] == outcomes).mean(axis=0 if match[2] else tuple(range(y.ndim)))
    raise ValueError(f"sampling: there is no statistic {name!r}; there are {', '.join(_PLAIN)} and those with a number")


def _correlation(y: np.ndarray, axis: int) -> float:
    """Return the mean correlation of neighbours along an axis; results that never change are all alike: 1."""
    centred = y - y.mean(axis=0)
    spread = centred.std(axis=0)
    if not spread.any():
        return 1.0
    scaled = np.moveaxis(centred / np.where(spread > 0, spread, 1.0), axis, 0)
    return float((scaled[1:] * scaled[:-1]).mean() / (scaled * scaled).mean())
