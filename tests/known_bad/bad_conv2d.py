"""Wrong solutions for `conv2d`."""

from typing import Any

import numpy as np
import torch
from catalogue import Collection, pair
from numpy.lib.stride_tricks import sliding_window_view


def windows(x, kernel, padding: Any = 0, stride: Any = 1):
    """Return all windows, (N, C, H_out, W_out, K_h, K_w)."""
    (p, q), (s, t) = pair(padding), pair(stride)
    padded = np.pad(x, [(0, 0), (0, 0), (p, p), (q, q)])
    return sliding_window_view(padded, kernel, axis=(2, 3))[:, :, ::s, ::t]


def layer(x, w, b: Any = None, padding: Any = 0, stride: Any = 1):
    """Do it right."""
    y = np.einsum("nchwkm,ockm->nohw", windows(x, w.shape[2:], padding, stride), w)
    return y if b is None else y + b[:, None, None]


wrong = Collection("conv2d", conv2d=layer)


@wrong("all zeros", said=["zero everywhere"])
def _(x, w, b=None, padding=0, stride=1):
    return np.zeros_like(layer(x, w, b, padding, stride))


@wrong("the bias is forgotten", mistakes=["bias left out"])
def _(x, w, b=None, padding=0, stride=1):
    y = layer(x, w, None, padding, stride)
    return y if b is None else y.astype(np.result_type(x, w, b))


@wrong("the bias is subtracted")
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w, None if b is None else -b, padding, stride)


@wrong("the bias is added once for each input channel", mistakes=["bias added once per input channel"])
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w, None if b is None else x.shape[1] * b, padding, stride)


@wrong("every map gets the first filter's bias")
def _(x, w, b=None, padding=0, stride=1):
    y = layer(x, w, None, padding, stride)
    return y if b is None else y + b[0]


@wrong("the bias is added along the width", mistakes=["bias along the columns"])
def _(x, w, b=None, padding=0, stride=1):
    y = layer(x, w, None, padding, stride)
    return y if b is None else y + b


@wrong("the bias is tested for truth: an array has none", mistakes=["bias asked whether it is true"])
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w, b if b else None, padding, stride)


@wrong("the bias is added before the fractions are cut off: int pictures make an int result", said=["has dtype int64"])
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w, b, padding, stride).astype(np.result_type(x, w))


@wrong("only the first picture of the batch", mistakes=["only the first picture of the batch"])
def _(x, w, b=None, padding=0, stride=1):
    return layer(x[:1], w, b, padding, stride)


@wrong("the first picture's maps for all pictures")
def _(x, w, b=None, padding=0, stride=1):
    y = layer(x, w, b, padding, stride)
    return np.repeat(y[:1], len(y), axis=0)


@wrong("the pictures of the batch are added up")
def _(x, w, b=None, padding=0, stride=1):
    y = layer(x, w, b, padding, stride)
    return np.repeat(y.sum(axis=0, keepdims=True), len(y), axis=0)


@wrong("only the first channel is filtered", mistakes=["only the first channel seen"])
def _(x, w, b=None, padding=0, stride=1):
    return layer(x[:, :1], w[:, :1], b, padding, stride)


@wrong(
    "mean over the channels instead of their sum",
    mistakes=["channels averaged"],
    said=["by the same factor (yours is 1/"],
)
def _(x, w, b=None, padding=0, stride=1):
    y = layer(x, w, None, padding, stride) / x.shape[1]
    return y if b is None else y + b[:, None, None]


@wrong("one slice of the filter is used for all channels", mistakes=["one slice of the filter for all channels"])
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, np.repeat(w[:, :1], w.shape[1], axis=1), b, padding, stride)


@wrong("stride is used for the height only")
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w, b, padding, (pair(stride)[0], 1))


@wrong("the height's stride is used for both axes")
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w, b, padding, pair(stride)[0])


@wrong("padding of height and width exchanged")
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w, b, pair(padding)[::-1], stride)


@wrong("padding is used only if it is the same for both axes")
def _(x, w, b=None, padding=0, stride=1):
    p, q = pair(padding)
    return layer(x, w, b, p if p == q else 0, stride)


@wrong("padding is ignored")
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w, b, 0, stride)


@wrong("batch and channels are padded too", mistakes=["batch and channels padded too"])
def _(x, w, b=None, padding=0, stride=1):
    p, _ = pair(padding)
    return layer(np.pad(x, p), w, b, 0, stride)


@wrong("filters are turned round along both axes", mistakes=["kernel flipped"])
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w[..., ::-1, ::-1], b, padding, stride)


@wrong("filters are turned upside down only")
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w[:, :, ::-1], b, padding, stride)


@wrong("filters and channels exchanged by reshape", mistakes=["weights read as C_in × C_out"])
def _(x, w, b=None, padding=0, stride=1):
    o, c, k, m = w.shape
    return layer(x, w.reshape(c, o, k, m).transpose(1, 0, 2, 3), b, padding, stride)


@wrong("channels last in the result", mistakes=["channels last"])
def _(x, w, b=None, padding=0, stride=1):
    return np.moveaxis(layer(x, w, b, padding, stride), 1, -1).copy()


@wrong("height and width of the result exchanged", said=["axes 2 and 3 exchanged"])
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w, b, padding, stride).swapaxes(2, 3).copy()


@wrong("always float32", said=["has dtype float32"])
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w, b, padding, stride).astype(np.float32)


@wrong("takes the kernel to be square", mistakes=["kernel assumed square"])
def _(x, w, b=None, padding=0, stride=1):
    k = w.shape[2]
    y = np.einsum("nchwkm,ockm->nohw", windows(x, (k, k), padding, stride), w[..., :k])
    return y if b is None else y + b[:, None, None]


@wrong("centres the picture in place first", said=["changed its input"])
def _(x, w, b=None, padding=0, stride=1):
    x -= x.mean().astype(x.dtype)
    return layer(x, w, b, padding, stride)


@wrong("lets torch do the work", said=["is off limits"])
def _(x, w, b=None, padding=0, stride=1):
    x, w = torch.tensor(np.ascontiguousarray(x)), torch.tensor(np.ascontiguousarray(w))
    b = b if b is None else torch.tensor(np.ascontiguousarray(b))
    return torch.nn.functional.conv2d(x, w, b, padding=padding, stride=stride).numpy()


@wrong("returns a torch tensor", said=["is a torch.Tensor"])
def _(x, w, b=None, padding=0, stride=1):
    return torch.from_numpy(layer(x, w, b, padding, stride))


@wrong("each filter looks at one channel only, as if the layer had groups")
def _(x, w, b=None, padding=0, stride=1):
    only = np.zeros_like(w)
    for o in range(len(w)):
        only[o, o % w.shape[1]] = w[o, o % w.shape[1]]
    return layer(x, only, b, padding, stride)


@wrong("a ReLU at the end that nobody asked for")
def _(x, w, b=None, padding=0, stride=1):
    return np.maximum(layer(x, w, b, padding, stride), 0)


@wrong("the axis of a batch of one is dropped", said=["it should have 4 axes and has"])
def _(x, w, b=None, padding=0, stride=1):
    return layer(x, w, b, padding, stride).squeeze()
