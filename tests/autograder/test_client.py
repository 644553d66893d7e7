"""What a student calls: `check`, `hint` and `solved`, on the small course's public pack."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder import check, client, hint, solved
from autograder.packs import Pack, PackError

Said = Callable[[], str]


@pytest.fixture(autouse=True)
def student(small_pack_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A student who has just opened the assignment."""
    monkeypatch.setenv(client.PACK_VARIABLE, str(small_pack_file))
    monkeypatch.setattr(client, "_verdicts", {})
    monkeypatch.setattr(client, "_hints_shown", {})


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What was printed since the last call, on one line."""
    return lambda: " ".join(capsys.readouterr().out.split())


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def whole_sum(x: np.ndarray, axis: int = -1) -> np.ndarray:
    return np.exp(x - x.max()) / np.exp(x - x.max()).sum()


def unsolved(x: np.ndarray, axis: int = -1) -> np.ndarray:
    raise NotImplementedError("write softmax here")


def test_a_right_function_passes_every_case_and_is_solved(said: Said) -> None:
    check("softmax", softmax)
    text = said()
    assert text.startswith("Softmax: all 9 cases pass.")
    assert "hidden" in text
    assert solved("softmax")


def test_a_right_torch_function_passes_with_its_gradient(said: Said) -> None:
    check("swish", lambda x: x * torch.sigmoid(x))
    assert said().startswith("Swish: all 1 ")
    assert solved("swish")
    assert not solved("softmax")


def test_a_wrong_function_is_told_the_case_and_the_hint_of_its_mistake(said: Said) -> None:
    check("softmax", whole_sum)
    text = said()
    assert "0 of 2 points" in text
    assert "two rows by hand" in text
    assert "sum over the whole array" in text
    assert "Each row must sum to one, not the whole array." in text
    assert not solved("softmax")


def test_what_a_wrong_function_printed_is_shown(said: Said) -> None:
    def talking(x: np.ndarray, axis: int = -1) -> np.ndarray:
        print("my shape is", x.shape)
        return x

    check("softmax", talking)
    assert "my shape is (2, 2)" in said()


def test_an_unsolved_function_is_told_so_without_a_case(said: Said) -> None:
    check("softmax", unsolved)
    text = said()
    assert text.startswith("Softmax: not implemented yet.")
    assert 'hint("softmax")' in text
    assert "two rows by hand" not in text
    assert not solved("softmax")


@pytest.mark.parametrize("thing", [None, 3, np.ones(2), "softmax"])
def test_a_name_that_is_no_function_any_more_is_told_so(thing: Any, said: Said) -> None:
    check("softmax", thing)
    assert "softmax is not a function any more: was the name used for something else?" in said()
    assert not solved("softmax")


def test_any_callable_is_a_function(said: Said) -> None:
    class Softmax:
        def __call__(self, x: np.ndarray, axis: int = -1) -> np.ndarray:
            return softmax(x, axis)

    check("softmax", Softmax())
    assert solved("softmax")


@pytest.mark.parametrize(("given", "count"), [((), 0), ((softmax, softmax), 2)])
def test_a_wrong_number_of_functions_is_refused_with_the_right_one(given: tuple[Any, ...], count: int) -> None:
    with pytest.raises(ValueError, match=rf"this exercise has 1 function\(s\) \(softmax\), you gave {count}"):
        check("softmax", *given)


@pytest.mark.parametrize("call", [lambda: check("sofmax", softmax), lambda: hint("sofmax")])
def test_an_unknown_exercise_is_answered_with_the_known_ones(call: Callable[[], None]) -> None:
    with pytest.raises(ValueError, match="no exercise 'sofmax' in 01_small; its exercises are softmax, swish"):
        call()
    assert not solved("sofmax")


def test_without_a_pack_the_student_is_told_where_it_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(client.PACK_VARIABLE)
    with pytest.raises(FileNotFoundError, match=r"there is no cases\.pack in .* It comes with the assignment"):
        check("softmax", softmax)
    monkeypatch.setenv(client.PACK_VARIABLE, str(tmp_path / "other.pack"))
    with pytest.raises(FileNotFoundError, match=r"there is no other\.pack in"):
        check("softmax", softmax)


def test_the_pack_in_the_current_folder_is_found(
    small_pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_pack.save(tmp_path / "cases.pack")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(client.PACK_VARIABLE)
    check("softmax", softmax)
    assert solved("softmax")


def test_a_damaged_pack_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cases.pack").write_bytes(b"half a down")
    monkeypatch.setenv(client.PACK_VARIABLE, str(tmp_path / "cases.pack"))
    with pytest.raises(PackError, match="fetch or build it again"):
        check("softmax", softmax)


def test_hints_come_one_by_one_and_each_exercise_has_its_own_ladder(said: Said) -> None:
    hint("softmax")
    assert said() == "Hint 1 of 2 for softmax: What do the entries of a row sum to?"
    hint("swish")
    assert said() == "Hint 1 of 1 for swish: It is x times the sigmoid of x."
    hint("softmax")
    assert said() == "Hint 2 of 2 for softmax: exp overflows beyond 709: what can you subtract?"
    for _ in range(2):
        hint("softmax")
        assert said().startswith("There are no more hints for softmax: you have seen all 2.")


def test_solved_speaks_of_the_last_check(said: Said) -> None:
    assert not solved("softmax")
    for function, expected in ((softmax, True), (whole_sum, False), (softmax, True), (unsolved, False)):
        check("softmax", function)
        assert solved("softmax") is expected


def test_a_check_returns_nothing_that_a_notebook_would_display(said: Said) -> None:
    results: list[Any] = [check("softmax", softmax), hint("softmax")]  # pyright: ignore[reportAssignmentType]
    assert results == [None, None]


def test_a_check_leaves_the_students_arrays_and_the_pack_alone(small_pack_file: Path) -> None:
    before = small_pack_file.read_bytes()

    def spoiling(x: np.ndarray, axis: int = -1) -> np.ndarray:
        x[...] = 0
        return x

    for _ in range(2):
        check("softmax", spoiling)
    assert small_pack_file.read_bytes() == before
    check("softmax", softmax)
    assert solved("softmax")
