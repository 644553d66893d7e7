"""One exercise for each driver whose verdict is not a comparison of numbers: chance, bounds, answers."""

import numpy as np
import torch
from torch import nn

from autograder import Exercise, case

EXACT = ("same seed", "other seed", "successive")
IN_DISTRIBUTION = [
    "mean",
    "fraction of zeros",
    "fraction of zeros per entry",
    "variance of the fraction of zeros",
    "correlation along axis 0",
    "correlation along axis 1",
    "correlation between calls",
]


def _dropout(x, p, training, rng):
    if not training:
        return x.copy()
    return x * (rng.random(x.shape) >= p) / (1 - p)


dropout = Exercise(
    "dropout",
    title="Inverted dropout",
    reference=_dropout,
    points={"training": 2, "evaluation": 1, "nothing to drop": 1},
    minutes=10,
    hints=["Which entries stay, and what are they multiplied with?"],
    driver="sampling",
)


@dropout.cases
def _(draw):
    for _ in draw.rounds():
        n, c = draw.distinct_sizes(2, 4, 9)
        x, p = draw.rng.uniform(0.8, 1.2, (n, c)), draw.choice([0.25, 0.4])
        plan = {"calls": 200, "seed": draw.integers(1, 10**6)}
        chance = {"relations": dict.fromkeys(EXACT, True) | {"choices": [0.0, x / (1 - p)]}}
        yield case(
            "many calls",
            group="training",
            x=x,
            p=p,
            training=True,
            sampling=plan | chance | {"statistics": IN_DISTRIBUTION},
        )
        same = {"relations": {"identity": "x"}, "calls": 3}
        yield case("in evaluation", group="evaluation", x=x, p=p, training=False, sampling=plan | same)
        yield case("p = 0", group="nothing to drop", x=x, p=0.0, training=True, sampling=plan | same)


@dropout.mistake("not scaled", hint="On average an entry should stay what it is: divide by 1 − p.")
def _(x, p, training, rng):
    return x * (rng.random(x.shape) >= p) if training else x.copy()


@dropout.mistake("drops in evaluation too", hint="When the network is evaluated, nothing is dropped.")
def _(x, p, training, rng):
    return _dropout(x, p, True, rng)


@dropout.mistake("one mask for the whole batch", hint="Draw a mask of the shape of x: each sample has its own.")
def _(x, p, training, rng):
    return x * (rng.random(x.shape[1:]) >= p) / (1 - p) if training else x.copy()


@dropout.mistake("ignores the generator", hint="Draw from rng: only then can a run be repeated.")
def _(x, p, training, rng):
    return _dropout(x, p, training, np.random.default_rng())


@dropout.mistake("drops one entry too many", hint="Each entry is dropped with probability p, whatever the others do.")
def _(x, p, training, rng):
    y = _dropout(x, p, training, rng)
    if training:
        y.flat[rng.integers(y.size)] = 0
    return y


for _mutant in (
    "reference dropout: return x * (rng.random(x.shape) >= p) / (1 - p) | rng.random(x.shape) >= p"
    " -> rng.random(x.shape) > p",
    "notebook: keep = rng.random(x.shape) < 1 - p | rng.random(x.shape) < 1 - p -> rng.random(x.shape) <= 1 - p",
    "an entry at a time: y[i] = 0.0 if rng.uniform() < p else x[i] / (1 - p) | rng.uniform() < p -> rng.uniform() <= p",
):
    dropout.equivalent(_mutant, reason="a uniform number is never exactly p")


@dropout.alternative("a binomial draw for each entry")
def _(x, p, training, rng):
    return x * rng.binomial(1, 1 - p, x.shape) / (1 - p) if training else 1.0 * x


@dropout.alternative("an entry at a time")
def _(x, p, training, rng):
    y = x.copy()
    for i in np.ndindex(*x.shape):
        if training:
            y[i] = 0.0 if rng.uniform() < p else x[i] / (1 - p)
    return y


def _wide(channels, kernel):
    layers = []
    for dilation in (1, 2, 4):
        padding = dilation * (kernel - 1) // 2
        layers += [nn.Conv1d(channels, 6, kernel, padding=padding, dilation=dilation), nn.ReLU()]
        channels = 6
    return nn.Sequential(*layers, nn.Conv1d(6, 1, 1))


wide = Exercise(
    "wide",
    title="A wide view with few parameters",
    reference=_wide,
    points={"bounds": 2},
    minutes=15,
    hints=["Dilation widens the view without parameters."],
    driver="network",
)


@wide.cases
def _(draw):
    for _ in draw.rounds():
        c = draw.integers(2, 4)
        bounds = {
            "output_shape": ("==", (2, 1, 64)),
            "parameters": ("<=", 400),
            "depth": ("<=", 4),
            "receptive_field": (">=", 15),
            "shift_equivariance": ("<=", 1e-9),
        }
        yield case("a signal", group="bounds", channels=c, kernel=3, input_shape=(2, c, 64), bounds=bounds)


@wide.mistake("not dilated", hint="Three layers of width 3 see 7 points. Let their entries lie farther apart.")
def _(channels, kernel):
    wide_ones = (nn.Conv1d(n, 6, kernel, padding=kernel // 2) for n in (channels, 6, 6))
    return nn.Sequential(*wide_ones, nn.Conv1d(6, 1, 1))


@wide.mistake("one large kernel in each layer", hint="A kernel of 15 costs five times as much as one of 3.")
def _(channels, kernel):
    return nn.Sequential(nn.Conv1d(channels, 16, 15, padding=7), nn.ReLU(), nn.Conv1d(16, 1, 1))


class _Positioned(nn.Module):
    def __init__(self, channels, kernel):
        super().__init__()
        self.body = _wide(channels, kernel)

    def forward(self, x):
        return self.body(x) * torch.linspace(1, 2, x.shape[-1])


@wide.mistake("weighs positions", hint="What is done may not depend on where it is done.")
def _(channels, kernel):
    return _Positioned(channels, kernel)


@wide.alternative("another activation, other widths")
def _(channels, kernel):
    widths, dilations = (channels, 4, 5, 4), (1, 2, 4)
    layers = [nn.Conv1d(a, b, 3, padding=d, dilation=d) for a, b, d in zip(widths, widths[1:], dilations, strict=False)]
    return nn.Sequential(*(part for layer in layers for part in (layer, nn.GELU())), nn.Conv1d(4, 1, 1))


audit = Exercise(
    "audit",
    title="Audit of a table",
    reference=[("conv1", 640), ("conv3", 9248), ("head", 1290)],
    points={"rows": 2},
    minutes=10,
    hints=["Recompute each row: weights plus biases."],
    driver="answer",
)


@audit.cases
def _(draw):
    yield case("the rows that are wrong", group="rows", unordered=True, fold=True)


@audit.mistake("biases forgotten", hint="A layer has a bias for each of its outputs.")
def _():
    return [("conv1", 576), ("conv3", 9216), ("head", 1280)]


@audit.mistake("lists the rows that are right", hint="List the rows that are wrong, with the right number.")
def _():
    return [("conv2", 18496)]


@audit.alternative("in another order, as lists")
def _():
    return [["Head", 1290], ["conv3 ", 9248.0], ["CONV1", 640]]


share = Exercise(
    "share",
    title="A share",
    reference=0.0571,
    points={"number": 1},
    minutes=5,
    hints=["Divide by the total."],
    driver="answer",
)


@share.cases
def _(draw):
    yield case("the share of the biases", group="number", close=5e-4)


@share.mistake("in percent", hint="The question asks for a share, not for percent.")
def _():
    return 5.71


@share.alternative("rounded")
def _():
    return 0.057
