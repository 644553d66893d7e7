"""No solution and no hidden case may be in what students get."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from autograder.packs import Pack, PackError, encode

SHORTEST_TELLING_LINE = 12


def find_leaks(assignment: Path, solutions: Mapping[str, str], public: Pack, hidden: Pack) -> list[str]:
    """Return what is in an assignment folder and must not be, one sentence each.

    Args:
        assignment: the folder that students get.
        solutions: exercise -> source of its solution cell, with its markers.
        public: the pack that students may have.
        hidden: the pack that they may not.
    """
    secret = _cases(hidden) - _cases(public)
    telling = {name: solution_lines(source) for name, source in solutions.items()}
    found = []
    for path in sorted(p for p in assignment.rglob("*") if p.is_file()):
        found += [f"{path}: a hidden case of {name}" for name in sorted({c[0] for c in secret & _cases_in(path)})]
        text = _squeezed(path.read_bytes().decode("utf-8", errors="ignore"))
        for name, lines in telling.items():
            found += [f"{path}: a line of the solution of {name}: {x}" for x in lines if _squeezed(x) in text]
    return found


def solution_lines(source: str) -> list[str]:
    """Return the lines between the markers that only a solution has."""
    inside, lines, outside = False, [], set()
    for line in source.splitlines():
        if "### BEGIN SOLUTION" in line or "### END SOLUTION" in line:
            inside = "BEGIN" in line
        elif inside:
            lines.append(line.strip())
        else:
            outside.add(line.strip())
    return [x for x in lines if len(x) >= SHORTEST_TELLING_LINE and not x.startswith("#") and x not in outside]


Key = tuple[str, str, str]


def _cases(pack: Pack) -> set[Key]:
    """Name every case by its exercise, its subject and the content of its arguments."""
    arrays: dict[str, np.ndarray] = {}
    return {
        (e.name, c.subject, json.dumps([encode(c.arguments, arrays), c.layout]))
        for e in pack.exercises
        for c in e.cases
    }


def _cases_in(path: Path) -> set[Key]:
    try:
        return _cases(Pack.load(path))
    except (PackError, KeyError, TypeError):
        return set()


def _squeezed(text: str) -> str:
    """Drop white space and the escapes of JSON, so that a line is found however it is stored."""
    return re.sub(r"\\n|\s|\\", "", text)
