"""The shell of every page: one file without scripts that asks nobody for anything, light and dark, fit to print."""

from __future__ import annotations

import functools
import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from autograder.report.content import looks_like, points
from autograder.report.html import prose

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
# Control characters (which HTML forbids), halves of surrogate pairs (which UTF-8 forbids), and the marks that change
# the direction of text, so that code is read in the order in which Python reads it.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def render(template: str, **values: Any) -> str:
    """Return a page; every value that is not `Markup` is escaped."""
    environment = _environment()
    style = Markup(environment.get_template("page.css").render())
    page = environment.get_template(template).render(policy=POLICY, style=style, **values)
    return fit(page)


def fit(text: str) -> str:
    """Return a text in which every character can be written to a file and seen."""
    return _UNFIT.sub("\ufffd", text)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = {"points": points, "looks_like": looks_like, "count": count}
    environment.filters |= words | {"prose": lambda text: Markup(prose(text))}
    return environment


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 student", "3 students"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
