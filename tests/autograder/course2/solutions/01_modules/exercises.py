# pyright: reportArgumentType=false, reportCallIssue=false, reportOperatorIssue=false
# ruff: noqa: N801, RET504
"""An exercise whose subject is a module."""

import numpy as np
import torch
from torch import nn

from autograder import Exercise, case

batch_norm = Exercise(
    "batch_norm",
    title="Batch normalisation",
    reference={"BatchNorm1d": nn.BatchNorm1d},
    points={"vectors": 3, "sequences": 1, "settings": 1},
    minutes=20,
    hints=["Train mode normalises with the batch, eval mode with what training remembered."],
    driver="module",
    off_limits=["torch.nn.functional.batch_norm", "torch.batch_norm"],
)


def weights(draw, c):
    return {
        "weight": draw.normal(c),
        "bias": draw.normal(c),
        "running_mean": draw.normal(c),
        "running_var": 0.5 + draw.normal(c) ** 2,
        "num_batches_tracked": np.array(3),
    }


def batches(draw, *shape):
    n, *rest = shape
    sizes = (n, n + 1, n + 2)
    x = [1 + 2 * draw.normal(size, *rest) for size in sizes]
    return {"inputs": x, "cotangents": [draw.normal(*a.shape) for a in x[:2]]}


@batch_norm.cases
def _(draw):
    initial = ["weight", "bias", "running_mean", "running_var"]
    for _ in draw.rounds():
        n, c, t = draw.distinct_sizes(3, 4, 7)
        made = {"weights": weights(draw, c), "initial": initial}
        yield case("N × C", group="vectors", init={"num_features": c}, **made, **batches(draw, n, c))
        yield case("a small batch", group="vectors", init={"num_features": c}, **made, **batches(draw, 3, c))
        yield case("N × C × T", group="sequences", init={"num_features": c}, **made, **batches(draw, n, c, t))
        other = {"num_features": c, "eps": 0.5, "momentum": 0.3}
        yield case("another eps and momentum", group="settings", init=other, **made, **batches(draw, n, c))
        small = {"num_features": c, "eps": 0.25}
        given = {**batches(draw, n, c), "layout": "non-contiguous", "lr": 0.5}
        yield case("a strided view", group="settings", init=small, **made, **given)


class Written(nn.Module):
    """Batch normalisation by its definition, in pieces that a mistake can replace."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(num_features)), nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        mean, var = self.statistics(x) if self.training else (self.running_mean, self.running_var)
        return self.scaled(self.normalised(x, self.along(mean, x), self.along(var, x)), x)

    def statistics(self, x):
        axes = [0, 2][: x.ndim - 1]
        mean, var = x.mean(axes), x.var(axes, unbiased=False)
        self.remember(mean.detach(), x.var(axes).detach())
        return mean, var

    def remember(self, mean, var):
        self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
        self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var

    def normalised(self, x, mean, var):
        return (x - mean) / torch.sqrt(var + self.eps)

    def scaled(self, y, x):
        return self.along(self.weight, x) * y + self.along(self.bias, x)

    def along(self, v, x):
        return v.reshape(1, -1, *[1] * (x.ndim - 2))


@batch_norm.mistake("biased running variance", hint="The running variance takes the unbiased estimate, over N − 1.")
class _(Written):
    def remember(self, mean, var):
        n = self.count
        super().remember(mean, var * (n - 1) / n)

    def forward(self, x):
        self.count = x.numel() // x.shape[1]
        return super().forward(x)


@batch_norm.mistake("momentum the other way round", hint="In torch, momentum is the weight of the new batch.")
class _(Written):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__(num_features, eps, 1 - momentum)


@batch_norm.mistake("updates in eval mode", hint="Evaluating must not teach the module anything.")
class _(Written):
    def forward(self, x):
        if not self.training:
            y = super().forward(x)
            self.statistics(x)
            return y
        return super().forward(x)


@batch_norm.mistake("eps outside the root", hint="eps is added to the variance, not to the standard deviation.")
class _(Written):
    def normalised(self, x, mean, var):
        return (x - mean) / (torch.sqrt(var) + self.eps)


@batch_norm.mistake("weight and bias ignored", hint="After normalising, each channel is scaled and shifted.")
class _(Written):
    def scaled(self, y, x):
        return y


@batch_norm.mistake("statistics detached", hint="The gradient also flows through mean and variance.")
class _(Written):
    def normalised(self, x, mean, var):
        return super().normalised(x, mean.detach(), var.detach())


@batch_norm.alternative("from torch's parts")
class _(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(num_features)), nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))
        self.eps, self.momentum = eps, momentum

    def forward(self, x):
        rows = x.movedim(1, -1)
        flat = rows.reshape(-1, rows.shape[-1])
        if self.training:
            with torch.no_grad():
                self.running_mean.lerp_(flat.mean(0), self.momentum)
                self.running_var.lerp_(flat.var(0), self.momentum)
            centred = flat - flat.mean(0)
            y = centred * torch.rsqrt((centred**2).mean(0) + self.eps)
        else:
            y = (flat - self.running_mean) * torch.rsqrt(self.running_var + self.eps)
        y = torch.addcmul(self.bias, y, self.weight).reshape(rows.shape)
        y = y.movedim(-1, 1)
        return y


SAME = "with two or three axes, moving C to the end and back is one exchange of two axes"
for line in ("rows = x.transpose", "return y.transpose"):
    call = line.split()[-1]
    batch_norm.equivalent(f"notebook: {line}(1, -1) | {call}(1, -1) -> {call}(-1, 1)", reason=SAME)
for line, there, back in (("rows = x", "1, -1", "-1, 1"), ("y = y", "-1, 1", "1, -1")):
    call = line.split()[-1] + ".movedim"
    name = f"from torch's parts: {line}.movedim({there}) | {call}({there}) -> {call}({back})"
    batch_norm.equivalent(name, reason=SAME)
