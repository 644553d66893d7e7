"""The table that holds print against computation tells the truth, and cannot be built on a lie."""

import numpy as np
import pytest

from course_lib.plot import Table, comparison


def test_a_row_that_differs_stops_the_page() -> None:
    with pytest.raises(AssertionError, match="area: printed 12, computed 13"):
        comparison([("side", 4, 4), ("area", 12, 13)])


def test_a_slip_that_has_been_put_right_stops_the_page_too() -> None:
    assert comparison([("bias", 760, 750)], slips=True).rows == [("bias", 760, 750, "✗ no")]
    with pytest.raises(AssertionError, match="bias"):
        comparison([("bias", 760, 760)], slips=True)


@pytest.mark.parametrize(("printed", "computed"), [
    ([[1, 2], [3, 4]], np.array([[1, 2], [3, 5]])),  # one entry
    ([1, 2, 3], np.array([[1, 2, 3]])),  # shape
    (1, np.array([1, 1])),  # would broadcast
    ((4, 4), (4, 4, 4)),
    (4.5, 4),
    (0.0, float("nan")),
])  # fmt: skip
def test_what_is_not_the_same_does_not_agree(printed: object, computed: object) -> None:
    with pytest.raises(AssertionError):
        comparison([("x", printed, computed)])


def test_the_verdict_is_a_word_and_a_sign_and_not_a_colour() -> None:
    html = comparison([("three", 3, np.int64(3))], "caption")._repr_html_()
    assert "<td>✓ yes</td>" in html
    assert "style" not in html


def test_a_table_has_headers_that_a_screen_reader_can_use() -> None:
    html = Table(("layer", "MACs"), [("3 × 3 <b>", 115_605_504)], "Price & size")._repr_html_()
    assert "<caption>Price &amp; size</caption>" in html
    assert html.count('<th scope="col">') == 2
    assert '<th scope="row">3 × 3 &lt;b&gt;</th><td>115,605,504</td>' in html


def test_numbers_are_written_as_in_a_book() -> None:
    table = Table(("what", "value"), [("a", -3), ("b", (6, 28, 28)), ("c", np.array([[1.0, -2.0], [3.0, 4.0]]))])
    assert repr(table).splitlines() == ["what | value", "a | −3", "b | 6 × 28 × 28", "c | 1 −2; 3 4"]
    assert "<td>1&nbsp;−2<br>3&nbsp;4</td>" in table._repr_html_()
