"""Mistakes that any exercise with an nn.Module must catch, made from its reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.drivers.layout import fresh, same
from autograder.drivers.module import OUTPUT, TRAINED, call_module
from autograder.packs import PackedCase
from autograder.spec.exercise import Subject

Makers = dict[str, Callable[[Subject], Subject]]
Forward = Callable[..., Any]


def module_mistakes(reference: Subject, cases: Sequence[PackedCase]) -> Makers:
    """Return the standard mistakes that make sense for this module."""
    makers = dict(_ANY)
    for c in cases:
        module = reference(**c.arguments.get("init", {}))
        names = (name for name, _ in module.named_parameters() if name in c.arguments["weights"])
        makers |= {f"ignores the parameter {name}": _ignores(name) for name in names}
    if any(_depends_on_mode(reference, c) for c in cases):
        makers |= {"ignores eval mode": _in_mode(lambda _: True), "swaps train and eval": _in_mode(lambda m: not m)}
    if any(_updates_buffers(reference, c) for c in cases):
        makers |= {"never updates its buffers": _keeps_buffers, "updates its buffers in eval mode": _updates_in_eval}
    return makers


def _depends_on_mode(reference: Subject, c: PackedCase) -> bool:
    train, evaluated = (call_module(reference, {**fresh(c.arguments, None), "train": mode}) for mode in (True, False))
    return not same(train[OUTPUT], evaluated[OUTPUT])


def _updates_buffers(reference: Subject, c: PackedCase) -> bool:
    after = call_module(reference, {**fresh(c.arguments, None), "lr": 0.0})[TRAINED]
    return any(not same(array, c.arguments["weights"][name].astype(array.dtype)) for name, array in after.items())


def _spoiled(module: Any, **methods: Any) -> Any:
    """Override methods of one module: its class may be anything that makes modules."""
    module.__class__ = type(type(module).__name__, (type(module),), methods)
    return module


def _with_forward(around: Callable[[Forward, Any], Forward]) -> Callable[[Subject], Subject]:
    """Make a mistake from `around(forward, module)`, which returns another forward."""

    def make(reference: Subject) -> Subject:
        def build(**init: Any) -> Any:
            module = reference(**init)
            forward = around(module.forward, module)
            return _spoiled(module, forward=lambda self, *inputs, **named: forward(*inputs, **named))

        return build

    return make


def _with_output(change: Callable[[Any], Any]) -> Callable[[Subject], Subject]:
    def changed(value: Any) -> Any:
        if isinstance(value, tuple | list):
            return type(value)(changed(v) for v in value)
        if isinstance(value, dict):
            return {k: changed(v) for k, v in value.items()}
        return change(value) if hasattr(value, "is_floating_point") else value

    return _with_forward(lambda forward, _: lambda *inputs, **named: changed(forward(*inputs, **named)))


def _returns_its_input(_: Forward, __: Any) -> Forward:
    return lambda *inputs, **named: [*inputs, *named.values()][0]


def _writes_into_its_input(forward: Forward, _: Any) -> Forward:
    def wrong(*inputs: Any, **named: Any) -> Any:
        output = forward(*inputs, **named)
        for tensor in (*inputs, *named.values()):
            if hasattr(tensor, "is_floating_point") and tensor.is_floating_point():
                tensor.data.add_(1)
        return output

    return wrong


def _ignores(name: str) -> Callable[[Subject], Subject]:
    """Leave a parameter at its initial value and out of autograd's sight."""

    def around(forward: Forward, module: Any) -> Forward:
        initial = {n: p.detach().clone() for n, p in module.named_parameters() if n == name}

        def wrong(*inputs: Any, **named: Any) -> Any:
            ignored = [(p, p.data, initial[n]) for n, p in module.named_parameters() if n in initial]
            for parameter, _, start in ignored:
                parameter.requires_grad_(False)
                parameter.data = start.to(parameter.dtype)
            try:
                return forward(*inputs, **named)
            finally:
                for parameter, data, _ in ignored:
                    parameter.data = data
                    parameter.requires_grad_(True)

        return wrong

    return _with_forward(around)


def _in_mode(choose: Callable[[bool], bool]) -> Callable[[Subject], Subject]:
    def make(reference: Subject) -> Subject:
        def build(**init: Any) -> Any:
            module = reference(**init)
            train = type(module).train
            return _spoiled(module, train=lambda self, mode=True: train(self, choose(mode)))

        return build

    return make


def _keeps(forward: Forward, module: Any) -> Forward:
    def wrong(*inputs: Any, **named: Any) -> Any:
        before = [(buffer, buffer.clone()) for buffer in module.buffers()]
        output = forward(*inputs, **named)
        for buffer, value in before:
            buffer.data.copy_(value)
        return output

    return wrong


def _restless(forward: Forward, module: Any) -> Forward:
    def wrong(*inputs: Any, **named: Any) -> Any:
        output = forward(*inputs, **named)
        if not module.training:
            module.train()
            forward(*inputs, **named)
            module.eval()
        return output

    return wrong


_keeps_buffers, _updates_in_eval = _with_forward(_keeps), _with_forward(_restless)
_ANY: Makers = {
    "returns zeros": _with_output(lambda y: y * 0),
    "returns its input": _with_forward(_returns_its_input),
    "detaches its output": _with_output(lambda y: y.detach()),
    "writes into its input": _with_forward(_writes_into_its_input),
    "is off by one part in a million": _with_output(lambda y: y * (1 + 1e-6) if y.is_floating_point() else y),
    "computes in float32": _with_output(lambda y: y.float().double() if y.is_floating_point() else y),
}
