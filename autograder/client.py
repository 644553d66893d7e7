"""What students call in a notebook: `check`, `hint`, `solved`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from autograder.compare.verdict import NOT_IMPLEMENTED, ExerciseVerdict, judge, no_answer
from autograder.drivers.run import TAKE_VALUES, run
from autograder.packs import Pack, PackedExercise
from autograder.progress import note_check

PACK_VARIABLE = "AUTOGRADER_PACK"
_verdicts: dict[str, ExerciseVerdict] = {}
_hints_shown: dict[str, int] = {}


def check(name: str, *subjects: Any) -> None:
    """Run the public cases of an exercise on your function (or functions) and show what happened.

    Args:
        name: the exercise, for example "conv2d".
        subjects: your function, or your answer where a question asks for one; where an exercise has several, all
            of them in the order of the check cell.

    Raises:
        ValueError: if there is no such exercise, or the number of functions is not right.
    """
    exercise = _exercise(name)
    if len(subjects) != len(exercise.subjects):
        raise ValueError(
            f"check({name!r}): this exercise has {len(exercise.subjects)} function(s) "
            f"({', '.join(exercise.subjects)}), you gave {len(subjects)}"
        )
    wrong = [s for s, f in zip(exercise.subjects, subjects, strict=True) if not callable(f)]
    if wrong and exercise.driver not in TAKE_VALUES:
        verdict = no_answer(exercise, f"{wrong[0]} is not a function any more: was the name used for something else?")
    else:
        verdict = judge(exercise, run(exercise, dict(zip(exercise.subjects, subjects, strict=True))))
    _verdicts[name] = verdict
    if verdict.reason != NOT_IMPLEMENTED:
        note_check(_pack_path().parent, name, [g.name for g in verdict.groups if g.passed])
    _show(verdict)


def hint(name: str) -> None:
    """Print the next hint of an exercise; the hints go from a nudge to nearly there."""
    exercise = _exercise(name)
    shown = _hints_shown.get(name, 0)
    if shown >= len(exercise.hints):
        print(f"There are no more hints for {name}: you have seen all {shown}. Read them again above, or ask.")
        return
    _hints_shown[name] = shown + 1
    print(f"Hint {shown + 1} of {len(exercise.hints)} for {name}: {exercise.hints[shown]}")


def solved(name: str) -> bool:
    """Say whether the last `check` of an exercise passed all public cases."""
    return name in _verdicts and _verdicts[name].passed


def _exercise(name: str) -> PackedExercise:
    try:
        return Pack.load(_pack_path())[name]
    except KeyError as error:
        raise ValueError(error.args[0]) from None


def _pack_path() -> Path:
    given = os.environ.get(PACK_VARIABLE)
    here = Path(given) if given else Path.cwd() / "cases.pack"
    if not here.is_file():
        raise FileNotFoundError(
            f"check: there is no {here.name} in {here.parent}. It comes with the assignment: open the "
            f"notebook from the folder in which you fetched it, or set {PACK_VARIABLE} to the pack's path."
        )
    return here


def _show(verdict: ExerciseVerdict) -> None:
    from autograder.report.show import show

    show(verdict)
