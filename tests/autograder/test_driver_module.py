"""The driver "module": what a module computes, learns and remembers is judged, however it is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from autograder import case
from autograder.assemble import run_in_time
from autograder.build.build import Course, prove_chapter
from autograder.compare.verdict import judge, judge_case
from autograder.drivers.module import call_module
from autograder.drivers.run import run
from autograder.packs import PUBLIC, Outcome, Pack, PackedExercise
from autograder.prove.standard import standard_mistakes
from autograder.report.discreet import discreet
from autograder.spec import SpecError
from autograder.spec.load import find_chapter

PackOf = Callable[..., PackedExercise]
CLASSES = Path(__file__).parent / "course2"


def weights_of(module: nn.Module, seed: int = 0) -> dict[str, np.ndarray]:
    """Random weights in the form of a module's: positive, so that they may be variances."""
    rng = np.random.default_rng(seed)
    drawn = {k: rng.uniform(0.5, 1.5, tuple(t.shape)) for k, t in module.state_dict().items()}
    return {k: np.array(3) if module.state_dict()[k].dtype == torch.int64 else a for k, a in drawn.items()}


def arguments_for(make: Callable[..., nn.Module], *shape: int, out: tuple[int, ...], **init: Any) -> dict[str, Any]:
    """Arguments of a case with two training steps and one evaluation."""
    rng = np.random.default_rng(1)
    return {
        "init": init,
        "weights": weights_of(make(**init)),
        "inputs": [rng.standard_normal(shape) for _ in range(3)],
        "cotangents": [rng.standard_normal(out) for _ in range(2)],
    }


def failure_of(pack: PackedExercise, subject: Any) -> Any:
    return judge(pack, run(pack, dict.fromkeys(pack.subjects, subject))).cases[0].failure


@pytest.fixture(scope="module")
def linear(pack_of: PackOf) -> PackedExercise:
    """nn.Linear from 3 to 4 features, two at a time."""
    given = arguments_for(nn.Linear, 2, 3, out=(2, 4), in_features=3, out_features=4)
    return pack_of(nn.Linear, case("linear", group="all", **given), driver="module")


@pytest.fixture(scope="module")
def norm(pack_of: PackOf) -> PackedExercise:
    """nn.BatchNorm1d of 3 channels on 5 vectors."""
    given = arguments_for(nn.BatchNorm1d, 5, 3, out=(5, 3), num_features=3)
    initial = ["weight", "bias", "running_mean", "running_var"]
    return pack_of(nn.BatchNorm1d, case("norm", group="all", initial=initial, **given), driver="module")


class Block(nn.Module):
    """conv1, norm1, relu, conv2 and the input added."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(channels, channels + 1, 3, padding=1)
        self.norm1 = nn.BatchNorm1d(channels + 1)
        self.conv2 = nn.Conv1d(channels + 1, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.conv2(torch.relu(self.norm1(self.conv1(x))))


@pytest.fixture(scope="module")
def block(pack_of: PackOf) -> PackedExercise:
    given = arguments_for(Block, 3, 2, 5, out=(3, 2, 5), channels=2)
    return pack_of(Block, case("block", group="all", **given), driver="module")


# What is recorded


def test_the_record_is_that_of_autograd_and_of_torchs_sgd(norm: PackedExercise) -> None:
    given = norm.cases[0].arguments
    module = nn.BatchNorm1d(3).double()
    module.load_state_dict({k: torch.from_numpy(a) for k, a in given["weights"].items()})
    optimiser = torch.optim.SGD(module.parameters(), lr=0.25)
    record = call_module(nn.BatchNorm1d, {**given, "lr": 0.25})
    assert record["initial"]["running_var"].tolist() == [1, 1, 1]
    for i, (x, g) in enumerate(zip(given["inputs"], given["cotangents"], strict=False)):
        x = torch.tensor(x, requires_grad=True)
        y = module(x)
        optimiser.zero_grad()
        y.backward(torch.tensor(g))
        if i == 0:
            assert x.grad is not None
            torch.testing.assert_close(torch.tensor(record["output"]), y.detach())
            torch.testing.assert_close(torch.tensor(record["input_gradient"]), x.grad)
            for name, parameter in module.named_parameters():
                torch.testing.assert_close(torch.tensor(record["gradients"][name]), parameter.grad)
        optimiser.step()
    module.eval()
    torch.testing.assert_close(torch.tensor(record["eval output"]), module(torch.tensor(given["inputs"][2])).detach())
    for part in ("after training", "state"):
        assert list(record[part]) == ["weight", "bias", "running_mean", "running_var"]
        for name, array in record[part].items():
            torch.testing.assert_close(torch.tensor(array), module.state_dict()[name].detach())


def test_torch_is_left_as_it_was_and_random_layers_draw_the_same_each_time(pack_of: PackOf) -> None:
    given = arguments_for(nn.Dropout, 2, 3, out=(2, 3), p=0.4)
    before, dtype = torch.get_rng_state(), torch.get_default_dtype()
    first, second = call_module(nn.Dropout, given), call_module(nn.Dropout, given)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_default_dtype() is dtype
    assert np.array_equal(first["output"], second["output"])
    assert (first["output"] == 0).any()
    assert np.array_equal(first["eval output"], given["inputs"][2])


@pytest.mark.parametrize("layout", [None, "non-contiguous"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_inputs_arrive_in_float64_and_in_the_layout_of_the_case(
    dtype: str, layout: str | None, pack_of: PackOf
) -> None:
    seen = []

    class Watching(nn.Linear):
        def forward(self, input: torch.Tensor) -> torch.Tensor:
            seen.append((input.dtype, input.is_contiguous()))
            return super().forward(input)

    given = arguments_for(nn.Linear, 2, 3, out=(2, 4), in_features=3, out_features=4)
    given["inputs"] = [a.astype(dtype) for a in given["inputs"]]
    pack = pack_of(nn.Linear, case("a", group="all", layout=layout, **given), driver="module")
    assert failure_of(pack, Watching) is None
    assert set(seen) == {(torch.float64, layout is None)}


def test_modules_with_several_inputs_and_outputs_are_judged(pack_of: PackOf) -> None:
    rng = np.random.default_rng(3)
    state: Callable[[], np.ndarray] = lambda: rng.standard_normal((1, 2, 4))  # noqa: E731
    given = {
        "init": {"input_size": 3, "hidden_size": 4, "batch_first": True},
        "weights": weights_of(nn.GRU(3, 4)),
        "inputs": [
            (rng.standard_normal((2, 5, 3)), state()),
            {"input": rng.standard_normal((2, 6, 3))},
            [rng.standard_normal((2, 5, 3)), state()],
        ],
        "cotangents": [[rng.standard_normal((2, t, 4)), state()] for t in (5, 6)],
    }
    pack = pack_of(nn.GRU, case("gru", group="all", **given), driver="module")
    assert failure_of(pack, nn.GRU) is None
    assert [a.shape for a in pack.cases[0].expected["input_gradient"]] == [(2, 5, 3), (1, 2, 4)]

    class Last(nn.GRU):
        def forward(self, input: Any, hx: Any = None) -> Any:
            y, _ = super().forward(input, hx)
            return y, y[:, 0][None]

    assert "its output[1]" in failure_of(pack, Last).text


def test_whole_number_inputs_and_tied_weights_are_judged(pack_of: PackOf) -> None:
    class Tied(nn.Module):
        def __init__(self, tied: bool = True) -> None:
            super().__init__()
            self.embedding, self.head = nn.Embedding(5, 3), nn.Linear(3, 5, bias=False)
            if tied:
                self.head.weight = self.embedding.weight

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.head(self.embedding(x))

    rng = np.random.default_rng(4)
    table = rng.standard_normal((5, 3))
    given = {
        "weights": {"embedding.weight": table, "head.weight": table},
        "inputs": [rng.integers(0, 5, (2, 4)) for _ in range(3)],
        "cotangents": [rng.standard_normal((2, 4, 5)) for _ in range(2)],
    }
    pack = pack_of(Tied, case("tied", group="all", **given), driver="module")
    assert failure_of(pack, Tied) is None
    assert "`embedding.weight`" in failure_of(pack, lambda: Tied(tied=False)).text


# Right modules


class ByHand(nn.Module):
    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.w, self.b = nn.Parameter(torch.zeros(out_features, in_features)), nn.Parameter(torch.zeros(out_features))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.zeros(len(x), len(self.b)) + x @ self.w.T + self.b


class Inner(nn.Module):
    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.net = nn.ModuleList([nn.Linear(in_features, out_features).double()])
        self.register_buffer("constant", torch.ones(7))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net[0](x)


class InPlaceOnItsOwn(nn.Linear):
    def forward(self, input: torch.Tensor) -> torch.Tensor:
        y = input.clone()
        y.mul_(2).div_(2)
        y = torch.nn.functional.linear(y, self.weight)
        y += self.bias
        return y


@pytest.mark.parametrize("subject", [nn.Linear, ByHand, Inner, InPlaceOnItsOwn])
def test_a_right_module_passes_whatever_its_names_and_structure(subject: Any, linear: PackedExercise) -> None:
    assert failure_of(linear, subject) is None


class PlainNorm(nn.Module):
    """Batch normalisation without a counter of batches."""

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(num_features)), nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            self.running_mean = 0.9 * self.running_mean + 0.1 * mean.detach()
            self.running_var = 0.9 * self.running_var + 0.1 * x.var(0).detach()
        return self.weight * (x - mean) / torch.sqrt(var + 1e-5) + self.bias


def test_a_counter_of_batches_is_optional(norm: PackedExercise) -> None:
    assert failure_of(norm, PlainNorm) is None
    assert failure_of(norm, nn.BatchNorm1d) is None


class Flat(nn.Module):
    """The same as Block, in a Sequential."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        block = Block(channels)
        self.body = nn.Sequential(block.conv1, block.norm1, nn.ReLU(inplace=True), block.conv2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x).add_(x)


class NamedFlat(Flat):
    """Flat, with names that tell its weights of equal shape apart."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels)
        self.norm1, self.conv1, self.second = self.body[1], self.body[0], self.body[3]
        del self.body

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.second(self.norm1(self.conv1(x)).clamp(min=0))


def test_another_structure_passes_where_shapes_or_names_tell_the_weights_apart(block: PackedExercise) -> None:
    assert failure_of(block, NamedFlat) is None
    failure = failure_of(block, Flat)
    assert failure.text == "its weights have other names than asked, and their shapes do not say which is which"
    assert "conv1.bias (3,)" in failure.detail
    assert "body.0.bias (3,)" in failure.detail


# Wrong modules


def linear_with(**methods: Any) -> Any:
    return type("Wrong", (nn.Linear,), methods)


def changes_its_input(self: nn.Linear, x: torch.Tensor) -> torch.Tensor:
    x += 1
    return nn.functional.linear(x - 1, self.weight, self.bias)


def changes_it_unseen(self: nn.Linear, x: torch.Tensor) -> torch.Tensor:
    y = nn.functional.linear(x, self.weight, self.bias)
    if not self.training:
        x.data.mul_(2)
    return y


def through_numpy(self: nn.Linear, x: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(x.detach().numpy() @ self.weight.detach().numpy().T) + self.bias


class OutsideInList(nn.Module):
    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.layers = [nn.Linear(in_features, out_features)]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers[0](x)


class OutsideAsTensor(nn.Linear):
    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__(in_features, out_features, bias=False)
        self.shift = torch.zeros(out_features, requires_grad=True)

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        return super().forward(input) + self.shift


class Surplus(nn.Linear):
    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__(in_features, out_features)
        self.scale = nn.Parameter(torch.ones(()))


class BiasAsBuffer(nn.Linear):
    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__(in_features, out_features, bias=False)
        del self.bias
        self.register_buffer("bias", torch.zeros(out_features))


class Transposed(nn.Linear):
    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__(out_features, in_features)


LINEAR_FAILURES: list[tuple[Any, str]] = [
    (linear_with(forward=lambda self, x: 0 * nn.functional.linear(x, self.weight, self.bias)), "its output has"),
    (linear_with(forward=lambda self, x: nn.functional.linear(x, self.weight)), "its output has the right shape"),
    (linear_with(forward=lambda self, x: (x @ self.weight.T + self.bias).T), "its output has the wrong shape"),
    (linear_with(forward=lambda self, x: (x @ self.weight.T + self.bias,)), "its output should be"),
    (linear_with(forward=lambda self, x: (x @ self.weight.T + self.bias).float()), "should have dtype float64"),
    (linear_with(forward=lambda self, x: None), "is a `return` missing"),
    (linear_with(forward=lambda self, x: x.detach().numpy()), "forward returns a NumPy array"),
    (linear_with(forward=lambda self, x: x.detach() @ self.weight.T + self.bias), "flows back to the input"),
    (linear_with(forward=lambda self, x: x @ self.weight.detach().T + self.bias), "flows back to `weight`"),
    (linear_with(forward=lambda self, x: x @ self.weight.T + self.bias.data), "flows back to `bias`"),
    (linear_with(forward=lambda self, x: (x @ self.weight.T + self.bias).detach()), "flows back to the input"),
    (linear_with(forward=through_numpy), "no gradient flows back to the input"),
    (linear_with(forward=changes_its_input), "it changed its inputs: work on a copy"),
    (linear_with(forward=changes_it_unseen), "it changed its inputs: work on a copy"),
    (linear_with(forward=lambda self, x: x @ self.weight.T + self.bias if self.training else x), "in eval mode has"),
    (OutsideInList, "it keeps weights where parameters() does not see them"),
    (OutsideAsTensor, "it keeps weights where parameters() does not see them"),
    (Surplus, "it has more parameters than it should"),
    (lambda in_features, out_features: nn.Linear(in_features, out_features, bias=False), "weights are missing"),
    (BiasAsBuffer, "`bias` should be an nn.Parameter and is a buffer"),
    (Transposed, "its weight `weight` has the wrong shape"),
    (lambda in_features, out_features: torch.relu, "the class does not make an nn.Module"),
    (lambda in_features: nn.Linear(in_features, 4), "it raised TypeError"),
    (lambda in_features, out_features: nn.Module(), "weights are missing"),
]


@pytest.mark.parametrize(("subject", "text"), LINEAR_FAILURES, ids=[text for _, text in LINEAR_FAILURES])
def test_a_wrong_module_is_refused_and_told_why(subject: Any, text: str, linear: PackedExercise) -> None:
    assert text in failure_of(linear, subject).text


def test_the_detail_names_what_was_asked_for_and_what_was_found(linear: PackedExercise) -> None:
    assert failure_of(linear, OutsideInList).detail.startswith(
        "look at self.layers; asked for: weight (4, 3), bias (4,)"
    )
    assert failure_of(linear, Transposed).detail == "expected shape (4, 3), yours is (3, 4)"
    assert "not asked for: scale ()" in failure_of(linear, Surplus).detail


class MeanAsParameter(PlainNorm):
    def __init__(self, num_features: int) -> None:
        super().__init__(num_features)
        del self.running_mean
        self.running_mean = nn.Parameter(torch.zeros(num_features))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mean, var = (x.mean(0), x.var(0, unbiased=False)) if self.training else (self.running_mean, self.running_var)
        if self.training:
            self.running_mean.data.lerp_(mean.detach(), 0.1)
            self.running_var.lerp_(x.var(0).detach(), 0.1)
        return self.weight * (x - mean) / torch.sqrt(var + 1e-5) + self.bias


class TrainsInEval(nn.BatchNorm1d):
    def forward(self, input: torch.Tensor) -> torch.Tensor:
        y = super().forward(input)
        if not self.training:
            self.get_buffer("running_mean").lerp_(input.mean(0), 0.1)
        return y


class OtherStart(PlainNorm):
    def __init__(self, num_features: int) -> None:
        super().__init__(num_features)
        self.running_var.zero_()


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (TrainsInEval, "`running_mean` changes in eval mode: evaluating must leave everything as it is"),
        (MeanAsParameter, "`running_mean` should be a buffer (register_buffer) and is an nn.Parameter"),
        (OtherStart, "`running_var`, as __init__ makes it, has the right shape but 3 of its 3 entries are wrong"),
        (lambda num_features: nn.BatchNorm1d(num_features, momentum=0.9), "`running_mean` after training has"),
        (lambda num_features: nn.BatchNorm1d(num_features, track_running_stats=False), "weights are missing"),
        (lambda num_features: nn.BatchNorm1d(num_features, eps=2e-5), "its output has the right shape"),
    ],
)
def test_a_module_that_remembers_wrongly_is_refused_and_told_what(
    subject: Any, text: str, norm: PackedExercise
) -> None:
    assert text in failure_of(norm, subject).text


def test_a_module_without_forward_is_not_implemented_yet(linear: PackedExercise) -> None:
    class Empty(nn.Linear):
        forward = nn.Module.forward

    assert judge(linear, run(linear, {"subject": Empty})).reason == "not implemented yet"


# Where it begins


class WrongNorm(Block):
    def __init__(self, channels: int) -> None:
        super().__init__(channels)
        self.norm1.eps = 0.1


class WrongEnd(Block):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x) - 2 * x


class WrongInEval(Block):
    def train(self, mode: bool = True) -> WrongInEval:
        super().train(mode)
        self.norm1.train(True)
        return self


@pytest.mark.parametrize(
    ("subject", "ending"),
    [
        (WrongNorm, "; up to `conv1` your module agrees; `norm1` is the first submodule whose output differs"),
        (WrongEnd, "; its submodules agree up to `conv2`: look at what forward does after it"),
        (WrongInEval, "; up to `conv1` your module agrees; `norm1` is the first submodule whose output differs"),
    ],
)
def test_the_first_submodule_whose_output_differs_is_named(subject: Any, ending: str, block: PackedExercise) -> None:
    outcomes = run(block, {"subject": subject})
    (verdict,) = judge(block, outcomes).cases
    assert verdict.failure is not None
    assert verdict.failure.text.endswith(ending)
    assert discreet(verdict) == verdict.failure.text
    assert ("in eval mode" in verdict.failure.text) == (subject is WrongInEval)


class TwoLayers(nn.Module):
    def __init__(self, names: tuple[str, str] = ("first", "second")) -> None:
        super().__init__()
        self.names = names
        for name, layer in zip(names, (nn.Linear(3, 4), nn.Linear(4, 2)), strict=True):
            self.add_module(name, layer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first, second = (getattr(self, name) for name in self.names)
        return second(torch.tanh(first(x)))


class TwoWrongLayers(TwoLayers):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(2 * x)


def test_a_module_of_another_structure_hears_nothing_about_submodules(pack_of: PackOf) -> None:
    given = arguments_for(TwoLayers, 5, 3, out=(5, 2))
    pack = pack_of(TwoLayers, case("two layers", group="all", **given), driver="module")
    assert failure_of(pack, lambda: TwoLayers(("a", "b"))) is None
    assert failure_of(pack, TwoWrongLayers).text.endswith("; `first` is the first submodule whose output differs")
    assert "submodule" not in failure_of(pack, lambda: TwoWrongLayers(("a", "b"))).text


# Safety and specs


def test_a_students_own_exception_of_the_drivers_name_says_nothing(linear: PackedExercise) -> None:
    class Unfit(Exception):
        pass

    def smuggles(self: nn.Linear, x: torch.Tensor) -> torch.Tensor:
        raise Unfit(f"its weight `{x.sum().item()}` has the wrong shape")

    assert failure_of(linear, linear_with(forward=smuggles)).text == "it raised Unfit"


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"output": None},
        {"output": 1, "gradients": 2, "submodules": 3},
        {"submodules": {"train": [1]}, "output": np.ones(2)},
        [np.ones(3)],
    ],
)
def test_a_forged_record_is_refused(value: Any, block: PackedExercise) -> None:
    assert not judge_case(block.cases[0], Outcome(value=value)).passed
    right = run(block, {"subject": Block})[0].value
    for key in ("gradients", "after training", "state", "input_gradient", "eval output", "initial"):
        assert judge_case(block.cases[0], Outcome(value=right)).passed
        for forged in (None, 5, [], {"conv1.weight": None}):
            assert not judge_case(block.cases[0], Outcome(value={**right, key: forged})).passed or key == "initial"


def test_packs_keep_the_case_and_a_worker_needs_no_answers(block: PackedExercise, tmp_path: Path) -> None:
    Pack("c", PUBLIC, (block,)).save(tmp_path / "pack")
    loaded = Pack.load(tmp_path / "pack")["subject"]
    for subject, passes in ((Block, True), (WrongNorm, False)):
        assert judge(loaded, run(loaded.inputs_only(), {"subject": subject})).passed is passes


def test_what_is_off_limits_is_so_in_methods_too(pack_of: PackOf) -> None:
    given = arguments_for(nn.Linear, 2, 3, out=(2, 4), in_features=3, out_features=4)
    one = case("linear", group="all", **given)
    pack = pack_of(nn.Linear, one, driver="module", off_limits=["torch.nn.functional.linear"])
    scope: dict[str, Any] = {"Base": nn.Linear}
    exec(
        "from torch.nn.functional import linear as l\n"
        "class Student(Base):\n    def forward(self, x):\n        return l(x, self.weight, self.bias)",
        scope,
    )
    assert "torch.nn.functional.linear is off limits" in failure_of(pack, scope["Student"]).text
    assert failure_of(pack, ByHand) is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"cotangents": [np.ones((2, 3)), np.ones((2, 4))]}, "a cotangent has not the shape of its output"),
        ({"cotangents": [np.ones((2, 4))]}, "the reference raises ValueError"),
        ({"inputs": [np.ones((2, 3))], "cotangents": []}, "inputs should have an entry for a training step"),
        ({"init": {"in_features": 3}}, "the reference does not take these arguments"),
        ({"cotangent": 1}, "the driver takes init, weights, inputs, cotangents, lr, train, initial, not cotangent"),
        ({"weights": {}}, "the reference raises Unfit: it has more parameters than it should"),
    ],
)
def test_a_case_that_does_not_fit_its_reference_is_refused(
    changed: dict[str, Any], message: str, pack_of: PackOf
) -> None:
    given = arguments_for(nn.Linear, 2, 3, out=(2, 4), in_features=3, out_features=4)
    with pytest.raises(SpecError) as caught:
        pack_of(nn.Linear, case("c", group="all", **{**given, **changed}), driver="module")
    assert message in str(caught.value)


# Standard mistakes, and a chapter proved

ANY = {
    *("returns zeros", "returns its input", "detaches its output", "writes into its input"),
    *("is off by one part in a million", "computes in float32"),
}
MODES = {"ignores eval mode", "swaps train and eval"}
BUFFERS = {"never updates its buffers", "updates its buffers in eval mode"}


def test_standard_mistakes_are_made_where_they_make_sense_and_are_all_caught(
    linear: PackedExercise, norm: PackedExercise
) -> None:
    ignores = {f"ignores the parameter {name}" for name in ("weight", "bias")}
    for pack, reference, names in (
        (linear, nn.Linear, ANY | ignores),
        (norm, nn.BatchNorm1d, ANY | ignores | MODES | BUFFERS),
    ):
        made = dict(standard_mistakes(pack, {"subject": reference}))
        assert set(made) == names
        assert [n for n, subjects in made.items() if judge(pack, run_in_time(pack, subjects)).passed] == []


def test_half_a_gradient_is_refused_by_a_random_cotangent_and_by_no_zero_one(pack_of: PackOf) -> None:
    def half_the_gradient(self: nn.Linear, x: torch.Tensor) -> torch.Tensor:
        y = nn.functional.linear(x, self.weight, self.bias)
        return y / 2 + y.detach() / 2

    given = arguments_for(nn.Linear, 2, 3, out=(2, 4), in_features=3, out_features=4)
    silent = {**given, "cotangents": [np.zeros((2, 4)) for _ in range(2)]}
    failures = [
        failure_of(
            pack_of(nn.Linear, case("c", group="all", **a), driver="module"), linear_with(forward=half_the_gradient)
        )
        for a in (given, silent)
    ]
    assert "the gradient of its input" in failures[0].text
    assert failures[1] is None


@pytest.mark.slow
def test_a_chapter_with_a_module_is_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRADER_SECRET", "test")
    monkeypatch.setattr("autograder.assemble.HIDDEN_ROUNDS", 1)
    shutil.copytree(CLASSES, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(tmp_path / "course")
    (proof,) = prove_chapter(course, find_chapter(course.solutions, "1")).proofs
    assert [w for t in proof.tallies.values() for w in t.wrong] == []
    assert (str(proof.mistakes), str(proof.hints), str(proof.alternatives)) == ("6/6", "6/6", "2/2")
    assert proof.mutants.total > 100
    assert proof.standard.total == 2 * len(ANY | MODES | BUFFERS | {"weight", "bias"})
