"""A histogram as an inline SVG with a text alternative."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

BINS = 10
_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 420, 190, 8, 18, 34


def bin_counts(shares: Sequence[float]) -> list[int]:
    """Count shares of the full points (0 to 1) in tenths; full points belong to the last."""
    counts = [0] * BINS
    for share in shares:
        counts[min(BINS - 1, max(0, int(share * BINS + 1e-9)))] += 1
    return counts


def histogram(shares: Sequence[float]) -> Markup:
    """Return the distribution of `shares`, each between 0 and 1."""
    counts = bin_counts(shares)
    tallest = max(*counts, 1)
    step = (_WIDTH - 2 * _LEFT) / BINS
    floor = _HEIGHT - _BOTTOM
    parts = []
    for i, count in enumerate(counts):
        x, height = _LEFT + i * step, (floor - _TOP) * count / tallest
        if count:
            parts.append(
                f'<rect x="{x + 2:.1f}" y="{floor - height:.1f}" width="{step - 4:.1f}" height="{height:.1f}"/>'
                f'<text x="{x + step / 2:.1f}" y="{floor - height - 4:.1f}">{count}</text>'
            )
    for i in range(BINS + 1):
        if i % 2 == 0:
            x = min(max(_LEFT + i * step, 14), _WIDTH - 20)
            parts.append(f'<text x="{x:.1f}" y="{floor + 14}">{i * 100 // BINS} %</text>')
    parts.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _LEFT}" y1="{floor}" y2="{floor}"/>')
    parts.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 4}">share of the points</text>')
    return Markup(
        f'<svg class="histogram" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(described(counts))}">'
        f"{''.join(parts)}</svg>"
    )


def described(counts: Sequence[int]) -> str:
    """Return the histogram in words."""
    width = 100 // BINS
    spans = [f"{i * width} to {(i + 1) * width} percent: {c}" for i, c in enumerate(counts) if c]
    return f"Students by share of the points. {'; '.join(spans) or 'None'}."
