"""im2col and its adjoint col2im: a convolution becomes one matrix product."""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import ArrayLike

from course_lib.functional.checks import PerAxis, by, int_per_axis
from course_lib.functional.sliding import Padding, SlidingWindow


def im2col(
    x: ArrayLike, kernel_size: PerAxis, stride: PerAxis = 1, padding: Padding = 0, dilation: PerAxis = 1
) -> np.ndarray:
    """Write every window that a kernel meets as a column.

    cols[n, (c, i, j), (p, q)] = x_padded[n, c, S·p + D·i, S·q + D·j]

    Rows run over channel, then kernel row, then kernel column; columns over output row, then output column:
    the layout of `torch.nn.functional.unfold`. One, two, three or more spatial axes work alike.

    Args:
        x: N × C × H × W (or any other number of spatial axes); any dtype.
        kernel_size: K_h, K_w; an int is taken for every axis.
        stride: steps between windows, in entries.
        padding: zeros on each side of an axis, or "valid" or "same".
        dilation: steps between kernel entries, in entries.

    Returns:
        A new array, N × (C · K_h · K_w) × (H_out · W_out), of the dtype of x.

    Raises:
        ValueError: if x has no spatial axis, or the kernel is larger than the padded input.

    Source: Chellapilla, Puri and Simard, 2006, "High performance convolutional neural networks for document
    processing".

    >>> im2col(np.arange(9).reshape(1, 1, 3, 3), kernel_size=2)
    array([[[0, 1, 3, 4],
            [1, 2, 4, 5],
            [3, 4, 6, 7],
            [4, 5, 7, 8]]])
    """
    x = np.asarray(x)
    axes = x.ndim - 2
    if axes < 1:
        raise ValueError(
            f"im2col: x has shape {x.shape} but needs N × C × space, for example N × C × H × W "
            f"(a single image H × W is x[None, None])"
        )
    window = SlidingWindow.of("im2col", axes, kernel_size, stride, padding, dilation)
    positions = window.output_size(x.shape[2:])
    windows = window.windows(window.pad(x))  # N × C × positions × kernel
    kernel_first = np.moveaxis(windows, range(2 + axes, 2 + 2 * axes), range(2, 2 + axes))
    return kernel_first.copy(order="C").reshape(len(x), x.shape[1] * prod(window.kernel_size), prod(positions))


def col2im(
    cols: ArrayLike,
    size: PerAxis,
    kernel_size: PerAxis,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
) -> np.ndarray:
    """Add every column back to where `im2col` read it: the adjoint, ⟨im2col(x), y⟩ = ⟨x, col2im(y)⟩.

    x[n, c, h, w] = Σ cols[n, (c, i, j), (p, q)] over all (i, j, p, q) with S·p + D·i = h + P, S·q + D·j = w + P

    It is not the inverse: an entry that k windows share comes back k times, one that none meets comes back 0.
    The layout is that of `torch.nn.functional.fold`.

    Args:
        cols: N × (C · K_h · K_w) × (H_out · W_out); any numeric dtype.
        size: (H, W) of the result, without padding; its length is the number of axes, an int means one axis.
        kernel_size: K_h, K_w; an int is taken for every axis.
        stride: steps between windows, in entries.
        padding: zeros on each side of an axis, or "valid" or "same"; they are cut off again.
        dilation: steps between kernel entries, in entries.

    Returns:
        A new array, N × C × H × W, of the dtype of cols.

    Raises:
        ValueError: if cols does not have the shape that these settings give.

    Source: as `im2col`.

    >>> col2im(np.ones((1, 4, 4)), size=(3, 3), kernel_size=2)[0, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    cols = np.asarray(cols)
    axes = 1 if not isinstance(size, tuple | list) else len(size)
    size = int_per_axis("col2im", "size", size, axes, 1)
    window = SlidingWindow.of("col2im", axes, kernel_size, stride, padding, dilation)
    positions, kernel_size = window.output_size(size), window.kernel_size
    if cols.ndim != 3 or cols.shape[1] % prod(kernel_size) or cols.shape[2] != prod(positions):
        raise ValueError(
            f"col2im: cols has shape {cols.shape} but size {by(size)} and kernel size {by(kernel_size)} need "
            f"N × (C · {prod(kernel_size)}) × {prod(positions)} (were stride, padding and dilation the same as "
            f"in im2col?)"
        )
    channels = cols.shape[1] // prod(kernel_size)
    x_padded = np.zeros((len(cols), channels, *window.padded_size(size)), cols.dtype)
    by_entry = np.moveaxis(cols.reshape(len(cols), channels, *kernel_size, *positions), range(2, 2 + axes), range(axes))
    window.add_to_windows(window.windows(x_padded, writeable=True), by_entry)
    return window.crop(x_padded)
