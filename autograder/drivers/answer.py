"""The driver "answer": the subject is a value, not a function: a number, a text, a list of rows.

A case's arguments say what counts as the same:
    close: how far a number that is not whole may be off, in absolute terms; a few roundings if left out.
    fold: True to let capitals and white space in texts not count.
    unordered: True to let the order of a list's rows not count.
"""

from __future__ import annotations

from typing import Any

ANSWER, OPTIONS = "answer", "options"
_BLANK = (None, Ellipsis, NotImplemented)


def take_answer(subject: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the value with the options of its comparison; a function without arguments is asked for its value.

    Raises:
        NotImplementedError: if the answer is still None, `...` or NotImplemented.
    """
    value = subject() if callable(subject) else subject
    if any(value is blank for blank in _BLANK):
        raise NotImplementedError
    return {ANSWER: value, OPTIONS: dict(arguments)}
