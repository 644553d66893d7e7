"""Mistakes that any exercise that asks for a network within bounds must catch, made from its reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.packs import PackedCase
from autograder.spec.exercise import Subject

Makers = dict[str, Callable[[Subject], Subject]]


def network_mistakes(_: Subject, __: Sequence[PackedCase]) -> Makers:
    """Return the standard mistakes: networks that do nothing, or too little."""
    return {
        "makes an empty network": _empty,
        "makes a network whose output is zero": _silent,
        "makes a network of one layer": _shallow,
        "returns None": lambda _: lambda **given: None,
    }


def _empty(_: Subject) -> Subject:
    from torch import nn

    return lambda **given: nn.Sequential()


def _silent(reference: Subject) -> Subject:
    from torch import nn

    class Silent(nn.Module):
        def __init__(self, network: nn.Module) -> None:
            super().__init__()
            self.network = network

        def forward(self, x: Any) -> Any:
            return 0 * self.network(x)

    return lambda **given: Silent(reference(**given))


def _shallow(reference: Subject) -> Subject:
    """Return a network whose layers but the first see a single point."""
    from torch import nn

    def wrong(**given: Any) -> Any:
        network = reference(**given)
        layers = {n: m for n, m in network.named_modules() if isinstance(m, nn.Conv1d | nn.Conv2d | nn.Conv3d)}
        for name, layer in list(layers.items())[1:]:
            make: Any = type(layer)
            network.set_submodule(
                name, make(layer.in_channels, layer.out_channels, 1, layer.stride, groups=layer.groups)
            )
        return network if layers else nn.Sequential()

    return wrong
