"""Standard mistakes: what graders elsewhere let pass is made for every exercise where it makes sense, and caught."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import case
from autograder.assemble import run_in_time
from autograder.compare.verdict import judge
from autograder.packs import PackedExercise
from autograder.prove.standard import standard_mistakes

PackOf = Callable[..., PackedExercise]
RNG = np.random.default_rng(6)

ARRAY = {
    "prints instead of returning",
    "returns its first argument",
    "knows one example by heart",
    "returns zeros",
    "returns NaN",
    "returns an array of objects",
    "returns an array subclass",
    "adds an axis",
    "squeezes axes of length one",
    "returns the same buffer each time",
    "writes into its input",
    "assumes contiguous memory",
}
FLOAT = {
    "is off by one part in a million",
    "computes in float32",
    "always returns float64",
    "truncates to whole numbers",
}
WHOLE = {
    "prints instead of returning",
    "returns its first argument",
    "knows one example by heart",
    "returns a float",
    "is one too large",
    "returns text",
}


def product(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return x @ w


def good_cases() -> list[Any]:
    x, w = RNG.standard_normal((3, 4)), RNG.standard_normal((4, 2))
    single: dict[str, Any] = {"x": x.astype("float32"), "w": w.astype("float32")}
    return [
        case("fractions", group="all", x=x, w=w),
        case("other fractions", group="all", x=x + 1, w=w),
        case("one row", group="all", x=x[:1], w=w),
        case("float32", group="all", **single),
        case("whole numbers and fractions", group="all", x=RNG.integers(1, 9, (3, 4)), w=w),
        case("with gaps", group="all", layout="non-contiguous", x=x, w=w),
    ]


def survivors(pack: PackedExercise, reference: Callable[..., Any]) -> set[str]:
    made = standard_mistakes(pack, {"subject": reference})
    with np.errstate(all="ignore"):
        return {name for name, subjects in made if judge(pack, run_in_time(pack, subjects)).passed}


def names(pack: PackedExercise, reference: Callable[..., Any]) -> list[str]:
    return [name for name, _ in standard_mistakes(pack, {"subject": reference})]


def test_sound_cases_catch_every_standard_mistake(pack_of: PackOf) -> None:
    pack = pack_of(product, *good_cases())
    assert survivors(pack, product) == set()
    found = names(pack, product)
    assert len(found) == len(set(found))
    assert set(found) == ARRAY | FLOAT | {"keeps the first argument's dtype"}


@pytest.mark.parametrize(
    ("left_out", "survives"),
    [
        ({"float32"}, {"always returns float64"}),
        ({"one row"}, {"squeezes axes of length one"}),
        ({"with gaps"}, {"assumes contiguous memory"}),
        ({"whole numbers and fractions"}, {"keeps the first argument's dtype"}),
        (
            {"fractions", "other fractions", "one row", "float32", "whole numbers and fractions"},
            {
                "knows one example by heart",
                "squeezes axes of length one",
                "always returns float64",
                "keeps the first argument's dtype",
            },
        ),
    ],
    ids=lambda s: ", ".join(sorted(s)),
)
def test_cases_with_a_gap_let_just_the_mistake_survive_that_the_gap_hides(
    left_out: set[str], survives: set[str], pack_of: PackOf
) -> None:
    pack = pack_of(product, *(c for c in good_cases() if c.title not in left_out))
    found = survivors(pack, product)
    if "with gaps" not in left_out and len(left_out) > 1:
        found.discard("returns the same buffer each time")  # one case alone cannot show it
    assert found == survives


def test_whole_number_results_are_not_asked_for_what_only_fractions_can_show(pack_of: PackOf) -> None:
    def nearest(x: np.ndarray) -> np.ndarray:
        return x.argmax(axis=1)

    x = RNG.standard_normal((4, 5))
    gaps = case("gaps", group="all", layout="non-contiguous", x=x)
    pack = pack_of(nearest, case("a", group="all", x=x), case("one", group="all", x=x[:1, ::-1]), gaps)
    assert set(names(pack, nearest)) == ARRAY
    assert survivors(pack, nearest) == set()


def test_a_single_whole_number_gets_the_mistakes_of_numbers(pack_of: PackOf) -> None:
    def count(n: int, k: int) -> int:
        return (n - k) // 2 + 1

    pack = pack_of(count, *(case(f"{n}", group="all", n=n, k=3) for n in (7, 12)))
    assert set(names(pack, count)) == WHOLE
    assert survivors(pack, count) == set()


def test_other_results_get_the_mistakes_that_fit_anything(pack_of: PackOf) -> None:
    def sizes(n: int) -> tuple[int, int]:
        return n, 2 * n

    pack = pack_of(sizes, *(case(f"{n}", group="all", n=n) for n in (3, 4)))
    assert set(names(pack, sizes)) == WHOLE - {"returns a float", "is one too large", "returns text"}
    assert survivors(pack, sizes) == set()


def test_the_functions_of_an_exercise_are_spoiled_one_at_a_time(pack_of: PackOf) -> None:
    references = {"double": lambda n: 2 * n, "half": lambda n: n // 2}
    pack = pack_of(references, *(case(f"{s} {n}", group="all", subject=s, n=n) for s in references for n in (6, 8)))
    made = dict(standard_mistakes(pack, references))
    assert set(made) == {f"{name} ({s})" for s in references for name in WHOLE}
    assert made["returns text (half)"]["double"] is references["double"]
    assert not any(judge(pack, run_in_time(pack, subjects)).passed for subjects in made.values())


def test_a_case_that_must_raise_is_no_example_to_know_by_heart(pack_of: PackOf) -> None:
    def root(n: int) -> int:
        if n < 0:
            raise ValueError("n is negative")
        return n * n

    pack = pack_of(
        root,
        case("negative", group="all", raises=ValueError, n=-1),
        *(case(f"{n}", group="all", n=n) for n in (2, 3)),
    )
    assert survivors(pack, root) == set()
