"""Mistakes that any exercise with a random generator must catch, made from its reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.drivers.sampling import SAMPLE, SAMPLING
from autograder.packs import PackedCase
from autograder.spec.exercise import Subject

Makers = dict[str, Callable[[Subject], Subject]]
_SLIGHTLY = 0.9


def sampling_mistakes(_: Subject, cases: Sequence[PackedCase]) -> Makers:
    """Return the standard mistakes that make sense for a function with these cases."""
    plan, arguments = cases[0].arguments[SAMPLING], cases[0].arguments
    name, kind = plan.get("argument", "rng"), plan.get("generator", "numpy")
    makers: Makers = {
        "draws from a generator of its own": lambda reference: _from_another(reference, name, _one(kind)),
        "draws from the same seed each time": lambda reference: _from_another(reference, name, lambda: _new(kind)),
    }
    first = next(iter(arguments))
    if isinstance(arguments[first], np.ndarray):
        makers["returns its first argument"] = lambda _: lambda **given: given[first] + 0
        if any(_is_batch(c, first) for c in cases):
            makers["uses one mask for every sample"] = lambda reference: _one_mask(reference, first)
    if any(isinstance(p := c.arguments.get("p"), float) and 0 < p < 1 for c in cases):
        makers |= {
            "does not scale by 1 / (1 − p)": lambda reference: _scaled(reference, lambda p: 1 - p),
            "scales by 1 / p": lambda reference: _scaled(reference, lambda p: (1 - p) / p if p else 1),
            "takes p for the probability of keeping": lambda reference: _with_p(reference, lambda p: 1 - p),
            "keeps a tenth fewer than it should": _keeps_fewer,
        }
    return makers


def _is_batch(c: PackedCase, first: str) -> bool:
    x = c.arguments[first]
    return isinstance(x, np.ndarray) and x.ndim > 1 and len(x) > 1 and c.expected[SAMPLE]["shape"] == list(x.shape)


def _new(kind: str) -> Any:
    if kind == "numpy":
        return np.random.default_rng(0)
    import torch

    return torch.Generator().manual_seed(0)


def _one(kind: str) -> Callable[[], Any]:
    generator = _new(kind)
    return lambda: generator


def _from_another(reference: Subject, name: str, generator: Callable[[], Any]) -> Subject:
    return lambda **given: reference(**{**given, name: generator()})


def _one_mask(reference: Subject, first: str) -> Subject:
    def wrong(**given: Any) -> Any:
        x, y = given[first], reference(**given)
        return y if y.shape != x.shape or x.ndim < 2 else x * (y[:1] / x[:1])

    return wrong


def _scaled(reference: Subject, factor: Callable[[float], float]) -> Subject:
    return lambda **given: reference(**given) * factor(given.get("p", 0.5))


def _with_p(reference: Subject, change: Callable[[float], float]) -> Subject:
    return lambda **given: reference(**{**given, "p": change(given.get("p", 0.5))})


def _keeps_fewer(reference: Subject) -> Subject:
    """Return what is scaled as it should be and only drops more."""

    def wrong(**given: Any) -> Any:
        return _with_p(reference, lambda p: 1 - _SLIGHTLY * (1 - p))(**given) * _SLIGHTLY

    return wrong
