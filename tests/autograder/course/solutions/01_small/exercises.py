"""Two small exercises: one for each driver."""

import numpy as np
import torch

from autograder import Exercise, case


def _softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


softmax = Exercise(
    "softmax",
    title="Softmax",
    reference=_softmax,
    points={"rows": 2, "large numbers": 1, "any axis": 1, "dtypes": 1},
    minutes=10,
    hints=["What do the entries of a row sum to?", "exp overflows beyond 709: what can you subtract?"],
)


@softmax.cases
def _(draw):
    yield case("two rows by hand", group="rows", x=np.array([[0.0, 0.0], [0.0, np.log(3)]]))
    for _ in draw.rounds():
        n, c, t = draw.distinct_sizes(3, 2, 6)
        yield case("random rows", group="rows", x=draw.normal(n, c))
        yield case("a batch of one", group="rows", x=draw.normal(1, c))
        yield case("a middle axis", group="any axis", x=draw.normal(n, c, t), axis=1)
        yield case("the last axis of three", group="any axis", x=draw.normal(n, c, t))
        yield case("numbers near 1000", group="large numbers", x=1000 * draw.normal(n, c))
        yield case("float32", group="dtypes", x=draw.normal(n, c, dtype="float32"))
        yield case("integers", group="dtypes", x=draw.integer_array(n, c))
        yield case("a strided view", group="dtypes", layout="non-contiguous", x=draw.normal(n, c))


@softmax.mistake("no maximum subtracted", hint="Try it on a row with an entry of 1000.")
def _(x, axis=-1):
    with np.errstate(all="ignore"):
        e = np.exp(x)
        return e / e.sum(axis=axis, keepdims=True)


@softmax.mistake("sum over the whole array", hint="Each row must sum to one, not the whole array.")
def _(x, axis=-1):
    e = np.exp(x - x.max())
    return e / e.sum()


@softmax.mistake("axis ignored", hint="Which axis does the caller ask for?")
def _(x, axis=-1):
    return _softmax(x)


@softmax.alternative("by log-sum-exp")
def _(x, axis=-1):
    top = np.max(x, axis=axis, keepdims=True)
    return np.exp(x - top - np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)))


swish = Exercise(
    "swish",
    title="Swish",
    reference=lambda x: x * torch.sigmoid(x),
    points={"value and gradient": 2},
    minutes=5,
    hints=["It is x times the sigmoid of x."],
    driver="gradient",
)


@swish.cases
def _(draw):
    for _ in draw.rounds():
        n, c = draw.distinct_sizes(2)
        yield case("random", group="value and gradient", x=draw.normal(n, c), cotangent=draw.normal(n, c))


@swish.mistake("sigmoid without the gradient", hint="A detached factor has no gradient.")
def _(x):
    return x * torch.sigmoid(x).detach()


@swish.mistake("hard sigmoid", hint="The sigmoid is smooth; yours has corners.")
def _(x):
    return torch.nn.functional.hardswish(x)


@swish.alternative("by its definition")
def _(x):
    return x / (1 + torch.exp(-x))
