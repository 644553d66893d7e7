"""Which output sees which input: a dense layer, a locally connected one, a convolution."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course_lib.plot.style import BLUE, GREY, LINE_COLOURS, LINE_STYLES, ORANGE, new_figure


def _units(ax: Axes, inputs: int, outputs: int, shift: float) -> None:
    for i in range(inputs):
        ax.text(i, -0.08, f"x{i}", ha="center", va="top", fontsize=9)
    for o in range(outputs):
        ax.text(o + shift, 1.08, f"y{o}", ha="center", va="bottom", fontsize=9)
    ax.scatter(range(inputs), [0] * inputs, s=70, color=BLUE, zorder=3)
    ax.scatter([o + shift for o in range(outputs)], [1] * outputs, s=70, color=ORANGE, marker="s", zorder=3)


def connections_figure(inputs: int = 7, kernel_size: int = 3) -> Figure:
    """Draw the wires from `inputs` inputs to the outputs of a valid one-dimensional layer, three times.

    Dense: every pair is joined. Locally connected: K wires an output, each with a weight of its own.
    Convolution: the same wires, but wire k has the same weight (the same colour and stroke) everywhere.
    Raises ValueError when the kernel is longer than the input.
    """
    outputs = inputs - kernel_size + 1
    if outputs < 1:
        raise ValueError(f"connections_figure: a kernel of {kernel_size} does not fit into {inputs} inputs")
    shift = (inputs - outputs) / 2
    figure, axes = new_figure(8.0, 2.5, 3)
    counts = {
        f"dense: {inputs * outputs} weights": range(inputs),
        f"locally connected: {kernel_size * outputs} weights": None,
        f"convolution: {kernel_size} weights": None,
    }
    for panel, (ax, (title, everything)) in enumerate(zip(axes, counts.items(), strict=True)):
        for o in range(outputs):
            for i in everything if everything is not None else range(o, o + kernel_size):
                shared = panel == 2
                ax.plot(
                    [i, o + shift],
                    [0, 1],
                    color=LINE_COLOURS[(i - o) % len(LINE_COLOURS)] if shared else GREY,
                    linestyle=LINE_STYLES[(i - o) % len(LINE_STYLES)] if shared else "solid",
                    linewidth=1.8 if shared else 0.9,
                    zorder=1,
                )
        _units(ax, inputs, outputs, shift)
        ax.set(title=title, xlim=(-0.6, inputs - 0.4), ylim=(-0.35, 1.35))
        ax.set_axis_off()
    return figure
