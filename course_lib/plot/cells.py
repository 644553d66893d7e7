"""A matrix drawn as a grid of cells with its numbers in them."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from course_lib.plot.style import FONT_SIZE, GREY, PALE_GREY


def signed(number: float) -> str:
    """Write a number with a true minus sign, which is as wide as a plus."""
    return f"{number:g}".replace("-", "−")


def draw_cells(
    ax: Axes,
    matrix: ArrayLike,
    title: str = "",
    padding: tuple[int, int] = (0, 0),
    font_size: float = FONT_SIZE,
) -> None:
    """Draw `matrix` (2-D) cell by cell, row 0 on top; the outer `padding` rows and columns are hatched."""
    numbers = np.asarray(matrix)
    if numbers.ndim != 2:
        raise ValueError(f"draw_cells: matrix has {numbers.ndim} axes, but a grid of cells needs exactly 2")
    height, width = numbers.shape
    for (row, column), number in np.ndenumerate(numbers):
        inside = padding[0] <= row < height - padding[0] and padding[1] <= column < width - padding[1]
        ground = None if inside else {"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": "none"}
        ax.add_patch(
            Rectangle(
                (column - 0.5, row - 0.5),
                1,
                1,
                facecolor="white" if inside else PALE_GREY,
                edgecolor=GREY,
                linewidth=0.6,
                hatch=None if inside else "///",
                zorder=1,
            )
        )
        ax.text(column, row, signed(number), ha="center", va="center", fontsize=font_size, zorder=4, bbox=ground)
    ax.set(xlim=(-0.6, width - 0.4), ylim=(height - 0.4, -0.6), aspect="equal", title=title)
    ax.set_axis_off()


def outline(ax: Axes, top: int, left: int, height: int, width: int, face: str, edge: str) -> Rectangle:
    """Fill and frame the block of cells whose first cell is (`top`, `left`), and return the frame."""
    ax.add_patch(
        Rectangle((left - 0.5, top - 0.5), width, height, facecolor=face, edgecolor="none", alpha=0.75, zorder=2)
    )
    frame = Rectangle((left - 0.5, top - 0.5), width, height, facecolor="none", edgecolor=edge, linewidth=2.6, zorder=3)
    ax.add_patch(frame)
    return frame
