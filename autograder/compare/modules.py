"""The comparison of what the driver "module" recorded, part by part, in a student's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.compare.values import Difference, compare
from autograder.drivers.module import (
    EVALUATED,
    GRADIENTS,
    INITIAL,
    INPUT_GRADIENT,
    OUTPUT,
    STATE,
    SUBMODULES,
    TRAINED,
)
from autograder.packs import leaves

_NAMES = {OUTPUT: "its output", INPUT_GRADIENT: "the gradient of its input", EVALUATED: "its output in eval mode"}
_NAMED = {GRADIENTS: "the gradient of `{}`", TRAINED: "`{}` after training", STATE: "`{}` after evaluation"}
_NAMED[INITIAL] = "`{}`, as __init__ makes it,"
_MODE = {OUTPUT: "train", EVALUATED: "eval"}


def is_module_record(expected: Any) -> bool:
    """Say whether an answer is what the driver "module" returns."""
    return isinstance(expected, dict) and {OUTPUT, STATE, SUBMODULES} <= set(expected)


def compare_module(
    expected: dict[str, Any], got: Any, dtypes: Sequence[str], tolerances: Sequence[float]
) -> Difference | None:
    """Return the first difference; see `compare`. Outputs of submodules only say where it begins."""
    if not isinstance(got, dict) or OUTPUT not in got:
        return compare(expected, got, dtypes, tolerances)
    for key, part, slots in _parts(expected):
        asked = (dtypes[slots], tolerances[slots])
        if key in _NAMED:
            found = _compare_named(key, expected, got, *asked)
        elif key == INPUT_GRADIENT and _lacks_gradient(part, got.get(key)):
            found = _no_gradient("the input")
        else:
            found = compare(part, got.get(key), *asked, name=_NAMES[key])
        if found and key in _MODE:
            begins = _where_it_begins(_MODE[key], expected, got, dtypes, tolerances)
            return replace(found, text=f"{found.text}; {begins}") if begins else found
        if found:
            return found
    return None


def _parts(expected: dict[str, Any]) -> Iterator[tuple[str, Any, slice]]:
    """Yield each part that counts, and where its leaves lie among the dtypes and tolerances."""
    place = 0
    for key, part in expected.items():
        size = len(leaves(part))
        if key != SUBMODULES:
            yield key, part, slice(place, place + size)
        place += size


def _compare_named(
    key: str, expected: dict[str, Any], got: dict[str, Any], dtypes: Sequence[str], tolerances: Sequence[float]
) -> Difference | None:
    yours = got.get(key)
    if not isinstance(yours, dict):
        return compare(expected[key], yours, dtypes, tolerances)
    for i, (name, array) in enumerate(expected[key].items()):
        if name not in yours:
            return Difference("type", f"`{name}` should be an nn.Parameter and is a buffer")
        if key == GRADIENTS and _lacks_gradient(array, yours[name]):
            return _no_gradient(f"`{name}`")
        found = compare(array, yours[name], dtypes[i : i + 1], tolerances[i : i + 1], name=_NAMED[key].format(name))
        if found and key == STATE and np.array_equal(array, expected[TRAINED][name]):
            text = f"`{name}` changes in eval mode: evaluating must leave everything as it is"
            return replace(found, parts=None, text=text)
        if found:
            return found
    surplus = key == GRADIENTS and [name for name in expected[TRAINED] if name in yours and name not in expected[key]]
    if surplus:
        return Difference("type", f"`{surplus[0]}` should be a buffer (register_buffer) and is an nn.Parameter")
    return None


def _lacks_gradient(expected: Any, got: Any) -> bool:
    pairs = zip(leaves(expected), leaves(got), strict=False)
    return any(isinstance(e, np.ndarray) and g is None for e, g in pairs)


def _no_gradient(to: str) -> Difference:
    why = "is something detached, computed under no_grad, or taken from .data or NumPy?"
    return Difference("value", f"no gradient flows back to {to}: {why}")


def _where_it_begins(
    mode: str, expected: dict[str, Any], got: dict[str, Any], dtypes: Sequence[str], tolerances: Sequence[float]
) -> str:
    """Name the first submodule whose output differs, among those that go by the reference's names."""
    outside = leaves({k: v for k, v in expected.items() if k != SUBMODULES})
    place, agrees = len(outside), ""
    for its_mode, outputs in expected[SUBMODULES].items():
        theirs = _inner(_inner(got, SUBMODULES), its_mode)
        for name, output in outputs.items():
            slots = slice(place, place + len(leaves(output)))
            place = slots.stop
            if its_mode != mode or name not in theirs:
                continue
            if compare(output, theirs[name], dtypes[slots], tolerances[slots]):
                before = f"up to `{agrees}` your module agrees; " if agrees else ""
                return f"{before}`{name}` is the first submodule whose output differs"
            agrees = name
    return f"its submodules agree up to `{agrees}`: look at what forward does after it" if agrees else ""


def _inner(tree: dict[str, Any], key: str) -> dict[str, Any]:
    found = tree.get(key)
    return found if isinstance(found, dict) else {}
