"""Expected, yours and their difference, side by side."""

from __future__ import annotations

import base64
import io

import numpy as np

from autograder.compare.verdict import CaseVerdict

_LARGEST_SIDE, _LARGEST_WITH_NUMBERS = 64, 10


def picture(verdict: CaseVerdict) -> tuple[bytes, str] | None:
    """Return a PNG and its alternative text, or None if the failure cannot be drawn.

    Arrays with more than two axes are shown as the plane of the last two through the first wrong entry.
    """
    expected, got = verdict.case.expected, verdict.outcome.value
    if isinstance(expected, tuple) or not isinstance(expected, np.ndarray) or type(got) is not np.ndarray:
        return None
    index = verdict.failure.index if verdict.failure and verdict.failure.index else ()
    plane_of_expected, where = _plane(expected, index)
    plane_of_got, _ = _plane(got, index if got.shape == expected.shape else ())
    if plane_of_expected is None or plane_of_got is None:
        return None
    planes = {"expected": plane_of_expected, "yours": plane_of_got}
    if plane_of_expected.shape == plane_of_got.shape:
        planes["difference"] = plane_of_got - plane_of_expected
    return _draw(planes, where), _alt(planes, where)


def data_uri(png: bytes) -> str:
    """Return a PNG as a data URI."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _plane(array: np.ndarray, index: tuple[int, ...]) -> tuple[np.ndarray | None, str]:
    if array.size == 0 or array.ndim == 0 or array.dtype.kind not in "fiub":
        return None, ""
    if array.ndim == 1:
        return array[None, :_LARGEST_SIDE].astype(float), ""
    leading = index[:-2] if len(index) == array.ndim else (0,) * (array.ndim - 2)
    where = f"[{', '.join(map(str, leading))}, :, :]" if leading else ""
    return array[leading][:_LARGEST_SIDE, :_LARGEST_SIDE].astype(float), where


def _draw(planes: dict[str, np.ndarray], where: str) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.1 * len(planes), 3.3), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    shown = [p[np.isfinite(p)] for n, p in planes.items() if n != "difference"]
    low = min((float(p.min()) for p in shown if p.size), default=0.0)
    high = max((float(p.max()) for p in shown if p.size), default=1.0)
    for i, (name, plane) in enumerate(planes.items()):
        axes = figure.add_subplot(1, len(planes), i + 1)
        if name == "difference":
            finite = np.abs(plane[np.isfinite(plane)])
            limit = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
            image = axes.imshow(plane, cmap="PuOr", vmin=-limit, vmax=limit)
        else:
            image = axes.imshow(plane, cmap="cividis", vmin=low, vmax=high)
        axes.set_title(f"{name}{where}", fontsize=10)
        axes.set_xticks([])
        axes.set_yticks([])
        if max(plane.shape) <= _LARGEST_WITH_NUMBERS:
            for (r, c), value in np.ndenumerate(plane):
                dark = np.isfinite(value) and sum(image.cmap(image.norm(value))[:3]) < 1.5
                colour = "white" if dark else "black"
                axes.text(c, r, f"{value:.3g}", ha="center", va="center", fontsize=8, color=colour)
        else:
            figure.colorbar(image, ax=axes, shrink=0.7)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=90)
    return file.getvalue()


def _alt(planes: dict[str, np.ndarray], where: str) -> str:
    sizes = ", ".join(f"{n} {' × '.join(map(str, p.shape))}" for n, p in planes.items() if n != "difference")
    text = f"Arrays{where and ' ' + where} side by side: {sizes}."
    if "difference" in planes:
        wrong = np.argwhere(~np.isclose(planes["difference"], 0.0, atol=1e-9))
        rows, columns = sorted({int(r) for r, _ in wrong}), sorted({int(c) for _, c in wrong})
        text += f" They differ in {len(wrong)} of {planes['difference'].size} entries"
        text += f", in rows {_few(rows)} and columns {_few(columns)}." if len(wrong) else "."
    return text


def _few(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:8])) + (" …" if len(numbers) > 8 else "")
