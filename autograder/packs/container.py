"""The file format: one safetensors file, its arrays named by content, all else in one JSON header.

Readable by any safetensors reader without executing anything. The same content gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

VERSION = 1
_KEY = "layerwise"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # half a character: no UTF-8, but a Python string may hold it


class PackError(ValueError):
    """A pack that cannot be read: missing, damaged, or written by another version."""


def write(path: Path, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> str:
    """Write a pack in one step (never half of one) and return its digest."""
    text = json.dumps({"version": VERSION, **header}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = _LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    data = save({name: arrays[name] for name in sorted(arrays)}, metadata={_KEY: text})
    write_atomically(path, data)
    return hashlib.sha256(data).hexdigest()


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def digest(path: Path) -> str:
    """Return the pack's name by content: the SHA-256 of its bytes."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return header and arrays of the pack at `path`.

    Raises:
        PackError: if there is no pack, it is damaged, or its version is another one.
    """
    with _opened(path) as file:
        header = _header(path, file)
        return header, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)


def read_header(path: Path) -> dict[str, Any]:
    """Return the header alone: what the exercises are called, their points, minutes and hints."""
    with _opened(path) as file:
        return _header(path, file)


def _opened(path: Path) -> Any:
    if not Path(path).is_file():
        raise PackError(f"there is no pack at {path}; fetch or build it first")
    try:
        return safe_open(str(path), framework="numpy")
    except SafetensorError as error:
        raise PackError(f"{path} is damaged or not a pack ({error}); fetch or build it again") from None


def _header(path: Path, file: Any) -> dict[str, Any]:
    text = (file.metadata() or {}).get(_KEY)
    if text is None:
        raise PackError(f"{path} is a safetensors file but not a pack of exercises; fetch or build the pack again")
    try:
        header = json.loads(text)
    except ValueError as error:
        raise PackError(f"{path} is damaged ({error}); fetch or build it again") from None
    if not isinstance(header, dict):
        raise PackError(f"{path} is damaged (its header is no table); fetch or build it again")
    if header.get("version") != VERSION:
        raise PackError(
            f"{path} has pack version {header.get('version')}, this autograder reads version {VERSION}; "
            "install the course's current version or fetch the assignment again"
        )
    return header
