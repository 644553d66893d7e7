"""The driver "network": a network is measured, whatever it was initialised with, and told what was measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from autograder import case
from autograder.compare.bounds import compare_network
from autograder.compare.verdict import judge
from autograder.drivers.network import measure_network
from autograder.drivers.run import run
from autograder.packs import PackedExercise
from autograder.spec.exercise import SpecError

PackOf = Callable[..., PackedExercise]


def measured(network: nn.Module, shape: tuple[int, ...], name: str) -> Any:
    arguments = {"input_shape": shape, "bounds": {name: (">=", 0)}}
    return measure_network(lambda: network, arguments)["measured"][name]


class Causal(nn.Module):
    """Five layers of width 2, dilated 1, 2, 4, 8, 16: 32 points, none of them in the future."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Conv1d(4, 4, 2, dilation=2**i) for i in range(5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for i, layer in enumerate(self.layers):
            x = torch.tanh(layer(nn.functional.pad(x, (2**i, 0))))
        return x


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.wide, self.point = nn.Conv1d(4, 4, 3, padding=1), nn.Conv1d(4, 4, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.point(torch.sigmoid(self.wide(x)))


class Parallel(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.short = nn.Linear(6, 3)
        self.long = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.short(x) + self.long(x)


class Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(6, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(self.layer(x))


class Positioned(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv1d(3, 2, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x) + torch.arange(x.shape[-1])


def pooled() -> nn.Module:
    layers = (nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Conv2d(4, 2, 3, padding=1), nn.MaxPool2d(2), nn.Conv2d(2, 2, 3, padding=1))


def round_about() -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(3, 4, 3, padding=1, padding_mode="circular"), nn.ReLU())


@pytest.mark.parametrize(
    ("network", "shape", "extents"),
    [
        (nn.Conv1d(3, 2, 5), (2, 3, 20), [5]),
        (Causal(), (1, 4, 80), [32]),
        (nn.Sequential(*(Block() for _ in range(12))), (2, 4, 60), [25]),
        (nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 2, (5, 1))), (2, 3, 20, 24), [7, 3]),
        (pooled(), (2, 3, 40, 48), [18, 18]),  # 3, doubled: 4, 8, doubled again: 10, 18
        (nn.Sequential(nn.Conv1d(3, 4, 3), nn.GroupNorm(1, 4), nn.ReLU6(), nn.Conv1d(4, 4, 3)), (2, 3, 30), [30]),
        (nn.Sequential(nn.Conv3d(1, 1, (1, 2, 3))), (1, 1, 7, 8, 9), [1, 2, 3]),
        (nn.Sequential(), (2, 3, 30), [1]),
    ],
)
def test_the_receptive_field_is_that_of_the_printed_rule(
    network: nn.Module, shape: tuple[int, ...], extents: list[int]
) -> None:
    assert measured(network, shape, "receptive_field") == extents


@pytest.mark.parametrize(
    ("network", "shape", "depth", "macs", "parameters"),
    [
        (nn.Linear(6, 3), (2, 6), 1, 6 * 3, 6 * 3 + 3),
        (Parallel(), (2, 6), 2, 6 * 3 + 6 * 5 + 5 * 3, 21 + 35 + 18),
        (Tied(), (2, 6), 2, 72, 42),
        (nn.Conv2d(4, 6, (3, 2), groups=2, bias=False), (2, 4, 10, 11), 1, 8 * 10 * 6 * 2 * 6, 6 * 2 * 6),
        (nn.Sequential(*(Block() for _ in range(3))), (2, 4, 16), 6, 3 * 16 * (16 * 3 + 16), 3 * (52 + 20)),
        (nn.BatchNorm2d(4), (2, 4, 5, 6), 0, 0, 8),
    ],
)
def test_depth_macs_and_parameters_are_those_counted_by_hand(
    network: nn.Module, shape: tuple[int, ...], depth: int, macs: int, parameters: int
) -> None:
    assert measured(network, shape, "depth") == depth
    assert measured(network, shape, "macs") == macs
    assert measured(network, shape, "parameters") == parameters


def test_frozen_parameters_are_not_counted_and_lazy_ones_are() -> None:
    frozen = nn.Sequential(nn.Linear(6, 3), nn.Linear(3, 2))
    frozen[0].requires_grad_(False)
    assert measured(frozen, (2, 6), "parameters") == 8
    assert measured(nn.LazyLinear(3), (2, 6), "parameters") == 21


@pytest.mark.parametrize(
    ("network", "shape", "interior", "circular"),
    [
        (round_about(), (2, 3, 10, 12), True, True),
        (nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU()), (2, 3, 10, 12), True, False),
        (nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()), (2, 3, 10, 12), True, False),
        (Causal(), (2, 4, 80), True, False),
        (Positioned(), (2, 3, 20), False, False),
        (nn.Sequential(nn.Conv1d(3, 4, 3, stride=2, padding=1), nn.Upsample(scale_factor=2)), (2, 3, 40), False, False),
        (pooled(), (2, 3, 40, 48), False, False),
    ],
)
def test_equivariance_holds_away_from_the_border_or_everywhere(
    network: nn.Module, shape: tuple[int, ...], interior: bool, circular: bool
) -> None:
    assert (measured(network, shape, "shift_equivariance") < 1e-12) == interior
    assert (measured(network, shape, "circular_shift_equivariance") < 1e-12) == circular


def test_a_global_mean_after_circular_convolutions_is_invariant() -> None:
    head = (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3))
    assert measured(nn.Sequential(*round_about(), *head), (2, 3, 10, 12), "shift_invariance") < 1e-12
    assert measured(pooled(), (2, 3, 40, 48), "shift_invariance") > 1e-3


def test_what_a_network_was_initialised_with_has_no_influence() -> None:
    silent, noisy = Positioned(), nn.Conv1d(3, 2, 3, padding=1)
    cancelling = nn.Conv1d(1, 1, 3, padding=1)
    with torch.no_grad():
        for p in (*silent.parameters(), *noisy.parameters()):
            p.zero_()
        cancelling.weight.copy_(torch.tensor([[[0.0, 1.0, 0.0]]]))
    assert measured(silent, (2, 3, 20), "shift_equivariance") > 0.01
    assert measured(noisy, (2, 3, 20), "receptive_field") == [3]
    assert measured(cancelling, (2, 1, 20), "receptive_field") == [3]


BOUNDS: dict[str, Any] = {
    "output_shape": ("==", (2, 5, 20)),
    "parameters": ("<=", 60),
    "receptive_field": (">=", 3),
    "shift_equivariance": ("<=", 1e-9),
}


@pytest.fixture(scope="module")
def pack(pack_of: PackOf) -> PackedExercise:
    """A convolution within bounds."""
    one = case("c", group="all", width=3, input_shape=(2, 3, 20), bounds=BOUNDS)
    return pack_of(lambda width: nn.Conv1d(3, 5, width, padding="same"), one, driver="network")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (lambda width: nn.Conv1d(3, 5, 3, padding=1), ""),
        (lambda width: nn.Conv1d(3, 5, 3), "the output shape is 2 × 5 × 18: it should be exactly 2 × 5 × 20"),
        (lambda width: nn.Conv1d(3, 5, 5, padding=2), "the number of parameters is 80: it should be at most 60"),
        (lambda width: nn.Conv1d(3, 5, 1), "the receptive field is 1: it should be at least 3"),
        (lambda width: None, "what it makes is no nn.Module but of type NoneType: is a `return` missing?"),
        (lambda width: torch.relu, "what it makes is no nn.Module but of type builtin_function_or_method"),
        (lambda width: nn.Conv1d(4, 5, 3), "it raised RuntimeError"),
    ],
)
def test_the_message_says_what_was_measured_and_what_the_bound_is(
    subject: Callable[..., Any], text: str, pack: PackedExercise
) -> None:
    failure = judge(pack, run(pack, {"subject": subject})).cases[0].failure
    assert (failure.text if failure else "") == text


def test_a_network_that_does_not_look_at_its_input_is_refused(pack_of: PackOf) -> None:
    class Silent(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return 0 * x

    one = case("c", group="all", input_shape=(2, 3, 20), bounds={"parameters": ("<=", 60)})
    small = pack_of(lambda: nn.Conv1d(3, 5, 3), one, driver="network")
    failure = judge(small, run(small, {"subject": Silent})).cases[0].failure
    assert failure is not None
    assert failure.text == "the output does not depend on the input"


def test_a_class_is_as_good_as_a_function(pack_of: PackOf) -> None:
    one = case("c", group="all", input_shape=(1, 4, 80), bounds={"receptive_field": ("==", 32)})
    assert pack_of(Causal, one, driver="network").cases[0].expected["measured"] == {"receptive_field": [32]}


@pytest.mark.parametrize(
    "forged",
    [
        "1e-30 and [0.25, 3]",
        float("nan"),
        float("inf"),
        [],
        [[1]],
        True,
        {},
        None,
        pytest.param(1 << 20_000, id="huge"),
    ],
)
def test_a_forged_measurement_neither_passes_nor_reaches_a_page(forged: Any) -> None:
    expected = {"bounds": {"depth": ("<=", 3)}, "measured": {"depth": 2}, "responds": True}
    found = compare_network(expected, {**expected, "measured": {"depth": forged}})
    assert found is not None
    assert found.text.startswith("the depth cannot be measured: it should be at most 3")


@pytest.mark.parametrize(
    ("bounds", "shape", "message"),
    [
        ({"parameters": ("<=", 30)}, (2, 3, 20), "the number of parameters is 50: it should be at most 30"),
        ({"speed": ("<=", 30)}, (2, 3, 20), "'speed' cannot be measured; what can is parameters, "),
        ({"shift_equivariance": ("<=", 1)}, (2, 3, 3), "the shift equivariance error cannot be measured"),
    ],
)
def test_bounds_that_the_reference_breaks_or_that_do_not_exist_are_refused(
    bounds: dict[str, Any], shape: tuple[int, ...], message: str, pack_of: PackOf
) -> None:
    with pytest.raises(SpecError, match=message):
        pack_of(lambda: nn.Conv1d(3, 5, 3), case("c", group="all", input_shape=shape, bounds=bounds), driver="network")


def test_torch_is_left_as_it_was() -> None:
    right, wrong = round_about(), nn.Conv1d(9, 1, 1)
    before = torch.random.get_rng_state()
    measured(right, (2, 3, 10, 12), "shift_invariance")
    with pytest.raises(RuntimeError):
        measured(wrong, (2, 3, 10), "depth")
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.get_default_dtype() == torch.float32


def test_a_measurement_is_the_same_each_time(pack: PackedExercise) -> None:
    one, other = (run(pack, {"subject": lambda width: nn.Conv1d(3, 5, 3, padding=1)})[0].value for _ in range(2))
    assert one == other
