"""What an author and a student see of `autograder new`, `try` and `status`."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import autograder
from autograder import client, progress
from autograder.build.build import Course, check_assignment, prove_chapter
from autograder.build.source import read_source
from autograder.commands import cli
from autograder.packs import Pack
from autograder.progress import PROGRESS_NAME, Checked, minutes_spent, note_check, read_checks
from autograder.spec import SpecError
from autograder.spec.load import find_chapter
from autograder.standing import find_status
from autograder.status import status_html, status_text

SMALL = Path(__file__).parent / "course"
Command = Callable[..., Result]
RIGHT = """
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""
WHOLE = """
import numpy as np


def softmax(x, axis=-1):
    e = np.exp(x - x.max())
    return e / e.sum()
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small course, in which the commands run."""
    folder = tmp_path / "course"
    shutil.copytree(SMALL, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("AUTOGRADER_SECRET", "test")
    return folder


@pytest.fixture
def command() -> Command:
    """Run `autograder` with some words."""
    return lambda *words: CliRunner().invoke(cli, words)


@pytest.fixture
def solution(tmp_path: Path) -> Callable[[str], str]:
    """Write a solution's file."""

    def write(text: str) -> str:
        path = tmp_path / "mine.py"
        path.write_text(text)
        return str(path)

    return write


# new


@pytest.mark.parametrize("driver", ["function", "gradient"])
def test_a_new_exercise_in_a_new_chapter_is_proved_as_it_stands(course: Path, command: Command, driver: str) -> None:
    done = command("new", "02_more", "first_try", "--driver", driver, "--create")
    assert done.exit_code == 0, done.output
    assert "solutions/02_more/exercises/first_try.py" in done.output
    assert "autograder prove 02_more" in done.output
    (proof,) = prove_chapter(Course(course), find_chapter(course / "solutions", "2")).proofs
    assert {name: tally.wrong for name, tally in proof.tallies.items() if tally.wrong} == {}
    assert proof.tallies["mutants"].total > 0


def test_a_second_exercise_is_added_after_the_first_and_leaves_it_as_it_was(course: Path, command: Command) -> None:
    command("new", "02_more", "one", "--create")
    chapter = find_chapter(course / "solutions", "2")
    before = chapter.notebook.read_text()
    assert command("new", "2", "two", "--driver", "gradient").exit_code == 0
    assert chapter.notebook.read_text().startswith(before)
    assert [e.name for e in read_source(chapter.notebook, chapter.exercises()).exercises] == ["one", "two"]


def test_the_exercise_of_the_guide_for_authors_is_proved_as_it_is_printed(course: Path, command: Command) -> None:
    command("new", "04_convolution", "leaky", "--create")
    chapter = find_chapter(course / "solutions", "4")
    guide = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text()
    spec, cells = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    chapter.spec_files[0].write_text(spec)
    text = chapter.notebook.read_text()
    chapter.notebook.write_text(text[: text.index("# %% [markdown]\n# ## Leaky")] + cells)
    (proof,) = prove_chapter(Course(course), chapter).proofs
    assert {name: tally.wrong for name, tally in proof.tallies.items() if tally.wrong} == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["2", "thing"], "no chapter '2' in .*; there are: 01_small; with --create"),
        (["more", "thing", "--create"], "a chapter is called NN_name, for example"),
        (["01_other", "thing", "--create"], "chapter 01 is 01_small already"),
        (["1", "two words"], "'two words' cannot be the name of a function"),
        (["1", "class"], "'class' cannot be the name of a function"),
        (["1", "thing"], "01_small keeps its exercises in exercises.py; move it to exercises/NAME.py"),
        (["1", "thing", "--driver", "magic"], "'magic' is not one of 'function', 'gradient'"),
    ],
)
def test_what_cannot_be_new_is_refused_with_the_reason(
    course: Path, command: Command, words: list[str], said: str
) -> None:
    before = {p: p.read_bytes() for p in course.rglob("*") if p.is_file()}
    done = command("new", *words)
    assert done.exit_code != 0
    assert re.search(said, " ".join(done.output.split())), done.output
    assert {p: p.read_bytes() for p in course.rglob("*") if p.is_file() and "__pycache__" not in p.parts} == before


def test_nothing_is_written_over(course: Path, command: Command) -> None:
    command("new", "02_more", "one", "--create")
    notebook = course / "solutions/02_more/notebook.py"
    notebook.write_text(notebook.read_text() + "\n\n# %%\ndef helper():\n    pass\n")
    before = notebook.read_bytes()
    for name, said in (("one", "called one in 02_more already"), ("helper", "the name helper is used already")):
        done = command("new", "2", name)
        assert done.exit_code == 1
        assert said in done.output
    assert notebook.read_bytes() == before


# try


def test_a_right_solution_passes_and_may_use_what_the_notebook_imports(
    course: Path, command: Command, solution: Callable[[str], str]
) -> None:
    for hidden in ([], ["--hidden"]):
        done = command("try", "1", "softmax", "--solution", solution(RIGHT), *hidden)
        assert done.exit_code == 0, done.output
        assert "Softmax: all" in done.output


def test_a_wrong_solution_gets_the_students_report_and_status_1(
    course: Path, command: Command, solution: Callable[[str], str]
) -> None:
    done = command("try", "1", "softmax", "--solution", solution(WHOLE))
    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert "This looks like: sum over the whole array. Each row must sum to one, not the whole array." in said
    assert "0 of 2 points" in said


def test_hidden_cases_are_others_and_more(course: Path, command: Command, solution: Callable[[str], str]) -> None:
    public, hidden = (
        command("try", "1", "softmax", "--solution", solution(RIGHT), *more).output for more in ([], ["--hidden"])
    )
    assert "all 9 cases pass" in public
    assert "all 25 cases pass" in hidden


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(:\n", "mine.py, line 1: SyntaxError"),
        ("x = 1\nnumpy.zeros(3)\n", "mine.py, line 2: NameError: name 'numpy' is not defined"),
        ("def sofmax(x):\n    return x\n", "defines no softmax; check needs softmax"),
    ],
)
def test_a_file_that_is_no_solution_is_answered_with_the_place(
    course: Path, command: Command, solution: Callable[[str], str], text: str, said: str
) -> None:
    done = command("try", "1", "softmax", "--solution", solution(text))
    assert done.exit_code == 1
    assert said in done.output


def test_an_unknown_exercise_is_answered_with_the_known_ones(
    course: Path, command: Command, solution: Callable[[str], str]
) -> None:
    done = command("try", "1", "sofmax", "--solution", solution(RIGHT))
    assert "no exercise 'sofmax' in 01_small; there are: softmax, swish" in done.output


@pytest.mark.parametrize(
    ("good", "bad", "line"),
    [
        ("draw.normal(1, c)", "draw.norml(1, c)", "a batch of one"),
        ("x=draw.normal(n, c, t), axis=1", "x=draw.normal(n, c, t), axes=1", "@softmax.cases"),
        ("keepdims=True))\n    return e /", "keepdims=1 / 0))\n    return e /", "e = np.exp"),
        ('group="dtypes", x=draw.integer_array', 'group="dtype", x=draw.integer_array', "@softmax.cases"),
    ],
)
def test_an_error_in_a_spec_names_its_file_and_line(
    course: Path, command: Command, solution: Callable[[str], str], good: str, bad: str, line: str
) -> None:
    spec = course / "solutions/01_small/exercises.py"
    text = spec.read_text()
    assert good in text
    spec.write_text(text.replace(good, bad, 1))
    number = next(i for i, x in enumerate(spec.read_text().splitlines(), 1) if line in x)
    done = command("try", "1", "softmax", "--solution", solution(RIGHT))
    assert isinstance(done.exception, SpecError)
    assert str(done.exception).startswith(f"{spec}, line {number}: ")


# progress and status


@pytest.fixture
def assignment(small_pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a student who has just fetched the assignment."""
    folder = tmp_path / "home" / "01_small"
    folder.mkdir(parents=True)
    small_pack.save(folder / "cases.pack")
    monkeypatch.chdir(folder)
    monkeypatch.delenv(client.PACK_VARIABLE, raising=False)
    monkeypatch.setattr(client, "_verdicts", {})
    return folder


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def of_the_last_axis(x: np.ndarray, axis: int = -1) -> np.ndarray:
    return softmax(x)


def unsolved(x: np.ndarray, axis: int = -1) -> np.ndarray:
    raise NotImplementedError


def test_check_notes_the_exercise_the_groups_passed_and_the_time_and_nothing_else(
    assignment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress.time, "time", lambda: 100.0)
    autograder.check("softmax", of_the_last_axis)
    assert json.loads((assignment / PROGRESS_NAME).read_text()) == {
        "softmax": [{"time": 100.0, "passed": ["rows", "large numbers", "dtypes"]}]
    }
    assert sorted(p.name for p in assignment.iterdir()) == [PROGRESS_NAME, "cases.pack"]


def test_running_an_unsolved_notebook_leaves_its_exercises_untouched(assignment: Path) -> None:
    autograder.check("softmax", unsolved)
    assert not (assignment / PROGRESS_NAME).exists()
    (chapter,) = find_status(assignment)
    assert [e.state for e in chapter.exercises] == ["untouched", "untouched"]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"\xff\x00",
        b"[1, 2]",
        b"[" * 100000,
        b'{"softmax": 3}',
        b'{"softmax": [3, {"time": "x"}, {"time": NaN}]}',
    ],
)
def test_a_damaged_file_stops_neither_check_nor_status(assignment: Path, damage: bytes) -> None:
    (assignment / PROGRESS_NAME).write_bytes(damage)
    assert find_status(assignment)[0].exercises[0].state == "untouched"
    autograder.check("softmax", softmax)
    assert find_status(assignment)[0].exercises[0].state == "passed"


def test_a_folder_that_cannot_be_written_to_does_not_stop_check(
    assignment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr(progress, "write_atomically", refuse)
    autograder.check("softmax", softmax)
    assert autograder.solved("softmax")
    assert capsys.readouterr().err == ""
    assert sorted(p.name for p in assignment.iterdir()) == ["cases.pack"]


def test_the_last_check_counts(assignment: Path) -> None:
    for function, state, points in (
        (of_the_last_axis, "tried", 4),
        (softmax, "passed", 5),
        (of_the_last_axis, "tried", 4),
    ):
        autograder.check("softmax", function)
        first, second = find_status(assignment)[0].exercises
        assert (first.state, first.points, first.max_points, first.to_go) == (
            *(state, points, 5),
            0 if state == "passed" else 10,
        )
        assert (second.state, second.points, second.to_go) == ("untouched", 0, 5)


def test_a_pause_counts_as_a_quarter_of_an_hour_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for minute in (0, 10, 310, 314):
        monkeypatch.setattr(progress.time, "time", lambda at=minute: 1e9 + 60 * at)
        note_check(tmp_path, "softmax", [])
    checks = read_checks(tmp_path)["softmax"]
    assert len(checks) == 4
    assert minutes_spent(checks) == pytest.approx(10 + 15 + 4)
    assert minutes_spent([Checked(5.0, ())]) == 0


def test_checks_of_another_clock_never_take_time_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for minute in (20, 5, 10):
        monkeypatch.setattr(progress.time, "time", lambda at=minute: 1e9 + 60 * at)
        note_check(tmp_path, "softmax", [])
    assert minutes_spent(read_checks(tmp_path)["softmax"]) == pytest.approx(15)


def test_status_finds_every_assignment_below_a_folder_and_adds_up(
    assignment: Path, small_pack: Pack, command: Command
) -> None:
    Pack("02_second", "public", small_pack.exercises).save(assignment.parent / "deep" / "02_second" / "cases.pack")
    Pack("03_secret", "hidden", small_pack.exercises).save(assignment.parent / "03_secret" / "cases.pack")
    shutil.copytree(assignment, assignment.parent / ".trash" / "01_small")
    (assignment.parent / "broken").mkdir()
    (assignment.parent / "broken" / "cases.pack").write_bytes(b"half a down")
    autograder.check("softmax", softmax)
    first, second = find_status(assignment.parent)
    assert (first.name, second.name) == ("01_small", "02_second")
    total = first.total()
    assert (total.state, total.points, total.max_points, total.to_go) == ("1 of 2 passed", 5, 7, 5)
    said = command("status", str(assignment.parent)).output
    for text in ("01_small", "02_second", "✓ passed", "– untouched", "1 of 2 passed", "5 of 7"):
        assert text in said


def test_status_outside_of_an_assignment_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    autograder.status(tmp_path)
    assert "There is no assignment in" in capsys.readouterr().out


def test_status_in_a_notebook_is_a_table_with_headings_for_rows_and_columns(assignment: Path) -> None:
    autograder.check("softmax", softmax)
    cells: list[tuple[str, dict[str, str | None]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            cells.append((tag, dict(attrs)))

    found = find_status(assignment)
    html = status_html(found)
    Tags().feed(html)
    headings = [attributes.get("scope") for tag, attributes in cells if tag == "th"]
    assert headings == ["col"] * 5 + ["row"] * 3
    assert sum(tag == "caption" for tag, _ in cells) == 1
    assert "✓ passed" in html
    assert "Softmax" in status_text(found)


def test_names_in_a_pack_cannot_bring_markup_into_the_table(small_pack: Pack, tmp_path: Path) -> None:
    Pack("<script>alert(1)</script>", "public", small_pack.exercises).save(tmp_path / "cases.pack")
    assert "<script>" not in status_html(find_status(tmp_path))


def test_an_authors_own_progress_does_not_count_as_a_file_of_the_assignment(course: Path, command: Command) -> None:
    chapter = find_chapter(course / "solutions", "1")
    assert command("build", "1").exit_code == 0
    target = course / "assignments" / "01_small"
    note_check(target, "softmax", ["rows"])
    assert check_assignment(Course(course), chapter) == []
    (target / ".other.json").write_text("{}")
    assert check_assignment(Course(course), chapter) == [
        f"{target / '.other.json'}: does not come from the build; remove it"
    ]
    (target / ".other.json").unlink()
    command("build", "1")
    assert (target / PROGRESS_NAME).is_file()
