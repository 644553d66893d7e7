"""What the engine's tests share: the small course, loaded and assembled once, and a way to make an exercise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.assemble import assemble, assemble_exercise
from autograder.packs import PUBLIC, Outcome, Pack, PackedExercise
from autograder.spec import Case, Exercise
from autograder.spec.load import find_chapter

SMALL = Path(__file__).parent / "course" / "solutions"


@pytest.fixture(scope="session")
def small_exercises() -> dict[str, Exercise]:
    """The exercises of the small course."""
    return find_chapter(SMALL, "1").exercises()


@pytest.fixture(scope="session")
def small_pack(small_exercises: dict[str, Exercise]) -> Pack:
    """The public pack of the small course."""
    return assemble("01_small", list(small_exercises.values()), PUBLIC, "test")


@pytest.fixture(scope="session")
def small_pack_file(small_pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public pack of the small course, as a file."""
    path = tmp_path_factory.mktemp("pack") / "cases.pack"
    small_pack.save(path)
    return path


@pytest.fixture(scope="session")
def exercise_of() -> Callable[..., Exercise]:
    """Make an exercise called "subject" from a reference, its cases and any other setting of `Exercise`."""

    def make(reference: Callable[..., Any], *cases: Case, **settings: Any) -> Exercise:
        groups = dict.fromkeys(c.group for c in cases)
        given = {"title": "Subject", "points": dict.fromkeys(groups, 1.0), "minutes": 1, "hints": ()} | settings
        exercise = Exercise("subject", reference=reference, **given)
        exercise.cases(lambda _: cases)
        return exercise

    return make


@pytest.fixture(scope="session")
def pack_of(exercise_of: Callable[..., Exercise]) -> Callable[..., PackedExercise]:
    """Assemble the exercise that `exercise_of` makes."""

    def make(reference: Callable[..., Any], *cases: Case, **settings: Any) -> PackedExercise:
        return assemble_exercise(exercise_of(reference, *cases, **settings), "seed", 1)

    return make


@pytest.fixture(scope="session")
def run_one() -> Callable[..., Outcome]:
    """Run a subject on an exercise with one case."""
    from autograder.drivers.run import run

    def call(pack: PackedExercise, subject: Callable[..., Any]) -> Outcome:
        (outcome,) = run(pack, {pack.subjects[0]: subject})
        return outcome

    return call
