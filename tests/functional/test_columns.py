"""im2col and col2im against torch's unfold and fold, and against each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from conv_cases import FORWARD, Case, conv_cases, relative_error
from hypothesis import given, settings

from course_lib.functional import col2im, conv2d, im2col

SETTINGS = [
    {},
    {"stride": 2, "padding": 1},
    {"stride": (3, 1), "padding": (0, 2), "dilation": (2, 1)},
    {"stride": (1, 2), "padding": (3, 1), "dilation": (1, 3)},
]


def one_channel_group(case: Case) -> dict[str, Any]:
    return {name: value for name, value in case.settings.items() if name != "groups"}


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("kernel", [(2, 3), (3, 1)])
@pytest.mark.parametrize("n", [1, 4])
def test_im2col_equals_unfold(settings: dict[str, Any], kernel: tuple[int, int], n: int) -> None:
    x = np.random.default_rng(20).normal(size=(n, 5, 8, 9))
    theirs = torch.nn.functional.unfold(torch.from_numpy(x), kernel, **settings).numpy()
    assert np.array_equal(im2col(x, kernel, **settings), theirs)


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("kernel", [(2, 3), (3, 1)])
@pytest.mark.parametrize("n", [1, 4])
def test_col2im_equals_fold(settings: dict[str, Any], kernel: tuple[int, int], n: int) -> None:
    rng = np.random.default_rng(21)
    cols = rng.normal(size=im2col(np.zeros((n, 5, 8, 9)), kernel, **settings).shape)
    theirs = torch.nn.functional.fold(torch.from_numpy(cols), (8, 9), kernel, **settings).numpy()
    assert relative_error(col2im(cols, (8, 9), kernel, **settings), theirs) < 1e-12


@settings(max_examples=60, deadline=None)
@given(conv_cases())
def test_col2im_is_the_adjoint_of_im2col_over_any_number_of_axes(case: Case) -> None:
    kernel, settings = case.w.shape[2:], one_channel_group(case)
    cols = im2col(case.x, kernel, **settings)
    y = np.random.default_rng([case.seed, 2]).normal(size=cols.shape)
    back = col2im(y, case.x.shape[2:], kernel, **settings)
    assert back.shape == case.x.shape
    scale = np.linalg.norm(cols) * np.linalg.norm(y) + 1e-3
    assert abs(np.vdot(cols, y) - np.vdot(case.x, back)) < 1e-12 * scale


@settings(max_examples=60, deadline=None)
@given(conv_cases())
def test_convolution_is_one_matrix_product_with_the_columns(case: Case) -> None:
    if case.settings["groups"] == 1:
        y = case.w.reshape(len(case.w), -1) @ im2col(case.x, case.w.shape[2:], **one_channel_group(case))
        conv = FORWARD[case.axes](case.x, case.w, **case.settings)
        assert relative_error(y.reshape(conv.shape), conv) < 1e-12


def test_an_int_size_means_one_axis() -> None:
    assert col2im(np.ones((1, 2, 3)), 4, 2).tolist() == [[[1, 2, 2, 1]]]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.float32, np.int16])
def test_columns_are_new_arrays_of_the_same_dtype_and_inputs_are_unchanged(dtype: Any, order: Any) -> None:
    x = np.arange(2 * 3 * 4 * 5, dtype=dtype).reshape(2, 3, 4, 5).copy(order=order)
    before = x.copy()
    x.flags.writeable = False
    cols = im2col(x, 1)
    image = col2im(cols, (4, 5), 1)
    assert np.array_equal(image, before)
    assert np.array_equal(x, before)
    assert cols.dtype == image.dtype == dtype
    assert cols.flags.writeable
    assert not np.shares_memory(x, cols)
    assert not np.shares_memory(cols, image)


def test_columns_of_a_wrong_rank_or_shape_are_named() -> None:
    with pytest.raises(ValueError, match=r"im2col: x has shape \(4, 5\) but needs N × C × space"):
        im2col(np.ones((4, 5)), 2)
    with pytest.raises(ValueError, match=r"im2col: the kernel spans 5×5 .* the padded input is only 4×6"):
        im2col(np.ones((1, 1, 4, 6)), 3, dilation=2)
    for shape in ((1, 5, 9), (1, 4, 8), (4, 9)):
        with pytest.raises(ValueError, match=r"col2im: cols has shape .* need N × \(C · 4\) × 9"):
            col2im(np.ones(shape), (4, 4), 2)


def test_padding_by_name_works_for_columns_too() -> None:
    x = np.random.default_rng(22).normal(size=(2, 3, 5, 6))
    w = np.random.default_rng(23).normal(size=(4, 3, 2, 3))
    y = (w.reshape(4, -1) @ im2col(x, (2, 3), padding="same")).reshape(2, 4, 5, 6)
    assert relative_error(y, conv2d(x, w, padding="same")) < 1e-12
