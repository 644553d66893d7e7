"""The proof of an exercise: its tests catch every wrong solution and pass every right one."""

from __future__ import annotations

import inspect
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.assemble import TooSlow, run_in_time, time_limit
from autograder.compare.diagnosis import diagnose
from autograder.compare.verdict import judge, judge_case
from autograder.drivers.run import run
from autograder.packs import Outcome, PackedExercise
from autograder.prove.mutate import function_source, mutants
from autograder.prove.result import Proof, Tally
from autograder.prove.standard import standard_mistakes
from autograder.spec.exercise import Exercise, Subjects, Variant
from autograder.spec.load import is_spec

SECONDS_PER_CASE = 2.0
Namespace = dict[str, Any]


def prove(exercise: Exercise, packs: Mapping[str, PackedExercise], cell: str, namespace: Namespace) -> Proof:
    """Prove one exercise.

    Args:
        exercise: the spec.
        packs: the exercise as drawn for the public and for the hidden pack.
        cell: the source of the notebook's solution cell.
        namespace: the names that the notebook defines before this cell.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # wrong solutions overflow and divide by zero
        return Proof(
            exercise=exercise.name,
            mistakes=_mistakes(exercise, packs),
            hints=_hints(exercise, packs),
            standard=_standard(exercise, packs),
            mutants=_mutants(exercise, packs, cell, namespace),
            alternatives=_alternatives(exercise, packs, cell, namespace),
            equivalent=len(exercise.equivalents),
        )


def is_caught(pack: PackedExercise, subjects: Subjects) -> bool:
    """Say whether some case of the pack refuses the solution; stops at the first that does."""
    for outcome_case in _one_by_one(pack):
        try:
            with time_limit(SECONDS_PER_CASE):
                (outcome,) = run(outcome_case, subjects)
        except TooSlow:
            return True
        if not judge_case(outcome_case.cases[0], outcome).passed:
            return True
    return False


def _one_by_one(pack: PackedExercise) -> Iterator[PackedExercise]:
    for case in pack.cases:
        yield replace(pack, cases=(case,), off_limits=())


def _mistakes(exercise: Exercise, packs: Mapping[str, PackedExercise]) -> Tally:
    survivors = [
        f"{m.name} (not caught by the {kind} cases)"
        for i, m in enumerate(exercise.mistakes)
        for kind, pack in packs.items()
        if not any(i in c.mistakes for c in pack.cases)
    ]
    missed = {s.rsplit(" (", 1)[0] for s in survivors}
    return Tally(len(exercise.mistakes) - len(missed), len(exercise.mistakes), tuple(survivors))


def _hints(exercise: Exercise, packs: Mapping[str, PackedExercise]) -> Tally:
    confused: dict[str, str] = {}
    for kind, pack in packs.items():
        for mistake in exercise.mistakes:
            outcomes = run_in_time(pack, mistake.subjects)
            passed = [judge_case(c, o).passed for c, o in zip(pack.cases, outcomes, strict=True)]
            found = diagnose(pack, outcomes, passed)
            if found is None or found[0] != mistake.name:
                told = f"taken for {found[0]!r}" if found else "not recognised"
                confused.setdefault(mistake.name, f"{mistake.name} ({told} on the {kind} cases)")
    return Tally(len(exercise.mistakes) - len(confused), len(exercise.mistakes), tuple(confused.values()))


def _standard(exercise: Exercise, packs: Mapping[str, PackedExercise]) -> Tally:
    total, survivors = 0, []
    for kind, pack in packs.items():
        for name, subjects in standard_mistakes(pack, exercise.reference):
            total += 1
            if judge(pack, run_in_time(pack, subjects)).passed:
                survivors.append(f"{name} (not caught by the {kind} cases)")
    return Tally(total - len(survivors), total, tuple(survivors))


def _mutants(exercise: Exercise, packs: Mapping[str, PackedExercise], cell: str, namespace: Namespace) -> Tally:
    if exercise.driver == "network":  # a mutant within the bounds is a right solution, the others are caught by them
        return Tally(0, 0)
    total, survivors, unused = 0, [], set(exercise.equivalents)
    for mutant, subjects in _mutated(exercise, cell, namespace):
        if mutant in exercise.equivalents:
            unused.discard(mutant)
            continue
        total += 1
        if subjects is not None and not any(is_caught(p, subjects) for p in packs.values()):
            survivors.append(mutant)
    survivors += [f"{m} (listed as equivalent, but there is no such mutant)" for m in sorted(unused)]
    return Tally(total - len(survivors), total, tuple(survivors))


def _mutated(exercise: Exercise, cell: str, namespace: Namespace) -> Iterator[tuple[str, Subjects | None]]:
    """Yield (name, solution); the solution is None where the mutant does not even run."""
    for mutant in mutants(cell, "notebook"):
        try:
            with time_limit(SECONDS_PER_CASE):
                scope = mutant.execute(namespace)
            yield mutant.name, {name: scope[name] for name in exercise.subjects}
        except (Exception, TooSlow):
            yield mutant.name, None
    for subject, function in exercise.reference.items():
        if is_written_in_a_spec(function):
            yield from _mutated_function(f"reference {subject}", subject, function, exercise.reference)
    for variant in exercise.alternatives:
        (written,) = variant.written
        subject = next(name for name, f in variant.subjects.items() if f is written)
        yield from _mutated_function(variant.name, subject, written, variant.subjects)


def is_written_in_a_spec(function: Any) -> bool:
    """Say whether a reference was written for its exercise; a library's functions have tests of their own."""
    return inspect.isfunction(function) and function.__name__ != "<lambda>" and is_spec(function.__module__)


def _mutated_function(
    label: str, subject: str, function: Any, subjects: Subjects
) -> Iterator[tuple[str, Subjects | None]]:
    for mutant in mutants(function_source(function), label):
        try:
            scope = mutant.execute(vars(sys.modules[function.__module__]))
            yield mutant.name, {**subjects, subject: scope[function.__name__]}
        except Exception:
            yield mutant.name, None


def _alternatives(exercise: Exercise, packs: Mapping[str, PackedExercise], cell: str, namespace: Namespace) -> Tally:
    scope = dict(namespace)
    exec(compile(cell, "<notebook>", "exec"), scope)
    own = Variant("the notebook's solution", {name: scope[name] for name in exercise.subjects}, ())
    right: Iterable[Variant] = (own, *exercise.alternatives)
    failures = []
    for variant in right:
        for kind, whole in packs.items():
            pack = _own_cases(whole, variant)
            verdict = judge(pack, _run_all(pack, variant.subjects))
            failed = verdict.first_failure
            if failed is not None and failed.failure is not None:
                why = ": ".join(part for part in (failed.failure.text, failed.failure.detail) if part)
                failures.append(f"{variant.name}: {kind} case {failed.case.title!r}: {why}")
    refused = {f.split(": ", 1)[0] for f in failures}
    total = 1 + len(exercise.alternatives)
    return Tally(total - len(refused), total, tuple(failures))


def _own_cases(pack: PackedExercise, variant: Variant) -> PackedExercise:
    """Return the cases of what the variant wrote; the reference beside it may use what students may not."""
    names = [name for name, f in variant.subjects.items() if f in variant.written] or pack.subjects
    cases = tuple(c for c in pack.cases if c.subject in names)
    groups = {c.group for c in cases}
    return replace(pack, cases=cases, points={g: p for g, p in pack.points.items() if g in groups})


def _run_all(pack: PackedExercise, subjects: Subjects) -> list[Any]:
    """Run with the forbidden functions really forbidden: a right solution does not need them."""
    try:
        with time_limit(SECONDS_PER_CASE * len(pack.cases)):
            return run(pack, subjects)
    except TooSlow:
        return [Outcome(error="TooSlow") for _ in pack.cases]
