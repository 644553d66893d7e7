"""Exercise: the convolution as one matrix product."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view

from autograder import Exercise, case
from autograder.spec import Case, Draw
from course_lib.functional import conv2d, im2col

Array = np.ndarray
IntOrPair = int | tuple[int, ...]

COUNTING_PICTURE = np.arange(1, 13).reshape(1, 1, 3, 4)
SMALL_PICTURE = np.array([[2, 4, 9, 1, 4], [2, 1, 4, 4, 6], [1, 1, 2, 9, 2], [7, 3, 5, 1, 3], [2, 3, 4, 8, 5]])
SMALL_KERNEL = np.array([[1, 2, 3], [-4, 7, 4], [2, -5, 1]])

ORDER, STEPS, PRODUCT, DTYPES = (
    "windows in the right order",
    "padding and stride",
    "one matrix product",
    "dtypes and memory",
)


def columns(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return im2col(x, kernel_size, padding=padding, stride=stride)


def convolution(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return conv2d(x, w, b, padding=padding, stride=stride)


def pair(value: IntOrPair) -> tuple[int, ...]:
    return (value, value) if isinstance(value, int) else value


def windows_of(x: Array, kernel_size: IntOrPair, padding: IntOrPair, stride: IntOrPair) -> Array:
    """Return the windows of x, N × C × H_out × W_out × K_h × K_w."""
    (p_h, p_w), (s_h, s_w) = pair(padding), pair(stride)
    padded = np.pad(x, [(0, 0), (0, 0), (p_h, p_h), (p_w, p_w)])
    return sliding_window_view(padded, pair(kernel_size), (2, 3))[:, :, ::s_h, ::s_w]


ex = Exercise(
    "im2col",
    title="The convolution as a matrix product",
    reference={"im2col": columns, "conv2d_im2col": convolution},
    points={ORDER: 2, STEPS: 1, PRODUCT: 2, DTYPES: 1},
    minutes=30,
    section="matmul",
    hints=[
        "Write the windows of a 3×3 picture for a 2×2 kernel on paper, each as a column of four numbers. There are "
        "four columns: one for each output.",
        "One row of the matrix holds what one kernel entry sees, over all outputs: for kernel entry (k, m) of channel "
        "c that is the slice x[:, c, k : …, m : …], flattened. Rows run through c, then k, then m; the last one "
        "changes fastest.",
        "With these rows, w.reshape(C_out, C_in · K_h · K_w) is the left factor, because NumPy flattens w in the same "
        "order. The product is C_out × (H_out · W_out): only its last axis is still flat.",
    ],
    off_limits=[
        "course_lib.functional.conv?d",
        "course_lib.functional.im2col",
        "course_lib.layers.*",
        "torch.nn.functional.conv*",
        "torch.nn.functional.unfold",
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
        "the numbers 1 to 12 as a 3×4 picture, windows of 2×2",
        group=ORDER,
        subject="im2col",
        x=COUNTING_PICTURE,
        kernel_size=2,
    )
    yield case(
        "the 5×5 example of the lecture",
        group=PRODUCT,
        subject="conv2d_im2col",
        x=SMALL_PICTURE[None, None],
        w=SMALL_KERNEL[None, None],
        padding=1,
    )
    for _ in draw.rounds():
        h, width = draw.distinct_sizes(2, 5, 8)
        k_h, k_w = draw.distinct_sizes(2, 2, 3)
        n, c_in, c_out = draw.distinct_sizes(3, 2, 4)
        p_h, p_w = draw.distinct_sizes(2, 1, 3)
        s_h, s_w = draw.distinct_sizes(2, 2, 3)
        x, w, b = draw.normal(n, c_in, h, width), draw.normal(c_out, c_in, k_h, k_w), draw.normal(c_out)
        one, kernel = x[:1], (k_h, k_w)
        size = f"{c_in}×{h}×{width}"

        of: dict[str, Any] = {"group": ORDER, "subject": "im2col"}
        yield case(f"one picture of one channel, windows of {k_h}×{k_w}", **of, x=one[:, :1], kernel_size=kernel)
        yield case(f"one picture of {size}, windows of {k_h}×{k_w}", **of, x=one, kernel_size=kernel)
        yield case(f"{n} pictures of {size}, windows of 3×3", **of, x=x, kernel_size=3)
        yield case("windows as large as the picture: one column", **of, x=x, kernel_size=(h, width))

        of = {"group": STEPS, "subject": "im2col"}
        yield case("padding 1 round every side", **of, x=one, kernel_size=3, padding=1)
        yield case(f"padding {(p_h, p_w)}", **of, x=x, kernel_size=kernel, padding=(p_h, p_w))
        yield case("stride 2, which leaves a column over", **of, x=draw.normal(1, 2, 5, 6), kernel_size=3, stride=2)
        yield case(f"stride {(s_h, s_w)}", **of, x=x, kernel_size=kernel, stride=(s_h, s_w))
        both: dict[str, Any] = {"padding": (p_h, p_w), "stride": (s_w, s_h)}
        yield case("padding and stride together", **of, x=one, kernel_size=kernel, **both)

        of = {"group": PRODUCT, "subject": "conv2d_im2col"}
        yield case(f"one picture of {size}, {c_out} filters of {k_h}×{k_w}", **of, x=one, w=w)
        yield case(f"{n} pictures of {size} with bias", **of, x=x, w=w, b=b)
        yield case("as many maps as outputs in a row", **of, x=draw.normal(2, 2, 4, 4), w=draw.normal(3, 2, 3, 2))
        yield case(
            "as many maps as outputs, with bias",
            **of,
            x=x[:, :, :3, :4],
            w=draw.normal(6, c_in, 2, 2),
            b=draw.normal(6),
        )
        maps_as_columns: dict[str, Any] = {"x": draw.normal(2, 2, 4, 4), "w": draw.normal(3, 2, 3, 2)}
        yield case("as many maps as outputs in a row, with bias", **of, **maps_as_columns, b=draw.normal(3))
        yield case("padding, stride and bias", **of, x=x, w=w, b=b, **both)
        yield case("stride alone", **of, x=one, w=w, stride=(s_h, s_w))

        whole = draw.integer_array(1, c_in, h, width)
        of = {"group": DTYPES, "subject": "im2col"}
        yield case("the windows of whole numbers are whole numbers", **of, x=whole, kernel_size=kernel, padding=1)
        yield case("the windows of float32 are float32", **of, x=one.astype("float32"), kernel_size=2, padding=1)
        yield case("1×1 windows: the pixels, but in a new array", **of, x=x, kernel_size=1)
        yield case("a picture that is a view with gaps in memory", **of, layout="non-contiguous", x=x, kernel_size=2)
        of = {"group": DTYPES, "subject": "conv2d_im2col"}
        yield case("pictures of whole numbers, filters of fractions", **of, x=whole, w=w, b=b)
        yield case("float32 in, float32 out", **of, x=one.astype("float32"), w=w.astype("float32"))
        yield case("arrays that are views with gaps in memory", **of, layout="non-contiguous", x=one, w=w, b=b)


def _in_order(axes: tuple[int, ...], x: Array, kernel_size: IntOrPair, padding: IntOrPair, stride: IntOrPair) -> Array:
    """Flatten the windows (N, C, H_out, W_out, K_h, K_w) with their axes 1 to 5 in another order."""
    windows = windows_of(x, kernel_size, padding, stride)
    positions = windows.shape[2] * windows.shape[3]
    return windows.transpose(0, *axes).reshape(len(x), -1, positions)


@ex.mistake(
    "channel last in the rows",
    subject="im2col",
    hint="Your rows run through the kernel positions first and the channels inside. The channel comes first: all "
    "K_h · K_w rows of channel 0, then those of channel 1. With one channel you cannot see the difference; try two.",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return _in_order((4, 5, 1, 2, 3), x, kernel_size, padding, stride)


@ex.mistake(
    "kernel columns before kernel rows",
    subject="im2col",
    hint="Inside a channel your rows go down the kernel's columns. They should go along its rows, as reshape flattens "
    "w: (0, 0), (0, 1), …, then (1, 0). Look at the first column for the numbers 1 to 12: it reads 1, 2, 5, 6.",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return _in_order((1, 5, 4, 2, 3), x, kernel_size, padding, stride)


@ex.mistake(
    "one window in each row",
    subject="im2col",
    hint="Your matrix is the transpose of the one asked for: its rows are windows. The exercise is called im2col: "
    "windows are the columns, kernel entries the rows.",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return columns(x, kernel_size, padding, stride).transpose(0, 2, 1)


@ex.mistake(
    "outputs numbered column by column",
    subject="im2col",
    hint="Each of your columns is a right window, but they come in the order of going down the picture first. The "
    "windows run along a row of outputs, then the next row, so that reshape(H_out, W_out) puts them in place.",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return _in_order((1, 4, 5, 3, 2), x, kernel_size, padding, stride)


@ex.mistake(
    "windows reshaped without moving axes",
    subject="im2col",
    hint="You reshape the array of windows as it is. reshape never moves an axis: it only cuts the same sequence of "
    "numbers differently. The kernel's axes must stand before the output's axes first (transpose).",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return _in_order((1, 2, 3, 4, 5), x, kernel_size, padding, stride)


@ex.mistake(
    "a view of the picture",
    subject="im2col",
    hint="Where a window is one pixel, your matrix is the picture itself in another shape: who writes into it changes "
    "the picture. reshape copies only when it must; ask for a copy.",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    if pair(kernel_size) == (1, 1) and pair(padding) == (0, 0) and pair(stride) == (1, 1):
        return x.reshape(x.shape[0], x.shape[1], -1)
    return columns(x, kernel_size, padding, stride)


@ex.mistake(
    "every window, whatever the stride",
    subject="im2col",
    hint="Your matrix has a column for every position; the stride is not used. With stride 2 only the windows that "
    "start at rows and columns 0, 2, 4, … are there.",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return columns(x, kernel_size, padding)


@ex.mistake(
    "height and width of the kernel exchanged",
    subject="im2col",
    hint="You read kernel_size as (width, height). It is (height, width), like w.shape[2:].",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return columns(x, pair(kernel_size)[::-1], padding, stride)


@ex.mistake(
    "the result reshaped to channels last",
    subject="conv2d_im2col",
    hint="The product is N × C_out × (H_out · W_out), and you reshape it to N × H_out × W_out × C_out. reshape does "
    "not move axes: only the last axis is to be cut into two.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    y = convolution(x, w, b, padding, stride)
    return y.reshape(y.shape[0], y.shape[2], y.shape[3], y.shape[1])


@ex.mistake(
    "height and width of the result exchanged",
    subject="conv2d_im2col",
    hint="You cut the flat axis of the product into W_out × H_out. The windows were numbered row by row, so it is "
    "H_out × W_out. A picture that is not square shows it.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    y = convolution(x, w, b, padding, stride)
    return y.reshape(y.shape[0], y.shape[1], y.shape[3], y.shape[2])


@ex.mistake(
    "filters flattened in another order than the windows",
    subject="conv2d_im2col",
    hint="The rows of your two factors do not mean the same: your filters are flattened with the channel last, the "
    "windows with the channel first. Both must run through channel, kernel row, kernel column.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return convolution(x, w.transpose(0, 2, 3, 1).reshape(w.shape), b, padding, stride)


@ex.mistake(
    "bias along the outputs",
    subject="conv2d_im2col",
    hint="You add b of shape (C_out,) to the product, and NumPy lines it up with the last axis, the outputs. It "
    "belongs to the maps: give b a second axis of length one.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    y = convolution(x, w, None, padding, stride)
    return y if b is None else (y.reshape(*y.shape[:2], -1) + b).reshape(y.shape)


@ex.mistake(
    "bias left out",
    subject="conv2d_im2col",
    hint="Your result does not depend on b. When a bias is given, b[o] is added to every entry of map o.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return convolution(x, w, None, padding, stride)


@ex.mistake(
    "the whole batch in one matrix",
    subject="conv2d_im2col",
    hint="With several pictures your maps get mixed up: you put the windows of all pictures side by side and then cut "
    "the product as if the picture came before the map. Look at the shape before you reshape: which axis is which?",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    y = convolution(x, w, b, padding, stride)
    return y.swapaxes(0, 1).reshape(y.shape)


@ex.mistake(
    "windows written to",
    subject="conv2d_im2col",
    hint="Your windows are a view of the picture, and you multiply them in place (*=): every write goes through to x, "
    "and pixels that several windows share are multiplied again and again. Print x before and after the call.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w) = pair(padding), pair(stride)
    padded = np.pad(x, [(0, 0), (0, 0), (p_h, p_h), (p_w, p_w)]) if p_h + p_w else x
    windows = sliding_window_view(padded, w.shape[2:], (2, 3), writeable=True)[:, :, ::s_h, ::s_w]
    y = np.zeros(convolution(x, w, b, padding, stride).shape, np.result_type(x, w))
    for o in range(len(w)):
        windows *= w[o][:, None, None]
        y[:, o] = windows.sum(axis=(1, 4, 5))
    return y if b is None else y + b[:, None, None]


@ex.mistake(
    "padding on one side only",
    subject="im2col",
    hint="Your zeros are above and to the left, but none are below and to the right. `padding` is counted per side: "
    "padding 1 makes an 8×8 picture 10×10.",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    p_h, p_w = pair(padding)
    return columns(np.pad(x, [(0, 0), (0, 0), (p_h, 0), (p_w, 0)]), kernel_size, 0, stride)


@ex.mistake(
    "size rounded up",
    subject="im2col",
    hint="You have windows too many where the stride does not fit: they stick out and see zeros that nobody asked for. "
    "A window that does not fit as a whole is left out: round the numbers of windows down, not up.",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (h, width), (k_h, k_w), (p_h, p_w), (s_h, s_w) = x.shape[2:], pair(kernel_size), pair(padding), pair(stride)
    below, right = -(h + 2 * p_h - k_h) % s_h, -(width + 2 * p_w - k_w) % s_w
    return columns(np.pad(x, [(0, 0), (0, 0), (p_h, p_h + below), (p_w, p_w + right)]), kernel_size, 0, stride)


@ex.mistake(
    "windows of 3×3 whatever kernel_size says",
    subject="im2col",
    hint="Your windows are always 3×3. That is the kernel of the lecture's examples; kernel_size may say something "
    "else. Your matrix has 9 rows for each channel where it should have K_h · K_w.",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return columns(x, 3, padding, stride)


@ex.mistake(
    "kernel_size taken for one number",
    subject="im2col",
    hint="You compute with kernel_size, padding and stride as if each were one number. Each may be a pair (height, "
    "width): turn an int into a pair first, then use its two numbers, one for rows and one for columns.",
)
def _(x: Array, kernel_size: Any, padding: Any = 0, stride: Any = 1) -> Array:
    k, p = kernel_size, padding
    padded = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    rows, places = (range(0, n - k + 1, stride) for n in padded.shape[2:])
    found = [padded[:, :, i : i + k, j : j + k].reshape(len(x), -1) for i in rows for j in places]
    return np.stack(found, axis=2)


@ex.mistake(
    "windows always float64",
    subject="im2col",
    hint="The windows are right, but they are always float64: np.zeros without a dtype makes float64, whatever comes "
    "in. Windows are pixels, so they have the dtype of x.",
)
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return columns(x, kernel_size, padding, stride).astype(np.float64)


@ex.mistake(
    "kernel flipped in the product",
    subject="conv2d_im2col",
    hint="Your filters are turned by 180° before the product. A convolution layer lays them on the picture as they "
    "are; w.reshape(C_out, C_in · K_h · K_w) needs no flip.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return convolution(x, w[:, :, ::-1, ::-1], b, padding, stride)


@ex.mistake(
    "weights reshaped instead of transposed",
    subject="conv2d_im2col",
    hint="You reshape w to (C_in · K_h · K_w, C_out) to get one column for each filter. reshape never moves an axis: "
    "your columns hold entries of all filters mixed. Make one row for each filter, w.reshape(C_out, C_in · K_h · K_w); "
    "should you want columns, transpose that.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    matrix = w.reshape(-1, len(w)).T
    return convolution(x, matrix.reshape(w.shape), b, padding, stride)


@ex.mistake(
    "bias along the columns of the maps",
    subject="conv2d_im2col",
    hint="You add b of shape (C_out,) to the finished maps, and NumPy lines it up with their last axis, the columns: "
    "that is an error, or, where W_out = C_out, b[j] on column j. It belongs to axis 1. Which shape must b have so "
    "that broadcasting puts it there?",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    y = convolution(x, w, None, padding, stride)
    return y if b is None else y + b


@ex.mistake(
    "kernel assumed square",
    subject="conv2d_im2col",
    hint="You use one number for the filters' height and width, so the matrix of windows does not fit the matrix of "
    "weights unless the filters are square. They are two different numbers, w.shape[2] and w.shape[3].",
)
def _(x: Array, w: Array, b: Array | None = None, padding: Any = 0, stride: Any = 1) -> Array:
    k = w.shape[2]
    windows = columns(x, k, padding, stride)
    h_out = (x.shape[2] + 2 * pair(padding)[0] - k) // pair(stride)[0] + 1
    y = (w.reshape(len(w), -1) @ windows).reshape(len(x), len(w), h_out, -1)
    return y if b is None else y + b[:, None, None]


@ex.mistake(
    "product always float64",
    subject="conv2d_im2col",
    hint="Your numbers are right, but they are always float64: np.zeros without a dtype makes float64, whatever comes "
    "in, in im2col as well. A network in float32 should stay in float32.",
)
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    return convolution(x, w, b, padding, stride).astype(np.float64)


@ex.alternative("all windows at once", subject="im2col")
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), pair(kernel_size)
    padded = np.pad(x, [(0, 0), (0, 0), (p_h, p_h), (p_w, p_w)])
    windows = sliding_window_view(padded, (k_h, k_w), (2, 3))[:, :, ::s_h, ::s_w]
    rows, positions = x.shape[1] * k_h * k_w, math.prod(windows.shape[2:4])
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(len(x), rows, positions)


@ex.alternative("one column at a time", subject="im2col")
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), pair(kernel_size)
    n, c, h, width = x.shape
    padded = np.zeros((n, c, h + 2 * p_h, width + 2 * p_w), x.dtype)
    padded[:, :, p_h : p_h + h, p_w : p_w + width] = x
    found = [
        padded[:, :, i : i + k_h, j : j + k_w].reshape(n, c * k_h * k_w)
        for i in range(0, padded.shape[2] - k_h + 1, s_h)
        for j in range(0, padded.shape[3] - k_w + 1, s_w)
    ]
    return np.stack(found, axis=2)


@ex.alternative("index arrays", subject="im2col")
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), pair(kernel_size)
    padded = np.pad(x, [(0, 0), (0, 0), (p_h, p_h), (p_w, p_w)])
    _, c, h, width = padded.shape
    channel, k, m = (entry.reshape(c * k_h * k_w, 1) for entry in np.indices((c, k_h, k_w)))
    top, left = np.meshgrid(range(0, h - k_h + 1, s_h), range(0, width - k_w + 1, s_w), indexing="ij")
    return padded[:, channel, k + top.ravel(), m + left.ravel()]


@ex.alternative("windows of a torch tensor", subject="im2col")
def _(x: Array, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), pair(kernel_size)
    padded = torch.nn.functional.pad(torch.tensor(x), (p_w, p_w, p_h, p_h))
    windows = padded.unfold(2, k_h, s_h).unfold(3, k_w, s_w)
    return windows.permute(0, 1, 4, 5, 2, 3).flatten(1, 3).flatten(2).numpy()


@ex.alternative("picture by picture", subject="conv2d_im2col")
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    windows = windows_of(x, w.shape[2:], padding, stride)
    flat = np.array([kernel.ravel() for kernel in w])
    maps = [flat @ np.array([window.ravel() for window in _each_window(picture)]).T for picture in windows]
    y = np.array(maps).reshape(len(x), len(w), windows.shape[2], windows.shape[3])
    return y if b is None else y + b[:, None, None]


@ex.alternative("the bias as one more row of the product", subject="conv2d_im2col")
def _(x: Array, w: Array, b: Array | None = None, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Array:
    windows = windows_of(x, w.shape[2:], padding, stride)
    patches = windows.transpose(0, 2, 3, 1, 4, 5).reshape(len(x), *windows.shape[2:4], math.prod(w.shape[1:]))
    matrix = w.reshape(len(w), math.prod(w.shape[1:]))
    if b is not None:
        patches = np.concatenate([patches, np.ones_like(patches[..., :1])], axis=3)
        matrix = np.column_stack([matrix, b])
    return np.moveaxis(patches @ matrix.T, 3, 1)


def _each_window(windows: Array) -> Iterator[Array]:
    """Yield the windows of one picture (C × H_out × W_out × K_h × K_w), row by row."""
    for row in windows.swapaxes(0, 1):
        yield from row.swapaxes(0, 1)
