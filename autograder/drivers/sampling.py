"""The driver "sampling": a subject that draws from a random generator is called often and its results are described.

The subject takes its own arguments and a generator. A case's argument `sampling` is a dict of plain data:
    calls: how many successive calls are made with one generator.
    seed: the seed of that generator.
    relations: {name: parameter} of what must hold exactly; names are those of `RELATIONS`.
    statistics: a list of names of what must hold in distribution; see `autograder.drivers.statistics`.
    argument: the name of the subject's generator argument, "rng" if left out.
    generator: "numpy" (numpy.random.Generator) or "torch" (torch.Generator; arrays become tensors).

How a solution uses up the generator does not matter: nothing is compared number by number with the reference.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.drivers.layout import map_arrays
from autograder.drivers.statistics import statistic

SAMPLING = "sampling"
SAMPLE, HOLDS, MEASURED, CALLS = "sample", "relations", "statistics", "calls"
CHANGES_SHAPE = "changes from call to call"
_REPEATED = 32  # calls that are made again with the same and with another seed
_ROUNDINGS = 8

RELATIONS = {
    "same seed": "the same seed gives the same results",
    "other seed": "another seed gives other results",
    "successive": "successive calls with one generator give different results",
    "identity": "the result equals `{}`",
    "choices": "every entry is one of the values that it can have",
    "range": "every entry lies in its range",
    "distinct": "nothing is drawn twice along axis {}",
    "dropped together": "entries along axes {} are zero all together or not at all",
}


def call_sampling(subject: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Call the subject again and again with one generator and describe what comes.

    Returns:
        sample {"shape", "dtype"}: of every result; or the first result itself if it is no array of numbers.
        calls: how many there were.
        relations {sentence: bool}, statistics {name: number or array}.
    """
    plan = arguments[SAMPLING]
    unknown = sorted(set(plan.get("relations", {})) - set(RELATIONS))
    if unknown:
        raise ValueError(f"sampling: relation {unknown[0]!r} is not one of {sorted(RELATIONS)}")
    given = {k: v for k, v in arguments.items() if k != SAMPLING}
    inputs = _as_tensors(given) if plan.get("generator", "numpy") == "torch" else given

    def draw(seed: int, calls: int) -> list[Any]:
        generator = _generator(plan.get("generator", "numpy"), seed)
        return [subject(**inputs, **{plan.get("argument", "rng"): generator}) for _ in range(calls)]

    raw = draw(plan["seed"], plan["calls"])
    arrays = [_array(r) for r in raw]  # only now: a buffer handed out again and again is seen
    known = [a for a in arrays if a is not None]
    if len(known) < len(raw):
        return {SAMPLE: raw[0], CALLS: len(raw), HOLDS: {}, MEASURED: {}}
    if len({(a.shape, a.dtype) for a in known}) > 1:
        return {SAMPLE: CHANGES_SHAPE, CALLS: len(raw), HOLDS: {}, MEASURED: {}}
    results = np.stack(known)

    def again(seed: int) -> np.ndarray:
        parts = [_array(r) for r in draw(seed, min(_REPEATED, plan["calls"]))]
        return np.stack([np.empty(0) if p is None else p for p in parts])

    return {
        SAMPLE: {"shape": list(known[0].shape), "dtype": _dtype(raw[0], known[0])},
        CALLS: len(raw),
        HOLDS: {
            RELATIONS[name].format(parameter): _holds(name, parameter, results, again, given, plan["seed"])
            for name, parameter in plan.get("relations", {}).items()
        },
        MEASURED: {name: statistic(name, results) for name in plan.get("statistics", ())},
    }


def _holds(
    name: str,
    parameter: Any,
    results: np.ndarray,
    again: Callable[[int], np.ndarray],
    given: dict[str, Any],
    seed: int,
) -> bool:
    try:
        return bool(_tested(name, parameter, results, again, given, seed))
    except ValueError:  # results of another shape than the relation is about
        return False


def _tested(
    name: str,
    parameter: Any,
    results: np.ndarray,
    again: Callable[[int], np.ndarray],
    given: dict[str, Any],
    seed: int,
) -> Any:
    first = results[:_REPEATED]
    if name == "same seed":
        return np.array_equal(first, again(seed))
    if name == "other seed":
        return not np.array_equal(first, again(seed + 1))
    if name == "successive":
        return any(not np.array_equal(a, b) for a, b in pairwise(first))
    if name == "identity":
        return results[0].shape == given[parameter].shape and (results == given[parameter]).all()
    if name == "choices":
        return np.any([_near(results, choice) for choice in parameter], axis=0).all()
    if name == "range":
        low, high = parameter
        return ((results >= low) & (results <= high)).all()
    if name == "distinct":
        ordered = np.sort(np.moveaxis(results, _axis(parameter), -1), axis=-1)
        return (ordered[..., 1:] != ordered[..., :-1]).all()
    axes = tuple(_axis(a) for a in parameter)
    dropped = results == 0
    return (dropped.all(axis=axes) == dropped.any(axis=axes)).all()


def _near(results: np.ndarray, choice: Any) -> np.ndarray:
    """Say which entries are `choice` up to a few roundings."""
    kind = results.dtype if results.dtype.kind in "fc" else np.dtype(np.float64)
    return np.abs(results - choice) <= _ROUNDINGS * np.finfo(kind).eps * np.abs(choice)


def _axis(axis: int) -> int:
    return axis if axis < 0 else axis + 1  # the first axis of the stacked results counts the calls


def _generator(kind: str, seed: int) -> Any:
    if kind == "numpy":
        return np.random.default_rng(seed)
    if kind != "torch":
        raise ValueError(f'sampling: generator {kind!r} is neither "numpy" nor "torch"')
    import torch

    return torch.Generator().manual_seed(seed)


def _as_tensors(given: dict[str, Any]) -> dict[str, Any]:
    import torch

    return map_arrays(given, torch.from_numpy)


def _array(result: Any) -> np.ndarray | None:
    """Return a result as an array of real numbers, or None if it is none."""
    if hasattr(result, "detach"):
        result = result.detach().numpy()
    if not (type(result) in (np.ndarray, bool, int, float) or isinstance(result, np.generic)):
        return None
    array = np.asarray(result)
    return array if array.dtype.kind in "biuf" else None


def _dtype(result: Any, array: np.ndarray) -> str:
    return type(result).__name__ if type(result) in (bool, int, float) else array.dtype.name
