"""Wrong solutions for `im2col`, with the layer that is computed by it."""

from typing import Any

import numpy as np
from bad_conv2d import layer, windows
from catalogue import Collection, pair

from course_lib.functional import conv2d as library_conv2d


def columns(x, kernel_size, padding: Any = 0, stride: Any = 1):
    """Do it right."""
    found = windows(x, pair(kernel_size), padding, stride)
    n, c, h, b, k, m = found.shape
    return found.transpose(0, 1, 4, 5, 2, 3).reshape(n, c * k * m, h * b)


def multiplied(im2col):
    """Return the layer as somebody would write it who trusts `im2col`."""

    def conv2d_im2col(x, w, b=None, padding=0, stride=1):
        y = w.reshape(len(w), -1) @ im2col(x, w.shape[2:], padding, stride)
        if b is not None:
            y = y + b[:, None]
        return y.reshape(windows(x, w.shape[2:], padding, stride).shape[0], len(w), *_size(x, w, padding, stride))

    return {"conv2d_im2col": conv2d_im2col}


def _size(x, w, padding, stride):
    return windows(x, w.shape[2:], padding, stride).shape[2:4]


def from_windows(order, *shape):
    """Return an im2col that lays the windows' axes n c h b k m out in another order."""

    def im2col(x, kernel_size, padding=0, stride=1):
        found = windows(x, pair(kernel_size), padding, stride)
        sizes = dict(zip("nchbkm", found.shape, strict=True))
        moved = found.transpose(["nchbkm".index(a) for a in order])
        return moved.reshape([int(np.prod([sizes[a] for a in axes])) for axes in shape])

    return im2col


wrong = Collection("im2col", im2col=columns, **multiplied(columns))


both = {"function": "im2col", "others": multiplied}

wrong("rows ordered with the channel changing fastest", mistakes=["channel last in the rows"], **both)(
    from_windows("nkmchb", "n", "kmc", "hb")
)
wrong("rows ordered by kernel column before kernel row", mistakes=["kernel columns before kernel rows"], **both)(
    from_windows("ncmkhb", "n", "cmk", "hb")
)
wrong("columns ordered by output column before output row", mistakes=["outputs numbered column by column"], **both)(
    from_windows("nckmbh", "n", "ckm", "bh")
)
wrong("the matrix is transposed: a window is a row", mistakes=["one window in each row"], **both)(
    from_windows("nhbckm", "n", "hb", "ckm")
)
wrong("all pictures in one matrix without a batch axis", mistakes=["the whole batch in one matrix"], **both)(
    from_windows("ckmnhb", "ckm", "nhb")
)
wrong("reshaped without moving the axes first", mistakes=["windows reshaped without moving axes"], **both)(
    from_windows("nchbkm", "n", "ckm", "hb")
)


@wrong("windows do not overlap: they move by the kernel's size", **both)
def _(x, kernel_size, padding=0, stride=1):
    return columns(x, kernel_size, padding, kernel_size)


@wrong("padding is ignored", **both)
def _(x, kernel_size, padding=0, stride=1):
    return columns(x, kernel_size, 0, stride)


@wrong("stride is ignored", mistakes=["every window, whatever the stride"], **both)
def _(x, kernel_size, padding=0, stride=1):
    return columns(x, kernel_size, padding)


@wrong("stride is ignored along the width", **both)
def _(x, kernel_size, padding=0, stride=1):
    return columns(x, kernel_size, padding, (pair(stride)[0], 1))


@wrong("height and width of the kernel exchanged", mistakes=["height and width of the kernel exchanged"], **both)
def _(x, kernel_size, padding=0, stride=1):
    return columns(x, pair(kernel_size)[::-1], padding, stride)


@wrong(
    "every kernel is taken to be square", mistakes=["kernel_size taken for one number", "kernel assumed square"], **both
)
def _(x, kernel_size, padding=0, stride=1):
    return columns(x, pair(kernel_size)[0], padding, stride)


@wrong("kernel sizes given as an int are not understood", said=["cannot unpack non-iterable int"], **both)
def _(x, kernel_size, padding=0, stride=1):
    k, m = kernel_size
    return columns(x, (k, m), padding, stride)


@wrong(
    "a float64 matrix for every input",
    mistakes=["windows always float64", "product always float64"],
    said=["has dtype float64"],
    **both,
)
def _(x, kernel_size, padding=0, stride=1):
    return columns(x, kernel_size, padding, stride).astype(np.float64)


@wrong(
    "returns a part of the input in disguise where the kernel is 1 × 1",
    mistakes=["a view of the picture"],
    said=["shares memory with x"],
    **both,
)
def _(x, kernel_size, padding=0, stride=1):
    if pair(kernel_size) == (1, 1) and pair(stride) == (1, 1) and not any(pair(padding)):
        return x.reshape(*x.shape[:2], -1)
    return columns(x, kernel_size, padding, stride)


@wrong("the windows' means are subtracted", **both)
def _(x, kernel_size, padding=0, stride=1):
    found = columns(x, kernel_size, padding, stride)
    return (found - found.mean(axis=1, keepdims=True)).astype(x.dtype)


@wrong("the bias is forgotten", mistakes=["bias left out"], function="conv2d_im2col")
def _(x, w, b=None, padding=0, stride=1):
    y = layer(x, w, None, padding, stride)
    return y if b is None else y.astype(np.result_type(x, w, b))


@wrong(
    "the bias is added along the outputs instead of the filters",
    mistakes=["bias along the outputs"],
    function="conv2d_im2col",
)
def _(x, w, b=None, padding=0, stride=1):
    y = w.reshape(len(w), -1) @ columns(x, w.shape[2:], padding, stride)
    y = y if b is None else y + b
    return y.reshape(len(x), len(w), *_size(x, w, padding, stride))


@wrong(
    "height and width of the result exchanged in the last reshape",
    mistakes=["height and width of the result exchanged"],
    function="conv2d_im2col",
)
def _(x, w, b=None, padding=0, stride=1):
    y = layer(x, w, b, padding, stride)
    return y.reshape(*y.shape[:2], y.shape[3], y.shape[2])


@wrong(
    "batch and filters exchanged in the last reshape",
    mistakes=["the whole batch in one matrix"],
    said=["axes 0 and 1 exchanged: reshape moves no axis"],
    function="conv2d_im2col",
)
def _(x, w, b=None, padding=0, stride=1):
    y = layer(x, w, b, padding, stride)
    return np.moveaxis(y, 0, 1).copy().reshape(y.shape)


@wrong(
    "the result stays a matrix: it is not folded back into maps",
    said=["it should have 4 axes and has 3"],
    function="conv2d_im2col",
)
def _(x, w, b=None, padding=0, stride=1):
    y = layer(x, w, b, padding, stride)
    return y.reshape(*y.shape[:2], -1)


@wrong(
    "the filters are flattened as (C_in, C_out · K_h · K_w)",
    mistakes=["filters flattened in another order than the windows"],
    function="conv2d_im2col",
)
def _(x, w, b=None, padding=0, stride=1):
    flat = w.swapaxes(0, 1).reshape(len(w), -1)
    y = flat @ columns(x, w.shape[2:], padding, stride)
    y = y if b is None else y + b[:, None]
    return y.reshape(len(x), len(w), *_size(x, w, padding, stride))


@wrong("calls the library's convolution", said=["is off limits"], function="conv2d_im2col")
def _(x, w, b=None, padding=0, stride=1):
    return library_conv2d(x, w, b, padding=padding, stride=stride)


@wrong("takes the result to be square", function="conv2d_im2col")
def _(x, w, b=None, padding=0, stride=1):
    y = layer(x, w, b, padding, stride)
    side = int(np.sqrt(y.shape[2] * y.shape[3]))
    return y.reshape(*y.shape[:2], side, side)
