"""What a proof found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Tally:
    """How many of something behaved as they must, and which did not."""

    right: int
    total: int
    wrong: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.right}/{self.total}"


@dataclass(frozen=True)
class Proof:
    """The proof of one exercise.

    Attributes:
        mistakes: named wrong solutions caught by the public and by the hidden pack.
        hints: named wrong solutions whose own hint is the one that a student would read.
        standard: wrong solutions made from the reference that were caught.
        mutants: machine-made mutants caught; those listed as equivalent are not counted.
        alternatives: right solutions (the notebook's and the listed ones) that passed.
        equivalent: mutants listed as equivalent.
    """

    exercise: str
    mistakes: Tally
    hints: Tally
    standard: Tally
    mutants: Tally
    alternatives: Tally
    equivalent: int = 0

    @property
    def tallies(self) -> dict[str, Tally]:
        """The tallies by the name of their column."""
        names = ("mistakes", "hints", "standard", "mutants", "alternatives")
        return {name: getattr(self, name) for name in names}

    @property
    def holds(self) -> bool:
        """True if there is nothing to mend."""
        return not any(t.wrong for t in self.tallies.values())

    def to_json(self) -> dict[str, Any]:
        """Return the proof as plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Proof:
        """Read what `to_json` wrote."""
        columns = ("mistakes", "hints", "standard", "mutants", "alternatives")
        tallies = {k: Tally(v["right"], v["total"], tuple(v["wrong"])) for k, v in data.items() if k in columns}
        return cls(exercise=data["exercise"], equivalent=data["equivalent"], **tallies)
