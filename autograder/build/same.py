"""Whether two packs say the same: what another processor's rounding changes does not count."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from autograder.compare.diagnosis import recognises
from autograder.compare.values import compare
from autograder.drivers.layout import same
from autograder.packs import Pack, PackedCase


def same_packs(a: Path, b: Path) -> bool:
    """Say whether two packs are equal, byte for byte or up to rounding in the computed answers."""
    if a.read_bytes() == b.read_bytes():
        return True
    one, other = Pack.load(a), Pack.load(b)
    return _bare(one) == _bare(other) and all(
        len(x.cases) == len(y.cases) and all(map(_same_case, x.cases, y.cases))
        for x, y in zip(one.exercises, other.exercises, strict=True)
    )


def _bare(pack: Pack) -> Pack:
    return replace(pack, exercises=tuple(replace(e, cases=()) for e in pack.exercises))


def _same_case(x: PackedCase, y: PackedCase) -> bool:
    return (
        (x.title, x.group, x.subject, x.layout, x.raises, x.dtypes)
        == (y.title, y.group, y.subject, y.layout, y.raises, y.dtypes)
        and same(x.arguments, y.arguments)
        and compare(x.expected, y.expected, (), x.tolerances) is None
        and set(x.mistakes) == set(y.mistakes)
        and all(recognises(x.mistakes[m], y.mistakes[m]) for m in x.mistakes)
    )
