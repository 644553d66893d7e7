"""The students' notebook: solutions cleared by nbgrader's own preprocessors."""

from __future__ import annotations

import copy
import re
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from traitlets.config import Config

STUB = "# YOUR CODE HERE\nraise NotImplementedError"
_UNANSWERED = re.compile(r"^\w+ = \.\.\.", re.MULTILINE)


def release(notebook: NotebookNode) -> NotebookNode:
    """Return what students get of an instructor's notebook."""
    config = Config()
    config.ClearSolutions.code_stub = {"python": STUB}
    released: NotebookNode = copy.deepcopy(notebook)
    resources: Any = {}
    for step in (
        *(LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums),
        *(ClearHiddenTests, ClearMarkScheme, ComputeChecksums, CheckCellMetadata),
    ):
        released, resources = step(config=config).preprocess(released, resources)
        if step is ClearSolutions:
            _let_questions_run(released)
    return released


def _let_questions_run(notebook: NotebookNode) -> None:
    """Drop the stub's exception where it stands outside a function and an answer is left open (`answer = ...`)."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and _UNANSWERED.search(cell.source):
            cell.source = cell.source.replace(f"\n{STUB}", f"\n{STUB.splitlines()[0]}")


def to_text(notebook: NotebookNode) -> str:
    """Return the notebook's file; the same notebook gives the same bytes."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"
