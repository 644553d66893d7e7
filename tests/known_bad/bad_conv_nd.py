"""Wrong solutions for `conv_nd`."""

from typing import Any

import numpy as np
from bad_conv2d import layer
from catalogue import Collection
from numpy.lib.stride_tricks import sliding_window_view


def axes(value, d):
    """Return an int d times, a tuple as it is."""
    return (value,) * d if isinstance(value, int) else tuple(value)


def layer_nd(x, w, padding: Any = 0, stride: Any = 1):
    """Do it right."""
    d = x.ndim - 2
    padded = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in axes(padding, d))])
    windows = sliding_window_view(padded, w.shape[2:], axis=tuple(range(2, d + 2)))
    windows = windows[(slice(None), slice(None), *(slice(None, None, s) for s in axes(stride, d)))]
    y = np.tensordot(windows, w, axes=([1, *range(d + 2, 2 * d + 2)], list(range(1, d + 2))))
    return np.moveaxis(y, -1, 1).copy()


wrong = Collection("conv_nd", conv_nd=layer_nd)


@wrong("two dimensions only")
def _(x, w, padding=0, stride=1):
    return layer(x, w, None, padding, stride)


@wrong(
    "three dimensions are done slice by slice: along the depth only the kernel's first slice is used",
    mistakes=["a volume convolved slice by slice"],
)
def _(x, w, padding=0, stride=1):
    if x.ndim < 5:
        return layer_nd(x, w, padding, stride)
    return layer_nd(x, w[:, :, :1], padding, stride)


@wrong("the last axis of a volume ignores its stride")
def _(x, w, padding=0, stride=1):
    steps = axes(stride, x.ndim - 2)
    return layer_nd(x, w, padding, (*steps[:2], 1) if len(steps) == 3 else steps)


@wrong("the strides are taken in the opposite order", mistakes=["strides in reverse order"])
def _(x, w, padding=0, stride=1):
    return layer_nd(x, w, padding, axes(stride, x.ndim - 2)[::-1])


@wrong("the paddings are taken in the opposite order", mistakes=["padding in reverse order"])
def _(x, w, padding=0, stride=1):
    return layer_nd(x, w, axes(padding, x.ndim - 2)[::-1], stride)


@wrong("only the last axis is padded")
def _(x, w, padding=0, stride=1):
    d = x.ndim - 2
    return layer_nd(x, w, (*(0,) * (d - 1), axes(padding, d)[-1]), stride)


@wrong("an int padding is used for the first axis only")
def _(x, w, padding=0, stride=1):
    d = x.ndim - 2
    return layer_nd(x, w, (padding, *(0,) * (d - 1)) if isinstance(padding, int) else padding, stride)


@wrong("the kernel is turned round along every axis", mistakes=["kernel flipped along space"])
def _(x, w, padding=0, stride=1):
    return layer_nd(x, np.flip(w, axis=tuple(range(2, w.ndim))), padding, stride)


@wrong("the kernel is turned round along the last axis only")
def _(x, w, padding=0, stride=1):
    return layer_nd(x, w[..., ::-1], padding, stride)


@wrong("the channels stay at the end", said=["axes 1 and 2 exchanged"])
def _(x, w, padding=0, stride=1):
    return np.moveaxis(layer_nd(x, w, padding, stride), 1, -1).copy()


@wrong("axes of length one are squeezed away", said=["it should have 3 axes and has"])
def _(x, w, padding=0, stride=1):
    return np.squeeze(layer_nd(x, w, padding, stride))


@wrong("mean over the channels", said=["by the same factor"])
def _(x, w, padding=0, stride=1):
    return layer_nd(x, w, padding, stride) / x.shape[1]


@wrong("stride is ignored")
def _(x, w, padding=0, stride=1):
    return layer_nd(x, w, padding)


@wrong("padding is ignored")
def _(x, w, padding=0, stride=1):
    return layer_nd(x, w, 0, stride)


@wrong("all zeros", said=["zero everywhere"])
def _(x, w, padding=0, stride=1):
    return np.zeros_like(layer_nd(x, w, padding, stride))


@wrong("np.convolve for sequences, which turns the kernel round and is off limits", said=["is off limits"])
def _(x, w, padding=0, stride=1):
    if x.ndim > 3:
        return layer_nd(x, w, padding, stride)
    (p,), (s,) = axes(padding, 1), axes(stride, 1)
    x = np.pad(x, [(0, 0), (0, 0), (p, p)])
    maps = [[sum(np.convolve(c, k, "valid") for c, k in zip(n, o, strict=True)) for o in w] for n in x]
    return np.array(maps)[..., ::s].copy()


@wrong("the picture is thinned out first and filtered then", mistakes=["stride between the kernel's entries"])
def _(x, w, padding=0, stride=1):
    d = x.ndim - 2
    padded = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in axes(padding, d))])
    return layer_nd(padded[(slice(None), slice(None), *(slice(None, None, s) for s in axes(stride, d)))], w)


@wrong("every filter gives the first filter's map")
def _(x, w, padding=0, stride=1):
    return layer_nd(x, np.repeat(w[:1], len(w), axis=0), padding, stride)


@wrong("always float64", mistakes=["always float64"], said=["has dtype float64"])
def _(x, w, padding=0, stride=1):
    return layer_nd(x, w, padding, stride).astype(np.float64)
