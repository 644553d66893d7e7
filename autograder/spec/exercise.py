"""An exercise: a reference, a way to draw cases, and the mistakes that its tests must catch."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.spec.case import Case
from autograder.spec.draw import Draw
from autograder.spec.driven import as_subjects, handed_over

Subject = Callable[..., Any]
Subjects = dict[str, Subject]
CaseSource = Callable[[Draw], Iterable[Case]]
TOGETHER = "two things at once: "  # how the name begins of a mistake that is made of two


class SpecError(ValueError):
    """An exercise that its author must mend."""


@dataclass(frozen=True)
class Variant:
    """A complete solution, right or wrong, as the functions that a student would have written."""

    name: str
    subjects: Subjects
    written: tuple[Subject, ...]
    hint: str = ""

    @property
    def written_for(self) -> str:
        """The name of the function that was written; the others are the reference's."""
        return next(name for name, f in self.subjects.items() if f in self.written)


class Exercise:
    """One exercise of an assignment.

    Args:
        name: what a student types in `check(name, ...)`.
        title: what a student reads.
        reference: the right answer, a function, or one for each name where the student writes several; a value
            for the driver "answer".
        points: group of cases -> points; a group's points are given when all its cases pass.
        minutes: how long a student who has read the lecture needs.
        hints: a ladder of hints, the most general first.
        driver: how the subject is run: "function", "gradient" (torch autograd through it), "module" (an nn.Module
            is trained and evaluated), "sequence" (an object's methods are called in turn), "sampling" (a function
            draws from a random generator), "network" (a network is measured), or "answer" (a value).
        off_limits: dotted names, with wildcards, that raise when a subject calls them.
        section: the anchor of the lecture's section that this exercise belongs to.
    """

    def __init__(
        self,
        name: str,
        *,
        title: str,
        reference: Subject | Mapping[str, Subject] | object,
        points: Mapping[str, float],
        minutes: int,
        hints: Sequence[str],
        driver: str = "function",
        off_limits: Sequence[str] = (),
        section: str = "",
    ) -> None:
        if not name.isidentifier():
            raise SpecError(f"exercise {name!r}: the name must be a Python identifier")
        if not points or not all(0 < p < math.inf for p in points.values()):
            raise SpecError(f"{name}: every group needs a positive number of points, given {dict(points)}")
        self.name, self.title, self.minutes, self.section = name, title, minutes, section
        self.reference: Subjects = as_subjects(name, driver, reference)
        self.points = dict(points)
        self.hints, self.off_limits, self.driver = tuple(hints), tuple(off_limits), driver
        self.mistakes: list[Variant] = []
        self.alternatives: list[Variant] = []
        self.equivalents: dict[str, str] = {}
        self._source: CaseSource | None = None

    @property
    def subjects(self) -> tuple[str, ...]:
        """The names of the functions that a student writes, in the order in which `check` takes them."""
        return tuple(self.reference)

    @property
    def written_at(self) -> tuple[str, int] | None:
        """The file of the spec and the line at which its cases begin."""
        code = getattr(self._source, "__code__", None)
        return (code.co_filename, code.co_firstlineno) if code else None

    def cases(self, source: CaseSource) -> CaseSource:
        """Register the generator of cases (a decorator)."""
        if self._source is not None:
            raise SpecError(f"{self.name}: cases are given twice")
        self._source = source
        return source

    def mistake(
        self, name: str, *, hint: str = "", subject: str | None = None, both: tuple[str, str] | None = None
    ) -> Callable[[Subject], Subject]:
        """Register a complete wrong solution and the hint a teacher would give (a decorator).

        With `both`, it is the solution of someone who makes two of the mistakes above at once. A report then calls it
        "two things at once: A; and B", and its hint is made of theirs if it has none.
        """
        if both is not None:
            one, other = self._mistakes_made(name, both)
            subject = subject or one.written_for
            name, hint = f"{TOGETHER}{one.name}; and {other.name}", hint.strip() or f"{one.hint} {other.hint}"
        if not hint.strip():
            raise SpecError(f"{self.name}: mistake {name!r} has no hint")
        return self._variant(self.mistakes, name, subject, hint)

    def _mistakes_made(self, name: str, both: tuple[str, str]) -> list[Variant]:
        known = {m.name: m for m in self.mistakes if not m.name.startswith(TOGETHER)}
        if len(both) != 2 or len(set(both)) != 2:
            raise SpecError(f"{self.name}: {name!r} must be made of two different mistakes, given {both}")
        for part in both:
            if part not in known:
                above = ", ".join(map(repr, known)) or "none"
                raise SpecError(f"{self.name}: {name!r} is made of {part!r}; the mistakes above it are {above}")
        found = [known[part] for part in both]
        if len({m.written_for for m in found}) > 1:
            raise SpecError(f"{self.name}: {name!r} is made of mistakes in two functions; each is recognised by itself")
        return found

    def alternative(self, name: str, *, subject: str | None = None) -> Callable[[Subject], Subject]:
        """Register a complete right solution in another style (a decorator)."""
        return self._variant(self.alternatives, name, subject, "")

    def equivalent(self, mutant: str, *, reason: str) -> None:
        """State that a machine-made mutant computes the same, and why."""
        if not reason.strip():
            raise SpecError(f"{self.name}: equivalent mutant {mutant!r} needs a reason")
        self.equivalents[mutant] = reason

    def _variant(self, where: list[Variant], name: str, subject: str | None, hint: str) -> Callable[[Subject], Subject]:
        if subject is None and len(self.reference) > 1:
            raise SpecError(f"{self.name}: {name!r} must say which of {self.subjects} it is (subject=...)")
        target = subject or self.subjects[0]
        if target not in self.reference:
            raise SpecError(f"{self.name}: {name!r} is for {target!r}, which is not one of {self.subjects}")
        if any(name == v.name for v in (*self.mistakes, *self.alternatives)):
            raise SpecError(f"{self.name}: two solutions are called {name!r}")

        def register(function: Subject) -> Subject:
            where.append(Variant(name, {**self.reference, target: function}, (function,), hint))
            return function

        return register

    def draw(self, seed: str, rounds: int) -> list[Case]:
        """Draw the cases of one pack and check that they fit the spec."""
        if self._source is None:
            raise SpecError(f"{self.name}: no cases; write a generator and decorate it with .cases")
        cases = list(self._source(Draw(f"{seed}/{self.name}", rounds)))
        for c in cases:
            where = f"{self.name}, case {c.title!r}"
            if c.group not in self.points:
                raise SpecError(f"{where}: group {c.group!r} has no points; groups are {list(self.points)}")
            if c.subject is None and len(self.reference) > 1:
                raise SpecError(f"{where}: say which of {self.subjects} is called (subject=...)")
            subject = self.reference.get(c.subject or self.subjects[0])
            if subject is None:
                raise SpecError(f"{where}: {c.subject!r} is not one of {self.subjects}")
            try:
                inspect.signature(subject).bind(**handed_over(self.driver, c.arguments))
            except TypeError as error:
                raise SpecError(f"{where}: the reference does not take these arguments: {error}") from None
        empty = set(self.points) - {c.group for c in cases}
        if empty:
            raise SpecError(f"{self.name}: no case in group {sorted(empty)}")
        return cases
