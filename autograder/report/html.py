"""A report as HTML: for notebooks and feedback pages, light and dark, readable without colours."""

from __future__ import annotations

import re
from html import escape

from autograder.report.content import FAILED, PASSED, Content, looks_like, points
from autograder.report.picture import data_uri, picture

SYMBOLS = {PASSED: "✓", FAILED: "✗"}
STYLE = """
.ag{font-family:system-ui,sans-serif;line-height:1.45;max-width:60rem;color:inherit;overflow-wrap:anywhere}
.ag h3{font-size:1.05rem;margin:.3rem 0}
.ag table{border-collapse:collapse;margin:.4rem 0}
.ag th,.ag td{text-align:left;padding:.15rem .8rem .15rem 0;border:0;background:none;font-weight:normal}
.ag td{white-space:nowrap}
.ag thead th{font-weight:600;border-bottom:1px solid currentColor}
.ag .ag-failed{font-weight:600}
.ag .ag-hint{border-left:.3rem solid currentColor;padding:.2rem .8rem;margin:.5rem 0}
.ag .ag-hint p{margin:.2rem 0}
.ag .ag-picture{overflow-x:auto}
.ag img{max-width:none;height:auto;background:#fff}
.ag pre{white-space:pre-wrap;margin:.3rem 0}
.ag small{opacity:.85}
"""
_CODE = re.compile(r"`([^`\n]+)`")


def report_html(content: Content, *, style: bool = True) -> str:
    """Return a report as one HTML fragment; everything that came from a student is escaped."""
    parts = [f"<style>{STYLE}</style>" if style else "", '<div class="ag" role="group" aria-label="Check">']
    parts.append(f"<h3>{prose(content.headline)}</h3>")
    parts.append(groups_table(content))
    if content.problem:
        parts.append(f"<p>{prose(content.problem)}</p>")
    if content.detail:
        parts.append(f"<pre>{escape(content.detail)}</pre>")
    if content.hint:
        parts.append(hint_box(content))
    drawn = picture(content.failure) if content.failure else None
    if drawn:
        png, alt = drawn
        parts.append(
            '<p class="ag-picture" role="group" aria-label="Picture of the failing case" tabindex="0">'
            f'<img src="{data_uri(png)}" alt="{escape(alt, quote=True)}"></p>'
        )
    if content.printed:
        parts.append(f"<p>Your function printed:</p><pre>{escape(content.printed)}</pre>")
    if content.footer:
        parts.append(f"<p><small>{escape(content.footer)}</small></p>")
    return "\n".join(p for p in (*parts, "</div>") if p)


def prose(text: str) -> str:
    """Return a text as HTML: escaped, with what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def hint_box(content: Content) -> str:
    """Return the recognised mistake and its hint."""
    return (
        f'<div class="ag-hint"><p><strong>{prose(looks_like(content.mistake))}.</strong> '
        f"{prose(content.hint)}</p></div>"
    )


def groups_table(content: Content, caption: str = "") -> str:
    """Return the groups, their cases and points as a table."""
    rows = "".join(
        f'<tr class="ag-{line.status.replace(" ", "-")}"><th scope="row">{escape(line.group)}</th>'
        f"<td>{SYMBOLS.get(line.status, '–')} {line.status}</td>"
        f"<td>{f'{line.passed} of {line.total}' if line.total else '–'}</td>"
        f"<td>{points(line.points)} of {points(line.max_points)}</td></tr>"
        for line in content.lines
    )
    return (
        f"<table>{f'<caption>{escape(caption)}</caption>' if caption else ''}"
        '<thead><tr><th scope="col">Group</th><th scope="col">Result</th>'
        f'<th scope="col">Cases</th><th scope="col">Points</th></tr></thead><tbody>{rows}</tbody></table>'
    )
