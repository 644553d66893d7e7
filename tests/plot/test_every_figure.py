"""What every figure of course_lib.plot promises, whatever it draws."""

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text

from course_lib import plot

IMAGE, KERNEL, OUTPUT = np.arange(30).reshape(5, 6), np.arange(6).reshape(2, 3) - 2, np.arange(16).reshape(4, 4)

FIGURES: dict[str, Callable[[], Figure]] = {
    "window_figure": lambda: plot.window_figure(IMAGE, KERNEL, OUTPUT, position=(3, 1)),
    "positions_figure": lambda: plot.positions_figure(plot.Sweep(8, 3, 2, 1), plot.Sweep(7, 2)),
    "responses_figure": lambda: plot.responses_figure(plot.shapes_image(), {"a": IMAGE, "b": -IMAGE}),
    "connections_figure": lambda: plot.connections_figure(6, 2),
    "shrinkage_figure": lambda: plot.shrinkage_figure({"valid": [9, 7, 5], "same": [9, 9, 9]}),
    "filter_bank_figure": lambda: plot.filter_bank_figure(3, 32, 6, 5, 28),
    "directions_figure": plot.directions_figure,
    "matrix_figure": lambda: plot.matrix_figure(KERNEL, "kernel", "column", "row"),
    "forecast_figure": lambda: plot.forecast_figure(np.sin(np.arange(40)), 30, {"zero": np.zeros(10)}),
    "cost_figure": lambda: plot.cost_figure({"a": 3.0, "b": 12.5}, "million multiply-accumulates"),
}
PICTURES_WITHOUT_AXES = {"window_figure", "connections_figure", "filter_bank_figure", "directions_figure"}


def test_every_figure_function_is_under_test() -> None:
    assert set(FIGURES) == {name for name in plot.__all__ if name.endswith("_figure")}


@pytest.fixture(params=sorted(FIGURES))
def named_figure(request: pytest.FixtureRequest) -> tuple[str, Figure]:
    plt.close("all")  # whatever other tests left open
    return request.param, FIGURES[request.param]()


def texts(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if isinstance(text, Text) and text.get_text().strip()]


def test_a_figure_has_a_title_over_every_panel(named_figure: tuple[str, Figure]) -> None:
    panels = [ax for ax in named_figure[1].axes if ax.get_label() != "<colorbar>"]
    assert panels
    assert all(ax.get_title() for ax in panels)


def test_axes_with_a_scale_are_labelled(named_figure: tuple[str, Figure]) -> None:
    name, figure = named_figure
    scaled = [ax for ax in figure.axes if ax.axison and ax.get_label() != "<colorbar>"]
    assert bool(scaled) is (name not in PICTURES_WITHOUT_AXES)
    for ax in scaled:
        assert ax.get_xlabel()
        # the bars of cost_figure carry their names where others have a scale
        assert ax.get_ylabel() or [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_letters_stay_legible_in_a_column_of_the_book(named_figure: tuple[str, Figure]) -> None:
    figure = named_figure[1]
    figure.draw_without_rendering()
    column = 7.0  # inches: a figure that is wider is scaled down to the column
    scale = min(1.0, column / figure.get_figwidth())
    smallest = min(float(text.get_fontsize()) for text in texts(figure) if text.get_visible())
    assert smallest * scale >= 6.5


def test_a_figure_fits_a_page_and_stands_on_white(named_figure: tuple[str, Figure]) -> None:
    figure = named_figure[1]
    assert 2 <= figure.get_figwidth() <= 9
    assert 1 <= figure.get_figheight() <= 7
    assert figure.get_facecolor() == (1.0, 1.0, 1.0, 1.0)


def test_a_figure_is_shown_once_because_pyplot_does_not_keep_it(named_figure: tuple[str, Figure]) -> None:
    assert not plt.get_fignums()
    assert named_figure[1].canvas is not None


def test_drawing_leaves_the_data_as_they_were() -> None:
    image, kernel, output = IMAGE.copy(), KERNEL.copy(), OUTPUT.copy()
    plot.window_figure(image, kernel, output, padding=1)
    plot.matrix_figure(kernel, "kernel", "column", "row")
    assert np.array_equal(image, IMAGE)
    assert np.array_equal(kernel, KERNEL)
    assert np.array_equal(output, OUTPUT)
