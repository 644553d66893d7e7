"""One convolution for any number of spatial axes: blocks of windows, one matrix product each."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_lib.functional.checks import check_bias, check_input_and_weight
from course_lib.functional.sliding import SlidingWindow

BLOCK_BYTES = 2 << 20
"""Columns written at a time: few enough to stay in a core's cache, enough for a fast matrix product."""


def conv_nd(
    caller: str,
    axes: int,
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
) -> np.ndarray:
    """Return the convolution of x with w: one matrix product for each block of windows and group of channels.

    y[n, o, p] = b[o] + Σ_{c, k} w[o, c, k] · x_padded[n, c, S·p + D·k]
    """
    x, w, groups = _arrays(caller, axes, x, w, groups)
    if b is not None:
        b = np.asarray(b)
        check_bias(caller, b.shape, w.shape)
    window = SlidingWindow.of(caller, axes, w.shape[2:], stride, padding, dilation)
    positions = window.output_size(x.shape[2:])
    dtype = np.result_type(x, w) if b is None else np.result_type(x, w, b)

    windows = window.windows(window.pad(x.astype(dtype, copy=False)))
    w_rows = w.astype(dtype, copy=False).reshape(groups, len(w) // groups, prod(w.shape[1:]))
    y = np.empty((len(x), len(w), *positions), dtype)
    for block in _blocks(y.shape, x.shape[1] * prod(w.shape[2:]) * dtype.itemsize):
        y_rows = w_rows @ _columns(windows[block], groups)
        y[block] = _from_rows(y_rows, y[block].shape)
    if b is not None:
        y += b.reshape(-1, *[1] * axes)
    return y


def conv_nd_backward(
    caller: str,
    axes: int,
    grad_out: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of ⟨grad_out, y⟩ by x, w and b: two matrix products a block, then col2im.

    grad_w[o, c, k] = Σ_{n, p} grad_out[n, o, p] · x_padded[n, c, S·p + D·k]
    grad_x_padded[n, c, i] = Σ w[o, c, k] · grad_out[n, o, p] over all (o, k, p) with S·p + D·k = i
    """
    x, w, groups = _arrays(caller, axes, x, w, groups)
    window = SlidingWindow.of(caller, axes, w.shape[2:], stride, padding, dilation)
    grad_out = np.asarray(grad_out)
    expected = (len(x), len(w), *window.output_size(x.shape[2:]))
    if grad_out.shape != expected:
        raise ValueError(
            f"{caller}: grad_out has shape {grad_out.shape} but the output it belongs to has shape {expected} "
            f"(were stride, padding and dilation the same as in the forward pass?)"
        )
    dtype = np.result_type(grad_out, x, w)

    windows = window.windows(window.pad(x.astype(dtype, copy=False)))
    w_rows = w.astype(dtype, copy=False).reshape(groups, len(w) // groups, prod(w.shape[1:]))
    grad_w = np.zeros_like(w_rows)
    grad_padded = np.zeros((*x.shape[:2], *window.padded_size(x.shape[2:])), dtype)
    grad_windows = window.windows(grad_padded, writeable=True)
    for block in _blocks(expected, x.shape[1] * prod(w.shape[2:]) * dtype.itemsize):
        grad_rows = _rows(grad_out[block].astype(dtype, copy=False), groups)
        grad_w += grad_rows @ _columns(windows[block], groups).swapaxes(1, 2)
        grad_columns = w_rows.swapaxes(1, 2) @ grad_rows
        window.add_to_windows(grad_windows[block], _by_entry(grad_columns, windows[block].shape))
    grad_b = grad_out.sum((0, *range(2, 2 + axes)), dtype=dtype)
    return window.crop(grad_padded), grad_w.reshape(w.shape), grad_b


def _arrays(caller: str, axes: int, x: ArrayLike, w: ArrayLike, groups: Any) -> tuple[np.ndarray, np.ndarray, int]:
    x, w = np.asarray(x), np.asarray(w)
    return x, w, check_input_and_weight(caller, axes, x.shape, w.shape, groups)


def _blocks(y_shape: tuple[int, ...], column_bytes: int) -> Iterator[tuple[slice, slice, slice]]:
    """Cut N × C × positions into whole images, or into bands of one image, of about BLOCK_BYTES."""
    n, _, height, *rest = y_shape
    row_bytes = max(1, column_bytes * prod(rest))
    rows = min(height, max(1, BLOCK_BYTES // row_bytes))
    images = max(1, BLOCK_BYTES // (row_bytes * height))
    for i in range(0, n, images):
        for j in range(0, height, rows):
            yield slice(i, i + images), slice(None), slice(j, j + rows)


def _columns(windows: np.ndarray, groups: int) -> np.ndarray:
    """N × C × positions × kernel → groups × (C/groups · kernel) × (N · positions), copied."""
    axes = (windows.ndim - 2) // 2
    ordered = windows.transpose(1, *range(2 + axes, 2 + 2 * axes), 0, *range(2, 2 + axes))
    rows = prod(ordered.shape[: 1 + axes]) // groups
    return np.ascontiguousarray(ordered).reshape(groups, rows, prod(ordered.shape[1 + axes :]))


def _by_entry(columns: np.ndarray, windows_shape: tuple[int, ...]) -> np.ndarray:
    """groups × (C/groups · kernel) × (N · positions) → kernel × N × C × positions, a view."""
    axes = (len(windows_shape) - 2) // 2
    (n, c), positions, kernel = windows_shape[:2], windows_shape[2 : 2 + axes], windows_shape[2 + axes :]
    split = columns.reshape(c, *kernel, n, *positions)
    return split.transpose(*range(1, 2 + axes), 0, *range(2 + axes, 2 + 2 * axes))


def _rows(y: np.ndarray, groups: int) -> np.ndarray:
    """N × C × positions → groups × C/groups × (N · positions)."""
    return y.swapaxes(0, 1).reshape(groups, y.shape[1] // groups, len(y) * prod(y.shape[2:]))


def _from_rows(rows: np.ndarray, y_shape: tuple[int, ...]) -> np.ndarray:
    """groups × C/groups × (N · positions) → N × C × positions, a view."""
    n, c, *positions = y_shape
    return rows.reshape(c, n, *positions).swapaxes(0, 1)
