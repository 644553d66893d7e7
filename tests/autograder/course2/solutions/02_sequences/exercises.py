# pyright: reportOptionalSubscript=false, reportOperatorIssue=false
# ruff: noqa: N801
"""An exercise whose subject is an object with state."""

import numpy as np
import torch

from autograder import Exercise, case


class _TorchMomentum:
    """torch.optim.SGD on one array."""

    def __init__(self, w, lr, momentum=0.9):
        self.w = torch.tensor(w, requires_grad=True)
        self.optimizer = torch.optim.SGD([self.w], lr=lr, momentum=momentum)

    def step(self, gradient):
        self.w.grad = torch.tensor(gradient)
        self.optimizer.step()
        return self.w.detach().numpy().copy()

    @property
    def velocity(self):
        buffer = self.optimizer.state[self.w].get("momentum_buffer")
        return torch.zeros_like(self.w).detach().numpy() if buffer is None else buffer.numpy().copy()


momentum = Exercise(
    "momentum",
    title="SGD with momentum",
    reference={"Momentum": _TorchMomentum},
    points={"steps": 2, "settings": 1},
    minutes=10,
    hints=["v ← μ v + g, then w ← w − η v."],
    driver="sequence",
)


@momentum.cases
def _(draw):
    by_hand = {"w": np.array([1.0, 2.0]), "lr": 0.5}
    step = ("step", {"gradient": np.array([1.0, 0.0])})
    yield case("by hand", group="steps", init=by_hand, calls=[("get:velocity", {}), step, ("get:velocity", {}), step])
    for _ in draw.rounds():
        n, c = draw.distinct_sizes(2)
        steps = [("step", {"gradient": draw.normal(n, c)}) for _ in range(4)]
        init = {"w": draw.normal(n, c), "lr": 0.1}
        yield case("four steps", group="steps", init=init, calls=[*steps, ("get:velocity", {})])
        yield case("another momentum", group="settings", init={**init, "lr": 0.3, "momentum": 0.5}, calls=steps)


class Plain:
    def __init__(self, w, lr, momentum=0.9):
        self.w, self.lr, self.momentum = w.copy(), lr, momentum
        self.velocity = np.zeros_like(w)

    def step(self, gradient):
        self.velocity = self.momentum * self.velocity + gradient
        self.w = self.w - self.lr * self.velocity
        return self.w.copy()


@momentum.mistake("no memory", hint="The velocity keeps a part of the last one.")
class _(Plain):
    def step(self, gradient):
        self.velocity = 0 * self.velocity
        return super().step(gradient)


@momentum.mistake("an average instead of a sum", hint="In torch the new gradient counts in full, not by 1 − μ.")
class _(Plain):
    def step(self, gradient):
        return super().step((1 - self.momentum) * gradient)


@momentum.mistake("returns what it keeps", hint="Return a copy: the next step changes what you handed out.")
class _(Plain):
    def step(self, gradient):
        self.velocity = self.momentum * self.velocity + gradient
        self.w -= self.lr * self.velocity
        return self.w


@momentum.mistake("velocity of the class", hint="What is made in the class body belongs to all objects.")
class _(Plain):
    memory: dict = {}  # noqa: RUF012

    def __init__(self, w, lr, momentum=0.9):
        super().__init__(w, lr, momentum)
        self.velocity = self.memory.setdefault(w.shape, self.velocity)

    def step(self, gradient):
        self.velocity[...] = self.momentum * self.velocity + gradient
        self.w = self.w - self.lr * self.velocity
        return self.w


@momentum.alternative("in place on copies")
class _:
    def __init__(self, w, lr, momentum=0.9):
        self.w, self.lr, self.momentum, self.velocity = np.array(w), lr, momentum, 0 * w

    def step(self, gradient):
        self.velocity *= self.momentum
        self.velocity += gradient
        self.w -= self.lr * self.velocity
        return np.array(self.w)
