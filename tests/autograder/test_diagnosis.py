"""Verdicts and diagnosis: points by group, a reason for every zero, and the mistake that was really made."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import Exercise, case
from autograder.assemble import assemble_exercise
from autograder.compare.diagnosis import recognises
from autograder.compare.verdict import NOT_IMPLEMENTED, ExerciseVerdict, judge, no_answer
from autograder.drivers.off_limits import OffLimits
from autograder.drivers.run import run
from autograder.packs import Outcome, PackedExercise
from autograder.report.content import content
from autograder.report.html import report_html
from autograder.report.text import report_text

RNG = np.random.default_rng(4)
POINTS = {"plain": 2.0, "axis": 1.5, "large": 0.5}


def right(x: np.ndarray, axis: int = -1) -> np.ndarray:
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def without_maximum(x: np.ndarray, axis: int = -1) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def ignoring_axis(x: np.ndarray, axis: int = -1) -> np.ndarray:
    return right(x)


def both(x: np.ndarray, axis: int = -1) -> np.ndarray:
    return without_maximum(x)


def raising(x: np.ndarray, axis: int = -1) -> np.ndarray:
    if axis != -1:
        raise NotImplementedError
    return right(x)


@pytest.fixture(scope="module")
def pack() -> PackedExercise:
    """Softmax with three groups, six cases and three mistakes, of which one is two at once."""
    exercise = Exercise("softmax", title="Softmax", reference=right, points=POINTS, minutes=1, hints=())

    @exercise.cases
    def _(draw: Any) -> Any:
        yield case("rows", group="plain", x=RNG.standard_normal((2, 3)))
        yield case("a middle axis", group="axis", x=RNG.standard_normal((4, 3, 2)), axis=1)
        yield case("more rows", group="plain", x=RNG.standard_normal((5, 4)))
        yield case("near 1000", group="large", x=1000 * RNG.standard_normal((2, 4)))
        yield case("the first axis", group="axis", x=RNG.standard_normal((3, 4)), axis=0)
        yield case("near −1000", group="large", x=-1000 - RNG.standard_normal((3, 2)))

    exercise.mistake("no maximum", hint="Subtract the maximum.")(without_maximum)
    exercise.mistake("axis ignored", hint="Use the axis.")(ignoring_axis)
    exercise.mistake("no maximum and axis ignored", hint="Two things at once.")(both)
    return assemble_exercise(exercise, "seed", 1)


def verdict_on(pack: PackedExercise, subject: Callable[..., Any]) -> ExerciseVerdict:
    return judge(pack, run(pack, dict.fromkeys(pack.subjects, subject)))


@pytest.mark.parametrize(
    ("subject", "name"),
    [(without_maximum, "no maximum"), (ignoring_axis, "axis ignored"), (both, "no maximum and axis ignored")],
)
def test_a_known_mistake_is_recognised_with_its_hint_and_the_most_specific_one_wins(
    subject: Any, name: str, pack: PackedExercise
) -> None:
    assert verdict_on(pack, subject).mistake == (name, dict(pack.mistakes)[name])


def test_a_mistake_is_recognised_when_written_in_another_way(pack: PackedExercise) -> None:
    def in_other_words(x: np.ndarray, axis: int = 7) -> np.ndarray:
        return np.stack([right(row) for row in x]) if x.ndim > 1 else right(x)

    found = verdict_on(pack, in_other_words).mistake
    assert found is not None
    assert found[0] == "axis ignored"


def test_a_right_answer_has_no_mistake_and_all_points(pack: PackedExercise) -> None:
    verdict = verdict_on(pack, right)
    assert (verdict.mistake, verdict.reason, verdict.first_failure) == (None, "", None)
    assert verdict.passed
    assert verdict.points == pack.max_points == 4.0


@pytest.mark.parametrize(
    "subject",
    [
        lambda x, axis=-1: np.zeros_like(x),
        lambda x, axis=-1: np.full_like(x, np.nan),
        lambda x, axis=-1: right(x, axis) * (1 + 1e-9),
        lambda x, axis=-1: None,
        lambda x, axis=-1: x[99],
        lambda x, axis=-1: right(x, axis)[None],
    ],
)
def test_an_unknown_mistake_is_not_given_the_name_of_another(subject: Any, pack: PackedExercise) -> None:
    verdict = verdict_on(pack, subject)
    assert verdict.points == 0
    assert verdict.mistake is None


def test_a_mistake_that_more_cases_contradict_than_show_is_not_named(pack: PackedExercise) -> None:
    """Right on the middle axis, and as if it ignored the axis on the first: one case for the mistake, one against."""

    def half(x: np.ndarray, axis: int = -1) -> np.ndarray:
        return right(x, 0 if axis == 0 and x.ndim == 3 else -1 if axis == 0 else axis)

    verdict = verdict_on(pack, half)
    assert [c.passed for c in verdict.groups[1].cases] == [True, False]
    assert verdict.mistake is None


def test_a_known_answer_with_an_infinity_is_not_recognised_in_every_answer(
    exercise_of: Callable[..., Exercise],
) -> None:
    exercise = exercise_of(lambda x: np.log1p(x), case("log", group="all", x=np.array([0.0, 1.0, 2.0])))

    @exercise.mistake("no one added", hint="Add one.")
    def _(x: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return np.log(x)

    found = assemble_exercise(exercise, "seed", 1)
    with np.errstate(divide="ignore"):
        assert verdict_on(found, lambda x: np.log(x) * 1.0).mistake == ("no one added", "Add one.")
    assert verdict_on(found, lambda x: x * 5.0).mistake is None
    assert verdict_on(found, lambda x: np.array([-np.inf, 5.0, 5.0])).mistake is None


def test_a_mistake_that_raises_is_recognised_by_its_exception(exercise_of: Callable[..., Exercise]) -> None:
    exercise = exercise_of(lambda n: -n, *(case(f"{n}", group="all", n=n) for n in (1, 2)))

    @exercise.mistake("looks in a table", hint="No table needed.")
    def _(n: int) -> int:
        return {}[n]

    found = assemble_exercise(exercise, "seed", 1)
    assert verdict_on(found, lambda n: {3: -3}[n]).mistake == ("looks in a table", "No table needed.")
    assert verdict_on(found, lambda n: [][n]).mistake is None


@pytest.mark.parametrize(
    ("known", "got", "same"),
    [
        (Outcome(value=np.array([1, 2], "float32")), Outcome(value=np.array([1.0, 2.0 + 1e-7])), True),
        (Outcome(value=np.array([1, 2], "float32")), Outcome(value=np.array([1.0, 2.001])), False),
        (Outcome(value=np.array([np.nan, 2], "float32")), Outcome(value=np.array([np.nan, 2.0])), True),
        (Outcome(value=float("nan")), Outcome(value=float("nan")), True),
        (Outcome(value=3), Outcome(value=4), False),
        (Outcome(value="a"), Outcome(value="a"), True),
        (Outcome(value=1.0, changed=("x",)), Outcome(value=1.0), False),
        (Outcome(value=1.0, shares=("x",)), Outcome(value=1.0), False),
        (Outcome(error="ValueError"), Outcome(error="ValueError", message="other words"), True),
        (Outcome(error="ValueError"), Outcome(error="IndexError"), False),
        (Outcome(error="ValueError"), Outcome(value=None), False),
    ],
)
def test_a_known_answer_is_recognised_in_single_precision(known: Outcome, got: Outcome, same: bool) -> None:
    assert recognises(known, got) is same


# Verdicts


def test_the_points_of_a_group_are_given_all_or_none(pack: PackedExercise) -> None:
    verdict = verdict_on(pack, without_maximum)
    assert {g.name: g.points for g in verdict.groups} == {"plain": 2.0, "axis": 1.5, "large": 0.0}
    assert verdict.first_failure is not None
    assert verdict.first_failure.case.title == "near 1000"
    half = verdict_on(pack, lambda x, axis=-1: right(x, 0 if x.shape == (5, 4) else axis))
    assert {g.name: g.points for g in half.groups} == {"plain": 0.0, "axis": 1.5, "large": 0.5}


def test_not_implemented_everywhere_is_a_reason_and_in_part_a_failing_case(pack: PackedExercise) -> None:
    def unsolved(x: np.ndarray, axis: int = -1) -> np.ndarray:
        raise NotImplementedError

    nothing, part = verdict_on(pack, unsolved), verdict_on(pack, raising)
    assert (nothing.reason, nothing.points, nothing.mistake) == (NOT_IMPLEMENTED, 0, None)
    assert part.reason == ""
    assert part.points == 2.5
    assert part.first_failure is not None
    assert part.first_failure.failure is not None
    assert part.first_failure.failure.text == NOT_IMPLEMENTED


@pytest.mark.parametrize("count", [0, 1, 5, 7])
def test_fewer_or_more_answers_than_cases_give_no_points_and_a_reason(count: int, pack: PackedExercise) -> None:
    answers = [*run(pack, {"softmax": right}), Outcome()][:count]
    verdict = judge(pack, answers)
    assert (verdict.points, verdict.passed) == (0, False)
    assert verdict.reason == f"{count} answers came back for 6 cases"
    assert [g.name for g in verdict.groups] == list(POINTS)


def test_an_exercise_that_was_not_run_has_no_points_and_its_reason(pack: PackedExercise) -> None:
    verdict = no_answer(pack, "its check was not reached")
    assert (verdict.points, verdict.passed, verdict.reason) == (0, False, "its check was not reached")
    assert [g.max_points for g in verdict.groups] == list(POINTS.values())


WRONG = (
    Outcome(value=None),
    Outcome(value=np.zeros(0)),
    Outcome(value=float("nan")),
    Outcome(error="ValueError"),
    Outcome(error="NotImplementedError"),
    Outcome(error="OffLimits"),
)


@settings(deadline=None, max_examples=150)
@given(data=st.data(), fewer=st.sets(st.integers(0, 5)), more=st.sets(st.integers(0, 5)))
def test_a_wrong_answer_more_never_gives_points_more(
    data: st.DataObject, fewer: set[int], more: set[int], pack: PackedExercise
) -> None:
    answers = run(pack, {"softmax": right})

    def spoiled(i: int) -> Outcome:
        kinds = [
            *WRONG,
            Outcome(value=answers[i].value, changed=("x",)),
            Outcome(value=answers[i].value, shares=("x",)),
        ]
        return data.draw(st.sampled_from(kinds))

    def points(wrong: set[int]) -> float:
        return judge(pack, [spoiled(i) if i in wrong else a for i, a in enumerate(answers)]).points

    assert points(fewer | more) <= points(fewer) <= points(set()) == 4.0
    if fewer:
        assert points(fewer) < 4.0


def raised(kind: type[BaseException], message: str = "", **seen: Any) -> Outcome:
    names = tuple(base.__name__ for base in kind.__mro__ if base is not object)
    return Outcome(error=kind.__name__, kinds=names, message=message, **seen)


class OwnError(ValueError):
    pass


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (raised(ValueError, "any words"), None),
        (raised(OwnError), None),
        (raised(np.linalg.LinAlgError), None),
        (raised(Exception), "it raised Exception"),
        (raised(IndexError), "it raised IndexError"),
        (Outcome(value=None), "it should raise ValueError here and returned a value"),
        (raised(ValueError, changed=("n",)), "it changed its input n: work on a copy"),
        (raised(OffLimits, "numpy.clip is off limits"), "numpy.clip is off limits"),
        (raised(NotImplementedError), NOT_IMPLEMENTED),
        (raised(SystemExit), "it raised SystemExit"),
    ],
)
def test_a_case_that_must_raise_passes_with_that_kind_of_exception_only(
    outcome: Outcome, text: str | None, pack_of: Callable[..., PackedExercise]
) -> None:
    def reference(n: int) -> None:
        raise ValueError("n is wrong")

    pack = pack_of(reference, case("wrong n", group="all", raises=ValueError, n=-1))
    failure = judge(pack, [outcome]).cases[0].failure
    assert (failure.text if failure else None) == text


@pytest.mark.parametrize("kind", [OffLimits, NotImplementedError])
def test_a_forbidden_call_is_never_the_exception_that_a_case_asks_for(
    kind: type[Exception], pack_of: Callable[..., PackedExercise]
) -> None:
    def reference(n: int) -> None:
        raise RuntimeError("n is wrong")

    pack = pack_of(reference, case("wrong n", group="all", raises=RuntimeError, n=-1))
    assert judge(pack, [raised(RuntimeError)]).passed
    assert not judge(pack, [raised(kind)]).passed


# Several mistakes that fit, and two at once


def test_of_mistakes_that_fit_the_one_that_leaves_the_fewest_failures_unexplained_is_named(
    exercise_of: Callable[..., Exercise],
) -> None:
    cases = [case(f"{n}", group="all", n=n) for n in (1, 2, 3, 4, 5)]
    exercise = exercise_of(lambda n: 10 * n, *cases)
    exercise.mistake("wrong at two", hint="h")(lambda n: -1 if n == 2 else 10 * n)
    exercise.mistake("wrong from two", hint="h")(lambda n: -1 if n >= 2 else 10 * n)
    exercise.mistake("wrong everywhere", hint="h")(lambda n: -1)
    pack = assemble_exercise(exercise, "seed", 1)

    def name(*wrong: int, otherwise: dict[int, int] | None = None) -> str:
        found = verdict_on(pack, lambda n: -1 if n in wrong else (otherwise or {}).get(n, 10 * n)).mistake
        return found[0] if found else ""

    assert name(2) == "wrong at two"
    assert name(2, 3, 4, 5) == "wrong from two"
    assert name(1, 2, 3, 4, 5) == "wrong everywhere"
    assert name(2, otherwise={1: 7}) == "wrong at two"
    assert name(2, 3, 4, 5, otherwise={1: 7}) == "wrong from two"
    assert name(2, 3, 4) == "wrong from two"
    assert name(1, 3) == name(otherwise={2: 7}) == ""


@pytest.fixture(scope="module")
def pair(exercise_of: Callable[..., Exercise]) -> PackedExercise:
    """x² + b with a bias that may be left out and a square that may be forgotten, or both."""
    rng = np.random.default_rng(6)
    cases = [case(f"{n}", group="all", x=rng.standard_normal(n), b=rng.standard_normal(n)) for n in (2, 3, 4)]
    exercise = exercise_of(lambda x, b: x * x + b, *cases)
    exercise.mistake("square forgotten", hint="Which power has x?")(lambda x, b: x + b)
    exercise.mistake("bias left out", hint="Every output has a bias.")(lambda x, b: x * x)
    exercise.mistake("both at once", both=("square forgotten", "bias left out"))(lambda x, b: x.copy())
    return assemble_exercise(exercise, "seed", 1)


def test_two_listed_mistakes_at_once_are_recognised_and_each_alone_is_not_taken_for_both(pair: PackedExercise) -> None:
    assert verdict_on(pair, lambda x, b: x * 1.0).mistake == (
        "two things at once: square forgotten; and bias left out",
        "Which power has x? Every output has a bias.",
    )
    assert verdict_on(pair, lambda x, b: b + x).mistake == ("square forgotten", "Which power has x?")
    assert verdict_on(pair, lambda x, b: x**2).mistake == ("bias left out", "Every output has a bias.")


def test_a_report_says_that_it_looks_like_two_things(pair: PackedExercise) -> None:
    for hidden in (False, True):
        said = content(verdict_on(pair, lambda x, b: x * 1.0), hidden=hidden)
        words = "This looks like two things at once: square forgotten; and bias left out. Which power has x?"
        assert words in report_text(said)
        assert words in re.sub(r"<[^>]*>", "", report_html(said))
        assert "This looks like: bias left out. Every" in report_text(
            content(verdict_on(pair, lambda x, b: x**2), hidden=hidden)
        )


# What a wrong value has to do with the right one


def first_text(pack: PackedExercise, subject: Callable[..., Any]) -> str:
    failed = verdict_on(pack, subject).first_failure
    assert failed is not None
    assert failed.failure is not None
    return failed.failure.text


@pytest.fixture(scope="module")
def doubling(exercise_of: Callable[..., Exercise]) -> PackedExercise:
    """2·x on planes of three sizes, the last of them not square, in groups that are not in the order of the cases."""
    rng = np.random.default_rng(8)
    sizes = {"square": (4, 4), "large square": (5, 5), "oblong": (3, 6)}
    cases = [case(t, group="late" if t == "square" else "early", x=rng.standard_normal(s)) for t, s in sizes.items()]
    return assemble_exercise(exercise_of(lambda x: 2 * x, *cases, points={"early": 1, "late": 1}), "seed", 1)


def test_the_first_failure_says_what_the_answer_has_to_do_with_the_right_one(doubling: PackedExercise) -> None:
    for hidden in (False, True):
        said = content(verdict_on(doubling, lambda x: 2 * x[::-1]), hidden=hidden)
        assert said.problem.endswith(
            "the result has the right shape but 20 of its 25 entries are wrong: it is the expected result flipped "
            "along axis 0."
        )


def test_a_pattern_that_other_cases_contradict_is_said_of_this_case_only(doubling: PackedExercise) -> None:
    text = first_text(doubling, lambda x: 2 * x[::-1] if len(x) == 5 else x * 3.3)
    assert text.endswith("entries are wrong: in this case it is the expected result flipped along axis 0")
    assert first_text(doubling, lambda x: 2 * x[::-1] if len(x) == 5 else 2 * x).endswith("wrong: it is the expected "
        "result flipped along axis 0")  # fmt: skip
    assert first_text(doubling, lambda x: np.cos(x) if len(x) == 5 else -2 * x).endswith("entries are wrong")


def test_a_transposed_answer_is_recognised_in_its_shape_and_in_its_values(doubling: PackedExercise) -> None:
    assert first_text(doubling, lambda x: 2 * x.T.copy()).endswith(": it is the expected result transposed")
    text = first_text(doubling, lambda x: 2 * x.T.copy() if len(x) == 3 else 2 * x)
    assert text == (
        "the result has the wrong shape: the sizes are right but their order is not; "
        "it is the expected result transposed"
    )


def test_cases_that_fail_otherwise_do_not_contradict_a_pattern(doubling: PackedExercise) -> None:
    def sometimes(x: np.ndarray) -> Any:
        if len(x) == 3:
            raise ValueError
        return None if len(x) == 4 else x + 0

    first, *others = verdict_on(doubling, sometimes).cases
    assert first.failure is not None
    assert first.failure.text.endswith("(yours is 1/2 of the expected)")
    assert all(c.failure and "(yours" not in c.failure.text for c in others)
