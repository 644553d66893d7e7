"""The driver "network": a function or a class that makes an nn.Module is judged by measuring the module.

A case's arguments:
    input_shape: the shape of the network's input, (N, C, …); wide enough for the receptive field.
    bounds: {what is measured: (relation, bound)}, for example {"parameters": ("<=", 100_000)}; relations are
        <, <=, ==, >=, >. What can be measured is in `autograder.drivers.measures`.
    Every other argument goes to the subject.

The parameters are given new values before each measurement: what a network was initialised with (zeros, say) has no
influence. Everything is computed in float64 and in eval mode.
"""

from __future__ import annotations

from typing import Any

from autograder.drivers.measures import MEASURES, Specimen, responds
from autograder.drivers.tensors import float64_from_a_seed

INPUT_SHAPE, BOUNDS = "input_shape", "bounds"
MEASURED, RESPONDS = "measured", "responds"


def measure_network(subject: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Make the network and measure what the case sets bounds to.

    Returns:
        bounds: those of the case.
        measured: {name: number, or a list of one number for each axis}; what came instead if it is no nn.Module.
        responds: whether the output depends on the input at all.
    """
    import torch

    bounds, shape = arguments[BOUNDS], tuple(arguments[INPUT_SHAPE])
    unknown = sorted(set(bounds) - set(MEASURES))
    if unknown:
        raise ValueError(f"network: {unknown[0]!r} cannot be measured; what can is {', '.join(MEASURES)}")
    with float64_from_a_seed():
        network = subject(**{k: v for k, v in arguments.items() if k not in (INPUT_SHAPE, BOUNDS)})
        if not isinstance(network, torch.nn.Module):
            return {BOUNDS: bounds, MEASURED: network, RESPONDS: False}
        network = network.double().eval()
        with torch.no_grad():
            network(torch.randn(shape))  # parameters of lazy modules are made here
        specimen = Specimen(network, shape)
        measured = {name: MEASURES[name](specimen) for name in bounds}
        return {BOUNDS: bounds, MEASURED: measured, RESPONDS: responds(specimen)}
