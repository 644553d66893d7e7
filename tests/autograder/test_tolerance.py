"""Tolerances: another order of summation passes, an error far beyond rounding does not, for every case's own scale."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from autograder import case
from autograder.compare.tolerance import tolerances
from autograder.compare.verdict import judge
from autograder.packs import Outcome, PackedExercise

PackOf = Callable[..., PackedExercise]
SIZES = [(1, 3, 3), (2, 3, 5), (9, 3, 5), (12, 5, 4)]  # sums of 9 to 240 terms


def by_einsum(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.einsum("chwij,ocij->ohw", sliding_window_view(x, w.shape[2:], (1, 2)), w)


def by_loops(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Add one product after the other, in the dtype of the arguments."""
    windows = sliding_window_view(x, w.shape[2:], (1, 2))
    y = np.zeros((len(w), *windows.shape[1:3]), x.dtype)
    for c, i, j in np.ndindex(w.shape[1:]):
        y += w[:, c, i, j, None, None] * windows[c, :, :, i, j]
    return y


def by_loops_backwards(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return by_loops(x[::-1], w[:, ::-1])


def by_fft(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    size = x.shape[1:]
    product = np.fft.rfft2(x)[None] * np.conj(np.fft.rfft2(w, size))
    full = np.fft.irfft2(product.sum(axis=1), size)
    return full[:, : size[0] - w.shape[2] + 1, : size[1] - w.shape[3] + 1].astype(x.dtype)


def by_float64(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return by_einsum(x.astype(np.float64), w.astype(np.float64)).astype(x.dtype)


def by_matrix_product(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    windows = sliding_window_view(x, w.shape[2:], (1, 2))
    columns = windows.transpose(1, 2, 0, 3, 4).reshape(-1, w[0].size)
    return (columns @ w.reshape(len(w), -1).T).T.reshape(len(w), *windows.shape[1:3])


def exactly(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Return the sums in extended precision, eleven bits more than float64 has."""
    windows = sliding_window_view(x, w.shape[2:], (1, 2)).astype(np.longdouble)
    return np.einsum("chwij,ocij->ohw", windows, w.astype(np.longdouble))


def convolutions(size: tuple[int, int, int], dtype: str, seed: int) -> dict[str, Any]:
    rng, (c, k_h, k_w) = np.random.default_rng(seed), size
    return {"x": rng.standard_normal((c, 8, 9)).astype(dtype), "w": rng.standard_normal((4, c, k_h, k_w)).astype(dtype)}


def accepts(pack: PackedExercise, value: Any) -> bool:
    return judge(pack, [Outcome(value=value)]).passed


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("size", SIZES)
def test_right_answers_summed_in_another_order_pass(size: tuple[int, int, int], dtype: str, pack_of: PackOf) -> None:
    orders = (by_einsum, by_loops, by_loops_backwards, by_fft, by_float64, by_matrix_product)
    different = set()
    for seed in range(12):
        arguments = convolutions(size, dtype, seed)
        pack = pack_of(by_einsum, case("sum", group="all", **arguments))
        for order in orders:
            answer = order(**arguments)
            different.add(answer.tobytes())
            assert accepts(pack, answer), (order.__name__, seed)
    assert len(different) > 24, "the orders of summation must really round differently"


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("size", SIZES)
def test_a_thousand_times_the_rounding_error_fails(size: tuple[int, int, int], dtype: str, pack_of: PackOf) -> None:
    for seed in range(8):
        arguments = convolutions(size, dtype, seed)
        pack = pack_of(by_einsum, case("sum", group="all", **arguments))
        answer = by_loops(**arguments)
        rounding = float(np.max(np.abs(answer - exactly(**arguments))))
        assert rounding > 0
        answer[1, 2, 3] += 1000 * rounding
        assert not accepts(pack, answer), seed


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_tolerance_grows_with_the_answer_and_not_with_a_constant(dtype: str, pack_of: PackOf) -> None:
    arguments = convolutions(SIZES[1], dtype, 0)
    allowed = []
    for scale in (1.0, 2.0**-40, 2.0**30):
        scaled: dict[str, Any] = {"x": arguments["x"] * np.asarray(scale, dtype), "w": arguments["w"]}
        (tolerance,) = pack_of(by_einsum, case("sum", group="all", **scaled)).cases[0].tolerances
        allowed.append(tolerance / scale)
    assert allowed[1] == pytest.approx(allowed[0], rel=1e-6)
    assert allowed[2] == pytest.approx(allowed[0], rel=1e-6)


def test_a_case_that_magnifies_rounding_is_allowed_more(pack_of: PackOf) -> None:
    """(1 + δ) − 1 keeps the digits of δ that 1 + δ had room for."""
    delta = np.array([3e-9, 5e-9])
    (plain,) = pack_of(lambda x: x * 1.0, case("δ", group="all", x=delta)).cases[0].tolerances
    (cancelled,) = pack_of(lambda x: x - 1, case("1 + δ", group="all", x=1 + delta)).cases[0].tolerances
    assert cancelled > 1e6 * plain
    assert cancelled > np.finfo(float).eps


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_an_infinite_entry_does_not_open_the_door_for_the_others(dtype: str, pack_of: PackOf) -> None:
    mask = np.array([[0.0, 1.0], [1.0, 0.5]], dtype)

    def reference(x: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return np.log(x)

    pack = pack_of(reference, case("log of zero", group="all", x=mask))
    right = reference(mask)
    assert accepts(pack, right)
    assert math.isfinite(pack.cases[0].tolerances[0])
    for index, wrong in (((1, 1), 0.0), ((0, 0), -1e30), ((0, 0), np.inf), ((0, 1), np.nan)):
        answer = right.copy()
        answer[index] = wrong
        assert not accepts(pack, answer)


def test_a_nan_entry_does_not_close_the_door_for_the_others(pack_of: PackOf) -> None:
    x = np.array([[np.nan, 2.0, 3.0], [5.0, 7.0, 11.0]])
    pack = pack_of(lambda x: np.array([math.fsum(row) for row in x]) / 3, case("a gap", group="all", x=x))
    assert accepts(pack, np.array([np.nan, 5.0 / 3 + 7.0 / 3 + 11.0 / 3]))
    assert not accepts(pack, np.array([np.nan, 23.0 / 3 + 1e-9]))


def test_whole_numbers_used_as_indices_are_left_whole(pack_of: PackOf) -> None:
    labels = np.array([2, 0, 1, 2])
    pack = pack_of(lambda labels: np.eye(3, dtype="float32")[labels], case("one-hot", group="all", labels=labels))
    assert accepts(pack, (labels[:, None] == np.arange(3)).astype("float32"))
    assert pack.cases[0].tolerances[0] < 1e-4


@pytest.mark.parametrize(
    "reference",
    [
        lambda x: (x[:, None] == np.arange(4)).astype("float32"),
        lambda x: np.floor(x).astype("float32"),
        lambda x: (x >= 2).astype("float32"),
        lambda x: np.float32(x > 1) + np.float32(x),
    ],
    ids=["equality", "floor", "threshold", "threshold and value"],
)
def test_a_jump_of_the_reference_gives_no_tolerance(reference: Callable[..., Any], pack_of: PackOf) -> None:
    x = np.array([0.0, 1.0, 2.0, 3.0])
    for given in (x, x.astype(int), x.astype("float32")):
        pack = pack_of(reference, case("on the edge", group="all", x=given))
        assert accepts(pack, reference(given))
        assert pack.cases[0].tolerances[0] < 1e-4
        assert not accepts(pack, np.zeros_like(reference(given)))


def test_results_that_depend_on_a_whole_number_input_get_room_for_rounding(pack_of: PackOf) -> None:
    x = np.arange(1, 8)
    pack = pack_of(lambda x: np.log(np.sum(np.exp(x))), case("of whole numbers", group="all", x=x))
    assert accepts(pack, 7 + np.log(sum(math.exp(n - 7) for n in range(1, 8))))


def test_a_single_number_of_float32_may_be_off_by_float32_rounding(pack_of: PackOf) -> None:
    x = np.random.default_rng(0).standard_normal(200).astype("float32")
    pack = pack_of(lambda x: x.mean(), case("mean", group="all", x=x))
    total = np.float32(0)
    for entry in x:
        total += entry
    assert accepts(pack, total / np.float32(len(x)))
    assert accepts(pack, float(x.astype(float).mean()))
    assert not accepts(pack, float(x.mean()) + 1e-4)


def test_complex_answers_have_room_for_rounding_too(pack_of: PackOf) -> None:
    x = np.random.default_rng(0).standard_normal(30)
    turns = np.exp(-2j * np.pi * np.outer(np.arange(30), np.arange(30)) / 30)
    pack = pack_of(lambda x: np.fft.fft(x), case("spectrum", group="all", x=x))
    assert accepts(pack, turns @ x)
    assert not accepts(pack, (turns @ x) * (1 + 1e-9))


def test_whole_text_and_truth_answers_have_no_tolerance() -> None:
    found = tolerances(lambda a: (3, "text", True, None, np.array([True])), {"x": np.ones(2)}, [""] * 5)
    assert found == [0.0] * 5


def test_the_same_case_gives_the_same_tolerance_each_time() -> None:
    arguments = convolutions(SIZES[0], "float32", 5)
    first, second = (tolerances(lambda a: by_einsum(**a), arguments, ["float32"]) for _ in range(2))
    assert first == second
