"""Write what people read: a feedback page for each student, a report on the class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from autograder.build.source import CHECK_PREFIX
from autograder.grading.intake import grade_id
from autograder.grading.runner import Classroom
from autograder.packs.container import write_atomically
from autograder.report.feedback import feedback_page
from autograder.report.overview import class_csv, class_report
from autograder.report.record import Record


def write_pages(classroom: Classroom, assignment: str, records: Mapping[str, Record], book: str = "") -> list[Path]:
    """Write the pages of an assignment and return where to look.

    Args:
        classroom: whose class.
        assignment: which assignment.
        records: student -> record, of those whose feedback is to be written.
        book: the address of the book's site, absolute or as seen from a feedback page; "" for no links.
    """
    lecture = f"{book.rstrip('/')}/{assignment}.html" if book else ""
    for student, record in records.items():
        comments, manual = _by_hand(classroom, assignment, student)
        page = feedback_page(record, _cells(classroom, record), comments, manual, book=lecture)
        write_atomically(classroom.root / "feedback" / student / assignment / f"{assignment}.html", page.encode())
    everyone = [*_all_records(classroom, assignment, records).values()]
    report, table = (
        classroom.root / "reports" / f"{assignment}.html",
        classroom.root / "reports" / f"{assignment}.csv",
    )
    write_atomically(report, class_report(everyone, assignment, _missing(classroom, everyone)).encode())
    write_atomically(table, class_csv(everyone).encode())
    return [classroom.root / "feedback", report, table, classroom.root / "gradebook.db"]


def _missing(classroom: Classroom, everyone: Sequence[Record]) -> list[str]:
    """Return the students whom the gradebook knows and who handed nothing in."""
    with Gradebook(classroom.config.CourseDirectory.db_url) as gradebook:
        return sorted({str(s.id) for s in gradebook.students} - {r.student for r in everyone})


def _all_records(classroom: Classroom, assignment: str, new: Mapping[str, Record]) -> dict[str, Record]:
    """Return the records of the whole class, also where only some students were graded now."""
    found = {s: classroom.ledger.find(key) for s, key in classroom.ledger.entered(assignment).items()}
    return dict(sorted(({s: f[0] for s, f in found.items() if f} | dict(new)).items()))


def _cells(classroom: Classroom, record: Record) -> dict[str, str]:
    """Return exercise -> the student's code."""
    found = classroom.ledger.find(record.key)
    names = {e.name for e in record.exercises}
    return {grade_id(c): c.source for c in found[1].cells if grade_id(c) in names} if found else {}


def _by_hand(classroom: Classroom, assignment: str, student: str) -> tuple[dict[str, str], dict[str, float]]:
    """Return an instructor's comments and manual points, exercise -> text or number, from the gradebook."""
    comments, manual = {}, {}
    with Gradebook(classroom.config.CourseDirectory.db_url) as gradebook:
        try:
            notebook = gradebook.find_submission_notebook(assignment, assignment, student)
        except MissingEntry:
            return {}, {}
        for comment in notebook.comments:
            if comment.manual_comment:
                comments[comment.name] = comment.manual_comment
        for grade in notebook.grades:
            if grade.manual_score is not None:
                manual[grade.name.removeprefix(CHECK_PREFIX)] = grade.manual_score
    return comments, manual
