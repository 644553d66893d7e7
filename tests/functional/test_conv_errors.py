"""Every mistake in the arguments of a convolution is answered with what was given, expected and likely."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from course_lib.functional import conv1d, conv2d, conv2d_backward, conv3d


def image(*shape: int) -> np.ndarray:
    return np.zeros(shape)


@pytest.mark.parametrize(
    ("x_shape", "w_shape", "settings", "message"),
    [
        (
            (1, 3, 8, 9),
            (2, 4, 3, 3),
            {},
            "conv2d: x has 3 channels but w expects 4 (w is C_out × C_in/groups × K_h × K_w",
        ),
        ((1, 8, 8, 9), (4, 2, 3, 3), {"groups": 2}, "conv2d: x has 8 channels but w expects 2 × 2 groups = 4"),
        ((3, 8, 9), (2, 3, 3, 3), {}, "x has 3 axes, shape (3, 8, 9), but needs 4: N × C_in × H × W"),
        ((8, 9), (2, 3, 3, 3), {}, "(a missing axis of length 1 is added by x[None, None])"),
        ((1, 3, 8, 9, 1), (2, 3, 3, 3), {}, "x has 5 axes, shape (1, 3, 8, 9, 1), but needs 4"),
        ((1, 3, 8, 9), (3, 3), {}, "w has 2 axes, shape (3, 3), but needs 4: C_out × C_in/groups × K_h × K_w"),
        ((1, 3, 8, 9), (4, 1, 3, 3), {"groups": 2}, "groups = 2 does not divide C_in = 3"),
        ((1, 4, 8, 9), (3, 2, 3, 3), {"groups": 2}, "groups = 2 does not divide C_out = 3"),
        ((1, 3, 8, 9), (2, 3, 3, 3), {"groups": 0}, "groups must be at least 1, got 0"),
        (
            (1, 3, 4, 9),
            (2, 3, 7, 3),
            {"padding": 1},
            "the kernel spans 7×3 (kernel size 7×3, dilation 1×1) but the padded input is only 6×11",
        ),
        (
            (1, 3, 4, 9),
            (2, 3, 3, 3),
            {"dilation": 2},
            "the kernel spans 5×5 (kernel size 3×3, dilation 2×2) but the padded input is only 4×9",
        ),
        ((1, 3, 8, 9), (2, 3, 0, 3), {}, "kernel_size must be at least 1, got 0"),
        ((1, 3, 8, 9), (2, 3, 3, 3), {"stride": 0}, "stride must be at least 1, got 0"),
        ((1, 3, 8, 9), (2, 3, 3, 3), {"stride": (1, -2)}, "stride must be at least 1, got -2"),
        ((1, 3, 8, 9), (2, 3, 3, 3), {"dilation": 0}, "dilation must be at least 1, got 0"),
        ((1, 3, 8, 9), (2, 3, 3, 3), {"padding": -1}, "padding must be at least 0, got -1"),
        (
            (1, 3, 8, 9),
            (2, 3, 3, 3),
            {"padding": (1, 1, 1)},
            "padding has 3 entries, (1, 1, 1), but there are 2 spatial axes",
        ),
        ((1, 3, 8, 9), (2, 3, 3, 3), {"stride": (1,)}, "stride has 1 entries, (1,), but there are 2 spatial axes"),
        (
            (1, 3, 8, 9),
            (2, 3, 3, 3),
            {"padding": "full"},
            "padding must be an int, one per axis, 'valid' or 'same', got 'full'",
        ),
        (
            (1, 3, 8, 9),
            (2, 3, 3, 3),
            {"padding": "same", "stride": 2},
            "padding 'same' keeps the size, which only stride 1 can do, but stride is 2×2",
        ),
        (
            (1, 3, 8, 9),
            (2, 3, 3, 3),
            {"b": image(3)},
            "b has shape (3,) but w has 2 filters, so b must have shape (2,)",
        ),
        ((1, 3, 8, 9), (2, 3, 3, 3), {"b": image(2, 1, 1)}, "b has shape (2, 1, 1) but w has 2 filters"),
        ((1, 3, 8, 9), (2, 3, 3, 3), {"b": image()}, "b has shape () but w has 2 filters"),
    ],
)
def test_conv2d_names_the_shapes_and_the_likely_cause(
    x_shape: tuple[int, ...], w_shape: tuple[int, ...], settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        conv2d(image(*x_shape), image(*w_shape), **settings)
    assert str(raised.value).startswith("conv2d: ")


def test_conv1d_and_conv3d_name_their_own_axes() -> None:
    with pytest.raises(ValueError, match=r"conv1d: x has 2 axes, shape \(3, 8\), but needs 3: N × C_in × T"):
        conv1d(image(3, 8), image(2, 3, 3))
    with pytest.raises(ValueError, match=r"conv3d: w has 4 axes, .* C_out × C_in/groups × K_d × K_h × K_w"):
        conv3d(image(1, 2, 5, 6, 7), image(2, 3, 3, 3))


def test_a_float_where_an_int_belongs_is_a_type_error_that_names_the_cause() -> None:
    with pytest.raises(TypeError, match=r"conv2d: padding must be an int, got 1\.5 .*use //"):
        conv2d(image(1, 3, 8, 9), image(2, 3, 3, 3), padding=1.5)  # pyright: ignore[reportArgumentType]


def test_the_backward_pass_checks_what_the_forward_pass_checks() -> None:
    with pytest.raises(ValueError, match="conv2d_backward: x has 3 channels but w expects 4"):
        conv2d_backward(image(1, 2, 6, 7), image(1, 3, 8, 9), image(2, 4, 3, 3))
