"""Functions that an exercise forbids raise while its cases run."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any


class OffLimits(RuntimeError):
    """A subject called what it was asked to write itself."""


@contextmanager
def off_limits(patterns: Sequence[str]) -> Iterator[None]:
    """Make every function whose dotted name fits one of `patterns` raise `OffLimits` inside the block.

    Only modules that are already imported are searched, and only calls by these names are seen: this keeps
    honest students on track, it does not stop a determined one.
    """
    changed: list[tuple[Any, str, Any]] = []
    try:
        for module, name, full_name in _matches(patterns):
            function = getattr(module, name)
            changed.append((module, name, function))
            setattr(module, name, _refuse(function, full_name))
        yield
    finally:
        for module, name, function in reversed(changed):
            setattr(module, name, function)


def _matches(patterns: Sequence[str]) -> Iterator[tuple[Any, str, str]]:
    for module_name, module in list(sys.modules.items()):
        prefix = f"{module_name}."
        fitting = [p for p in patterns if _may_fit(p, prefix)]
        if not fitting or module is None:
            continue
        for name in list(vars(module)):
            full_name = prefix + name
            if not name.startswith("__") and any(fnmatchcase(full_name, p) for p in fitting):
                value = vars(module)[name]
                if callable(value) and not isinstance(value, type):
                    yield module, name, full_name


def _may_fit(pattern: str, prefix: str) -> bool:
    fixed = pattern.split("*", 1)[0]
    return fixed.startswith(prefix) or ("*" in pattern and prefix.startswith(fixed))


def _refuse(function: Any, full_name: str) -> Any:
    @functools.wraps(function)
    def refused(*_: Any, **__: Any) -> Any:
        raise OffLimits(f"{full_name} is off limits in this exercise: the point is to write it yourself")

    return refused
