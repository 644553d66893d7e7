"""Exercise: zeros around the picture, steps of more than one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view

from autograder import Exercise, case
from autograder.spec import Case, Draw
from course_lib.functional import conv2d

IntOrPair = int | tuple[int, ...]

EDGE_PICTURE = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 1, 1, 0],
        [0, 1, 1, 1, 1, 1, 1, 0],
        [0, 1, 1, 1, 1, 1, 1, 0],
        [0, 1, 1, 1, 1, 1, 1, 0],
        [0, 0, 1, 1, 1, 0, 0, 0],
        [0, 0, 1, 1, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ]
)
EDGE_KERNEL = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]])
SMALL_PICTURE = np.array([[2, 4, 9, 1, 4], [2, 1, 4, 4, 6], [1, 1, 2, 9, 2], [7, 3, 5, 1, 3], [2, 3, 4, 8, 5]])
SMALL_KERNEL = np.array([[1, 2, 3], [-4, 7, 4], [2, -5, 1]])

PADDING, STRIDE, BOTH, DTYPES = "padding", "stride", "padding and stride together", "dtypes and memory"


def reference(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    [[y]] = conv2d(x[None, None], w[None, None], padding=padding, stride=stride)
    return y


def pair(value: IntOrPair) -> tuple[int, ...]:
    return (value, value) if isinstance(value, int) else value


ex = Exercise(
    "conv2d_padded",
    title="Padding and stride",
    reference=reference,
    points={PADDING: 2, STRIDE: 2, BOTH: 1, DTYPES: 1},
    minutes=20,
    section="padding",
    hints=[
        "Padding and stride are two separate ideas: padding changes the picture before the kernel sees it, stride "
        "says which windows you look at. Get padding alone right first.",
        "Surround the picture with zeros, padding[0] rows above and as many below, padding[1] columns on either "
        "side, in a new array (np.pad, or np.zeros and one slice). Then a stride of s keeps the windows that start "
        "at 0, s, 2s, …",
        "A stride of 2 gives every second row and column of the output with stride 1. Check your sizes with "
        "H_out = ⌊(H + 2·padding − K_h) / stride⌋ + 1 on a picture of 8 rows with padding 1 and stride 2: 4.",
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
    edge: dict[str, Any] = {"x": EDGE_PICTURE, "w": EDGE_KERNEL}
    yield case("the lecture's edge filter, padding 1: 8×8 stays 8×8", group=PADDING, padding=1, **edge)
    yield case("the lecture's edge filter, padding 1, stride 2: 4×4", group=BOTH, padding=1, stride=2, **edge)
    yield case("the 5×5 example of the lecture, padding 1", group=PADDING, x=SMALL_PICTURE, w=SMALL_KERNEL, padding=1)
    for _ in draw.rounds():
        h, width = draw.distinct_sizes(2, 6, 9)
        k_h, k_w = draw.distinct_sizes(2, 2, 4)
        p_h, p_w = draw.distinct_sizes(2, 1, 3)
        s_h, s_w = draw.distinct_sizes(2, 2, 4)
        x, w = draw.normal(h, width), draw.normal(k_h, k_w)
        sizes = f"{h}×{width} picture, {k_h}×{k_w} kernel"
        yield case(f"neither padding nor stride given, {sizes}", group=PADDING, x=x, w=w)
        yield case(f"padding {p_h} on every side, {sizes}", group=PADDING, x=x, w=w, padding=p_h)
        yield case(f"padding {(p_h, p_w)}, {sizes}", group=PADDING, x=x, w=w, padding=(p_h, p_w))
        yield case("padding of the columns only", group=PADDING, x=x, w=w, padding=(0, p_w))
        yield case("more padding than kernel", group=PADDING, x=x, w=w, padding=5)
        yield case("a single row, a kernel of a single row", group=PADDING, x=x[:1], w=w[:1], padding=(0, 2))
        yield case("a kernel of a single row, padding 1", group=PADDING, x=x, w=w[:1], padding=1)
        yield case(f"stride {s_h}, {sizes}", group=STRIDE, x=x, w=w, stride=s_h)
        yield case(f"stride {(s_h, s_w)}, {sizes}", group=STRIDE, x=x, w=w, stride=(s_h, s_w))
        x_fit, x_over = draw.normal(7, 9), draw.normal(8, 9)
        yield case("stride 2 that fits exactly", group=STRIDE, x=x_fit, w=draw.normal(3, 3), stride=2)
        yield case("stride 3 that leaves rows and columns over", group=STRIDE, x=x_over, w=draw.normal(3, 4), stride=3)
        yield case("stride 2 that leaves one row over", group=STRIDE, x=x_over, w=draw.normal(3, 3), stride=2)
        yield case("a stride that jumps over whole kernels", group=STRIDE, x=x, w=draw.normal(2, 2), stride=4)
        yield case("a stride larger than the picture: one number comes out", group=STRIDE, x=x, w=w, stride=11)
        yield case(
            f"padding {(p_h, p_w)} and stride {(s_w, s_h)} together",
            group=BOTH,
            x=x,
            w=w,
            padding=(p_h, p_w),
            stride=(s_w, s_h),
        )
        yield case(
            "a picture of whole numbers and a kernel of fractions",
            group=DTYPES,
            x=draw.integer_array(h, width),
            w=w,
        )
        yield case(
            "float32 in, float32 out",
            group=DTYPES,
            x=draw.normal(h, width, dtype="float32"),
            w=draw.normal(k_h, k_w, dtype="float32"),
        )
        yield case("arrays that are views with gaps in memory", group=DTYPES, layout="non-contiguous", x=x, w=w)
        yield case("a 1×1 kernel without padding", group=DTYPES, x=x, w=draw.normal(1, 1))


@ex.mistake(
    "size rounded up",
    hint="You have one row or column too many where the stride does not fit: its window sticks out and sees zeros "
    "that nobody asked for. A window that does not fit as a whole is left out: round down, not up.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    extra = [-(n + 2 * p - k) % s for n, p, k, s in zip(x.shape, pair(padding), w.shape, pair(stride), strict=True)]
    padded = np.pad(x, [(p, p + e) for p, e in zip(pair(padding), extra, strict=True)])
    return reference(padded, w, 0, stride)


@ex.mistake(
    "+1 inside the division",
    hint="Your size is ⌊(H + 2p − K + 1) / s⌋: the 1 belongs outside. It stands for the first window, which is there "
    "whatever the stride is; only the steps after it are divided. Try 8 rows, a kernel of 3, stride 2.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    counts = [
        (n + 2 * p - k + 1) // s for n, p, k, s in zip(x.shape, pair(padding), w.shape, pair(stride), strict=True)
    ]
    return reference(x, w, padding, stride)[: counts[0], : counts[1]].copy()


@ex.mistake(
    "padding on one side only",
    hint="Your zeros are above and to the left, but none are below and to the right. `padding` is counted per side: "
    "padding 1 makes an 8×8 picture 10×10.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    return reference(np.pad(x, [(p, 0) for p in pair(padding)]), w, 0, stride)


@ex.mistake(
    "stride between the kernel's entries",
    hint="You step through the picture inside one window, so the kernel's entries lie `stride` apart. That is "
    "dilation, a layer of the next chapter. Stride moves the whole window; inside it, neighbours stay neighbours.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    (p_h, p_w), (s_h, s_w) = pair(padding), pair(stride)
    padded = np.pad(x, [(p_h, p_h), (p_w, p_w)])
    h_out, w_out = reference(x, w, padding, stride).shape
    y = np.zeros((h_out, w_out), np.result_type(x, w))
    for i in range(h_out):
        for j in range(w_out):
            window = padded[i : i + s_h * w.shape[0] : s_h, j : j + s_w * w.shape[1] : s_w]
            y[i, j] = np.sum(window * w[: window.shape[0], : window.shape[1]])
    return y


@ex.mistake(
    "stride in the size only",
    hint="Your output has the right size but holds the windows 0, 1, 2, … next to each other. With a stride of s the "
    "window of y[i, j] starts at row i·s. Look where the window of y[1, 0] should start for stride 2.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    h_out, w_out = reference(x, w, padding, stride).shape
    return reference(x, w, padding)[:h_out, :w_out].copy()


@ex.mistake(
    "the result padded instead of the picture",
    hint="You pad after the convolution: the border of your result is zeros. Padding goes round the picture first, so "
    "that the kernel can be centred on the picture's border; those outputs are not zero.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    return np.pad(reference(x, w, 0, stride), [(p, p) for p in pair(padding)])


@ex.mistake(
    "the border repeated instead of zeros",
    hint="You continue the picture beyond its edge with the values at its edge. Padding in this exercise is with "
    "zeros. Pad a picture of ones by 1 and look at its corner.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    return reference(np.pad(x, [(p, p) for p in pair(padding)], mode="edge"), w, 0, stride)


@ex.mistake(
    "height and width of the padding exchanged",
    hint="You read the pair `padding` as (width, height). It is (height, width), like the shape of the picture: the "
    "first number is about rows.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    return reference(x, w, pair(padding)[::-1], stride)


@ex.mistake(
    "height and width of the stride exchanged",
    hint="You read the pair `stride` as (width, height). It is (height, width), like the shape of the picture: the "
    "first number says how many rows to go down.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    return reference(x, w, padding, pair(stride)[::-1])


@ex.mistake(
    "kernel flipped",
    hint="Your kernel is turned by 180°. A convolution layer lays the kernel on the picture as it is.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    return reference(x, w[::-1, ::-1], padding, stride)


@ex.mistake(
    "result kept in the picture's dtype",
    hint="Your result has the dtype of x. If x holds whole numbers and w fractions, NumPy cuts off what comes after "
    "the point. np.result_type(x, w) names the dtype that holds both.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    return reference(x, w, padding, stride).astype(x.dtype)


@ex.mistake(
    "stride between the kernel's entries, and windows that stick out",
    hint="You take every s-th pixel under the kernel, so its entries lie `stride` apart, and near the right and lower "
    "edge there are not enough pixels for all of them. That is dilation, a layer of the next chapter. Stride moves "
    "the whole window: the one of y[i, j] starts at row i·s, and inside it neighbours stay neighbours.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), w.shape
    padded = np.pad(x, [(p_h, p_h), (p_w, p_w)])
    y = np.zeros(reference(x, w, padding, stride).shape, np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = np.sum(padded[i : i + s_h * k_h : s_h, j : j + s_w * k_w : s_w] * w)
    return y


@ex.mistake(
    "windows multiplied in place",
    hint="You multiply the window with `*=`. A slice is no copy: the products are written into the padded picture, and "
    "the next window finds products where there were pixels. Write window * w, which is a new array.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), w.shape
    padded = np.pad(x, [(p_h, p_h), (p_w, p_w)])
    y = np.zeros(reference(x, w, padding, stride).shape, np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        window = padded[i * s_h : i * s_h + k_h, j * s_w : j * s_w + k_w]
        window *= w
        y[i, j] = window.sum()
    return y


@ex.mistake(
    "windows multiplied in place in the picture itself",
    hint="You multiply the window with `*=`. A slice is no copy: without padding the products are written into x, so "
    "the caller's picture is gone, and the next window finds products where there were pixels. Write window * w.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), w.shape
    padded = np.pad(x, [(p_h, p_h), (p_w, p_w)]) if p_h + p_w else x
    y = np.zeros(reference(x, w, padding, stride).shape, np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        window = padded[i * s_h : i * s_h + k_h, j * s_w : j * s_w + k_w]
        window *= w
        y[i, j] = window.sum()
    return y


@ex.mistake(
    "kernel assumed square",
    hint="You use one size of the kernel for both directions. Its height and its width are two different numbers, "
    "w.shape[0] and w.shape[1]. Try a kernel of one row and three columns.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    (p_h, p_w), (s_h, s_w), k = pair(padding), pair(stride), w.shape[0]
    padded = np.pad(x, [(p_h, p_h), (p_w, p_w)])
    y = np.zeros(((padded.shape[0] - k) // s_h + 1, (padded.shape[1] - k) // s_w + 1), np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = np.sum(padded[i * s_h : i * s_h + k, j * s_w : j * s_w + k] * w)
    return y


@ex.mistake(
    "one number for both directions",
    hint="Your code has one number k for the kernel, one for the padding and one for the stride, so everything must be "
    "square. A kernel has a height and a width, and padding and stride may be pairs (height, width): turn an int into "
    "a pair first, then use two numbers everywhere.",
)
def _(x: np.ndarray, w: np.ndarray, padding: Any = 0, stride: Any = 1) -> np.ndarray:
    k = w.shape[0]
    h_out, w_out = ((n + 2 * padding - k) // stride + 1 for n in x.shape)
    padded = np.pad(x, padding)
    y = np.zeros((h_out, w_out), np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = np.sum(padded[i * stride : i * stride + k, j * stride : j * stride + k] * w)
    return y


@ex.mistake(
    "windows of 3×3 whatever the kernel",
    hint="Your windows are always 3×3. That is the kernel of the lecture's examples; here it may have any size. Where "
    "you wrote a 3 (or a 2 for the rows that are lost), ask w.shape.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    (p_h, p_w), (s_h, s_w) = pair(padding), pair(stride)
    padded = np.pad(x, [(p_h, p_h), (p_w, p_w)])
    y = np.zeros(((padded.shape[0] - 3) // s_h + 1, (padded.shape[1] - 3) // s_w + 1), np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = np.sum(padded[i * s_h : i * s_h + 3, j * s_w : j * s_w + 3] * w)
    return y


@ex.mistake(
    "nine products written out",
    hint="You use the nine entries of a 3×3 kernel, w[0, 0] to w[2, 2]. A smaller kernel has no w[2, 2], and of a "
    "larger one you leave out the rest. If this function calls conv2d_single, mend that one first: slices or loops "
    "that go as far as w.shape says fit every kernel.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    (p_h, p_w), (s_h, s_w) = pair(padding), pair(stride)
    padded = np.pad(x, [(p_h, p_h), (p_w, p_w)])
    h_out, w_out = padded.shape[0] - 2, padded.shape[1] - 2
    y = np.zeros((h_out, w_out), np.result_type(x, w))
    for k, m in np.ndindex(3, 3):
        y += w[k, m] * padded[k : k + h_out, m : m + w_out]
    return y[::s_h, ::s_w]


@ex.mistake(
    "always float64",
    hint="Your numbers are right, but they are always float64: np.zeros without a dtype makes float64, whatever comes "
    "in, the padded picture as well as the result. A network in float32 should stay in float32.",
)
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    return reference(x, w, padding, stride).astype(np.float64)


@ex.alternative("one window at a time")
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    (p_h, p_w), (s_h, s_w), (k_h, k_w) = pair(padding), pair(stride), w.shape
    padded = np.pad(x, [(p_h, p_h), (p_w, p_w)])
    rows = range(0, padded.shape[0] - k_h + 1, s_h)
    columns = range(0, padded.shape[1] - k_w + 1, s_w)
    return np.array([[np.sum(padded[i : i + k_h, j : j + k_w] * w) for j in columns] for i in rows])


@ex.alternative("shift and add with strided slices")
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    (p_h, p_w), (s_h, s_w), (h, width) = pair(padding), pair(stride), x.shape
    padded = np.zeros((h + 2 * p_h, width + 2 * p_w), x.dtype)
    padded[p_h : p_h + h, p_w : p_w + width] = x
    last_row, last_column = padded.shape[0] - w.shape[0], padded.shape[1] - w.shape[1]
    shifted = [
        weight * padded[k : k + last_row + 1 : s_h, m : m + last_column + 1 : s_w]
        for (k, m), weight in np.ndenumerate(w)
    ]
    return np.add.reduce(shifted)


@ex.alternative("all windows at once, then every s-th")
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    s_h, s_w = pair(stride)
    windows = sliding_window_view(np.pad(x, [(p, p) for p in pair(padding)]), w.shape)
    return np.tensordot(windows[::s_h, ::s_w], w, 2)


@ex.alternative("windows of a torch tensor")
def _(x: np.ndarray, w: np.ndarray, padding: IntOrPair = 0, stride: IntOrPair = 1) -> np.ndarray:
    (p_h, p_w), (s_h, s_w) = pair(padding), pair(stride)
    padded = torch.nn.functional.pad(torch.from_numpy(x), (p_w, p_w, p_h, p_h))
    windows = padded.unfold(0, w.shape[0], s_h).unfold(1, w.shape[1], s_w)
    return (windows * torch.from_numpy(w)).flatten(2).sum(2).numpy()
