"""One step of a convolution: the window on the input, the kernel, and the output cell they make."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_lib.plot.cells import draw_cells, outline
from course_lib.plot.style import BLUE, FONT_SIZE, ORANGE, PALE_BLUE, PALE_ORANGE, new_figure


def window_figure(
    x: ArrayLike,
    w: ArrayLike,
    y: ArrayLike,
    position: tuple[int, int] = (0, 0),
    padding: int = 0,
    stride: int = 1,
) -> Figure:
    """Draw input, kernel and output side by side, the window of output cell `position` framed in all three.

    The window of output cell (n, m) begins at row n·stride, column m·stride of the padded input.

    Args:
        x: input, (H, W).
        w: kernel, (K_h, K_w).
        y: output, (H_out, W_out), as computed by the caller; the figure computes nothing.
        position: row and column of the output cell.
        padding: rings of zeros drawn round x, hatched.
        stride: step of the window.

    Returns:
        The figure, with three axes: input, kernel, output.

    Raises:
        ValueError: when the window of `position` does not lie inside the padded input.
    """
    image, kernel, output = np.pad(np.asarray(x), padding), np.asarray(w), np.asarray(y)
    top, left = position[0] * stride, position[1] * stride
    if top + kernel.shape[0] > image.shape[0] or left + kernel.shape[1] > image.shape[1]:
        raise ValueError(
            f"window_figure: output cell {position} with stride {stride} needs rows {top} to "
            f"{top + kernel.shape[0] - 1} and columns {left} to {left + kernel.shape[1] - 1}, "
            f"but the padded input is {image.shape[0]} × {image.shape[1]}"
        )
    widths = [image.shape[1], max(kernel.shape[1], 3), output.shape[1]]
    tallest = max(image.shape[0], output.shape[0])
    figure, (left_ax, middle_ax, right_ax) = new_figure(0.36 * sum(widths) + 1.4, 0.36 * tallest + 0.6, 3, widths)
    frame = f" + padding {padding}" if padding else ""
    size = f"{image.shape[0] - 2 * padding} × {image.shape[1] - 2 * padding}"
    draw_cells(left_ax, image, f"input {size}{frame}", (padding, padding))
    draw_cells(middle_ax, kernel, f"kernel {kernel.shape[0]} × {kernel.shape[1]}")
    draw_cells(right_ax, output, f"output {output.shape[0]} × {output.shape[1]}", font_size=FONT_SIZE)
    outline(left_ax, top, left, *kernel.shape, face=PALE_BLUE, edge=BLUE)
    outline(right_ax, *position, 1, 1, face=PALE_ORANGE, edge=ORANGE)
    return figure
