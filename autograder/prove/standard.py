"""Mistakes that any exercise must catch, made from its reference: what graders elsewhere let pass."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.drivers.layout import arrays_in, map_arrays
from autograder.packs import PackedCase, PackedExercise
from autograder.prove.standard_answers import answer_mistakes
from autograder.prove.standard_modules import module_mistakes
from autograder.prove.standard_networks import network_mistakes
from autograder.prove.standard_sampling import sampling_mistakes
from autograder.prove.standard_sequences import sequence_mistakes
from autograder.spec.exercise import Subject, Subjects

Arguments = dict[str, Any]


class _Subclass(np.ndarray):
    """An array that could bring its own comparison."""


def standard_mistakes(exercise: PackedExercise, reference: Subjects) -> Iterator[tuple[str, Subjects]]:
    """Yield (name, solution) for every standard mistake that makes sense for the exercise's subjects."""
    for subject, function in reference.items():
        cases = [c for c in exercise.cases if c.subject == subject and c.raises is None]
        if not cases:
            continue
        of = f" ({subject})" if len(reference) > 1 else ""
        for name, make in _makers(exercise.driver, function, cases).items():
            yield name + of, {**reference, subject: make(function)}


_DRIVEN: dict[str, Callable[[Subject, list[PackedCase]], dict[str, Callable[[Subject], Subject]]]] = {
    "sampling": sampling_mistakes,
    "network": network_mistakes,
    "answer": answer_mistakes,
}


def _makers(driver: str, function: Subject, cases: list[PackedCase]) -> dict[str, Callable[[Subject], Subject]]:
    if driver == "module":
        return module_mistakes(function, cases)
    if driver == "sequence":
        return sequence_mistakes(function, cases)
    if driver in _DRIVEN:
        return _DRIVEN[driver](function, cases)
    if driver != "function":
        return {}
    makers = {**_ANY, "knows one example by heart": _by_heart(function, cases[0].arguments)}
    if all(isinstance(c.expected, np.ndarray) for c in cases):
        makers |= _ARRAY_RESULT
        if any(np.dtype(c.dtypes[0]).kind == "f" for c in cases):
            makers |= _FLOAT_RESULT
    if all(type(c.expected) is int for c in cases):
        makers |= _WHOLE_RESULT
    arrays = len(arrays_in(cases[0].arguments))
    if arrays:
        makers |= _ARRAY_ARGUMENT
    if arrays > 1:  # with one array, its dtype may well be the right one
        makers |= _SEVERAL_ARRAYS
    return makers


def _after(change: Callable[[Any], Any]) -> Callable[[Subject], Subject]:
    def make(reference: Subject) -> Subject:
        return lambda **arguments: change(reference(**arguments))

    return make


def _prints(reference: Subject) -> Subject:
    def wrong(**arguments: Any) -> None:
        print(reference(**arguments))

    return wrong


def _returns_argument(_: Subject) -> Subject:
    return lambda **arguments: copy.deepcopy(next(iter(arguments.values())))


def _by_heart(reference: Subject, example: Arguments) -> Callable[[Subject], Subject]:
    return lambda _: lambda **arguments: reference(**copy.deepcopy(example))


def _writes_into_input(reference: Subject) -> Subject:
    def wrong(**arguments: Any) -> Any:
        result = reference(**arguments)
        for array in arrays_in(arguments):
            array += 1
        return result

    return wrong


def _assumes_contiguous(reference: Subject) -> Subject:
    def read(array: np.ndarray) -> np.ndarray:
        steps = np.empty(array.shape, array.dtype).strides
        return np.lib.stride_tricks.as_strided(array, strides=steps).copy()

    return lambda **arguments: reference(**map_arrays(arguments, read))


def _same_buffer(reference: Subject) -> Subject:
    buffer = np.zeros(1 << 16)

    def wrong(**arguments: Any) -> np.ndarray:
        result = reference(**arguments)
        view = buffer.view(result.dtype)[: result.size].reshape(result.shape)
        view[...] = result
        return view

    return wrong


def _in_first_arguments_dtype(reference: Subject) -> Subject:
    return lambda **arguments: reference(**arguments).astype(arrays_in(arguments)[0].dtype)


_ANY: dict[str, Callable[[Subject], Subject]] = {
    "prints instead of returning": _prints,
    "returns its first argument": _returns_argument,
}
_ARRAY_ARGUMENT: dict[str, Callable[[Subject], Subject]] = {
    "writes into its input": _writes_into_input,
    "assumes contiguous memory": _assumes_contiguous,
}
_SEVERAL_ARRAYS: dict[str, Callable[[Subject], Subject]] = {
    "keeps the first argument's dtype": _in_first_arguments_dtype,
}
_ARRAY_RESULT: dict[str, Callable[[Subject], Subject]] = {
    "returns zeros": _after(np.zeros_like),
    "returns NaN": _after(lambda y: np.full(y.shape, np.nan)),
    "returns an array of objects": _after(lambda y: y.astype(object)),
    "returns an array subclass": _after(lambda y: y.view(_Subclass)),
    "adds an axis": _after(lambda y: y[None]),
    "squeezes axes of length one": _after(np.squeeze),
    "returns the same buffer each time": _same_buffer,
}
_FLOAT_RESULT: dict[str, Callable[[Subject], Subject]] = {
    "is off by one part in a million": _after(lambda y: (y * (1 + 1e-6)).astype(y.dtype)),
    "computes in float32": _after(lambda y: y.astype(np.float32).astype(y.dtype)),
    "always returns float64": _after(lambda y: y.astype(np.float64)),
    "truncates to whole numbers": _after(lambda y: np.trunc(y).astype(y.dtype)),
}
_WHOLE_RESULT: dict[str, Callable[[Subject], Subject]] = {
    "returns a float": _after(float),
    "is one too large": _after(lambda n: n + 1),
    "returns text": _after(str),
}
