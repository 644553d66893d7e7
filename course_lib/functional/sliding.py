"""The geometry of a kernel that slides over its input: padding, output size, windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_lib.functional.checks import PerAxis, by, int_per_axis

Padding: TypeAlias = PerAxis | Literal["valid", "same"]
"""Zeros on each side of an axis (an int, or one per axis), or what `"valid"` and `"same"` stand for."""


@dataclass(frozen=True)
class SlidingWindow:
    """Where a kernel stands on its input; every setting has one entry per spatial axis.

    Kernel entry `k` of output position `p` meets entry `stride · p + dilation · k` of the padded input.
    `padding` holds (zeros before, zeros after). Source: Dumoulin and Visin, 2016, arXiv:1603.07285.
    """

    caller: str
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[tuple[int, int], ...]
    dilation: tuple[int, ...]

    @classmethod
    def of(
        cls, caller: str, axes: int, kernel_size: Any, stride: Any = 1, padding: Any = 0, dilation: Any = 1
    ) -> SlidingWindow:
        """Check the settings as a user gave them; `caller` opens every message."""
        kernel_size = int_per_axis(caller, "kernel_size", kernel_size, axes, 1)
        stride = int_per_axis(caller, "stride", stride, axes, 1)
        dilation = int_per_axis(caller, "dilation", dilation, axes, 1)
        zeros = _zeros(caller, padding, kernel_size, stride, dilation)
        return cls(caller, kernel_size, stride, zeros, dilation)

    @property
    def span(self) -> tuple[int, ...]:
        """Entries from the first to the last that the kernel meets: D(K − 1) + 1."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.kernel_size, self.dilation, strict=True))

    def padded_size(self, size: Sequence[int]) -> tuple[int, ...]:
        """Return the size of the input with its zeros on both sides."""
        return tuple(n + sum(zeros) for n, zeros in zip(size, self.padding, strict=True))

    def output_size(self, size: Sequence[int]) -> tuple[int, ...]:
        """Return ⌊(H + zeros − D(K − 1) − 1) / S⌋ + 1 for each axis; ValueError where the kernel does not fit."""
        padded = self.padded_size(size)
        if any(n < span for n, span in zip(padded, self.span, strict=True)):
            raise ValueError(
                f"{self.caller}: the kernel spans {by(self.span)} (kernel size {by(self.kernel_size)}, "
                f"dilation {by(self.dilation)}) but the padded input is only {by(padded)}, so it fits nowhere "
                f"(use more padding, a smaller kernel, or check the order of the axes)"
            )
        return tuple((n - span) // s + 1 for n, span, s in zip(padded, self.span, self.stride, strict=True))

    def pad(self, x: np.ndarray) -> np.ndarray:
        """Return x (N × C × space) with its zeros; x itself where there are none to add."""
        if not any(map(any, self.padding)):
            return x
        return np.pad(x, ((0, 0), (0, 0), *self.padding))

    def crop(self, x_padded: np.ndarray) -> np.ndarray:
        """Return a new array without the zeros: the adjoint of `pad`."""
        sizes = x_padded.shape[2:]
        kept = (slice(a, n - b) for n, (a, b) in zip(sizes, self.padding, strict=True))
        return x_padded[:, :, *kept].copy()

    def windows(self, x_padded: np.ndarray, *, writeable: bool = False) -> np.ndarray:
        """View x_padded as N × C × output positions × kernel entries; the windows overlap in memory."""
        axes = tuple(range(2, x_padded.ndim))
        every = sliding_window_view(x_padded, self.span, axes, writeable=writeable)
        at_stride = (slice(None, None, s) for s in self.stride)
        at_dilation = (slice(None, None, d) for d in self.dilation)
        return every[:, :, *at_stride, *at_dilation]

    def add_to_windows(self, windows: np.ndarray, columns: np.ndarray) -> None:
        """Add `columns` (kernel entries × N × C × positions) to a writeable view: the adjoint of reading it.

        One kernel entry meets each input entry at most once, so its share can be added in one go; the whole
        view cannot, because NumPy would count an entry that several windows share only once.
        """
        for entry in np.ndindex(self.kernel_size):
            windows[..., *entry] += columns[entry]


def _zeros(
    caller: str,
    padding: Any,
    kernel_size: tuple[int, ...],
    stride: tuple[int, ...],
    dilation: tuple[int, ...],
) -> tuple[tuple[int, int], ...]:
    if not isinstance(padding, str):
        sides = int_per_axis(caller, "padding", padding, len(kernel_size), 0)
        return tuple((p, p) for p in sides)
    if padding == "valid":
        return ((0, 0),) * len(kernel_size)
    if padding != "same":
        raise ValueError(f"{caller}: padding must be an int, one per axis, 'valid' or 'same', got {padding!r}")
    if any(s != 1 for s in stride):
        raise ValueError(
            f"{caller}: padding 'same' keeps the size, which only stride 1 can do, but stride is {by(stride)} "
            f"(for half the size, give the padding as a number)"
        )
    totals = (d * (k - 1) for k, d in zip(kernel_size, dilation, strict=True))
    return tuple((total // 2, total - total // 2) for total in totals)
