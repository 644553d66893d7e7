"""Build a chapter: prove its exercises, then write what students get and the instructor's hidden pack."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.assemble import assemble
from autograder.build.leaks import find_leaks
from autograder.build.release import release, to_text
from autograder.build.same import same_packs
from autograder.build.source import Source, read_source, to_notebook
from autograder.packs import HIDDEN, PUBLIC, Pack
from autograder.packs.container import write_atomically
from autograder.progress import PROGRESS_NAME
from autograder.prove.prove import prove
from autograder.prove.result import Proof
from autograder.spec.load import Chapter

PACK_NAME, HIDDEN_NAME = "cases.pack", "hidden.pack"
SECRET_VARIABLE = "AUTOGRADER_SECRET"
Progress = Callable[[str, str], None]


class BuildError(RuntimeError):
    """A chapter that must not be released, and why."""


@dataclass(frozen=True)
class Course:
    """Where a course keeps its parts."""

    root: Path

    @property
    def solutions(self) -> Path:
        """Specs and notebook sources (instructors only)."""
        return self.root / "solutions"

    @property
    def assignments(self) -> Path:
        """What students get."""
        return self.root / "assignments"

    @property
    def build(self) -> Path:
        """Everything that can be made again: hidden packs, proofs, instructors' notebooks."""
        return self.root / "build" / "course"

    def hidden_pack(self, chapter: str) -> Path:
        """The pack that grades are made from."""
        return self.build / chapter / HIDDEN_NAME

    def source_notebook(self, chapter: str) -> Path:
        """The instructor's notebook, with solutions, in nbgrader's layout."""
        return self.build / "source" / chapter / f"{chapter}.ipynb"

    def secret(self) -> str:
        """Return the seed of the hidden cases; made once, kept in `.secret`, readable by the instructor only."""
        given = os.environ.get(SECRET_VARIABLE)
        if given:
            return given
        path = self.root / ".secret"
        if not path.is_file():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(16) + "\n")
        return path.read_text().strip()


@dataclass(frozen=True)
class Built:
    """A built chapter: its proofs, and whether anything had to be done."""

    chapter: str
    proofs: tuple[Proof, ...]
    fresh: bool


def prove_chapter(course: Course, chapter: Chapter, progress: Progress | None = None) -> Built:
    """Prove a chapter's exercises, or return the stored proof if nothing that it depends on has changed."""
    state, key = course.build / chapter.name / "proof.json", _key(course, chapter)
    if state.is_file():
        stored = json.loads(state.read_text())
        if stored["key"] == key:
            return Built(chapter.name, tuple(Proof.from_json(p) for p in stored["proofs"]), fresh=False)
    source = _source(chapter)
    tell = progress or (lambda exercise, step: None)
    packs = _packs(course, chapter, source, tell)
    namespaces = source.namespaces()
    proofs = []
    for exercise in source.exercises:
        tell(exercise.name, "proving")
        drawn = {kind: pack[exercise.name] for kind, pack in packs.items()}
        proofs.append(prove(exercise, drawn, source.solution(exercise.name), namespaces[exercise.name]))
    text = json.dumps({"key": key, "proofs": [p.to_json() for p in proofs]}, indent=1)
    write_atomically(state, text.encode())
    return Built(chapter.name, tuple(proofs), fresh=True)


def build_chapter(course: Course, chapter: Chapter, progress: Progress | None = None, out: Path | None = None) -> Built:
    """Prove and build a chapter.

    Args:
        course: where to read and write.
        chapter: which chapter.
        progress: is told (exercise, step) as the work goes on.
        out: where to put what students get; `assignments/` if not given.

    Raises:
        BuildError: if a proof does not hold or something would leak; nothing has been released then.
    """
    built = prove_chapter(course, chapter, progress)
    missed = [f"{p.exercise}: {w}" for p in built.proofs for t in p.tallies.values() for w in t.wrong]
    if missed:
        raise BuildError(f"{chapter.name} is not proved, nothing was released:\n  " + "\n  ".join(missed))
    source = _source(chapter)
    packs = _packs(course, chapter, source, progress or (lambda exercise, step: None))
    instructor = to_notebook(source)
    target = (out or course.assignments) / chapter.name
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        (fresh / f"{chapter.name}.ipynb").write_text(to_text(release(instructor)), encoding="utf-8")
        packs[PUBLIC].save(fresh / PACK_NAME)
        _refuse_leaks(fresh, source, packs)
        changed = _replace_folder(fresh, target)
    packs[HIDDEN].save(course.hidden_pack(chapter.name))
    write_atomically(course.source_notebook(chapter.name), to_text(instructor).encode())
    return Built(chapter.name, built.proofs, built.fresh or changed)


def check_assignment(course: Course, chapter: Chapter) -> list[str]:
    """Return how `assignments/` differs from what the build makes and what leaks in it."""
    source = _source(chapter)
    packs = _packs(course, chapter, source, lambda exercise, step: None)
    target = course.assignments / chapter.name
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        (fresh / f"{chapter.name}.ipynb").write_text(to_text(release(to_notebook(source))), encoding="utf-8")
        packs[PUBLIC].save(fresh / PACK_NAME)
        different = [f"{target / name}: {why}" for name, why in _differences(fresh, target)]
    return different + find_leaks(target, _solution_cells(source), packs[PUBLIC], packs[HIDDEN])


def _source(chapter: Chapter) -> Source:
    return read_source(chapter.notebook, chapter.exercises())


def _packs(course: Course, chapter: Chapter, source: Source, tell: Progress) -> dict[str, Pack]:
    tell(chapter.name, "drawing cases")
    return {
        PUBLIC: assemble(chapter.name, source.exercises, PUBLIC, "students"),
        HIDDEN: assemble(chapter.name, source.exercises, HIDDEN, course.secret()),
    }


def _solution_cells(source: Source) -> dict[str, str]:
    return {c.metadata["exercise"]: c.source for c in source.cells if "exercise" in c.metadata}


def _refuse_leaks(folder: Path, source: Source, packs: dict[str, Pack]) -> None:
    leaks = find_leaks(folder, _solution_cells(source), packs[PUBLIC], packs[HIDDEN])
    if leaks:
        raise BuildError("students would get what they must not see:\n  " + "\n  ".join(leaks))


def _differences(fresh: Path, target: Path) -> list[tuple[str, str]]:
    names = {p.name for p in fresh.iterdir()} | {p.name for p in target.glob("*") if p.name != PROGRESS_NAME}
    return [(name, why) for name in sorted(names) if (why := _difference(fresh / name, target / name))]


def _difference(fresh: Path, old: Path) -> str:
    if not old.exists():
        return "missing; run `make assignments`"
    if not fresh.exists():
        return "does not come from the build; remove it"
    if fresh.name == PACK_NAME:
        return "" if same_packs(fresh, old) else "out of date; run `make assignments`"
    return "" if fresh.read_bytes() == old.read_bytes() else "out of date; run `make assignments`"


def _replace_folder(fresh: Path, target: Path) -> bool:
    different = _differences(fresh, target)
    for name, _ in different:
        if (fresh / name).exists():
            write_atomically(target / name, (fresh / name).read_bytes())
        elif (target / name).is_dir():
            shutil.rmtree(target / name)
        else:
            (target / name).unlink()
    return bool(different)


def _key(course: Course, chapter: Chapter) -> str:
    """Digest everything that a proof depends on."""
    engine = Path(__file__).parents[1]
    library = [p for p in (engine.parent / "course_lib").rglob("*.py") if p.parts[-2] in ("functional", "design")]
    code = [*engine.rglob("*.py"), *library]
    digest = hashlib.sha256(course.secret().encode())
    for path in sorted([*chapter.source_files, *code]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
