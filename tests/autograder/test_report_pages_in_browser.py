"""Promises about the report pages that only a browser can check."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, sync_playwright
from sample_records import ATTACK, CODE, FLIPPED, exercise, record, sample_class
from test_report import RIGHT, verdict

from autograder.compare.verdict import NOT_IMPLEMENTED
from autograder.report.content import content
from autograder.report.feedback import feedback_page
from autograder.report.html import report_html
from autograder.report.overview import class_report

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
MIXED = record("amara", exercise("conv2d", 1, mistake=FLIPPED), exercise("im2col", reason=NOT_IMPLEMENTED))
HURT = record(ATTACK, exercise("conv2d", reason=ATTACK), remarks=(ATTACK,))
PAGES = {
    "feedback": feedback_page(MIXED, {"conv2d": CODE}, {"conv2d": "Nice."}, {"im2col": 1.0}, "04.html"),
    "attacked": feedback_page(HURT, {"conv2d": ATTACK}, {"conv2d": ATTACK}, {}, ""),
    "class": class_report(sample_class(), "04_convolution", ["zed"]),
    "check": (
        '<!DOCTYPE html><html lang="en"><meta name="viewport" content="width=device-width"><title>Check</title>'
        "<style>:root{color-scheme:light dark}</style><main><h1>Notebook</h1><h2>Exercise</h2>"
        f"{report_html(content(verdict(lambda x: x + 1, RIGHT), hidden=False))}</main></html>"
    ),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM} (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def axe() -> str:
    command = [sys.executable, str(ROOT / "tools" / "vendor.py"), "tests"]
    folder = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return (Path(folder) / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1100])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_fits_the_window_and_asks_for_nothing(
    browser: Browser, axe: str, tmp_path: Path, name: str, width: int, scheme: str
) -> None:
    file = tmp_path / f"{name}.html"
    file.write_text(PAGES[name], encoding="utf-8")
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 800},
    )
    tab = context.new_page()
    requests: list[str] = []
    dialogs: list[str] = []
    tab.on("request", lambda r: requests.append(r.url))

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", dismiss)
    tab.goto(file.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    tab.evaluate(axe)
    found = tab.evaluate("axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
    context.close()
    assert not found, json.dumps(found, indent=1)
    assert [r for r in requests if not r.startswith("data:")] == [file.as_uri()]
    assert not dialogs


def test_code_that_is_folded_on_the_screen_is_printed(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "feedback.html"
    file.write_text(PAGES["feedback"], encoding="utf-8")
    tab = browser.new_page()
    tab.goto(file.as_uri())
    height = "document.querySelector('details').offsetHeight"
    assert tab.evaluate(height) < 60
    tab.emulate_media(media="print")
    assert tab.evaluate(height) > 100
    tab.close()
