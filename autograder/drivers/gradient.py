"""The driver "gradient": torch runs backward through what the subject computed."""

from __future__ import annotations

from typing import Any

import numpy as np

COTANGENT = "cotangent"


def call_with_gradient(subject: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Call a torch function and pull a given cotangent back through it.

    Floating-point arrays become tensors that require a gradient, and the case's argument `cotangent` (never a
    sum: the gradient of softmax(x).sum() is zero whatever softmax does) is the derivative of a loss with
    respect to the output. A tensor is a view of its array: it keeps the layout, and a change of it is seen.

    Returns:
        {"output": array, "gradients": {argument: array or None}}
    """
    import torch

    given = {k: v for k, v in arguments.items() if k != COTANGENT}
    tensors = {k: torch.from_numpy(v) if isinstance(v, np.ndarray) else v for k, v in given.items()}
    inputs = {k: t for k, t in tensors.items() if isinstance(t, torch.Tensor) and t.is_floating_point()}
    for tensor in inputs.values():
        tensor.requires_grad_(True)
    output = subject(**tensors)
    if not isinstance(output, torch.Tensor):
        return {"output": output, "gradients": None}
    detached = output.detach().numpy().copy()
    if not output.requires_grad:
        return {"output": detached, "gradients": dict.fromkeys(inputs)}
    cotangent = torch.tensor(arguments[COTANGENT])
    if cotangent.shape != output.shape:
        return {"output": detached, "gradients": None}
    gradients = torch.autograd.grad(output, list(inputs.values()), cotangent, allow_unused=True)
    return {
        "output": detached,
        "gradients": {k: None if g is None else g.numpy() for k, g in zip(inputs, gradients, strict=True)},
    }
