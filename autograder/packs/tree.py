"""Values as JSON trees whose arrays lie beside them, named by their content.

Nothing here can execute anything: a value that is not plain data becomes a `Foreign` note of its type.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

PLAIN_DTYPES = frozenset(
    np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
)

_DECIMAL_BITS = 8192


class DamagedError(ValueError):
    """An array that is not what was written."""


@dataclass(frozen=True)
class Foreign:
    """A value that a pack cannot hold; only the name of its type is kept."""

    type_name: str


def type_name(value: object) -> str:
    """Name the type of `value` as a student would read it: `numpy.ndarray`, `list`, `torch.Tensor`."""
    kind = type(value)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__.split('.')[0]}.{kind.__name__}"
    if isinstance(value, np.ndarray) and value.dtype not in PLAIN_DTYPES:
        name += f" of dtype {value.dtype}"
    return name


def encode(value: Any, arrays: dict[str, np.ndarray]) -> Any:
    """Return `value` as JSON; its arrays are added to `arrays` under the digest of their content."""
    if value is None or type(value) in (bool, str):
        return value
    if type(value) is int:  # beyond some thousand decimal digits, Python refuses to print or read them
        return value if value.bit_length() <= _DECIMAL_BITS else {"$int": hex(value)}
    if type(value) is float:
        return value if math.isfinite(value) else {"$float": repr(value)}
    if isinstance(value, np.generic) and value.dtype in PLAIN_DTYPES:
        return {"$scalar": _store(np.asarray(value), arrays)}
    if type(value) is np.ndarray and value.dtype in PLAIN_DTYPES:
        return {"$array": _store(value, arrays)}
    if type(value) is tuple:
        return {"$tuple": [encode(v, arrays) for v in value]}
    if type(value) is list:
        return [encode(v, arrays) for v in value]
    if type(value) is dict and all(type(k) is str for k in value):
        return {"$dict": {k: encode(v, arrays) for k, v in value.items()}}
    if isinstance(value, Foreign):
        return {"$foreign": value.type_name}
    return {"$foreign": type_name(value)}


def decode(tree: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    """Return the value that `encode` wrote; every array is a fresh copy."""
    if isinstance(tree, list):
        return [decode(t, arrays) for t in tree]
    if not isinstance(tree, dict):
        return tree
    ((kind, content),) = tree.items()
    if kind == "$float":
        return float(content)
    if kind == "$int":
        return int(content, 16)
    if kind == "$scalar":
        return _fetch(content, arrays)[()]
    if kind == "$array":
        return _fetch(content, arrays)
    if kind == "$tuple":
        return tuple(decode(t, arrays) for t in content)
    if kind == "$dict":
        return {k: decode(t, arrays) for k, t in content.items()}
    if kind == "$foreign":
        return Foreign(content)
    raise ValueError(f"pack: {kind!r} is not a kind of value that this version reads")


def _digest(array: np.ndarray) -> str:
    return hashlib.sha256(f"{array.dtype.str}{array.shape}".encode() + array.tobytes()).hexdigest()[:20]


def _store(array: np.ndarray, arrays: dict[str, np.ndarray]) -> str:
    shape, dtype = array.shape, array.dtype
    data = np.ascontiguousarray(array).reshape(shape)
    digest = _digest(data)
    if dtype.kind == "c":  # the container knows no complex numbers: keep (real, imaginary) pairs
        arrays[digest] = data.reshape(-1).view(f"f{dtype.itemsize // 2}").reshape(*shape, 2)
        return f"complex:{digest}"
    arrays[digest] = data
    return digest


def _fetch(reference: str, arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    kind, _, digest = reference.rpartition(":")
    array = np.array(arrays[digest])
    if kind == "complex":
        array = np.ascontiguousarray(array).view(f"c{array.dtype.itemsize * 2}").reshape(array.shape[:-1])
    if _digest(array) != digest:
        raise DamagedError("the content of an array is not what its name says")
    return array


def leaves(value: Any) -> list[Any]:
    """Return the numbers and arrays of a value in reading order (dict keys in insertion order)."""
    if isinstance(value, list | tuple):
        return [leaf for v in value for leaf in leaves(v)]
    if isinstance(value, dict):
        return [leaf for v in value.values() for leaf in leaves(v)]
    return [value]
