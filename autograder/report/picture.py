"""Expected, yours and their difference, side by side."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import numpy as np

from autograder.compare.verdict import CaseVerdict

_LARGEST_SIDE = 64
_DRAWABLE = ("value", "shape", "finite")


@dataclass(frozen=True)
class _Window:
    """A plane of an array, or the part of it that can be drawn, and how to write where it lies."""

    values: np.ndarray
    where: str
    mark: tuple[int, int] | None


def picture(verdict: CaseVerdict) -> tuple[bytes, str] | None:
    """Return a PNG and its alternative text, or None if the failure cannot be drawn.

    Arrays with more than two axes are shown as the plane of the last two through the first wrong entry, large planes
    as the part around it.
    """
    from autograder.report.drawing import draw  # matplotlib is slow to import, and most checks need no picture

    expected, got = verdict.case.expected, verdict.outcome.value
    if verdict.failure is None or verdict.failure.kind not in _DRAWABLE:
        return None
    if not isinstance(expected, np.ndarray) or type(got) is not np.ndarray:
        return None
    index = verdict.failure.index or ()
    theirs, yours = _window(expected, index), _window(got, index if got.shape == expected.shape else ())
    if theirs is None or yours is None:
        return None
    planes = {f"expected{theirs.where}": theirs.values, f"yours{yours.where}": yours.values}
    tolerance = verdict.case.tolerances[0] if verdict.case.tolerances else 0.0
    same_shape = expected.shape == got.shape
    if same_shape:
        with np.errstate(all="ignore"):
            planes["difference: yours − expected"] = yours.values - theirs.values
    figure = draw(planes, difference=same_shape, mark=theirs.mark)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=90, metadata={"Software": None})
    return file.getvalue(), _alt(theirs, yours, tolerance if same_shape else None)


def data_uri(png: bytes) -> str:
    """Return a PNG as a data URI."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _window(array: np.ndarray, index: tuple[int, ...]) -> _Window | None:
    if array.size == 0 or array.ndim == 0 or array.dtype.kind not in "fiub":
        return None
    through = index if len(index) == array.ndim else (0,) * array.ndim
    leading, plane = through[:-2], array[through[:-2]].astype(float)
    spans = [_span(i, size) for i, size in zip(through[-2:], plane.shape, strict=True)]
    cut = any(s.stop - s.start < size for s, size in zip(spans, plane.shape, strict=True))
    shown = [f"{s.start}:{s.stop}" if cut else ":" for s in spans]
    where = f" [{', '.join([*map(str, leading), *shown])}]" if leading or cut else ""
    part = plane[tuple(spans)]
    mark = tuple(i - s.start for i, s in zip(through[-2:], spans, strict=True)) if index else None
    if part.ndim == 1:
        return _Window(part[None], where, (0, mark[0]) if mark else None)
    return _Window(part, where, (mark[0], mark[1]) if mark else None)


def _span(middle: int, size: int) -> slice:
    start = min(max(0, middle - _LARGEST_SIDE // 2), max(0, size - _LARGEST_SIDE))
    return slice(start, min(size, start + _LARGEST_SIDE))


def _alt(theirs: _Window, yours: _Window, tolerance: float | None) -> str:
    sizes = [
        f"{n}{w.where} {' × '.join(map(str, w.values.shape))}" for n, w in (("expected", theirs), ("yours", yours))
    ]
    text = f"Arrays side by side: {', '.join(sizes)}."
    if tolerance is None:
        return text
    near = np.isclose(yours.values, theirs.values, rtol=0, atol=tolerance, equal_nan=True)
    wrong = np.argwhere(~near)
    rows, columns = sorted({int(r) for r, _ in wrong}), sorted({int(c) for _, c in wrong})
    text += f" They differ in {len(wrong)} of {near.size} entries"
    return text + (f", in rows {_few(rows)} and columns {_few(columns)}." if len(wrong) else ".")


def _few(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:8])) + (" …" if len(numbers) > 8 else "")
