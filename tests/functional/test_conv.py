"""Forward convolutions against torch, and the promises that every function of course_lib.functional keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from conv_cases import FORWARD, TORCH, Case, conv_cases, relative_error
from hypothesis import given, settings

from course_lib.functional import conv1d, conv2d, conv3d, conv_nd


@settings(max_examples=120, deadline=None)
@given(conv_cases())
def test_equals_torch_with_stride_padding_dilation_and_groups_together(case: Case) -> None:
    ours = FORWARD[case.axes](case.x, case.w, case.b, **case.settings)
    theirs = TORCH[case.axes](*map(torch.from_numpy, (case.x, case.w, case.b)), **case.settings).numpy()
    assert ours.shape == theirs.shape
    assert relative_error(ours, theirs) < 1e-12


@pytest.mark.parametrize("block_bytes", [1, 700, 5_000])
@pytest.mark.parametrize("groups", [1, 2])
def test_equals_torch_when_an_image_is_cut_into_bands(
    block_bytes: int, groups: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conv_nd, "BLOCK_BYTES", block_bytes)
    rng = np.random.default_rng(5)
    x, w = rng.normal(size=(5, 4, 11, 9)), rng.normal(size=(6, 4 // groups, 3, 2))
    settings: dict[str, Any] = {"stride": (2, 1), "padding": (3, 1), "dilation": (1, 2), "groups": groups}
    theirs = torch.conv2d(torch.from_numpy(x), torch.from_numpy(w), **settings).numpy()
    assert relative_error(conv2d(x, w, **settings), theirs) < 1e-12


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")
@pytest.mark.parametrize("kernel", [(3, 5), (2, 4), (1, 6)])
@pytest.mark.parametrize("dilation", [1, (2, 3)])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_padding_by_name_equals_torch(kernel: tuple[int, int], dilation: Any, padding: Any) -> None:
    rng = np.random.default_rng(6)
    x, w = rng.normal(size=(2, 3, 17, 19)), rng.normal(size=(4, 3, *kernel))
    ours = conv2d(x, w, padding=padding, dilation=dilation)
    theirs = torch.conv2d(torch.from_numpy(x), torch.from_numpy(w), padding=padding, dilation=dilation)
    assert ours.shape == theirs.shape
    assert relative_error(ours, theirs.numpy()) < 1e-12


def test_same_padding_puts_the_odd_zero_at_the_end() -> None:
    assert conv1d([[[1, 2, 3]]], [[[10, 1]]], padding="same").tolist() == [[[12, 23, 30]]]


def test_depthwise_convolution_filters_each_channel_alone() -> None:
    rng = np.random.default_rng(7)
    x, w = rng.normal(size=(2, 5, 8, 7)), rng.normal(size=(5, 1, 3, 3))
    theirs = torch.conv2d(torch.from_numpy(x), torch.from_numpy(w), groups=5).numpy()
    assert relative_error(conv2d(x, w, groups=5), theirs) < 1e-12


@pytest.mark.parametrize(
    ("x_type", "w_type", "b_type", "expected"),
    [
        (np.float32, np.float32, None, np.float32),
        (np.float32, np.float32, np.float32, np.float32),
        (np.float32, np.float64, None, np.float64),
        (np.float32, np.float32, np.float64, np.float64),
        (np.int64, np.int64, None, np.int64),
        (np.int16, np.float32, None, np.float32),
        (np.int32, np.int64, np.float64, np.float64),
    ],
)
def test_dtype_is_what_numpy_promotes_to(x_type: Any, w_type: Any, b_type: Any, expected: Any) -> None:
    rng = np.random.default_rng(8)
    x, w, b = (rng.integers(-5, 6, shape) for shape in ((2, 3, 6, 5), (4, 3, 3, 2), (4,)))
    bias = None if b_type is None else b.astype(b_type)
    y = conv2d(x.astype(x_type), w.astype(w_type), bias, padding=1, stride=2)
    assert y.dtype == expected
    torch_b = None if b_type is None else torch.from_numpy(b)
    assert np.array_equal(y, torch.conv2d(torch.from_numpy(x), torch.from_numpy(w), torch_b, 2, 1).numpy())


def test_inputs_are_unchanged_and_the_result_shares_no_memory_with_them() -> None:
    rng = np.random.default_rng(9)
    for padding in (0, 1):
        x, w, b = rng.normal(size=(2, 3, 5, 4)), rng.normal(size=(6, 3, 1, 1)), rng.normal(size=6)
        before = [array.copy() for array in (x, w, b)]
        for array in (x, w, b):
            array.flags.writeable = False
        y = conv2d(x, w, b, padding=padding)
        assert y.flags.writeable
        assert y.flags.c_contiguous
        assert all(np.array_equal(a, then) for a, then in zip((x, w, b), before, strict=True))
        assert not any(np.shares_memory(y, array) for array in (x, w, b))


def test_strided_inputs_give_what_contiguous_ones_give() -> None:
    rng = np.random.default_rng(10)
    x = rng.normal(size=(9, 16, 3, 2)).transpose(3, 2, 1, 0)[:, :, ::2]
    w = rng.normal(size=(4, 3, 3, 2))[..., ::-1]
    b = rng.normal(size=8)[::2]
    assert not any(array.flags.c_contiguous for array in (x, w, b))
    contiguous = conv2d(*(np.ascontiguousarray(array) for array in (x, w, b)), stride=2, padding=1)
    assert np.array_equal(conv2d(x, w, b, stride=2, padding=1), contiguous)


def test_a_batch_of_one_and_axes_of_length_one_stay() -> None:
    assert conv1d(np.ones((1, 1, 4)), np.ones((1, 1, 4))).shape == (1, 1, 1)
    assert conv2d(np.ones((1, 2, 3, 1)), np.ones((1, 2, 3, 1))).shape == (1, 1, 1, 1)
    assert conv3d(np.ones((1, 1, 2, 3, 4)), np.ones((1, 1, 2, 1, 4))).shape == (1, 1, 1, 3, 1)


def test_an_empty_batch_gives_an_empty_batch() -> None:
    assert conv2d(np.ones((0, 2, 5, 6)), np.ones((3, 2, 2, 2))).shape == (0, 3, 4, 5)
