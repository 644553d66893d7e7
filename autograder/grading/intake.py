"""Take in a submitted notebook: read it, mend what can be mended without guessing, and say what was done."""

from __future__ import annotations

import copy
import hashlib
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.build.source import CHECK_PREFIX

LARGEST_FILE = 50_000_000


@dataclass(frozen=True)
class Submission:
    """A submitted notebook, ready to run.

    Attributes:
        notebook: the students' cells with the release's checks in place.
        remarks: what was mended, for the student.
        digest: SHA-256 of the submitted file.
        unreadable: why nothing of it could be read, or "".
    """

    notebook: NotebookNode
    remarks: tuple[str, ...]
    digest: str
    unreadable: str = ""


def take_in(path: Path, release: NotebookNode) -> Submission:
    """Read a submission. Never raises for what a student can do to a file.

    Args:
        path: the submitted notebook.
        release: the notebook as students got it.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            why = f"The file has {size:,} bytes; notebooks up to {LARGEST_FILE:,} bytes are graded."
            return Submission(copy.deepcopy(release), (), f"size-{size}", why)
        data = path.read_bytes()
    except OSError as error:
        return Submission(copy.deepcopy(release), (), "unreadable", f"The file could not be opened ({error.strerror}).")
    digest = hashlib.sha256(data).hexdigest()
    try:
        submitted = _parse(data)
    except ValueError as error:
        why = f"The file is not a readable notebook ({error}). Open it in Jupyter, save it and submit it again."
        return Submission(copy.deepcopy(release), (), digest, why)
    notebook, remarks = _mend(submitted, release)
    return Submission(notebook, tuple(remarks), digest)


def _parse(data: bytes) -> NotebookNode:
    if not data.strip():
        raise ValueError("it is empty")
    try:
        raw = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    except RecursionError:
        raise ValueError("its JSON is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"its JSON breaks off or is damaged at line {error.lineno}") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("nbformat"), int):
        raise ValueError("it is JSON, but not a notebook")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # doubled cell ids and the like are mended below
            notebook = nbformat.reads(json.dumps(raw), as_version=4)
        cells = [c for c in notebook.cells if isinstance(c.get("source"), str) and isinstance(c.get("metadata"), dict)]
    except Exception as error:
        raise ValueError(f"{type(error).__name__} while reading its cells") from None
    notebook.cells = cells
    return notebook


def _mend(submitted: NotebookNode, release: NotebookNode) -> tuple[NotebookNode, list[str]]:
    known = {grade_id(c): c for c in release.cells if grade_id(c)}
    remarks: list[str] = []
    cells: list[NotebookNode] = []
    seen: set[str] = set()
    for cell in submitted.cells:
        name = grade_id(cell)
        original = known.get(name)
        if original is None:
            cells.append(_free(cell))
        elif name in seen and name.startswith(CHECK_PREFIX):
            remarks.append(f"The cell {name!r} was there twice; the first one counts.")
        elif name in seen:
            remarks.append(f"The cell {name!r} was there twice; both were run, in order.")
            cells.append(_free(cell))
        else:
            seen.add(name)
            cells.append(_restored(cell, original, remarks))
    lost = [name for name in known if name not in seen]
    for name in lost:
        if name.startswith(CHECK_PREFIX):
            cells.insert(_after(cells, name.removeprefix(CHECK_PREFIX)), copy.deepcopy(known[name]))
    remarks += _about_lost(lost, len(known))
    mended = nbformat.v4.new_notebook(cells=cells, metadata=copy.deepcopy(release.metadata))
    _unique_ids(mended)
    return mended, remarks


def _about_lost(lost: list[str], known: int) -> list[str]:
    if len(lost) == known:
        return ["No cell has kept its name for grading; functions were graded as the notebook defines them."]
    checks = [name for name in lost if name.startswith(CHECK_PREFIX)]
    solutions = [name for name in lost if not name.startswith(CHECK_PREFIX)]
    told = [f"The cell {checks[0]!r} was deleted; it was put back."] if len(checks) == 1 else []
    if len(checks) > 1:
        told = [f"The cells {', '.join(map(repr, checks))} were deleted; they were put back."]
    if len(solutions) == 1:
        told.append(f"The cell {solutions[0]!r}, where the solution belongs, was deleted.")
    if len(solutions) > 1:
        told.append(f"The cells {', '.join(map(repr, solutions))}, where solutions belong, were deleted.")
    return told


def grade_id(cell: NotebookNode) -> str:
    """Return nbgrader's name of a cell, or ""."""
    fields = cell.metadata.get("nbgrader")
    name = fields.get("grade_id") if isinstance(fields, dict) else None
    return name if isinstance(name, str) else ""


def _free(cell: NotebookNode) -> NotebookNode:
    return _new(cell.cell_type, cell.source, {})


def _restored(cell: NotebookNode, original: NotebookNode, remarks: list[str]) -> NotebookNode:
    name = grade_id(original)
    locked = original.metadata.nbgrader.locked
    if locked and cell.source.strip() != original.source.strip():
        remarks.append(f"The cell {name!r} was edited; the original was run.")
    if cell.cell_type != original.cell_type:
        remarks.append(f"The cell {name!r} was turned into {cell.cell_type}; it was run as {original.cell_type}.")
    source = original.source if locked else cell.source
    return _new(original.cell_type, source, copy.deepcopy(original.metadata))


def _new(cell_type: str, source: str, metadata: Any) -> NotebookNode:
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return make.get(cell_type, nbformat.v4.new_raw_cell)(source, metadata=metadata)


def _after(cells: list[NotebookNode], exercise: str) -> int:
    places = [i + 1 for i, c in enumerate(cells) if grade_id(c) == exercise]
    return places[-1] if places else len(cells)


def _unique_ids(notebook: NotebookNode) -> None:
    """Name cells by place: a submission's own ids may be missing, doubled or forged."""
    for i, cell in enumerate(notebook.cells):
        cell.id = grade_id(cell) or f"cell-{i}"
