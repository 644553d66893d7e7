"""The driver "module": a class derived from nn.Module is trained for a few steps and evaluated.

A case's arguments:
    init: keyword arguments of the class, {} if left out.
    weights: state_dict name -> array, for every parameter and buffer of the reference.
    inputs: one entry for each training step and a last one for evaluation; an entry is an array, a list or tuple
        of positional arguments, or a dict of keyword arguments of forward.
    cotangents: for each training step, the derivative of a loss with respect to the output; for an output of
        several tensors, a list of them.
    lr: learning rate of the training steps, 0.1 if left out.
    train: False runs the training steps in eval mode as well (where train mode is random).
    initial: names of `weights` that must have the reference's values when the module is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.drivers.layout import arrays_in
from autograder.drivers.tensors import Given, float64_from_a_seed, floating_tensors_in, to_arrays
from autograder.drivers.unfit import AN_ARRAY, NOT_A_MODULE, Unfit
from autograder.drivers.weights import load, tensors_of

if TYPE_CHECKING:
    from torch import Tensor, nn

OUTPUT, INPUT_GRADIENT, GRADIENTS = "output", "input_gradient", "gradients"
TRAINED, EVALUATED, STATE = "after training", "eval output", "state"
INITIAL, SUBMODULES = "initial", "submodules"
LEARNING_RATE = 0.1
_MOST_SUBMODULES = 64


def call_module(subject: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Make a module, give it the weights of the case, train it for some SGD steps, evaluate it.

    Everything is computed in float64, and random numbers are drawn from the same seed in each forward pass.

    Returns:
        output, input_gradient, gradients {name: array or None}: of the first training step;
        after training {name: array}: parameters and buffers after all training steps;
        eval output; state {name: array}: parameters and buffers after it;
        initial {name: array}: what was there before the weights of the case;
        submodules {"train" or "eval": {name: output}}: for diagnosis, never compared.
        Names are those of `weights`. If a cotangent does not fit its output, that is all there is: "output" and
        "gradients": None.

    Raises:
        Unfit: if the class cannot hold the weights of the case.
    """
    steps = list(zip(arguments["inputs"][:-1], arguments["cotangents"], strict=True))
    if not steps:
        raise ValueError("inputs should have an entry for a training step and one for evaluation")
    with float64_from_a_seed():
        module = _make(subject, arguments)
        made = {name: to_arrays(tensor) for name, tensor in tensors_of(module).items()}
        names = load(module, arguments["weights"])
        module.train(arguments.get("train", True))
        record: dict[str, Any] = {}
        inside: dict[str, dict[str, Any]] = {"train": {}, "eval": {}}
        for inputs, cotangent in steps:
            with _recorded(module, inside["train"] if not record else {}):
                step = _train(module, names, inputs, cotangent, arguments.get("lr", LEARNING_RATE))
            record = record or step
            if step[GRADIENTS] is None:
                return {OUTPUT: record[OUTPUT], GRADIENTS: None}
        record[TRAINED] = _state(module, names)
        module.eval()
        with _recorded(module, inside["eval"]):
            record[EVALUATED] = _evaluate(module, arguments["inputs"][-1])
        initial = {name: made[names[name]] for name in arguments.get("initial", ())}
        return {**record, STATE: _state(module, names), INITIAL: initial, SUBMODULES: inside}


def _make(subject: Any, arguments: dict[str, Any]) -> nn.Module:
    import torch

    module = subject(**arguments.get("init", {}))
    if not isinstance(module, torch.nn.Module):
        raise Unfit(NOT_A_MODULE)
    return module.double()


def _train(module: nn.Module, names: dict[str, str], inputs: Any, cotangent: Any, lr: float) -> dict[str, Any]:
    import torch

    given = Given(inputs)
    output = _forward(module, given)
    record: dict[str, Any] = {OUTPUT: to_arrays(output), INPUT_GRADIENT: None, GRADIENTS: None}
    outputs, cotangents = floating_tensors_in(output), arrays_in(cotangent)
    if [tuple(t.shape) for t in outputs] != [c.shape for c in cotangents]:
        given.report_changes()
        return record
    own = tensors_of(module)
    parameters = {k: own[n] for k, n in names.items() if isinstance(own[n], torch.nn.Parameter)}
    found = _gradients(outputs, cotangents, [*given.leaves, *parameters.values()])
    given.report_changes()
    with torch.no_grad():
        moved = {id(p): (p, g) for p, g in zip(parameters.values(), found[len(given.leaves) :], strict=True)}
        for parameter, gradient in moved.values():
            if gradient is not None:
                parameter.data.sub_(lr * gradient)
    arrays = [to_arrays(g) for g in found]
    record[INPUT_GRADIENT] = given.gradients(arrays)
    record[GRADIENTS] = dict(zip(parameters, arrays[len(given.leaves) :], strict=True))
    return record


def _gradients(outputs: list[Tensor], cotangents: list[np.ndarray], sources: list[Tensor]) -> list[Tensor | None]:
    """Return the gradient for each source, None where nothing flows back to it."""
    import torch

    pulled = [(o, torch.from_numpy(c).to(o.dtype)) for o, c in zip(outputs, cotangents, strict=True) if o.requires_grad]
    wanted = [s for s in sources if s.requires_grad]
    if not pulled or not wanted:
        return [None] * len(sources)
    outs, pulls = zip(*pulled, strict=True)
    found = iter(torch.autograd.grad(outs, wanted, pulls, allow_unused=True))
    return [next(found) if s.requires_grad else None for s in sources]


def _evaluate(module: nn.Module, inputs: Any) -> Any:
    import torch

    given = Given(inputs)
    with torch.no_grad():
        output = _forward(module, given)
    given.report_changes()
    return to_arrays(output)


def _forward(module: nn.Module, given: Given) -> Any:
    import torch

    torch.manual_seed(0)
    output = module(*given.positional, **given.keywords)
    if arrays_in(output):
        raise Unfit(AN_ARRAY)
    return output


def _state(module: nn.Module, names: dict[str, str]) -> dict[str, Any]:
    own = tensors_of(module)
    return {name: to_arrays(own[mine]) for name, mine in names.items()}


@contextmanager
def _recorded(module: nn.Module, outputs: dict[str, Any]) -> Iterator[None]:
    """Note what each submodule puts out at its first call, in the order in which they finish."""

    def note(name: str) -> Any:
        def hook(_: Any, __: Any, output: Any) -> None:
            if name not in outputs and len(outputs) < _MOST_SUBMODULES and floating_tensors_in(output):
                outputs[name] = to_arrays(output)

        return hook

    hooks = [part.register_forward_hook(note(name)) for name, part in module.named_modules() if name]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
