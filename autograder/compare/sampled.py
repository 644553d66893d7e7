"""The comparison of what the driver "sampling" recorded, and how far a right solution's statistics may lie.

Under the reference, every statistic is measured for `RUNS` independent seeds; their mean is the expected value and
their standard deviation s gives the tolerance

    MARGIN · t · s · √(1 + 1/RUNS)

with t the two-sided quantile of Student's t with RUNS − 1 degrees of freedom at the error rate ε / m. ε is what the
exercise allows for one case (`ERROR_RATE` for a right solution in the whole exercise, shared among its cases) and m
the number of single numbers that the case compares (Bonferroni). `MARGIN` is for tails that are not normal: by
Cornish and Fisher's expansion, z + (z² − 1)γ/6, it covers statistics with skewness γ up to 1/4, which a frequency
has when the rarer outcome is expected 16 times. A case whose statistic is plainly more skewed is refused: it needs
more calls.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np

from autograder.compare.values import Difference
from autograder.drivers.sampling import CALLS, CHANGES_SHAPE, HOLDS, MEASURED, SAMPLE, SAMPLING
from autograder.packs import Foreign, leaves
from autograder.packs.tree import type_name

RUNS = 100
MARGIN = 1.25
_SKEWED = 1.5
_ROUNDING = 2.0**-18  # of float32 means of many numbers; far below any spread that matters
_ALIKE = 1.5  # times the tolerance: two runs of one wrong solution both scatter


def is_sampling_record(value: Any) -> bool:
    """Say whether an answer is what the driver "sampling" returns."""
    return isinstance(value, dict) and set(value) == {SAMPLE, CALLS, HOLDS, MEASURED}


def by_spread(
    call: Callable[[dict[str, Any]], Any], arguments: dict[str, Any], error_rate: float
) -> tuple[dict[str, Any], list[float]]:
    """Return the expected record of a case and the tolerance of each of its leaves.

    Args:
        call: runs the reference on arguments.
        arguments: the arguments of the case.
        error_rate: the probability with which a right solution may fail this case.

    Raises:
        ValueError: if the reference breaks a relation, or a statistic needs more calls.
    """
    plan = arguments[SAMPLING]
    seeds = range(plan["seed"] + 1, plan["seed"] + 1 + RUNS)
    runs = [call({**arguments, SAMPLING: {**plan, "seed": seed}}) for seed in seeds]
    first = runs[0]
    for run in runs:
        broken = [sentence for sentence, holds in run[HOLDS].items() if not holds]
        if broken or run[SAMPLE] != first[SAMPLE] or not isinstance(run[SAMPLE], dict):
            raise ValueError(f"under some seed, the reference breaks: {(broken or ['its shape and dtype'])[0]}")
    values = {name: np.array([run[MEASURED][name] for run in runs]) for name in first[MEASURED]}
    for name, v in values.items():
        if v.dtype.kind != "f":
            raise ValueError(f"the {name} cannot be computed: the results lack that axis")
        _refuse_skewed(name, v)
    width = _quantile(error_rate / max(1, sum(v[0].size for v in values.values()))) * math.sqrt(1 + 1 / RUNS)
    allowed = [
        float(np.max(MARGIN * width * v.std(axis=0, ddof=1) + _ROUNDING * np.abs(v).max(axis=0)))
        for v in values.values()
    ]
    centre = {name: v.mean(axis=0) if v.ndim > 1 else float(v.mean()) for name, v in values.items()}
    expected = {**first, MEASURED: centre}
    return expected, [0.0] * (len(leaves(expected)) - len(allowed)) + allowed


def compare_sampled(
    expected: dict[str, Any], got: Any, _: Sequence[str] = (), tolerances: Sequence[float] = ()
) -> Difference | None:
    """Return the first difference: shape and dtype, then the relations, then the statistics."""
    if not is_sampling_record(got):
        return Difference("type", "nothing came back that could be judged")
    if got[SAMPLE] != expected[SAMPLE]:
        return _wrong_sample(expected[SAMPLE], got[SAMPLE])
    for sentence in expected[HOLDS]:
        if got[HOLDS].get(sentence) is not True:
            return Difference("value", f"this should hold and does not: {sentence}")
    for (name, value), tolerance in zip(expected[MEASURED].items(), _last(tolerances, expected), strict=True):
        found = _compare_statistic(name, value, got[MEASURED].get(name), tolerance, expected[CALLS])
        if found:
            return found
    return None


def is_same_sampling(known: dict[str, Any], got: Any, tolerances: Sequence[float]) -> bool:
    """Say whether a record is that of a known mistake."""
    if not is_sampling_record(got) or (known[SAMPLE], known[HOLDS]) != (got[SAMPLE], got[HOLDS]):
        return False
    if not isinstance(known[SAMPLE], dict):
        return True
    wide = [_ALIKE * t for t in tolerances]
    return compare_sampled({**known, HOLDS: {}}, got, (), wide) is None


def _last(tolerances: Sequence[float], expected: dict[str, Any]) -> list[float]:
    count = len(expected[MEASURED])
    return list(tolerances)[len(tolerances) - count :] if len(tolerances) >= count else [0.0] * count


def _compare_statistic(name: str, value: Any, got: Any, tolerance: float, calls: int) -> Difference | None:
    if not isinstance(got, float | np.floating | np.ndarray) or np.shape(got) != np.shape(value):
        return Difference("value", f"the {name} cannot be computed")
    if not np.isfinite(got).all():
        return Difference("finite", f"the {name} is not a finite number")
    error = np.subtract(got, value)
    if np.max(np.abs(error), initial=0.0) <= tolerance:
        return None
    worst = np.unravel_index(int(np.argmax(np.abs(error))), np.shape(error))
    place = f" at {tuple(int(i) for i in worst)}" if worst else ""
    way = "large" if error[worst] > 0 else "small"
    numbers = (float(np.asarray(value)[worst]), tolerance, calls, float(np.asarray(got)[worst]))
    return Difference(
        "value",
        f"the {name}{place} is too {way}",
        "expected {:.4g} ± {:.2g} over {} calls, yours is {:.4g}".format(*numbers),
    )


def _wrong_sample(expected: Any, got: Any) -> Difference:
    if got == CHANGES_SHAPE:
        return Difference("shape", f"the shape or dtype of the result {CHANGES_SHAPE}")
    if got is None:
        return Difference("type", "the result is None: is a `return` missing, or did you print instead?")
    if not isinstance(got, dict) or set(got) != set(expected):
        name = got.type_name if isinstance(got, Foreign) else type_name(got)
        return Difference("type", f"the result should be an array of numbers and is of type {name}")
    if got["shape"] != expected["shape"]:
        detail = f"expected shape {tuple(expected['shape'])}, yours is {tuple(got['shape'])}"
        return Difference("shape", "the result has the wrong shape", detail)
    return Difference(
        "dtype", f"the result should have dtype {expected['dtype']} and has another", f"yours is {got['dtype']}"
    )


def _refuse_skewed(name: str, values: np.ndarray) -> None:
    centred = values - values.mean(axis=0)
    spread = centred.std(axis=0)
    scaled = centred / np.where(spread > 1e-12 * (1 + np.abs(values).max()), spread, np.inf)
    if np.max(np.abs((scaled**3).mean(axis=0))) > _SKEWED:
        raise ValueError(f"the {name} is too skewed to be judged: make more calls")


def _quantile(error_rate: float) -> float:
    """Return Student's t for RUNS − 1 degrees of freedom (Cornish and Fisher's expansion in the normal quantile)."""
    z, n = NormalDist().inv_cdf(1 - error_rate / 2) if error_rate > 1e-15 else 8.0, RUNS - 1
    return z + (z**3 + z) / (4 * n) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
