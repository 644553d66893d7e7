"""Wrong solutions for `conv2d_padded`."""

import numpy as np
from bad_conv2d_single import slide
from catalogue import Collection, pair


def around(x, padding, **how):
    """Pad both axes."""
    p, q = pair(padding)
    return np.pad(x, [(p, p), (q, q)], **how)


def padded_slide(x, w, padding=0, stride=1):
    """Do it right."""
    s, t = pair(stride)
    return slide(around(x, padding), w)[::s, ::t]


wrong = Collection("conv2d_padded", conv2d_padded=padded_slide)


@wrong("padding is never used")
def _(x, w, padding=0, stride=1):
    s, t = pair(stride)
    return slide(x, w)[::s, ::t]


@wrong("stride is never used")
def _(x, w, padding=0, stride=1):
    return slide(around(x, padding), w)


@wrong("stride is used for the height only")
def _(x, w, padding=0, stride=1):
    return slide(around(x, padding), w)[:: pair(stride)[0]]


@wrong("the height's stride is used for the width as well")
def _(x, w, padding=0, stride=1):
    s, _ = pair(stride)
    return slide(around(x, padding), w)[::s, ::s]


@wrong("zeros above and left only", mistakes=["padding on one side only"])
def _(x, w, padding=0, stride=1):
    (p, q), (s, t) = pair(padding), pair(stride)
    return slide(np.pad(x, [(p, 0), (q, 0)]), w)[::s, ::t]


@wrong("zeros below and right only")
def _(x, w, padding=0, stride=1):
    (p, q), (s, t) = pair(padding), pair(stride)
    return slide(np.pad(x, [(0, p), (0, q)]), w)[::s, ::t]


@wrong("rounds the size up: a window that hangs over the edge is kept", mistakes=["size rounded up"])
def _(x, w, padding=0, stride=1):
    (s, t), padded = pair(stride), around(x, padding)
    over = [-(n - k) % step for n, k, step in zip(padded.shape, w.shape, (s, t), strict=True)]
    return slide(np.pad(padded, [(0, over[0]), (0, over[1])]), w)[::s, ::t]


@wrong("repeats the border pixels instead of adding zeros", mistakes=["the border repeated instead of zeros"])
def _(x, w, padding=0, stride=1):
    s, t = pair(stride)
    return slide(around(x, padding, mode="edge"), w)[::s, ::t]


@wrong("pads with ones")
def _(x, w, padding=0, stride=1):
    s, t = pair(stride)
    return slide(around(x, padding, constant_values=1), w)[::s, ::t]


@wrong("padding of height and width exchanged", mistakes=["height and width of the padding exchanged"])
def _(x, w, padding=0, stride=1):
    s, t = pair(stride)
    return slide(around(x, pair(padding)[::-1]), w)[::s, ::t]


@wrong("stride of height and width exchanged", mistakes=["height and width of the stride exchanged"])
def _(x, w, padding=0, stride=1):
    t, s = pair(stride)
    return slide(around(x, padding), w)[::s, ::t]


@wrong("the height's padding is used for the width as well")
def _(x, w, padding=0, stride=1):
    s, t = pair(stride)
    return slide(around(x, pair(padding)[0]), w)[::s, ::t]


@wrong(
    "the picture is thinned out first and filtered then",
    mistakes=["stride between the kernel's entries", "stride between the kernel's entries, and windows that stick out"],
)
def _(x, w, padding=0, stride=1):
    s, t = pair(stride)
    return slide(around(x, padding)[::s, ::t], w)


@wrong("zeros are put round the result instead of the picture", mistakes=["the result padded instead of the picture"])
def _(x, w, padding=0, stride=1):
    s, t = pair(stride)
    return around(slide(x, w)[::s, ::t], padding)


@wrong("right for int arguments only: pairs are not understood", mistakes=["one number for both directions"])
def _(x, w, padding=0, stride=1):
    padded = np.pad(x, [(padding, padding), (padding, padding)])
    h, b = (padded.shape[0] - w.shape[0]) // stride + 1, (padded.shape[1] - w.shape[1]) // stride + 1
    y = np.zeros((h, b), np.result_type(x, w))
    for i, j in np.ndindex(h, b):
        y[i, j] = np.sum(padded[i * stride : i * stride + w.shape[0], j * stride : j * stride + w.shape[1]] * w)
    return y


@wrong("turns the kernel round", mistakes=["kernel flipped"])
def _(x, w, padding=0, stride=1):
    s, t = pair(stride)
    return slide(around(x, padding), w[::-1, ::-1])[::s, ::t]


@wrong("the first step is made before the first window")
def _(x, w, padding=0, stride=1):
    s, t = pair(stride)
    return slide(around(x, padding), w)[s - 1 :: s, t - 1 :: t]


@wrong(
    "the padding is counted once in the size, so the last windows are missing", mistakes=["padding on one side only"]
)
def _(x, w, padding=0, stride=1):
    (p, q), (s, t) = pair(padding), pair(stride)
    h, b = (x.shape[0] + p - w.shape[0]) // s + 1, (x.shape[1] + q - w.shape[1]) // t + 1
    return slide(around(x, padding), w)[::s, ::t][:h, :b]


@wrong(
    "pads a float array of zeros, so the dtype is always float64",
    mistakes=["always float64"],
    said=["has dtype float64"],
)
def _(x, w, padding=0, stride=1):
    (p, q), (s, t) = pair(padding), pair(stride)
    padded = np.zeros((x.shape[0] + 2 * p, x.shape[1] + 2 * q))
    padded[p : p + x.shape[0], q : q + x.shape[1]] = x
    return slide(padded, w)[::s, ::t]


@wrong("the window moves by the kernel's size instead of the stride")
def _(x, w, padding=0, stride=1):
    return slide(around(x, padding), w)[:: w.shape[0], :: w.shape[1]]


@wrong("the padding is only as wide as it must be for the result to keep its size")
def _(x, w, padding=0, stride=1):
    (s, t), padded = pair(stride), around(x, ((w.shape[0] - 1) // 2, (w.shape[1] - 1) // 2))
    return slide(padded, w)[::s, ::t]
