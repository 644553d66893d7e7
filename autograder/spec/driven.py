"""What of a case's arguments a driver hands to the subject: the rest is the driver's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Arguments = dict[str, Any]


def _everything(arguments: Arguments) -> Arguments:
    return arguments


def _all_but_cotangent(arguments: Arguments) -> Arguments:
    return {k: v for k, v in arguments.items() if k != "cotangent"}


def _for_constructor(*own: str) -> Callable[[Arguments], Arguments]:
    def given(arguments: Arguments) -> Arguments:
        unknown = sorted(set(arguments) - {"init", *own})
        if unknown:
            raise TypeError(f"the driver takes {', '.join(['init', *own])}, not {', '.join(unknown)}")
        return arguments.get("init", {})

    return given


_GIVEN: dict[str, Callable[[Arguments], Arguments]] = {
    "gradient": _all_but_cotangent,
    "module": _for_constructor("weights", "inputs", "cotangents", "lr", "train"),
    "sequence": _for_constructor("calls", "tensors"),
}


def handed_over(driver: str, arguments: Arguments) -> Arguments:
    """Return the keyword arguments that the subject itself is called with.

    Raises:
        TypeError: if the driver has no use for an argument.
    """
    return _GIVEN.get(driver, _everything)(arguments)
