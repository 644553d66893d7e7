"""A matrix with its zeros left blank, so that its band structure can be seen."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from course_lib.plot.cells import signed
from course_lib.plot.style import BLUE, GREY, PALE_BLUE, new_figure


def matrix_figure(matrix: ArrayLike, title: str, xlabel: str, ylabel: str) -> Figure:
    """Draw a 2-D `matrix`: every entry that is not zero as a filled cell with its number, zeros blank.

    Raises ValueError when `matrix` does not have two axes.
    """
    numbers = np.asarray(matrix)
    if numbers.ndim != 2:
        raise ValueError(f"matrix_figure: matrix has {numbers.ndim} axes, but 2 are needed (rows, columns)")
    rows, columns = numbers.shape
    figure, (ax,) = new_figure(max(0.31 * columns, 2.0) + 0.8, 0.31 * rows + 1.1)
    for (row, column), number in np.ndenumerate(numbers):
        if number:
            ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=PALE_BLUE, edgecolor=BLUE, linewidth=0.6))
            ax.text(column, row, signed(number), ha="center", va="center", fontsize=9)
    ax.set(
        xlim=(-0.5, columns - 0.5),
        ylim=(rows - 0.5, -0.5),
        aspect="equal",
        title=title,
        xlabel=xlabel,
        ylabel=ylabel,
        xticks=range(columns),
        yticks=range(rows),
    )
    ax.tick_params(length=0, labelsize=8)
    ax.spines[:].set_color(GREY)
    return figure
