"""Functions that an exercise forbids: they raise while its cases run, and only then."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional
from torch.nn.functional import relu as relu_by_name

from autograder import case
from autograder.compare.verdict import judge
from autograder.drivers.off_limits import OffLimits, off_limits
from autograder.drivers.run import run
from autograder.packs import PackedExercise

X = torch.arange(-2.0, 3.0)


@pytest.fixture
def library() -> Iterator[ModuleType]:
    """A small module `handy.tools` with two functions, a class and a number."""
    module = ModuleType("handy.tools")
    source = "def solve():\n    'Solve it.'\n    return 'solved'\nclass Solver: pass\nLIMIT = 3\n"
    exec(source, vars(module))
    sys.modules["handy.tools"] = module
    yield module
    del sys.modules["handy.tools"]


@pytest.mark.parametrize("pattern", ["handy.tools.solve", "handy.tools.*", "handy.*", "handy.tools.s*e", "*.solve"])
def test_a_name_that_fits_the_pattern_raises_inside_and_works_again_outside(library: Any, pattern: str) -> None:
    before = library.solve
    with off_limits([pattern]):
        with pytest.raises(OffLimits, match=r"handy\.tools\.solve is off limits in this exercise"):
            library.solve()
        assert library.solve.__doc__ == "Solve it."
        assert library.LIMIT == 3
    assert library.solve is before
    assert library.solve() == "solved"


@pytest.mark.parametrize("pattern", ["handy.tools.solv", "handy.solve", "tools.solve", "handy.tools.Solve", "handy"])
def test_a_name_that_does_not_fit_is_left_alone(library: Any, pattern: str) -> None:
    with off_limits([pattern]):
        assert library.solve() == "solved"


def test_names_are_restored_after_an_exception_inside(library: Any) -> None:
    before = dict(vars(library))
    with pytest.raises(ZeroDivisionError), off_limits(["handy.tools.*", "*.solve"]):
        raise ZeroDivisionError
    assert dict(vars(library)) == before


def test_classes_are_not_forbidden_only_functions_are(library: Any) -> None:
    with off_limits(["handy.tools.*"]):
        assert library.Solver()


def test_a_function_that_a_package_merely_imported_is_not_forbidden_by_its_name(library: Any) -> None:
    library.where = np.where
    with off_limits(["handy.tools.*"]):
        assert library.where is np.where


def test_nested_blocks_restore_each_other(library: Any) -> None:
    before = library.solve
    with off_limits(["handy.tools.solve"]):
        with off_limits(["handy.tools.*"]), pytest.raises(OffLimits):
            library.solve()
        with pytest.raises(OffLimits):
            library.solve()
    assert library.solve is before


def test_a_torch_module_that_calls_a_forbidden_function_raises_too() -> None:
    layer = torch.nn.Conv1d(1, 1, 2)
    with off_limits(["torch.nn.functional.conv*"]), pytest.raises(OffLimits, match=r"torch\.nn\.functional\.conv1d"):
        layer(torch.ones(1, 1, 4))
    assert layer(torch.ones(1, 1, 4)).shape == (1, 1, 3)


def test_another_name_of_the_same_function_has_to_be_forbidden_by_itself() -> None:
    with off_limits(["torch.nn.functional.relu"]):
        with pytest.raises(OffLimits):
            torch.nn.functional.relu(X)
        assert torch.relu(X).sum() == 3
    with off_limits(["torch.nn.functional.relu", "torch.relu"]), pytest.raises(OffLimits):
        torch.relu(X)


def short_name(x: np.ndarray) -> np.ndarray:
    return relu_by_name(torch.tensor(x)).numpy()


def test_a_function_imported_by_its_bare_name_beforehand_raises_in_the_subjects_module() -> None:
    with (
        off_limits(["torch.nn.functional.relu"], [short_name]),
        pytest.raises(OffLimits, match=r"functional\.relu is off"),
    ):
        short_name(X.numpy())
    assert relu_by_name is torch.nn.functional.relu
    assert short_name(X.numpy()).sum() == 3


def test_a_method_and_a_name_kept_in_another_namespace_are_not_seen() -> None:
    kept = {"relu": torch.nn.functional.relu}
    with off_limits(["torch.nn.functional.relu"], [short_name]):
        assert X.relu().sum() == 3
        assert kept["relu"](X).sum() == 3


def test_a_module_first_imported_during_the_call_is_closed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imported_late.py").write_text("def solve():\n    return 'solved'\n")
    monkeypatch.syspath_prepend(tmp_path)
    with off_limits(["imported_late.*"]):
        import imported_late  # pyright: ignore[reportMissingImports]

        with pytest.raises(OffLimits):
            imported_late.solve()
    assert imported_late.solve() == "solved"
    del sys.modules["imported_late"]


def test_importing_works_as_before_afterwards() -> None:
    before = builtins.__import__
    with pytest.raises(ZeroDivisionError), off_limits(["torch.nn.functional.relu"]):
        raise ZeroDivisionError
    assert builtins.__import__ is before


def test_a_from_import_inside_the_call_gets_the_forbidden_function() -> None:
    with off_limits(["torch.nn.functional.relu"]):
        from torch.nn.functional import relu as imported_late

        with pytest.raises(OffLimits):
            imported_late(X)


def test_a_subject_that_calls_a_forbidden_function_fails_with_its_name_and_the_next_exercise_may_call_it(
    pack_of: Callable[..., PackedExercise],
) -> None:
    one = case("relu", group="all", x=np.arange(-2.0, 3.0))
    pack = pack_of(lambda x: np.maximum(x, 0), one, off_limits=["numpy.maximum", "numpy.clip"])

    def forbidden(x: np.ndarray) -> np.ndarray:
        return np.clip(x, 0, None)

    failure = judge(pack, run(pack, {"subject": forbidden})).cases[0].failure
    assert failure is not None
    assert failure.text == "numpy.clip is off limits in this exercise: the point is to write it yourself"
    assert "return np.clip(x, 0, None)" in failure.detail
    assert judge(pack, run(pack, {"subject": lambda x: np.where(x > 0, x, 0)})).passed
    assert np.clip(5, 0, 3) == 3


def test_a_refusal_that_the_subject_catches_is_reported_all_the_same(pack_of: Callable[..., PackedExercise]) -> None:
    cases = (case(f"{n}", group="all", x=np.arange(-2.0, n)) for n in (1, 2, 3))
    pack = pack_of(lambda x: np.maximum(x, 0), *cases, off_limits=["numpy.clip"])

    def hiding(x: np.ndarray) -> np.ndarray:
        try:
            return np.clip(x, 0, None) if len(x) == 4 else np.where(x > 0, x, 0)
        except Exception:
            return np.where(x > 0, x, 0)

    def disguising(x: np.ndarray) -> np.ndarray:
        try:
            return np.clip(x, 0, None)
        except RuntimeError as error:
            raise ValueError("something else") from error

    outcomes = run(pack, {"subject": hiding})
    assert [o.error for o in outcomes] == [None, "OffLimits", None]
    assert "numpy.clip is off limits" in outcomes[1].message
    assert "np.clip(x, 0, None)" in outcomes[1].where
    assert not judge(pack, outcomes).passed
    assert {o.error for o in run(pack, {"subject": disguising})} == {"OffLimits"}


def test_an_interrupted_run_restores_the_forbidden_functions(pack_of: Callable[..., PackedExercise]) -> None:
    pack = pack_of(lambda n: n, case("one", group="all", n=1), off_limits=["numpy.clip"])

    def interrupted(n: int) -> None:
        raise KeyboardInterrupt

    before = np.clip
    with pytest.raises(KeyboardInterrupt):
        run(pack, {"subject": interrupted})
    assert np.clip is before
