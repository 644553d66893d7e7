"""The spatial size along a stack of layers."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from course_lib.plot.style import LINE_COLOURS, LINE_STYLES, new_figure

MARKERS = ("o", "s", "^", "D")


def shrinkage_figure(sizes: Mapping[str, Sequence[int]]) -> Figure:
    """Draw each named list of sizes (entry l is the side of the map after l layers) as one line."""
    if not sizes:
        raise ValueError("shrinkage_figure: no sizes given; pass a mapping from a name to a list of sides")
    figure, (ax,) = new_figure(6.0, 3.0)
    labelled: set[tuple[int, int]] = set()
    for number, (name, sides) in enumerate(sizes.items()):
        ax.plot(
            range(len(sides)),
            sides,
            label=name,
            marker=MARKERS[number % len(MARKERS)],
            color=LINE_COLOURS[number % len(LINE_COLOURS)],
            linestyle=LINE_STYLES[number % len(LINE_STYLES)],
        )
        for layer, side in enumerate(sides):
            if (layer, side) not in labelled:
                ax.annotate(f"{side}", (layer, side), (0, 6), textcoords="offset points", ha="center", fontsize=9)
            labelled.add((layer, side))
    longest, largest = max(map(len, sizes.values())), max(map(max, sizes.values()))
    ax.set(
        xlabel="layers applied",
        ylabel="side of the map (pixels)",
        title="Side of the map along a stack",
        xticks=range(longest),
        ylim=(0, largest * 1.2),
    )
    ax.legend(fontsize=9)
    ax.spines[["top", "right"]].set_visible(False)
    return figure
