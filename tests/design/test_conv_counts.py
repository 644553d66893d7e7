"""Sizes, parameters and multiply-accumulates of convolution layers: the lectures' figures, torch, and counting."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course_lib.design import conv_macs, conv_output_size, conv_params


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "expected"),
    [(8, 3, 1, 0, 6), (8, 3, 2, 1, 4), (7, 3, 2, 1, 4), (227, 11, 4, 0, 55), (32, 5, 1, 2, 32), (7, 3, 3, 0, 2)],
)
def test_output_size_of_the_lectures(size: int, kernel: int, stride: int, padding: int, expected: int) -> None:
    assert conv_output_size(size, kernel, stride, padding) == expected
    assert conv_output_size((size, size), kernel, stride, padding) == (expected, expected)


def test_two_layers_of_5_by_5_shrink_32_to_28_to_24() -> None:
    first = conv_output_size((32, 32), 5)
    assert first == (28, 28)
    assert conv_output_size(first, 5) == (24, 24)


def test_ten_filters_of_5_by_5_on_32_by_32_by_3() -> None:
    assert conv_output_size((32, 32), 5, padding=2) == (32, 32)
    assert conv_params(3, 1, 5) == 76
    assert conv_params(3, 10, 5) == 760


def test_a_bottleneck_of_1_by_1_saves_nine_tenths() -> None:
    direct = conv_macs((28, 28), 192, 32, 5, padding="same")
    bottleneck = conv_macs((28, 28), 192, 16, 1) + conv_macs((28, 28), 16, 32, 5, padding="same")
    assert (direct, bottleneck) == (120_422_400, 12_443_648)
    params = conv_params(192, 32, 5, bias=False)
    fewer = conv_params(192, 16, 1, bias=False) + conv_params(16, 32, 5, bias=False)
    assert (params, fewer) == (153_600, 15_872)
    assert direct / bottleneck == pytest.approx(9.67741935483871, rel=1e-15)


LAYERS: dict[int, Any] = {1: torch.nn.Conv1d, 2: torch.nn.Conv2d, 3: torch.nn.Conv3d}


@settings(max_examples=100, deadline=None)
@given(data=st.data(), axes=st.integers(1, 3), groups=st.integers(1, 3), bias=st.booleans())
def test_sizes_and_parameters_are_those_of_torch_layers(
    data: st.DataObject, axes: int, groups: int, bias: bool
) -> None:
    def per_axis(low: int, high: int) -> tuple[int, ...]:
        return data.draw(st.tuples(*[st.integers(low, high)] * axes))

    size, kernel, stride, padding, dilation = map(per_axis, (1, 1, 1, 0, 1), (20, 4, 4, 3, 3))
    c_in, c_out = groups * data.draw(st.integers(1, 3)), groups * data.draw(st.integers(4, 6))
    assume(all(n + 2 * p > d * (k - 1) for n, p, d, k in zip(size, padding, dilation, kernel, strict=True)))
    layer = LAYERS[axes](c_in, c_out, kernel, stride, padding, dilation, groups, bias, device="meta")
    output = layer(torch.empty((1, c_in, *size), device="meta"))
    assert conv_output_size(size, kernel, stride, padding, dilation) == tuple(output.shape[2:])
    assert conv_params(c_in, c_out, kernel, groups, bias) == sum(p.numel() for p in layer.parameters())
    # every output entry is one filter on one window: that many products
    macs = output.numel() * layer.weight[0].numel()
    assert conv_macs(size, c_in, c_out, kernel, stride, padding, dilation, groups) == macs


def test_the_number_of_axes_is_that_of_the_size() -> None:
    assert conv_output_size(9, 3) == 7
    assert conv_output_size((9, 8, 7), 3) == (7, 6, 5)
    assert conv_output_size([9, 8], (3, 2)) == (7, 7)
    assert conv_macs(9, 2, 5, 3) == 7 * 5 * 2 * 3
    assert conv_macs((9, 8), 2, 5, 3) == 7 * 6 * 5 * 2 * 9
    assert conv_macs((9, 8, 7), 2, 5, 3) == 7 * 6 * 5 * 5 * 2 * 27


def test_an_int_kernel_of_conv_params_is_square_and_a_tuple_gives_the_axes() -> None:
    assert conv_params(2, 5, 3, bias=False) == conv_params(2, 5, (3, 3), bias=False) == 90
    assert conv_params(2, 5, (3,), bias=False) == 30
    assert conv_params(2, 5, (3, 3, 3), bias=False) == 270


def test_same_padding_keeps_the_size_and_valid_is_no_padding() -> None:
    assert conv_output_size((9, 8), (4, 3), padding="same", dilation=2) == (9, 8)
    assert conv_output_size((9, 8), 3, padding="valid") == (7, 6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: conv_output_size((5, 4), 7),
            "conv_output_size: the kernel spans 7×7 .* the padded input is only 5×4",
        ),
        (lambda: conv_output_size((5, 4), 3, stride=0), "stride must be at least 1, got 0"),
        (lambda: conv_output_size((5, 4), 3, padding=-1), "padding must be at least 0, got -1"),
        (lambda: conv_output_size((5, 4), (3, 3, 3)), "kernel_size has 3 entries, .* there are 2 spatial axes"),
        (lambda: conv_output_size((5, 4), 3, 2, "same"), "only stride 1 can do"),
        (lambda: conv_output_size((5, 0), 3), "size must be at least 1, got 0"),
        (lambda: conv_params(3, 4, 3, groups=2), "conv_params: groups = 2 does not divide C_in = 3"),
        (lambda: conv_params(4, 3, 3, groups=2), "conv_params: groups = 2 does not divide C_out = 3"),
        (lambda: conv_params(0, 4, 3), "in_channels must be at least 1, got 0"),
        (lambda: conv_params(3, 4, 0), "kernel_size must be at least 1, got 0"),
        (lambda: conv_macs((5, 4), 3, 0, 3), "conv_macs: out_channels must be at least 1, got 0"),
        (lambda: conv_macs((5, 4), 4, 3, 3, groups=4), "conv_macs: groups = 4 does not divide C_out = 3"),
    ],
)
def test_impossible_layers_are_named(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_a_float_size_is_a_type_error_that_names_the_cause() -> None:
    size: Any = (14 / 2, 7)
    with pytest.raises(TypeError, match=r"conv_output_size: size must be an int, got 7\.0 .*use //"):
        conv_output_size(size, 3)
