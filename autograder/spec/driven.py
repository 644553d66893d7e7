"""What of a case's arguments a driver hands to the subject: the rest is the driver's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

Arguments = dict[str, Any]


def as_subjects(name: str, driver: str, reference: Any) -> dict[str, Callable[..., Any]]:
    """Return the reference as functions by name; for the driver "answer", a value is wrapped into one."""
    if isinstance(reference, Mapping) and (
        driver != "answer" or (reference and all(map(callable, reference.values())))
    ):
        return dict(reference)
    if driver != "answer" or callable(reference):
        return {name: cast("Callable[..., Any]", reference)}
    return {name: lambda: reference}


def _everything(arguments: Arguments) -> Arguments:
    return arguments


def _all_but_cotangent(arguments: Arguments) -> Arguments:
    return {k: v for k, v in arguments.items() if k != "cotangent"}


def _all_but(*own: str) -> Callable[[Arguments], Arguments]:
    return lambda arguments: {k: v for k, v in arguments.items() if k not in own}


def _with_generator(arguments: Arguments) -> Arguments:
    plan = arguments.get("sampling", {})
    return {**_all_but("sampling")(arguments), plan.get("argument", "rng"): None}


def _for_constructor(*own: str) -> Callable[[Arguments], Arguments]:
    def given(arguments: Arguments) -> Arguments:
        unknown = sorted(set(arguments) - {"init", *own})
        if unknown:
            raise TypeError(f"the driver takes {', '.join(['init', *own])}, not {', '.join(unknown)}")
        return arguments.get("init", {})

    return given


_GIVEN: dict[str, Callable[[Arguments], Arguments]] = {
    "gradient": _all_but_cotangent,
    "module": _for_constructor("weights", "inputs", "cotangents", "lr", "train", "initial"),
    "sampling": _with_generator,
    "network": _all_but("input_shape", "bounds"),
    "answer": _all_but("close", "fold", "unordered"),
    "sequence": _for_constructor("calls", "tensors", "in_place"),
}


def handed_over(driver: str, arguments: Arguments) -> Arguments:
    """Return the keyword arguments that the subject itself is called with.

    Raises:
        TypeError: if the driver has no use for an argument.
    """
    return _GIVEN.get(driver, _everything)(arguments)
