"""Wrong solutions, written from the students' notebook alone, each with its true cause in a teacher's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Function = Callable[..., Any]


@dataclass(frozen=True)
class Wrong:
    """One wrong solution.

    Attributes:
        exercise: the exercise that it is handed in for.
        cause: what is wrong with it, in words.
        functions: everything that check needs, by name.
        mistakes: names of the spec's mistakes whose hint a teacher would give here.
        said: phrases, one of which in the report names the cause where no mistake is recognised.
    """

    exercise: str
    cause: str
    functions: dict[str, Function]
    mistakes: tuple[str, ...]
    said: tuple[str, ...]


class Collection:
    """The wrong solutions for one exercise; calling it gives a decorator that adds one.

    Attributes:
        exercise: the exercise's name.
        right: the right functions by name; a wrong solution differs from them in one, or in what calls that one.
        all: what was registered.
    """

    def __init__(self, exercise: str, **right: Function) -> None:
        self.exercise, self.right = exercise, right
        self.all: list[Wrong] = []

    def __call__(
        self,
        cause: str,
        *,
        mistakes: Sequence[str] = (),
        said: Sequence[str] = (),
        function: str | None = None,
        others: Callable[[Function], dict[str, Function]] = lambda _: {},
    ) -> Callable[[Function], Function]:
        """Register a wrong solution.

        Args:
            cause: what is wrong, in words.
            mistakes: names of the spec's mistakes that name the cause.
            said: phrases of the report that name the cause.
            function: which function is wrong, where the exercise has several.
            others: makes, from the wrong function, those of the exercise's functions that call it.
        """

        def register(wrong: Function) -> Function:
            functions = {**self.right, function or self.exercise: wrong, **others(wrong)}
            self.all.append(Wrong(self.exercise, cause, functions, tuple(mistakes), tuple(said)))
            return wrong

        return register


def pair(value: Any) -> tuple[int, int]:
    """Return an int twice, a pair as it is."""
    return (value, value) if isinstance(value, int) else tuple(value)
