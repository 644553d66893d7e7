"""A report as text, for terminals and for readers of a notebook's plain output."""

from __future__ import annotations

from textwrap import indent

from autograder.report.content import Content, cases, looks_like, points
from autograder.report.html import SYMBOLS


def report_text(content: Content) -> str:
    """Return a report as plain text."""
    width = max(len(line.group) for line in content.lines)
    lines = [content.headline]
    lines += [
        f"  {SYMBOLS.get(x.status, '–')} {x.group:<{width}}  {x.status:<8} {cases(x)}, "
        f"{points(x.points)} of {points(x.max_points)} points"
        for x in content.lines
    ]
    lines += [content.problem] if content.problem else []
    lines += [indent(content.detail, "  ")] if content.detail else []
    lines += [f"{looks_like(content.mistake)}. {content.hint}"] if content.hint else []
    lines += [f"Your function printed:\n{indent(content.printed, '  ')}"] if content.printed else []
    lines += [content.footer] if content.footer else []
    return "\n".join(lines)
