"""The driver "sequence": an object is made and its methods are called one after the other.

A case's arguments:
    init: keyword arguments of the class, {} if left out.
    calls: a list of (name, keyword arguments). A name is that of a method; "" or "__call__" calls the object;
        "get:velocity" reads the attribute velocity; "iter" lists what iterating over the object yields.
    tensors: True hands arrays over as tensors, and takes tensors as results.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.drivers.layout import fresh, map_arrays, same
from autograder.drivers.tensors import to_arrays
from autograder.drivers.unfit import NO_ATTRIBUTE, NO_CALL, NO_ITERATION, NO_METHOD, NOT_A_METHOD, Unfit

RESULTS, OVERWRITTEN, ALIKE = "results", "overwritten", "a second object does the same"
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
    results, overwritten = _live(subject, arguments)
    second, _ = _live(subject, again)
    alike = same(map_arrays(results, np.array), map_arrays(second, np.array))
    return {RESULTS: results, OVERWRITTEN: overwritten, ALIKE: alike}


def _live(subject: Any, arguments: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    prepare, copy = (_to_tensors, to_arrays) if arguments.get("tensors") else (_as_is, _copied)
    thing = subject(**prepare(arguments.get("init", {})))
    results: dict[str, Any] = {}
    handed_out: list[tuple[str, Any]] = []
    for number, (name, given) in enumerate(arguments["calls"], start=1):
        label = describe(number, name)
        result = _call(thing, name, prepare(given), copy)
        results[label] = copy(result)
        if not name.startswith(GET):
            handed_out.append((label, result))
    return results, [label for label, result in handed_out if not _equal(copy(result), results[label])]


def describe(number: int, name: str) -> str:
    """Name a call as a student reads it."""
    if name.startswith(GET):
        return f"the attribute `{name.removeprefix(GET)}` (step {number})"
    if name == ITERATE:
        return f"what iterating yields (step {number})"
    return f"the result of `{name or '__call__'}` (step {number})"


def _call(thing: Any, name: str, given: dict[str, Any], copy: Callable[[Any], Any]) -> Any:
    if name.startswith(GET):
        attribute = name.removeprefix(GET)
        if not hasattr(thing, attribute):
            raise Unfit(NO_ATTRIBUTE, attribute, _has(thing))
        return getattr(thing, attribute)
    if name == ITERATE:
        if not hasattr(type(thing), "__iter__") and not hasattr(type(thing), "__getitem__"):
            raise Unfit(NO_ITERATION)
        return _items(iter(thing), copy)
    if name in ("", "__call__"):
        if not callable(thing):
            raise Unfit(NO_CALL)
        return thing(**given)
    if not hasattr(thing, name):
        raise Unfit(NO_METHOD, name, _has(thing))
    method = getattr(thing, name)
    if not callable(method):
        raise Unfit(NOT_A_METHOD, name)
    result = method(**given)
    return _items(result, copy) if isinstance(result, Iterator) else result


class _Items(list[Any]):
    """What an iteration yielded, with the copy made of each item as it came."""

    def __init__(self, pairs: list[tuple[Any, Any]]) -> None:
        super().__init__(item for item, _ in pairs)
        self.as_yielded = [copied for _, copied in pairs]


def _items(iterator: Iterator[Any], copy: Callable[[Any], Any]) -> _Items:
    return _Items([(item, copy(item)) for item in itertools.islice(iterator, MOST_ITEMS)])
