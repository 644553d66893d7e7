"""Promises about the page on which a student reads the feedback."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from sample_records import ATTACK, CODE, FLIPPED, exercise, record

from autograder.compare.verdict import NOT_IMPLEMENTED
from autograder.report.feedback import feedback_page
from autograder.report.page import POLICY

MIXED = record(
    "amara",
    exercise("conv2d", 1, mistake=FLIPPED),
    exercise("im2col", reason=NOT_IMPLEMENTED),
    exercise("conv_shape"),
    remarks=("The cell 'check-conv2d' was edited; the original was run.",),
)


def page(**changes: Any) -> BeautifulSoup:
    given: dict[str, Any] = {
        "record": MIXED,
        "cells": {"conv2d": CODE},
        "comments": {},
        "manual": {},
        "book": "04.html",
    }
    return BeautifulSoup(feedback_page(**(given | changes)), "html.parser")


def section(soup: BeautifulSoup, name: str) -> Tag:
    found = soup.find(id=f"exercise-{name}")
    assert isinstance(found, Tag)
    return found


def test_the_page_names_the_student_the_assignment_and_the_total() -> None:
    soup = page()
    assert soup.h1 is not None
    assert soup.h1.text == "Feedback on 04_convolution for amara"
    assert "4 of 9.5 points" in soup.select(".total")[0].text  # 3 of 5, 0 of 3.5, 1 of 1
    assert "The cell 'check-conv2d' was edited; the original was run." in soup.text


def test_every_exercise_says_what_happened_and_what_to_try_next() -> None:
    soup = page()
    failed = section(soup, "conv2d")
    for words in ("4 of 8 cases pass.", "in the group “bias”", "This looks like: kernel flipped", "What to try next"):
        assert words in failed.text
    assert [c.text for c in failed.select("tbody th")] == ["channels and batch", "bias"]
    assert "np.flip" in [c.text for c in failed.select(".box code")]
    link = failed.select_one("a[href]")
    assert link is not None
    assert link["href"] == "04.html#section-conv2d"
    assert 'hint("im2col")' in section(soup, "im2col").text
    assert "What to try next" not in section(soup, "conv_shape").text


def test_the_tables_of_contents_lead_to_the_exercises() -> None:
    soup = page()
    links = [str(a["href"])[1:] for a in soup.select("a[href^='#']")]
    assert links == ["exercise-conv2d", "exercise-im2col", "exercise-conv_shape"]
    assert all(soup.find(id=link) for link in links)


def test_points_given_by_hand_take_the_place_of_the_tests() -> None:
    soup = page(manual={"conv2d": 4.5, "essay": 2.0}, comments={"conv2d": "Nice\nloops.", "essay": "Short."})
    assert "5.5 of 9.5 points" in soup.select(".total")[0].text
    graded = section(soup, "conv2d")
    assert "4.5 of 5 points" in graded.text
    assert "the tests gave 3" in graded.text
    assert "Nice\nloops." in graded.text
    assert "2 points, which are not part of the total above." in soup.text
    assert "Short." in soup.text


def test_manual_full_points_need_no_advice() -> None:
    soup = page(manual={"im2col": 3.5})
    assert "What to try next" not in section(soup, "im2col").text
    assert "full points" in soup.select("main > table tbody tr")[1].text


def test_the_code_is_shown_character_for_character() -> None:
    code = section(page(), "conv2d").select_one("details pre code")
    assert code is not None
    assert code.text == CODE
    assert [k.text for k in code.select(".k")] == ["def", "return", "if", "else"]


@pytest.mark.parametrize("length", [50_000, 300_000])
def test_a_giant_cell_does_not_keep_the_grader_busy(length: int) -> None:
    soup = page(cells={"conv2d": "(" * length})
    shown = section(soup, "conv2d").select("details pre")[0].text
    assert shown.count("(") in (length, 200_001)
    assert not soup.select("details pre span")


def test_nothing_that_a_student_writes_becomes_markup() -> None:
    hurt = exercise("conv2d", 0, mistake=(ATTACK, ATTACK), reason="")
    stopped = exercise("im2col", reason=ATTACK)
    tampered = record(ATTACK, hurt, stopped, assignment=ATTACK, remarks=(ATTACK,), versions={ATTACK: ATTACK})
    soup = page(
        record=tampered,
        cells={"conv2d": ATTACK, "im2col": f'x = """{ATTACK}"""'},
        comments={"conv2d": ATTACK, ATTACK: ATTACK},
        manual={ATTACK: 1.0},
    )
    assert not soup.select("script, img, [onerror], [onload], iframe, object, link, form")
    assert len(soup.select("style")) == 1
    assert soup.text.count("<script>alert(1)</script>") >= 10


def test_characters_that_html_or_utf8_forbid_are_replaced() -> None:
    odd = "a\x00b\ud800c\u202ed"
    text = feedback_page(record(odd, exercise("conv2d", reason=odd)), {"conv2d": odd}, {"conv2d": odd}, {}, "")
    assert "a\ufffdb\ufffdc\ufffdd" in text
    assert text.encode("utf-8").decode("utf-8") == text


def test_the_page_forbids_scripts_and_requests_and_makes_none() -> None:
    soup = page()
    policy = soup.select_one("meta[http-equiv='Content-Security-Policy']")
    assert policy is not None
    assert policy["content"] == POLICY == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert not soup.select("[src], link, script")
    assert "url(" not in str(soup.style)
    assert "@import" not in str(soup.style)


def test_the_page_says_that_hidden_numbers_are_not_shown_and_why() -> None:
    assert "The hidden numbers are not shown here" in page().text


def test_without_a_book_there_is_no_link_to_it() -> None:
    assert not section(page(book=""), "conv2d").select("a")


def test_the_same_record_gives_the_same_page() -> None:
    assert str(page()) == str(page())
