"""Wrong solutions for `counting`."""

import math

import numpy as np
from catalogue import Collection, pair


def size_after(size, kernel_size, padding=0, stride=1, divide=lambda a, b: a // b):
    """Return the size of a map."""
    sizes = zip(size, pair(kernel_size), pair(padding), pair(stride), strict=True)
    h, w = (divide(n + 2 * p - k, s) + 1 for n, k, p, s in sizes)
    return h, w


def macs_with(shape):
    """Return a `conv_macs` that asks `shape` for the size."""

    def conv_macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
        h, w = shape(size, kernel_size, padding, stride)
        return h * w * in_channels * out_channels * math.prod(pair(kernel_size))

    return {"conv_macs": conv_macs}


def macs(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    """Count right."""
    return macs_with(size_after)["conv_macs"](size, in_channels, out_channels, kernel_size, padding, stride)


def params(in_channels, out_channels, kernel_size, bias=True):
    """Count the learnable parameters right."""
    return in_channels * out_channels * math.prod(pair(kernel_size)) + bias * out_channels


wrong = Collection("counting", conv_shape=size_after, conv_params=params, conv_macs=macs)
both = {"function": "conv_shape", "others": macs_with}


@wrong(
    "divides with / and returns floats",
    mistakes=["division not rounded"],
    said=["should be a whole number (int), not a float"],
    **both,
)
def _(size, kernel_size, padding=0, stride=1):
    return size_after(size, kernel_size, padding, stride, lambda a, b: a / b)


@wrong("floors, but to floats", said=["should be a whole number (int), not a float"], function="conv_shape")
def _(size, kernel_size, padding=0, stride=1):
    return tuple(map(float, size_after(size, kernel_size, padding, stride)))


@wrong("rounds up", mistakes=["size rounded up"], **both)
def _(size, kernel_size, padding=0, stride=1):
    return size_after(size, kernel_size, padding, stride, lambda a, b: -(-a // b))


@wrong("rounds to the nearest whole number", **both)
def _(size, kernel_size, padding=0, stride=1):
    return size_after(size, kernel_size, padding, stride, lambda a, b: round(a / b))


@wrong(
    "counts the padding on one side only",
    mistakes=["padding of the size counted once", "padding of the work counted once"],
    **both,
)
def _(size, kernel_size, padding=0, stride=1):
    sizes = zip(size, pair(kernel_size), pair(padding), pair(stride), strict=True)
    h, w = ((n + p - k) // s + 1 for n, k, p, s in sizes)
    return h, w


@wrong("the + 1 is missing", mistakes=["the first window not counted"], **both)
def _(size, kernel_size, padding=0, stride=1):
    h, w = size_after(size, kernel_size, padding, stride)
    return h - 1, w - 1


@wrong("the + 1 stands inside the division", mistakes=["+1 inside the division"], **both)
def _(size, kernel_size, padding=0, stride=1):
    sizes = zip(size, pair(kernel_size), pair(padding), pair(stride), strict=True)
    h, w = ((n + 2 * p - k + 1) // s for n, k, p, s in sizes)
    return h, w


@wrong("padding is ignored", **both)
def _(size, kernel_size, padding=0, stride=1):
    return size_after(size, kernel_size, 0, stride)


@wrong("stride is ignored", mistakes=["stride forgotten in the work"], **both)
def _(size, kernel_size, padding=0, stride=1):
    return size_after(size, kernel_size, padding)


@wrong("width before height", mistakes=["width before height"], **both)
def _(size, kernel_size, padding=0, stride=1):
    return size_after(size, kernel_size, padding, stride)[::-1]


@wrong("the kernel's height is used for the width as well", **both)
def _(size, kernel_size, padding=0, stride=1):
    return size_after(size, pair(kernel_size)[0], padding, stride)


@wrong("the stride's height is used for the width as well", mistakes=["one stride for both axes"], **both)
def _(size, kernel_size, padding=0, stride=1):
    return size_after(size, kernel_size, padding, pair(stride)[0])


@wrong("an array instead of two ints", said=["should be a tuple and is a numpy.ndarray"], function="conv_shape")
def _(size, kernel_size, padding=0, stride=1):
    return np.array(size_after(size, kernel_size, padding, stride))


@wrong(
    "int arguments only: a pair is not understood",
    mistakes=["one number for both directions"],
    said=["and 'tuple'"],
    **both,
)
def _(size, kernel_size, padding=0, stride=1):
    return tuple((n + 2 * padding - kernel_size) // stride + 1 for n in size)


@wrong("one bias for the whole layer", function="conv_params")
def _(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * out_channels * math.prod(pair(kernel_size)) + bias


@wrong("one bias for each input channel", mistakes=["a bias for every input channel"], function="conv_params")
def _(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * out_channels * math.prod(pair(kernel_size)) + bias * in_channels


@wrong("one bias for each pair of channels", mistakes=["a bias for every slice"], function="conv_params")
def _(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * out_channels * (math.prod(pair(kernel_size)) + bias)


@wrong("the bias is always counted", mistakes=["bias always counted"], function="conv_params")
def _(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * out_channels * math.prod(pair(kernel_size)) + out_channels


@wrong("the bias is never counted", mistakes=["bias left out"], function="conv_params")
def _(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * out_channels * math.prod(pair(kernel_size))


@wrong(
    "a filter is taken to have one slice: the input channels do not count",
    mistakes=["filters without depth"],
    function="conv_params",
)
def _(in_channels, out_channels, kernel_size, bias=True):
    return out_channels * math.prod(pair(kernel_size)) + bias * out_channels


@wrong("channels are added, not multiplied", function="conv_params")
def _(in_channels, out_channels, kernel_size, bias=True):
    return (in_channels + out_channels) * math.prod(pair(kernel_size)) + bias * out_channels


@wrong("takes the kernel to be square", mistakes=["one side of the kernel"], function="conv_params")
def _(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * out_channels * pair(kernel_size)[0] ** 2 + bias * out_channels


@wrong(
    "product of floats: the count is a float",
    said=["should be a whole number (int), not a float"],
    function="conv_params",
)
def _(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * out_channels * float(math.prod(pair(kernel_size))) + bias * out_channels


@wrong("the bias is counted as a multiply-accumulate", mistakes=["biases counted as work"], function="conv_macs")
def _(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    h, w = size_after(size, kernel_size, padding, stride)
    return h * w * out_channels * (in_channels * math.prod(pair(kernel_size)) + 1)


@wrong(
    "product and addition are counted as two",
    mistakes=["additions counted too"],
    said=["yours is 2 times the expected"],
    function="conv_macs",
)
def _(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    return 2 * macs(size, in_channels, out_channels, kernel_size, padding, stride)


@wrong("the cost of one output only: the number of places is left out", function="conv_macs")
def _(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    return in_channels * out_channels * math.prod(pair(kernel_size))


@wrong(
    "the picture's pixels are counted instead of the outputs",
    mistakes=["the picture's size instead of the output's"],
    function="conv_macs",
)
def _(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    return math.prod(size) * in_channels * out_channels * math.prod(pair(kernel_size))


@wrong("the input channels do not count", mistakes=["products of one channel"], function="conv_macs")
def _(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    return macs(size, 1, out_channels, kernel_size, padding, stride)


@wrong("stride is ignored in the cost", mistakes=["stride forgotten in the work"], function="conv_macs")
def _(size, in_channels, out_channels, kernel_size, padding=0, stride=1):
    return macs(size, in_channels, out_channels, kernel_size, padding)
