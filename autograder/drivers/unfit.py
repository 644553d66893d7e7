"""What is wrong with a class that cannot be run on a case, in words that hold nothing of the case's data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOT_A_MODULE = "the class does not make an nn.Module: it must inherit from torch.nn.Module"
WRONG_SHAPE = "its weight `{}` has the wrong shape"
OUTSIDE = (
    "it keeps weights where parameters() does not see them: make them nn.Parameter, register_buffer them, and use "
    "nn.ModuleList or nn.ParameterList instead of a list"
)
MISSING = "weights are missing: it should make an nn.Parameter or a buffer for each of them in __init__"
OTHER_NAMES = "its weights have other names than asked, and their shapes do not say which is which"
SURPLUS = "it has more parameters than it should"
AN_ARRAY = "forward returns a NumPy array: it should return a torch tensor"

NO_METHOD = "its objects have no method `{}`"
NOT_A_METHOD = "`{}` should be a method and is not"
NO_ATTRIBUTE = "its objects have no attribute `{}`"
NO_CALL = "its objects cannot be called: write a method __call__"
NO_ITERATION = "its objects cannot be iterated over: write a method __iter__"

_SENTENCES = (
    *(NOT_A_MODULE, WRONG_SHAPE, OUTSIDE, MISSING, OTHER_NAMES, SURPLUS, AN_ARRAY),
    *(NO_METHOD, NOT_A_METHOD, NO_ATTRIBUTE, NO_CALL, NO_ITERATION),
)


class Unfit(TypeError):
    """A subject that does not fit what a case asks of it."""

    def __init__(self, sentence: str, name: str = "", detail: str = "") -> None:
        super().__init__(f"{sentence.format(name)}\n{detail}" if detail else sentence.format(name))


def spoken(message: str, arguments: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return (sentence, detail) of an `Unfit` exception's message, or None if it is somebody else's.

    Only the sentences above count, with names that the case itself uses: a student's own exception of this name
    cannot carry the numbers of hidden cases onto a page.
    """
    sentence, _, detail = message.partition("\n")
    names = [*arguments.get("weights", ()), *(str(name).removeprefix("get:") for name, _ in arguments.get("calls", ()))]
    known = {s.format(name) for s in _SENTENCES for name in ("", *names)}
    return (sentence, detail) if sentence in known else None
