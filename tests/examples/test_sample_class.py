"""The sample class: made the same way every time, and worth the points that were set by hand."""

from __future__ import annotations

import csv
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.assemble import assemble_exercise
from autograder.build.release import release, to_text
from autograder.build.source import CHECK_PREFIX, read_source, to_notebook
from autograder.compare.verdict import judge
from autograder.drivers.run import run
from autograder.grading.intake import grade_id, take_in
from autograder.packs import PackedExercise
from autograder.spec.draw import HIDDEN_ROUNDS
from autograder.spec.load import find_chapter

ROOT = Path(__file__).parents[2]
CLASS = ROOT / "examples" / "class"
SEEDS = ("one hidden seed", "another hidden seed")
CPU_SECONDS = 2.0


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"sample_class_{name}", CLASS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


sample = load("make")
EXPECTED = {row["student"]: row for row in csv.DictReader((CLASS / "expected.csv").open(encoding="utf-8"))}


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Release the assignment as the build does, but do not prove it first."""
    chapter = find_chapter(ROOT / "solutions", "04")
    folder = tmp_path_factory.mktemp("assignments") / chapter.name
    folder.mkdir()
    released = release(to_notebook(read_source(chapter.notebook, chapter.exercises())))
    (folder / f"{chapter.name}.ipynb").write_text(to_text(released), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def submitted(assignment: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    destination = tmp_path_factory.mktemp("class")
    return {path.parents[1].name: path for path in sample.make(assignment, destination)}


@pytest.fixture(scope="module")
def packs() -> dict[str, list[PackedExercise]]:
    exercises = find_chapter(ROOT / "solutions", "04").exercises()
    return {
        name: [assemble_exercise(exercise, seed, HIDDEN_ROUNDS) for seed in SEEDS]
        for name, exercise in exercises.items()
    }


def test_the_class_has_24_students_in_nbgraders_layout(submitted: dict[str, Path]) -> None:
    assert len(submitted) == 24
    for name, path in submitted.items():
        assert path.parts[-4:] == ("submitted", name, "04_convolution", "04_convolution.ipynb")
        assert path.with_name("timestamp.txt").read_text().endswith(" UTC\n")


def test_hand_set_points_cover_every_student_and_add_up(packs: dict[str, list[PackedExercise]]) -> None:
    assert list(EXPECTED) == [student.name for student in sample.read_class()]
    for row in EXPECTED.values():
        points = {name: float(row[name]) for name in packs}
        assert sum(points.values()) == float(row["total"]), row["student"]
        assert all(points[name] <= packs[name][0].max_points for name in packs)


def test_making_the_class_again_writes_the_same_bytes_and_touches_nothing(
    assignment: Path, submitted: dict[str, Path], tmp_path: Path
) -> None:
    again = {path.parents[1].name: path for path in sample.make(assignment, tmp_path)}
    assert {n: p.read_bytes() for n, p in again.items()} == {n: p.read_bytes() for n, p in submitted.items()}
    for path in again.values():
        os.utime(path, (1, 1))
        os.utime(path.with_name("timestamp.txt"), (1, 1))
    sample.make(assignment, tmp_path)
    assert {p.stat().st_mtime for p in tmp_path.rglob("*") if p.is_file()} == {1}


def test_a_damaged_notebook_differs_from_what_the_student_wrote(assignment: Path, submitted: dict[str, Path]) -> None:
    notebook = nbformat.read(assignment / f"{assignment.name}.ipynb", as_version=4)
    students = {student.name: student for student in sample.read_class()}
    broken = {*sample.CELLS, *sample.FILES}
    assert broken <= set(students)
    for name, student in students.items():
        whole = sample.damaged(sample.notebook_of(student, notebook))
        assert (submitted[name].read_text(encoding="utf-8") != whole) == (name in broken), name


def test_an_assignment_that_was_not_built_is_named_with_the_command_that_builds_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make assignments"):
        sample.make(tmp_path / "04_convolution", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("student", EXPECTED)
def test_points_are_those_set_by_hand_whatever_the_hidden_seed(
    student: str,
    assignment: Path,
    submitted: dict[str, Path],
    packs: dict[str, list[PackedExercise]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setattr(os, "_exit", sys.exit)  # a student's cell must not end this process
    monkeypatch.setattr(time, "sleep", lambda seconds: None)  # so that waiting takes CPU time, which is limited
    released = nbformat.read(assignment / f"{assignment.name}.ipynb", as_version=4)
    submission = take_in(submitted[student], released)
    points = {} if submission.unreadable else grade_in_this_process(submission.notebook, packs)
    expected = {name: [float(EXPECTED[student][name])] * len(SEEDS) for name in packs}
    assert {name: points.get(name, [0.0] * len(SEEDS)) for name in packs} == expected


class Endless(BaseException):
    """No exception that a student would catch."""


def grade_in_this_process(notebook: NotebookNode, packs: dict[str, list[PackedExercise]]) -> dict[str, list[float]]:
    """Run the cells from the top and judge an exercise where its check cell stands."""
    scope: dict[str, Any] = {"__name__": "__main__"}
    points = {}
    for cell in (c for c in notebook.cells if c.cell_type == "code"):
        name = grade_id(cell).removeprefix(CHECK_PREFIX)
        if grade_id(cell).startswith(CHECK_PREFIX):
            points[name] = [points_of(pack, scope) for pack in packs[name]]
            continue
        try:
            with cpu_limit(CPU_SECONDS):
                exec(compile(cell.source, "<cell>", "exec"), scope)
        except (Exception, SystemExit, Endless):
            continue
    return points


def points_of(pack: PackedExercise, scope: dict[str, Any]) -> float:
    subjects = {name: scope[name] for name in pack.subjects if callable(scope.get(name))}
    if len(subjects) < len(pack.subjects):
        return 0.0
    try:
        with cpu_limit(CPU_SECONDS):
            return judge(pack, run(pack, subjects)).points
    except Endless:
        return 0.0


@contextmanager
def cpu_limit(seconds: float) -> Iterator[None]:
    """Raise `Endless` after so much CPU time: unlike wall-clock time it does not depend on who else is working."""

    def stop(*_: Any) -> None:
        raise Endless

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
