"""Drivers: what happened in a call is written down as it was, and a trick with memory is seen."""

from __future__ import annotations

import collections
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from autograder import case
from autograder.assemble import TooSlow, run_in_time, time_limit
from autograder.compare.verdict import judge
from autograder.drivers.layout import arrays_in, fresh, same
from autograder.drivers.run import PRINTED_CHARACTERS, run
from autograder.packs import Foreign, Outcome, PackedExercise

PackOf = Callable[..., PackedExercise]
RunOne = Callable[..., Outcome]
X, W = np.arange(6.0).reshape(2, 3), np.arange(3.0)


@pytest.fixture(scope="module")
def product(pack_of: PackOf) -> PackedExercise:
    """x @ w, on one case."""
    return pack_of(lambda x, w: x @ w, case("x @ w", group="all", x=X, w=W))


def failure_of(pack: PackedExercise, subject: Callable[..., Any]) -> Any:
    return judge(pack, run(pack, {"subject": subject})).cases[0].failure


def test_a_right_answer_is_noted_as_it_is(product: PackedExercise, run_one: RunOne) -> None:
    outcome = run_one(product, lambda x, w: x @ w)
    assert np.array_equal(outcome.value, X @ W)
    assert (outcome.error, outcome.changed, outcome.shares, outcome.printed) == (None, (), (), "")


def test_an_input_changed_in_place_is_reported_by_name(product: PackedExercise, run_one: RunOne) -> None:
    def subject(x: np.ndarray, w: np.ndarray) -> np.ndarray:
        y = x @ w
        w *= 2
        return y

    assert run_one(product, subject).changed == ("w",)
    assert failure_of(product, subject).text == "it changed its input w: work on a copy"
    assert np.array_equal(W, np.arange(3.0)), "the case itself stays as it was"


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda given: given["items"].append(4), ("items",)),
        (lambda given: given["items"].__setitem__(0, 1.0), ("items",)),
        (lambda given: given["pair"][1].fill(7), ("pair",)),
        (lambda given: given["table"].update(new=1), ("table",)),
        (lambda given: given["table"]["array"].resize(1, refcheck=False), ("table",)),
        (lambda given: (given["items"].clear(), given["pair"][0].fill(np.nan)), ("items", "pair")),
        (lambda given: given["pair"][0].sort(), ()),
    ],
)
def test_a_change_inside_a_list_tuple_or_dict_is_seen(
    change: Callable[..., Any], names: tuple[str, ...], pack_of: PackOf, run_one: RunOne
) -> None:
    arguments = {"items": [1, 2], "pair": (np.arange(3.0), np.arange(2)), "table": {"array": np.arange(3)}}
    pack = pack_of(lambda **_: 1, case("nested", group="all", **arguments))

    def subject(**given: Any) -> int:
        change(given)
        return 1

    assert run_one(pack, subject).changed == names


def test_a_change_is_seen_even_if_the_call_then_fails(product: PackedExercise, run_one: RunOne) -> None:
    def subject(x: np.ndarray, w: np.ndarray) -> None:
        x[0, 0] = 9
        raise ValueError("too late")

    outcome = run_one(product, subject)
    assert (outcome.error, outcome.changed) == ("ValueError", ("x",))


@pytest.mark.parametrize(
    ("subject", "names"),
    [
        (lambda x, w: x, ("x",)),
        (lambda x, w: x.T, ("x",)),
        (lambda x, w: x[:1, ::2], ("x",)),
        (lambda x, w: w.reshape(3, 1), ("w",)),
        (lambda x, w: [x[0], {"w": (w,)}], ("x", "w")),
        (lambda x, w: x.copy(), ()),
        (lambda x, w: x[:0], ()),
        (lambda x, w: [float(x[0, 0])], ()),
    ],
)
def test_a_result_that_shares_memory_with_an_input_is_reported_by_name(
    subject: Callable[..., Any], names: tuple[str, ...], product: PackedExercise, run_one: RunOne
) -> None:
    assert run_one(product, subject).shares == names


def test_an_otherwise_right_answer_that_shares_memory_is_refused(pack_of: PackOf) -> None:
    pack = pack_of(lambda x: x.T.copy(), case("transposed", group="all", x=X))
    failure = failure_of(pack, lambda x: x.T)
    assert failure.kind == "input"
    assert failure.text.startswith("its result shares memory with x")
    assert failure_of(pack, lambda x: x.T.copy()) is None


def test_a_buffer_handed_out_twice_is_refused(pack_of: PackOf) -> None:
    pack = pack_of(lambda x: x + 1, *(case(f"plus one, {i}", group="all", x=X * i) for i in range(3)))
    buffer = np.empty_like(X)
    verdict = judge(pack, run(pack, {"subject": lambda x: np.add(x, 1, out=buffer)}))
    assert [c.passed for c in verdict.cases] == [False, False, True]
    assert judge(pack, run(pack, {"subject": lambda x: np.add(x, 1, out=buffer).copy()})).passed


@pytest.mark.parametrize("dtype", ["float64", "float32", "int8", "bool", "complex64"])
def test_a_non_contiguous_case_arrives_with_gaps_and_equal_values(dtype: str, pack_of: PackOf, run_one: RunOne) -> None:
    x = np.arange(24).reshape(2, 3, 4).astype(dtype)
    seen = []

    def subject(x: np.ndarray, nested: list[np.ndarray]) -> int:
        seen.extend([x, *nested])
        return 0

    pack = pack_of(lambda **_: 0, case("view", group="all", layout="non-contiguous", x=x, nested=[x[0]]))
    run_one(pack, subject)
    for got, asked in zip(seen, (x, x[0]), strict=True):
        assert not got.flags.c_contiguous
        assert not got.flags.f_contiguous
        assert same(got, asked)
        assert not np.shares_memory(got, x)


def test_without_a_layout_arrays_arrive_contiguous_and_single_numbers_as_arrays(
    pack_of: PackOf, run_one: RunOne
) -> None:
    for layout in (None, "non-contiguous"):
        seen = []
        pack = pack_of(lambda x, t: 0, case("plain", group="all", layout=layout, x=X, t=np.array(2.5)))
        run_one(pack, lambda x, t, seen=seen: seen.extend([x, t]) or 0)
        assert seen[0].flags.c_contiguous == (layout is None)
        assert isinstance(seen[1], np.ndarray)
        assert seen[1] == 2.5


def test_each_call_gets_arguments_of_its_own() -> None:
    given = {"a": [np.ones(2), (np.zeros(3),)]}
    one, two = fresh(given, None), fresh(given, "non-contiguous")
    assert same(one, two)
    memory = [arrays_in(v) for v in (given, one, two)]
    assert not any(
        np.shares_memory(a, b) for i, left in enumerate(memory) for right in memory[:i] for a in left for b in right
    )


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, True),
        (1, 1.0),
        ([1], (1,)),
        ([1], [1, 2]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (np.ones(2), np.ones(2, "float32")),
        (np.ones(2), np.ones((2, 1))),
        (np.ones(2), [1.0, 1.0]),
        ("1", 1),
        (None, False),
    ],
)
def test_values_of_another_type_order_or_shape_are_not_the_same(a: Any, b: Any) -> None:
    assert same(a, a)
    assert same(b, b)
    assert not same(a, b)
    assert not same(b, a)


def fails(x: np.ndarray, w: np.ndarray) -> None:
    raise IndexError("row 7 of 2")


def asks_numpy(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.stack([x, w])


def leaves(x: np.ndarray, w: np.ndarray) -> None:
    sys.exit("goodbye")


@pytest.mark.parametrize(
    ("subject", "error", "message", "line"),
    [
        (fails, "IndexError", "row 7 of 2", 'raise IndexError("row 7 of 2")'),
        (asks_numpy, "ValueError", "same shape", "return np.stack([x, w])"),
        (leaves, "SystemExit", "goodbye", 'sys.exit("goodbye")'),
        (lambda x: x, "TypeError", "unexpected keyword argument 'w'", ""),
    ],
)
def test_a_failing_call_is_an_outcome_with_type_message_and_the_students_line(
    subject: Any, error: str, message: str, line: str, product: PackedExercise, run_one: RunOne
) -> None:
    outcome = run_one(product, subject)
    assert outcome.error == error
    assert message in outcome.message
    assert outcome.where.endswith(line)
    if line:
        assert outcome.where == f"line {subject.__code__.co_firstlineno + 1}: {line}"
    failure = failure_of(product, subject)
    assert failure.text == f"it raised {error}"
    assert message in failure.detail


def test_an_exception_whose_text_cannot_be_made_is_an_outcome_too(product: PackedExercise, run_one: RunOne) -> None:
    class Unspeakable(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def subject(x: np.ndarray, w: np.ndarray) -> None:
        raise Unspeakable

    assert run_one(product, subject).error == "Unspeakable"


def test_the_later_cases_run_after_an_exception(pack_of: PackOf) -> None:
    pack = pack_of(lambda n: n, *(case(f"{n}", group="all", n=n) for n in range(3)))
    outcomes = run(pack, {"subject": lambda n: n if n != 1 else [][0]})
    assert [o.error for o in outcomes] == [None, "IndexError", None]


def test_an_interrupt_by_the_student_stops_the_check(product: PackedExercise) -> None:
    def subject(x: np.ndarray, w: np.ndarray) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(product, {"subject": subject})
    assert sys.stdout is not None


def test_printed_text_is_kept_for_its_case_and_cut(pack_of: PackOf, capsys: pytest.CaptureFixture[str]) -> None:
    pack = pack_of(lambda n: n, *(case(f"{n}", group="all", n=n) for n in (1, 5000)))

    def subject(n: int) -> int:
        print("ab" * n, end="")
        return n

    outcomes = run(pack, {"subject": subject})
    assert [o.printed for o in outcomes] == ["ab", "ab" * (PRINTED_CHARACTERS // 2)]
    assert capsys.readouterr().out == ""


def test_text_printed_before_a_failure_is_kept(product: PackedExercise, run_one: RunOne) -> None:
    def subject(x: np.ndarray, w: np.ndarray) -> None:
        print("got here")
        raise ValueError

    assert run_one(product, subject).printed == "got here\n"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (torch.ones(2), "torch.Tensor"),
        (collections.namedtuple("Pair", "a b")(1, 2), ".Pair"),
        (np.array([1, None]), "numpy.ndarray of dtype object"),
        (np.float64, "type"),
    ],
    ids=["tensor", "named tuple", "objects", "class"],
)
def test_foreign_results_are_noted_by_type_wherever_they_are(
    value: Any, name: str, product: PackedExercise, run_one: RunOne
) -> None:
    for wrapped in (value, [value], (1, {"a": value})):
        found = run_one(product, lambda x, w, wrapped=wrapped: wrapped).value
        while not isinstance(found, Foreign):
            found = found[-1] if isinstance(found, list | tuple) else found["a"]
        assert found.type_name.endswith(name)


def test_a_result_that_contains_itself_is_foreign(product: PackedExercise, run_one: RunOne) -> None:
    endless: list[Any] = [1.0]
    endless.append(endless)
    deep: Any = 1.0
    for _ in range(5000):
        deep = (deep,)
    mutual: dict[str, Any] = {"a": [endless]}
    mutual["b"] = mutual
    for value, kind in ((endless, "list"), (deep, "tuple"), (mutual, "dict")):
        got = run_one(product, lambda *_, value=value, **__: value).value
        assert got == Foreign(f"{kind} that contains itself or is nested too deeply")
        failure = failure_of(product, lambda *_, value=value, **__: value)
        assert failure is not None
        assert f"is a {kind} that contains itself" in failure.text


def test_an_argument_that_is_put_into_itself_counts_as_changed(pack_of: PackOf, run_one: RunOne) -> None:
    pack = pack_of(lambda x: len(x), case("list", group="all", x=[1, 2]))

    def into_itself(x: list[Any]) -> int:
        x[1] = x
        return len(x)

    assert run_one(pack, into_itself).changed == ("x",)


def test_what_a_worker_runs_needs_no_answers(small_pack: Any) -> None:
    softmax = small_pack["softmax"]
    subjects = {"softmax": lambda x, axis=-1: np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)}
    with np.errstate(all="ignore"):
        blind, seeing = run(softmax.inputs_only(), subjects), run(softmax, subjects)
    assert all(same(a.value, b.value) for a, b in zip(blind, seeing, strict=True))
    assert not judge(softmax, blind).passed


def test_a_solution_that_does_not_end_is_stopped_even_if_it_catches_every_exception(pack_of: PackOf) -> None:
    pack = pack_of(lambda n: n, *(case(f"{n}", group="all", n=n) for n in range(3)))

    def endless(n: int) -> None:
        while True:
            try:
                [].index(n)
            except Exception:
                continue

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.assemble.SECONDS_PER_SOLUTION", 0.1)
        outcomes = run_in_time(pack, {"subject": endless})
    assert [o.error for o in outcomes] == ["TooSlow"] * 3
    with pytest.raises(TooSlow), time_limit(0.05):
        endless(0)


# The driver "gradient": x · sigmoid(x) on 2×3, its gradient pulled back from a random cotangent.


@pytest.fixture(scope="module")
def swish(pack_of: PackOf) -> PackedExercise:
    rng = np.random.default_rng(1)
    arguments: dict[str, Any] = {"x": rng.standard_normal((2, 3)), "cotangent": rng.standard_normal((2, 3))}
    return pack_of(lambda x: x * torch.sigmoid(x), case("random", group="all", **arguments), driver="gradient")


def test_value_and_gradient_are_those_of_the_formula(swish: PackedExercise, run_one: RunOne) -> None:
    found = run_one(swish, lambda x: torch.nn.functional.silu(x)).value
    x, g = (swish.cases[0].arguments[k] for k in ("x", "cotangent"))
    s = 1 / (1 + np.exp(-x))
    np.testing.assert_allclose(found["output"], x * s, rtol=1e-14)
    np.testing.assert_allclose(found["gradients"]["x"], g * (s + x * s * (1 - s)), rtol=1e-13)
    assert failure_of(swish, lambda x: torch.nn.functional.silu(x)) is None


@pytest.mark.parametrize(
    "subject",
    [
        lambda x: (x * torch.sigmoid(x)).detach(),
        lambda x: x * torch.sigmoid(x).detach(),
        lambda x: x.detach() * torch.sigmoid(x),
        lambda x: torch.tensor(x.detach().numpy() / (1 + np.exp(-x.detach().numpy()))),
        lambda x: (x * torch.sigmoid(x)).detach().numpy(),
        lambda x: (x * torch.sigmoid(x)).sum(),
        lambda x: (x * torch.sigmoid(x)).float(),
        lambda x: (x * torch.sigmoid(x)).T,
        lambda x: None,
    ],
)
def test_a_right_value_with_a_wrong_gradient_or_kind_is_refused(swish: PackedExercise, subject: Any) -> None:
    assert failure_of(swish, subject) is not None


@pytest.mark.parametrize(
    "subject",
    [
        lambda x: (x * torch.sigmoid(x)).detach(),
        lambda x: torch.tensor(x.detach().numpy() / (1 + np.exp(-x.detach().numpy()))),
        lambda x: x.detach() * torch.sigmoid(x.detach()) + torch.zeros(1, dtype=x.dtype, requires_grad=True),
    ],
)
def test_a_result_that_is_cut_off_from_an_input_says_which(swish: PackedExercise, subject: Any) -> None:
    failure = failure_of(swish, subject)
    assert failure is not None
    assert failure.text == "no gradient flows back from the result to x"


def test_the_cotangent_tells_apart_what_a_sum_cannot(pack_of: PackOf) -> None:
    """The gradient of softmax(x).sum() is zero, whatever stands behind it; a random cotangent sees the difference."""
    rng = np.random.default_rng(2)
    arguments: dict[str, Any] = {"x": rng.standard_normal((3, 4))}

    def straight_through(x: torch.Tensor) -> torch.Tensor:
        return torch.softmax(x, -1).detach() + (x - x.detach()) * 0

    verdicts = []
    for cotangent in (np.ones((3, 4)), rng.standard_normal((3, 4))):
        reference = case("softmax", group="all", cotangent=cotangent, **arguments)
        pack = pack_of(lambda x: torch.softmax(x, -1), reference, driver="gradient")
        verdicts.append(np.abs(pack.cases[0].expected["gradients"]["x"]).max())
        assert failure_of(pack, lambda x: torch.exp(torch.log_softmax(x, -1))) is None
    assert verdicts[0] < 1e-15 < 1e-3 < verdicts[1]
    assert failure_of(pack, straight_through) is not None


def test_an_input_that_has_no_part_in_the_result_has_the_gradient_none(pack_of: PackOf, run_one: RunOne) -> None:
    one = case("unused", group="all", x=X, w=X, cotangent=X)
    pack = pack_of(lambda x, w: 2 * x, one, driver="gradient")
    assert run_one(pack, lambda x, w: 2 * x).value["gradients"]["w"] is None
    assert failure_of(pack, lambda x, w: 2 * x + 0 * w) is not None


def test_whole_number_arguments_stay_whole_and_have_no_gradient(pack_of: PackOf, run_one: RunOne) -> None:
    x, labels = np.random.default_rng(0).standard_normal((3, 4)), np.array([1, 3, 0])
    one = case("labels", group="all", x=x, labels=labels, cotangent=np.array(0.7))
    pack = pack_of(lambda x, labels: torch.nn.functional.cross_entropy(x, labels), one, driver="gradient")
    assert list(pack.cases[0].expected["gradients"]) == ["x"]
    assert failure_of(pack, lambda x, labels: -torch.log_softmax(x, -1)[range(3), labels].mean()) is None


def test_a_tensor_arrives_in_the_layout_of_the_case_and_a_change_of_it_is_seen(
    pack_of: PackOf, run_one: RunOne
) -> None:
    seen = []

    def subject(x: torch.Tensor, k: torch.Tensor) -> torch.Tensor:
        seen.append(x.is_contiguous())
        k += 1
        return x * (k - 1)

    for layout in (None, "non-contiguous"):
        one = case("view", group="all", layout=layout, x=X, k=np.array([1, 2, 3]), cotangent=X)
        pack = pack_of(lambda x, k: x * k, one, driver="gradient")
        assert run_one(pack, subject).changed == ("k",)
        assert failure_of(pack, lambda x, k: k * x) is None
    assert seen == [True, False]
