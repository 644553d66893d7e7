"""The set-up says what is missing before it does anything."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout that has nothing but what the set-up reads."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "setup.sh", tmp_path / "tools")
    for name in ("constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def set_up(checkout: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "tools/setup.sh"], cwd=checkout, env={**os.environ, **variables}, capture_output=True, text=True
    )


def test_an_unknown_build_of_torch_is_refused_in_one_line(checkout: Path) -> None:
    done = set_up(checkout, TORCH="tpu")
    assert done.returncode == 1
    assert done.stderr == "setup: TORCH=tpu is not known; use TORCH=cpu or TORCH=cuda\n"
    assert not (checkout / ".venv").exists()


def test_a_machine_without_a_fitting_python_is_told_which_one_to_install(checkout: Path) -> None:
    done = set_up(checkout, PYTHON="python2.7")
    assert done.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is needed" in done.stderr
    assert "apt-get install python3" in done.stderr
    assert not (checkout / ".venv").exists()


def test_nothing_in_the_repository_names_a_package_registry(checkout: Path) -> None:
    hosts = ("pypi" + ".org", "python" + "hosted", "npm" + "js", "anaconda" + ".org", "deb." + "debian")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        text = (ROOT / name).read_bytes().decode("utf-8", errors="ignore")
        assert not [h for h in hosts if h in text], name
