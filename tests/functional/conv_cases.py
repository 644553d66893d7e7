"""Random convolutions whose sizes differ pairwise, so that a swapped axis shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st

from course_lib import functional

FORWARD: dict[int, Callable[..., np.ndarray]] = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}
BACKWARD: dict[int, Callable[..., tuple[np.ndarray, ...]]] = {
    1: functional.conv1d_backward,
    2: functional.conv2d_backward,
    3: functional.conv3d_backward,
}
TORCH: dict[int, Callable[..., torch.Tensor]] = {1: torch.conv1d, 2: torch.conv2d, 3: torch.conv3d}


@dataclass(frozen=True)
class Case:
    axes: int
    x: np.ndarray
    w: np.ndarray
    b: np.ndarray
    settings: dict[str, Any]
    seed: int


@st.composite
def conv_cases(draw: st.DrawFn) -> Case:
    axes = draw(st.integers(1, 3))
    per_axis = [st.tuples(*[st.integers(low, high)] * axes) for low, high in ((1, 4), (1, 3), (0, 3), (1, 3))]
    kernel, stride, padding, dilation = map(draw, per_axis)
    groups = draw(st.integers(1, 3))
    # channels, batch and space come from one list of different numbers
    n, c_in, c_out = draw(st.permutations([1, 2, 3]))
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    space: list[int] = []
    for span, p in zip(spans, padding, strict=True):
        taken = {n, c_in * groups, c_out * groups, *space}
        space.append(draw(st.integers(max(1, span - 2 * p), 12).filter(lambda size, taken=taken: size not in taken)))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    return Case(
        axes,
        x=rng.normal(size=(n, c_in * groups, *space)),
        w=rng.normal(size=(c_out * groups, c_in, *kernel)),
        b=rng.normal(size=c_out * groups),
        settings={"stride": stride, "padding": padding, "dilation": dilation, "groups": groups},
        seed=seed,
    )


def relative_error(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Largest difference, relative to the largest entry; absolute where every entry is exactly zero."""
    assert ours.shape == theirs.shape
    scale = np.max(np.abs(theirs)) or 1.0  # all windows may lie in the padding
    return float(np.max(np.abs(ours - theirs)) / scale)
