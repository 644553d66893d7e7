"""Exercise: which kernel made this picture out of that one?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder import Exercise, case
from autograder.spec import Case, Draw
from course_lib.functional import conv2d, im2col

Array = np.ndarray
IntOrPair = int | tuple[int, int]

SMALL_PICTURE = np.array([[2, 4, 9, 1, 4], [2, 1, 4, 4, 6], [1, 1, 2, 9, 2], [7, 3, 5, 1, 3], [2, 3, 4, 8, 5]])
SMALL_KERNEL = np.array([[1, 2, 3], [-4, 7, 4], [2, -5, 1]])

EXACT, MEASURED, NONE = "the kernel comes back", "pictures with noise", "no single answer"
DTYPES = "dtypes and memory"


def slide(x: Array, w: Array) -> Array:
    return conv2d(x[None, None], w[None, None])[0, 0]


def reference(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    [windows] = im2col(x[None, None], kernel_size)
    w, _, rank, _ = np.linalg.lstsq(windows.T, y.ravel())
    if rank < w.size:
        raise ValueError(f"x does not determine the kernel: {w.size} unknowns, {rank} independent equations")
    return w.reshape(pair(kernel_size))


def pair(value: IntOrPair) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else value


def system(x: Array, kernel_size: IntOrPair) -> Array:
    """Return the matrix of the equations: one row for each output, one column for each kernel entry."""
    k_h, k_w = pair(kernel_size)
    return sliding_window_view(x, (k_h, k_w)).reshape(-1, k_h * k_w)


def checked(x: Array, kernel_size: IntOrPair) -> Array:
    """Return the matrix of the equations if they determine the kernel."""
    equations = system(x, kernel_size)
    if np.linalg.matrix_rank(equations) < equations.shape[1]:
        raise ValueError("x does not determine the kernel")
    return equations


ex = Exercise(
    "find_kernel",
    title="Find the kernel",
    reference=reference,
    points={EXACT: 1, MEASURED: 1, NONE: 1, DTYPES: 1},
    minutes=25,
    section="matmul",
    hints=[
        "Turn the question round: x and y are known, w is not. What does one pixel of y say about w? Write it down as "
        "an equation; w's entries are the unknowns.",
        "One equation for each pixel of y: its left side is a window of x, flattened. All of them together are a "
        "matrix with as many rows as y has pixels. You have built that matrix in im2col, lying on its side.",
        "np.linalg.lstsq solves too many equations as well as possible. Look at all four things that it returns: one "
        "of them tells you whether the equations determine every unknown.",
    ],
)


@ex.cases
def _(draw: Draw) -> Iterator[Case]:
    yield case(
        "the 5×5 example of the lecture: nine pixels for nine unknowns",
        group=EXACT,
        x=SMALL_PICTURE,
        y=slide(SMALL_PICTURE, SMALL_KERNEL),
        kernel_size=3,
    )
    for _ in draw.rounds():
        h, width = draw.distinct_sizes(2, 7, 10)
        k_h, k_w = draw.distinct_sizes(2, 2, 4)
        x, w, w3 = draw.normal(h, width), draw.normal(k_h, k_w), draw.normal(3, 3)
        size = f"a {h}×{width} picture, a {k_h}×{k_w} kernel"

        def pictures(before: Array, kernel: Array) -> dict[str, Any]:
            return {"x": before, "y": slide(before, kernel)}

        yield case(size, group=EXACT, kernel_size=(k_h, k_w), **pictures(x, w))
        yield case(f"a {h}×{width} picture, a 3×3 kernel", group=EXACT, kernel_size=3, **pictures(x, w3))
        yield case("a kernel of a single row", group=EXACT, kernel_size=(1, k_w), **pictures(x, w[:1]))
        yield case("a kernel of a single number", group=EXACT, kernel_size=1, **pictures(x, w[:1, :1]))
        whole = draw.integer_array(h, width, low=0, high=255)
        yield case("a picture of whole numbers", group=DTYPES, kernel_size=3, **pictures(whole, w3))
        single = pictures(x.astype("float32"), w3.astype("float32"))
        yield case("float32 in, float32 out", group=DTYPES, kernel_size=3, **single)
        gaps = pictures(x, w)
        yield case(
            "arrays that are views with gaps in memory",
            group=DTYPES,
            layout="non-contiguous",
            kernel_size=(k_h, k_w),
            **gaps,
        )

        noisy = slide(x, w) + 0.1 * draw.normal(h - k_h + 1, width - k_w + 1)
        yield case(f"noise in the second picture: {size}", group=MEASURED, x=x, y=noisy, kernel_size=(k_h, k_w))
        rounded = np.rint(slide(whole, w3))
        yield case("a second picture rounded to whole numbers", group=MEASURED, x=whole, y=rounded, kernel_size=3)
        unrelated = draw.normal(h - 2, width - 1)
        yield case("a second picture that no kernel explains", group=MEASURED, x=x, y=unrelated, kernel_size=(3, 2))

        def refused(title: str, picture: Array, kernel: Array) -> Case:
            return case(title, group=NONE, raises=ValueError, kernel_size=kernel.shape, **pictures(picture, kernel))

        twice = np.array([[1, 2, 4]])
        yield refused("1, 2, 4: two equations that say the same", twice, np.array([[2, 1]]))
        yield refused("a picture of a single grey", np.full((h, width), 3.0), w)
        yield refused("upright stripes", np.tile(draw.normal(1, width), (h, 1)), w)
        down, right = np.indices((h, width))
        yield refused("a ramp from dark to bright", 2.0 * down + 3.0 * right, w3)
        yield refused("a ramp with fractions", 0.1 * down + 0.3 * right, w)
        for kernel in (w, w3, draw.normal(4, 4)):
            down, right = np.indices((12, 13))
            waves = np.sin((0.5 + draw.rng.random()) * down + (0.5 + draw.rng.random()) * right)
            yield refused(f"slanted waves, a {kernel.shape[0]}×{kernel.shape[1]} kernel", waves, kernel)
        yield refused("fewer pixels in y than kernel entries", draw.normal(4, 5), draw.normal(3, 3))


@ex.mistake(
    "kernel returned flipped",
    hint="You found the kernel turned by 180°: you solved for signal processing's convolution. y was made by laying "
    "the kernel on the picture as it is.",
)
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    return reference(x, y, kernel_size)[::-1, ::-1]


@ex.mistake(
    "unknowns numbered column by column",
    hint="The right numbers, in the wrong places: your columns run down the kernel first, and reshape then fills it "
    "row by row. Number the unknowns in the same order in which you put them back.",
)
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    w = reference(x, y, kernel_size)
    return w.T.reshape(w.shape)


@ex.mistake(
    "kernel left flat",
    hint="Your unknowns are a list of K_h · K_w numbers. They are a kernel only when they stand in rows and columns.",
)
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    return reference(x, y, kernel_size).ravel()


@ex.mistake(
    "no word about a picture that says too little",
    hint="You return a kernel for a picture of a single grey, where many kernels explain y equally well: lstsq picks "
    "the smallest of them without a word. Look at the rank, and raise ValueError when it is too low.",
)
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    return np.linalg.lstsq(system(x, kernel_size), y.ravel())[0].reshape(pair(kernel_size))


@ex.mistake(
    "as many equations as unknowns",
    hint="You use the first K_h · K_w pixels of y and throw the others away. If y has noise, or these pixels lie in a "
    "flat corner, the rest would have helped: use all equations, and make the squared error small.",
)
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    equations = checked(x, kernel_size)
    n = equations.shape[1]
    return np.linalg.solve(equations[:n], y.ravel()[:n]).reshape(pair(kernel_size))


@ex.mistake(
    "solve trusted to notice",
    hint="You wait for np.linalg.solve to complain. It does so only if a pivot is exactly zero; rounding mostly "
    "prevents that, and you get huge numbers instead of an error. Ask for the rank.",
)
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    equations = system(x, kernel_size)
    try:
        w = np.linalg.solve(equations.T @ equations, equations.T @ y.ravel())
    except np.linalg.LinAlgError:
        raise ValueError("x does not determine the kernel") from None
    return w.reshape(pair(kernel_size))


@ex.mistake(
    "a little added to the diagonal",
    hint="You add a small number to the diagonal so that the system can always be solved. Then the answer is a little "
    "off, and a picture that says nothing about the kernel gets an answer too. The question asks for plain least "
    "squares.",
)
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    equations = system(x, kernel_size)
    squares = equations.T @ equations + 1e-3 * np.eye(equations.shape[1])
    return np.linalg.solve(squares, equations.T @ y.ravel()).reshape(pair(kernel_size))


@ex.mistake(
    "equations and unknowns exchanged",
    hint="Your matrix lies on its side: it has a row for each unknown. A system has a row for each equation, here for "
    "each pixel of y, and a column for each unknown.",
)
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    return np.linalg.lstsq(checked(x, kernel_size).T, y.ravel())[0].reshape(pair(kernel_size))


@ex.mistake(
    "just enough pixels refused",
    hint="You raise an error when y has exactly as many pixels as the kernel has entries. Nine independent equations "
    "are enough for nine unknowns.",
)
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    k_h, k_w = pair(kernel_size)
    if y.size <= k_h * k_w:
        raise ValueError("too few equations")
    return reference(x, y, kernel_size)


@ex.mistake(
    "only the number of equations counted",
    hint="You compare the number of pixels with the number of unknowns. Many pixels that all say the same are no help: "
    "what counts is how many of the equations are independent.",
)
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    k_h, k_w = pair(kernel_size)
    if y.size < k_h * k_w:
        raise ValueError("too few equations")
    return np.linalg.lstsq(system(x, kernel_size), y.ravel())[0].reshape(k_h, k_w)


@ex.mistake(
    "kernel_size taken for one number",
    hint="You compute with kernel_size as if it were one number. It may be a pair (height, width): turn an int into a "
    "pair first, then use its two numbers.",
)
def _(x: Array, y: Array, kernel_size: Any) -> Array:
    k = kernel_size
    equations = np.array([x[i : i + k, j : j + k].ravel() for i, j in np.ndindex(*y.shape)])
    if np.linalg.matrix_rank(equations) < k * k:
        raise ValueError("x does not determine the kernel")
    return np.linalg.lstsq(equations, y.ravel())[0].reshape(k, k)


@ex.mistake(
    "always float64",
    hint="Your numbers are right, but they are always float64: np.zeros without a dtype makes float64, whatever comes "
    "in. If both pictures are float32, so is the kernel.",
)
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    return reference(x, y, kernel_size).astype(np.float64)


@ex.alternative("normal equations")
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    equations = checked(x, kernel_size)
    w = np.linalg.solve(equations.T @ equations, equations.T @ y.ravel())
    return w.reshape(pair(kernel_size))


@ex.alternative("pseudo-inverse of shifted pictures")
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    k_h, k_w = pair(kernel_size)
    h_out, w_out = y.shape
    shifted = [x[k : k + h_out, m : m + w_out].ravel() for k in range(k_h) for m in range(k_w)]
    if np.linalg.matrix_rank(np.array(shifted)) < len(shifted):
        raise ValueError("x does not determine the kernel")
    return (np.linalg.pinv(np.array(shifted).T) @ y.ravel()).reshape(k_h, k_w)


@ex.alternative("orthogonal factors")
def _(x: Array, y: Array, kernel_size: IntOrPair) -> Array:
    q, r = np.linalg.qr(checked(x, kernel_size))
    return np.linalg.solve(r, q.T @ y.ravel()).reshape(pair(kernel_size))
