"""Packs: plain data goes in and comes out exactly, and nothing else does."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors.numpy import save

from autograder.packs import Foreign, Outcome, Pack, PackError, container, decode, digest, encode, leaves, read_header
from autograder.packs.tree import PLAIN_DTYPES

DTYPES = sorted(PLAIN_DTYPES, key=str)
LAYOUTS = (lambda a: a, np.asfortranarray, lambda a: a.T, lambda a: a[::-1], lambda a: np.repeat(a, 2, -1)[..., ::2])


def there_and_back(value: Any, folder: Path) -> Any:
    arrays: dict[str, np.ndarray] = {}
    container.write(folder / "x.pack", {"value": encode(value, arrays)}, arrays)
    header, found = container.read(folder / "x.pack")
    return decode(header["value"], found)


def identical(a: Any, b: Any) -> bool:
    """Equal to the last bit, of the same type all the way down, with dict keys in the same order."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(identical(a[k], b[k]) for k in a)
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or (a == b and math.copysign(1, a) == math.copysign(1, b))
    return a == b


@st.composite
def laid_out_arrays(draw: st.DrawFn) -> np.ndarray:
    shapes = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)
    array = draw(hnp.arrays(draw(st.sampled_from(DTYPES)), draw(shapes)))
    return draw(st.sampled_from(LAYOUTS))(array) if array.ndim else array


numpy_scalars = st.sampled_from(DTYPES).flatmap(hnp.from_dtype)
whole_numbers = st.integers() | st.integers(3, 6000).map(lambda digits: -(7**digits))
plain_scalars = st.none() | st.booleans() | whole_numbers | st.floats() | st.text() | numpy_scalars
plain_values = st.recursive(
    plain_scalars | laid_out_arrays(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(plain_values)
def test_any_plain_value_comes_back_exactly(value: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert identical(there_and_back(value, Path(folder)), value)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (2, 3)])
def test_arrays_and_scalars_of_every_dtype_come_back_exactly(dtype: np.dtype, shape: Any, tmp_path: Path) -> None:
    array = (np.arange(math.prod(shape)).reshape(shape) - 1).astype(dtype)
    for value in (array, np.asfortranarray(array), *array.reshape(-1)[:1]):
        assert identical(there_and_back(value, tmp_path), value)


@pytest.mark.parametrize(
    "value",
    [
        -0.0,
        math.nan,
        -math.inf,
        10**10_000,
        -(2**8192),
        True,
        "\ud800 is half a character",
        {"$array": "not an array", "$tuple": []},
        [(), [], {}, ((None,),)],
        np.array([np.nan, -0.0, np.inf]),
        np.array(1 - 2j),
        np.complex64(1 - 2j),
        "",
    ],
    ids=lambda v: type(v).__name__,
)
def test_values_that_formats_often_lose_come_back_exactly(value: Any, tmp_path: Path) -> None:
    assert identical(there_and_back(value, tmp_path), value)


def test_what_is_read_can_be_written_into_without_changing_another_value(tmp_path: Path) -> None:
    one = np.ones(3)
    a, b = there_and_back((one, one.copy()), tmp_path)
    a[:] = 5
    assert np.array_equal(b, np.ones(3))


def test_equal_arrays_are_kept_once() -> None:
    arrays: dict[str, np.ndarray] = {}
    encode([np.ones((2, 3)), np.ones((2, 3), order="F"), np.ones((3, 2)), np.ones((2, 3), "float32")], arrays)
    assert len(arrays) == 3


SAME_CONTENT = """
import sys
import numpy as np
from pathlib import Path
from autograder.packs import container, encode
arrays = {}
tree = encode({"b": np.arange(6.0).reshape(2, 3), "a": [np.eye(2), np.float32(3), "ü"], "c": (1, None)}, arrays)
print(container.write(Path(sys.argv[1]), {"value": tree}, arrays), list({"one", "two", "three", "four", "five"}))
"""


def test_the_same_content_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    said, written = set(), set()
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.pack"
        command = [sys.executable, "-c", SAME_CONTENT, str(path)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        said.add(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
        written.add(path.read_bytes())
    assert len(written) == 1
    assert len(said) == 2, "the two processes must differ in the order of their sets"


def test_writing_returns_the_digest_that_names_the_file(small_pack: Pack, tmp_path: Path) -> None:
    assert small_pack.save(tmp_path / "a.pack") == digest(tmp_path / "a.pack")
    assert small_pack.save(tmp_path / "b.pack") == digest(tmp_path / "a.pack")


class Trap:
    """Running any of this would be noticed."""

    def __reduce__(self) -> Any:
        raise AssertionError("pickled")

    def __repr__(self) -> str:
        raise AssertionError("printed")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("converted")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Trap(), "Trap"),
        ({1, 2}, "set"),
        (b"bytes", "bytes"),
        (1 + 2j, "complex"),
        ({1: "key that is no text"}, "dict"),
        (lambda: None, "function"),
        (torch.ones(2), "torch.Tensor"),
        (np.array([1, None]), "numpy.ndarray of dtype object"),
        (np.array(["a"]), "numpy.ndarray of dtype <U1"),
        (np.array([1.0], ">f8"), "numpy.ndarray of dtype >f8"),
        (np.ma.array([1.0]), "numpy.MaskedArray"),
        (np.array([1.0]).view(type("Mine", (np.ndarray,), {"__module__": "mine"})), "mine.Mine"),
        (np.str_("text"), "numpy.str_"),
        (np.datetime64("2020-01-01"), "numpy.datetime64"),
        (type("Sub", (list,), {"__module__": "mine"})(), "mine.Sub"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_foreign_value_becomes_a_note_of_its_type(value: Any, name: str, tmp_path: Path) -> None:
    found = there_and_back([1, value], tmp_path)
    assert isinstance(found[1], Foreign)
    assert found[1].type_name.endswith(name)
    assert found[0] == 1


def test_a_foreign_note_stays_the_same_when_written_again(tmp_path: Path) -> None:
    assert there_and_back(Foreign("torch.Tensor"), tmp_path) == Foreign("torch.Tensor")


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(value=np.arange(3.0), changed=("x",), shares=("w", "b"), printed="hello"),
        Outcome(error="ValueError", message="no \udfff", where="line 3: raise"),
        Outcome(),
    ],
)
def test_an_outcome_comes_back_exactly(outcome: Outcome) -> None:
    arrays: dict[str, np.ndarray] = {}
    assert identical(asdict(Outcome.from_json(outcome.to_json(arrays), arrays)), asdict(outcome))


@pytest.mark.parametrize(
    "tree",
    [{}, {"value": {"$pickle": "gASV"}}, {"value": {"$array": "unknown"}}, {"value": {"$dict": [], "$array": "x"}}],
)
def test_a_forged_outcome_raises_and_is_never_guessed_at(tree: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError, AttributeError)):
        Outcome.from_json(tree, {})


def test_a_pack_of_exercises_comes_back_exactly(small_pack: Pack, small_pack_file: Path) -> None:
    found = Pack.load(small_pack_file)
    assert identical(asdict(found), asdict(small_pack))
    assert any(c.mistakes for c in found["softmax"].cases)


def test_an_unknown_exercise_is_answered_with_the_known_ones(small_pack: Pack) -> None:
    with pytest.raises(KeyError, match="no exercise 'sofmax' in 01_small; its exercises are softmax, swish"):
        small_pack["sofmax"]


def test_the_inputs_for_a_worker_hold_nothing_of_the_answers(small_pack: Pack, tmp_path: Path) -> None:
    bare = Pack("01_small", "inputs", tuple(e.inputs_only() for e in small_pack.exercises))
    bare.save(tmp_path / "inputs.pack")
    _, arrays = container.read(tmp_path / "inputs.pack")
    for case in (c for e in small_pack.exercises for c in e.cases):
        kept: dict[str, np.ndarray] = {}
        encode((case.expected, [o.value for o in case.mistakes.values()]), kept)
        assert kept
        assert not set(kept) & set(arrays)
    text = (tmp_path / "inputs.pack").read_bytes()
    for mistake, hint in (m for e in small_pack.exercises for m in e.mistakes):
        assert mistake.encode() not in text
        assert hint.encode() not in text


def test_the_header_can_be_read_alone(small_pack_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "read", None)
    header = read_header(small_pack_file)
    assert [e["name"] for e in header["exercises"]] == ["softmax", "swish"]
    assert header["exercises"][0]["points"] == {"rows": 2, "large numbers": 1, "any axis": 1, "dtypes": 1}


def test_a_truncated_pack_is_refused_wherever_it_was_cut(small_pack_file: Path, tmp_path: Path) -> None:
    whole = small_pack_file.read_bytes()
    for length in [*range(40), *range(40, len(whole), len(whole) // 40), len(whole) - 1]:
        (tmp_path / "cut.pack").write_bytes(whole[:length])
        with pytest.raises(PackError, match=r"cut\.pack is damaged or not a pack .*; fetch or build it again"):
            Pack.load(tmp_path / "cut.pack")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_header_is_refused_or_read_but_never_anything_else(
    data: st.DataObject, small_pack_file: Path
) -> None:
    whole = bytearray(small_pack_file.read_bytes())
    length = 8 + int.from_bytes(whole[:8], "little")
    whole[data.draw(st.integers(0, length - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.pack"
        path.write_bytes(whole)
        with suppress(PackError):
            Pack.load(path)


def test_a_flipped_byte_in_the_data_is_noticed_wherever_it_is(small_pack_file: Path, tmp_path: Path) -> None:
    whole = small_pack_file.read_bytes()
    start = 8 + int.from_bytes(whole[:8], "little")
    for place in (*range(start, len(whole), (len(whole) - start) // 60), len(whole) - 1):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        (tmp_path / "x.pack").write_bytes(damaged)
        with pytest.raises(
            PackError, match=r"x\.pack is damaged \(the content of an array .*\); fetch or build it again"
        ):
            Pack.load(tmp_path / "x.pack")


@pytest.mark.parametrize("dtype", ["complex64", "complex128", "bool", "float16"])
def test_a_flipped_byte_is_noticed_in_every_dtype(dtype: str, tmp_path: Path) -> None:
    arrays: dict[str, np.ndarray] = {}
    tree = encode(np.ones((2, 3), dtype), arrays)
    ((name, array),) = arrays.items()
    damaged = array.copy()
    damaged.view(np.uint8).flat[-1] ^= 1
    assert identical(decode(tree, {name: array}), np.ones((2, 3), dtype))
    with pytest.raises(ValueError, match="not what its name says"):
        decode(tree, {name: damaged})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 an archive", "damaged or not a pack"),
        (save({"a": np.ones(2)}), "a safetensors file but not a pack"),
        (save({}, metadata={"layerwise": "{"}), "damaged"),
        (save({}, metadata={"layerwise": "[1]"}), "damaged"),
        (save({}, metadata={"layerwise": '{"version": 1, "missing": [], "outcomes": []}'}), "no pack of exercises"),
        (
            save({}, metadata={"layerwise": '{"version": 1, "chapter": "", "kind": "", "exercises": [{}]}'}),
            "no pack of exercises",
        ),
    ],
)
def test_a_file_that_is_no_pack_is_refused_with_advice(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "x.pack").write_bytes(content)
    with pytest.raises(PackError, match=f"x.pack is .*{message}.*fetch or build .*again"):
        Pack.load(tmp_path / "x.pack")


def test_a_missing_pack_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"there is no pack at .*x\.pack; fetch or build it first"):
        Pack.load(tmp_path / "x.pack")


def test_a_pack_of_another_version_says_which_and_what_to_do(
    small_pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(container, "VERSION", 2)
        small_pack.save(tmp_path / "x.pack")
    for read in (Pack.load, read_header):
        with pytest.raises(PackError, match=r"has pack version 2, this autograder reads version 1; install the course"):
            read(tmp_path / "x.pack")


@pytest.mark.parametrize("step", ["fdopen", "chmod", "replace"])
def test_a_failing_write_leaves_the_old_pack_and_no_rubbish(
    step: str, small_pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.pack"
    small_pack.save(path)
    before = path.read_bytes()

    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(container.os, step, full)
    with pytest.raises(OSError, match="no space"):
        Pack("other", "public", ()).save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["x.pack"]


def test_numbers_in_a_header_must_be_numbers(small_pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        container.write(tmp_path / "x.pack", {"points": math.nan}, {})
    assert not (tmp_path / "x.pack").exists()


def test_leaves_are_the_values_in_reading_order() -> None:
    one = np.ones(2)
    assert leaves({"b": (1, [one, None]), "a": "text"}) == [1, one, None, "text"]
