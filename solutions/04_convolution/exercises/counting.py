"""Exercise: sizes, parameters and multiply-accumulates, without running anything."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder import Exercise, case
from autograder.spec import Case, Draw
from course_lib import design

IntOrPair = int | tuple[int, int]
Pair = tuple[int, int]
Shape = tuple[float, ...]  # of whole numbers, in right solutions

LECTURE, SIZE, PARAMETERS, MACS = (
    "the lecture's examples",
    "output size",
    "parameters",
    "multiply-accumulates",
)


def shape(size: Pair, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> tuple[int, ...]:
    return design.conv_output_size(size, kernel_size, stride=stride, padding=padding)


def params(in_channels: int, out_channels: int, kernel_size: IntOrPair, bias: bool = True) -> int:
    return design.conv_params(in_channels, out_channels, pair(kernel_size), bias=bias)


def macs(
    size: Pair,
    in_channels: int,
    out_channels: int,
    kernel_size: IntOrPair,
    padding: IntOrPair = 0,
    stride: IntOrPair = 1,
) -> int:
    return design.conv_macs(size, in_channels, out_channels, pair(kernel_size), stride=stride, padding=padding)


def pair(value: IntOrPair) -> Pair:
    return (value, value) if isinstance(value, int) else value


ex = Exercise(
    "counting",
    title="Size, parameters, multiply-accumulates",
    reference={"conv_shape": shape, "conv_params": params, "conv_macs": macs},
    points={LECTURE: 1, SIZE: 2, PARAMETERS: 1, MACS: 2},
    minutes=20,
    section="counting",
    hints=[
        "Count before you calculate. Where can a window of 3 start in a row of 8 with stride 2? At 0, 2, 4: three "
        "places. Find the formula that gives 3, then put padding into it.",
        "Parameters: how many numbers are in w of (C_out, C_in, K_h, K_w), and how many in b? Neither knows how "
        "large the picture is. MACs: how many products does one output entry need, and how many entries are there?",
        "Use // where you round down, so that whole numbers stay int. conv_macs can call conv_shape: outputs per map, "
        "times C_out maps, times C_in · K_h · K_w products for each of them.",
    ],
    off_limits=["course_lib.design.conv_*"],
)


@ex.cases
def _(draw: Draw) -> Iterator[Case]:
    of: dict[str, Any] = {"group": LECTURE, "subject": "conv_shape"}
    yield case("8×8, kernel 3: 6×6", **of, size=(8, 8), kernel_size=3)
    yield case("8×8, kernel 3, padding 1, stride 2: 4×4", **of, size=(8, 8), kernel_size=3, padding=1, stride=2)
    yield case("32×32, kernel 5, padding 2: 32×32", **of, size=(32, 32), kernel_size=5, padding=2)
    yield case("AlexNet's first layer: 227×227 to 55×55", **of, size=(227, 227), kernel_size=11, stride=4)
    of = {"group": LECTURE, "subject": "conv_params"}
    yield case("10 filters of 3×5×5: 760", **of, in_channels=3, out_channels=10, kernel_size=5)
    yield case("32 filters of 192×5×5, no bias", **of, in_channels=192, out_channels=32, kernel_size=5, bias=False)
    of = {"group": LECTURE, "subject": "conv_macs", "size": (28, 28)}
    yield case(
        "28×28×192 to 32 maps, 5×5: 120,422,400", **of, in_channels=192, out_channels=32, kernel_size=5, padding=2
    )
    yield case("the bottleneck's 1×1 layer, 192 to 16", **of, in_channels=192, out_channels=16, kernel_size=1)
    yield case("the bottleneck's 5×5 layer, 16 to 32", **of, in_channels=16, out_channels=32, kernel_size=5, padding=2)

    of = {"group": SIZE, "subject": "conv_shape"}
    yield case("a stride of 3 that fits exactly", **of, size=(7, 10), kernel_size=(1, 4), stride=3)
    yield case("a stride of 3 that leaves one over", **of, size=(8, 11), kernel_size=(1, 4), stride=3)
    yield case("a stride of 3 that leaves two over", **of, size=(9, 12), kernel_size=(1, 4), stride=3)
    yield case("a kernel as large as the picture", **of, size=(5, 9), kernel_size=(5, 9), stride=2)
    for _ in draw.rounds():
        h, w = draw.distinct_sizes(2, 20, 60)
        kernel = draw.distinct_sizes(2, 2, 7)
        padding, stride = draw.distinct_sizes(2, 1, 5), draw.distinct_sizes(2, 2, 4)
        title = f"{h}×{w}, kernel {kernel[0]}×{kernel[1]}"
        of = {"group": SIZE, "subject": "conv_shape", "size": (h, w), "kernel_size": kernel}
        yield case(title, **of)
        yield case(f"{title}, padding {padding}", **of, padding=padding)
        yield case(f"{title}, stride {stride}", **of, stride=stride)
        yield case(f"{title}, padding {padding}, stride {stride}", **of, padding=padding, stride=stride)
        yield case(f"{title}, padding {padding[0]}, stride 2", **of, padding=padding[0], stride=2)

        c_in, c_out = draw.distinct_sizes(2, 3, 64)
        channels = {"in_channels": c_in, "out_channels": c_out}
        of = {"group": PARAMETERS, "subject": "conv_params", **channels}
        title = f"{c_in} channels to {c_out}"
        yield case(f"{title}, kernel {kernel}", **of, kernel_size=kernel)
        yield case(f"{title}, kernel {kernel}, no bias", **of, kernel_size=kernel, bias=False)
        yield case(f"{title}, kernel 3", **of, kernel_size=3)
        yield case(f"{title}, kernel 1", **of, kernel_size=1)

        of = {"group": MACS, "subject": "conv_macs", "size": (h, w), **channels}
        title = f"{h}×{w}, {title}, kernel"
        yield case(f"{title} {kernel}", **of, kernel_size=kernel)
        yield case(f"{title} 3, padding 1: the size stays", **of, kernel_size=3, padding=1)
        yield case(f"{title} 3, stride 2", **of, kernel_size=3, stride=2)
        yield case(f"{title} {kernel}, padding {padding}", **of, kernel_size=kernel, padding=padding)
        yield case(f"{title} {kernel}, stride {stride}", **of, kernel_size=kernel, stride=stride)


@ex.mistake(
    "size rounded up",
    subject="conv_shape",
    hint="You round up where the stride does not fit. A window that sticks out over the end is not counted: ⌊ ⌋ rounds "
    "down. Try 8 entries, kernel 3, stride 2, and write down where the windows start.",
)
def _(size: Pair, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Shape:
    (h, w), (k_h, k_w), (p_h, p_w), (s_h, s_w) = size, pair(kernel_size), pair(padding), pair(stride)
    return -(-(h + 2 * p_h - k_h) // s_h) + 1, -(-(w + 2 * p_w - k_w) // s_w) + 1


@ex.mistake(
    "division not rounded",
    subject="conv_shape",
    hint="You divide with /, which gives fractions (and floats even where it fits): there is no row number 4.5. Which "
    "operator of Python divides and rounds down?",
)
def _(size: Pair, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Shape:
    (h, w), (k_h, k_w), (p_h, p_w), (s_h, s_w) = size, pair(kernel_size), pair(padding), pair(stride)
    return (h + 2 * p_h - k_h) / s_h + 1, (w + 2 * p_w - k_w) / s_w + 1


@ex.mistake(
    "padding of the size counted once",
    subject="conv_shape",
    hint="You add the padding once. It is given per side, and there are two sides: padding 1 turns 8 rows into 10.",
)
def _(size: Pair, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Shape:
    (h, w), (p_h, p_w) = size, pair(padding)
    return shape((h + p_h, w + p_w), kernel_size, 0, stride)


@ex.mistake(
    "+1 inside the division",
    subject="conv_shape",
    hint="You add 1 before you divide. The 1 is the first window, which is there whatever the stride is; it comes "
    "after the division. With stride 1 there is no difference, so try stride 2.",
)
def _(size: Pair, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Shape:
    (h, w), (k_h, k_w), (p_h, p_w), (s_h, s_w) = size, pair(kernel_size), pair(padding), pair(stride)
    return (h + 2 * p_h - k_h + 1) // s_h, (w + 2 * p_w - k_w + 1) // s_w


@ex.mistake(
    "the first window not counted",
    subject="conv_shape",
    hint="You count the steps between windows, not the windows: one too few, like counting the gaps of a fence instead "
    "of its posts. A kernel as large as the picture has one place to stand, not none.",
)
def _(size: Pair, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Shape:
    h_out, w_out = shape(size, kernel_size, padding, stride)
    return h_out - 1, w_out - 1


@ex.mistake(
    "width before height",
    subject="conv_shape",
    hint="Your two numbers are exchanged. Sizes are (height, width) here, both what you are given and what you return.",
)
def _(size: Pair, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Shape:
    return shape(size, kernel_size, padding, stride)[::-1]


@ex.mistake(
    "one stride for both axes",
    subject="conv_shape",
    hint="You use the first number of the stride for both axes. A stride of (2, 3) goes down by two and right by "
    "three.",
)
def _(size: Pair, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Shape:
    return shape(size, kernel_size, padding, pair(stride)[0])


@ex.mistake(
    "bias left out",
    subject="conv_params",
    hint="You count the weights only. With bias=True each filter has one number more: 5·5·3 + 1 = 76 for the lecture's "
    "filter.",
)
def _(in_channels: int, out_channels: int, kernel_size: IntOrPair, bias: bool = True) -> int:
    return params(in_channels, out_channels, kernel_size, bias=False)


@ex.mistake(
    "bias always counted",
    subject="conv_params",
    hint="You count a bias although bias=False says that the layer has none (as layers before a batch normalisation "
    "do).",
)
def _(in_channels: int, out_channels: int, kernel_size: IntOrPair, bias: bool = True) -> int:
    return params(in_channels, out_channels, kernel_size)


@ex.mistake(
    "a bias for every slice",
    subject="conv_params",
    hint="You count a bias for every slice of a filter, C_in · C_out in all. The slices' results are added up before "
    "the bias comes, so one bias for each filter is all there is.",
)
def _(in_channels: int, out_channels: int, kernel_size: IntOrPair, bias: bool = True) -> int:
    return params(in_channels, out_channels, kernel_size, bias=False) + in_channels * out_channels * bias


@ex.mistake(
    "a bias for every input channel",
    subject="conv_params",
    hint="You add C_in biases. The bias belongs to what comes out: one for each filter, C_out in all.",
)
def _(in_channels: int, out_channels: int, kernel_size: IntOrPair, bias: bool = True) -> int:
    return params(in_channels, out_channels, kernel_size, bias=False) + in_channels * bias


@ex.mistake(
    "filters without depth",
    subject="conv_params",
    hint="Your filters have K_h · K_w weights, as if the picture had one channel. A filter reaches through all "
    "channels: a 5×5 filter on an RGB picture holds 75 weights.",
)
def _(in_channels: int, out_channels: int, kernel_size: IntOrPair, bias: bool = True) -> int:
    return params(1, out_channels, kernel_size, bias)


@ex.mistake(
    "one side of the kernel",
    subject="conv_params",
    hint="You multiply by the kernel's height but not by its width. kernel_size=5 means 5×5, which is 25 weights for "
    "each channel.",
)
def _(in_channels: int, out_channels: int, kernel_size: IntOrPair, bias: bool = True) -> int:
    return params(in_channels, out_channels, (pair(kernel_size)[0], 1), bias)


@ex.mistake(
    "additions counted too",
    subject="conv_macs",
    hint="Your number is exactly twice the right one: you count multiplications and additions (FLOPs). A "
    "multiply-accumulate is one of each, done together, and counts once.",
)
def _(**layer: Any) -> int:
    return 2 * macs(**layer)


@ex.mistake(
    "products of one channel",
    subject="conv_macs",
    hint="You count K_h · K_w products for each output, as if the picture had one channel. Every output looks through "
    "all C_in channels.",
)
def _(in_channels: int, **layer: Any) -> int:
    return macs(in_channels=1, **layer)


@ex.mistake(
    "the picture's size instead of the output's",
    subject="conv_macs",
    hint="You multiply by the size of the picture. Work is done for each output: without padding, or with a stride, "
    "there are fewer of them than pixels.",
)
def _(
    size: Pair,
    in_channels: int,
    out_channels: int,
    kernel_size: IntOrPair,
    padding: IntOrPair = 0,
    stride: IntOrPair = 1,
) -> int:
    return size[0] * size[1] * params(in_channels, out_channels, kernel_size, bias=False)


@ex.mistake(
    "stride forgotten in the work",
    subject="conv_macs",
    hint="You count the outputs of stride 1. With stride 2 three quarters of them are never computed.",
)
def _(stride: IntOrPair = 1, **layer: Any) -> int:
    return macs(stride=1, **layer)


@ex.mistake(
    "padding of the work counted once",
    subject="conv_macs",
    hint="Your number of outputs has the padding in it once. It is given per side: 2·padding rows are added to the "
    "picture.",
)
def _(size: Pair, padding: IntOrPair = 0, **layer: Any) -> int:
    (h, w), (p_h, p_w) = size, pair(padding)
    return macs((h + p_h, w + p_w), padding=0, **layer)


@ex.mistake(
    "biases counted as work",
    subject="conv_macs",
    hint="You are too high by one for every output: you count the adding of the bias. It is an addition without a "
    "product, so it is no multiply-accumulate. (Some printed tables count it; ours do not.)",
)
def _(
    size: Pair,
    in_channels: int,
    out_channels: int,
    kernel_size: IntOrPair,
    padding: IntOrPair = 0,
    stride: IntOrPair = 1,
) -> int:
    h_out, w_out = shape(size, kernel_size, padding, stride)
    return h_out * w_out * params(in_channels, out_channels, kernel_size)


@ex.mistake(
    "one number for both directions",
    subject="conv_macs",
    hint="You count the outputs of one direction and square them, and you compute with kernel_size, padding and stride "
    "as if each were one number. Pictures and kernels have a height and a width that may differ, so there are two of "
    "everything: turn an int into a pair first.",
)
def _(
    size: Pair,
    in_channels: int,
    out_channels: int,
    kernel_size: Any,
    padding: Any = 0,
    stride: Any = 1,
) -> int:
    n = (size[0] + 2 * padding - kernel_size) // stride + 1
    return n**2 * in_channels * out_channels * kernel_size**2


@ex.alternative("count the starting places", subject="conv_shape")
def _(size: Pair, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Shape:
    (h, w), (k_h, k_w), (p_h, p_w), (s_h, s_w) = size, pair(kernel_size), pair(padding), pair(stride)
    rows = range(-p_h, h + p_h - k_h + 1, s_h)
    columns = range(-p_w, w + p_w - k_w + 1, s_w)
    return len(rows), len(columns)


@ex.alternative("every s-th place, the last share may be smaller", subject="conv_shape")
def _(size: Pair, kernel_size: IntOrPair, padding: IntOrPair = 0, stride: IntOrPair = 1) -> Shape:
    (h, w), (k_h, k_w), (p_h, p_w), (s_h, s_w) = size, pair(kernel_size), pair(padding), pair(stride)
    places = h - k_h + 1 + 2 * p_h, w - k_w + 1 + 2 * p_w
    return math.ceil(places[0] / s_h), math.ceil(places[1] / s_w)


@ex.alternative("the size of the arrays", subject="conv_params")
def _(in_channels: int, out_channels: int, kernel_size: IntOrPair, bias: bool = True) -> int:
    weights = np.empty((out_channels, in_channels, *pair(kernel_size)))
    return weights.size + len(weights) if bias else weights.size


@ex.alternative("filter by filter", subject="conv_params")
def _(in_channels: int, out_channels: int, kernel_size: IntOrPair, bias: bool = True) -> int:
    return sum(in_channels * math.prod(pair(kernel_size)) + bias for _ in range(out_channels))


@ex.alternative("every weight is used once for every output", subject="conv_macs")
def _(
    size: Pair,
    in_channels: int,
    out_channels: int,
    kernel_size: IntOrPair,
    padding: IntOrPair = 0,
    stride: IntOrPair = 1,
) -> int:
    weights = np.empty((out_channels, in_channels, *pair(kernel_size)))
    (h, w), (k_h, k_w), (p_h, p_w), (s_h, s_w) = size, pair(kernel_size), pair(padding), pair(stride)
    rows = 1 + (h + 2 * p_h - k_h) // s_h
    columns = 1 + (w + 2 * p_w - k_w) // s_w
    return rows * columns * weights.size


@ex.alternative("output by output", subject="conv_macs")
def _(
    size: Pair,
    in_channels: int,
    out_channels: int,
    kernel_size: IntOrPair,
    padding: IntOrPair = 0,
    stride: IntOrPair = 1,
) -> int:
    (h, w), (k_h, k_w), (p_h, p_w), (s_h, s_w) = size, pair(kernel_size), pair(padding), pair(stride)
    total = 0
    for _top in range(0, h + 2 * p_h - k_h + 1, s_h):
        for _left in range(0, w + 2 * p_w - k_w + 1, s_w):
            total += out_channels * in_channels * k_h * k_w
    return total


ex.equivalent(
    "notebook: return outputs * conv_params(in_channels, out_channels, kernel_size, bias=False)"
    " | conv_params(in_channels, out_channels, kernel_size, bias=False)"
    " -> conv_params(out_channels, in_channels, kernel_size, bias=False)",
    reason="Without biases the number of weights, C_in · C_out · K_h · K_w, is the same with the channels exchanged.",
)
