"""Matplotlib figures of the lectures: each function takes arrays, draws one picture, returns the Figure."""

from course_lib.plot.channels import filter_bank_figure
from course_lib.plot.connections import connections_figure
from course_lib.plot.costs import cost_figure
from course_lib.plot.dimensions import directions_figure
from course_lib.plot.positions import Sweep, positions_figure
from course_lib.plot.responses import responses_figure
from course_lib.plot.series import forecast_figure
from course_lib.plot.shapes import shapes_image
from course_lib.plot.shrinkage import shrinkage_figure
from course_lib.plot.tables import Table, comparison
from course_lib.plot.toeplitz import matrix_figure
from course_lib.plot.window import window_figure

__all__ = [
    "Sweep",
    "Table",
    "comparison",
    "connections_figure",
    "cost_figure",
    "directions_figure",
    "filter_bank_figure",
    "forecast_figure",
    "matrix_figure",
    "positions_figure",
    "responses_figure",
    "shapes_image",
    "shrinkage_figure",
    "window_figure",
]
