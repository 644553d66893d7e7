"""nbgrader's steps, replaced by ours: the same grades whether `nbgrader` or `autograder` runs them."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_grade, is_solution
from traitlets import Float, Unicode

from autograder.build.build import Course
from autograder.build.source import CHECK_PREFIX
from autograder.grading.execution import Limits
from autograder.grading.intake import Submission, grade_id, take_in
from autograder.grading.judge import Assignment, grade, key_of
from autograder.grading.ledger import Ledger
from autograder.report.html import report_html
from autograder.report.record import Record

_NOTE = "autograder"


class TolerantExporter(NotebookExporter):
    """Reads a submission that nbgrader cannot: a damaged one becomes the unsolved release, with a remark."""

    materials = Unicode(help="the folder of the course that holds assignments/ and build/").tag(config=True)

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> Any:
        """Convert a notebook's file; in the first of autograde's two passes, take it in."""
        path = Path(filename)
        name = resources["nbgrader"]["assignment"]
        if "autograded" in path.resolve().parts[-4:]:
            return super().from_filename(filename, resources, **kw)
        assignment = Assignment.of(Course(Path(self.materials)), name)
        submission = take_in(path, assignment.release)
        submission.notebook.metadata[_NOTE] = {
            "remarks": list(submission.remarks),
            "digest": submission.digest,
            "unreadable": submission.unreadable,
        }
        resources.setdefault("metadata", {}).update(name=path.stem, path=str(path.parent))
        return self.from_notebook_node(submission.notebook, resources, **kw)


class Judge(NbGraderPreprocessor):
    """Runs the notebook, judges it against the hidden pack, and shows the reports in the check cells."""

    materials = Unicode(help="the folder of the course that holds assignments/ and build/").tag(config=True)
    ledger = Unicode(help="the folder of the ledger").tag(config=True)
    seconds_per_cell = Float(30.0, help="how long a cell, or the cases of an exercise, may take").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Replace the cells by the executed ones and hand the record on."""
        ids = resources["nbgrader"]
        assignment = Assignment.of(Course(Path(self.materials)), ids["assignment"])
        note = nb.metadata.pop(_NOTE, None) or {"remarks": [], "digest": "", "unreadable": ""}
        submission = Submission(nb, tuple(note["remarks"]), note["digest"], note["unreadable"])
        ledger = Ledger(Path(self.ledger))
        found = ledger.find(key_of(assignment, ids["student"], submission))
        if found is None:
            found = grade(assignment, ids["student"], submission, Limits(cell=self.seconds_per_cell))
            ledger.add(*found)
        record, executed = found
        resources["autograder"] = record
        return with_reports(executed, record), resources


class SaveJudgedGrades(SaveAutoGrades):
    """Writes the judge's points, never what a cell printed."""

    ledger = Unicode(help="the folder of the ledger").tag(config=True)

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        if is_solution(cell):  # written answers are for people
            return super()._add_score(cell, resources)
        record: Record = resources["autograder"]
        name = grade_id(cell)
        row: Any = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        row.auto_score = record[name.removeprefix(CHECK_PREFIX)].points
        row.needs_manual_grade = row.manual_score is not None
        self.gradebook.db.commit()
        return None

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Save all grades, then log the record."""
        result = super().preprocess(nb, resources)
        Ledger(Path(self.ledger)).enter(resources["autograder"])
        return result


def with_reports(executed: NotebookNode, record: Record) -> NotebookNode:
    """Return the executed notebook with each check cell showing its report."""
    shown = copy.deepcopy(executed)
    for cell in shown.cells:
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            exercise = record[grade_id(cell).removeprefix(CHECK_PREFIX)]
            cell.outputs = [
                nbformat.v4.new_output(
                    "display_data",
                    data={"text/html": report_html(exercise.content()), "text/plain": exercise.headline},
                )
            ]
    return shown
