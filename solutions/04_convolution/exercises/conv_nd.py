"""Exercise: one function for sequences, pictures and volumes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder import Exercise, case
from autograder.spec import Case, Draw
from course_lib.functional import conv1d, conv2d, conv3d

Array = np.ndarray
PerAxis = int | tuple[int, ...]

ONE, TWO, THREE, AXES, DTYPES = (
    "one dimension",
    "two dimensions",
    "three dimensions",
    "padding and stride for each axis",
    "dtypes and memory",
)


def reference(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    convolutions = {3: conv1d, 4: conv2d, 5: conv3d}
    return convolutions[x.ndim](x, w, padding=padding, stride=stride)


def per_axis(value: PerAxis, x: Array) -> tuple[int, ...]:
    return (value,) * (x.ndim - 2) if isinstance(value, int) else value


def padded_by(x: Array, padding: PerAxis) -> Array:
    return np.pad(x, [(0, 0), (0, 0), *((p, p) for p in per_axis(padding, x))])


ex = Exercise(
    "conv_nd",
    title="One, two and three dimensions",
    reference=reference,
    points={ONE: 1, TWO: 1, THREE: 2, AXES: 1, DTYPES: 1},
    minutes=30,
    section="dimensions",
    hints=[
        "Nothing in a convolution asks for two axes. Write down the sum for a sequence, x of N × C_in × T and w of "
        "C_out × C_in × K, and compare it with the one for pictures: what is new there but one more index?",
        "The number of spatial axes is d = x.ndim − 2. Padding, stride and output size are lists of d numbers, one "
        "for each axis; np.pad takes a list of pairs, and an array can be indexed with a tuple of slices.",
        "Two ways that never mention d: windows of shape w.shape[2:] over the last d axes, contracted with w over "
        "channels and kernel; or one loop over all kernel positions (np.ndindex(*w.shape[2:])), each of which adds "
        "a shifted slice of x, its channels mixed by w[:, :, position].",
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
    series, difference = np.array([[[1, 2, 4, 8, 16]]]), np.array([[[-1, 1]]])
    yield case("the differences of 1, 2, 4, 8, 16", group=ONE, x=series, w=difference)
    for _ in draw.rounds():
        n, c_in, c_out = draw.distinct_sizes(3, 2, 4)
        t, k = draw.integers(7, 9), draw.choice([3, 5])
        x, w = draw.normal(n, c_in, t), draw.normal(c_out, c_in, k)
        yield case(f"{n} sequences of {c_in}×{t}, {c_out} kernels of length {k}", group=ONE, x=x, w=w)
        yield case("as many steps as channels", group=ONE, x=draw.normal(1, 4, 4), w=draw.normal(3, 4, 2))
        yield case("a kernel as long as the sequence", group=ONE, x=x, w=draw.normal(c_out, c_in, t))
        yield case("a kernel of length 1", group=ONE, x=x, w=w[:, :, :1])

        h, width = draw.distinct_sizes(2, 5, 7)
        k_h, k_w = draw.distinct_sizes(2, 2, 3)
        x2, w2 = draw.normal(n, c_in, h, width), draw.normal(c_out, c_in, k_h, k_w)
        title = f"{n} pictures of {c_in}×{h}×{width}, {c_out} kernels of {k_h}×{k_w}"
        yield case(title, group=TWO, x=x2, w=w2)
        square = draw.normal(2, 5, 5, 5)
        yield case("as many rows and columns as channels", group=TWO, x=square, w=draw.normal(3, 5, 2, 3))
        yield case("as many maps out as channels in", group=TWO, x=x2, w=draw.normal(c_in, c_in, k_h, k_w))

        depth, h3, w3 = draw.distinct_sizes(3, 4, 6)
        kernel = draw.distinct_sizes(3, 1, 3)
        x3, w3d = draw.normal(1, c_in, depth, h3, w3), draw.normal(c_out, c_in, *kernel)
        title = f"a volume of {c_in}×{depth}×{h3}×{w3}, {c_out} kernels of {'×'.join(map(str, kernel))}"
        yield case(title, group=THREE, x=x3, w=w3d)
        yield case(
            "a batch of volumes, kernels of 2×3×2",
            group=THREE,
            x=draw.normal(2, 3, 4, 5, 3),
            w=draw.normal(2, 3, 2, 3, 2),
        )
        yield case("a kernel as large as the volume", group=THREE, x=x3, w=draw.normal(c_out, c_in, depth, h3, w3))
        yield case("kernels of 3×3×3, padding 1", group=THREE, x=x3, w=draw.normal(1, c_in, 3, 3, 3), padding=1)

        yield case("a sequence, padding 2", group=AXES, x=x, w=w, padding=2)
        yield case("a sequence, stride 3 given as (3,)", group=AXES, x=x, w=w, stride=(3,))
        p_h, p_w = draw.distinct_sizes(2, 1, 3)
        yield case(f"pictures, padding {(p_h, p_w)}", group=AXES, x=x2, w=w2, padding=(p_h, p_w))
        yield case(f"pictures, stride {(p_w, p_h)}", group=AXES, x=x2, w=w2, stride=(p_w, p_h))
        yield case("pictures, padding 1 and stride 2", group=AXES, x=x2, w=w2, padding=1, stride=2)
        padding, stride = draw.distinct_sizes(3, 0, 2), draw.distinct_sizes(3, 1, 3)
        yield case(
            f"a volume, padding {padding}, stride {stride}", group=AXES, x=x3, w=w3d, padding=padding, stride=stride
        )

        whole = draw.integer_array(1, c_in, t)
        yield case("sequences of whole numbers, kernels of fractions", group=DTYPES, x=whole, w=w, padding=1)
        yield case("float32 in, float32 out", group=DTYPES, x=x2.astype("float32"), w=w2.astype("float32"))
        yield case("arrays that are views with gaps in memory", group=DTYPES, layout="non-contiguous", x=x3, w=w3d)
        yield case("a kernel of one 1 leaves a copy", group=DTYPES, x=x[:, :1], w=np.ones((1, 1, 1)))


@ex.mistake(
    "sequences mixed step by step",
    hint="You treat the one-dimensional convolution as a 1×1 convolution: only one entry of each kernel is used, so "
    "no output step sees its neighbours. `1-D` counts the axes along which the kernel slides; its length is K.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    return reference(x, w[:, :, :1] if x.ndim == 3 else w, padding, stride)


@ex.mistake(
    "channels after time",
    hint="You take axis 1 for time or space and the last axis for the channels. Here channels are axis 1, always: "
    "N × C × T, N × C × H × W. Where both sizes are equal, nothing complains, but the numbers are wrong.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    return reference(np.moveaxis(x, -1, 1), w, padding, stride)


@ex.mistake(
    "the first stride for every axis",
    hint="You use stride[0] along all axes. A stride of (1, 2) goes down by one row and right by two columns.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    return reference(x, w, padding, per_axis(stride, x)[0])


@ex.mistake(
    "the first padding for every axis",
    hint="You use padding[0] along all axes. The pair (1, 2) asks for one row of zeros above and below, and two "
    "columns left and right.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    return reference(x, w, per_axis(padding, x)[0], stride)


@ex.mistake(
    "strides in reverse order",
    hint="You read the strides from the last axis to the first. They stand in the order of the axes of x: depth, "
    "height, width.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    return reference(x, w, padding, per_axis(stride, x)[::-1])


@ex.mistake(
    "padding in reverse order",
    hint="You read the padding from the last axis to the first, as torch.nn.functional.pad does. Here it stands in "
    "the order of the axes of x: depth, height, width.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    return reference(x, w, per_axis(padding, x)[::-1], stride)


@ex.mistake(
    "batch and channels padded too",
    hint="You pad all axes of x, batch and channels included. np.pad(x, 1) does that; give it one pair for each axis, "
    "(0, 0) for the first two.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    p = per_axis(padding, x)
    return reference(np.pad(x, [(p[0], p[0]), (p[0], p[0]), *((q, q) for q in p)]), w, 0, stride)


@ex.mistake(
    "a volume convolved slice by slice",
    hint="You treat a volume as a stack of pictures: each slice is convolved by itself with the kernel's first slice. "
    "A 3-D kernel also reaches along the depth, and adds up what it finds in K_d neighbouring slices.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    return reference(x, w[:, :, :1] if x.ndim == 5 else w, padding, stride)


@ex.mistake(
    "kernel flipped along space",
    hint="Your kernels are turned round. A convolution layer lays the kernel on its input as it is, in any number of "
    "dimensions. Try the differences of 1, 2, 4, 8, 16 with the kernel [−1, 1]: they are positive.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    return reference(x, np.flip(w, tuple(range(2, w.ndim))), padding, stride)


@ex.mistake(
    "the stride's remainder rounded up",
    hint="Where the stride does not fit, you have one output too many, from a window that sticks out over the end. "
    "Only windows that fit as a whole count.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    x, s = padded_by(x, padding), per_axis(stride, x)
    extra = [-(n - k) % step for n, k, step in zip(x.shape[2:], w.shape[2:], s, strict=True)]
    return reference(np.pad(x, [(0, 0), (0, 0), *((0, e) for e in extra)]), w, 0, stride)


@ex.mistake(
    "padding on one side only",
    hint="Your zeros stand before the first entry of each axis, but none after the last. `padding` is counted per "
    "side: padding 2 makes a sequence of 8 steps 12 long.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    zeros_before = [(0, 0), (0, 0), *((p, 0) for p in per_axis(padding, x))]
    return reference(np.pad(x, zeros_before), w, 0, stride)


@ex.mistake(
    "weights read as C_in × C_out",
    hint="You take the first axis of w for the input channels. It is C_out × C_in × kernel: w[o] is one whole kernel, "
    "and its axes fit those of x[n]. Where both numbers are equal, nothing complains, but the maps are wrong.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    padded, steps, swapped = padded_by(x, padding), per_axis(stride, x), w.swapaxes(0, 1)
    y = np.zeros((len(x), len(swapped), *reference(x, w, padding, stride).shape[2:]), np.result_type(x, w))
    for place in np.ndindex(*y.shape[2:]):
        window = (slice(i * s, i * s + k) for i, s, k in zip(place, steps, w.shape[2:], strict=True))
        products = padded[(slice(None), None, slice(None), *window)] * swapped
        y[(..., *place)] = products.sum(axis=tuple(range(2, products.ndim)))
    return y


@ex.mistake(
    "stride between the kernel's entries",
    hint="You take every s-th entry under the kernel, so its weights lie `stride` apart, and near the end there may "
    "not be enough entries for all of them. That is dilation, a layer of the next chapter. Stride moves the whole "
    "window; inside it, neighbours stay neighbours.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    padded, steps = padded_by(x, padding), per_axis(stride, x)
    y = np.zeros(reference(x, w, padding, stride).shape, np.result_type(x, w))
    for place in np.ndindex(*y.shape[2:]):
        window = (slice(i, i + s * k, s) for i, s, k in zip(place, steps, w.shape[2:], strict=True))
        products = padded[(slice(None), None, slice(None), *window)] * w
        y[(..., *place)] = products.sum(axis=tuple(range(2, products.ndim)))
    return y


@ex.mistake(
    "the kernel's first size for every axis",
    hint="You use w.shape[2] as the kernel's length along all axes, so a kernel of 2×3 does not fit its window. Each "
    "axis has its own: w.shape[2:] are d numbers, as padding and stride are.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    padded, steps, k = padded_by(x, padding), per_axis(stride, x), w.shape[2]
    sizes = [(n - k) // s + 1 for n, s in zip(padded.shape[2:], steps, strict=True)]
    y = np.zeros((len(x), len(w), *sizes), np.result_type(x, w))
    for place in np.ndindex(*sizes):
        window = (slice(i * s, i * s + k) for i, s in zip(place, steps, strict=True))
        products = padded[(slice(None), None, slice(None), *window)] * w
        y[(..., *place)] = products.sum(axis=tuple(range(2, products.ndim)))
    return y


@ex.mistake(
    "always float64",
    hint="Your numbers are right, but they are always float64: np.zeros without a dtype makes float64, whatever comes "
    "in. A network in float32 should stay in float32; np.result_type(x, w) names the dtype.",
)
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    return reference(x, w, padding, stride).astype(np.float64)


@ex.alternative("all windows at once")
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    windows = sliding_window_view(padded_by(x, padding), w.shape[2:], tuple(range(2, x.ndim)))
    for axis, step in enumerate(per_axis(stride, x), start=2):
        windows = windows.take(range(0, windows.shape[axis], step), axis)
    kernel = list(range(2, w.ndim))
    y = np.tensordot(windows, w, ([1, *(x.ndim - 2 + k for k in kernel)], [1, *kernel]))
    return np.moveaxis(y, -1, 1)


@ex.alternative("one output position at a time")
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    padded, steps, axes = padded_by(x, padding), per_axis(stride, x), range(1, x.ndim)
    starts = [range(0, padded.shape[a + 2] - k + 1, steps[a]) for a, k in enumerate(w.shape[2:])]
    values = []
    for corner in itertools.product(*starts):
        window = padded[(..., *(slice(corner[a], corner[a] + k) for a, k in enumerate(w.shape[2:])))]
        values.append(np.tensordot(window, w, (axes, axes)))
    return np.stack(values, axis=2).reshape(len(x), len(w), *map(len, starts))


@ex.alternative("one axis after another")
def _(x: Array, w: Array, padding: PerAxis = 0, stride: PerAxis = 1) -> Array:
    def slide(inner: Array, kernel: Array, steps: tuple[int, ...]) -> Array:
        if not steps:
            return inner @ kernel.T
        length = kernel.shape[2]
        rows = [
            sum(slide(inner[:, :, start + k], kernel[:, :, k], steps[1:]) for k in range(length))
            for start in range(0, inner.shape[2] - length + 1, steps[0])
        ]
        return np.stack(rows, axis=2)

    return slide(padded_by(x, padding), w, per_axis(stride, x))
