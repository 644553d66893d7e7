"""The built book and a browser, once for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import CHROMIUM, FLAGS, ROOT, run_tool, serve
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built book, which is built where it is missing."""
    folder = Path(os.environ.get("LAYERWISE_SITE", ROOT / "build" / "book" / "html"))
    if not (folder / "index.html").is_file():
        run_tool("build_book.py")
    return folder


@pytest.fixture(scope="session")
def site_url(site: Path) -> Iterator[str]:
    with serve(site) as url:
        yield url


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    return (Path(run_tool("vendor.py", "tests")) / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        reason = f"there is no Chromium at {CHROMIUM} (Debian: apt-get install chromium)"
        if os.environ.get("LAYERWISE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
        yield chromium
        chromium.close()
