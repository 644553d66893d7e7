"""The comparison: type, shape, dtype, finite, error, in this order; each with a sentence for the student."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from autograder import case
from autograder.compare import compare
from autograder.compare.verdict import judge
from autograder.drivers.run import run
from autograder.packs import Foreign, Outcome, PackedExercise

RNG = np.random.default_rng(3)
X = RNG.standard_normal((4, 3, 5))


class Agreeable(np.ndarray):
    """Claims to be equal to anything."""

    def __eq__(self, other: object) -> Any:
        return True

    def __array_ufunc__(self, *_: Any, **__: Any) -> Any:
        return np.True_


@pytest.fixture(scope="module")
def judged(pack_of: Callable[..., PackedExercise]) -> Callable[[Any], Any]:
    """Hand in a value where 3·x + 1 is asked, x being 4×3×5 of float64; return the failure."""
    pack = pack_of(lambda x: 3 * x + 1, case("three x plus one", group="all", x=X))
    return lambda value: judge(pack, run(pack, {"subject": lambda x: value})).cases[0].failure


RIGHT = 3 * X + 1


def with_entry(value: float) -> np.ndarray:
    changed = RIGHT.copy()
    changed[1, 2, 3] = value
    return changed


REFUSED = {
    "None": (None, "type", "is None: is a `return` missing, or did you print instead?"),
    "an ellipsis": (..., "type", "is an ellipsis"),
    "a list": (RIGHT.tolist(), "type", "should be a numpy.ndarray and is a list"),
    "a tuple": (tuple(RIGHT), "type", "should be a numpy.ndarray and is a tuple"),
    "a number": (1.0, "type", "should be a numpy.ndarray and is a float"),
    "an int": (1, "type", "should be a numpy.ndarray and is an int"),
    "a tensor": (torch.tensor(RIGHT), "type", r"is a torch.Tensor \(turn it into an array with .numpy\(\)\)"),
    "an object array": (RIGHT.astype(object), "type", "of dtype object .its parts have different shapes"),
    "text": (RIGHT.astype(str), "type", "of dtype <U"),
    "a masked array": (np.ma.array(RIGHT), "type", "numpy.MaskedArray"),
    "a masked array with all masked": (np.ma.masked_all_like(RIGHT), "type", "numpy.MaskedArray"),
    "a matrix": (RIGHT[0].view(np.matrix), "type", "numpy.matrix"),
    "a subclass": (RIGHT.view(Agreeable), "type", "Agreeable"),
    "a record array": (RIGHT.view(np.recarray), "type", "recarray"),
    "another byte order": (RIGHT.astype(">f8"), "type", "of dtype >f8"),
    "an empty array": (np.zeros(0), "shape", "it should have 3 axes and has 1"),
    "an empty array of three axes": (np.zeros((0, 3, 5)), "shape", "wrong shape along axis 0"),
    "a scalar that broadcasts": (np.array(1.0), "shape", "it should have 3 axes and has 0"),
    "a row that broadcasts": (RIGHT[:1], "shape", "wrong shape along axis 0"),
    "transposed": (RIGHT.swapaxes(0, 2), "shape", "the sizes are right but their order is not"),
    "an axis too many": (RIGHT[None], "shape", "it should have 3 axes and has 4"),
    "an axis too few": (RIGHT.reshape(12, 5), "shape", "it should have 3 axes and has 2"),
    "two axes off": (np.zeros((4, 2, 4)), "shape", "along axes 1, 2"),
    "float32": (RIGHT.astype(np.float32), "dtype", "should have dtype float64 for this input and has dtype float32"),
    "float16": (RIGHT.astype(np.float16), "dtype", "float16"),
    "long double": (RIGHT.astype(np.longdouble), "type", "float128|longdouble"),
    "whole numbers": (RIGHT.astype(int), "dtype", "int64"),
    "truth values": (RIGHT > 0, "dtype", "bool"),
    "complex numbers": (RIGHT.astype(complex), "dtype", "complex128"),
    "NaN": (np.full_like(RIGHT, np.nan), "finite", "contains NaN or infinity"),
    "one NaN": (with_entry(np.nan), "finite", "contains NaN or infinity"),
    "one infinity": (with_entry(-np.inf), "finite", "contains NaN or infinity"),
    "zeros": (np.zeros_like(RIGHT), "value", "all|60 of its 60 entries are wrong"),
    "one entry off": (with_entry(7.0), "value", "right shape but 1 of its 60 entries is wrong"),
    "off by 1e-9": (RIGHT * (1 + 1e-9), "value", "entries are wrong"),
    "one entry off by 1e-9": (with_entry(RIGHT[1, 2, 3] * (1 + 1e-9)), "value", "1 of its 60 entries is wrong"),
    "a dict": ({"result": RIGHT}, "type", "should be a numpy.ndarray and is a dict"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_value_is_refused_with_its_reason(name: str, judged: Callable[[Any], Any]) -> None:
    value, kind, text = REFUSED[name]
    failure = judged(value)
    assert failure is not None
    assert failure.kind == kind
    assert failure.text.startswith("the result ")
    assert re.search(text, failure.text), failure.text


def test_the_right_value_passes_in_any_memory_layout(judged: Callable[[Any], Any]) -> None:
    for value in (RIGHT, np.asfortranarray(RIGHT), np.repeat(RIGHT, 2, 0)[::2], RIGHT[::-1].copy()[::-1]):
        assert judged(value) is None


def test_the_order_is_type_shape_dtype_finite_error() -> None:
    expected = np.arange(6.0).reshape(2, 3)
    bad = np.full((3, 2), np.nan, np.float32)
    steps: list[Any] = [bad.tolist(), bad, bad.T, bad.T.astype(float), np.zeros((2, 3)), expected]
    found = [compare(expected, s, ["float64"], [1e-12]) for s in steps]
    assert [f.kind if f else None for f in found] == ["type", "shape", "dtype", "finite", "value", None]


def test_the_sentence_holds_no_number_of_the_case_and_the_detail_does() -> None:
    found = compare(np.array([1.25, 2.5]), np.array([1.25, 7.75]), ["float64"], [1e-12])
    assert found is not None
    assert not any(number in found.text for number in ("1.25", "2.5", "7.75"))
    assert found.detail == "first at index (1,): expected 2.5, yours is 7.75"
    assert found.index == (1,)


@pytest.mark.parametrize("scale", [1e-12, 1e-30, 1.0, 1e12])
def test_zeros_are_refused_however_small_the_right_answer_is(
    scale: float, pack_of: Callable[..., PackedExercise]
) -> None:
    pack = pack_of(lambda x: x * scale, case("scaled", group="all", x=X))
    assert judge(pack, [Outcome(value=X * scale)]).passed
    for wrong in (np.zeros_like(X), X * scale * (1 + 1e-9), X * scale + scale * 1e-9):
        assert not judge(pack, [Outcome(value=wrong)]).passed


def test_nan_and_infinity_are_right_where_the_reference_has_them_and_only_there() -> None:
    expected = np.array([np.nan, np.inf, -np.inf, 1.0])
    tolerance = [1e-12]
    assert compare(expected, expected.copy(), ["float64"], tolerance) is None
    for i, wrong in enumerate((1.0, -np.inf, np.nan, np.inf)):
        got = expected.copy()
        got[i] = wrong
        found = compare(expected, got, ["float64"], tolerance)
        assert found is not None
        assert found.index == (i,)


def test_whole_numbers_may_be_held_as_floats_but_fractions_may_not_be_rounded() -> None:
    whole = np.arange(4)
    assert compare(whole, whole.astype(np.int32), ["int64"]) is None
    assert compare(whole, whole.astype(float), ["int64"]) is None
    assert compare(whole, whole + 1e-3, ["int64"]) is not None
    assert compare(whole, whole > 0, ["int64"]) is not None
    assert compare(whole.astype(float), whole, ["float64"]) is not None


@pytest.mark.parametrize(
    ("expected", "right", "wrong"),
    [
        (True, [True, np.True_], [False, 1, "True", None, np.True_.astype(int), np.array(True)]),
        (np.True_, [True, np.True_], [False, 1]),
        (3, [3, np.int32(3), np.uint8(3), np.array(3)], [4, 3.0, np.float64(3), "3", True, None, [3], np.array([3])]),
        (0, [0], [False, None, 0.0, ""]),
        (10**30, [10**30], [10**30 + 1, 1e30, 10**9000]),
        (0.5, [0.5, np.float64(0.5), np.array(0.5), np.float32(0.5)], [0.5 + 1e-9, np.nan, np.inf, "0.5", True, None]),
        (2.0, [2.0, 2], [3, 10**400, -(10**9000), False]),
        (np.inf, [np.inf], [-np.inf, 1e308, np.nan, 10**9000]),
        (np.nan, [np.nan], [0.0, np.inf, None]),
        ("conv", ["conv"], ["Conv", "conv ", None, ["conv"], Foreign("numpy.str_")]),
        (None, [None], [0, False, "", []]),
        (np.array(2.5), [np.array(2.5), 2.5, np.float64(2.5)], [np.array([2.5]), 2.6, True, None, np.float32(2.5)]),
        ((2, "a"), [(2, "a"), [2, "a"]], [(2,), (2, "a", 3), ("a", 2), np.array([2, 3]), None, 2, "2a"]),
        ([(1, 2), 0.5], [[(1, 2), 0.5]], [[(1, 3), 0.5], [(1, 2), 0.25], [(1, 2, 3), 0.5], []]),
        ({"a": 1, "b": 2.5}, [{"a": 1, "b": 2.5}, {"b": 2.5, "a": 1}], [{"a": 1}, {"a": 1, "b": 2}, [1, 2.5], None]),
        (np.array([True, False]), [np.array([True, False])], [np.array([1, 0]), np.array([True, True]), [True, False]]),
        (np.array([1j]), [np.array([1j])], [np.array([-1j]), np.array([1.0]), np.array([complex(0, np.nan)])]),
        (np.zeros((0, 3)), [np.zeros((0, 3))], [np.zeros(0), np.zeros((3, 0)), np.zeros((0, 3), "float32"), []]),
    ],
    ids=lambda v: type(v).__name__,
)
def test_other_results_are_compared_by_type_and_value(expected: Any, right: list[Any], wrong: list[Any]) -> None:
    parts = expected.values() if isinstance(expected, dict) else (expected,)
    dtypes = [p.dtype.name if isinstance(p, np.ndarray) else "" for p in parts]
    for got in right:
        assert compare(expected, got, dtypes, [1e-12, 1e-12]) is None, repr(got)[:50]
    for got in wrong:
        found = compare(expected, got, dtypes, [1e-12, 1e-12])
        assert found is not None, repr(got)[:50]
        assert found.text.startswith("the result")
        assert len(found.detail) < 500


def test_the_right_whole_numbers_in_the_wrong_order_are_called_so() -> None:
    found = compare((5, 7), (7, 5))
    assert found is not None
    assert (found.text, found.detail) == (
        "the result has the right numbers in the wrong order",
        "expected (5, 7), yours is (7, 5)",
    )
    for expected, got in (((5, 7), (7, 6)), ((5, (7, 8)), (7, (5, 8))), ((5, 5), (5, 7)), ((1, True), (2, 1))):
        other = compare(expected, got)
        assert other is not None
        assert "order" not in other.text


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
@pytest.mark.parametrize("number", [2**53, 2**60, 2**63 - 2])
def test_whole_numbers_are_compared_exactly_however_large(dtype: str, number: int) -> None:
    expected = np.array([3, number], dtype)
    assert compare(expected, expected.copy(), [dtype], [1e300]) is None
    found = compare(expected, expected + np.array([0, 1], dtype), [dtype], [1e300])
    assert found is not None
    assert found.detail == f"first at index (1,): expected {number}, yours is {number + 1}"
    assert compare(expected[1], expected[1] + np.array(1, dtype)[()], [""], [1e300]) is not None
    assert compare(number, np.array(number + 1, dtype)[()]) is not None
    assert compare(number, np.array(number, dtype)[()]) is None


def test_a_float_that_cannot_hold_a_whole_number_is_not_equal_to_it() -> None:
    expected = np.array([2**53 + 1])
    assert compare(expected, expected.astype(float), ["int64"]) is not None
    assert compare(expected - 1, (expected - 1).astype(float), ["int64"]) is None


def test_the_part_that_differs_is_named() -> None:
    found = compare({"dx": (np.ones(2), np.ones(3))}, {"dx": (np.ones(2), np.zeros(3))}, ["float64"] * 2, [0.0] * 2)
    assert found is not None
    assert found.text.startswith("the result['dx'][1] has the right shape but 3 of its 3 entries are wrong")


def test_each_part_is_held_to_its_own_dtype_and_tolerance() -> None:
    expected = (np.ones(2), {"a": np.ones(2), "b": "text"}, np.ones(2))
    got = (np.ones(2, "float32") + 1e-3, {"a": np.ones(2), "b": "text"}, np.ones(2) + 1e-9)
    dtypes = ["float32", "float64", "", "float64"]
    assert compare(expected, got, dtypes, [1e-2, 0.0, 0.0, 1e-8]) is None
    found = compare(expected, got, dtypes, [1e-2, 0.0, 0.0, 1e-10])
    assert found is not None
    assert found.text.startswith("the result[2]")


def test_a_very_long_answer_is_quoted_in_part() -> None:
    found = compare("short", "x" * 100_000)
    assert found is not None
    assert len(found.detail) < 300
