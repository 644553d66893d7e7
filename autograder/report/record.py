"""The record of one grading: everything that gradebook, feedback and class report are made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from autograder.compare.verdict import ExerciseVerdict
from autograder.report.content import Content, Line, content


@dataclass(frozen=True)
class ExerciseRecord:
    """What was decided about one exercise, in words that show nothing of the hidden cases.

    Attributes:
        name: the exercise.
        title: what students call it.
        points: points earned.
        max_points: points that could be earned.
        headline: what happened, in one sentence.
        groups: one line for each group of points.
        problem: the first failure in one sentence, or "".
        mistake: the recognised mistake, or "".
        hint: the hint that belongs to it, or "".
        reason: why nothing could be judged ("not implemented yet", ...), or "".
        section: the anchor of the lecture's section on it.
    """

    name: str
    title: str
    points: float
    max_points: float
    headline: str
    groups: tuple[Line, ...]
    problem: str
    mistake: str
    hint: str
    reason: str
    section: str

    @classmethod
    def of(cls, verdict: ExerciseVerdict) -> ExerciseRecord:
        """Return the record of a verdict on hidden cases."""
        said = content(verdict, hidden=True)
        return cls(
            name=verdict.exercise.name,
            title=verdict.exercise.title,
            points=verdict.points,
            max_points=verdict.exercise.max_points,
            headline=said.headline,
            groups=said.lines,
            problem=said.problem,
            mistake=said.mistake,
            hint=said.hint,
            reason=verdict.reason,
            section=verdict.exercise.section,
        )

    def content(self) -> Content:
        """Return the record as a report shows it."""
        return Content(self.headline, self.groups, self.problem, mistake=self.mistake, hint=self.hint)


@dataclass(frozen=True)
class Record:
    """One grading of one submission. The same inputs give the same record, byte for byte.

    Attributes:
        student: nbgrader's student id.
        assignment: nbgrader's assignment id.
        key: names the inputs by content: notebook, hidden pack, versions.
        submission: SHA-256 of the submitted file.
        pack: SHA-256 of the hidden pack.
        versions: of Python and the libraries that ran the student's code.
        protection: what kept the student's code from harm.
        remarks: what had to be repaired in the notebook, for the student.
        exercises: the verdicts, in the order of the notebook.
    """

    student: str
    assignment: str
    key: str
    submission: str
    pack: str
    versions: Mapping[str, str]
    protection: str
    remarks: tuple[str, ...]
    exercises: tuple[ExerciseRecord, ...]

    @property
    def points(self) -> float:
        """Points earned in all."""
        return sum(e.points for e in self.exercises)

    @property
    def max_points(self) -> float:
        """Points that could be earned in all."""
        return sum(e.max_points for e in self.exercises)

    def __getitem__(self, exercise: str) -> ExerciseRecord:
        return next(e for e in self.exercises if e.name == exercise)

    def to_text(self) -> str:
        """Return the record as JSON."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Record:
        """Read what `to_text` wrote."""
        data: dict[str, Any] = json.loads(text)
        exercises = tuple(
            ExerciseRecord(**{**e, "groups": tuple(Line(**g) for g in e["groups"])}) for e in data.pop("exercises")
        )
        return cls(**{**data, "remarks": tuple(data["remarks"]), "exercises": exercises})
