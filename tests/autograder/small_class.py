"""A class of the small course: what students of all kinds hand in."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ASSIGNMENT = "01_small"
RIGHT = {
    "softmax": (
        "def softmax(x, axis=-1):\n    e = np.exp(x - x.max(axis=axis, keepdims=True))\n"
        "    return e / e.sum(axis=axis, keepdims=True)"
    ),
    "swish": "def swish(x):\n    return x * torch.sigmoid(x)",
}
AXIS_IGNORED = RIGHT["softmax"].replace("axis=axis", "axis=-1")


def hand_in(
    root: Path,
    student: str,
    release: NotebookNode,
    answers: Mapping[str, str] | None = None,
    change: Callable[[NotebookNode], object] = lambda notebook: None,
    text: str | None = None,
) -> Path:
    """Write a submission: the release with answers filled in, then changed, or any text at all."""
    notebook = copy.deepcopy(release)
    for cell in notebook.cells:
        if cell.id in (answers or {}):
            cell.source = (answers or {})[cell.id]
    change(notebook)
    path = root / "submitted" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nbformat.writes(notebook) if text is None else text, encoding="utf-8")
    return path


def find(notebook: NotebookNode, name: str) -> int:
    """Return the place of a cell."""
    return next(i for i, c in enumerate(notebook.cells) if c.id == name)
