"""Keep names that a student's code made up from carrying hidden cases' data onto a page."""

from __future__ import annotations

import re

from autograder.compare.verdict import CaseVerdict
from autograder.packs import Foreign
from autograder.packs.tree import leaves

UNNAMED = "something whose name is not shown"
_NAME = re.compile(r"(?:[A-Za-z_. <]|(?<!\d)\d){1,60}")
_OFF_LIMITS = re.compile(
    r"(?:[A-Za-z_.]|(?<!\d)\d){1,80} is off limits in this exercise: the point is to write it yourself"
)


def discreet(verdict: CaseVerdict) -> str:
    """Return what was wrong with a hidden case, without names that could spell out its numbers.

    The type of an exception and the type of a returned object are named by whoever wrote them: a class called
    "[[0.25, …]]" would print what the judge keeps back. Names with numbers or signs in them are therefore not shown.
    """
    if verdict.failure is None:
        return ""
    text, outcome = verdict.failure.text, verdict.outcome
    if outcome.error == "OffLimits":
        return text if _OFF_LIMITS.fullmatch(text) else "it called something that is off limits in this exercise"
    made_up = [v.type_name for v in leaves(outcome.value) if isinstance(v, Foreign)]
    for name in (outcome.error or "", *made_up):
        if name and not _NAME.fullmatch(name):
            text = text.replace(name, UNNAMED)
    return text
