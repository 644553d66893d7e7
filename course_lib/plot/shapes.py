"""A small drawn picture to convolve: nothing is loaded, so every reader has the same pixels."""

import numpy as np
from numpy.typing import NDArray


def shapes_image(size: int = 48) -> NDArray[np.float64]:
    """Draw a rectangle, a disc and a slanted stroke, bright on dark: (size, size), values in [0, 1]."""
    if size < 16:
        raise ValueError(f"shapes_image: size is {size}; below 16 pixels the three shapes run into each other")
    row, column = np.mgrid[0:size, 0:size] / size
    rectangle = (row > 0.12) & (row < 0.42) & (column > 0.1) & (column < 0.5)
    disc = (row - 0.32) ** 2 + (column - 0.76) ** 2 < 0.15**2
    stroke = (abs(row + 0.55 * column - 1.02) < 0.05) & (column > 0.12) & (column < 0.88)
    return np.where(rectangle, 1.0, np.where(disc, 0.75, np.where(stroke, 0.9, 0.1)))
