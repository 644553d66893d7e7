"""Give a student's module the weights of a case, whatever it calls them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.drivers.unfit import MISSING, OTHER_NAMES, OUTSIDE, SURPLUS, WRONG_SHAPE, Unfit

if TYPE_CHECKING:
    from torch import Tensor, nn


def tensors_of(module: nn.Module) -> dict[str, Tensor]:
    """Return the parameters and buffers by the names of state_dict."""
    import torch

    return {k: t for k, t in module.state_dict(keep_vars=True).items() if isinstance(t, torch.Tensor)}


def load(module: nn.Module, weights: Mapping[str, np.ndarray]) -> dict[str, str]:
    """Copy `weights` into the module and return, for each floating-point one, the module's own name.

    A weight goes where name and shape fit, else where its shape alone leaves no choice. Whole numbers (a counter
    of batches, a table of indices) are optional: they are copied where the module has them by name.

    Raises:
        Unfit: if weights are missing, surplus, of another shape, or cannot be told apart.
    """
    import torch

    own = tensors_of(module)
    names = _pair(module, {k: a for k, a in weights.items() if a.dtype.kind in "fc"}, own)
    used = {id(own[n]) for n in names.values()}
    surplus = {n: p for n, p in module.named_parameters() if id(p) not in used}
    if surplus:
        raise Unfit(SURPLUS, detail=f"not asked for: {_list(surplus)}; asked for: {_list(weights)}")
    whole = {k: k for k, a in weights.items() if k not in names and k in own and own[k].shape == a.shape}
    for name, mine in {**names, **whole}.items():
        own[mine].data.copy_(torch.from_numpy(np.array(weights[name])))
    return names


def _pair(module: nn.Module, wanted: Mapping[str, np.ndarray], own: Mapping[str, Tensor]) -> dict[str, str]:
    names = {k: k for k, a in wanted.items() if k in own and tuple(own[k].shape) == a.shape}
    open_ = {k: a for k, a in wanted.items() if k not in names}
    free = {n: t for n, t in own.items() if n not in names and t.is_floating_point()}
    for name, array in open_.items():
        fitting = [n for n, t in free.items() if tuple(t.shape) == array.shape]
        if len(fitting) == 1 and sum(a.shape == array.shape for a in open_.values()) == 1:
            names[name] = fitting[0]
            continue
        said = f"asked for: {_list(wanted)}; found: {_list(own) or 'none'}"
        if name in own:
            shapes = f"expected shape {array.shape}, yours is {tuple(own[name].shape)}"
            raise Unfit(WRONG_SHAPE, name, shapes)
        outside = sorted(set(_outside(module)))
        if outside:
            raise Unfit(OUTSIDE, detail=f"look at {', '.join(outside)}; {said}")
        raise Unfit(OTHER_NAMES if fitting else MISSING, detail=said)
    return names


def _outside(module: nn.Module) -> Iterator[str]:
    """Yield the attributes that hold tensors or modules without the module's knowledge."""
    from torch import nn

    registries = set(vars(nn.Module()))
    known = {id(t) for t in tensors_of(module).values()} | {id(m) for m in module.modules()}
    for prefix, part in module.named_modules():
        for name, value in vars(part).items():
            if name not in registries and any(id(t) not in known for t in _tensors_in(value)):
                yield f"self.{prefix}.{name}" if prefix else f"self.{name}"


def _tensors_in(value: Any) -> Iterator[Any]:
    import torch

    if isinstance(value, list | tuple | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _tensors_in(part)
    elif isinstance(value, torch.Tensor | torch.nn.Module):
        yield value


def _list(tensors: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {tuple(t.shape)}" for name, t in tensors.items())
