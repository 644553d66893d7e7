"""The students' notebook: solutions cleared by nbgrader's own preprocessors."""

from __future__ import annotations

import copy
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
    return released


def to_text(notebook: NotebookNode) -> str:
    """Return the notebook's file; the same notebook gives the same bytes."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"
