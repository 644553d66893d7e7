"""Promises about the instructor's report on a class."""

from __future__ import annotations

import csv
import io
import math

import pytest
from bs4 import BeautifulSoup, Tag
from sample_records import ATTACK, FLIPPED, SWAPPED, everything_right, exercise, record, sample_class

from autograder.compare.verdict import NOT_IMPLEMENTED
from autograder.report.histogram import bin_counts
from autograder.report.overview import class_csv, class_report


def page(records=None, assignment: str = "04_convolution", missing=()) -> BeautifulSoup:
    given = sample_class() if records is None else records
    return BeautifulSoup(class_report(given, assignment, missing), "html.parser")


def rows(soup: BeautifulSoup, heading: str) -> list[list[str]]:
    found = next(s for s in soup.select("section") if s.h2 and s.h2.text == heading)
    return [[" ".join(c.text.split()) for c in r.select("th, td")] for r in found.select("tbody tr")]


def figures(soup: BeautifulSoup) -> dict[str, str]:
    return {d.dt.text: d.dd.text for d in soup.select("dl.figures div") if d.dt and d.dd}


def test_the_figures_are_those_of_the_class() -> None:
    # Worked out by hand: 9 × 9.5, 7 × 4.5 (and the loop), 4 × 5, 2 × 5, 1 × 0: 151.5 / 24 = 6.3; the middle two are 5.
    assert figures(page(missing=["zed", "yan"])) == {
        "submissions": "24",
        "not submitted": "2",
        "mean points": "6.3 of 9.5",
        "median": "5",
        "lowest": "0",
        "highest": "9.5",
    }


def test_the_exercises_table_counts_points_and_mistakes() -> None:
    assert rows(page(), "Exercises") == [
        ["The convolution layer (conv2d)", "2.8 of 5", "46 %", "1", "4", "kernel flipped (7)"],
        ["Convolution as a matrix product (im2col)", "2.8 of 3.5", "71 %", "3", "0", "axes swapped (4)"],
        ["Shapes (conv_shape)", "0.7 of 1", "71 %", "3", "4", "–"],
    ]


def test_mistakes_come_with_the_most_frequent_first_and_name_the_students() -> None:
    table = rows(page(), "Which mistakes, how often")
    assert [r[:3] for r in table] == [["kernel flipped", "conv2d", "7"], ["axes swapped", "im2col", "4"]]
    assert table[1][3] == "swap00, swap01, swap02, swap03"


def test_students_are_in_the_order_of_their_names() -> None:
    table = rows(page(), "Students")
    names = [r[0] for r in table]
    assert names == sorted(names)
    assert len(names) == 24
    assert table[names.index("idle00")] == ["idle00", "5", "–", "–", "5 of 9.5", ""]
    assert table[names.index("loop")] == ["loop", "0", "3.5", "1", "4.5 of 9.5", "1 remark, 1 not judged"]


def test_who_needs_help_is_listed_with_the_reason_the_lowest_first() -> None:
    table = rows(page(), "Who needs help")
    assert table[0] == ["lost", "0 (0 %)", "less than half of the points, 3 of 3 exercises not implemented"]
    assert [r[0] for r in table[1:]] == [*(f"flip{i:02}" for i in range(7)), "loop", "idle00", "idle01"]
    assert table[-1][2] == "2 of 3 exercises not implemented"


def test_half_of_the_points_is_enough_not_to_be_listed() -> None:
    half = record("half", exercise("im2col", 1))  # 2 of 3.5
    assert "Nobody" in page([half, everything_right("all")]).text


def test_what_was_not_judged_and_what_was_repaired_is_listed() -> None:
    soup = page()
    assert rows(soup, "Could not be judged") == [
        ["loop", "conv2d", "it did not finish within 30 seconds (an endless loop?)"]
    ]
    assert [d.text for d in soup.select("section dd")] == ['A, "B".']


def test_the_histogram_has_a_text_alternative_with_the_same_counts() -> None:
    svg = page().select_one("svg")
    assert isinstance(svg, Tag)
    alternative = "0 to 10 percent: 1; 40 to 50 percent: 8; 50 to 60 percent: 6; 90 to 100 percent: 9."
    assert str(svg["aria-label"]).endswith(alternative)
    assert svg["role"] == "img"
    drawn = [t.text for t in svg.select("text")]
    assert drawn[:4] == ["1", "8", "6", "9"]
    heights = [float(str(r["height"])) for r in svg.select("rect")]
    assert [h / heights[0] for h in heights] == pytest.approx([1, 8, 6, 9], rel=0.01)


@pytest.mark.parametrize(("share", "place"), [(0.0, 0), (0.1, 1), (0.3, 3), (0.7, 7), (0.699, 6), (0.999, 9), (1.0, 9)])
def test_a_share_on_a_boundary_belongs_to_the_upper_bin(share: float, place: int) -> None:
    assert bin_counts([share]).index(1) == place


def test_a_class_without_submissions_has_a_report() -> None:
    soup = page([])
    assert "No submission has been graded." in soup.text
    assert class_csv([]).count("\n") == 1


def test_records_with_different_exercises_are_shown_together() -> None:
    table = rows(page([record("a", exercise("im2col")), record("b", exercise("conv2d"))]), "Students")
    assert table == [["a", "3.5", "", "3.5 of 3.5", ""], ["b", "", "5", "5 of 5", ""]]


def test_nothing_that_a_student_writes_becomes_markup() -> None:
    bad = record(ATTACK, exercise("conv2d", reason=ATTACK), exercise("im2col", 0, mistake=(ATTACK, ATTACK)))
    soup = page([bad, record("b", exercise("conv2d"), remarks=(ATTACK,))], assignment=ATTACK, missing=[ATTACK])
    assert not soup.select("script, img, [onerror], [onload], iframe, link, form")
    assert soup.text.count("<script>alert(1)</script>") >= 7


def test_the_csv_reads_back_as_what_it_was_made_from() -> None:
    remark = 'A "quoted", comma\nand a second line; ümlaut'
    ours = record("o'brien, pat", exercise("conv2d", 1, mistake=FLIPPED), exercise("im2col", 1, mistake=SWAPPED))
    todo = record("zoe", exercise("conv2d", reason=NOT_IMPLEMENTED), exercise("im2col"), remarks=(remark,))
    table = list(csv.DictReader(io.StringIO(class_csv([todo, ours]))))
    assert [r["student"] for r in table] == ["o'brien, pat", "zoe"]
    assert table[1]["remarks"] == remark
    assert table[1]["not_implemented"] == "1"
    for row, made_from in zip(table, (ours, todo), strict=True):
        assert float(row["points"]) == made_from.points
        assert float(row["max_points"]) == made_from.max_points
        assert [float(row[e.name]) for e in made_from.exercises] == [e.points for e in made_from.exercises]
        assert math.isclose(sum(float(row[e.name]) for e in made_from.exercises), float(row["points"]))


def test_a_spreadsheet_takes_nothing_in_the_csv_for_a_formula() -> None:
    table = list(csv.reader(io.StringIO(class_csv([record("=1+1", exercise("conv2d"), remarks=("@SUM(A1)",))]))))
    assert table[1][0] == "'=1+1"
    assert table[1][-1] == "'@SUM(A1)"
