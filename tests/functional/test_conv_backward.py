"""Backward convolutions against torch's automatic differentiation, with random cotangents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from conv_cases import BACKWARD, TORCH, Case, conv_cases, relative_error
from hypothesis import given, settings

from course_lib.functional import conv2d, conv2d_backward, conv_nd


def torch_gradients(
    forward: Callable[..., torch.Tensor], grad_out: np.ndarray, inputs: tuple[np.ndarray, ...], settings: Any
) -> list[np.ndarray]:
    tensors = [torch.from_numpy(array).requires_grad_() for array in inputs]
    gradients = torch.autograd.grad(forward(*tensors, **settings), tensors, torch.from_numpy(grad_out))
    return [gradient.numpy() for gradient in gradients]


def cotangent(case: Case) -> np.ndarray:
    shape = TORCH[case.axes](*map(torch.from_numpy, (case.x, case.w)), **case.settings).shape
    return np.random.default_rng([case.seed, 1]).normal(size=tuple(shape))


@settings(max_examples=120, deadline=None)
@given(conv_cases())
def test_gradients_equal_autograd_with_stride_padding_dilation_and_groups_together(case: Case) -> None:
    grad_out = cotangent(case)
    ours = BACKWARD[case.axes](grad_out, case.x, case.w, **case.settings)
    theirs = torch_gradients(TORCH[case.axes], grad_out, (case.x, case.w, case.b), case.settings)
    for our, their in zip(ours, theirs, strict=True):
        assert relative_error(our, their) < 1e-12


@pytest.mark.parametrize("block_bytes", [1, 700, 5_000])
def test_gradients_equal_autograd_when_an_image_is_cut_into_bands(
    block_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conv_nd, "BLOCK_BYTES", block_bytes)
    rng = np.random.default_rng(15)
    x, w, b = rng.normal(size=(5, 4, 11, 9)), rng.normal(size=(6, 2, 3, 2)), rng.normal(size=6)
    settings: dict[str, Any] = {"stride": (2, 1), "padding": (3, 1), "dilation": (1, 2), "groups": 2}
    grad_out = rng.normal(size=conv2d(x, w, **settings).shape)
    theirs = torch_gradients(torch.conv2d, grad_out, (x, w, b), settings)
    for our, their in zip(conv2d_backward(grad_out, x, w, **settings), theirs, strict=True):
        assert relative_error(our, their) < 1e-12


def test_gradients_with_same_padding_and_an_even_kernel_equal_autograd() -> None:
    rng = np.random.default_rng(16)
    x, w, b = rng.normal(size=(2, 3, 7, 6)), rng.normal(size=(4, 3, 2, 4)), rng.normal(size=4)
    grad_out = rng.normal(size=(2, 4, 7, 6))
    theirs = torch_gradients(torch.conv2d, grad_out, (x, w, b), {"padding": "same"})
    for our, their in zip(conv2d_backward(grad_out, x, w, padding="same"), theirs, strict=True):
        assert relative_error(our, their) < 1e-12


def test_entries_that_no_window_meets_have_gradient_zero() -> None:
    grad_x, _, _ = conv2d_backward(np.ones((1, 1, 2, 1)), np.ones((1, 1, 4, 3)), np.ones((1, 1, 1, 2)), stride=(3, 2))
    assert grad_x.tolist() == [[[[1, 1, 0], [0, 0, 0], [0, 0, 0], [1, 1, 0]]]]


def test_gradients_are_new_arrays_of_the_inputs_dtype_and_inputs_are_unchanged() -> None:
    rng = np.random.default_rng(17)
    x = rng.normal(size=(9, 8, 3, 2)).astype(np.float32).transpose(3, 2, 1, 0)
    w, grad_out = (rng.normal(size=s).astype(np.float32) for s in ((6, 3, 1, 1), (2, 6, 8, 9)))
    before = [array.copy() for array in (grad_out, x, w)]
    for array in (grad_out, x, w):
        array.flags.writeable = False
    gradients = conv2d_backward(grad_out, x, w)
    assert all(np.array_equal(a, then) for a, then in zip((grad_out, x, w), before, strict=True))
    for gradient in gradients:
        assert gradient.dtype == np.float32
        assert gradient.flags.c_contiguous
        assert gradient.flags.writeable
        assert not any(np.shares_memory(gradient, array) for array in (grad_out, x, w))
    contiguous = conv2d_backward(grad_out, np.ascontiguousarray(x), w)
    assert all(np.array_equal(a, b) for a, b in zip(gradients, contiguous, strict=True))


def test_a_cotangent_of_the_wrong_shape_is_named() -> None:
    with pytest.raises(ValueError, match=r"grad_out has shape \(1, 2, 5, 5\) .* has shape \(1, 2, 3, 3\)"):
        conv2d_backward(np.ones((1, 2, 5, 5)), np.ones((1, 1, 5, 5)), np.ones((2, 1, 3, 3)))
