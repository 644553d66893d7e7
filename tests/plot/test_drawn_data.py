"""The figures draw the data they are given: read back from the drawn objects, never from pixels."""

import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from course_lib import plot


def drawn_numbers(ax: Axes) -> dict[tuple[int, int], float]:
    """Read the numbers in a drawn grid: (row, column) → number."""
    numbers = {}
    for text in ax.texts:
        column, row = text.get_position()
        numbers[round(row), round(column)] = float(text.get_text().replace("−", "-"))
    return numbers


def frames(ax: Axes) -> list[tuple[float, float, float, float]]:
    """Return (top, left, height, width) of the thick frames."""
    thick = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_linewidth() > 2]
    return [(p.get_y() + 0.5, p.get_x() + 0.5, p.get_height(), p.get_width()) for p in thick]


def test_the_window_figure_shows_all_numbers_and_frames_the_window_of_the_output_cell() -> None:
    x, w = np.arange(35.0).reshape(5, 7) - 9, np.array([[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]])
    y = torch.nn.functional.conv2d(torch.tensor(x)[None, None], torch.tensor(w)[None, None], padding=1, stride=2)[
        0, 0
    ].numpy()
    figure = plot.window_figure(x, w, y, position=(1, 2), padding=1, stride=2)
    left, middle, right = figure.axes
    assert drawn_numbers(left) == dict(np.ndenumerate(np.pad(x, 1)))
    assert drawn_numbers(middle) == dict(np.ndenumerate(w))
    assert drawn_numbers(right) == dict(np.ndenumerate(y))
    assert frames(left) == [(2, 4, 2, 3)]
    assert frames(right) == [(1, 2, 1, 1)]
    top, column, height, width = (int(v) for v in frames(left)[0])
    window = np.pad(x, 1)[top : top + height, column : column + width]
    assert (window * w).sum() == y[1, 2]


def test_padding_is_told_apart_by_hatching_and_not_by_colour_alone() -> None:
    figure = plot.window_figure(np.ones((3, 4)), np.ones((2, 2)), np.ones((4, 5)), padding=1)
    hatched = [p for p in figure.axes[0].patches if p.get_hatch()]
    assert len(hatched) == 5 * 6 - 3 * 4


def test_a_window_outside_the_input_is_refused() -> None:
    with pytest.raises(ValueError, match="padded input is 3 × 4"):
        plot.window_figure(np.ones((3, 4)), np.ones((2, 2)), np.ones((2, 3)), position=(2, 0))


@pytest.mark.parametrize(("size", "kernel_size", "stride", "padding"), [
    (8, 3, 2, 1), (8, 3, 2, 0), (9, 3, 2, 1), (7, 3, 3, 0), (10, 4, 3, 2), (5, 5, 1, 0), (6, 1, 4, 1),
])  # fmt: skip
def test_a_sweep_stops_where_torch_has_an_output_and_crosses_what_has_no_gradient(
    size: int, kernel_size: int, stride: int, padding: int
) -> None:
    sweep = plot.Sweep(size, kernel_size, stride, padding)
    padded = torch.ones(1, 1, size + 2 * padding, dtype=torch.float64, requires_grad=True)
    y = torch.nn.functional.conv1d(padded, torch.ones(1, 1, kernel_size, dtype=torch.float64), stride=stride)
    y.backward(torch.linspace(1, 2, y.shape[-1], dtype=torch.float64)[None, None])
    assert padded.grad is not None
    assert len(sweep.starts) == y.shape[-1]
    assert sweep.unread == [i - padding for i in torch.where(padded.grad[0, 0] == 0)[0].tolist()]
    figure = plot.positions_figure(sweep)
    bars = [p for p in figure.axes[0].patches if p.get_label() == "window"]
    assert [round(bar.get_x() + 0.45) for bar in bars if isinstance(bar, Rectangle)] == sweep.starts
    assert len(figure.axes[0].lines) == 2 * len(sweep.unread)


def test_all_responses_share_one_scale_that_is_symmetric_about_zero() -> None:
    first, second = np.array([[0.0, 3.0], [1.0, -1.0]]), np.array([[-7.0, 2.0], [0.5, 0.0]])
    figure = plot.responses_figure(np.zeros((3, 3)), {"first": first, "second": second})
    images = [ax.images[0] for ax in figure.axes if ax.get_title() in {"first", "second"}]
    assert [image.get_clim() for image in images] == [(-7, 7), (-7, 7)]
    for image, data in zip(images, (first, second), strict=True):
        drawn = image.get_array()
        assert drawn is not None
        assert np.array_equal(np.asarray(drawn), data)


def wires(ax: Axes) -> list[Line2D]:
    return [line for line in ax.lines if len(np.asarray(line.get_xdata())) == 2]


def test_the_connections_are_all_pairs_then_windows_then_windows_with_shared_strokes() -> None:
    dense, local, convolution = plot.connections_figure(inputs=6, kernel_size=2).axes
    assert [len(wires(ax)) for ax in (dense, local, convolution)] == [6 * 5, 2 * 5, 2 * 5]
    assert len({(line.get_color(), line.get_linestyle()) for line in wires(local)}) == 1
    strokes = [line.get_linestyle() for line in wires(convolution)]
    assert strokes == strokes[:2] * 5
    assert strokes[0] != strokes[1]
    assert [ax.get_title().split(": ")[1] for ax in (dense, local, convolution)] == [
        "30 weights", "10 weights", "2 weights",
    ]  # fmt: skip


def test_the_sides_are_drawn_as_given() -> None:
    figure = plot.shrinkage_figure({"valid": [32, 28, 24], "same": [32, 32, 32]})
    lines = {line.get_label(): list(np.asarray(line.get_ydata())) for line in figure.axes[0].lines}
    assert lines == {"valid": [32, 28, 24], "same": [32, 32, 32]}


def test_a_matrix_shows_what_is_not_zero_and_leaves_zeros_blank() -> None:
    matrix = np.array([[1.0, 0.0, -2.0], [0.0, 0.0, 4.0]])
    ax = plot.matrix_figure(matrix, "title", "column", "row").axes[0]
    assert drawn_numbers(ax) == {(0, 0): 1, (0, 2): -2, (1, 2): 4}
    assert len(ax.patches) == 3


def test_a_forecast_begins_where_it_is_said_to_begin() -> None:
    series, forecast = np.arange(20.0), np.arange(5.0) + 100
    ax = plot.forecast_figure(series, 15, {"model": forecast}).axes[0]
    drawn = {str(line.get_label()): line for line in ax.lines}
    assert np.array_equal(np.asarray(drawn["model"].get_xdata()), np.arange(15, 20))
    assert np.array_equal(np.asarray(drawn["model"].get_ydata()), forecast)
    assert np.array_equal(np.asarray(drawn["observed"].get_ydata()), series)
    with pytest.raises(ValueError, match="start is 20"):
        plot.forecast_figure(series, 20, {"model": forecast})


def test_the_bars_start_at_zero_and_are_as_long_as_the_costs() -> None:
    ax = plot.cost_figure({"a": 3.0, "b": 12.5}, "MACs").axes[0]
    assert [(bar.get_x(), bar.get_width()) for bar in ax.patches if isinstance(bar, Rectangle)] == [
        (0, 3.0), (0, 12.5),
    ]  # fmt: skip
    assert ax.get_xlim()[0] == 0
    assert {"3.0", "12.5"} <= {text.get_text() for text in ax.texts}


def test_the_filter_bank_draws_one_filter_and_one_bias_for_every_output_map() -> None:
    ax = plot.filter_bank_figure(in_channels=3, size=32, out_channels=6, kernel_size=5, out_size=28).axes[0]
    labels = [text.get_text() for text in ax.texts]
    assert [f"w{n}" for n in range(6)] == [label for label in labels if label.startswith("w")]
    assert sum(label.startswith("+ b") for label in labels) == 6
    assert len(ax.patches) == 3 + 6 * 3 + 6
    assert {"input\n3 × 32 × 32", "output\n6 × 28 × 28"} <= set(labels)
    with pytest.raises(ValueError, match="from 1 to 8"):
        plot.filter_bank_figure(3, 32, 9, 5, 28)


def test_a_kernel_moves_in_as_many_directions_as_its_name_says() -> None:
    axes = plot.directions_figure().axes
    assert [len(ax.texts) for ax in axes] == [1, 2, 3]


def test_the_picture_has_edges_in_both_directions_and_is_the_same_for_everybody() -> None:
    picture = plot.shapes_image(40)
    assert picture.shape == (40, 40)
    assert picture.dtype == np.float64
    assert (picture.min(), picture.max()) == (0.1, 1.0)
    assert set(np.unique(picture)) == {0.1, 0.75, 0.9, 1.0}
    assert np.abs(np.diff(picture, axis=0)).max() > 0.5
    assert np.abs(np.diff(picture, axis=1)).max() > 0.5
    with pytest.raises(ValueError, match="size is 8"):
        plot.shapes_image(8)


@pytest.mark.parametrize("draw", [plot.responses_figure, plot.cost_figure])
def test_nothing_to_draw_is_an_error_and_not_an_empty_picture(draw: object) -> None:
    assert callable(draw)
    with pytest.raises(ValueError, match="given"):
        draw(np.zeros((2, 2)), {}) if draw is plot.responses_figure else draw({}, "MACs")
    with pytest.raises(ValueError, match="given"):
        plot.shrinkage_figure({})
    with pytest.raises(ValueError, match="at least one"):
        plot.positions_figure()
