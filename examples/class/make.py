"""Make the sample class: 24 submissions in nbgrader's layout, from what each student wrote.

    python examples/class/make.py build/class

writes DEST/submitted/NAME/04_convolution/04_convolution.ipynb and timestamp.txt. The same assignment gives the
same bytes; files that would not change are left alone.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from damage import CELLS, FILES, Notebook, damaged  # noqa: E402

STUDENTS = HERE / "students"
ASSIGNMENT = HERE.parents[1] / "assignments" / "04_convolution"
_MARKER = re.compile(r'^# %% (exercise|before|after)="(\w+)"$', re.MULTILINE)
_HANDED_IN = re.compile(r"Handed in (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC)\.")


@dataclass(frozen=True)
class Student:
    """What one student wrote.

    Attributes:
        name: nbgrader's student id.
        about: who this is, in a line or two.
        handed_in: when, as nbgrader writes it into timestamp.txt.
        cells: (kind, exercise, source); kind is "exercise" for the solution cell, "before" and "after" for further
            cells, before the solution cell and after the check cell.
    """

    name: str
    about: str
    handed_in: str
    cells: tuple[tuple[str, str, str], ...]


def read_student(path: Path) -> Student:
    """Read one file of `students/`.

    Raises:
        ValueError: if it does not begin with a docstring that ends in "Handed in DATE TIME UTC.".
    """
    head, *parts = _MARKER.split(path.read_text(encoding="utf-8"))
    about = ast.get_docstring(ast.parse(head)) or ""
    handed_in = _HANDED_IN.search(about)
    if not handed_in:
        raise ValueError(f'{path}: the docstring must say when: "Handed in 2026-10-05 14:32:10 UTC."')
    triples = zip(parts[0::3], parts[1::3], parts[2::3], strict=True)
    cells = tuple((kind, exercise, source.strip("\n")) for kind, exercise, source in triples)
    return Student(path.stem, _HANDED_IN.sub("", about).strip(), handed_in[1], cells)


def read_class() -> list[Student]:
    """Read all students, in order of their names."""
    return [read_student(path) for path in sorted(STUDENTS.glob("*.py"))]


def notebook_of(student: Student, release: Notebook) -> Notebook:
    """Return the released notebook with this student's cells in it.

    Raises:
        ValueError: if the student names an exercise that the notebook does not have.
    """
    notebook = copy.deepcopy(release)
    for number, (kind, exercise, source) in enumerate(student.cells):
        cells = notebook["cells"]
        wanted = f"check-{exercise}" if kind == "after" else exercise
        places = [i for i, c in enumerate(cells) if c["metadata"].get("nbgrader", {}).get("grade_id") == wanted]
        if not places:
            raise ValueError(f"{student.name}: the notebook has no cell {wanted!r}")
        if kind == "exercise":
            cells[places[0]]["source"] = source
        else:
            own = f"{student.name}-"
            at = places[0] if kind == "before" else _after(cells, places[0], own)
            cells.insert(at, _free_cell(f"{own}{number}", source))
    return notebook


def make(assignment_folder: Path, destination: Path) -> list[Path]:
    """Write every student's submission and return the paths of the notebooks.

    Args:
        assignment_folder: the released assignment, a folder that holds a notebook of its own name.
        destination: gets `submitted/NAME/ASSIGNMENT/`.

    Raises:
        FileNotFoundError: if the assignment has not been built.
    """
    name = assignment_folder.name
    released = assignment_folder / f"{name}.ipynb"
    if not released.is_file():
        raise FileNotFoundError(f"{released} is missing: the assignment has not been built. Run `make assignments`.")
    release = json.loads(released.read_text(encoding="utf-8"))
    written = []
    for student in read_class():
        folder = destination / "submitted" / student.name / name
        text = damaged(notebook_of(student, release), CELLS.get(student.name, ()), FILES.get(student.name, ()))
        _write(folder / "timestamp.txt", student.handed_in + "\n")
        _write(folder / f"{name}.ipynb", text)
        written.append(folder / f"{name}.ipynb")
    return written


def _free_cell(identifier: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": identifier,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _after(cells: Sequence[dict[str, Any]], check: int, own: str) -> int:
    """Return the place behind a check cell and behind the student's own cells that follow it already."""
    place = check + 1
    while place < len(cells) and str(cells[place].get("id")).startswith(own):
        place += 1
    return place


def _write(path: Path, text: str) -> None:
    data = text.encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("destination", type=Path, help="gets submitted/NAME/04_convolution/")
    parser.add_argument("--assignment", type=Path, default=ASSIGNMENT, help="the released assignment's folder")
    given = parser.parse_args()
    try:
        written = make(given.assignment, given.destination)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(written)} submissions in {given.destination / 'submitted'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
