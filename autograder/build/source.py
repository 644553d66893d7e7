"""The notebook's source: percent-format text with exercise and check cells."""

from __future__ import annotations

import ast
import copy
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode

from autograder.spec.exercise import Exercise, SpecError

CHECK_PREFIX = "check-"
_ABOUT = re.compile(r"\{about (\w+)\}")
_MARKER = re.compile(r"^\s*### (BEGIN|END) SOLUTION\s*$")


@dataclass(frozen=True)
class Source:
    """A notebook source, read and checked against the specs."""

    path: Path
    cells: tuple[NotebookNode, ...]
    exercises: tuple[Exercise, ...]

    def solution(self, exercise: str) -> str:
        """Return the source of an exercise's solution cell, without the markers."""
        (cell,) = (c for c in self.cells if c.metadata.get("exercise") == exercise)
        return without_markers(cell.source)

    def namespaces(self) -> dict[str, dict[str, Any]]:
        """Return, for each exercise, the names that the cells before its solution define."""
        scope: dict[str, Any] = {"__name__": "notebook"}
        found: dict[str, dict[str, Any]] = {}
        for cell in self.cells:
            if cell.cell_type != "code" or "check" in cell.metadata:
                continue
            if "exercise" in cell.metadata:
                found[cell.metadata["exercise"]] = dict(scope)
            exec(compile(without_markers(cell.source), str(self.path), "exec"), scope)
        return found


def read_source(path: Path, exercises: Mapping[str, Exercise]) -> Source:
    """Read a notebook source.

    Raises:
        SpecError: if cells and specs do not fit together; says which and how to mend it.
    """
    notebook = jupytext.read(path)
    solutions = [c.metadata["exercise"] for c in notebook.cells if "exercise" in c.metadata]
    checks = [c.metadata["check"] for c in notebook.cells if "check" in c.metadata]
    for kind, found in (("exercise", solutions), ("check", checks)):
        if sorted(found) != sorted(exercises):
            raise SpecError(
                f'{path}: there must be exactly one cell `# %% {kind}="NAME"` for each of '
                f"{sorted(exercises)}; found {sorted(found)}"
            )
    for cell in notebook.cells:
        if "check" in cell.metadata:
            wanted = check_call(exercises[cell.metadata["check"]])
            if ast.dump(ast.parse(cell.source)) != ast.dump(ast.parse(wanted)):
                raise SpecError(f"{path}: the check cell of {cell.metadata['check']!r} must read: {wanted}")
        if "exercise" in cell.metadata and not any(_MARKER.match(line) for line in cell.source.splitlines()):
            raise SpecError(f"{path}: exercise cell {cell.metadata['exercise']!r} has no ### BEGIN SOLUTION")
    return Source(path, tuple(notebook.cells), tuple(exercises[name] for name in solutions))


def check_call(exercise: Exercise) -> str:
    """Return the line that tests an exercise."""
    return f'check("{exercise.name}", {", ".join(exercise.subjects)})'


def without_markers(source: str) -> str:
    """Drop the lines that mark a solution."""
    return "\n".join(line for line in source.splitlines() if not _MARKER.match(line))


def to_notebook(source: Source) -> NotebookNode:
    """Return the instructor's notebook: nbgrader's metadata filled in, ids that never change by themselves."""
    points = {e.name: sum(e.points.values()) for e in source.exercises}
    cells, seen = [], set()
    for cell in _with_summaries(source):
        metadata: dict[str, Any] = {}
        identifier = hashlib.sha256(f"{cell.cell_type}\0{cell.source}".encode()).hexdigest()[:12]
        if "exercise" in cell.metadata:
            identifier = cell.metadata["exercise"]
            metadata = _nbgrader(identifier, grade=False, solution=True)
        elif "check" in cell.metadata:
            identifier = CHECK_PREFIX + cell.metadata["check"]
            metadata = _nbgrader(identifier, grade=True, solution=False, points=points[cell.metadata["check"]])
        while identifier in seen:
            identifier += "-again"
        seen.add(identifier)
        make = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        cells.append(make(cell.source, id=identifier, metadata=metadata))
    return nbformat.v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )


def _with_summaries(source: Source) -> Iterator[NotebookNode]:
    """Replace `{about NAME}` in text by the exercise's minutes and points, so that they are written once."""
    summaries = {e.name: _summary(e) for e in source.exercises}

    def summary(match: re.Match[str]) -> str:
        if match[1] not in summaries:
            raise SpecError(f"{source.path}: {match[0]} names no exercise; there are {', '.join(summaries)}")
        return summaries[match[1]]

    for cell in source.cells:
        text = copy.deepcopy(cell)
        if cell.cell_type == "markdown":
            text.source = _ABOUT.sub(summary, cell.source)
        yield text


def _summary(exercise: Exercise) -> str:
    groups = ", ".join(f"{name} {number:g}" for name, number in exercise.points.items())
    return f"**About {exercise.minutes} minutes, {sum(exercise.points.values()):g} points:** {groups}."


def _nbgrader(grade_id: str, *, grade: bool, solution: bool, points: float | None = None) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": grade,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return {"nbgrader": fields if points is None else {**fields, "points": points}}
