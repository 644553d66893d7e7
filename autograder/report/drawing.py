"""Draw planes of numbers side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

_LARGEST_WITH_NUMBERS = 10
_WIDTH, _TITLE = 3.1, 0.55


def draw(planes: Mapping[str, np.ndarray], *, difference: bool, mark: tuple[int, int] | None) -> Figure:
    """Return a figure of the planes; with `difference`, the last one is drawn round zero.

    Args:
        planes: title -> rows × columns.
        difference: whether the last plane is a difference of the others.
        mark: the entry to put a frame round.
    """
    tallest = max(p.shape[0] / p.shape[1] for p in planes.values())
    height = _WIDTH * min(1.1, max(0.25, tallest)) + _TITLE
    figure = Figure(figsize=(_WIDTH * len(planes), height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    compared = list(planes.values())[: -1 if difference else None]
    numbers = np.concatenate([p[np.isfinite(p)] for p in compared])
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 1.0)
    for i, (title, plane) in enumerate(planes.items()):
        axes = figure.add_subplot(1, len(planes), i + 1)
        if difference and i == len(planes) - 1:
            finite = np.abs(plane[np.isfinite(plane)])
            limit = max(float(finite.max()) if finite.size else 0.0, 1e-9 * max(abs(low), abs(high))) or 1.0
            image = axes.imshow(plane, cmap="PuOr", vmin=-limit, vmax=limit)
        else:
            image = axes.imshow(plane, cmap="cividis", vmin=low, vmax=high)
        axes.set_title(title, fontsize=9.5)
        axes.tick_params(length=0, labelsize=8)
        if max(plane.shape) <= _LARGEST_WITH_NUMBERS:
            axes.set_xticks(range(plane.shape[1]))
            axes.set_yticks(range(plane.shape[0]))
            _write_numbers(axes, image, plane)
        else:
            axes.set_xticks([])
            axes.set_yticks([])
            figure.colorbar(image, ax=axes, shrink=0.8)
        if mark is not None:
            _frame(axes, mark)
    return figure


def _write_numbers(axes: Any, image: Any, plane: np.ndarray) -> None:
    texts = {at: _number(value) for at, value in np.ndenumerate(plane)}
    longest = max(map(len, texts.values()))
    size = min(9.0, 260 / (max(plane.shape[1], 3) * max(longest, 3)))
    for (r, c), text in texts.items():
        value = plane[r, c]
        red, green, blue = image.cmap(image.norm(value))[:3] if np.isfinite(value) else (1.0, 1.0, 1.0)
        colour = "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.5 else "black"
        axes.text(c, r, text, ha="center", va="center", fontsize=size, color=colour)


def _number(value: float) -> str:
    if value != 0 and abs(value) < 0.001:
        return "≈0"
    return f"{value:.3g}" if np.isfinite(value) else "NaN" if np.isnan(value) else "∞" if value > 0 else "−∞"


def _frame(axes: Any, mark: tuple[int, int]) -> None:
    for colour, width in (("black", 4.0), ("white", 1.8)):
        axes.add_patch(
            Rectangle((mark[1] - 0.5, mark[0] - 0.5), 1, 1, fill=False, ec=colour, lw=width, zorder=3, clip_on=False)
        )
