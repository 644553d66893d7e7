"""The driver "sequence": an object is judged by what its methods answer one after the other."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder import case
from autograder.assemble import run_in_time
from autograder.build.build import Course, prove_chapter
from autograder.compare.verdict import judge, judge_case
from autograder.drivers.run import run
from autograder.drivers.sequence import MOST_ITEMS, call_sequence
from autograder.packs import PUBLIC, Outcome, Pack, PackedExercise
from autograder.prove.standard import standard_mistakes
from autograder.spec import SpecError
from autograder.spec.load import find_chapter

PackOf = Callable[..., PackedExercise]
CLASSES = Path(__file__).parent / "course2"
X = [np.array([1.0, 0.0, 2.0]), np.array([0.5, 3.0, 0.0]), np.array([0.0, 1.0, 1.0])]


class Leaky:
    """A leaky integrator: v ← a v + x."""

    def __init__(self, size: int, a: float = 0.5) -> None:
        self.a, self.v = a, np.zeros(size)

    def step(self, x: np.ndarray) -> np.ndarray:
        self.v = self.a * self.v + x
        return self.v.copy()

    def __call__(self, x: np.ndarray) -> float:
        return float(self.step(x).sum())

    def reset(self) -> None:
        self.v = np.zeros_like(self.v)

    def __iter__(self) -> Iterator[np.ndarray]:
        for i in range(len(self.v)):
            yield self.v[: i + 1].copy()


def steps(*calls: Any) -> list[tuple[str, dict[str, Any]]]:
    """Calls of `step` for arrays, and others as they are."""
    return [("step", {"x": c}) if isinstance(c, np.ndarray) else (c, {}) for c in calls]


@pytest.fixture(scope="module")
def leaky(pack_of: PackOf) -> PackedExercise:
    calls = [*steps(X[0], X[1], "get:v", "iter", "reset", "get:v"), ("", {"x": X[2]}), ("__call__", {"x": X[0]})]
    return pack_of(Leaky, case("leaky", group="all", init={"size": 3}, calls=calls), driver="sequence")


def failure_of(pack: PackedExercise, subject: Any) -> Any:
    return judge(pack, run(pack, dict.fromkeys(pack.subjects, subject))).cases[0].failure


def test_the_results_are_those_of_the_formula_worked_out_by_hand(leaky: PackedExercise) -> None:
    results = call_sequence(Leaky, leaky.cases[0].arguments)["results"]
    found = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in results.items()}
    assert [a.tolist() for a in found.pop("what iterating yields (step 4)")] == [[1], [1, 3], [1, 3, 1]]
    assert found == {
        "the result of `step` (step 1)": [1, 0, 2],
        "the result of `step` (step 2)": [1, 3, 1],
        "the attribute `v` (step 3)": [1, 3, 1],
        "the result of `reset` (step 5)": None,
        "the attribute `v` (step 6)": [0, 0, 0],
        "the result of `__call__` (step 7)": 2,
        "the result of `__call__` (step 8)": 4,
    }


class InPlace(Leaky):
    def step(self, x: np.ndarray) -> np.ndarray:
        self.v *= self.a
        self.v += x
        return np.array(self.v)

    def reset(self) -> Any:
        self.v[:] = 0
        return self

    def __iter__(self) -> Iterator[np.ndarray]:
        return iter([self.v[:i] for i in (1, 2, 3)])


class Recorded:
    def __init__(self, size: int, a: float = 0.5) -> None:
        self.size, self.a, self.past = size, a, []

    @property
    def v(self) -> np.ndarray:
        return sum((x * self.a**i for i, x in enumerate(reversed(self.past))), np.zeros(self.size))

    def step(self, x: np.ndarray) -> np.ndarray:
        self.past.append(x.copy())
        return self.v

    def __call__(self, x: np.ndarray) -> float:
        return float(self.step(x).sum())

    def reset(self) -> None:
        self.past.clear()

    def __getitem__(self, i: int) -> np.ndarray:
        if i == self.size:
            raise IndexError
        return self.v[: i + 1]


@pytest.mark.parametrize("subject", [Leaky, Recorded])
def test_a_right_class_passes_however_it_keeps_its_state(subject: Any, leaky: PackedExercise) -> None:
    assert failure_of(leaky, subject) is None


def changed(**methods: Any) -> Any:
    return type("Wrong", (Leaky,), methods)


class OfTheClass(Leaky):
    shared = np.zeros(3)

    def __init__(self, size: int, a: float = 0.5) -> None:
        self.a = a

    @property
    def v(self) -> np.ndarray:
        return self.shared

    @v.setter
    def v(self, value: np.ndarray) -> None:
        self.shared[:] = value


def _returns_its_own(self: Any, x: np.ndarray) -> np.ndarray:
    self.v *= self.a
    self.v += x
    return self.v


def _writes_into_x(self: Any, x: np.ndarray) -> np.ndarray:
    x += self.a * self.v
    self.v = x.copy()
    return self.v.copy()


def _one_buffer(self: Any) -> Iterator[np.ndarray]:
    buffer = np.zeros(3)
    for i in range(3):
        buffer[: i + 1] = self.v[: i + 1]
        yield buffer[: i + 1]
        buffer[:] = 0


class WithoutStep:
    def __init__(self, size: int) -> None:
        self.v, self.advance = np.zeros(size), 1


class NeitherCallableNorIterable(WithoutStep):
    def step(self, x: np.ndarray) -> np.ndarray:
        self.v = 0.5 * self.v + x
        return self.v


class WithIteration(NeitherCallableNorIterable):
    def __iter__(self) -> Iterator[np.ndarray]:
        return (self.v[: i + 1].copy() for i in range(3))

    def reset(self) -> None:
        self.v = np.zeros(3)


WRONG: list[tuple[Any, str]] = [
    (changed(step=lambda self, x: x.copy()), "the result of `step` (step 2) has the right shape"),
    (changed(step=_returns_its_own), "the result of `step` (step 1) is changed later: hand out a copy"),
    (changed(step=_writes_into_x), "it changed its input calls: work on a copy"),
    (changed(reset=lambda self: None), "the attribute `v` (step 6) has the right shape"),
    (
        changed(__call__=lambda self, x: print(self.step(x))),
        "(step 7) is None: is a `return` missing, or did you print",
    ),
    (changed(__iter__=lambda self: iter([self.v])), "what iterating yields (step 4) should have 3 parts and has 1"),
    (changed(__iter__=lambda self: iter(int, 1)), f"should have 3 parts and has {MOST_ITEMS}"),
    (changed(__iter__=_one_buffer), "what iterating yields (step 4) is changed later: hand out a copy"),
    (changed(__call__=lambda self, x: self.step(x).mean()), "the result of `__call__` (step 7) is wrong"),
    (changed(reset=3), "`reset` should be a method and is not"),
    (OfTheClass, "a second object, made alike, answers otherwise: its state is shared"),
    (WithoutStep, "its objects have no method `step`"),
    (NeitherCallableNorIterable, "its objects cannot be iterated over: write a method __iter__"),
    (WithIteration, "its objects cannot be called: write a method __call__"),
    (lambda size: Recorded, "it raised TypeError"),
    (lambda: Leaky(3), "it raised TypeError"),
]


@pytest.mark.parametrize(("subject", "text"), WRONG, ids=[text for _, text in WRONG])
def test_a_wrong_class_is_refused_and_told_why(subject: Any, text: str, leaky: PackedExercise) -> None:
    OfTheClass.shared[:] = 0
    assert text in failure_of(leaky, subject).text


def test_a_missing_method_or_attribute_is_named_with_what_there_is(pack_of: PackOf) -> None:
    pack = pack_of(Leaky, case("v", group="all", init={"size": 3}, calls=steps("get:v")), driver="sequence")

    class Other:
        def __init__(self, size: int) -> None:
            self.state = size

    failure = failure_of(pack, Other)
    assert (failure.text, failure.detail) == ("its objects have no attribute `v`", "it has state")


def test_an_attribute_may_change_after_it_was_read(leaky: PackedExercise) -> None:
    in_place = [*steps(X[0], "get:v", X[1], "get:v")]
    record = call_sequence(InPlace, {"init": {"size": 3}, "calls": in_place})
    assert record["overwritten"] == []
    assert record["results"]["the attribute `v` (step 2)"].tolist() == [1, 0, 2]


def test_tensors_are_handed_over_and_taken_where_the_case_says_so(pack_of: PackOf) -> None:
    def make(size: int) -> Any:
        cell = Leaky(size)
        cell.v = torch.zeros(size, dtype=torch.float64)  # type: ignore[assignment]
        cell.step = lambda x: _step(cell, x)  # type: ignore[method-assign]
        return cell

    def _step(cell: Any, x: torch.Tensor) -> torch.Tensor:
        cell.v = cell.a * cell.v + torch.as_tensor(x)
        return cell.v

    with_tensors = case("tensors", group="all", init={"size": 3}, calls=steps(X[0], X[1], "get:v"), tensors=True)
    pack = pack_of(make, with_tensors, driver="sequence")
    assert pack.cases[0].expected["results"]["the result of `step` (step 2)"].tolist() == [1, 3, 1]
    assert failure_of(pack, make) is None
    plain = case("arrays", group="all", init={"size": 3}, calls=steps(X[0], X[1]))
    assert "torch.Tensor" in failure_of(pack_of(Leaky, plain, driver="sequence"), make).text


class Descent:
    """Moves the arrays that it was given, as optimisers do."""

    def __init__(self, parameters: list[np.ndarray], lr: float) -> None:
        self.parameters, self.lr = parameters, lr

    def step(self, gradients: list[np.ndarray]) -> None:
        for p, g in zip(self.parameters, gradients, strict=True):
            p -= self.lr * g


class OnCopies(Descent):
    def step(self, gradients: list[np.ndarray]) -> None:
        self.parameters = [p - self.lr * g for p, g in zip(self.parameters, gradients, strict=True)]


def test_an_object_may_change_what_it_was_made_with_where_the_case_says_so(pack_of: PackOf) -> None:
    given = {
        "init": {"parameters": [X[0], X[1][:2]], "lr": 0.5},
        "calls": [("step", {"gradients": [X[2], X[2][:2]]})] * 2,
    }
    pack = pack_of(Descent, case("in place", group="all", in_place=True, **given), driver="sequence")
    after = pack.cases[0].expected["results"]["what it was made with, afterwards"]["parameters"]
    assert [a.tolist() for a in after] == [[1, -1, 1], [0.5, 2]]
    assert failure_of(pack, Descent) is None
    assert failure_of(pack, OnCopies).text.startswith("what it was made with, afterwards,")
    assert X[0].tolist() == [1, 0, 2]
    with pytest.raises(SpecError, match="the reference changes its arguments"):
        pack_of(Descent, case("not in place", group="all", **given), driver="sequence")


@pytest.mark.parametrize(
    ("reference", "arguments", "message"),
    [
        (changed(step=_returns_its_own), {}, "the reference changes the result of `step` (step 1) later"),
        (OfTheClass, {}, "a second object of the reference, made alike, answers otherwise"),
        (Leaky, {"steps": 1}, "the driver takes init, calls, tensors, in_place, not steps"),
        (Leaky, {"calls": steps("stop")}, "the reference raises Unfit: its objects have no method `stop`"),
        (Leaky, {"init": {}}, "missing a required argument: 'size'"),
    ],
)
def test_a_case_that_does_not_fit_its_reference_is_refused(
    reference: Any, arguments: dict[str, Any], message: str, pack_of: PackOf
) -> None:
    given = {"init": {"size": 3}, "calls": steps(X[0], X[1]), **arguments}
    with pytest.raises(SpecError) as caught:
        pack_of(reference, case("c", group="all", **given), driver="sequence")
    assert message in str(caught.value)


@pytest.mark.parametrize("value", [None, {}, 3, {"results": None, "overwritten": 1}])
def test_a_forged_record_is_refused(value: Any, leaky: PackedExercise) -> None:
    assert not judge_case(leaky.cases[0], Outcome(value=value)).passed
    right = run(leaky, {"subject": Leaky})[0].value
    assert judge_case(leaky.cases[0], Outcome(value=right)).passed
    for forged in (value, {**right, "a second object does the same": np.ones(2)}, {**right, "results": {}}):
        assert not judge_case(leaky.cases[0], Outcome(value=forged)).passed


def test_packs_keep_the_case_and_a_worker_needs_no_answers(leaky: PackedExercise, tmp_path: Path) -> None:
    Pack("c", PUBLIC, (leaky,)).save(tmp_path / "pack")
    loaded = Pack.load(tmp_path / "pack")["subject"]
    for subject, passes in ((Recorded, True), (changed(reset=lambda self: None), False)):
        assert judge(loaded, run(loaded.inputs_only(), {"subject": subject})).passed is passes


def standard(pack: PackedExercise, reference: Any) -> dict[str, bool]:
    made = standard_mistakes(pack, {"subject": reference})
    return {name: judge(pack, run_in_time(pack, subjects)).passed for name, subjects in made}


def test_standard_mistakes_are_made_and_caught(leaky: PackedExercise) -> None:
    made = ("forgets its state between calls", "shares its state between objects", "always returns its first result")
    assert standard(leaky, Leaky) == dict.fromkeys(made, False)


def test_an_object_that_only_answers_has_no_state_to_forget(pack_of: PackOf) -> None:
    class Table:
        def __init__(self, size: int) -> None:
            self.rows = np.arange(size) ** 2.0

        def row(self, i: int) -> float:
            return float(self.rows[i])

    calls = [("row", {"i": i}) for i in (2, 3)]
    pack = pack_of(Table, case("table", group="all", init={"size": 5}, calls=calls), driver="sequence")
    assert standard(pack, Table) == {"always returns its first result": False}


def test_one_call_of_each_method_lets_forgetting_survive_where_nothing_is_read_back(pack_of: PackOf) -> None:
    pack = pack_of(Leaky, case("once", group="all", init={"size": 3}, calls=steps(X[0])), driver="sequence")
    assert standard(pack, Leaky) == {
        "forgets its state between calls": True,
        "shares its state between objects": False,
    }


def test_a_chapter_with_an_object_is_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_SECRET", "test")
    shutil.copytree(CLASSES, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(tmp_path / "course")
    (proof,) = prove_chapter(course, find_chapter(course.solutions, "2")).proofs
    assert [w for t in proof.tallies.values() for w in t.wrong] == []
    assert (str(proof.mistakes), str(proof.hints), str(proof.alternatives)) == ("4/4", "4/4", "2/2")
    assert (proof.standard.total, proof.mutants.total > 10) == (6, True)
