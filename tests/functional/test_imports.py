"""Importing the NumPy part stays cheap, and pulls in nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import course_lib.design
import course_lib.functional

ROOT = Path(__file__).resolve().parents[2]


def modules_after(statement: str) -> set[str]:
    script = f"import sys, json; {statement}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("package", ["course_lib.functional", "course_lib.design"])
def test_the_numpy_part_imports_neither_torch_nor_matplotlib(package: str) -> None:
    modules = modules_after(f"import {package}")
    assert package in modules
    assert "numpy" in modules
    assert not modules & {"torch", "matplotlib", "scipy", "ipywidgets", "anywidget"}


def test_course_lib_itself_imports_in_a_fifth_of_a_second() -> None:
    script = "import time; t = time.perf_counter(); import course_lib; print(time.perf_counter() - t)"
    seconds = [
        float(
            subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT).stdout
        )
        for _ in range(3)
    ]
    assert min(seconds) < 0.2
    assert not modules_after("import course_lib") & {"torch", "numpy"}


def test_functional_stands_on_nothing_of_course_lib() -> None:
    modules = modules_after("import course_lib.functional")
    ours = {name for name in modules if name.startswith("course_lib.")}
    assert ours
    assert all(name.startswith("course_lib.functional") for name in ours)


@pytest.mark.parametrize("package", [course_lib.functional, course_lib.design])
def test_every_public_name_is_there_and_documented(package: object) -> None:
    names = package.__all__  # pyright: ignore[reportAttributeAccessIssue]
    assert names == sorted(names)
    for name in names:
        assert getattr(package, name).__doc__
