"""Interactive figures: live in JupyterLab, and without a kernel in the static book.

An explorer is one ES module with anywidget's interface, a style sheet, and a class that holds its options.
The classes are imported on first use, so that `import course_lib.explorers` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_lib.explorers.base import Explorer
    from course_lib.explorers.convolution import ConvolutionExplorer

__all__ = ["EXPLORERS", "ConvolutionExplorer", "Explorer", "load"]

EXPLORERS = {"convolution": "ConvolutionExplorer"}
_HOME = {"ConvolutionExplorer": "convolution", "Explorer": "base"}


def load(name: str) -> type[Explorer]:
    """Return the class of the explorer called name.

    Args:
        name: a key of `EXPLORERS`, e.g. "convolution".

    Raises:
        KeyError: there is no explorer of that name.
    """
    if name not in EXPLORERS:
        raise KeyError(f"there is no explorer called {name!r}; there are: {', '.join(sorted(EXPLORERS))}")
    return getattr(import_module(f"course_lib.explorers.{name}"), EXPLORERS[name])


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"course_lib.explorers.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
