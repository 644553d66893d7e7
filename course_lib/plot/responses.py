"""An image and what filters answer to it, on one colour scale that is symmetric about zero."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course_lib.plot.style import new_figure


def responses_figure(image: ArrayLike, responses: Mapping[str, ArrayLike]) -> Figure:
    """Draw `image` (H, W) in grey, each named response (H_out, W_out) from dark (negative) to light.

    All responses share one scale, [−m, m] with m the largest absolute response, so that they may be compared.
    Raises ValueError when there is no response.
    """
    if not responses:
        raise ValueError("responses_figure: no response given; pass a mapping from a name to a response map")
    maps = {name: np.asarray(response) for name, response in responses.items()}
    largest = max(float(np.abs(response).max()) for response in maps.values())
    figure, (first, *rest) = new_figure(2.6 * (1 + len(maps)) + 0.6, 2.9, 1 + len(maps))
    first.imshow(np.asarray(image), cmap="gray", vmin=0, vmax=1)
    first.set_title("image")
    drawn = None
    for ax, (name, response) in zip(rest, maps.items(), strict=True):
        drawn = ax.imshow(response, cmap="cividis", vmin=-largest, vmax=largest)
        ax.set_title(name)
    for ax in (first, *rest):
        ax.set(xlabel="column", ylabel="row" if ax is first else "")
        ax.tick_params(labelsize=8)
    assert drawn is not None
    figure.colorbar(drawn, ax=rest, shrink=0.8, label="response")
    return figure
