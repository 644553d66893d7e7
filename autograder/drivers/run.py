"""Run a subject on the cases of an exercise and note what happened. Holds no answers."""

from __future__ import annotations

import contextlib
import io
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.drivers.gradient import call_with_gradient
from autograder.drivers.layout import arrays_in, fresh, map_arrays, same
from autograder.drivers.off_limits import off_limits
from autograder.packs import Foreign, Outcome, PackedExercise
from autograder.packs.tree import PLAIN_DTYPES, type_name
from autograder.spec.exercise import Subject

PRINTED_CHARACTERS = 400
_NOT_STUDENTS = (str(Path(__file__).resolve().parents[1]) + os.sep, str(Path(__file__).parents[2] / "course_lib"))


def call_function(subject: Subject, arguments: dict[str, Any]) -> Any:
    """Call the subject as it is."""
    return subject(**arguments)


DRIVERS: Mapping[str, Callable[[Subject, dict[str, Any]], Any]] = {
    "function": call_function,
    "gradient": call_with_gradient,
}


def run(exercise: PackedExercise, subjects: Mapping[str, Any]) -> list[Outcome]:
    """Call `subjects` on every case of `exercise`, in order.

    Results are kept as they are until the last call has returned, so that a function that hands out the same
    buffer twice is seen.
    """
    call = DRIVERS[exercise.driver]
    raw = []
    with off_limits(exercise.off_limits, subjects.values()):
        for case in exercise.cases:
            arguments = fresh(case.arguments, case.layout)
            raw.append((arguments, *_call(call, subjects[case.subject], arguments)))
    outcomes = []
    for case, (arguments, value, failure, printed) in zip(exercise.cases, raw, strict=True):
        changed = tuple(k for k, before in case.arguments.items() if not same(before, _as_given(arguments[k])))
        outcomes.append(
            Outcome(**failure, changed=changed, printed=printed)
            if failure
            else Outcome(value=_plain(value), changed=changed, shares=_shared(value, arguments), printed=printed)
        )
    return outcomes


def _call(call: Callable[..., Any], subject: Any, arguments: dict[str, Any]) -> tuple[Any, dict[str, Any], str]:
    out = io.StringIO()
    value, failure = None, {}
    with contextlib.redirect_stdout(out):
        try:
            value = call(subject, arguments)
        except (Exception, SystemExit) as error:
            failure = {
                "error": type(error).__name__,
                "kinds": tuple(base.__name__ for base in type(error).__mro__ if base is not object),
                "message": _message(error),
                "where": _where(error),
            }
    return value, failure, out.getvalue()[:PRINTED_CHARACTERS]


def _message(error: BaseException) -> str:
    try:
        return str(error)[:500]
    except Exception:  # a student's own exception whose text cannot be made
        return ""


def _where(error: BaseException) -> str:
    """Return the innermost line that is not this engine's: the one a student can act on."""
    lines: Sequence[traceback.FrameSummary] = traceback.extract_tb(error.__traceback__)
    own = [f for f in lines if not f.filename.startswith(_NOT_STUDENTS) and "site-packages" not in f.filename]
    return f"line {own[-1].lineno}: {own[-1].line}" if own and own[-1].line else ""


def _as_given(value: Any) -> Any:
    return map_arrays(value, np.array)


def _plain(value: Any) -> Any:
    """Copy plain data; name the type of anything else. Lists, tuples and dicts are walked, subclasses not."""
    if type(value) is np.ndarray:
        return np.array(value) if value.dtype in PLAIN_DTYPES else Foreign(type_name(value))
    if type(value) in (list, tuple):
        return type(value)(_plain(v) for v in value)
    if type(value) is dict and all(type(k) is str for k in value):
        return {k: _plain(v) for k, v in value.items()}
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.generic) and value.dtype in PLAIN_DTYPES:
        return value
    return Foreign(type_name(value))


def _shared(value: Any, arguments: dict[str, Any]) -> tuple[str, ...]:
    mine = arrays_in(value) if type(value) in (np.ndarray, list, tuple, dict) else []
    return tuple(
        name
        for name, argument in arguments.items()
        if any(np.shares_memory(a, b) for a in mine for b in arrays_in(argument) if a.size and b.size)
    )
