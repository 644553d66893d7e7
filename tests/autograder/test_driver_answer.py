"""The driver "answer": a value is judged, and told how much of it is right without being told what is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from autograder import case
from autograder import client as client_module
from autograder.build.build import Course, build_chapter
from autograder.build.release import release
from autograder.build.source import read_source, to_notebook
from autograder.compare.verdict import judge
from autograder.drivers.run import run
from autograder.grading.worker import answer, read_answers
from autograder.packs import INPUTS, PUBLIC, Pack, PackedExercise
from autograder.spec.load import find_chapter

PackOf = Callable[..., PackedExercise]
CHANCE = Path(__file__).parent / "course3"
ROWS = [("conv1", 640), ("conv3", 9248), ("head", 1290)]


def text_of(pack_of: PackOf, right: Any, mine: Any, **options: Any) -> str:
    pack = pack_of(right, case("c", group="all", **options), driver="answer")
    failure = judge(pack, run(pack, {"subject": mine})).cases[0].failure
    assert failure is None or not failure.detail
    return failure.text if failure else ""


@pytest.mark.parametrize(
    ("right", "mine", "options"),
    [
        (7, 7, {}),
        (7, np.int64(7), {}),
        (7, 7.0, {}),
        (0.1 + 0.2, 0.3, {}),
        (0.0571, 0.057, {"close": 5e-4}),
        (0.5, 0.75, {"close": 0.25}),
        ("Batch Norm", " batch  norm\n", {"fold": True}),
        (ROWS, [list(r) for r in ROWS], {}),
        (ROWS, ROWS[::-1], {"unordered": True}),
        ([1.0, 1.2, 1.4], [1.3, 1.1, 1.2], {"unordered": True, "close": 0.1}),
        ({"a": 1, "b": [2, 3]}, {"b": (2, 3), "a": 1}, {}),
        ((3, 4, 5), np.array([3, 4, 5]), {}),
        (True, np.bool_(True), {}),
        (10**400, 10**400, {}),
    ],
)
def test_the_same_answer_in_other_clothes_passes(
    right: Any, mine: Any, options: dict[str, Any], pack_of: PackOf
) -> None:
    assert text_of(pack_of, right, mine, **options) == ""


@pytest.mark.parametrize(
    ("right", "mine", "options", "text"),
    [
        (7, 8, {}, "the number is not the right one"),
        (7, 7.001, {"close": 1.0}, "the number is not the right one"),
        (7, "7", {}, "the answer should be a number and is of type str"),
        (7, True, {}, "the answer should be a number and is of type bool"),
        (7, 10**400, {}, "the number is not the right one"),
        (0.5, 10**400, {"close": 1e-3}, "the number is not the right one"),
        (0.5, float("nan"), {"close": 1e-3}, "the number is not the right one"),
        (0.0571, 5.71, {"close": 1e-4}, "the number is not the right one"),
        (0.0571, 0.06, {"close": 1e-4}, "the number is nearly right, but farther off than the 0.0001 that are allowed"),
        ("ReLU", "relu", {}, "the text is right but for capitals or white space"),
        ("ReLU", "tanh", {"fold": True}, "the text is not the right one"),
        (ROWS, ROWS[:1], {}, "2 rows are missing"),
        (ROWS, [("conv1", 576)], {"unordered": True}, "2 rows are missing and 1 row is wrong"),
        (ROWS, [*ROWS, *ROWS[:1]], {"unordered": True}, "1 row is too many"),
        (ROWS, [*ROWS[:2], ("head", 1)], {"unordered": True}, "the right number of rows, but 1 row is wrong"),
        (ROWS, [ROWS[0], ROWS[0], ROWS[0]], {"unordered": True}, "the right number of rows, but 2 rows are wrong"),
        (ROWS, ROWS[::-1], {}, "the right rows in another order"),
        ([3, 4, 5], [3, 5, 4], {}, "the right entries in another order"),
        ([3, 4, 5], [3, 4, 6], {}, "the right number of entries, but 1 entry is wrong"),
        (ROWS, "conv1", {}, "the answer should be a list and is of type str"),
        ({"a": 1, "b": 2}, {"a": 1}, {}, "of its keys, 1 are missing and 0 are not asked for"),
        ({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 3, "c": 4}, {}, "the entry 'b' and 1 more are wrong"),
        ({"a": 1}, {"a": 3}, {}, "the entry 'a' is wrong"),
    ],
)
def test_a_wrong_answer_is_told_how_much_is_right_and_not_what(
    right: Any, mine: Any, options: dict[str, Any], text: str, pack_of: PackOf
) -> None:
    assert text_of(pack_of, right, mine, **options) == text


@pytest.mark.parametrize("blank", [None, ..., NotImplemented])
def test_an_answer_that_was_left_open_is_not_implemented_yet(blank: Any, pack_of: PackOf) -> None:
    assert text_of(pack_of, ROWS, blank) == "not implemented yet"
    pack = pack_of(ROWS, case("c", group="all"), driver="answer")
    assert judge(pack, run(pack, {"subject": blank})).reason == "not implemented yet"


def test_several_questions_in_one_exercise_are_functions_by_name(pack_of: PackOf) -> None:
    questions = {"size": lambda: 3, "table": lambda: {"a": 1}}
    cases = [case(name, group=name, subject=name) for name in questions]
    pack = pack_of(questions, *cases, driver="answer")
    verdict = judge(pack, run(pack, {"size": 3, "table": {"a": 2}}))
    assert [g.passed for g in verdict.groups] == [True, False]
    assert pack_of({"a": 1}, case("c", group="all"), driver="answer").subjects == ("subject",)


def test_no_right_value_is_in_a_message_even_with_odd_answers(pack_of: PackOf) -> None:
    for mine in (object(), [object()], {"x": object()}, b"bytes", {1, 2}, 1 + 2j, [[[]]], {3: 4}):
        for right in (640, "relu", ROWS, {"a": 640}, 6.5):
            text = text_of(pack_of, right, mine)
            assert text
            assert not any(secret in text for secret in ("640", "relu", "conv", "6.5"))


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The public pack of the course's exercises, as a file."""
    from autograder.assemble import assemble

    exercises = find_chapter(CHANCE / "solutions", "1").exercises()
    pack = assemble("01_chance", [exercises["audit"], exercises["share"]], PUBLIC, "test")
    pack.save(tmp_path / "cases.pack")
    monkeypatch.setenv("AUTOGRADER_PACK", str(tmp_path / "cases.pack"))
    return tmp_path


def test_check_takes_a_value(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    client_module.check("audit", ROWS[:2])
    assert "1 row is missing" in capsys.readouterr().out
    assert not client_module.solved("audit")
    client_module.check("audit", ROWS)
    assert client_module.solved("audit")
    client_module.check("share", ...)
    assert "not implemented yet" in capsys.readouterr().out.lower()


def test_the_worker_takes_a_value_and_says_which_is_missing(built: Path) -> None:
    whole = Pack.load(built / "cases.pack")
    inputs = built / "inputs.pack"
    Pack("c", INPUTS, tuple(e.inputs_only() for e in whole.exercises)).save(inputs)
    answer("audit", str(inputs), str(built / "a"), {"audit": [["head", 1290], ["conv3", 9248], ["conv1", 640]]})
    missing, outcomes = read_answers(built / "a")
    assert missing == []
    assert judge(whole["audit"], outcomes).passed
    answer("audit", str(inputs), str(built / "b"), {"share": 3})
    assert read_answers(built / "b") == (["audit"], [])


def test_a_released_question_runs_and_is_open(tmp_path: Path) -> None:
    chapter = find_chapter(CHANCE / "solutions", "1")
    released = release(to_notebook(read_source(chapter.notebook, chapter.exercises())))
    cells = {c.id: c.source for c in released.cells}
    scope: dict[str, Any] = {}
    exec(cells["audit"], scope)
    assert scope["audit"] is ...
    assert cells["audit"].endswith("# YOUR CODE HERE")
    assert "raise NotImplementedError" in cells["dropout"]
    nbformat.validate(released)


def test_the_chapter_with_questions_is_built_without_a_leak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_SECRET", "test")
    shutil.copytree(CHANCE, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(tmp_path / "course")
    spec = course.solutions / "01_chance" / "exercises.py"
    notebook = course.solutions / "01_chance" / "notebook.py"
    spec.write_text(_only_from(spec.read_text(), "audit = Exercise(", "dropout = Exercise("))
    notebook.write_text(_only_from(notebook.read_text(), '# %% exercise="audit"', '# %% exercise="dropout"'))
    build_chapter(course, find_chapter(course.solutions, "1"))
    assert (course.assignments / "01_chance" / "01_chance.ipynb").is_file()


def _only_from(text: str, start: str, first: str) -> str:
    return text[: text.index(first)] + text[text.index(start) :]
