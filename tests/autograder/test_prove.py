"""The proof finds what is wrong with tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.build.build import Course, prove_chapter
from autograder.prove.result import Proof
from autograder.spec.load import find_chapter

SMALL = Path(__file__).parent / "course"
SPEC = "solutions/01_small/exercises.py"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("AUTOGRADER_SECRET", "test")
    shutil.copytree(SMALL, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    return Course(tmp_path / "course")


def proofs(course: Course) -> dict[str, Proof]:
    built = prove_chapter(course, find_chapter(course.solutions, "1"))
    return {p.exercise: p for p in built.proofs}


def edit(course: Course, old: str, new: str) -> None:
    path = course.root / SPEC
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_sound_chapter_is_proved_for_both_drivers(course: Course) -> None:
    found = proofs(course)
    assert set(found) == {"softmax", "swish"}
    assert all(p.holds for p in found.values())
    assert all(p.mistakes.total >= 2 and p.mutants.total >= 5 for p in found.values())


def test_one_more_wrong_solution_that_the_cases_miss_fails_the_proof(course: Course) -> None:
    edit(
        course,
        "swish = Exercise(",
        '@softmax.mistake("wrong beyond nine rows", hint="Try ten rows.")\n'
        "def _(x, axis=-1):\n    return _softmax(x, axis) * (1 if len(x) < 10 else 2)\n\n\nswish = Exercise(",
    )
    proof = proofs(course)["softmax"]
    assert not proof.holds
    assert str(proof.mistakes) == "3/4"
    assert proof.mistakes.wrong == (
        "wrong beyond nine rows (not caught by the public cases)",
        "wrong beyond nine rows (not caught by the hidden cases)",
    )


def test_a_wrong_alternative_fails_the_proof_and_names_the_case(course: Course) -> None:
    edit(course, "return x / (1 + torch.exp(-x))", "return x / (1 + torch.exp(x))")
    proof = proofs(course)["swish"]
    assert str(proof.alternatives) == "1/2"
    assert "by its definition: public case 'random'" in proof.alternatives.wrong[0]


def test_cases_that_never_ask_for_another_axis_let_a_mistake_survive(course: Course) -> None:
    edit(course, 'group="any axis", x=draw.normal(n, c, t), axis=1)', 'group="any axis", x=draw.normal(n, c, t))')
    assert "axis ignored (not caught by the public cases)" in proofs(course)["softmax"].mistakes.wrong


def test_cases_with_two_axes_only_let_a_mutant_of_the_default_axis_survive(course: Course) -> None:
    edit(course, '        yield case("the last axis of three", group="any axis", x=draw.normal(n, c, t))\n', "")
    proof = proofs(course)["softmax"]
    assert proof.mutants.right == proof.mutants.total - 3
    assert proof.mutants.wrong == (
        "notebook: def softmax(x, axis=-1): | -1 -> 1",
        "reference softmax: def _softmax(x, axis=-1): | -1 -> 1",
        "by log-sum-exp: def _(x, axis=-1): | -1 -> 1",
    )


def test_cases_without_a_strided_view_let_a_standard_mistake_survive(course: Course) -> None:
    edit(course, 'layout="non-contiguous", ', "")
    wrong = proofs(course)["softmax"].standard.wrong
    assert wrong == (
        "assumes contiguous memory (not caught by the public cases)",
        "assumes contiguous memory (not caught by the hidden cases)",
    )


def test_two_mistakes_that_answer_alike_cannot_both_have_the_right_hint(course: Course) -> None:
    edit(
        course,
        "swish = Exercise(",
        '@softmax.mistake("axis ignored again", hint="The same in other words.")\n'
        "def _(x, axis=-1):\n    return _softmax(x, -1)\n\n\nswish = Exercise(",
    )
    proof = proofs(course)["softmax"]
    assert proof.hints.wrong == ("axis ignored again (taken for 'axis ignored' on the public cases)",)


def test_a_mutant_listed_as_equivalent_must_exist(course: Course) -> None:
    edit(course, "swish = Exercise(", 'softmax.equivalent("no such mutant", reason="none")\n\n\nswish = Exercise(')
    assert proofs(course)["softmax"].mutants.wrong == (
        "no such mutant (listed as equivalent, but there is no such mutant)",
    )


def test_an_endless_wrong_solution_is_caught_by_the_clock(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.assemble.SECONDS_PER_SOLUTION", 0.2)
    edit(course, "    return _softmax(x)\n", "    while True:\n        pass\n")
    proof = proofs(course)["softmax"]
    assert str(proof.mistakes) == "3/3"
    assert proof.hints.right == 3


def test_a_proof_is_the_same_each_time_and_is_not_made_twice(course: Course) -> None:
    chapter = find_chapter(course.solutions, "1")
    first, second = prove_chapter(course, chapter), prove_chapter(course, chapter)
    assert first.fresh
    assert not second.fresh
    assert first.proofs == second.proofs
    shutil.rmtree(course.build)
    assert prove_chapter(course, chapter).proofs == first.proofs


def test_a_changed_spec_is_proved_anew(course: Course) -> None:
    chapter = find_chapter(course.solutions, "1")
    prove_chapter(course, chapter)
    edit(course, 'title="Softmax"', 'title="The softmax"')
    assert prove_chapter(course, chapter).fresh
