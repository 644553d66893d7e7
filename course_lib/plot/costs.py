"""What each of several layers costs, as bars."""

from collections.abc import Mapping

from matplotlib.figure import Figure

from course_lib.plot.style import BLUE, PALE_BLUE, new_figure


def cost_figure(costs: Mapping[str, float], unit: str) -> Figure:
    """Draw one horizontal bar for each named cost, the first on top, with the number at its end.

    Args:
        costs: name → cost, in `unit`; the axis starts at 0, so that lengths may be compared.
        unit: label of the axis, for example "million multiply-accumulates".

    Returns:
        The figure, with one axes.

    Raises:
        ValueError: when there is no cost to draw.
    """
    if not costs:
        raise ValueError("cost_figure: no costs given; pass a mapping from a name to a number")
    figure, (ax,) = new_figure(7.0, 0.38 * len(costs) + 0.9)
    bars = ax.barh(list(costs), list(costs.values()), color=PALE_BLUE, edgecolor=BLUE)
    ax.bar_label(bars, [f"{cost:,.1f}" for cost in costs.values()], padding=4, fontsize=9)
    ax.invert_yaxis()
    ax.set(xlabel=unit, xlim=(0, 1.25 * max(costs.values())), title="Cost by layer")
    ax.spines[["top", "right"]].set_visible(False)
    return figure
