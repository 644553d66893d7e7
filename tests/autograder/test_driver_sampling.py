"""The driver "sampling": chance is judged by exact relations and by statistics with a stated error rate."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder import case
from autograder.build.build import Course, prove_chapter
from autograder.compare.diagnosis import diagnose
from autograder.compare.records import ERROR_RATE
from autograder.compare.sampled import RUNS, _quantile, compare_sampled
from autograder.compare.verdict import judge
from autograder.drivers.run import run
from autograder.drivers.sampling import MEASURED, call_sampling
from autograder.drivers.statistics import statistic
from autograder.packs import PUBLIC, Pack, PackedExercise
from autograder.spec.exercise import SpecError
from autograder.spec.load import find_chapter

PackOf = Callable[..., PackedExercise]
CHANCE = Path(__file__).parent / "course3"
RNG = np.random.default_rng(3)
X, P = RNG.uniform(0.8, 1.2, (5, 4, 3)), 0.4
STATISTICS = [
    "mean",
    "variance",
    "fraction of zeros",
    "fraction of zeros per entry",
    "variance of the fraction of zeros",
    "correlation along axis 0",
    "correlation along axis 1",
    "correlation along axis -1",
    "correlation between calls",
]
RELATIONS: dict[str, Any] = {"same seed": True, "other seed": True, "successive": True, "choices": [0.0, X / (1 - P)]}
PLAN: dict[str, Any] = {"calls": 200, "seed": 11, "relations": RELATIONS, "statistics": STATISTICS}


def dropout(x: np.ndarray, p: float, rng: np.random.Generator) -> np.ndarray:
    return x * (rng.random(x.shape) >= p) / (1 - p)


@pytest.fixture(scope="module")
def pack(pack_of: PackOf) -> PackedExercise:
    """Dropout, judged in every way."""
    return pack_of(dropout, case("many", group="all", x=X, p=P, sampling=PLAN), driver="sampling")


def failure_of(pack: PackedExercise, subject: Callable[..., Any]) -> Any:
    return judge(pack, run(pack, {"subject": subject})).cases[0].failure


def text_of(pack: PackedExercise, subject: Callable[..., Any]) -> str:
    failure = failure_of(pack, subject)
    return failure.text if failure else ""


def in_another_order(x: np.ndarray, p: float, rng: np.random.Generator) -> np.ndarray:
    return np.where((rng.random(x.shape[::-1]) < 1 - p).T, x / (1 - p), 0)


def one_at_a_time(x: np.ndarray, p: float, rng: np.random.Generator) -> np.ndarray:
    return np.array([0.0 if rng.uniform() < p else v / (1 - p) for v in x.flat]).reshape(x.shape)


def wasteful(x: np.ndarray, p: float, rng: np.random.Generator) -> np.ndarray:
    rng.normal(size=17)
    return x * rng.choice([0, 1 / (1 - p)], size=x.shape, p=[p, 1 - p])


@pytest.mark.parametrize("subject", [dropout, in_another_order, one_at_a_time, wasteful])
def test_how_a_right_solution_uses_up_the_generator_does_not_matter(
    subject: Callable[..., Any], pack: PackedExercise
) -> None:
    assert failure_of(pack, subject) is None


def test_of_thousands_of_right_solutions_none_fails(pack_of: PackOf) -> None:
    plan = {"calls": 50, "seed": 1, "statistics": STATISTICS}
    x = X[:, :, 0]
    plan["statistics"] = [s for s in STATISTICS if s != "correlation along axis -1"]
    small = pack_of(dropout, case("c", group="all", x=x, p=P, sampling=plan), driver="sampling").cases[0]
    for seed in range(10_000, 13_000):
        got = call_sampling(dropout, {"x": x, "p": P, "sampling": {**plan, "seed": seed}})
        assert compare_sampled(small.expected, got, (), small.tolerances) is None


def test_the_error_rate_is_what_is_stated_even_where_the_tails_are_a_binomials(pack_of: PackOf) -> None:
    for p, calls in ((0.4, 40), (0.2, 80), (0.1, 160)):  # the rarer outcome is expected 16 times in each entry
        plan = {"calls": calls, "seed": 1, "statistics": ["fraction of zeros per entry"]}
        one = pack_of(dropout, case("c", group="all", x=X, p=p, sampling=plan), driver="sampling").cases[0]
        tolerance = one.tolerances[-1]
        beyond = [
            sum(_binomial(calls, k, p) for k in range(calls + 1) if abs(k / calls - centre) > tolerance)
            for centre in one.expected[MEASURED]["fraction of zeros per entry"].flat
        ]
        assert sum(beyond) <= ERROR_RATE


def _binomial(n: int, k: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def test_a_keep_probability_that_is_off_by_a_tenth_always_fails(pack: PackedExercise) -> None:
    one = pack.cases[0]
    for keep in (0.9 * (1 - P), 1.1 * (1 - P)):
        for seed in range(100, 150):
            wrong = {**one.arguments, "sampling": {**PLAN, "relations": {}, "seed": seed}}
            got = call_sampling(lambda x, p, rng, keep=keep: x * (rng.random(x.shape) < keep) / keep, wrong)
            expected = {**one.expected, "relations": {}}
            found = compare_sampled(expected, got, (), one.tolerances)
            assert found is not None


def test_students_t_is_that_of_the_tables_and_of_its_integral() -> None:
    assert _quantile(0.01) == pytest.approx(2.6264, abs=1e-4)
    assert _quantile(0.001) == pytest.approx(3.3915, abs=1e-4)
    n = RUNS - 1
    scale = math.exp(math.lgamma((n + 1) / 2) - math.lgamma(n / 2)) / math.sqrt(n * math.pi)
    for rate in (1e-6, 1e-9, 1e-11):
        t = np.linspace(_quantile(rate), 60, 400_001)
        tail = float(np.trapezoid(scale * (1 + t * t / n) ** (-(n + 1) / 2), t))
        assert 2 * tail == pytest.approx(rate, rel=0.05)


def shared_by_batch(x: np.ndarray, p: float, rng: np.random.Generator) -> np.ndarray:
    return x * (rng.random(x.shape[1:]) >= p) / (1 - p)


def shared_by_channels(x: np.ndarray, p: float, rng: np.random.Generator) -> np.ndarray:
    return x * (rng.random((len(x), 1, x.shape[2])) >= p) / (1 - p)


def exact_number(x: np.ndarray, p: float, rng: np.random.Generator) -> np.ndarray:
    keep = np.arange(x.size) >= round(p * x.size)
    return x * rng.permutation(keep).reshape(x.shape) / (1 - p)


def twice_each(x: np.ndarray, p: float, rng: Any, kept: dict[int, Any] | None = None) -> np.ndarray:
    memory = _MEMORY.setdefault(id(rng), [])
    if not memory:
        memory += [dropout(x, p, rng)] * 2
    return memory.pop().copy()


_MEMORY: dict[int, list[np.ndarray]] = {}


@pytest.mark.parametrize(
    ("subject", "names"),
    [
        (lambda x, p, rng: dropout(x, p, np.random.default_rng()), "the same seed gives the same results"),
        (lambda x, p, rng: dropout(x, p, np.random.default_rng(0)), "another seed gives other results"),
        (lambda x, p, rng: x.copy(), "another seed gives other results"),
        (lambda x, p, rng: (1 - p) * dropout(x, p, rng), "every entry is one of the values that it can have"),
        (lambda x, p, rng: dropout(x, 1 - p, rng), "every entry is one of the values that it can have"),
        (lambda x, p, rng: x * (rng.random(x.shape) < p) / (1 - p), "the mean is too small"),
        (lambda x, p, rng: x * (rng.random(x.shape) < 0.9) / (1 - p), "the mean is too large"),
        (shared_by_batch, "the variance of the fraction of zeros is too large"),
        (exact_number, "the variance of the fraction of zeros is too small"),
    ],
)
def test_a_wrong_solution_is_told_what_does_not_hold(
    subject: Callable[..., Any], names: str, pack: PackedExercise
) -> None:
    assert text_of(pack, subject).endswith(names)


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        (shared_by_batch, "correlation along axis 0"),
        (shared_by_channels, "correlation along axis 1"),
        (twice_each, "correlation between calls"),
    ],
)
def test_a_mask_that_is_used_again_shows_in_the_correlation(
    subject: Callable[..., Any], name: str, pack_of: PackOf
) -> None:
    others = [s for s in STATISTICS if s.startswith("correlation")]
    plan = {**PLAN, "relations": {}, "statistics": [name]}
    narrow = pack_of(dropout, case("c", group="all", x=X, p=P, sampling=plan), driver="sampling")
    assert text_of(narrow, subject) == f"the {name} is too large"
    for other in others:
        if other != name and subject is not twice_each:
            plan = {**PLAN, "relations": {}, "statistics": [other]}
            blind = pack_of(dropout, case("c", group="all", x=X, p=P, sampling=plan), driver="sampling")
            assert text_of(blind, subject) == ""


def test_the_public_detail_gives_the_numbers_and_the_text_does_not(pack: PackedExercise) -> None:
    failure = failure_of(pack, lambda x, p, rng: x * (rng.random(x.shape) < p) / (1 - p))
    assert failure.detail.startswith("expected 0.99") or failure.detail.startswith("expected 1.0")
    assert "over 200 calls, yours is 0.6" in failure.detail
    assert not any(c.isdigit() for c in failure.text)


@pytest.mark.parametrize(
    ("relation", "right", "wrong"),
    [
        ({"identity": "x"}, lambda x, rng: x + 0, lambda x, rng: x * (1 + 1e-15)),
        ({"range": [0.0, 2.0]}, lambda x, rng: 2 * rng.random(4), lambda x, rng: 2.1 * rng.random(4)),
        ({"distinct": 0}, lambda x, rng: rng.permutation(5), lambda x, rng: rng.integers(0, 5, 5)),
        (
            {"dropped together": [1, 2]},
            lambda x, rng: x * (rng.random((5, 1, 1)) < 0.5),
            lambda x, rng: x * (rng.random((5, 1, 3)) < 0.5),
        ),
    ],
)
def test_each_relation_passes_what_keeps_it_and_refuses_what_breaks_it(
    relation: dict[str, Any], right: Callable[..., Any], wrong: Callable[..., Any], pack_of: PackOf
) -> None:
    one = case("c", group="all", x=X, sampling={"calls": 40, "seed": 2, "relations": relation})
    made = pack_of(right, one, driver="sampling")
    assert text_of(made, right) == ""
    assert text_of(made, wrong).startswith("this should hold and does not: ")


def test_a_buffer_handed_out_in_every_call_is_refused(pack: PackedExercise) -> None:
    buffer = np.empty_like(X)

    def subject(x: np.ndarray, p: float, rng: np.random.Generator) -> np.ndarray:
        buffer[...] = dropout(x, p, rng)
        return buffer

    assert text_of(pack, subject) != ""


def test_an_input_changed_in_place_is_seen(pack: PackedExercise) -> None:
    def subject(x: np.ndarray, p: float, rng: np.random.Generator) -> np.ndarray:
        y = dropout(x, p, rng)
        x[0] = 0
        return y

    assert "changed its input x" in text_of(pack, subject)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (lambda x, p, rng: None, "the result is None: is a `return` missing"),
        (lambda x, p, rng: [1.0], "the result should be an array of numbers and is of type list"),
        (lambda x, p, rng: dropout(x, p, rng)[0], "the result has the wrong shape"),
        (lambda x, p, rng: dropout(x, p, rng).astype("float32"), "the result should have dtype float64"),
        (lambda x, p, rng: np.zeros(rng.integers(1, 9)), "the shape or dtype of the result changes from call to call"),
    ],
)
def test_what_is_no_sample_at_all_is_named(subject: Callable[..., Any], text: str, pack: PackedExercise) -> None:
    assert text_of(pack, subject).startswith(text)


def test_nan_is_refused(pack_of: PackOf) -> None:
    plan = {"calls": 40, "seed": 2, "statistics": ["mean"]}
    made = pack_of(dropout, case("c", group="all", x=X, p=P, sampling=plan), driver="sampling")
    assert text_of(made, lambda x, p, rng: x * np.nan) == "the mean is not a finite number"


def test_a_torch_generator_comes_with_tensors(pack_of: PackOf) -> None:
    def torch_dropout(x: torch.Tensor, p: float, generator: torch.Generator) -> torch.Tensor:
        return x * (torch.rand(x.shape, generator=generator) >= p) / (1 - p)

    plan = {**PLAN, "generator": "torch", "argument": "generator"}
    made = pack_of(torch_dropout, case("c", group="all", x=X, p=P, sampling=plan), driver="sampling")
    assert text_of(made, lambda x, p, generator: torch_dropout(x.clone(), p, generator)) == ""
    assert text_of(made, lambda x, p, generator: torch.nn.functional.dropout(x, p)).endswith("the same results")


def test_frequencies_of_outcomes_tell_a_wrong_distribution(pack_of: PackOf) -> None:
    plan = {"calls": 1500, "seed": 2, "statistics": ["frequencies of 3 outcomes"]}
    one = case("c", group="all", w=np.array([0.2, 0.3, 0.5]), sampling=plan)
    made = pack_of(lambda w, rng: int(rng.choice(3, p=w)), one, driver="sampling")
    assert text_of(made, lambda w, rng: int(np.searchsorted(w.cumsum(), rng.random()))) == ""
    assert text_of(made, lambda w, rng: int(rng.integers(3))).startswith("the frequencies of 3 outcomes at (")
    assert "int" in text_of(made, lambda w, rng: float(rng.choice(3, p=w)))


def test_statistics_are_what_their_names_say() -> None:
    y = np.array([[0.0, 2.0, 0.0], [4.0, 0.0, 0.0], [1.0, 1.0, 0.0], [2.0, 3.0, 5.0]])
    assert statistic("mean", y) == 1.5
    assert statistic("mean per entry", y).tolist() == [1.75, 1.5, 1.25]
    assert statistic("fraction of zeros", y) == 5 / 12
    assert statistic("variance", y) == pytest.approx(np.mean([np.var(c) for c in y.T]))
    assert statistic("variance of the fraction of zeros", y) == pytest.approx(np.var([2 / 3, 2 / 3, 1 / 3, 0]))
    pairs = [np.corrcoef(y[:, i], y[:, i + 1])[0, 1] for i in (0, 1)]
    assert statistic("correlation along axis 0", y) == pytest.approx(np.mean(pairs))
    assert statistic("correlation between calls", np.ones((4, 3))) == 1.0
    assert statistic("frequencies of 3 outcomes", np.array([0, 2, 2, 1])).tolist() == [0.25, 0.25, 0.5]
    assert statistic("frequencies of 2 outcomes per entry", np.array([[0, 1], [1, 1]])).tolist() == [[0.5, 0.5], [0, 1]]
    with pytest.raises(ValueError, match="there is no statistic 'median'"):
        statistic("median", y)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"relations": {"identity": "x"}}, "the reference breaks: the result equals `x`"),
        ({"relations": {"seed": True}}, "relation 'seed' is not one of"),
        ({"statistics": ["correlation along axis 3"]}, "cannot be computed: the results lack that axis"),
        ({"statistics": ["median"]}, "there is no statistic 'median'"),
        ({"statistics": ["variance per entry"], "calls": 4, "p": 0.02}, "too skewed to be judged: make more calls"),
    ],
)
def test_a_plan_that_cannot_be_right_is_refused_with_the_spec(
    plan: dict[str, Any], message: str, pack_of: PackOf
) -> None:
    p = plan.get("p", P)
    bad = {"calls": 20, "seed": 1, **{k: v for k, v in plan.items() if k != "p"}}
    with pytest.raises(SpecError, match=message):
        pack_of(dropout, case("c", group="all", x=X, p=p, sampling=bad), driver="sampling")


def test_a_mistake_is_recognised_although_its_numbers_differ_each_time(exercise_of: Any, tmp_path: Path) -> None:
    from autograder.assemble import assemble_exercise

    made = exercise_of(dropout, case("c", group="all", x=X, p=P, sampling={**PLAN, "relations": {}}), driver="sampling")
    made.mistake("batch", hint="one mask")(shared_by_batch)
    made.mistake("unscaled", hint="divide")(lambda x, p, rng: (1 - p) * dropout(x, p, rng))
    Pack("chapter", PUBLIC, (assemble_exercise(made, "s", 1),)).save(tmp_path / "pack")
    stored = Pack.load(tmp_path / "pack")["subject"]
    student = {"subject": lambda x, p, rng: x * (rng.random((1, *x.shape[1:])) > p) / (1 - p)}
    assert diagnose(stored, run(stored, student), [False]) == ("batch", "one mask")


@pytest.mark.slow
def test_the_exercises_on_chance_bounds_and_answers_are_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_SECRET", "test")
    shutil.copytree(CHANCE, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(tmp_path / "course")
    found = {p.exercise: p for p in prove_chapter(course, find_chapter(course.solutions, "1")).proofs}
    assert {name: [t.wrong for t in p.tallies.values() if t.wrong] for name, p in found.items()} == {
        "dropout": [],
        "wide": [],
        "audit": [],
        "share": [],
    }
    assert all(p.standard.total >= 4 for p in found.values())
    assert found["dropout"].mutants.total >= 40
