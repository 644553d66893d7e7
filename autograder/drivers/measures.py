"""What can be measured of a network, given the shape of its input.

parameters: how many learnable numbers there are; a shared one counts once.
output_shape: the shape of the output.
macs: multiply-accumulates of convolutions and matrix products with one sample as input.
depth: how many layers with weights (convolutions, linear layers) lie on the longest path.
receptive_field: for each axis of space, the extent of the inputs that the centre of the output depends on.
shift_equivariance: how far f(shifted x) is from shifted f(x), relative to the largest output, away from the
    border: a shift by one along each axis in turn, new values entering at the border.
circular_shift_equivariance: the same everywhere, values that leave at one side entering at the other.
shift_invariance: how far f(shifted x) is from f(x) after a circular shift, relative to the largest output.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

Shape = tuple[int, ...]

_SAMPLES = 8  # a maximum passes its gradient to one input only: others win in other samples
_SMALL = 0.01  # inputs so small that nothing saturates
_PRODUCTS = ("ConvolutionBackward", "AddmmBackward", "MmBackward", "BmmBackward", "BaddbmmBackward", "LinearBackward")
_REARRANGED = ("TBackward", "TransposeBackward", "PermuteBackward", "ViewBackward", "UnsafeViewBackward")
_COUNTED = ("convolution", "mm", "addmm", "bmm", "baddbmm")


def give_new_values(network: Module, *, positive: bool) -> None:
    """Draw all parameters and running statistics anew, in the order of their names.

    Positive ones make every path count with the same sign, so that no two cancel; otherwise they are normal.
    """
    import torch

    with torch.no_grad():
        for name, p in sorted(network.named_parameters()):
            fan_in = max(1, p[0].numel()) if p.ndim > 1 else 1
            if positive:
                scale = _SMALL**2 if name.endswith("bias") else 1.0 / fan_in
                p.copy_(scale * (0.5 + torch.rand(p.shape)))
            else:
                p.copy_(torch.randn(p.shape) / math.sqrt(fan_in))
        for name, b in sorted(network.named_buffers()):
            if name.endswith("running_mean"):
                b.copy_(torch.zeros(b.shape) if positive else torch.randn(b.shape))
            elif name.endswith("running_var"):
                b.copy_(torch.ones(b.shape) if positive else 0.5 + torch.rand(b.shape))


class Specimen:
    """A network with the shape of its input; what several measurements need is found once."""

    def __init__(self, network: Module, shape: Shape) -> None:
        self.network, self.shape = network, shape

    @cached_property
    def influence(self) -> tuple[Tensor, list[int]]:
        """The inputs that the centre of the output depends on (True at a point of space), and where that centre is."""
        import torch

        give_new_values(self.network, positive=True)
        x = (_SMALL * (0.5 + torch.rand((_SAMPLES, *self.shape[1:])))).requires_grad_(True)
        y = self.network(x)
        centre = [n // 2 for n in y.shape[2:]]
        middle = y[(slice(None), slice(None), *centre)] if y.ndim > 2 else y
        gradient = None
        if middle.requires_grad:
            loss = (middle * (0.5 + torch.rand(middle.shape))).sum()
            (gradient,) = torch.autograd.grad(loss, x, allow_unused=True)
        moved = torch.zeros_like(x) if gradient is None else gradient
        return (moved != 0).flatten(0, 1).any(dim=0), centre

    @cached_property
    def extents(self) -> list[tuple[int, int, int]]:
        """For each axis of space: the first and the last input that counts, and the output's centre."""
        seen, centre = self.influence
        found = []
        for axis in range(seen.ndim):
            where = seen.movedim(axis, 0).flatten(1).any(dim=1) if seen.ndim > 1 else seen
            points = where.nonzero().flatten().tolist() or [0, -1]
            found.append((points[0], points[-1], centre[axis] if axis < len(centre) else 0))
        return found


def responds(specimen: Specimen) -> bool:
    """Say whether the output depends on the input at all."""
    return bool(specimen.influence[0].any())


def receptive_field(specimen: Specimen) -> list[int]:
    """Measure the extent of the inputs that the centre of the output depends on, for each axis of space."""
    return [last - first + 1 for first, last, _ in specimen.extents]


def shift_equivariance(specimen: Specimen) -> float:
    """Measure |f(shift x) − shift f(x)| where the border has no influence."""
    import torch

    network, shape, extents = specimen.network, specimen.shape, specimen.extents
    give_new_values(network, positive=False)
    worst = 0.0
    for axis, (first, last, centre) in enumerate(extents, start=2):
        long = torch.randn([n + (a == axis) for a, n in enumerate(shape)])
        before, after = (network(long.narrow(axis, start, shape[axis])).detach() for start in (0, 1))
        low, high = max(0, centre - first) + 1, before.shape[axis] if before.ndim > axis else 0
        high = min(high, shape[axis] - max(0, last - centre))
        if high <= low:
            return math.inf
        ours, shifted = before.narrow(axis, low, high - low), after.narrow(axis, low - 1, high - low)
        worst = max(worst, _distance(ours, shifted))
    return worst


def circular_shift_equivariance(specimen: Specimen) -> float:
    """Measure |f(shift x) − shift f(x)| everywhere, shifting in a circle."""
    return _circular(specimen, moves=True)


def shift_invariance(specimen: Specimen) -> float:
    """Measure |f(shift x) − f(x)|, shifting in a circle."""
    return _circular(specimen, moves=False)


def _circular(specimen: Specimen, *, moves: bool) -> float:
    import torch

    network, shape = specimen.network, specimen.shape
    give_new_values(network, positive=False)
    x = torch.randn(shape)
    with torch.no_grad():
        y = network(x)
        worst = 0.0
        for axis in range(2, len(shape)):
            shifted = network(x.roll(1, axis))
            if moves and y.ndim <= axis:
                return math.inf
            worst = max(worst, _distance(y.roll(1, axis) if moves else y, shifted))
    return worst


def _distance(a: Tensor, b: Tensor) -> float:
    largest = float(a.abs().max())
    distance = float((a - b).abs().max()) / largest if largest > 0 else math.inf
    return distance if math.isfinite(distance) else math.inf


def _parameters(specimen: Specimen) -> int:
    return sum(p.numel() for p in specimen.network.parameters() if p.requires_grad)


def _output_shape(specimen: Specimen) -> list[int]:
    import torch

    with torch.no_grad():
        return list(specimen.network(torch.randn(specimen.shape)).shape)


def _macs(specimen: Specimen) -> int:
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        specimen.network(torch.randn((1, *specimen.shape[1:])))
    counts = counter.get_flop_counts().get("Global", {})
    return sum(n for op, n in counts.items() if str(op).rsplit(".", 1)[-1] in _COUNTED) // 2


def _depth(specimen: Specimen) -> int:
    import torch

    return _longest(specimen.network(torch.randn(specimen.shape)).grad_fn)


def _longest(root: Any) -> int:
    """Return the largest number of layers with weights on a way through autograd's graph."""
    length: dict[Any, int] = {}
    stack = [root] if root is not None else []
    while stack:
        node = stack[-1]
        children = [child for child, _ in node.next_functions if child is not None]
        waiting = [child for child in children if child not in length]
        if waiting:
            stack += waiting
            continue
        stack.pop()
        length[node] = max((length[c] for c in children), default=0) + _has_weights(node)
    return length.get(root, 0)


def _has_weights(node: Any) -> bool:
    return node.name().startswith(_PRODUCTS) and any(_is_parameter(child) for child, _ in node.next_functions)


def _is_parameter(node: Any) -> bool:
    while node is not None and node.name().startswith(_REARRANGED):
        node = node.next_functions[0][0]
    return node is not None and hasattr(node, "variable") and node.variable.ndim > 1


MEASURES: dict[str, Callable[[Specimen], Any]] = {
    "parameters": _parameters,
    "output_shape": _output_shape,
    "macs": _macs,
    "depth": _depth,
    "receptive_field": receptive_field,
    "shift_equivariance": shift_equivariance,
    "circular_shift_equivariance": circular_shift_equivariance,
    "shift_invariance": shift_invariance,
}
