"""Grade one submission: take it in, run it, judge the answers against the hidden pack."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.build.build import PACK_NAME, BuildError, Course
from autograder.compare.verdict import ExerciseVerdict, judge, no_answer
from autograder.grading.execution import PROTECTION, Limits, Run, execute
from autograder.grading.intake import Submission
from autograder.grading.versions import versions
from autograder.packs import Pack, PackedExercise, digest
from autograder.report.record import ExerciseRecord, Record


@dataclass(frozen=True)
class Assignment:
    """What is needed to grade a chapter's submissions."""

    name: str
    release: NotebookNode
    files: Path
    hidden: Path
    pack: str

    @classmethod
    def of(cls, course: Course, name: str) -> Assignment:
        """Find an assignment.

        Raises:
            BuildError: if it has not been built.
        """
        folder, hidden = course.assignments / name, course.hidden_pack(name)
        notebook = folder / f"{name}.ipynb"
        missing = [p for p in (notebook, folder / PACK_NAME, hidden) if not p.is_file()]
        if missing:
            raise BuildError(f"{missing[0]} is missing: build the assignment first (`autograder build {name}`)")
        return cls(name, nbformat.read(notebook, as_version=4), folder, hidden, digest(hidden))


def key_of(assignment: Assignment, student: str, submission: Submission) -> str:
    """Name a grading by everything that decides it."""
    release = hashlib.sha256(nbformat.writes(assignment.release).encode()).hexdigest()
    parts = [student, assignment.name, assignment.pack, release, submission.digest, versions()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def grade(
    assignment: Assignment, student: str, submission: Submission, limits: Limits | None = None
) -> tuple[Record, NotebookNode]:
    """Run and judge a submission; return its record and the executed notebook."""
    pack = Pack.load(assignment.hidden)
    if submission.unreadable:
        run = Run(submission.notebook)
        verdicts = [no_answer(e, "the notebook could not be read") for e in pack.exercises]
        remarks: tuple[str, ...] = (submission.unreadable,)
    else:
        run = execute(submission.notebook, pack, assignment.files, limits)
        verdicts = [_verdict(e, run) for e in pack.exercises]
        remarks = (*submission.remarks, *run.remarks)
    record = Record(
        student=student,
        assignment=assignment.name,
        key=key_of(assignment, student, submission),
        submission=submission.digest,
        pack=assignment.pack,
        versions=versions(),
        protection=PROTECTION,
        remarks=remarks,
        exercises=tuple(ExerciseRecord.of(v) for v in verdicts),
    )
    return record, run.notebook


def _verdict(exercise: PackedExercise, run: Run) -> ExerciseVerdict:
    outcomes = run.answers.get(exercise.name)
    if outcomes is None:
        return no_answer(exercise, run.reasons.get(exercise.name, "its check was not reached"))
    return judge(exercise, outcomes)
