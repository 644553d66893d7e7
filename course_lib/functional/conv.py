"""Convolutions over one, two and three spatial axes, forward and backward.

As everywhere in deep learning, convolution means cross-correlation: the kernel is not flipped.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from course_lib.functional.checks import PerAxis
from course_lib.functional.conv_nd import conv_nd, conv_nd_backward
from course_lib.functional.sliding import Padding

Gradients: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray]
"""(grad_x, grad_w, grad_b), each of the shape of what it is the gradient of."""


def conv1d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> np.ndarray:
    """Slide every filter along a batch of sequences.

    y[n, o, t] = b[o] + Σ_{c, k} w[o, c, k] · x_padded[n, c, S·t + D·k]

    Args:
        x: N × C_in × T.
        w: C_out × C_in/groups × K.
        b: C_out, or None for no bias.
        stride, padding, dilation, groups: as in `conv2d`.

    Returns:
        A new array, N × C_out × T_out with T_out = ⌊(T + 2P − D(K − 1) − 1) / S⌋ + 1.

    Raises:
        ValueError: as `conv2d`.

    Source: Waibel et al., 1989, "Phoneme recognition using time-delay neural networks".

    >>> conv1d([[[1, 2, 4, 8]]], [[[-1, 1]]])
    array([[[1, 2, 4]]])
    """
    return conv_nd("conv1d", 1, x, w, b, stride, padding, dilation, groups)


def conv1d_backward(
    grad_out: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Gradients:
    """Pull the gradient of a loss back through `conv1d`; arguments and results as in `conv2d_backward`."""
    return conv_nd_backward("conv1d_backward", 1, grad_out, x, w, stride, padding, dilation, groups)


def conv2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> np.ndarray:
    """Slide every filter over a batch of images.

    y[n, o, p, q] = b[o] + Σ_{c, i, j} w[o, c, i, j] · x_padded[n, c, S·p + D·i, S·q + D·j]

    With G groups, output channels are cut into G runs of C_out/G, and run g sees only run g of the C_in/G input
    channels: c counts inside the group.

    Args:
        x: N × C_in × H × W; real or integer.
        w: C_out × C_in/groups × K_h × K_w.
        b: C_out, or None for no bias.
        stride: S, steps between windows; an int, or (height, width), in entries.
        padding: zeros on each side of an axis; an int, or (height, width), or "valid" for none, or "same" for
            D(K − 1) zeros in all, an odd one at the end, so that stride 1 keeps the size.
        dilation: D, steps between kernel entries; an int, or (height, width).
        groups: G; must divide C_in and C_out. groups = C_in is a depthwise convolution.

    Returns:
        A new array, N × C_out × H_out × W_out with H_out = ⌊(H + 2P − D(K_h − 1) − 1) / S⌋ + 1, of the dtype
        that NumPy promotes x, w and b to.

    Raises:
        ValueError: if the shapes do not fit each other, or the kernel is larger than the padded input.

    Source: LeCun et al., 1989, "Backpropagation applied to handwritten zip code recognition"; groups:
    Krizhevsky, Sutskever and Hinton, 2012; dilation: Yu and Koltun, 2016, arXiv:1511.07122.

    >>> image = [[2, 4, 9, 1, 4], [2, 1, 4, 4, 6], [1, 1, 2, 9, 2], [7, 3, 5, 1, 3], [2, 3, 4, 8, 5]]
    >>> kernel = [[1, 2, 3], [-4, 7, 4], [2, -5, 1]]
    >>> conv2d([[image]], [[kernel]])[0, 0]
    array([[ 51,  66,  20],
           [ 31,  49, 101],
           [ 15,  53,  -2]])
    """
    return conv_nd("conv2d", 2, x, w, b, stride, padding, dilation, groups)


def conv2d_backward(
    grad_out: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Gradients:
    """Pull the gradient of a loss back through `conv2d`: from the output to x, w and b.

    ∂L/∂b[o] = Σ_{n, p, q} g[n, o, p, q]
    ∂L/∂w[o, c, i, j] = Σ_{n, p, q} g[n, o, p, q] · x_padded[n, c, S·p + D·i, S·q + D·j]
    ∂L/∂x_padded[n, c, h, w] = Σ w[o, c, i, j] · g[n, o, p, q] over all (o, i, j, p, q) with S·p + D·i = h and
    S·q + D·j = w

    Args:
        grad_out: g = ∂L/∂y, N × C_out × H_out × W_out.
        x, w: what `conv2d` was given.
        stride, padding, dilation, groups: what `conv2d` was given.

    Returns:
        New arrays (grad_x, grad_w, grad_b) of shapes x.shape, w.shape and (C_out,), of the dtype that NumPy
        promotes grad_out, x and w to. Leave grad_b aside where there was no bias.

    Raises:
        ValueError: as `conv2d`, and if grad_out does not have the shape of the output.

    Source: as `conv2d`.

    >>> grad_x, grad_w, grad_b = conv2d_backward([[[[1, 10]]]], [[[[1, 2, 3]]]], [[[[4, 5]]]])
    >>> grad_x[0, 0], grad_w[0, 0], grad_b
    (array([[ 4, 45, 50]]), array([[21, 32]]), array([11]))
    """
    return conv_nd_backward("conv2d_backward", 2, grad_out, x, w, stride, padding, dilation, groups)


def conv3d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> np.ndarray:
    """Slide every filter through a batch of volumes or videos.

    y[n, o, p, q, r] = b[o] + Σ_{c, i, j, k} w[o, c, i, j, k] · x_padded[n, c, S·p + D·i, S·q + D·j, S·r + D·k]

    Args:
        x: N × C_in × D × H × W.
        w: C_out × C_in/groups × K_d × K_h × K_w.
        b: C_out, or None for no bias.
        stride, padding, dilation, groups: as in `conv2d`, one entry per axis (depth, height, width).

    Returns:
        A new array, N × C_out × D_out × H_out × W_out.

    Raises:
        ValueError: as `conv2d`.

    Source: Tran et al., 2015, arXiv:1412.0767.

    >>> conv3d(np.ones((1, 2, 4, 5, 6)), np.ones((3, 2, 2, 2, 2)), padding="same").shape
    (1, 3, 4, 5, 6)
    """
    return conv_nd("conv3d", 3, x, w, b, stride, padding, dilation, groups)


def conv3d_backward(
    grad_out: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    stride: PerAxis = 1,
    padding: Padding = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> Gradients:
    """Pull the gradient of a loss back through `conv3d`; arguments and results as in `conv2d_backward`."""
    return conv_nd_backward("conv3d_backward", 3, grad_out, x, w, stride, padding, dilation, groups)
