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

from autograder.drivers.answer import take_answer
from autograder.drivers.gradient import call_with_gradient
from autograder.drivers.layout import arrays_in, fresh, map_arrays, same
from autograder.drivers.module import GRADIENTS, call_module
from autograder.drivers.network import measure_network
from autograder.drivers.off_limits import off_limits
from autograder.drivers.sampling import call_sampling
from autograder.drivers.sequence import ALIKE, OVERWRITTEN, call_sequence
from autograder.packs import Foreign, Outcome, PackedExercise
from autograder.packs.tree import PLAIN_DTYPES, type_name
from autograder.spec.exercise import Subject

PRINTED_CHARACTERS = 400
DEEPEST = 100  # levels of lists in lists that a result may have
_NOT_STUDENTS = (str(Path(__file__).resolve().parents[1]) + os.sep, str(Path(__file__).parents[2] / "course_lib"))


def call_function(subject: Subject, arguments: dict[str, Any]) -> Any:
    """Call the subject as it is."""
    return subject(**arguments)


DRIVERS: Mapping[str, Callable[[Subject, dict[str, Any]], Any]] = {
    "function": call_function,
    "gradient": call_with_gradient,
    "module": call_module,
    "sequence": call_sequence,
    "sampling": call_sampling,
    "network": measure_network,
    "answer": take_answer,
}
TAKE_VALUES = frozenset({"answer"})  # whose subjects are values, not functions


def run(exercise: PackedExercise, subjects: Mapping[str, Any]) -> list[Outcome]:
    """Call `subjects` on every case of `exercise`, in order.

    Results are kept as they are until the last call has returned, so that a function that hands out the same
    buffer twice is seen.
    """
    call = DRIVERS[exercise.driver]
    raw = []
    with off_limits(exercise.off_limits, [f for s in subjects.values() for f in _functions(s)]) as refused:
        for case in exercise.cases:
            arguments = fresh(case.arguments, case.layout)
            refused.clear()
            value, failure, printed = _call(call, subjects[case.subject], arguments)
            raw.append((arguments, value, _failure(refused[0]) if refused else failure, printed))
    outcomes = []
    for case, (arguments, value, failure, printed) in zip(exercise.cases, raw, strict=True):
        changed = tuple(k for k, before in case.arguments.items() if _differs(before, arguments[k]))
        if failure:
            outcomes.append(Outcome(**failure, changed=changed, printed=printed))
            continue
        try:
            plain, shares = _plain(value), _shared(value, arguments)
        except RecursionError:
            plain, shares = Foreign(f"{type_name(value)} that contains itself or is nested too deeply"), ()
        outcomes.append(Outcome(value=plain, changed=changed, shares=shares, printed=printed))
    return outcomes


def complaint(driver: str, value: Any) -> str:
    """Say why what a driver returned for the reference cannot be an exercise's right answer, or ""."""
    if driver == "module" and value[GRADIENTS] is None:
        return "a cotangent has not the shape of its output, so that there are no gradients"
    if driver == "sequence" and value[OVERWRITTEN]:
        return f"the reference changes {value[OVERWRITTEN][0]} later"
    if driver == "sequence" and not value[ALIKE]:
        return "a second object of the reference, made alike, answers otherwise: is it random, or is its state shared?"
    return ""


def _functions(subject: Any) -> list[Any]:
    """Return the functions that a subject is made of: a class has one for each method."""
    return list(vars(subject).values()) if isinstance(subject, type) else [subject]


def _call(call: Callable[..., Any], subject: Any, arguments: dict[str, Any]) -> tuple[Any, dict[str, Any], str]:
    out = io.StringIO()
    value, failure = None, {}
    with contextlib.redirect_stdout(out):
        try:
            value = call(subject, arguments)
        except (Exception, SystemExit) as error:
            failure = _failure(error)
    return value, failure, out.getvalue()[:PRINTED_CHARACTERS]


def _failure(error: BaseException) -> dict[str, Any]:
    return {
        "error": type(error).__name__,
        "kinds": tuple(base.__name__ for base in type(error).__mro__ if base is not object),
        "message": _message(error),
        "where": _where(error),
    }


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


def _differs(before: Any, after: Any) -> bool:
    try:
        return not same(before, map_arrays(after, np.array))
    except RecursionError:  # something was put into itself
        return True


def _plain(value: Any, depth: int = 0) -> Any:
    """Copy plain data; name the type of anything else. Lists, tuples and dicts are walked, subclasses not."""
    if depth > DEEPEST:
        raise RecursionError
    if type(value) is np.ndarray:
        return np.array(value) if value.dtype in PLAIN_DTYPES else Foreign(type_name(value))
    if type(value) in (list, tuple):
        return type(value)(_plain(v, depth + 1) for v in value)
    if type(value) is dict and all(type(k) is str for k in value):
        return {k: _plain(v, depth + 1) for k, v in value.items()}
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
