"""Say where in a spec's file something went wrong."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from autograder.spec.exercise import Exercise, SpecError


@contextmanager
def at_its_place(exercise: Exercise) -> Iterator[None]:
    """Name the spec's file and line in every error on the way: the line that raised it, or the cases' generator.

    Raises:
        SpecError: instead of any other exception.
    """
    try:
        yield
    except Exception as error:
        place = _place(error, exercise)
        text = str(error) if isinstance(error, SpecError) else f"{exercise.name}: {type(error).__name__}: {error}"
        raise SpecError(text if not place or text.startswith(place) else f"{place}: {text}") from error


def _place(error: BaseException, exercise: Exercise) -> str:
    if exercise.written_at is None:
        return ""
    path, line = exercise.written_at
    cause: BaseException | None = error
    while cause is not None:
        lines = [f.lineno for f in traceback.extract_tb(cause.__traceback__) if f.filename == path]
        if lines:
            return f"{path}, line {lines[-1]}"
        cause = cause.__cause__
    return f"{path}, line {line}"
