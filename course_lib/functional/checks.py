"""Checks of arguments that several functions share, with messages that name the likely cause."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, TypeAlias

PerAxis: TypeAlias = int | Sequence[int]
"""One int for all spatial axes, or one int per axis."""


SPACE = {1: "T", 2: "H × W", 3: "D × H × W"}
KERNEL = {1: "K", 2: "K_h × K_w", 3: "K_d × K_h × K_w"}


def by(sizes: Sequence[int]) -> str:
    """Write sizes as a person would: `3×5`."""
    return "×".join(str(size) for size in sizes)


def integer(caller: str, name: str, value: Any, minimum: int) -> int:
    """Return `value` as an int of at least `minimum`; TypeError or ValueError otherwise."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{caller}: {name} must be an int, got {value!r} (a size computed with / is a float: use //)"
        ) from None
    if number < minimum:
        raise ValueError(f"{caller}: {name} must be at least {minimum}, got {number}")
    return number


def int_per_axis(caller: str, name: str, value: Any, axes: int, minimum: int) -> tuple[int, ...]:
    """Return one int for each of `axes` spatial axes; an int alone is repeated."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return (integer(caller, name, value, minimum),) * axes
    if len(value) != axes:
        raise ValueError(
            f"{caller}: {name} has {len(value)} entries, {tuple(value)}, but there are {axes} spatial axes "
            f"(give one int for all axes, or one per axis)"
        )
    return tuple(integer(caller, name, number, minimum) for number in value)


def check_groups(caller: str, in_channels: int, out_channels: int, groups: Any) -> int:
    """Return `groups` when it divides both numbers of channels; ValueError otherwise."""
    groups = integer(caller, "groups", groups, 1)
    for name, channels in (("C_in", in_channels), ("C_out", out_channels)):
        if channels % groups:
            raise ValueError(
                f"{caller}: groups = {groups} does not divide {name} = {channels} (each group takes "
                f"C_in/groups channels and makes C_out/groups, so groups must divide both)"
            )
    return groups


def check_input_and_weight(
    caller: str, axes: int, x_shape: tuple[int, ...], w_shape: tuple[int, ...], groups: Any
) -> int:
    """Return `groups` when x and w fit a convolution over `axes` spatial axes; ValueError otherwise."""
    w_layout = f"C_out × C_in/groups × {KERNEL[axes]}"
    for name, shape, layout in (("x", x_shape, f"N × C_in × {SPACE[axes]}"), ("w", w_shape, w_layout)):
        if len(shape) != axes + 2:
            missing = ", ".join(["None"] * (axes + 2 - len(shape)))
            cause = f" (a missing axis of length 1 is added by {name}[{missing}])" if missing else ""
            raise ValueError(
                f"{caller}: {name} has {len(shape)} axes, shape {shape}, but needs {axes + 2}: {layout}{cause}"
            )
    groups = check_groups(caller, x_shape[1], w_shape[0], groups)
    if x_shape[1] != w_shape[1] * groups:
        total = f" × {groups} groups = {w_shape[1] * groups}" if groups > 1 else ""
        raise ValueError(
            f"{caller}: x has {x_shape[1]} channels but w expects {w_shape[1]}{total} (w is {w_layout}; "
            f"x has shape {x_shape}, w has shape {w_shape})"
        )
    return groups


def check_bias(caller: str, b_shape: tuple[int, ...], w_shape: tuple[int, ...]) -> None:
    """ValueError unless b holds one number per filter of w."""
    if b_shape != (w_shape[0],):
        raise ValueError(
            f"{caller}: b has shape {b_shape} but w has {w_shape[0]} filters, so b must have shape "
            f"({w_shape[0]},) (one number per output channel; w has shape {w_shape})"
        )
