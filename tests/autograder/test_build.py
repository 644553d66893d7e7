"""The build: what students get is proved, complete, the same each time, and tells nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from autograder.build.build import BuildError, Course, build_chapter, check_assignment
from autograder.packs import HIDDEN, PUBLIC, Pack
from autograder.spec import SpecError
from autograder.spec.load import Chapter, find_chapter

SMALL = Path(__file__).parent / "course"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = tmp_path_factory.mktemp("built") / "course"
    shutil.copytree(SMALL, folder, ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_SECRET", "test")
        build_chapter(course, find_chapter(course.solutions, "1"))
    return course


@pytest.fixture
def course(original: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("AUTOGRADER_SECRET", "test")
    shutil.copytree(original.root, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def chapter(course: Course) -> Chapter:
    return find_chapter(course.solutions, "1")


def test_students_get_the_notebook_and_the_public_pack_and_nothing_else(course: Course) -> None:
    folder = course.assignments / "01_small"
    assert sorted(p.name for p in folder.iterdir()) == ["01_small.ipynb", "cases.pack"]
    assert Pack.load(folder / "cases.pack").kind == PUBLIC
    assert Pack.load(course.hidden_pack("01_small")).kind == HIDDEN


def test_the_students_notebook_is_cleared_locked_and_worth_the_specs_points(course: Course) -> None:
    notebook = nbformat.read(course.assignments / "01_small" / "01_small.ipynb", as_version=4)
    fields = {c.id: c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata}
    assert set(fields) == {"softmax", "check-softmax", "swish", "check-swish"}
    assert fields["check-softmax"].points == 5
    assert fields["check-softmax"].grade
    assert fields["check-softmax"].locked
    (stub,) = [c.source for c in notebook.cells if c.id == "softmax"]
    assert "raise NotImplementedError" in stub
    assert '"""x (..., C, ...)' in stub
    assert "np.exp" not in stub


def test_the_build_gives_the_same_bytes_each_time(course: Course, chapter: Chapter) -> None:
    before = {p: p.read_bytes() for p in course.assignments.rglob("*") if p.is_file()}
    shutil.rmtree(course.assignments)
    build_chapter(course, chapter)
    assert {p: p.read_bytes() for p in course.assignments.rglob("*") if p.is_file()} == before


def test_a_built_chapter_passes_the_check_and_is_left_alone_by_another_build(course: Course, chapter: Chapter) -> None:
    assert check_assignment(course, chapter) == []
    assert not build_chapter(course, chapter).fresh


@pytest.mark.parametrize("name", ["01_small.ipynb", "cases.pack"])
def test_the_check_sees_a_file_that_is_out_of_date_or_missing(course: Course, chapter: Chapter, name: str) -> None:
    path = course.assignments / "01_small" / name
    path.unlink()
    assert any("missing; run `make assignments`" in w for w in check_assignment(course, chapter))


def test_the_check_sees_a_notebook_edited_by_hand(course: Course, chapter: Chapter) -> None:
    path = course.assignments / "01_small" / "01_small.ipynb"
    path.write_text(path.read_text().replace("# A small assignment", "# A great assignment"))
    assert check_assignment(course, chapter) == [f"{path}: out of date; run `make assignments`"]


def test_a_solution_planted_in_the_notebook_is_found(course: Course, chapter: Chapter) -> None:
    path = course.assignments / "01_small" / "01_small.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][-1]["source"] = ["shifted = np.exp(x - x.max(axis=axis,  keepdims=True))\n"]
    path.write_text(json.dumps(notebook))
    assert any("a line of the solution of softmax" in w for w in check_assignment(course, chapter))


def test_a_solution_planted_in_another_file_is_found(course: Course, chapter: Chapter) -> None:
    (course.assignments / "01_small" / "notes.txt").write_text("try: return x * torch.sigmoid(x)")
    assert any("a line of the solution of swish" in w for w in check_assignment(course, chapter))


def test_the_hidden_pack_planted_under_another_name_is_found(course: Course, chapter: Chapter) -> None:
    shutil.copy(course.hidden_pack("01_small"), course.assignments / "01_small" / "weights.bin")
    assert any("a hidden case of softmax" in w for w in check_assignment(course, chapter))


def test_a_hidden_case_planted_in_the_public_pack_is_found(course: Course, chapter: Chapter) -> None:
    public, hidden = course.assignments / "01_small" / "cases.pack", Pack.load(course.hidden_pack("01_small"))
    Pack("01_small", PUBLIC, hidden.exercises).save(public)
    assert any("a hidden case of softmax" in w for w in check_assignment(course, chapter))


def test_a_chapter_that_is_not_proved_is_not_released(course: Course, chapter: Chapter) -> None:
    spec = course.root / "solutions/01_small/exercises.py"
    spec.write_text(spec.read_text().replace('layout="non-contiguous", ', ""))
    shutil.rmtree(course.assignments)
    with pytest.raises(BuildError, match=r"not proved, nothing was released:\n.*assumes contiguous memory"):
        build_chapter(course, chapter)
    assert not course.assignments.exists()


def test_a_check_cell_that_does_not_fit_the_spec_is_refused_with_the_right_line(
    course: Course, chapter: Chapter
) -> None:
    source = course.root / "solutions/01_small/notebook.py"
    source.write_text(source.read_text().replace('check("swish", swish)', 'check("swish", softmax)'))
    with pytest.raises(SpecError, match=r'must read: check\("swish", swish\)'):
        build_chapter(course, chapter)


def test_an_exercise_without_its_cells_is_refused(course: Course, chapter: Chapter) -> None:
    source = course.root / "solutions/01_small/notebook.py"
    source.write_text(source.read_text().split('# %% exercise="swish"')[0])
    with pytest.raises(SpecError, match="exactly one cell"):
        build_chapter(course, chapter)


def test_the_secret_is_made_once_and_is_readable_by_its_owner_only(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTOGRADER_SECRET")
    first = course.secret()
    assert len(first) == 32
    assert course.secret() == first
    assert (course.root / ".secret").stat().st_mode & 0o777 == 0o600


def test_another_secret_draws_other_hidden_cases_and_the_same_public_ones(
    course: Course, chapter: Chapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, hidden = course.assignments / "01_small" / "cases.pack", course.hidden_pack("01_small")
    before = public.read_bytes(), hidden.read_bytes()
    monkeypatch.setenv("AUTOGRADER_SECRET", "another")
    build_chapter(course, chapter)
    assert public.read_bytes() == before[0]
    assert hidden.read_bytes() != before[1]
