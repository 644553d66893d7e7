"""Grade a class: many notebooks at once, one writer of the gradebook."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import compute_checksum, is_grade
from sqlalchemy.exc import SAWarning
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.build.build import BuildError, Course
from autograder.grading.configure import configure
from autograder.grading.execution import Limits
from autograder.grading.intake import take_in
from autograder.grading.judge import Assignment, grade, key_of
from autograder.grading.ledger import Ledger
from autograder.report.record import Record


@dataclass(frozen=True)
class Classroom:
    """A class's folder in nbgrader's layout, and nbgrader's view of it."""

    root: Path
    config: Config

    @classmethod
    def open(cls, root: Path, materials: Path) -> Classroom:
        """Open a class with the configuration of `materials`/nbgrader_config.py, its root replaced."""
        file = materials / "nbgrader_config.py"
        config = PyFileConfigLoader(file.name, path=str(materials)).load_config() if file.is_file() else Config()
        configure(config, root, materials)
        return cls(root.resolve(), config)

    @property
    def ledger(self) -> Ledger:
        """The ledger of this class."""
        return Ledger(Path(self.config.Judge.ledger))

    def api(self) -> NbGraderAPI:
        """Return nbgrader's API on this class; it logs to the ledger's folder, not to the screen."""
        api = NbGraderAPI(coursedir=CourseDirectory(config=self.config), config=self.config)
        api.log = quiet_log(self.root)
        return api

    def submissions(self, assignment: str) -> dict[str, Path]:
        """Return student -> submitted notebook, whether or not the file is there."""
        folder = self.root / "submitted"
        return {
            p.name: p / assignment / f"{assignment}.ipynb"
            for p in sorted(folder.glob("*"))
            if (p / assignment).is_dir()
        }


def quiet_log(root: Path) -> logging.Logger:
    """Return a logger that writes to `ledger/nbgrader.log`."""
    logger = logging.getLogger(f"autograder.nbgrader.{root}")
    if not logger.handlers:
        (root / "ledger").mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(root / "ledger" / "nbgrader.log", encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(logging.INFO)
    return logger


def register(classroom: Classroom, course: Course, assignment: str) -> None:
    """Make sure that the gradebook knows the assignment as it was built last."""
    if _is_registered(classroom, course, assignment):
        return
    result = classroom.api().generate_assignment(assignment, force=True)
    if not result["success"]:
        raise BuildError(f"nbgrader could not register {assignment}: {result.get('error') or result.get('log')}")


def _is_registered(classroom: Classroom, course: Course, name: str) -> bool:
    wanted = {c.metadata.nbgrader.grade_id: compute_checksum(c) for c in _grade_cells(course, name)}
    with Gradebook(classroom.config.CourseDirectory.db_url) as gradebook:
        try:
            notebook = gradebook.find_notebook(name, name)
        except MissingEntry:
            return False
        known = {c.name: c.checksum for c in notebook.source_cells}
    return all(known.get(name) == checksum for name, checksum in wanted.items())


def _grade_cells(course: Course, name: str) -> list:
    return [c for c in Assignment.of(course, name).release.cells if is_grade(c)]


def run_class(
    classroom: Classroom,
    course: Course,
    assignment: str,
    *,
    students: tuple[str, ...] = (),
    jobs: int = 2,
    force: bool = False,
    limits: Limits | None = None,
    done: Callable[[str, Record | None, str], None] = lambda student, record, step: None,
) -> dict[str, Record]:
    """Grade the submissions of an assignment and write the gradebook.

    Args:
        classroom: whose submissions.
        course: where the built assignment is.
        assignment: which assignment.
        students: only these; all if empty.
        jobs: how many notebooks run at once.
        force: grade again what has been graded.
        limits: how long student code may take.
        done: is told (student, record, "judged" | "unchanged" | "recorded" | "not graded").

    Returns:
        student -> record, for every submission that was considered.
    """
    material = Assignment.of(course, assignment)
    register(classroom, course, assignment)
    paths = classroom.submissions(assignment)
    unknown = [s for s in students if s not in paths]
    if unknown:
        raise BuildError(f"no submission of {assignment} from {', '.join(unknown)} in {classroom.root / 'submitted'}")
    chosen = {s: p for s, p in paths.items() if not students or s in students}
    entered = classroom.ledger.entered(assignment)
    records: dict[str, Record] = {}
    changed = []
    for student, record, fresh in _judged(classroom, material, chosen, jobs, force, limits or Limits()):
        if record is None:
            done(student, None, "not graded")
            continue
        records[student] = record
        autograded = classroom.root / "autograded" / student / assignment / f"{assignment}.ipynb"
        if fresh or entered.get(student) != record.key or (paths[student].is_file() and not autograded.is_file()):
            changed.append(student)
        done(student, record, "judged" if fresh else "unchanged")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Object of type .* not in session", SAWarning)  # nbgrader's own
        for student in sorted(changed):
            _enter(classroom, assignment, student, records[student])
            done(student, records[student], "recorded")
    return dict(sorted(records.items()))


def _judged(
    classroom: Classroom, material: Assignment, paths: dict[str, Path], jobs: int, force: bool, limits: Limits
) -> Iterator[tuple[str, Record | None, bool]]:
    """Yield (student, record, whether it was made now); the ledger keeps what is made as it comes.

    The record is None where the machine failed twice: such a submission stays ungraded, it does not get zero.
    """
    log = quiet_log(classroom.root)
    waiting = {}
    for student, path in paths.items():
        key = key_of(material, student, take_in(path, material.release))
        found = None if force else classroom.ledger.find(key)
        if found:
            yield student, found[0], False
        else:
            waiting[student] = path
    if not waiting:
        return
    with ProcessPoolExecutor(min(jobs, len(waiting)), mp_context=get_context("spawn")) as pool:
        futures: dict[Future[str], str] = {
            pool.submit(_grade_one, material, classroom.ledger, s, p, force, limits): s for s, p in waiting.items()
        }
        for future in as_completed(futures):
            try:
                found = classroom.ledger.find(future.result())
            except Exception as error:  # the machine's fault, not the student's: say so and go on
                log.error("%s was not graded", futures[future], exc_info=error)
                found = None
            yield futures[future], found[0] if found else None, True


def _grade_one(material: Assignment, ledger: Ledger, student: str, path: Path, force: bool, limits: Limits) -> str:
    submission = take_in(path, material.release)
    try:
        record, notebook = grade(material, student, submission, limits)
    except Exception:  # a kernel that did not start, a full disk: once more
        record, notebook = grade(material, student, submission, limits)
    ledger.add(record, notebook, replace=force)
    return record.key


def _enter(classroom: Classroom, assignment: str, student: str, record: Record) -> None:
    """Let nbgrader write one submission; it finds the verdict in the ledger."""
    if not classroom.submissions(assignment)[student].is_file():
        _enter_without_notebook(classroom, assignment, student)
        classroom.ledger.enter(record)
        return
    result = classroom.api().autograde(assignment, student, force=True)
    if not result["success"]:
        raise BuildError(
            f"nbgrader could not record {student}: {result.get('error') or ''} "
            f"(details in {classroom.root / 'ledger' / 'nbgrader.log'})"
        )


def _enter_without_notebook(classroom: Classroom, assignment: str, student: str) -> None:
    """Enter zero for a submission that lacks the notebook; nbgrader itself would skip it."""
    with Gradebook(classroom.config.CourseDirectory.db_url) as gradebook:
        gradebook.update_or_create_student(student)
        submission = gradebook.update_or_create_submission(assignment, student)
        for grade_row in (g for n in submission.notebooks for g in n.grades):
            grade_row.auto_score, grade_row.needs_manual_grade = 0, grade_row.manual_score is not None
        gradebook.db.commit()
