"""Mistakes that any exercise with an object's state must catch, made from its reference."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Sequence
from typing import Any

from autograder.drivers.layout import same
from autograder.drivers.sequence import GET, RESULTS, call_sequence, describe
from autograder.packs import PackedCase
from autograder.spec.exercise import Subject

Makers = dict[str, Callable[[Subject], Subject]]


def sequence_mistakes(reference: Subject, cases: Sequence[PackedCase]) -> Makers:
    """Return the standard mistakes that make sense for an object that is called in this way."""
    makers: Makers = {}
    if any(_changes_state(reference, c) for c in cases):
        makers |= {"forgets its state between calls": _forgetful, "shares its state between objects": _sharing}
    if any(_answers_vary(c) for c in cases):
        makers["always returns its first result"] = _first_result
    return makers


def _changes_state(reference: Subject, c: PackedCase) -> bool:
    """Say whether an object is another one after the calls of a case than before."""
    seen: list[tuple[Any, bytes]] = []

    def watched(**init: Any) -> Any:
        thing = reference(**init)
        seen.append((thing, _snapshot(thing)))
        return thing

    call_sequence(watched, copy.deepcopy(c.arguments))
    return any(_snapshot(thing) != before for thing, before in seen)


def _snapshot(thing: Any) -> bytes:
    return pickle.dumps(copy.deepcopy(_attributes(thing)))


def _answers_vary(c: PackedCase) -> bool:
    first: dict[str, Any] = {}
    for number, (name, _) in enumerate(c.arguments["calls"], start=1):
        result = c.expected[RESULTS][describe(number, name)]
        if not name.startswith(GET) and not same(first.setdefault(name, result), result):
            return True
    return False


def _attributes(thing: Any) -> dict[str, Any]:
    return getattr(thing, "__dict__", {})


class _StandIn:
    """Passes everything on to the object that `which(name)` returns."""

    def __init__(self, which: Callable[[str], Any], around: Callable[[str, Any], Any] = lambda _, value: value) -> None:
        self._which, self._around = which, around

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._around(name, getattr(self._which(name), name))

    def __call__(self, **arguments: Any) -> Any:
        return self._around("", self._which(""))(**arguments)

    def __iter__(self) -> Any:
        return iter(self._around("iter", lambda: list(self._which("iter")))())


def _forgetful(reference: Subject) -> Subject:
    def build(**init: Any) -> Any:
        kept = copy.deepcopy(init)
        return _StandIn(lambda _: reference(**copy.deepcopy(kept)))

    return build


def _first_result(reference: Subject) -> Subject:
    def build(**init: Any) -> Any:
        thing, first = reference(**init), {}

        def remembering(name: str, method: Any) -> Any:
            if not callable(method):
                return method

            def wrong(**arguments: Any) -> Any:
                result = method(**arguments)
                return copy.deepcopy(first.setdefault(name, copy.deepcopy(result)))

            return wrong

        return _StandIn(lambda _: thing, remembering)

    return build


def _sharing(reference: Subject) -> Subject:
    """Let each object begin with what the calls of earlier ones have changed."""
    earlier: list[tuple[Any, dict[str, Any]]] = []

    def build(**init: Any) -> Any:
        thing = reference(**init)
        start = copy.deepcopy(_attributes(thing))
        for old, its_start in earlier:
            for name, value in _attributes(old).items():
                if name not in its_start or not _alike(value, its_start[name]):
                    setattr(thing, name, value)
        earlier[:] = [(thing, start)]
        return thing

    return build


def _alike(a: Any, b: Any) -> bool:
    return pickle.dumps(copy.deepcopy(a)) == pickle.dumps(copy.deepcopy(b))
