"""A time series and the forecasts made for its end."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_lib.plot.style import LINE_COLOURS, LINE_STYLES, new_figure


def forecast_figure(series: ArrayLike, start: int, forecasts: Mapping[str, ArrayLike]) -> Figure:
    """Draw `series` (T,) and each named forecast; the first value of a forecast belongs to time `start`."""
    observed = np.asarray(series)
    if not 0 < start < observed.shape[0]:
        raise ValueError(f"forecast_figure: start is {start}, outside the series of length {observed.shape[0]}")
    figure, (ax,) = new_figure(8.4, 2.9)
    ax.plot(observed, color="black", linewidth=1.0, marker=".", markersize=4, label="observed")
    for number, (name, values) in enumerate(forecasts.items()):
        predicted = np.asarray(values)
        ax.plot(
            np.arange(start, start + predicted.shape[0]),
            predicted,
            color=LINE_COLOURS[number % len(LINE_COLOURS)],
            linestyle=LINE_STYLES[(number + 1) % len(LINE_STYLES)],
            linewidth=2,
            label=name,
        )
    ax.axvline(start - 0.5, color="black", linewidth=1)
    low, high = ax.get_ylim()
    ax.set_ylim(low, high + 0.12 * (high - low))
    ax.text(start - 2, high, "fitted on this side", ha="right", va="bottom", fontsize=9)
    ax.text(start + 1, high, "forecast on this side", ha="left", va="bottom", fontsize=9)
    ax.set(xlabel="time step", ylabel="value", title="One-step-ahead forecast")
    figure.legend(fontsize=9, loc="outside lower center", ncols=1 + len(forecasts))
    ax.spines[["top", "right"]].set_visible(False)
    return figure
