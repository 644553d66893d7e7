"""Tables of the lectures, and the table that holds a printed number against a computed one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from course_lib.plot.cells import signed


def _text(value: Any) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{value:,}".replace("-", "−")
    if isinstance(value, float | np.floating):
        return f"{value:.4g}".replace("-", "−")
    if isinstance(value, np.ndarray | list):
        return "\n".join(" ".join(map(signed, row)) for row in np.atleast_2d(value))
    if isinstance(value, tuple):
        return " × ".join(_text(entry) for entry in value)
    return str(value)


def _html(value: Any) -> str:
    text = escape(_text(value))
    # numbers that belong together stay on one line
    return text if isinstance(value, str) else text.replace(" ", "&nbsp;").replace("\n", "<br>")


@dataclass(frozen=True)
class Table:
    """A small table that a notebook shows as HTML: a `header`, `rows` of values, and a `caption`."""

    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    caption: str = ""

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{_html(name)}</th>' for name in self.header)
        body = "".join(
            f'<tr><th scope="row">{_html(first)}</th>{"".join(f"<td>{_html(cell)}</td>" for cell in rest)}</tr>'
            for first, *rest in self.rows
        )
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        return f'<table class="dataframe table">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'

    def __repr__(self) -> str:
        lines = [self.caption] if self.caption else []
        lines += [" | ".join(_text(cell).replace("\n", "; ") for cell in row) for row in (self.header, *self.rows)]
        return "\n".join(lines)


def comparison(rows: Iterable[tuple[str, Any, Any]], caption: str = "", slips: bool = False) -> Table:
    """Hold printed values against computed ones: a table of (what, printed, computed) with a verdict.

    Args:
        rows: what is compared, the value in print, the value computed here.
        caption: the table's caption.
        slips: True for a table of known slips, whose rows must all differ.

    Returns:
        A table with the columns "what", "printed", "computed" and "agrees".

    Raises:
        AssertionError: when a row differs, or with `slips` when one agrees; such a page cannot be built.
    """
    listed = []
    for what, printed, computed in rows:
        agrees = np.array_equal(np.asarray(printed), np.asarray(computed))
        if agrees == slips:
            raise AssertionError(f"{what}: printed {_text(printed)}, computed {_text(computed)}")
        listed.append((what, printed, computed, "✓ yes" if agrees else "✗ no"))
    return Table(("what", "printed", "computed", "agrees"), listed, caption)
