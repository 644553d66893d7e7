"""The sample class graded as an instructor would: the gradebook holds what was written down by hand."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.build.build import Course, build_chapter
from autograder.build.source import CHECK_PREFIX
from autograder.grading.execution import Limits
from autograder.grading.runner import Classroom, run_class
from autograder.spec.load import find_chapter

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "class"
ASSIGNMENT = "04_convolution"


@pytest.mark.slow
def test_the_gradebook_holds_the_points_set_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    from make import make  # pyright: ignore[reportMissingImports]

    course = Course(ROOT)
    build_chapter(course, find_chapter(course.solutions, ASSIGNMENT), out=tmp_path / "assignments")
    make(course.assignments / ASSIGNMENT, tmp_path)
    classroom = Classroom.open(tmp_path, ROOT)
    run_class(classroom, course, ASSIGNMENT, limits=Limits(cell=8))
    with open(EXAMPLES / "expected.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    exercises = [name for name in rows[0] if name not in ("student", "total", "note")]
    expected = {r["student"]: {e: float(r[e]) for e in exercises} for r in rows}
    assert all(sum(expected[r["student"]].values()) == float(r["total"]) for r in rows)
    with Gradebook(classroom.config.CourseDirectory.db_url) as book:
        found = {
            s.student.id: {g.name.removeprefix(CHECK_PREFIX): g.auto_score for n in s.notebooks for g in n.grades}
            for s in book.assignment_submissions(ASSIGNMENT)
        }
    assert found == expected
