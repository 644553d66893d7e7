"""Functions that an exercise forbids raise while its cases run."""

from __future__ import annotations

import builtins
import functools
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any


class OffLimits(RuntimeError):
    """A subject called what it was asked to write itself."""


@contextmanager
def off_limits(patterns: Sequence[str], subjects: Iterable[Any] = ()) -> Iterator[list[OffLimits]]:
    """Make every function whose dotted name fits one of `patterns` raise `OffLimits` inside the block.

    This holds under the function's own name, under any name that the subjects' modules gave it
    (`from torch.nn.functional import conv2d as f`), and in modules that are imported inside the block. It keeps
    honest students on track; it does not stop a determined one. Every refusal is also added to the list that the
    block gets, so that it is known even if the subject catches it.
    """
    guard = _Guard(patterns)
    original_import = builtins.__import__

    def watched_import(*arguments: Any, **keywords: Any) -> Any:
        before = len(sys.modules)
        module = original_import(*arguments, **keywords)
        if len(sys.modules) != before:
            guard.close_modules()
        return module

    try:
        if patterns:
            guard.close_modules()
        guard.close_names(getattr(s, "__globals__", {}) for s in subjects)
        if patterns:
            builtins.__import__ = watched_import
        yield guard.refused
    finally:
        builtins.__import__ = original_import
        guard.open()


class _Guard:
    """Replaces forbidden functions by ones that raise, and puts them back."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = patterns
        self.replaced: list[tuple[dict[str, Any], str, Any]] = []
        self.refusals: dict[int, Any] = {}
        self.refused: list[OffLimits] = []

    def close_modules(self) -> None:
        """Replace the functions of the modules imported so far that fit a pattern."""
        for module_name, module in sys.modules.copy().items():  # other threads may import
            prefix = f"{module_name}."
            fitting = [p for p in self.patterns if _may_fit(p, prefix)]
            if not fitting or module is None:
                continue
            for name, value in list(vars(module).items()):
                if name.startswith("__") or not callable(value) or isinstance(value, type | _Refusal):
                    continue
                if not _is_at_home(value, module_name):
                    continue
                if any(fnmatchcase(prefix + name, p) for p in fitting):
                    refusal = self.refusals.setdefault(id(value), _Refusal(value, prefix + name, self.refused))
                    self._replace(vars(module), name, refusal)

    def close_names(self, namespaces: Iterable[dict[str, Any]]) -> None:
        """Replace the same functions where they go by another name."""
        for namespace in namespaces:
            for name, value in list(namespace.items()):
                if id(value) in self.refusals:
                    self._replace(namespace, name, self.refusals[id(value)])

    def open(self) -> None:
        """Put everything back."""
        for namespace, name, value in reversed(self.replaced):
            namespace[name] = value

    def _replace(self, namespace: dict[str, Any], name: str, refusal: _Refusal) -> None:
        self.replaced.append((namespace, name, namespace[name]))
        namespace[name] = refusal


class _Refusal:
    def __init__(self, function: Any, full_name: str, refused: list[OffLimits]) -> None:
        functools.update_wrapper(self, function, updated=())
        self.full_name, self.function, self.refused = full_name, function, refused

    def __call__(self, *_: Any, **__: Any) -> Any:
        error = OffLimits(f"{self.full_name} is off limits in this exercise: the point is to write it yourself")
        self.refused.append(error)
        raise error


def _is_at_home(function: Any, module_name: str) -> bool:
    """Say whether a function belongs to the package it was found in, and was not merely imported there."""
    home = getattr(function, "__module__", None)
    return not isinstance(home, str) or home.split(".")[0] == module_name.split(".")[0]


def _may_fit(pattern: str, prefix: str) -> bool:
    fixed = pattern.split("*", 1)[0]
    return fixed.startswith(prefix) or ("*" in pattern and prefix.startswith(fixed))
