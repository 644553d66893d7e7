"""A class is graded: each student what they earned, whatever the others handed in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from small_class import ASSIGNMENT, AXIS_IGNORED, RIGHT, find, hand_in

from autograder.build.build import BuildError, Course, build_chapter
from autograder.grading.execution import Limits
from autograder.grading.pages import write_pages
from autograder.grading.runner import Classroom, run_class
from autograder.report.record import Record
from autograder.spec.load import find_chapter

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
LIMITS = Limits(cell=8)
EXPECTED = {
    "right": (5, 2),
    "unsolved": (0, 0),
    "axis": (4, 2),
    "corrupt": (0, 0),
    "empty": (0, 0),
    "without-notebook": (0, 0),
    "endless": (0, 2),
    "stubborn": (0, 2),
    "kills-kernel": (5, 0),
    "exits": (5, 0),
    "syntax-error": (5, 0),
    "doubled-cell": (5, 2),
    "deleted-check": (5, 2),
    "deleted-solution": (0, 2),
    "raises": (5, 2),
}


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course folder with a class that has handed in, not graded yet."""
    root = tmp_path_factory.mktemp("class") / "course"
    shutil.copytree(HERE / "course", root, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE.parents[1] / "nbgrader_config.py", root)
    os.environ["AUTOGRADER_SECRET"] = "test"
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    course = Course(root)
    build_chapter(course, find_chapter(course.solutions, "1"))
    release = nbformat.read(root / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    _everybody_hands_in(root, release)
    return root


def _everybody_hands_in(root: Path, release: NotebookNode) -> None:
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    hand_in(root, "right", release, RIGHT)
    hand_in(root, "unsolved", release)
    hand_in(root, "axis", release, {**RIGHT, "softmax": AXIS_IGNORED})
    hand_in(root, "corrupt", release, text=nbformat.writes(release)[:600])
    hand_in(root, "empty", release, text="")
    (root / "submitted" / "without-notebook" / ASSIGNMENT).mkdir(parents=True)
    hand_in(root, "endless", release, {**RIGHT, "softmax": "def softmax(x, axis=-1):\n    while True: pass"})
    hand_in(root, "stubborn", release, {**RIGHT, "softmax": stubborn})
    hand_in(root, "kills-kernel", release, {**RIGHT, "swish": "import os\ndef swish(x):\n    os._exit(3)"})
    hand_in(root, "exits", release, {**RIGHT, "swish": "import sys\nsys.exit(1)"})
    hand_in(root, "syntax-error", release, {**RIGHT, "swish": "def swish(x:\n    return x"})
    hand_in(root, "doubled-cell", release, RIGHT, lambda n: n.cells.append(n.cells[find(n, "check-swish")]))
    hand_in(root, "deleted-check", release, RIGHT, lambda n: n.cells.pop(find(n, "check-softmax")))
    hand_in(root, "deleted-solution", release, RIGHT, lambda n: n.cells.pop(find(n, "softmax")))
    hand_in(root, "raises", release, RIGHT, lambda n: n.cells.insert(2, nbformat.v4.new_code_cell("1 / 0")))


@pytest.fixture(scope="module")
def records(classroom: Path) -> dict[str, Record]:
    course = Course(classroom)
    room = Classroom.open(classroom, classroom)
    found = run_class(room, course, ASSIGNMENT, limits=LIMITS)
    write_pages(room, ASSIGNMENT, found)
    return found


def gradebook(root: Path) -> dict[str, tuple[float, ...]]:
    scores = {}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions(ASSIGNMENT):
            grades = {g.name: g.auto_score for n in submission.notebooks for g in n.grades}
            scores[submission.student.id] = (grades["check-softmax"], grades["check-swish"])
    return scores


def test_each_student_gets_the_points_that_were_earned(records: dict[str, Record]) -> None:
    assert {s: (r["softmax"].points, r["swish"].points) for s, r in records.items()} == EXPECTED


def test_nbgraders_gradebook_holds_the_same_points(classroom: Path, records: dict[str, Record]) -> None:
    assert gradebook(classroom) == EXPECTED


@pytest.mark.parametrize(
    ("student", "exercise", "reason"),
    [
        ("unsolved", "softmax", "not implemented yet"),
        ("corrupt", "softmax", "the notebook could not be read"),
        ("endless", "softmax", "it did not finish within 8 seconds (an endless loop?)"),
        ("kills-kernel", "swish", "it ended the Python process"),
        ("exits", "swish", "swish is not defined: its cell raised SystemExit: 1"),
        ("deleted-solution", "softmax", "softmax is not defined: the cell for it was deleted"),
    ],
)
def test_lost_points_have_a_stated_reason(records: dict[str, Record], student: str, exercise: str, reason: str) -> None:
    assert records[student][exercise].reason == reason


def test_a_cell_that_cannot_be_interrupted_costs_only_its_own_exercise(records: dict[str, Record]) -> None:
    assert "did not end in time" in records["stubborn"]["softmax"].reason
    assert records["stubborn"]["swish"].reason == ""


def test_a_syntax_error_is_quoted(records: dict[str, Record]) -> None:
    assert "its cell raised SyntaxError" in records["syntax-error"]["swish"].reason


def test_a_known_mistake_is_named_with_its_hint(records: dict[str, Record]) -> None:
    assert records["axis"]["softmax"].mistake == "axis ignored"
    assert records["axis"]["softmax"].hint == "Which axis does the caller ask for?"


def test_everyone_gets_a_feedback_page_without_hidden_numbers(classroom: Path, records: dict[str, Record]) -> None:
    for student in EXPECTED:
        page = (classroom / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text()
        assert student in page
        assert "expected shape" not in page
        assert "first at index" not in page


def test_a_second_run_grades_nothing_again(classroom: Path, records: dict[str, Record]) -> None:
    steps: list[str] = []
    again = run_class(
        Classroom.open(classroom, classroom),
        Course(classroom),
        ASSIGNMENT,
        limits=LIMITS,
        done=lambda student, record, step: steps.append(step),
    )
    assert set(steps) == {"unchanged"}
    assert again == records


def test_a_resubmission_replaces_the_old_points(classroom: Path, records: dict[str, Record], tmp_path: Path) -> None:
    root = tmp_path / "course"
    shutil.copytree(classroom, root)
    release = nbformat.read(root / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    shutil.rmtree(root / "submitted" / "right")
    hand_in(root, "right", release, {**RIGHT, "swish": "raise SystemExit"})
    (root / "ledger").rename(root / "old-ledger")
    shutil.copytree(root / "old-ledger", root / "ledger")
    room = Classroom.open(root, root)
    found = run_class(room, Course(root), ASSIGNMENT, students=("right",), limits=LIMITS)
    assert found["right"].points == 5
    assert gradebook(root)["right"] == (5, 0)


def test_nbgrader_autograde_gives_the_same_grades(classroom: Path, records: dict[str, Record], tmp_path: Path) -> None:
    root = tmp_path / "course"
    shutil.copytree(classroom, root, ignore=shutil.ignore_patterns("ledger", "autograded", "feedback", "release"))
    (root / "gradebook.db").unlink()
    shutil.rmtree(root / "submitted" / "without-notebook")  # nbgrader passes over a folder without a notebook
    with open(root / "nbgrader_config.py", "a") as file:
        file.write("\nc.Judge.seconds_per_cell = 8\n")
    for command in (["generate_assignment"], ["autograde"]):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command, ASSIGNMENT], cwd=root, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert gradebook(root) == {s: p for s, p in EXPECTED.items() if s != "without-notebook"}


def test_an_unknown_student_is_named(classroom: Path) -> None:
    with pytest.raises(BuildError, match="no submission of 01_small from nobody"):
        run_class(Classroom.open(classroom, classroom), Course(classroom), ASSIGNMENT, students=("nobody",))


def test_grading_before_building_says_what_to_do(tmp_path: Path, classroom: Path) -> None:
    with pytest.raises(BuildError, match="build the assignment first"):
        run_class(Classroom.open(classroom, classroom), Course(tmp_path), ASSIGNMENT)
