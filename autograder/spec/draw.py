"""A seeded source of cases."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
PUBLIC_ROUNDS, HIDDEN_ROUNDS = 1, 3


class Draw:
    """What a spec draws its cases from; public and hidden packs differ only in seed and number of rounds."""

    def __init__(self, seed: str, rounds: int) -> None:
        self._rounds = rounds
        self.rng = np.random.default_rng(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16], "big"))

    def rounds(self) -> range:
        """How often to repeat the drawn cases: once in the public pack, more often in the hidden one."""
        return range(self._rounds)

    def integers(self, low: int, high: int) -> int:
        """Draw one integer, both ends included."""
        return int(self.rng.integers(low, high, endpoint=True))

    def distinct_sizes(self, count: int, low: int = 2, high: int = 9) -> tuple[int, ...]:
        """Draw sizes that are never equal by accident, so that a swapped axis must show."""
        if count > high - low + 1:
            raise ValueError(f"distinct_sizes: {count} different sizes do not fit into [{low}, {high}]")
        return tuple(int(n) for n in self.rng.permutation(np.arange(low, high + 1))[:count])

    def normal(self, *shape: int, dtype: str = "float64") -> np.ndarray:
        """Draw an array of standard normal numbers."""
        return self.rng.standard_normal(shape).astype(dtype)

    def integer_array(self, *shape: int, low: int = -4, high: int = 5) -> np.ndarray:
        """Draw an int64 array with entries from `low` to `high`, both included."""
        return self.rng.integers(low, high, size=shape, endpoint=True)

    def choice(self, options: Sequence[T]) -> T:
        """Draw one of `options`."""
        return options[int(self.rng.integers(len(options)))]
