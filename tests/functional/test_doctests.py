"""The examples in the docstrings of course_lib run and give what they print."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import course_lib

MODULES = sorted(module.name for module in pkgutil.walk_packages(course_lib.__path__, "course_lib."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_print(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", ["functional.conv", "functional.columns", "design.conv"])
def test_examples_are_there_to_be_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"course_lib.{name}")).attempted >= 2
