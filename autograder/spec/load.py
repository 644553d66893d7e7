"""Find the chapters of a course and load their exercises."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from autograder.spec.exercise import Exercise, SpecError

_MODULE_PREFIX = "_exercises_"


def is_spec(module_name: str) -> bool:
    """Say whether a module is one of those that `Chapter.exercises` loads."""
    return module_name.startswith(_MODULE_PREFIX)


@dataclass(frozen=True)
class Chapter:
    """One folder of `solutions/`: a notebook source and the specs of its exercises."""

    name: str
    folder: Path

    @property
    def notebook(self) -> Path:
        """The notebook's source in percent format."""
        return self.folder / "notebook.py"

    @property
    def spec_files(self) -> list[Path]:
        """`exercises.py`, or every file of `exercises/` in sorted order."""
        one = self.folder / "exercises.py"
        return [one] if one.is_file() else sorted((self.folder / "exercises").glob("[!_]*.py"))

    @property
    def source_files(self) -> list[Path]:
        """Every file that the build of this chapter reads."""
        return sorted(p for p in self.folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)

    def exercises(self) -> dict[str, Exercise]:
        """Load the specs.

        Raises:
            SpecError: if there are none, two have the same name, or a spec fails to load; names file and line.
        """
        found: dict[str, Exercise] = {}
        for path in self.spec_files:
            module = _load(path, f"{_MODULE_PREFIX}{self.name}_{path.stem}")
            for exercise in (v for v in vars(module).values() if isinstance(v, Exercise)):
                if found.setdefault(exercise.name, exercise) is not exercise:
                    raise SpecError(f"{path}: an exercise called {exercise.name!r} exists already in {self.name}")
        if not found:
            raise SpecError(f"{self.folder}: no exercises; expected exercises.py or exercises/*.py")
        return found


def chapters(solutions: Path) -> list[Chapter]:
    """Return the chapters of a course in order."""
    return [Chapter(p.parent.name, p.parent) for p in sorted(Path(solutions).glob("*/notebook.py"))]


def find_chapter(solutions: Path, name: str) -> Chapter:
    """Return the chapter `name`; its number alone is enough.

    Raises:
        SpecError: if there is no such chapter, or more than one.
    """
    known = chapters(solutions)
    fitting = [c for c in known if c.name == name] or [c for c in known if c.name.split("_")[0] == name.zfill(2)]
    if len(fitting) != 1:
        have = ", ".join(c.name for c in known) or "none"
        raise SpecError(f"no chapter {name!r} in {Path(solutions).resolve()}; there are: {have}")
    return fitting[0]


def _load(path: Path, module_name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(module_name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # inspect.getsource and dataclasses look here
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
        line = f", line {lines[-1]}" if lines else ""
        kind = "" if isinstance(error, SpecError) else f"{type(error).__name__}: "
        raise SpecError(f"{path}{line}: {kind}{error}") from error
    return module
