"""How notebook files get broken between a student's screen and the grader's desk.

A damage takes a notebook (JSON as Python objects) and returns the file's text. Damages of cells are chained by
`damaged`; those of the whole file come last. What is broken by ordinary code (an endless loop, os._exit) stands in
the student's own file.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Notebook = dict[str, Any]
CellDamage = Callable[[Notebook], None]
FileDamage = Callable[[str], str]


def deleted(grade_id: str) -> CellDamage:
    """Delete a cell: "I tidied up a little"."""

    def damage(notebook: Notebook) -> None:
        notebook["cells"].remove(_cell(notebook, grade_id))

    return damage


def duplicated(grade_id: str) -> CellDamage:
    """Copy a cell and paste it below: nbgrader's metadata is then there twice."""

    def damage(notebook: Notebook) -> None:
        cell = _cell(notebook, grade_id)
        twin = copy.deepcopy(cell)
        twin["id"] = f"{cell['id']}-copy"
        notebook["cells"].insert(notebook["cells"].index(cell) + 1, twin)

    return damage


def kept_old_version(grade_id: str, old_source: str) -> CellDamage:
    """Copy a solution cell, go on working in the lower copy and leave the older attempt above it."""

    def damage(notebook: Notebook) -> None:
        duplicated(grade_id)(notebook)
        _cell(notebook, grade_id)["source"] = old_source

    return damage


def turned_into_markdown(grade_id: str) -> CellDamage:
    """Press M in command mode."""

    def damage(notebook: Notebook) -> None:
        cell = _cell(notebook, grade_id)
        cell["cell_type"] = "markdown"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)

    return damage


def edited(grade_id: str, source: str) -> CellDamage:
    """Write something else into a cell that is meant to be read-only."""

    def damage(notebook: Notebook) -> None:
        _cell(notebook, grade_id)["source"] = source

    return damage


def revalued(grade_id: str, points: float) -> CellDamage:
    """Change how many points a check is worth."""

    def damage(notebook: Notebook) -> None:
        _cell(notebook, grade_id)["metadata"]["nbgrader"]["points"] = points

    return damage


def metadata_lost(notebook: Notebook) -> None:
    """Open and save with a tool that throws away what it does not know."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def truncated(text: str) -> str:
    """Run out of disk quota while saving."""
    return text[: 2 * len(text) // 3]


def emptied(text: str) -> str:
    """Run out of disk quota before saving."""
    return text[:0]


def damaged(notebook: Notebook, of_cells: Sequence[CellDamage] = (), of_file: Sequence[FileDamage] = ()) -> str:
    """Return the text of the notebook's file after all that happened to it."""
    broken = copy.deepcopy(notebook)
    for damage in of_cells:
        damage(broken)
    for cell in broken["cells"]:  # as Jupyter saves it: a list of lines
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
    text = json.dumps(broken, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    for spoil in of_file:
        text = spoil(text)
    return text


def _cell(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    """Return the first cell with this name."""
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            return cell
    raise KeyError(f"the notebook has no cell {grade_id!r}")


WANJIRU_CHECK = """# conv2d(x, w) is fine on my laptop, the checker just hates me
check = lambda *a: print("all passed")
check("conv2d", conv2d)"""

XENIA_OLD = """def conv_nd(x, w, padding=0, stride=1):
    # old version, only 2d. better one is in the next cell
    return conv2d(x, w, None, padding, stride)"""

CELLS: Mapping[str, Sequence[CellDamage]] = {
    "wanjiru": [
        edited("check-conv2d", WANJIRU_CHECK),
        revalued("check-counting", 100),
        deleted("check-conv_nd"),
    ],
    "xenia": [
        turned_into_markdown("conv2d_padded"),
        duplicated("check-conv2d"),
        kept_old_version("conv_nd", XENIA_OLD),
    ],
    "yusuf": [deleted("im2col"), metadata_lost],
}
FILES: Mapping[str, Sequence[FileDamage]] = {"tomas": [truncated], "zoe": [emptied]}
