"""Where the window stops along one axis, and which input entries it never reads."""

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_lib.plot.style import BLUE, GREY, ORANGE, PALE_BLUE, PALE_GREY, new_figure


@dataclass(frozen=True)
class Sweep:
    """One axis under a sliding window: `size` entries, `kernel_size` taps, a `stride`, a `padding` a side."""

    size: int
    kernel_size: int
    stride: int = 1
    padding: int = 0

    @property
    def starts(self) -> list[int]:
        """First input index of every window; entries of the padding in front have negative indices."""
        last = self.size + self.padding - self.kernel_size
        return list(range(-self.padding, last + 1, self.stride))

    @property
    def unread(self) -> list[int]:
        """Indices of the padded axis that no window covers."""
        covered = {start + tap for start in self.starts for tap in range(self.kernel_size)}
        return [i for i in range(-self.padding, self.size + self.padding) if i not in covered]


def positions_figure(*sweeps: Sweep) -> Figure:
    """Draw, for every sweep, the padded axis and below it one bar for each window, numbered by output index.

    Padding is hatched, an entry that no window reads is crossed. Raises ValueError when no sweep is given.
    """
    if not sweeps:
        raise ValueError("positions_figure: give at least one Sweep, for example Sweep(size=8, kernel_size=3)")
    tallest = max(len(sweep.starts) for sweep in sweeps)
    figure, axes = new_figure(2.8 * len(sweeps), 0.28 * tallest + 1.5, len(sweeps))
    for ax, sweep in zip(axes, sweeps, strict=True):
        for index in range(-sweep.padding, sweep.size + sweep.padding):
            padded = not 0 <= index < sweep.size
            face = PALE_GREY if padded else "white"
            hatch = "///" if padded else None
            ax.add_patch(Rectangle((index - 0.5, -1.5), 1, 1, facecolor=face, edgecolor=GREY, hatch=hatch, lw=0.8))
            ground = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none"}
            label = "0" if padded else f"{index}"
            ax.text(index, -1, label, ha="center", va="center", fontsize=9, zorder=4, bbox=ground)
        for index in sweep.unread:
            ax.plot([index - 0.4, index + 0.4], [-1.4, -0.6], color=ORANGE, lw=2.2)
            ax.plot([index - 0.4, index + 0.4], [-0.6, -1.4], color=ORANGE, lw=2.2)
        for output, start in enumerate(sweep.starts):
            bar = Rectangle(
                (start - 0.45, output - 0.35),
                sweep.kernel_size - 0.1,
                0.7,
                facecolor=PALE_BLUE,
                edgecolor=BLUE,
            )
            bar.set_label("window")
            ax.add_patch(bar)
        ax.set(
            xlim=(-sweep.padding - 0.7, sweep.size + sweep.padding - 0.3),
            ylim=(tallest - 0.3, -1.8),
            yticks=np.arange(len(sweep.starts)),
            xticks=[],
            xlabel="input index",
            ylabel="output index",
            title=(
                f"K {sweep.kernel_size}, stride {sweep.stride}, padding {sweep.padding}:\n"
                f"{sweep.size} → {len(sweep.starts)}"
            ),
        )
        ax.xaxis.label.set_fontsize(9)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
    figure.supxlabel("hatched: padding; crossed: read by no window", fontsize=9)
    return figure
