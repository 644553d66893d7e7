"""In how many directions the kernel of a 1-D, a 2-D and a 3-D convolution moves."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from course_lib.plot.style import BLUE, GREY, ORANGE, PALE_BLUE, PALE_ORANGE, new_figure

SLANT = (0.42, 0.3)


def _box(ax: Axes, origin: tuple[float, float], size: tuple[float, float, float], face: str, edge: str) -> None:
    """Draw a block of size (depth, height, width) in oblique projection, front face at `origin`."""
    (x, y), (depth, height, width) = origin, size
    dx, dy = SLANT[0] * depth, SLANT[1] * depth
    style = {"facecolor": face, "edgecolor": edge, "linewidth": 1.3}
    ax.add_patch(Rectangle((x, y), width, height, **style))
    for corners in (
        [
            (x, y + height),
            (x + dx, y + height + dy),
            (x + width + dx, y + height + dy),
            (x + width, y + height),
        ],
        [
            (x + width, y),
            (x + width + dx, y + dy),
            (x + width + dx, y + height + dy),
            (x + width, y + height),
        ],
    ):
        if depth:
            ax.add_patch(Polygon(corners, closed=True, **style))


def directions_figure() -> Figure:
    """Draw a strip, a sheet and a block, each with its kernel and an arrow for each direction it moves in."""
    figure, axes = new_figure(7.6, 2.8, 3)
    panels = (
        ("1-D: one direction\ndata (C, T)", (0, 1, 6), (0, 1, 2), [(1, 0)]),
        ("2-D: two directions\ndata (C, H, W)", (0, 5, 6), (0, 2, 2), [(1, 0), (0, -1)]),
        ("3-D: three directions\ndata (C, D, H, W)", (5, 5, 6), (2, 2, 2), [(1, 0), (0, -1), SLANT]),
    )
    for ax, (title, block, kernel, arrows) in zip(axes, panels, strict=True):
        _box(ax, (0, 0), block, PALE_BLUE, BLUE)
        corner = (0.0, float(block[1] - kernel[1]))
        _box(ax, corner, kernel, PALE_ORANGE, ORANGE)
        start = (corner[0] + kernel[2] / 2, corner[1] + kernel[1] / 2)
        for dx, dy in arrows:
            length = 2.7
            ax.annotate(
                "",
                (start[0] + length * dx, start[1] + length * dy),
                start,
                arrowprops={"arrowstyle": "-|>", "color": "black", "lw": 1.8},
            )
        ax.set(title=title, xlim=(-0.5, 8.6), ylim=(-0.5, 7), aspect="equal")
        ax.set_axis_off()
    figure.supxlabel("orange: the kernel; blue: the data of one channel; batch axis not drawn", fontsize=9, color=GREY)
    return figure
