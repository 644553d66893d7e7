"""The verdict on a value: type, shape, dtype, finite, error, in that order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.packs import Foreign
from autograder.packs.tree import type_name

_QUOTED_CHARACTERS = 200
_GRADIENT_OF = re.compile(r"the result\['gradients'\]\['(\w+)'\]")  # as the drivers that pull back name it


@dataclass(frozen=True)
class Difference:
    """How a value differs from the expected one.

    Attributes:
        kind: "type", "shape", "dtype", "finite" or "value".
        text: a sentence for the student that holds no data of the case.
        detail: a sentence that may quote the case's numbers (for public cases only).
        index: the first differing entry of an array.
        parts: of numbers and arrays, what was expected, what came, and the tolerance.
    """

    kind: str
    text: str
    detail: str = ""
    index: tuple[int, ...] | None = None
    parts: tuple[Any, Any, float] | None = field(default=None, compare=False, repr=False)


def compare(
    expected: Any, got: Any, dtypes: Sequence[str] = (), tolerances: Sequence[float] = (), name: str = "the result"
) -> Difference | None:
    """Return the first difference between `got` and `expected`, or None if they agree.

    Args:
        expected: the reference's answer in float64.
        got: what the subject returned.
        dtypes: for each leaf of `expected`, the dtype that the answer must have; "" where none is asked.
        tolerances: for each leaf of `expected`, the largest absolute error of a right answer.
        name: what the value is called in sentences.
    """
    return _compare(expected, got, list(dtypes), list(tolerances), name)


def _compare(expected: Any, got: Any, dtypes: list[str], tolerances: list[float], name: str) -> Difference | None:
    if isinstance(expected, tuple | list):
        return _compare_sequence(expected, got, dtypes, tolerances, name)
    if isinstance(expected, dict):
        if not isinstance(got, dict) or set(got) != set(expected):
            return Difference("type", f"{name} should be a dict with the keys {', '.join(map(str, expected))}")
        for key, value in expected.items():
            found = _compare(value, got[key], dtypes, tolerances, f"{name}[{key!r}]")
            if found:
                return found
        return None
    dtype = dtypes.pop(0) if dtypes else ""
    tolerance = tolerances.pop(0) if tolerances else 0.0
    if isinstance(expected, np.ndarray):
        return _compare_array(expected, got, dtype, tolerance, name)
    if isinstance(expected, Foreign):
        return None if expected == got else _wrong_type(expected, got, name)
    if isinstance(expected, bool | np.bool_) or expected is None or isinstance(expected, str):
        plain = bool(got) if isinstance(got, np.bool_) else got
        if type(plain) is not (bool if isinstance(expected, np.bool_) else type(expected)):
            return _wrong_type(expected, got, name)
        return None if plain == expected else _wrong_scalar(expected, got, name)
    return _compare_number(expected, got, tolerance, name)


def _compare_sequence(
    expected: Any, got: Any, dtypes: list[str], tolerances: list[float], name: str
) -> Difference | None:
    if not isinstance(got, tuple | list):
        return _wrong_type(expected, got, name)
    if len(got) != len(expected):
        return Difference("shape", f"{name} should have {len(expected)} parts and has {len(got)}")
    for i, (e, g) in enumerate(zip(expected, got, strict=True)):
        found = _compare(e, g, dtypes, tolerances, f"{name}[{i}]")
        if found:
            return _exchanged(expected, got, name) or found
    return None


def _exchanged(expected: Any, got: Any, name: str) -> Difference | None:
    """Say where the right whole numbers were returned in the wrong order."""
    if all(type(v) is int for v in (*expected, *got)) and sorted(expected) == sorted(got):
        detail = f"expected {_quote(expected)}, yours is {_quote(got)}"
        return Difference("value", f"{name} has the right numbers in the wrong order", detail)
    return None


def _compare_number(expected: Any, got: Any, tolerance: float, name: str) -> Difference | None:
    number = got[()] if isinstance(got, np.ndarray) and got.ndim == 0 else got
    if isinstance(number, bool | np.bool_) or not isinstance(number, int | float | np.integer | np.floating):
        return _wrong_type(expected, got, name)
    whole = isinstance(expected, int | np.integer)
    if not whole and isinstance(number, int) and number.bit_length() > 1023:  # no float is as large
        return _wrong_scalar(expected, got, name)
    if whole and not isinstance(number, int | np.integer):
        return Difference(
            "type",
            f"{name} should be a whole number (int), not a {type_name(got)}",
            f"you returned {_quote(number)}",
        )
    if not whole and np.isfinite(expected) and not np.isfinite(number):
        return Difference("finite", f"{name} is not a finite number")
    close = int(number) == int(expected) if whole else number == expected or abs(number - expected) <= tolerance
    both_nan = number != number and expected != expected
    return None if close or both_nan else _wrong_scalar(expected, number, name, tolerance)


def _wrong_scalar(expected: Any, got: Any, name: str, tolerance: float = 0.0) -> Difference:
    detail = f"expected {_quote(expected)}, yours is {_quote(got)}"
    return Difference("value", f"{name} is wrong", detail, parts=(expected, got, tolerance))


def _quote(value: Any) -> str:
    if isinstance(value, int) and value.bit_length() > 1000:
        return f"a whole number of {value.bit_length()} bits"
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return text if len(text) <= _QUOTED_CHARACTERS else text[:_QUOTED_CHARACTERS] + " …"


def _wrong_type(expected: Any, got: Any, name: str) -> Difference:
    wanted = expected.type_name if isinstance(expected, Foreign) else type_name(expected)
    given = got.type_name if isinstance(got, Foreign) else type_name(got)
    pulled = _GRADIENT_OF.fullmatch(name)
    if got is None and pulled:
        return Difference("type", f"no gradient flows back from the result to {pulled[1]}")
    if got is None:
        return Difference("type", f"{name} is None: is a `return` missing, or did you print instead?")
    advice = ""
    if given == "torch.Tensor":
        advice = " (turn it into an array with .numpy())"
    elif "of dtype object" in given:
        advice = " (its parts have different shapes: NumPy could not make one array of numbers of them)"
    return Difference("type", f"{name} should be {_with_article(wanted)} and is {_with_article(given)}{advice}")


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _compare_array(expected: np.ndarray, got: Any, dtype: str, tolerance: float, name: str) -> Difference | None:
    if type(got) is not np.ndarray:
        if expected.ndim == 0 and isinstance(got, int | float | np.generic) and not isinstance(got, bool):
            got = np.asarray(got)
        else:
            return _wrong_type(expected, got, name)
    if got.shape != expected.shape:
        return Difference(
            "shape",
            f"{name} has the wrong shape" + _shape_advice(expected.shape, got.shape),
            f"expected shape {expected.shape}, yours is {got.shape}",
            parts=(expected, got, tolerance),
        )
    found = _compare_dtype(dtype, got, name)
    if found:
        return found
    if np.isfinite(expected).all() and not np.isfinite(got).all():
        index = _first(~np.isfinite(got))
        text = f"{name} contains NaN or infinity"
        return Difference("finite", text, index=index, parts=(expected, got, tolerance))
    wrong = differing(expected, got, tolerance)
    if not wrong.any():
        return None
    index = _first(wrong)
    return Difference(
        "value",
        f"{name} has the right shape but {int(wrong.sum())} of its {wrong.size} entries "
        + ("is" if wrong.sum() == 1 else "are")
        + " wrong",
        f"first at index {index}: expected {_number(expected[index])}, yours is {_number(got[index])}",
        index,
        (expected, got, tolerance),
    )


def _number(number: Any) -> str:
    return str(number) if number.dtype.kind in "biu" else f"{number:.6g}"


def differing(expected: np.ndarray, got: np.ndarray, tolerance: float) -> np.ndarray:
    """Mark the wrong entries of an array of the right shape.

    Whole numbers must be equal, however large; where floats answer for whole numbers (a Fourier transform of
    integers, say), they may be as far off as rounding takes them, unless no float is that precise.
    """
    whole = expected.dtype.kind in "biuO"
    if whole and (got.dtype.kind in "biuO" or np.any(np.abs(expected.astype(object)) > 2**53)):
        return np.asarray(expected.astype(object) != got.astype(object), bool)
    with np.errstate(all="ignore"):
        error = np.abs(got.astype(np.complex128 if got.dtype.kind == "c" else np.float64) - expected)
        return ~((error <= tolerance) | (got == expected) | (np.isnan(expected) & np.isnan(got)))


def _compare_dtype(dtype: str, got: np.ndarray, name: str) -> Difference | None:
    if not dtype:
        return None
    wanted = np.dtype(dtype)
    if got.dtype == wanted or (wanted.kind in "iu" and got.dtype.kind in "iuf"):
        return None
    return Difference("dtype", f"{name} should have dtype {wanted} for this input and has dtype {got.dtype}")


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _shape_advice(expected: tuple[int, ...], got: tuple[int, ...]) -> str:
    if len(expected) != len(got):
        return f": it should have {len(expected)} axes and has {len(got)}"
    if sorted(expected) == sorted(got):
        return ": the sizes are right but their order is not"
    off = [i for i, (e, g) in enumerate(zip(expected, got, strict=True)) if e != g]
    which = "axis" if len(off) == 1 else "axes"
    return f" along {which} {', '.join(map(str, off))}"
