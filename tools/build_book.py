"""Build the book: fetch its scripts and fonts, run its pages, write the site to build/book/html.

    python tools/build_book.py [--out build/book] [--force]

Warnings are errors. Pages are executed once for every state of course_lib, the lock file and their own cells;
when nothing at all has changed since the last build, nothing is done.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import vendor
import yaml
from filelock import FileLock

ROOT = Path(__file__).resolve().parent.parent
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
SKIPPED = {"__pycache__", "_build", ".ipynb_checkpoints"}


def files(*places: Path) -> Iterator[Path]:
    """Yield every file at or below the places, sorted."""
    for place in places:
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (path for path in found if path.is_file() and not SKIPPED & set(path.parts))


def digest(*places: Path) -> str:
    """Return a digest of the names and contents of all files at or below the places."""
    total = hashlib.sha256(sys.version.encode())
    for path in files(*places):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path} {content}\n".encode())
    return total.hexdigest()[:16]


def write_config(source: Path, out: Path, vendored: Path, assignments: Path) -> Path:
    """Write the book's configuration with the folders of this checkout, and return its place."""
    config: dict[str, Any] = yaml.safe_load((source / "_config.yml").read_text(encoding="utf-8"))
    # jupyter-cache looks only at the cells: what they import must be part of the cache's name
    code = digest(ROOT / "course_lib", ROOT / "constraints.txt")
    cache = out / "cache" / code
    config["execute"]["cache"] = str(cache)
    config["sphinx"]["local_extensions"] = {"layerwise_book": str(ROOT / "book" / "_ext")}
    config["sphinx"]["config"] |= {
        "layerwise_vendor": str(vendored),
        "layerwise_assignments": str(assignments),
    }
    path = out / "config.yml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    for old in set(cache.parent.glob("*")) - {cache}:
        shutil.rmtree(old)
    return path


def run_jupyter_book(source: Path, config: Path, out: Path) -> bool:
    """Build strictly, naming the pages that are executed; on failure print the whole log."""
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build"]
    command += ["-W", "-n", "--keep-going"]
    command += ["--config", str(config), "--path-output", str(out / "work"), str(source)]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    settings = {"PYTHONPATH": os.pathsep.join(paths), "PYDEVD_DISABLE_FILE_VALIDATION": "1", "NO_COLOR": "1"}
    lines = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            line = COLOURS.sub("", line)
            lines.append(line)
            if "Executing notebook" in line:
                print("book: executing", line.split(": Executing")[0].strip(), flush=True)
    log = out / "build.log"
    log.write_text("".join(lines), encoding="utf-8")
    if process.returncode:
        print("".join(lines), file=sys.stderr)
        causes = [line for line in lines if "WARNING:" in line or "ERROR:" in line]
        print("".join(["book: what stopped the build:\n", *causes]), file=sys.stderr)
        print(f"book: the build failed; the log above is also in {log}", file=sys.stderr)
    return process.returncode == 0


def build(source: Path, out: Path, assignments: Path, force: bool) -> int:
    """Build the site of the book at source below out; return the exit status."""
    started = time.monotonic()
    site, stamp = out / "html", out / "inputs"
    own = [Path(__file__), ROOT / "tools" / "vendor.py", ROOT / "constraints.txt", ROOT / "book" / "_ext"]
    inputs = digest(source, assignments, ROOT / "course_lib", ROOT / "autograder", *own)
    if not force and stamp.is_file() and stamp.read_text() == inputs and (site / "index.html").is_file():
        print(f"book: up to date, {site / 'index.html'}")
        return 0
    stamp.unlink(missing_ok=True)
    try:
        vendored = vendor.fetch("book")
    except vendor.VendorError as error:
        print(f"book: {error}", file=sys.stderr)
        return 1
    print(f"book: building {source}", flush=True)
    # a fresh start each time: what Sphinx keeps would hide a warning of the last build; results are cached anyway
    shutil.rmtree(out / "work", ignore_errors=True)
    config = write_config(source, out, vendored, assignments)
    if not run_jupyter_book(source, config, out):
        return 1
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(out / "work" / "_build" / "html", site, ignore=shutil.ignore_patterns(".buildinfo"))
    stamp.write_text(inputs)
    pages = sum("_static" not in path.parts for path in site.rglob("*.html"))
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) / 1e6
    print(f"book: {pages} pages, {size:.1f} MB in {time.monotonic() - started:.0f} s: {site / 'index.html'}")
    return 0


def main() -> int:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the book as a static site.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "book", help="folder for all that is made")
    parser.add_argument("--source", type=Path, default=ROOT / "book", help="the book's folder")
    parser.add_argument("--assignments", type=Path, default=ROOT / "assignments", help="the built assignments")
    parser.add_argument("--force", action="store_true", help="build even where nothing has changed")
    given = parser.parse_args()
    out = given.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with FileLock(out / "lock"):  # two builds into one folder wait for each other
        return build(given.source.resolve(), out, given.assignments.resolve(), given.force)


if __name__ == "__main__":
    sys.exit(main())
