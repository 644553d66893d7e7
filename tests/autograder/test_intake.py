"""Submissions are mended where that needs no guessing, and the student is told."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode
from small_class import RIGHT, find, hand_in

from autograder.build.build import Course
from autograder.build.release import release as to_release
from autograder.build.source import read_source, to_notebook
from autograder.grading.intake import grade_id, take_in
from autograder.spec.load import find_chapter

SMALL = Course(Path(__file__).parent / "course")


@pytest.fixture(scope="module")
def release() -> NotebookNode:
    chapter = find_chapter(SMALL.solutions, "1")
    return to_release(to_notebook(read_source(chapter.notebook, chapter.exercises())))


def names(notebook: NotebookNode) -> list[str]:
    return [grade_id(c) for c in notebook.cells if grade_id(c)]


def test_an_ordinary_submission_is_taken_as_it_is(tmp_path: Path, release: NotebookNode) -> None:
    taken = take_in(hand_in(tmp_path, "ada", release, RIGHT), release)
    assert taken.remarks == ()
    assert taken.unreadable == ""
    assert names(taken.notebook) == names(release)
    assert taken.notebook.cells[find(taken.notebook, "swish")].source == RIGHT["swish"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        ('{"cells": [', "its JSON breaks off or is damaged at line 1"),
        ("[1, 2]", "it is JSON, but not a notebook"),
        ('{"nbformat": 4, "nbformat_minor": 5, "cells": 7, "metadata": {}}', "while reading its cells"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_not_a_notebook_is_said_to_be_unreadable(
    tmp_path: Path, release: NotebookNode, text: str, why: str
) -> None:
    taken = take_in(hand_in(tmp_path, "ada", release, text=text), release)
    assert why in taken.unreadable
    assert "submit it again" in taken.unreadable
    assert names(taken.notebook) == names(release)


def test_a_missing_file_and_bytes_that_are_no_text_are_said_to_be_unreadable(
    tmp_path: Path, release: NotebookNode
) -> None:
    assert "could not be opened" in take_in(tmp_path / "nowhere.ipynb", release).unreadable
    (tmp_path / "bytes.ipynb").write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in take_in(tmp_path / "bytes.ipynb", release).unreadable


def test_a_doubled_check_cell_counts_once(tmp_path: Path, release: NotebookNode) -> None:
    path = hand_in(tmp_path, "ada", release, RIGHT, lambda n: n.cells.append(n.cells[find(n, "check-swish")]))
    taken = take_in(path, release)
    assert names(taken.notebook).count("check-swish") == 1
    assert taken.remarks == ("The cell 'check-swish' was there twice; the first one counts.",)


def test_a_doubled_solution_cell_is_run_twice_and_graded_once(tmp_path: Path, release: NotebookNode) -> None:
    path = hand_in(
        tmp_path, "ada", release, RIGHT, lambda n: n.cells.insert(3, copy.deepcopy(n.cells[find(n, "softmax")]))
    )
    taken = take_in(path, release)
    assert names(taken.notebook).count("softmax") == 1
    assert sum(c.source == RIGHT["softmax"] for c in taken.notebook.cells) == 2
    assert len({c.id for c in taken.notebook.cells}) == len(taken.notebook.cells)


def test_a_deleted_check_cell_is_put_back_behind_its_solution(tmp_path: Path, release: NotebookNode) -> None:
    path = hand_in(tmp_path, "ada", release, RIGHT, lambda n: n.cells.pop(find(n, "check-softmax")))
    taken = take_in(path, release)
    assert find(taken.notebook, "check-softmax") == find(taken.notebook, "softmax") + 1
    assert taken.remarks == ("The cell 'check-softmax' was deleted; it was put back.",)


def test_a_notebook_that_lost_its_metadata_gets_one_remark_and_its_checks(
    tmp_path: Path, release: NotebookNode
) -> None:
    def strip(notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            cell.metadata = {}

    taken = take_in(hand_in(tmp_path, "ada", release, RIGHT, strip), release)
    assert len(taken.remarks) == 1
    assert names(taken.notebook) == ["check-softmax", "check-swish"]
    assert [c.source for c in taken.notebook.cells].count(RIGHT["swish"]) == 1


def test_a_check_cell_cannot_be_edited_or_be_worth_more(tmp_path: Path, release: NotebookNode) -> None:
    def cheat(notebook: NotebookNode) -> None:
        cell = notebook.cells[find(notebook, "check-softmax")]
        cell.source = "print('all passed')"
        cell.metadata.nbgrader.points = 1000
        cell.metadata.nbgrader.solution = True

    taken = take_in(hand_in(tmp_path, "ada", release, RIGHT, cheat), release)
    original = release.cells[find(release, "check-softmax")]
    cell = taken.notebook.cells[find(taken.notebook, "check-softmax")]
    assert (cell.source, cell.metadata) == (original.source, original.metadata)
    assert taken.remarks == ("The cell 'check-softmax' was edited; the original was run.",)


def test_a_solution_turned_into_text_is_run_as_code(tmp_path: Path, release: NotebookNode) -> None:
    def retype(notebook: NotebookNode) -> None:
        i = find(notebook, "swish")
        old = notebook.cells[i]
        notebook.cells[i] = nbformat.v4.new_markdown_cell(old.source, metadata=old.metadata)

    taken = take_in(hand_in(tmp_path, "ada", release, RIGHT, retype), release)
    assert taken.notebook.cells[find(taken.notebook, "swish")].cell_type == "code"
    assert taken.remarks == ("The cell 'swish' was turned into markdown; it was run as code.",)


def test_unknown_names_lose_their_claim_to_points(tmp_path: Path, release: NotebookNode) -> None:
    def forge(notebook: NotebookNode) -> None:
        cell = nbformat.v4.new_code_cell("1")
        cell.metadata["nbgrader"] = {"grade": True, "grade_id": "bonus", "points": 50, "locked": False}
        notebook.cells.append(cell)

    taken = take_in(hand_in(tmp_path, "ada", release, RIGHT, forge), release)
    assert names(taken.notebook) == names(release)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_damage_to_the_file_makes_the_intake_fail(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    chapter = find_chapter(SMALL.solutions, "1")
    good = to_release(to_notebook(read_source(chapter.notebook, chapter.exercises())))
    tree = json.loads(nbformat.writes(good))
    junk = st.sampled_from([None, 7, "x", [], {}, [{}], {"nbgrader": 3}, True])
    for _ in range(data.draw(st.integers(1, 4))):
        node: Any = tree
        parent, key = None, None
        while isinstance(node, dict | list) and node and data.draw(st.booleans()):
            parent = node
            key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else list(range(len(node)))))
            node = node[key]
        if parent is not None:
            assert key is not None
            parent[key] = copy.deepcopy(data.draw(junk))
    path = tmp_path_factory.mktemp("damaged") / "a.ipynb"
    path.write_text(json.dumps(tree))
    taken = take_in(path, good)
    assert {n for n in names(taken.notebook) if n.startswith("check-")} == {"check-softmax", "check-swish"}
    nbformat.validate(taken.notebook)
