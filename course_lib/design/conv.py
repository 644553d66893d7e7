"""What a convolution layer makes, holds and costs: output size, parameters, multiply-accumulates.

The number of spatial axes is the length of `size`; an int is one axis. Every other setting may then be an int for
all axes, or one per axis. `conv_params` is given no size: there an int kernel_size K means the K × K of images.
"""

from __future__ import annotations

from math import prod
from typing import overload

from course_lib.functional.checks import PerAxis, check_groups, int_per_axis, integer
from course_lib.functional.sliding import Padding, SlidingWindow


@overload
def conv_output_size(
    size: int, kernel_size: PerAxis, stride: PerAxis = 1, padding: Padding = 0, dilation: PerAxis = 1
) -> int: ...
@overload
def conv_output_size(
    size: tuple[int, ...] | list[int],
    kernel_size: PerAxis,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
) -> tuple[int, ...]: ...
def conv_output_size(
    size: PerAxis, kernel_size: PerAxis, stride: PerAxis = 1, padding: Padding = 0, dilation: PerAxis = 1
) -> int | tuple[int, ...]:
    """Return the number of places where a kernel can stand along each axis.

    H_out = ⌊(H + 2P − D(K − 1) − 1) / S⌋ + 1

    Args:
        size: H for one axis, or (H, W), or (D, H, W): its length is the number of axes; in entries.
        kernel_size: K.
        stride: S.
        padding: P, zeros on each side, or "valid" (none) or "same" (the size is kept; stride 1 only).
        dilation: D.

    Returns:
        An int for an int, a tuple for a tuple.

    Raises:
        ValueError: if the kernel is larger than the padded input, or a setting is out of its range.

    Source: Dumoulin and Visin, 2016, arXiv:1603.07285.

    >>> conv_output_size((32, 32), kernel_size=5, padding=2)
    (32, 32)
    >>> conv_output_size(8, kernel_size=3, stride=2, padding=1)  # (8 + 2 − 3) / 2 = 3.5: the floor matters
    4
    """
    sizes, window = _sizes_and_window("conv_output_size", size, kernel_size, stride, padding, dilation)
    output = window.output_size(sizes)
    return output if isinstance(size, tuple | list) else output[0]


def conv_params(in_channels: int, out_channels: int, kernel_size: PerAxis, groups: int = 1, bias: bool = True) -> int:
    """Count the learnable parameters of a convolution layer.

    C_out · (C_in / G · K_h · K_w), and C_out more with a bias

    Args:
        in_channels: C_in.
        out_channels: C_out, the number of filters.
        kernel_size: an int K means K × K; a tuple has one entry per axis, so (K,) is the kernel of a sequence.
        groups: G; must divide both numbers of channels.
        bias: whether each filter has a bias.

    Returns:
        The count; it does not depend on the size of the input.

    Raises:
        ValueError: if groups does not divide the channels, or a number is below 1.

    Source: LeCun et al., 1989, "Backpropagation applied to handwritten zip code recognition".

    >>> conv_params(in_channels=3, out_channels=10, kernel_size=5)  # 10 filters of 5 · 5 · 3 weights and a bias
    760
    """
    axes = len(kernel_size) if isinstance(kernel_size, tuple | list) else 2
    kernel = int_per_axis("conv_params", "kernel_size", kernel_size, axes, 1)
    in_per_group = _channels_per_group("conv_params", in_channels, out_channels, groups)
    return out_channels * in_per_group * prod(kernel) + (out_channels if bias else 0)


def conv_macs(
    size: PerAxis,
    in_channels: int,
    out_channels: int,
    kernel_size: PerAxis,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> int:
    """Count the multiply-accumulates of a convolution layer on one input; bias additions are not counted.

    MACs = H_out · W_out · C_out · (C_in / G · K_h · K_w)

    Products with padding zeros count too, as they do in the tables of papers.

    Args:
        size: H, (H, W) or (D, H, W) of the input: its length is the number of axes.
        in_channels: C_in.
        out_channels: C_out.
        kernel_size: K; an int is taken for every axis of `size`.
        stride, padding, dilation: as in `conv_output_size`.
        groups: G; must divide both numbers of channels.

    Returns:
        The count for a batch of one.

    Raises:
        ValueError: as `conv_output_size` and `conv_params`.

    Source: Szegedy et al., 2015, arXiv:1409.4842, for the bottleneck of the example.

    >>> conv_macs((28, 28), 192, 32, kernel_size=5, padding="same")
    120422400
    >>> conv_macs((28, 28), 192, 16, kernel_size=1) + conv_macs((28, 28), 16, 32, kernel_size=5, padding="same")
    12443648
    """
    sizes, window = _sizes_and_window("conv_macs", size, kernel_size, stride, padding, dilation)
    in_per_group = _channels_per_group("conv_macs", in_channels, out_channels, groups)
    return prod(window.output_size(sizes)) * out_channels * in_per_group * prod(window.kernel_size)


def _sizes_and_window(
    caller: str, size: PerAxis, kernel_size: PerAxis, stride: PerAxis, padding: Padding, dilation: PerAxis
) -> tuple[tuple[int, ...], SlidingWindow]:
    axes = len(size) if isinstance(size, tuple | list) else 1
    sizes = int_per_axis(caller, "size", size, axes, 1)
    return sizes, SlidingWindow.of(caller, axes, kernel_size, stride, padding, dilation)


def _channels_per_group(caller: str, in_channels: int, out_channels: int, groups: int) -> int:
    integer(caller, "in_channels", in_channels, 1)
    integer(caller, "out_channels", out_channels, 1)
    return in_channels // check_groups(caller, in_channels, out_channels, groups)
