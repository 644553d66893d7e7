"""Exercise: the convolution layer of a network, with channels, batch and bias."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view

from autograder import Exercise, case
from autograder.spec import Case, Draw
from course_lib.functional import conv2d

Array = np.ndarray
IntOrPair = int | tuple[int, ...]

SMALL_PICTURE = np.array([[2, 4, 9, 1, 4], [2, 1, 4, 4, 6], [1, 1, 2, 9, 2], [7, 3, 5, 1, 3], [2, 3, 4, 8, 5]])
SMALL_KERNEL = np.array([[1, 2, 3], [-4, 7, 4], [2, -5, 1]])

CHANNELS, BIAS, STEPS, DTYPES = "channels and batch", "bias", "padding and stride", "dtypes and memory"


def reference(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    return conv2d(x, w, b, padding=padding, stride=stride)


def pair(value: IntOrPair) -> tuple[int, ...]:
    return (value, value) if isinstance(value, int) else value


ex = Exercise(
    "conv2d",
    title="The convolution layer",
    reference=reference,
    points={CHANNELS: 3, BIAS: 2, STEPS: 2, DTYPES: 1},
    minutes=30,
    section="channels",
    hints=[
        "Forget batch and output channels at first: one picture with C_in channels, one filter with C_in slices. "
        "Each slice is slid over its own channel. What happens to the C_in results, if one map is to come out?",
        "y[n, o] is the sum over c of the one-channel convolution of x[n, c] with w[o, c], plus the one number b[o]. "
        "Write the shapes of x, w, b and y under each other and mark which letters disappear.",
        "Three loops, over n, o and c, round the function of the previous exercise are a right answer. Shorter: a "
        "window of all channels has the shape of one filter, C_in × K_h × K_w; multiply the two and sum over "
        "everything. The bias needs the shape (C_out, 1, 1) before you add it.",
    ],
    off_limits=[
        "course_lib.functional.*",
        "course_lib.layers.*",
        "torch.nn.functional.conv*",
        "torch.conv*",
        "scipy.signal.*",
        "scipy.ndimage.*",
        "numpy.convolve",
        "numpy.correlate",
    ],
)


@ex.cases
def _(draw: Draw) -> Iterator[Case]:
    yield case(
        "the 5×5 example of the lecture, as a batch of one picture with one channel",
        group=CHANNELS,
        x=SMALL_PICTURE[None, None],
        w=SMALL_KERNEL[None, None],
    )
    for _ in draw.rounds():
        h, width = draw.distinct_sizes(2, 6, 8)
        k_h, k_w = draw.distinct_sizes(2, 2, 3)
        n, c_in, c_out = draw.distinct_sizes(3, 2, 5)
        x, w, b = draw.normal(n, c_in, h, width), draw.normal(c_out, c_in, k_h, k_w), draw.normal(c_out)
        one = x[:1]
        shapes = f"{n} pictures of {c_in}×{h}×{width}, {c_out} filters of {c_in}×{k_h}×{k_w}"
        yield case("three channels in, one map out", group=CHANNELS, **_layer(draw, (1, 3, h, width), (1, 3, 2, 3)))
        yield case("one channel in, four maps out", group=CHANNELS, **_layer(draw, (1, 1, h, width), (4, 1, 3, 2)))
        yield case("as many maps out as channels in", group=CHANNELS, **_layer(draw, (2, 4, h, 4), (4, 4, 2, 3)))
        yield case(f"a batch: {shapes}", group=CHANNELS, x=x, w=w)
        yield case("filters as large as the picture", group=CHANNELS, **_layer(draw, (2, 3, 5, 4), (4, 3, 5, 4)))
        yield case("1×1 filters: every pixel's channels are mixed", group=CHANNELS, x=x, w=w[:, :, :1, :1])
        yield case("one picture, one bias for each map", group=BIAS, x=one, w=w, b=b)
        yield case(f"a batch with bias: {shapes}", group=BIAS, x=x, w=w, b=b)
        yield case("one map, one bias", group=BIAS, x=one, w=w[:1], b=b[:1])
        yield case("a bias of zeros", group=BIAS, x=one, w=w, b=np.zeros(c_out))
        square = _layer(draw, (2, 2, 4, 4), (3, 2, 3, 2))
        yield case("as many maps as columns in the result", group=BIAS, b=draw.normal(3), **square)
        p_h, p_w = draw.distinct_sizes(2, 1, 3)
        s_h, s_w = draw.distinct_sizes(2, 2, 3)
        same = _layer(draw, (1, 2, 4, 5), (3, 2, 3, 3))
        yield case("padding 1 and filters of 3×3: the size stays", group=STEPS, padding=1, **same)
        yield case(f"padding {(p_h, p_w)}", group=STEPS, x=one, w=w, b=b, padding=(p_h, p_w))
        yield case(f"stride {(s_h, s_w)}", group=STEPS, x=one, w=w, b=b, stride=(s_h, s_w))
        over = _layer(draw, (2, 2, 6, 9), (3, 2, 3, 3))
        yield case("stride 2, which leaves a row over", group=STEPS, stride=2, **over)
        yield case("padding and stride together", group=STEPS, x=x, w=w, b=b, padding=(p_h, p_w), stride=(s_w, s_h))
        whole_x, whole_w = draw.integer_array(1, c_in, h, width), draw.integer_array(c_out, c_in, k_h, k_w)
        yield case("pictures of whole numbers, filters of fractions", group=DTYPES, x=whole_x, w=w)
        yield case("a bias of fractions, all else whole numbers", group=DTYPES, x=whole_x, w=whole_w, b=b)
        single: dict[str, Any] = {"x": one.astype("float32"), "w": w.astype("float32"), "b": b.astype("float32")}
        yield case("float32 in, float32 out", group=DTYPES, padding=1, **single)
        yield case("arrays that are views with gaps in memory", group=DTYPES, layout="non-contiguous", x=one, w=w, b=b)


def _layer(draw: Draw, x_shape: tuple[int, ...], w_shape: tuple[int, ...]) -> dict[str, Any]:
    return {"x": draw.normal(*x_shape), "w": draw.normal(*w_shape)}


@ex.mistake(
    "channels not summed",
    hint="Your result has an axis too many: one map for every pair of input and output channel. The maps of the "
    "input channels are added up, so C_in does not appear in the shape of y.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    maps = [reference(x[:, [c]], w[:, [c]], None, padding, stride) for c in range(x.shape[1])]
    y = np.stack(maps, axis=2)
    return y if b is None else y + b[:, None, None, None]


@ex.mistake(
    "only the first channel seen",
    hint="Your result does not change when you change x[:, 1]: only the first channel of the picture is used. Every "
    "filter has a slice for each channel, and all slices count.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return reference(x[:, :1], w[:, :1], b, padding, stride)


@ex.mistake(
    "one slice of the filter for all channels",
    hint="You add the channels first and slide one slice of the filter over the sum. Then the network could not tell "
    "red from blue. Each channel has a slice of its own: x[n, c] meets w[o, c].",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return reference(x.sum(axis=1, keepdims=True), w[:, :1], b, padding, stride)


@ex.mistake(
    "weights read as C_in × C_out",
    hint="You take the first axis of w for the input channels. It is (C_out, C_in, K_h, K_w): w[o] is one whole "
    "filter, and its axes fit the picture's C_in × H × W. Where both numbers are equal, nothing complains, but the "
    "maps are wrong.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return reference(x, w.swapaxes(0, 1), b, padding, stride)


@ex.mistake(
    "bias added once per input channel",
    hint="Your bias enters C_in times: it is added inside the sum over the input channels. It is one number for each "
    "output map, added when that sum is complete. Try w = 0: what should y be?",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return reference(x, w, None if b is None else x.shape[1] * b, padding, stride)


@ex.mistake(
    "bias along the columns",
    hint="You add b of shape (C_out,) to y as it is, and NumPy lines it up with the last axis, the columns. It "
    "belongs to axis 1. Which shape must b have so that broadcasting puts it there?",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    y = reference(x, w, None, padding, stride)
    return y if b is None else y + b


@ex.mistake(
    "bias left out",
    hint="Your result does not depend on b. When a bias is given, b[o] is added to every entry of map o.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return reference(x, w, None, padding, stride)


@ex.mistake(
    "bias asked whether it is true",
    hint="You test the bias with `if b:`. An array of several numbers is neither true nor false, and a bias of [0.] "
    "would count as none. Ask whether it is None.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return reference(x, w, b if b else None, padding, stride)


@ex.mistake(
    "channels last",
    hint="Your result is N × H × W × C, channels last. Here channels come first, as in PyTorch: N × C × H × W, and "
    "y[n, o] is one map.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return reference(x, w, b, padding, stride).transpose(0, 2, 3, 1)


@ex.mistake(
    "pictures read with channels last",
    hint="You take the last axis of x for the channels, as in N × H × W × C. Here channels are axis 1: x[n, c] is one "
    "channel of one picture. Where W = C_in, nothing complains, but the maps are wrong.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return reference(np.moveaxis(x, -1, 1), w, b, padding, stride)


@ex.mistake(
    "only the first picture of the batch",
    hint="You convolve x[0] and forget the others. A batch of N pictures gives N results; no picture knows of its "
    "neighbours.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return reference(x[:1], w, b, padding, stride)


@ex.mistake(
    "kernel flipped",
    hint="Your filters are turned by 180°. A convolution layer lays them on the picture as they are.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return reference(x, w[:, :, ::-1, ::-1], b, padding, stride)


@ex.mistake(
    "batch and channels padded too",
    hint="Your padding surrounds all four axes of x, so there are pictures and channels of nothing but zeros. Only "
    "height and width are padded; give np.pad one pair of numbers for each axis.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    p_h, p_w = pair(padding)
    return reference(np.pad(x, [(p_h, p_h), (p_w, p_w), (p_h, p_h), (p_w, p_w)]), w, b, 0, stride)


@ex.mistake(
    "channels averaged",
    hint="You take the mean of the channels' maps; they are added up. With one channel there is no difference, which "
    "is why the lecture's example comes out right; with three, your maps are a third of what they should be.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    y = reference(x, w, None, padding, stride) / np.array(x.shape[1], w.dtype)
    return y if b is None else y + b[:, None, None]


@ex.mistake(
    "padding on one side only",
    hint="Your zeros are above and to the left, but none are below and to the right. `padding` is counted per side: "
    "padding 1 makes an 8×8 picture 10×10. If this function calls conv2d_padded, mend that one first.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    p_h, p_w = pair(padding)
    return reference(np.pad(x, [(0, 0), (0, 0), (p_h, 0), (p_w, 0)]), w, b, 0, stride)


@ex.mistake(
    "size rounded up",
    hint="You have one row or column too many where the stride does not fit: its window sticks out and sees zeros that "
    "nobody asked for. A window that does not fit as a whole is left out: round down, not up. If this function calls "
    "conv2d_padded, mend that one first.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w), (h, width), (k_h, k_w) = pair(padding), pair(stride), x.shape[2:], w.shape[2:]
    below, right = -(h + 2 * p_h - k_h) % s_h, -(width + 2 * p_w - k_w) % s_w
    return reference(np.pad(x, [(0, 0), (0, 0), (p_h, p_h + below), (p_w, p_w + right)]), w, b, 0, stride)


@ex.mistake(
    "stride between the kernel's entries",
    hint="You take every s-th pixel under the kernel, so its entries lie `stride` apart, and near the right and lower "
    "edge there may not be enough pixels for all of them. That is dilation, a layer of the next chapter. Stride moves "
    "the whole window; inside it, neighbours stay neighbours. If this function calls conv2d_padded, mend that one "
    "first.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), w.shape[2:]
    padded = np.pad(x, [(0, 0), (0, 0), (p_h, p_h), (p_w, p_w)])
    y = np.zeros(reference(x, w, b, padding, stride).shape, np.result_type(x, w))
    for i, j in np.ndindex(*y.shape[2:]):
        windows = padded[:, None, :, i : i + s_h * k_h : s_h, j : j + s_w * k_w : s_w]
        y[:, :, i, j] = (windows * w).sum(axis=(2, 3, 4))
    return y if b is None else y + b[:, None, None]


@ex.mistake(
    "kernel assumed square",
    hint="You use one number k for the filters' height and width, so a filter of 2×3 does not fit its window. They are "
    "two different numbers, w.shape[2] and w.shape[3]; padding and stride, too, may be pairs (height, width).",
)
def _(x: Array, w: Array, b: Array | None = None, padding: Any = 0, stride: Any = 1) -> Array:
    k = w.shape[3]
    padded = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    h_out, w_out = ((n - k) // stride + 1 for n in padded.shape[2:])
    y = np.zeros((len(x), len(w), h_out, w_out), np.result_type(x, w))
    for i, j in np.ndindex(h_out, w_out):
        window = padded[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
        y[:, :, i, j] = window.reshape(len(x), -1) @ w.reshape(len(w), -1).T
    return y if b is None else y + b[:, None, None]


@ex.mistake(
    "nine products written out",
    hint="You use the nine entries of a 3×3 kernel. A smaller kernel has no w[o, c, 2, 2], and of a larger one you "
    "leave out the rest. If this function calls conv2d_single or conv2d_padded, mend them first: slices or loops that "
    "go as far as w.shape says fit every kernel.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w) = pair(padding), pair(stride)
    padded = np.pad(x, [(0, 0), (0, 0), (p_h, p_h), (p_w, p_w)])
    h_out, w_out = padded.shape[2] - 2, padded.shape[3] - 2
    y = np.zeros((len(x), len(w), h_out, w_out), np.result_type(x, w))
    for k, m in np.ndindex(3, 3):
        y += np.einsum("nchw,oc->nohw", padded[:, :, k : k + h_out, m : m + w_out], w[:, :, k, m])
    y = y[:, :, ::s_h, ::s_w]
    return y if b is None else y + b[:, None, None]


@ex.mistake(
    "always float64",
    hint="Your numbers are right, but they are always float64: np.zeros without a dtype makes float64, whatever comes "
    "in. A network in float32 should stay in float32; np.result_type of x, w and b names the dtype.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return reference(x, w, b, padding, stride).astype(np.float64)


@ex.alternative("the one-channel convolution, three loops around it")
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w) = pair(padding), pair(stride)

    def slide(picture: Array, kernel: Array) -> Array:
        windows = sliding_window_view(np.pad(picture, [(p_h, p_h), (p_w, p_w)]), kernel.shape)
        return np.tensordot(windows[::s_h, ::s_w], kernel, 2)

    y = np.array([[sum(map(slide, picture, kernels)) for kernels in w] for picture in x])
    return y if b is None else y + b[:, None, None]


@ex.alternative("one output entry at a time")
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), w.shape[2:]
    padded = np.pad(x, [(0, 0), (0, 0), (p_h, p_h), (p_w, p_w)])
    h_out, w_out = (padded.shape[2] - k_h) // s_h + 1, (padded.shape[3] - k_w) // s_w + 1
    bias = np.zeros(len(w), w.dtype) if b is None else b
    y = [
        np.sum(picture[:, i * s_h : i * s_h + k_h, j * s_w : j * s_w + k_w] * kernel) + bias[o]
        for picture in padded
        for o, kernel in enumerate(w)
        for i in range(h_out)
        for j in range(w_out)
    ]
    return np.array(y).reshape(len(x), len(w), h_out, w_out)


@ex.alternative("shift and mix channels, one kernel position at a time")
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), w.shape[2:]
    padded = np.pad(x, [(0, 0), (0, 0), (p_h, p_h), (p_w, p_w)])
    bottom, right = padded.shape[2] - k_h + 1, padded.shape[3] - k_w + 1
    mixed = [
        np.einsum("nchw,oc->nohw", padded[:, :, k : k + bottom : s_h, m : m + right : s_w], w[:, :, k, m])
        for k in range(k_h)
        for m in range(k_w)
    ]
    y = np.add.reduce(mixed)
    return y if b is None else y + b[:, None, None]


@ex.alternative("windows of a torch tensor, one matrix product")
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), w.shape[2:]
    padded = torch.nn.functional.pad(torch.from_numpy(x), (p_w, p_w, p_h, p_h))
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w).movedim(1, 3).flatten(3)
    y = (windows.numpy() @ np.array([kernel.ravel() for kernel in w]).T).transpose(0, 3, 1, 2)
    return y if b is None else y + b[:, None, None]
