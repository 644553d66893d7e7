"""The driver "sequence": an object is made and its methods are called one after the other.

A case's arguments:
    init: keyword arguments of the class, {} if left out.
    calls: a list of (name, keyword arguments). A name is that of a method; "" or "__call__" calls the object;
        "get:velocity" reads the attribute velocity; "iter" lists what iterating over the object yields.
    tensors: True hands arrays over as tensors, and takes tensors as results.
    in_place: True where the object is meant to change the arrays of `init`; they are then judged afterwards.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.drivers.layout import fresh, map_arrays, same
from autograder.drivers.tensors import to_arrays
from autograder.drivers.unfit import NO_ATTRIBUTE, NO_CALL, NO_ITERATION, NO_METHOD, NOT_A_METHOD, Unfit

RESULTS, OVERWRITTEN, ALIKE = "results", "overwritten", "a second object does the same"
AFTERWARDS = "what it was made with, afterwards"
ITERATE, GET = "iter", "get:"
MOST_ITEMS = 1000


def call_sequence(subject: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Make an object and call it as the case says; then do the same with a second one.

    Returns:
        results {which call: what it returned}, each copied at once;
        overwritten: the calls whose results a later call changed (attributes may change, results may not);
        a second object does the same: False if state lies in the class, or anywhere else where objects meet.

    Raises:
        Unfit: if the object has no such method or attribute.
    """
    again = fresh(arguments, None)  # before the first object may change anything
    in_place = bool(arguments.get("in_place"))
    results, overwritten = _live(subject, fresh(arguments, None) if in_place else arguments, in_place)
    second, _ = _live(subject, again, in_place)
    return {RESULTS: results, OVERWRITTEN: overwritten, ALIKE: _equal(results, second)}


def _live(subject: Any, arguments: dict[str, Any], in_place: bool) -> tuple[dict[str, Any], list[str]]:
    prepare = _tensors if arguments.get("tensors") else _as_is
    copy = to_arrays if arguments.get("tensors") else _copied
    made_with = prepare(arguments.get("init", {}))
    thing = subject(**made_with)
    results: dict[str, Any] = {}
    handed_out: dict[str, Any] = {}
    for number, (name, given) in enumerate(arguments["calls"], start=1):
        label, result = describe(number, name), _call(thing, name, prepare(given))
        if isinstance(result, Iterator):
            items = [(item, copy(item)) for item in itertools.islice(result, MOST_ITEMS)]
            handed_out[label], results[label] = [item for item, _ in items], [copied for _, copied in items]
            continue
        results[label] = copy(result)
        if not name.startswith(GET):
            handed_out[label] = result
    overwritten = [label for label, result in handed_out.items() if not _equal(copy(result), results[label])]
    if in_place:
        results[AFTERWARDS] = copy(made_with)
    return results, overwritten


def describe(number: int, name: str) -> str:
    """Name a call as a student reads it."""
    if name.startswith(GET):
        return f"the attribute `{name.removeprefix(GET)}` (step {number})"
    if name == ITERATE:
        return f"what iterating yields (step {number})"
    return f"the result of `{name or '__call__'}` (step {number})"


def _call(thing: Any, name: str, given: dict[str, Any]) -> Any:
    if name.startswith(GET):
        attribute = name.removeprefix(GET)
        if not hasattr(thing, attribute):
            raise Unfit(NO_ATTRIBUTE, attribute, _public(thing))
        return getattr(thing, attribute)
    if name == ITERATE:
        if not (hasattr(type(thing), "__iter__") or hasattr(type(thing), "__getitem__")):
            raise Unfit(NO_ITERATION)
        return iter(thing)
    if name in ("", "__call__"):
        if not callable(thing):
            raise Unfit(NO_CALL)
        return thing(**given)
    if not hasattr(thing, name):
        raise Unfit(NO_METHOD, name, _public(thing))
    method = getattr(thing, name)
    if not callable(method):
        raise Unfit(NOT_A_METHOD, name)
    return method(**given)


def _public(thing: Any) -> str:
    return "it has " + (", ".join(n for n in dir(thing) if not n.startswith("_")) or "nothing of its own")


def _as_is(value: Any) -> Any:
    return value


def _tensors(value: Any) -> Any:
    import torch

    return map_arrays(value, torch.from_numpy)


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(_copied(v) for v in value)
    if type(value) is dict:
        return {k: _copied(v) for k, v in value.items()}
    return value


def _equal(a: Any, b: Any) -> bool:
    try:
        return same(a, b)
    except Exception:  # a student's own object that cannot be compared
        return False
