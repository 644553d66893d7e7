"""Exercise: slide one kernel over one picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder import Exercise, case
from autograder.spec import Case, Draw
from course_lib.functional import conv2d

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

LECTURE, SIZES, DTYPES = "the lecture's examples", "any size", "dtypes and memory"


def reference(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    [[y]] = conv2d(x[None, None], w[None, None])
    return y


ex = Exercise(
    "conv2d_single",
    title="One kernel, one picture",
    reference=reference,
    points={LECTURE: 1, SIZES: 2, DTYPES: 1},
    minutes=15,
    section="one-window",
    hints=[
        "Do one output by hand first: lay the kernel over the top left corner of the picture, multiply entry by "
        "entry, add up. That is y[0, 0]. Which rows and columns of x did you touch?",
        "The window of y[i, j] starts at row i and column j and is as large as the kernel. How many starting rows "
        "are there before the window sticks out at the bottom?",
        "Two loops over the output positions, one slice of x inside, one sum. Ask x.shape and w.shape for all four "
        "sizes, and make the result with dtype np.result_type(x, w).",
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
    yield case("the 8×8 edge filter of the lecture", group=LECTURE, x=EDGE_PICTURE, w=EDGE_KERNEL)
    yield case("the 5×5 example of the lecture", group=LECTURE, x=SMALL_PICTURE, w=SMALL_KERNEL)
    for _ in draw.rounds():
        h, w = draw.distinct_sizes(2, 6, 9)
        k_h, k_w = draw.distinct_sizes(2, 2, 5)
        x = draw.normal(h, w)
        title = f"a {h}×{w} picture and a {k_h}×{k_w} kernel"
        yield case(title, group=SIZES, x=x, w=draw.normal(k_h, k_w))
        yield case(f"a {h}×{w} picture and a 3×3 kernel", group=SIZES, x=x, w=draw.normal(3, 3))
        yield case("a kernel of a single row", group=SIZES, x=x, w=draw.normal(1, k_w))
        yield case("a kernel of a single column", group=SIZES, x=x, w=draw.normal(k_h, 1))
        yield case("a 1×1 kernel", group=SIZES, x=x, w=draw.normal(1, 1))
        yield case("a kernel as high as the picture: one row comes out", group=SIZES, x=x, w=draw.normal(h, k_w))
        yield case("a kernel as large as the picture: one number comes out", group=SIZES, x=x, w=draw.normal(h, w))
        yield case(
            "a picture of whole numbers and a kernel of fractions",
            group=DTYPES,
            x=draw.integer_array(h, w),
            w=draw.normal(k_h, k_w),
        )
        yield case(
            "a picture of fractions and a kernel of whole numbers",
            group=DTYPES,
            x=x,
            w=draw.integer_array(k_h, k_w),
        )
        yield case(
            "float32 in, float32 out",
            group=DTYPES,
            x=draw.normal(h, w, dtype="float32"),
            w=draw.normal(k_h, k_w, dtype="float32"),
        )
        yield case(
            "arrays that are views with gaps in memory",
            group=DTYPES,
            layout="non-contiguous",
            x=x,
            w=draw.normal(k_h, k_w),
        )


@ex.mistake(
    "kernel flipped",
    hint="Your kernel is turned by 180°. That is the convolution of signal processing; a convolution layer lays the "
    "kernel on the picture as it is. Try a kernel that is zero except for a 1 in its top left corner: the output "
    "should be the top left part of the picture.",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return reference(x, w[::-1, ::-1])


@ex.mistake(
    "last row and column lost",
    hint="Your output is one row and one column too small. Count the places where a 3-wide window fits into a row "
    "of 3, of 4, of 5 entries: what has to be added to the difference of the two sizes?",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return reference(x, w)[:-1, :-1].copy()


@ex.mistake(
    "output as large as the picture",
    hint="Your output has the size of the picture, so some windows stuck out over its edge. In this exercise a "
    "window must lie inside the picture as a whole; zeros around it come in the next one.",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    padded = np.pad(x, [(k // 2, (k - 1) // 2) for k in w.shape])
    return reference(padded, w)


@ex.mistake(
    "kernel assumed square",
    hint="You use one size of the kernel for both directions. Try a kernel of one row and three columns: its "
    "height and its width are two different numbers, w.shape[0] and w.shape[1].",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    k = w.shape[0]
    y = np.zeros((x.shape[0] - k + 1, x.shape[1] - k + 1), np.result_type(x, w))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(x[i : i + k, j : j + k] * w)
    return y


@ex.mistake(
    "average instead of sum",
    hint="Each of your numbers is too small by the same factor, the number of entries of the kernel: you average "
    "the products. A layer adds them. Should a blur average, its kernel's entries say so.",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return reference(x, w) / w.size


@ex.mistake(
    "matrix product of window and kernel",
    hint="You multiply window and kernel as matrices (@). A window is not a matrix here: each of its entries meets "
    "exactly one entry of the kernel, the one that lies on top of it. Compare both products for a 2×2 window.",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    k_h, k_w = w.shape
    y = np.zeros((x.shape[0] - k_h + 1, x.shape[1] - k_w + 1), np.result_type(x, w))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(x[i : i + k_h, j : j + k_w] @ w)
    return y


@ex.mistake(
    "windows added without the kernel",
    hint="Every entry of the window counts the same in your output: the kernel's values never enter. Try a kernel "
    "of zeros; what should come out?",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return reference(x, np.ones_like(w))


@ex.mistake(
    "result kept in the picture's dtype",
    hint="Your result has the dtype of x. If x holds whole numbers and w fractions, NumPy cuts off what comes after "
    "the point when you store the sum. Look at what np.zeros_like(x) makes of an integer picture.",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return reference(x, w).astype(x.dtype)


@ex.mistake(
    "rows and columns exchanged",
    hint="You take the row for the column: your windows start at x[j, i] where they should start at x[i, j]. On a "
    "square picture this only mirrors the result at its diagonal; use a picture of 4 rows and 7 columns to see it.",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    k_h, k_w = w.shape
    y = np.zeros((x.shape[0] - k_h + 1, x.shape[1] - k_w + 1), np.result_type(x, w))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            y[i, j] = np.sum(x[j : j + k_h, i : i + k_w] * w)
    return y


@ex.mistake(
    "answers written into the picture",
    hint="You write your answers into x, and the caller's picture is gone. Print x before and after the call. The "
    "answers need an array of their own.",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    k_h, k_w = w.shape
    h_out, w_out = x.shape[0] - k_h + 1, x.shape[1] - k_w + 1
    for i in range(h_out):
        for j in range(w_out):
            x[i, j] = np.sum(x[i : i + k_h, j : j + k_w] * w)
    return x[:h_out, :w_out].copy()


@ex.mistake(
    "windows multiplied in place",
    hint="You multiply the window with `*=`. A slice is no copy: the products are written into x, so the caller's "
    "picture is gone, and the next window finds products where there were pixels. Write window * w, which is a new "
    "array.",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    k_h, k_w = w.shape
    y = np.zeros((x.shape[0] - k_h + 1, x.shape[1] - k_w + 1), np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        window = x[i : i + k_h, j : j + k_w]
        window *= w
        y[i, j] = window.sum()
    return y


@ex.mistake(
    "windows of 3×3 whatever the kernel",
    hint="Your windows are always 3×3. That is the kernel of the lecture's examples; here it may have any size. Where "
    "you wrote a 3 (or a 2 for the rows that are lost), ask w.shape.",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    y = np.zeros((x.shape[0] - 2, x.shape[1] - 2), np.result_type(x, w))
    for i, j in np.ndindex(*y.shape):
        y[i, j] = np.sum(x[i : i + 3, j : j + 3] * w)
    return y


@ex.mistake(
    "nine products written out",
    hint="You use the nine entries of a 3×3 kernel, w[0, 0] to w[2, 2]. A smaller kernel has no w[2, 2], and of a "
    "larger one you leave out the rest. Slices or loops that go as far as w.shape says fit every kernel.",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    h_out, w_out = x.shape[0] - 2, x.shape[1] - 2
    y = np.zeros((h_out, w_out), np.result_type(x, w))
    for k, m in np.ndindex(3, 3):
        y += w[k, m] * x[k : k + h_out, m : m + w_out]
    return y


@ex.mistake(
    "always float64",
    hint="Your numbers are right, but they are always float64: np.zeros without a dtype makes float64, whatever comes "
    "in. A network in float32 should stay in float32; np.result_type(x, w) names the dtype.",
)
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return reference(x, w).astype(np.float64)


@ex.alternative("shift the picture and add, one kernel entry at a time")
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    h_out, w_out = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    shifted = [weight * x[k : k + h_out, m : m + w_out] for (k, m), weight in np.ndenumerate(w)]
    return np.add.reduce(shifted)


@ex.alternative("all windows at once")
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return np.einsum("ijkm,km->ij", sliding_window_view(x, w.shape), w)


@ex.alternative("lists of sums")
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    (h, width), (k_h, k_w) = x.shape, w.shape
    return np.array(
        [[sum((x[i : i + k_h, j : j + k_w] * w).ravel()) for j in range(width - k_w + 1)] for i in range(h - k_h + 1)]
    )


@ex.alternative("product of Fourier transforms")
def _(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    spectrum = np.fft.rfft2(x) * np.conj(np.fft.rfft2(w, x.shape))
    h_out, w_out = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    return np.fft.irfft2(spectrum, x.shape)[:h_out, :w_out]


ex.equivalent(
    "notebook: y = np.zeros((h_out, w_out), dtype=np.result_type(x, w)) | np.result_type(x, w) -> np.result_type(w, x)",
    reason="np.result_type does not depend on the order of its arguments.",
)
