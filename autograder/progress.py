"""What `check` remembers beside a pack: for each check of an exercise, when it was and which groups passed."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from autograder.packs.container import write_atomically

PROGRESS_NAME = ".progress.json"
LONGEST_GAP = 15 * 60.0
_KEPT = 1000


@dataclass(frozen=True)
class Checked:
    """One check of an exercise.

    Attributes:
        time: seconds since 1970.
        passed: the groups that passed.
    """

    time: float
    passed: tuple[str, ...]


Checks = dict[str, list[Checked]]


def note_check(folder: Path, exercise: str, passed: Iterable[str]) -> None:
    """Add a check to what is remembered in `folder`; a folder that cannot be written to is left as it is."""
    path = folder / PROGRESS_NAME
    try:
        checks = read_checks(folder)
        checks.setdefault(exercise, []).append(Checked(time.time(), tuple(passed)))
        kept = {name: [{"time": c.time, "passed": c.passed} for c in done[-_KEPT:]] for name, done in checks.items()}
        write_atomically(path, (json.dumps(kept, indent=1) + "\n").encode())
    except (OSError, ValueError):
        return


def read_checks(folder: Path) -> Checks:
    """Return what is remembered, exercise -> its checks in order; nothing of a damaged file."""
    try:
        stored = json.loads((folder / PROGRESS_NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(stored, dict):
        return {}
    checks = {name: [c for c in map(_checked, done) if c] for name, done in stored.items() if isinstance(done, list)}
    return {name: sorted(done, key=lambda c: c.time) for name, done in checks.items() if done}


def minutes_spent(checks: Iterable[Checked]) -> float:
    """Return the time from the first to the last check; a pause counts as a quarter of an hour at most."""
    times = [c.time for c in checks]
    return sum(min(after - before, LONGEST_GAP) for before, after in pairwise(times)) / 60


def _checked(entry: Any) -> Checked | None:
    match entry:
        case {"time": int() | float() as when, "passed": list(passed)} if math.isfinite(when):
            return Checked(float(when), tuple(map(str, passed)))
    return None
