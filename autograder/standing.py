"""How far a student has come in each assignment: what `check` remembered, beside what the pack asks for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.packs import PUBLIC, PackError, read_header
from autograder.progress import Checked, minutes_spent, read_checks

PACK_NAME = "cases.pack"
PASSED, TRIED, UNTOUCHED = "passed", "tried", "untouched"
_DEEPEST = 4


@dataclass(frozen=True)
class ExerciseStatus:
    """One exercise: its state after the last check, the points of the groups that passed, minutes."""

    name: str
    title: str
    state: str
    points: float
    max_points: float
    spent: float
    to_go: int


@dataclass(frozen=True)
class ChapterStatus:
    """The exercises of one chapter."""

    name: str
    folder: Path
    exercises: tuple[ExerciseStatus, ...]

    def total(self) -> ExerciseStatus:
        """Return the sums, as one more line."""
        done = sum(e.state == PASSED for e in self.exercises)
        return ExerciseStatus(
            name="",
            title="All",
            state=f"{done} of {len(self.exercises)} passed",
            points=sum(e.points for e in self.exercises),
            max_points=sum(e.max_points for e in self.exercises),
            spent=sum(e.spent for e in self.exercises),
            to_go=sum(e.to_go for e in self.exercises),
        )


def find_status(folder: Path) -> list[ChapterStatus]:
    """Return the status of every chapter whose pack lies in `folder` or below it, in order of their names."""
    found = []
    for path in _packs(folder):
        try:
            header = read_header(path)
            if header["kind"] == PUBLIC:
                found.append(_chapter(path.parent, header))
        except (PackError, OSError, KeyError, TypeError, AttributeError):
            continue  # `check` says what is wrong with a pack
    return sorted(found, key=lambda c: (c.name, str(c.folder)))


def _packs(folder: Path) -> Iterator[Path]:
    top = folder.resolve()
    for here, folders, files in os.walk(top):
        deep = len(Path(here).parts) - len(top.parts)
        folders[:] = [f for f in folders if deep < _DEEPEST and not f.startswith((".", "_")) and f != "node_modules"]
        if PACK_NAME in files:
            yield Path(here) / PACK_NAME


def _chapter(folder: Path, header: dict[str, Any]) -> ChapterStatus:
    checks = read_checks(folder)
    rows = tuple(_exercise(e, checks.get(e["name"], [])) for e in header["exercises"])
    return ChapterStatus(header["chapter"], folder, rows)


def _exercise(e: dict[str, Any], checks: list[Checked]) -> ExerciseStatus:
    passed = set(checks[-1].passed) if checks else set()
    state = UNTOUCHED if not checks else PASSED if passed >= set(e["points"]) else TRIED
    return ExerciseStatus(
        name=e["name"],
        title=e["title"],
        state=state,
        points=sum(p for group, p in e["points"].items() if group in passed),
        max_points=sum(e["points"].values()),
        spent=minutes_spent(checks),
        to_go=0 if state == PASSED else e["minutes"],
    )
