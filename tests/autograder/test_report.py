"""Promises about the report that a student sees from `check`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup

from autograder.compare.verdict import NOT_IMPLEMENTED, ExerciseVerdict, judge, no_answer
from autograder.drivers.run import run
from autograder.packs import Outcome, PackedCase, PackedExercise
from autograder.report.content import content
from autograder.report.discreet import UNNAMED
from autograder.report.html import report_html
from autograder.report.picture import picture
from autograder.report.text import report_text

RIGHT = np.arange(12.0).reshape(3, 4)


def packed(*expected: Any, group: str = "basics", tolerance: float = 1e-12) -> PackedExercise:
    cases = tuple(
        PackedCase(f"case {i}", group, "f", {"x": RIGHT}, expected=e, dtypes=("",), tolerances=(tolerance,))
        for i, e in enumerate(expected)
    )
    return PackedExercise("f", "Eff", {group: 2.0}, 5, ("a hint",), "", "function", (), ("f",), (), cases)


def verdict(f: Callable[..., Any], *expected: Any, **changes: Any) -> ExerciseVerdict:
    exercise = packed(*(expected or (RIGHT,)), **changes)
    return judge(exercise, run(exercise, {"f": f}))


def shouting(x: np.ndarray) -> np.ndarray:
    print("<b>aloud</b>")
    raise ValueError("</pre><script>alert(1)</script>")


def test_a_wrong_answer_is_reported_with_its_first_wrong_entry() -> None:
    wrong = RIGHT.copy()
    wrong[1, 2] = 99
    text = report_text(content(verdict(lambda x: wrong), hidden=False))
    assert "Eff: 0 of 1 cases pass." in text
    assert "✗ basics  failed   0 of 1 case, 0 of 2 points" in text
    assert "1 of its 12 entries is wrong" in text
    assert "first at index (1, 2): expected 6, yours is 99" in text


def test_a_message_that_asks_ends_with_its_question_mark() -> None:
    text = report_text(content(verdict(lambda x: None), hidden=False))
    assert "or did you print instead?\n" in text


def test_what_was_not_run_is_not_called_failed() -> None:
    def todo(x: np.ndarray) -> None:
        raise NotImplementedError

    for v in (verdict(todo), no_answer(packed(RIGHT), "f is not defined")):
        said = content(v, hidden=False)
        assert [line.status for line in said.lines] == ["not run"]
        assert "– not run" in BeautifulSoup(report_html(said), "html.parser").text
    assert NOT_IMPLEMENTED in content(verdict(todo), hidden=False).headline


def test_nothing_that_a_student_prints_or_raises_becomes_markup() -> None:
    soup = BeautifulSoup(report_html(content(verdict(shouting), hidden=False)), "html.parser")
    assert not soup.select("script, b")
    assert "</pre><script>alert(1)</script>" in soup.text
    assert "<b>aloud</b>" in soup.text


def test_the_report_on_hidden_cases_quotes_no_number_no_title_and_no_print() -> None:
    secret = RIGHT + 4711.25
    for f in (shouting, lambda x: x + 1, lambda x: x[:2], lambda x: (_ for _ in ()).throw(KeyError(str(secret)))):
        said = content(verdict(f, secret), hidden=True)
        shown = report_text(said) + report_html(said, style=False)
        for kept_back in ("4711", "case 0", "aloud", "<img"):
            assert kept_back not in shown
        assert "in the group “basics”" in shown


def test_a_class_named_after_a_hidden_number_is_not_named() -> None:
    def spell(x: np.ndarray) -> np.ndarray:
        raise type(f"Seen {x[2, 3] + 0.25}", (Exception,), {})

    def hand_over(x: np.ndarray) -> tuple[Any, ...]:
        return (type(f"Seen_{x[2, 3] + 0.25}", (), {})(),)

    for v in (verdict(spell), verdict(hand_over, (RIGHT,))):
        assert "11.25" in report_text(content(v, hidden=False))
        assert "11.25" not in report_text(content(v, hidden=True))
        assert UNNAMED in report_text(content(v, hidden=True))


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("torch.nn.functional.conv2d is off limits in this exercise: the point is to write it yourself", True),
        ("x is 3.25", False),
    ],
)
def test_only_the_engines_own_words_on_what_is_off_limits_are_shown(message: str, shown: bool) -> None:
    exercise = packed(RIGHT)
    v = judge(exercise, [Outcome(error="OffLimits", message=message)])
    assert (message in content(v, hidden=True).problem) is shown
    assert "off limits" in content(v, hidden=True).problem


def alternative(v: ExerciseVerdict) -> str:
    assert v.first_failure is not None
    drawn = picture(v.first_failure)
    assert drawn is not None
    assert drawn[0].startswith(b"\x89PNG")
    return drawn[1]


def test_the_pictures_alternative_names_rows_and_columns_that_differ() -> None:
    wrong = RIGHT.copy()
    wrong[1, 2] = wrong[2, 0] = -1
    text = alternative(verdict(lambda x: wrong))
    assert text == (
        "Arrays side by side: expected 3 × 4, yours 3 × 4. "
        "They differ in 2 of 12 entries, in rows 1, 2 and columns 0, 2."
    )


def test_the_picture_counts_with_the_tolerance_of_the_verdict() -> None:
    nearly = RIGHT + 1e-6
    nearly[0, 1] = 7
    assert "differ in 1 of 12 entries" in alternative(verdict(lambda x: nearly, tolerance=1e-4))


def test_the_picture_shows_the_plane_and_the_part_with_the_first_wrong_entry() -> None:
    large = np.zeros((2, 3, 90, 100))
    wrong = large.copy()
    wrong[1, 2, 80, 95] = 1
    text = alternative(verdict(lambda x: wrong, large))
    assert "expected [1, 2, 26:90, 36:100] 64 × 64" in text
    assert "differ in 1 of 4096 entries, in rows 54 and columns 59." in text


def test_shapes_that_differ_are_drawn_without_a_difference() -> None:
    assert alternative(verdict(lambda x: np.zeros((2, 5)))) == "Arrays side by side: expected 3 × 4, yours 2 × 5."


def test_nan_and_infinity_can_be_drawn() -> None:
    assert "differ in 12 of 12" in alternative(verdict(lambda x: x * np.nan))
    assert "differ in 12 of 12" in alternative(verdict(lambda x: np.full(x.shape, np.inf)))


def test_a_changed_input_is_told_and_not_drawn() -> None:
    def spoil(x: np.ndarray) -> np.ndarray:
        x += 1
        return x - 1

    v = verdict(spoil)
    assert v.first_failure is not None
    assert picture(v.first_failure) is None
    assert "it changed its input x" in content(v, hidden=False).problem


def test_an_endless_message_is_cut() -> None:
    long = type("Long" * 300, (Exception,), {})

    def fail(x: np.ndarray) -> np.ndarray:
        raise long("x")

    assert len(content(verdict(fail), hidden=False).problem) < 500


def test_code_between_backticks_is_set_as_code() -> None:
    html = report_html(content(verdict(lambda x: None), hidden=False))
    assert re.search(r"<code>return</code>", html)
