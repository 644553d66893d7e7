"""What is said about a wrong array is true, the most specific thing that is true, and nothing where nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograder.compare.patterns import describe, describe_all, sentences

TOLERANCE = 1e-12
FACTOR = "it is wrong everywhere by the same factor"
REVERSED, SIGN = "it is the expected result in reverse order", "it is the expected result with its sign reversed"
OPPOSITE = "it is the opposite of the expected result everywhere"
ORDER = "its entries lie in the order of the expected result with "


@st.composite
def normals(draw: st.DrawFn, min_dims: int = 1, max_dims: int = 4) -> np.ndarray:
    shape = draw(st.lists(st.integers(3, 6), min_size=min_dims, max_size=max_dims))
    return np.random.default_rng(draw(st.integers(0, 2**32))).standard_normal(shape)


# Every transformation has its sentence


SIMPLE: dict[str, tuple[Callable[[np.ndarray], Any], str]] = {
    "zero": (np.zeros_like, "it is zero everywhere"),
    "sign": (np.negative, SIGN),
    "two": (lambda a: 2 * a, f"{FACTOR} (yours is 2 times the expected)"),
    "minus three": (lambda a: -3 * a, f"{FACTOR} (yours is −3 times the expected)"),
    "half": (lambda a: a / 2, f"{FACTOR} (yours is 1/2 of the expected)"),
    "a mean over 35": (lambda a: a / 35, f"{FACTOR} (yours is 1/35 of the expected)"),
    "square root": (lambda a: a * np.sqrt(7), f"{FACTOR} (yours is √7 times the expected)"),
    "one by a square root": (lambda a: -a / np.sqrt(8), f"{FACTOR} (yours is −1/√8 of the expected)"),
    "nearly one": (lambda a: a * (1 + 1e-6), FACTOR),
    "nearly two": (lambda a: a * (2 + 1e-6), FACTOR),
    "some factor": (lambda a: a * 1.234567, FACTOR),
    "one more": (lambda a: a + 1, "it is too large by one everywhere"),
    "one less": (lambda a: a - 1, "it is too small by one everywhere"),
    "some offset": (lambda a: a + 0.3141, "it is wrong everywhere by the same amount"),
    "signs": (np.abs, "what is wrong has the right size and the wrong sign"),
    "float32": (
        lambda a: a.astype("float32").astype(float),
        "it is right to about 7 digits: was it computed in float32?",
    ),
    "float16": (
        lambda a: a.astype("float16").astype(float),
        "it is right to about 3 digits: was it computed in float16?",
    ),
}


@pytest.mark.parametrize("name", SIMPLE)
@settings(max_examples=25, deadline=None)
@given(a=normals())
def test_every_change_of_the_values_has_its_sentence(name: str, a: np.ndarray) -> None:
    change, sentence = SIMPLE[name]
    changed = change(a)
    assume(np.abs(changed - a).max() > 1e-10)
    assume(a.size > 9 or not name.startswith("float"))  # few numbers may need few digits by chance
    assume(name != "signs" or ((a < 0).any() and (a > 0).any() and (a < 0).sum() > 1))
    assert sentence in list(sentences(a, changed, TOLERANCE))
    if name != "signs":  # the same entries may also be all in the last row
        assert describe(a, changed, TOLERANCE) == sentence


@settings(max_examples=60, deadline=None)
@given(a=normals(), data=st.data())
def test_a_flip_names_its_axes(a: np.ndarray, data: st.DataObject) -> None:
    axes = tuple(sorted(data.draw(st.sets(st.integers(0, a.ndim - 1), min_size=1))))
    listed = f"axis {axes[0]}" if len(axes) == 1 else f"axes {', '.join(map(str, axes[:-1]))} and {axes[-1]}"
    how = "in reverse order" if a.ndim == 1 else f"flipped along {listed}"
    assert describe(a, np.flip(a, axes), TOLERANCE) == f"it is the expected result {how}"


@settings(max_examples=60, deadline=None)
@given(a=normals(min_dims=2), data=st.data())
def test_exchanged_axes_are_named_whether_or_not_the_shape_tells_them(a: np.ndarray, data: st.DataObject) -> None:
    i, j = sorted(data.draw(st.sets(st.integers(0, a.ndim - 1), min_size=2, max_size=2)))
    how = "transposed" if a.ndim == 2 else f"with axes {i} and {j} exchanged"
    assert describe(a, a.swapaxes(i, j).copy(), TOLERANCE) == f"it is the expected result {how}"


@settings(max_examples=40, deadline=None)
@given(a=normals(min_dims=3, max_dims=3), order=st.sampled_from([(1, 2, 0), (2, 0, 1)]))
def test_another_order_of_three_axes_is_given(a: np.ndarray, order: tuple[int, ...]) -> None:
    said = describe(a, np.transpose(a, order), TOLERANCE)
    assert said == f"it is the expected result with its axes in the order {order}"


@settings(max_examples=40, deadline=None)
@given(a=normals(min_dims=2, max_dims=3))
def test_a_reshape_in_place_of_an_exchange_of_axes_is_seen(a: np.ndarray) -> None:
    wrong = a.swapaxes(0, 1).reshape(a.shape)
    assume(a.shape[0] != a.shape[1])
    assert describe(a, wrong, TOLERANCE) == f"{ORDER}axes 0 and 1 exchanged: reshape moves no axis"


@settings(max_examples=80, deadline=None)
@given(a=normals(), data=st.data(), step=st.sampled_from([1, -1]), zeros=st.booleans())
def test_a_shift_by_one_names_axis_and_direction(a: np.ndarray, data: st.DataObject, step: int, zeros: bool) -> None:
    axis = data.draw(st.integers(0, a.ndim - 1))
    shifted = np.roll(a, step, axis)
    if zeros:
        np.moveaxis(shifted, axis, 0)[0 if step == 1 else -1] = 0
    end = ("end" if step == 1 else "beginning") + (f" of axis {axis}" if a.ndim > 1 else "")
    how = f"shifted by one towards the {end}, with zeros" if zeros else f"rolled by one towards the {end} (what leaves"
    assert describe(a, shifted, TOLERANCE).startswith(f"it is the expected result {how}")


@settings(max_examples=40, deadline=None)
@given(a=normals(max_dims=3), data=st.data())
def test_shuffled_slices_are_named(a: np.ndarray, data: st.DataObject) -> None:
    axis = data.draw(st.integers(0, a.ndim - 1))
    order = data.draw(st.permutations(range(a.shape[axis])))
    plain = list(range(a.shape[axis]))
    known = [plain, plain[::-1], plain[1:] + plain[:1], plain[-1:] + plain[:-1]]
    assume(list(order) not in known)
    slices = {1: "entries", 2: ["rows", "columns"][axis % 2], 3: f"slices along axis {axis}"}[a.ndim]
    assert describe(a, np.take(a, order, axis), TOLERANCE) == f"its {slices} are the expected ones in another order"


@pytest.mark.parametrize(("how", "change"), [("rounded", np.rint), ("cut off", np.trunc), ("rounded down", np.floor)])
@settings(max_examples=30, deadline=None)
@given(a=normals(min_dims=2))
def test_whole_numbers_in_place_of_fractions_are_seen(how: str, change: Any, a: np.ndarray) -> None:
    a = 9 * a
    assume(len({tuple(f(a).flat) for f in (np.rint, np.trunc, np.floor)}) == 3)
    assert describe(a, change(a), TOLERANCE) == f"it is the expected result {how} to whole numbers"


@settings(max_examples=40, deadline=None)
@given(a=normals(), size=st.sampled_from([1e-9, 1e-7, 1e-6]))
def test_differences_that_are_tiny_everywhere_are_called_so(a: np.ndarray, size: float) -> None:
    noise = np.random.default_rng(a.size).choice([-1.0, 0.7, 1.0], a.shape)
    said = describe(a, a + size * np.abs(a).max() * noise, TOLERANCE)
    if len(np.unique(noise)) > 1 and a.ndim > 1:
        digits = round(-np.log10(size))
        assert re.match(rf"it is right to about ({digits}|{digits - 1}) digits: is a small constant another one", said)


# Where the wrong entries lie


def spoiled(a: np.ndarray, *where: Any, value: float | None = None) -> np.ndarray:
    """Return a with an irregular change at the given places."""
    wrong, noise = a.copy(), np.random.default_rng(0).uniform(2, 3, a.shape)
    for index in where:
        wrong[index] = a[index] + noise[index] if value is None else value
    return wrong


PLANE = np.random.default_rng(1).standard_normal((5, 6))
SQUARE = np.random.default_rng(2).standard_normal((7, 7))
BATCH = np.random.default_rng(3).standard_normal((3, 4, 5, 6))
ALL = slice(None)


@pytest.mark.parametrize(
    ("a", "where", "sentence"),
    [
        (PLANE, [(ALL, -1)], "all wrong entries are in the last column"),
        (PLANE, [(0, ALL)], "all wrong entries are in the first row"),
        (PLANE, [(3, ALL)], "all wrong entries are in row 3"),
        (PLANE, [(ALL, 0), (ALL, -1)], "all wrong entries are in the first and the last column"),
        (PLANE, [(0,), (-1,), (ALL, 0)], "all wrong entries are in the border (first and last rows and columns)"),
        (SQUARE, [(slice(0, 2),), (ALL, -2)], "in the border (first and last rows and columns, 2 entries wide)"),
        (SQUARE, [np.triu_indices(7, 1)], "all wrong entries are above the diagonal"),
        (SQUARE, [np.tril_indices(7, -1)], "all wrong entries are below the diagonal"),
        (SQUARE, [np.diag_indices(7)], "all wrong entries are on the diagonal"),
        (PLANE, [(slice(1, None),)], "only the first row is right"),
        (BATCH, [(ALL, 0)], "all wrong entries are at the first index of axis 1"),
        (BATCH, [(ALL, 2)], "all wrong entries are at index 2 of axis 1"),
        (BATCH, [(-1,)], "all wrong entries are at the last index of axis 0"),
        (BATCH, [(0, ALL, ALL, -1)], "at the first index of axis 0 and the last index of axis 3"),
        (BATCH, [(..., 0, ALL), (..., -1)], "in the border of the last two axes (first and last rows and columns)"),
        (BATCH, [(slice(1, None),)], "only the first index of axis 0 is right"),
        (PLANE[0], [(-1,)], "the wrong entry is at the last index"),
        (PLANE, [(0, 0)], "the wrong entry is at the first index of every axis"),
        (PLANE, [(-1, -1)], "the wrong entry is at the last index of every axis"),
        (PLANE[0], [(0,), (-1,)], "all wrong entries are at the first and the last entry"),
    ],
)
def test_the_place_of_the_wrong_entries_is_named(a: np.ndarray, where: list[Any], sentence: str) -> None:
    assert describe(a, spoiled(a, *where), TOLERANCE).endswith(sentence)


def test_zeros_where_something_is_missing_are_named_with_their_place() -> None:
    assert describe(PLANE, spoiled(PLANE, (ALL, -1), value=0.0)) == (
        "all wrong entries are in the last column, where yours is zero"
    )
    assert describe(PLANE, spoiled(PLANE, (1, 2), (3, 4), value=0.0)) == "yours is zero wherever it is wrong"
    assert describe(PLANE, spoiled(PLANE, (1, 2), (3, 4))) == ""


def test_nan_in_one_row_is_located() -> None:
    assert describe(PLANE, spoiled(PLANE, (2, ALL), value=np.nan)) == "all wrong entries are in row 2"
    assert describe(PLANE, np.full_like(PLANE, np.nan)) == ""


# Nothing is said where nothing is true, and nothing false ever


@settings(max_examples=150, deadline=None)
@given(a=normals(), seed=st.integers(0, 2**32))
def test_nothing_is_said_about_arrays_that_have_nothing_to_do_with_each_other(a: np.ndarray, seed: int) -> None:
    other = np.random.default_rng(seed).standard_normal(a.shape)
    assume(not np.array_equal(a, other))
    assert describe(a, other, TOLERANCE) == ""


@settings(max_examples=60, deadline=None)
@given(a=normals(), scale=st.floats(1, 10), seed=st.integers(0, 2**32))
def test_differences_just_beyond_the_tolerance_are_no_pattern(a: np.ndarray, scale: float, seed: int) -> None:
    tolerance = 0.01
    noise = np.random.default_rng(seed).choice([-1.0, 1.0], a.shape) * np.random.default_rng(seed).uniform(
        1, 2, a.shape
    )
    got = a + 1.01 * tolerance * scale * noise
    assert not describe(a, got, tolerance).startswith(("it is the expected", "it is wrong", "it is too", "its "))


def rolls(e: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    for axis, step, end in ((0, 1, "end"), (0, -1, "beginning"), (1, 1, "end"), (1, -1, "beginning")):
        rolled = np.roll(e, step, axis)
        along = f"by one towards the {end} of axis {axis}"
        yield f"it is the expected result rolled {along} (what leaves on one side comes back on the other)", rolled
        rolled = rolled.copy()
        np.moveaxis(rolled, axis, 0)[0 if step == 1 else -1] = 0
        yield f"it is the expected result shifted {along}, with zeros moved in", rolled


def true_of(e: np.ndarray, g: np.ndarray) -> set[str]:
    """Return which of the sentences about small planes of whole numbers are true, computed in another way."""
    wrong = {(i, j) for i, row in enumerate(e.tolist()) for j, v in enumerate(row) if v != g[i, j]}
    n, m = e.shape
    claims = {
        "it is zero everywhere": not g.any(),
        "it is the expected result with its sign reversed": (e == -g).all(),
        "it is too large by one everywhere": (g - e == 1).all(),
        "it is too small by one everywhere": (e - g == 1).all(),
        "it is wrong everywhere by the same amount": len(set((g - e).flat)) == 1,
        FACTOR: np.linalg.matrix_rank(np.stack([e.ravel(), g.ravel()])) == 1,
        "it is the expected result transposed": n == m and e.T.tolist() == g.tolist(),
        f"{ORDER}axes 0 and 1 exchanged: reshape moves no axis": e.flatten("F").tolist() == g.flatten().tolist(),
        "it is the expected result flipped along axis 0": e[::-1].tolist() == g.tolist(),
        "it is the expected result flipped along axis 1": e[:, ::-1].tolist() == g.tolist(),
        "it is the expected result flipped along axes 0 and 1": e[::-1, ::-1].tolist() == g.tolist(),
        "its rows are the expected ones in another order": sorted(e.tolist()) == sorted(g.tolist()),
        "its columns are the expected ones in another order": sorted(e.T.tolist()) == sorted(g.T.tolist()),
        "what is wrong has the right size and the wrong sign": (e * e == g * g).all(),
        "yours is zero wherever it is wrong": all(g[p] == 0 for p in wrong),
        "all wrong entries are on the diagonal": n == m and all(i == j for i, j in wrong),
        "all wrong entries are above the diagonal": n == m and all(i < j for i, j in wrong),
        "all wrong entries are below the diagonal": n == m and all(i > j for i, j in wrong),
    } | {said: rolled.tolist() == g.tolist() for said, rolled in rolls(e)}
    for axis, size, kind in ((0, n, "row"), (1, m, "column")):
        lines = {p[axis] for p in wrong}
        for k in range(size):
            name = {0: f"the first {kind}", size - 1: f"the last {kind}"}.get(k, f"{kind} {k}")
            claims[f"all wrong entries are in {name}"] = lines == {k}
            claims[f"only {name} is right"] = k not in lines and len(lines) == size - 1
        claims[f"all wrong entries are in the first and the last {kind}"] = lines == {0, size - 1}
    border = all(i in (0, n - 1) or j in (0, m - 1) for i, j in wrong)
    claims["all wrong entries are in the border (first and last rows and columns)"] = border
    for end, corner in (("first", (0, 0)), ("last", (n - 1, m - 1))):
        claims[f"the wrong entry is at the {end} index of every axis"] = wrong == {corner}
    for c in (2, 3, 4):
        for sign, s in (("", 1), ("−", -1)):
            claims[f"{FACTOR} (yours is {sign}{c} times the expected)"] = (g == s * c * e).all()
            claims[f"{FACTOR} (yours is {sign}1/{c} of the expected)"] = (s * c * g == e).all()
    zeros = ", where yours is zero"
    claims |= {said + zeros: holds and all(g[p] == 0 for p in wrong) for said, holds in claims.items()}
    return {said for said, holds in claims.items() if holds}


planes = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: st.tuples(*[st.lists(st.integers(-2, 2), min_size=(k := shape[0] * shape[1]), max_size=k)] * 2).map(
        lambda lists: tuple(np.array(v).reshape(shape) for v in lists)
    )
)


@settings(max_examples=400, deadline=None)
@given(pair=planes, keep=st.integers(0, 2**16 - 1), kind=st.sampled_from([int, float]))
def test_whatever_is_said_is_true(pair: tuple[np.ndarray, np.ndarray], keep: int, kind: Any) -> None:
    """Small whole numbers: many patterns hold by chance, and each is checked by other means."""
    e, other = pair
    mask = np.array([keep >> i & 1 for i in range(e.size)], bool).reshape(e.shape)
    for g in (other, np.where(mask, e, other), np.where(mask, e, -e), np.where(mask, e, 0), e[::-1], e * 2, e + 1):
        said = set(sentences(e.astype(kind), g.astype(kind)))
        assert said <= true_of(e, g), said - true_of(e, g)


# Numbers of every kind


@pytest.mark.parametrize(
    ("expected", "got", "sentence"),
    [
        (3, 6, "it is wrong by a factor (yours is 2 times the expected)"),
        (14, 7, "it is wrong by a factor (yours is 1/2 of the expected)"),
        (7, 8, "it is too large by one"),
        (0, -1, "it is too small by one"),
        (5, -5, SIGN),
        (0.25, -0.25, SIGN),
        (0.25, 1.25, ""),
        (3, 9, ""),
        (3, 0, ""),
        (0, 5, ""),
        (3, 3, ""),
        (10**30, 2 * 10**30, "it is wrong by a factor (yours is 2 times the expected)"),
        (10**30, 10**30 + 1, "it is too large by one"),
        (10**30, 10**9000, ""),
        (2.0, 10**400, ""),
        (2**53, 2**53 + 1, "it is too large by one"),
        (True, False, ""),
        ("a", "b", ""),
        (None, 3, ""),
        (1.0, float("nan"), ""),
        (float("inf"), -float("inf"), ""),
        (np.float32(0.5), np.float32(1.0), "it is wrong by a factor (yours is 2 times the expected)"),
        (np.array(0.5), np.array(1.0), "it is wrong by a factor (yours is 2 times the expected)"),
        (np.zeros((0, 3)), np.zeros((3, 0)), ""),
        (np.zeros((2, 3)), np.zeros((2, 4)), ""),
        (np.zeros((2, 3)), np.ones((2, 3)), "it is too large by one everywhere"),
        (np.zeros((2, 3)), np.full((2, 3), 5.0), "it is wrong everywhere by the same amount"),
        (np.array([True, False, False]), np.array([False, True, True]), OPPOSITE),
        (np.array([True, False, False, True, True]), np.array([True, True, False, False, True]), REVERSED),
        (np.array([2**60, 2**60 + 1, 5]), np.array([2**60 + 1, 2**60 + 2, 6]), "it is too large by one everywhere"),
        (np.array([2**61, 2**61 + 1, 5]), np.array([5, 2**61 + 1, 2**61]), REVERSED),
        (np.array([2**61, 2**61 + 2, 6]), np.array([2**60, 2**60 + 1, 3]), f"{FACTOR} (yours is 1/2 of the expected)"),
        (np.array([2**61, 2**61 + 2, 6]), np.array([2**60, 2**60 + 1, 4]), ""),
        (np.array([2**63, 7], np.uint64), np.array([7, 2**63], np.uint64), REVERSED),
        (np.array([np.inf, 2, np.nan]), np.array([np.inf, 4, np.nan]), f"{FACTOR} (yours is 2 times the expected)"),
        (np.array([np.inf, 2.5, np.nan]), np.array([np.nan, 2.5, np.inf]), REVERSED),
        (np.array([np.inf, 2.5, 1.5]), np.array([-np.inf, -2.5, -1.5]), SIGN),
        (np.array([1 + 2j, 3j]), np.array([-1 - 2j, -3j]), SIGN),
        (np.array([1 + 2j, 3j]), np.array([2j - 4, -6]) / 2, FACTOR),
        (np.array([1e300, 2e300]), np.array([3e-300, 1.5e300]), ""),
        (np.array([1e300, 7.0]), np.array([3.0, 1e300]), ""),
    ],
    ids=lambda v: type(v).__name__,
)
def test_numbers_of_every_kind_are_treated_exactly(expected: Any, got: Any, sentence: str) -> None:
    assert describe(expected, got) == sentence


def test_values_of_float32_are_not_told_to_be_of_float32() -> None:
    rounded = (PLANE * (1 + 1e-6 * np.cos(np.arange(30)).reshape(5, 6))).astype("float32")
    assert "float32" not in describe(PLANE, rounded, 1e-7)


def test_an_array_that_is_very_large_is_not_looked_at() -> None:
    assert describe(np.ones(100_001), np.zeros(100_001)) == ""


# Several cases


def test_what_holds_in_every_case_is_said_plainly_and_else_of_this_case_only() -> None:
    column = np.arange(1.0, 4.0).reshape(3, 1)
    pairs: list[Any] = [(a, a[::-1, ::-1], TOLERANCE) for a in (PLANE, SQUARE, column)]
    flipped = "it is the expected result flipped along axes 0 and 1"
    assert describe_all(pairs) == flipped  # along an axis of length one, a flip changes nothing
    assert describe_all(pairs[:1]) == flipped
    assert describe_all([*pairs, (PLANE, 3 * PLANE, TOLERANCE)]) == f"in this case {flipped}"
    assert describe_all([(PLANE, PLANE + np.cos(PLANE), TOLERANCE), *pairs]) == ""
    assert describe_all([]) == ""


def test_a_case_with_one_number_contradicts_nothing() -> None:
    one: Any = (np.array([[3.0]]), np.array([[0.7]]), TOLERANCE)
    pairs: list[Any] = [(a, a[::-1].copy(), TOLERANCE) for a in (PLANE, SQUARE)]
    assert describe_all([pairs[0], one, pairs[1]]) == "it is the expected result flipped along axis 0"
    assert describe_all([one, *pairs]) == ""
    assert describe_all([(3, 4, 0.0), (5, 6, 0.0)]) == "it is too large by one"
    assert describe_all([(3, 4, 0.0), (5, 7, 0.0)]) == "in this case it is too large by one"


def test_equal_rows_may_be_shuffled_too() -> None:
    rows = np.array([[0, 0], [1, 2], [0, 0], [3, 4]])
    assert describe(rows, rows[[0, 3, 2, 1]]) == "its rows are the expected ones in another order"
    assert describe(rows, np.array([[1, 2], [0, 0], [3, 4], [1, 2]])) == ""
    assert describe(rows[:3], rows[[1, 0, 0]]) != "its rows are the expected ones in another order"


def test_a_factor_that_changes_from_case_to_case_is_not_named() -> None:
    roots: list[Any] = [(a, a / np.sqrt(a.shape[1]), TOLERANCE) for a in (PLANE, SQUARE)]
    assert describe_all(roots) == FACTOR
