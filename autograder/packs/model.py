"""What a pack holds, as objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.packs import container
from autograder.packs.tree import DamagedError, decode, encode

PUBLIC, HIDDEN, INPUTS = "public", "hidden", "inputs"


@dataclass(frozen=True)
class Outcome:
    """What happened when a subject was called on a case.

    Attributes:
        value: what it returned, plain data or `Foreign`.
        error: the type of the exception it raised, or None.
        kinds: the names of that type and of its bases.
        message: the exception's text.
        where: the student's line that raised it.
        changed: the arguments whose content it changed.
        shares: the arguments whose memory its result shares.
        printed: what it printed, shortened.
    """

    value: Any = None
    error: str | None = None
    kinds: tuple[str, ...] = ()
    message: str = ""
    where: str = ""
    changed: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    printed: str = ""

    def to_json(self, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        """Return the outcome as JSON, leaving out what is empty."""
        tree = {"value": encode(self.value, arrays)} if self.error is None else {"error": self.error}
        rest = {"message": self.message, "where": self.where, "printed": self.printed}
        lists = {k: list(getattr(self, k)) for k in ("kinds", "changed", "shares")}
        return tree | {k: v for k, v in (rest | lists).items() if v}

    @classmethod
    def from_json(cls, tree: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Outcome:
        """Read what `to_json` wrote. Anything malformed raises, so that a forged answer cannot pass."""
        return cls(
            value=decode(tree["value"], arrays) if "value" in tree else None,
            error=None if "value" in tree else str(tree["error"]),
            kinds=tuple(map(str, tree.get("kinds", ()))),
            message=str(tree.get("message", "")),
            where=str(tree.get("where", "")),
            changed=tuple(map(str, tree.get("changed", ()))),
            shares=tuple(map(str, tree.get("shares", ()))),
            printed=str(tree.get("printed", "")),
        )


@dataclass(frozen=True)
class PackedCase:
    """A case with its right answer and what the known mistakes answer where they differ."""

    title: str
    group: str
    subject: str
    arguments: dict[str, Any]
    layout: str | None = None
    raises: str | None = None
    expected: Any = None
    dtypes: tuple[str, ...] = ()
    tolerances: tuple[float, ...] = ()
    mistakes: dict[int, Outcome] = field(default_factory=dict)


@dataclass(frozen=True)
class PackedExercise:
    """An exercise as students and the judge see it; `mistakes` are (name, hint) pairs."""

    name: str
    title: str
    points: dict[str, float]
    minutes: int
    hints: tuple[str, ...]
    section: str
    driver: str
    off_limits: tuple[str, ...]
    subjects: tuple[str, ...]
    mistakes: tuple[tuple[str, str], ...]
    cases: tuple[PackedCase, ...]

    @property
    def max_points(self) -> float:
        """The sum of the groups' points."""
        return sum(self.points.values())

    def inputs_only(self) -> PackedExercise:
        """Return what a worker may know: how to call the subject, and nothing of the answers."""
        bare = tuple(replace(c, expected=None, dtypes=(), tolerances=(), mistakes={}, raises=None) for c in self.cases)
        return replace(self, hints=(), mistakes=(), cases=bare)


@dataclass(frozen=True)
class Pack:
    """The exercises of one chapter."""

    chapter: str
    kind: str
    exercises: tuple[PackedExercise, ...]

    def __getitem__(self, name: str) -> PackedExercise:
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        known = ", ".join(e.name for e in self.exercises)
        raise KeyError(f"there is no exercise {name!r} in {self.chapter}; its exercises are {known}")

    def save(self, path: Path) -> str:
        """Write the pack and return its digest."""
        arrays: dict[str, np.ndarray] = {}
        header = {
            "kind": self.kind,
            "chapter": self.chapter,
            "exercises": [_exercise_to_json(e, arrays) for e in self.exercises],
        }
        return container.write(path, header, arrays)

    @classmethod
    def load(cls, path: Path) -> Pack:
        """Read a pack.

        Raises:
            PackError: if it is missing, damaged, or of another version.
        """
        header, arrays = container.read(path)
        try:
            exercises = tuple(_exercise_from_json(e, arrays) for e in header["exercises"])
            return cls(header["chapter"], header["kind"], exercises)
        except DamagedError as error:
            raise container.PackError(f"{path} is damaged ({error}); fetch or build it again") from None
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise container.PackError(f"{path} is no pack of exercises ({error!r}); fetch or build it again") from None


def _exercise_to_json(e: PackedExercise, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    return {
        "name": e.name,
        "title": e.title,
        "points": e.points,
        "minutes": e.minutes,
        "hints": list(e.hints),
        "section": e.section,
        "driver": e.driver,
        "off_limits": list(e.off_limits),
        "subjects": list(e.subjects),
        "mistakes": [{"name": name, "hint": hint} for name, hint in e.mistakes],
        "cases": [_case_to_json(c, arrays) for c in e.cases],
    }


def _case_to_json(c: PackedCase, arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    return {
        "title": c.title,
        "group": c.group,
        "subject": c.subject,
        "arguments": encode(c.arguments, arrays),
        "layout": c.layout,
        "raises": c.raises,
        "expected": encode(c.expected, arrays),
        "dtypes": list(c.dtypes),
        "tolerances": list(c.tolerances),
        "mistakes": {str(i): o.to_json(arrays) for i, o in sorted(c.mistakes.items())},
    }


def _exercise_from_json(tree: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> PackedExercise:
    return PackedExercise(
        name=tree["name"],
        title=tree["title"],
        points=dict(tree["points"]),
        minutes=tree["minutes"],
        hints=tuple(tree["hints"]),
        section=tree["section"],
        driver=tree["driver"],
        off_limits=tuple(tree["off_limits"]),
        subjects=tuple(tree["subjects"]),
        mistakes=tuple((m["name"], m["hint"]) for m in tree["mistakes"]),
        cases=tuple(
            PackedCase(
                title=c["title"],
                group=c["group"],
                subject=c["subject"],
                arguments=decode(c["arguments"], arrays),
                layout=c["layout"],
                raises=c["raises"],
                expected=decode(c["expected"], arrays),
                dtypes=tuple(c["dtypes"]),
                tolerances=tuple(c["tolerances"]),
                mistakes={int(i): Outcome.from_json(o, arrays) for i, o in c["mistakes"].items()},
            )
            for c in tree["cases"]
        ),
    )
