"""The look that all figures share: white ground, one colour-blind-safe palette, legible letters."""

from collections.abc import Sequence

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# The colours of Okabe and Ito, told apart by every common kind of colour vision.
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#595959"
PALE_BLUE, PALE_ORANGE, PALE_GREY = "#CFE6F5", "#FBDCC4", "#ECECEC"
LINE_STYLES: Sequence[str] = ("solid", "dashed", "dotted", "dashdot")
LINE_COLOURS: Sequence[str] = (BLUE, ORANGE, GREEN, PURPLE)

FONT_SIZE = 10


def new_figure(
    width: float, height: float, columns: int = 1, ratios: Sequence[float] | None = None, rows: int = 1
) -> tuple[Figure, list[Axes]]:
    """Make a figure of `width` × `height` inches with `rows` × `columns` axes, and the list of those axes.

    The figure is taken out of pyplot's register at once: a notebook then shows it where it is returned, and
    only there.
    """
    with plt.rc_context({"font.size": FONT_SIZE, "axes.titlesize": FONT_SIZE + 1}):
        figure, axes = plt.subplots(
            rows,
            columns,
            figsize=(width, height),
            dpi=120,
            layout="constrained",
            squeeze=False,
            width_ratios=ratios,
        )
    figure.set_facecolor("white")
    plt.close(figure)
    return figure, list(np.ravel(axes))
