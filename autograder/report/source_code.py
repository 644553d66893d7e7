"""A student's code with syntax colours."""

from __future__ import annotations

from html import escape

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

LARGEST_COLOURED, LARGEST_SHOWN = 40_000, 200_000


def coloured(source: str) -> Markup:
    """Return code as HTML, everything in it escaped; what is too long for a function comes without colours or cut."""
    if len(source) > LARGEST_SHOWN:
        return Markup(escape(source[:LARGEST_SHOWN]) + f"\n… ({len(source):,} characters in all)")
    if len(source) > LARGEST_COLOURED:
        return Markup(escape(source))
    return Markup(highlight(source, PythonLexer(), HtmlFormatter(nowrap=True)))
