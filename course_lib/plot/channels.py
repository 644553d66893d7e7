"""A filter bank as boxes: C_in maps in, one filter as deep as they are for every map out."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_lib.plot.style import BLUE, GREEN, ORANGE, PALE_BLUE, PALE_ORANGE, new_figure

STEP = 0.18


def _stack(ax: Axes, x: float, y: float, side: float, depth: int, face: str, edge: str) -> None:
    for layer in reversed(range(depth)):
        ax.add_patch(
            Rectangle((x + layer * STEP, y + layer * STEP), side, side, facecolor=face, edgecolor=edge, lw=1.1)
        )


def filter_bank_figure(in_channels: int, size: int, out_channels: int, kernel_size: int, out_size: int) -> Figure:
    """Draw `in_channels` maps of side `size`, `out_channels` filters and the `out_channels` maps they make.

    The sides in the picture are not to scale; the labels carry the numbers. At most eight filters are drawn.
    """
    if not 1 <= out_channels <= 8:
        raise ValueError(f"filter_bank_figure: out_channels is {out_channels}; from 1 to 8 filters can be drawn")
    figure, (ax,) = new_figure(8.4, 3.6)
    height = 1.1 * out_channels
    middle = height / 2
    _stack(ax, 0, middle - 1.4, 2.6, in_channels, PALE_BLUE, BLUE)
    ax.text(1.4, middle - 1.8, f"input\n{in_channels} × {size} × {size}", ha="center", va="top")
    for number in range(out_channels):
        y = height - 1.1 * (number + 1) + 0.2
        _stack(ax, 5.2, y, 0.55, in_channels, "#CDEBE1", GREEN)
        ax.annotate("", (8.6, y + 0.4), (6.4, y + 0.4), arrowprops={"arrowstyle": "->", "color": "black"})
        ax.text(7.5, y + 0.45, f"+ b{number}", ha="center", va="bottom", fontsize=9)
        ax.text(4.95, y + 0.3, f"w{number}", ha="right", va="center", fontsize=9)
    ax.text(5.6, -0.2, f"{out_channels} filters, each\n{in_channels} × {kernel_size} × {kernel_size}",
            ha="center", va="top")  # fmt: skip
    _stack(ax, 9.0, middle - 1.2, 2.2, out_channels, PALE_ORANGE, ORANGE)
    ax.text(10.4, middle - 1.8, f"output\n{out_channels} × {out_size} × {out_size}", ha="center", va="top")
    ax.annotate("", (4.3, middle), (3.2, middle), arrowprops={"arrowstyle": "->", "color": "black"})
    ax.set(
        xlim=(-0.3, 13),
        ylim=(-1.4, height + 0.4),
        aspect="equal",
        title="One filter, one bias, one output map",
    )
    ax.set_axis_off()
    return figure
