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
    panels = 1 + len(maps)
    columns = min(panels, 2)
    figure, axes = new_figure(7.4, 3.1 * -(-panels // columns), columns, rows=-(-panels // columns))
    (first, *rest), unused = axes[:panels], axes[panels:]
    for ax in unused:
        ax.remove()
    first.imshow(np.asarray(image), cmap="gray", vmin=0, vmax=1)
    first.set_title("image")
    drawn = None
    for ax, (name, response) in zip(rest, maps.items(), strict=True):
        drawn = ax.imshow(response, cmap="cividis", vmin=-largest, vmax=largest)
        ax.set_title(name)
    for ax in (first, *rest):
        ax.set(xlabel="column", ylabel="row")
        ax.tick_params(labelsize=8)
    assert drawn is not None
    figure.colorbar(drawn, ax=axes[:panels], shrink=0.7, label="response")
    return figure
