"""Mistakes that any question must catch, made from its right answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.packs import PackedCase
from autograder.spec.exercise import Subject

Makers = dict[str, Callable[[Subject], Subject]]


def answer_mistakes(reference: Subject, _: Sequence[PackedCase]) -> Makers:
    """Return the standard mistakes that are not the right answer by accident."""
    right = reference()
    made = {"answers with nothing": type(right)() if isinstance(right, list | tuple | dict | str) else 0}
    if isinstance(right, list | tuple) and right:
        made |= {
            "gives the first entry only": right[:1],
            "leaves out the last entry": right[:-1],
            "gives the last entry twice": [*right, right[-1]],
            "has a number off by one in the last entry": [*right[:-1], _plus_one(right[-1])],
        }
    elif isinstance(right, dict) and right:
        last = list(right)[-1]
        made |= {
            "leaves out the last entry": {k: v for k, v in right.items() if k != last},
            "has a number off by one in the last entry": {**right, last: _plus_one(right[last])},
        }
    else:
        made["is off by one"] = _plus_one(right)
    return {name: _answering(value) for name, value in made.items() if not _equal(value, right)}


def _answering(value: Any) -> Callable[[Subject], Subject]:
    return lambda _: lambda: value


def _equal(value: Any, right: Any) -> bool:
    if isinstance(right, list | tuple):
        return list(value) == list(right)
    return type(value) is type(right) and bool(value == right)


def _plus_one(value: Any) -> Any:
    """Return a value whose last number is one too large."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value + 1
    if isinstance(value, list | tuple):
        numbers = [i for i, v in enumerate(value) if _plus_one(v) != v]
        return type(value)(_plus_one(v) if numbers and i == numbers[-1] else v for i, v in enumerate(value))
    return value
