"""pyproject.toml, constraints.txt and environment.yml say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version
from rattler import BuildString, MatchSpec, PackageRecord

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.11", "3.12", "3.13")
PYPI_NAME = {"pytorch-cpu": "torch", "matplotlib-base": "matplotlib"}
CONDA_ONLY = {"python", "pip", "nodejs"}

project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
environment = yaml.safe_load((ROOT / "environment.yml").read_text())
conda = {
    spec.name.normalized: (text, spec)
    for text in environment["dependencies"]
    if isinstance(text, str)
    for spec in [MatchSpec(text, strict=True)]
    if spec.name is not None
}


def _locked(python: str) -> dict[str, Version]:
    found = {}
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        requirement = Requirement(line)
        marker = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
        if requirement.marker is None or requirement.marker.evaluate(marker):
            (specifier,) = requirement.specifier
            found[requirement.name.lower()] = Version(specifier.version)
    return found


def _requirements(*extras: str) -> list[Requirement]:
    lists = [project["dependencies"], *(project["optional-dependencies"][e] for e in extras)]
    return [Requirement(text) for group in lists for text in group if not text.startswith("layerwise")]


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_has_a_version_of_every_requirement_that_fits(python: str) -> None:
    locked = _locked(python)
    for requirement in _requirements("teach", "book", "dev"):
        assert requirement.name.lower() in locked, f"{requirement} is not in constraints.txt; run `make lock`"
        version = locked[requirement.name.lower()]
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement} refuses locked {version}"


def test_the_lock_pins_every_line_exactly_and_names_no_address() -> None:
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"[a-z0-9._-]+==[^ ]+( ; .*)?", line), line
        assert "://" not in line


def test_every_conda_requirement_accepts_the_locked_version() -> None:
    locked = _locked("3.11")
    for name, (text, spec) in conda.items():
        if name in CONDA_ONLY:
            continue
        version = locked[PYPI_NAME.get(name, name)]
        record = PackageRecord(
            name=name,
            version=str(version),
            build=BuildString("0"),
            build_number=0,
            subdir="noarch",
            arch=None,
            platform=None,
        )
        assert spec.matches(record), f"environment.yml: {text} refuses the locked {version}"


def test_every_requirement_of_students_and_instructors_is_in_the_conda_environment() -> None:
    have = {PYPI_NAME.get(name, name) for name in conda}
    pip_only = {"click", "pygments"}  # installed through .[teach,book]
    missing = {r.name.lower() for r in _requirements("teach")} - have - pip_only
    assert not missing, f"environment.yml lacks {missing}"


def test_the_conda_environment_installs_the_course_under_the_lock() -> None:
    (pip,) = [d["pip"] for d in environment["dependencies"] if isinstance(d, dict)]
    assert pip == ["--constraint constraints.txt", "--editable .[teach,book]"]
    assert environment["channels"] == ["conda-forge"]
    assert conda["python"][0] == "python=3.11"


def test_the_metadata_allows_python_3_11_to_3_13_only() -> None:
    requirement = Requirement(f"python{project['requires-python']}")
    allowed = [v for v in ("3.10", "3.11", "3.12", "3.13", "3.14") if requirement.specifier.contains(f"{v}.0")]
    assert allowed == list(PYTHONS)
