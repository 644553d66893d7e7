"""Promises about the convolution explorer in a static page: keyboard, text, motion, small screens."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import ROOT, Watch, serve
from playwright.sync_api import Browser, Locator, Page, expect

from course_lib.explorers import load

pytestmark = pytest.mark.browser

PAGE = """<!doctype html>
<html lang="en" data-theme="light">
<head><meta charset="utf-8"><title>explorer</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="convolution.css"></head>
<body><main><h1>Explorer</h1>
<div class="layerwise-explorer" data-module="convolution.js" data-state='STATE'><p>The fallback.</p></div>
</main><script type="module" src="explorers.js"></script></body>
</html>
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("explorer")
    state = load("convolution").state(size=8, kernel_size=3, padding=1, stride=2)
    (folder / "index.html").write_text(PAGE.replace("STATE", json.dumps(state)), encoding="utf-8")
    shutil.copy(ROOT / "book" / "_ext" / "layerwise_book" / "assets" / "explorers.js", folder)
    for suffix in ("js", "css"):
        shutil.copy(ROOT / "course_lib" / "explorers" / f"convolution.{suffix}", folder)
    with serve(folder) as address:
        yield address


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 900})
    page = context.new_page()
    watch = Watch(page, url)
    page.goto(url)
    page.wait_for_selector(".layerwise-explorer[data-ready=true]")
    yield page
    context.close()
    assert (watch.outside, watch.failed, watch.errors) == ([], [], [])


def grid(page: Page, name: str) -> list[list[int]]:
    """Return the numbers that a grid shows."""
    rows = page.locator(f".lw-{name} tr").all()
    return [[int(text.replace("−", "-")) for text in row.locator("td").all_inner_texts()] for row in rows]


def window(page: Page) -> list[list[int]]:
    """Return row and column of every marked input cell."""
    return page.locator(".lw-input td.lw-window").evaluate_all(
        "cells => cells.map((cell) => [cell.parentNode.rowIndex, cell.cellIndex])"
    )


def press(control: Locator, *keys: str) -> None:
    control.focus()
    for key in keys:
        control.press(key)


def test_sliders_move_the_picture_by_keyboard(page: Page) -> None:
    assert (len(grid(page, "input")), len(grid(page, "kernel")), len(grid(page, "output"))) == (10, 3, 4)
    press(page.get_by_label("Input size"), "ArrowRight")
    press(page.get_by_label("Padding"), "ArrowRight")
    assert len(grid(page, "input")) == 13
    press(page.get_by_label("Stride"), "ArrowLeft")
    assert len(grid(page, "output")) == 11
    press(page.get_by_label("Kernel size"), "ArrowLeft")
    assert (len(grid(page, "kernel")), len(grid(page, "output"))) == (2, 12)
    press(page.get_by_label("Dilation"), "ArrowRight")
    assert window(page) == [[0, 0], [0, 2], [2, 0], [2, 2]]


def test_arrow_keys_on_a_grid_move_the_window_by_the_stride(page: Page) -> None:
    press(page.get_by_role("group", name="Input grid"), "ArrowRight", "ArrowDown")
    assert window(page) == [[row, column] for row in (2, 3, 4) for column in (2, 3, 4)]
    press(page.get_by_role("group", name="Output grid"), "End")
    assert window(page)[0] == [6, 6]
    press(page.get_by_role("group", name="Output grid"), "ArrowDown", "Home", "ArrowLeft")
    assert window(page)[0] == [0, 0]


def test_buttons_and_the_position_slider_visit_the_output_row_by_row(page: Page) -> None:
    page.get_by_role("button", name="Next position").click(click_count=5)
    assert window(page)[0] == [2, 2]
    page.get_by_role("button", name="Previous position").click()
    assert window(page)[0] == [2, 0]
    press(page.get_by_label("Position", exact=True), "End")
    assert page.locator(".lw-output td.lw-current").inner_text() == page.locator(".lw-output td").last.inner_text()
    assert page.get_by_role("button", name="Next position").is_disabled()


def test_the_written_sum_is_that_of_the_marked_cells_and_the_kernel(page: Page) -> None:
    press(page.get_by_role("group", name="Input grid"), "ArrowRight", "ArrowDown", "ArrowRight")
    values, kernel = grid(page, "input"), grid(page, "kernel")
    weights = [weight for row in kernel for weight in row]
    expected = sum(values[i][j] * w for (i, j), w in zip(window(page), weights, strict=True))
    written = page.locator(".lw-terms").inner_text().replace("−", "-").replace("\n", " ")
    terms, total = written.split("=")[1:]
    assert eval(terms.replace("·", "*")) == int(total) == expected
    assert int(page.locator(".lw-output td.lw-current").inner_text().replace("−", "-")) == expected


def test_the_size_formula_has_the_numbers_put_in(page: Page) -> None:
    assert page.locator(".lw-formula").inner_text() == "= ⌊(8 + 2·1 − 1·(3 − 1) − 1)/2⌋ + 1 = 4"


def test_a_kernel_that_does_not_fit_is_explained(page: Page) -> None:
    press(page.get_by_label("Input size"), "Home")
    press(page.get_by_label("Padding"), "Home")
    press(page.get_by_label("Kernel size"), "End")
    assert "spans 5 cells, the padded input has only 3" in page.locator(".lw-problem").inner_text()
    assert page.get_by_role("button", name="Next position").is_disabled()
    press(page.get_by_label("Padding"), "ArrowRight")
    assert grid(page, "output") != []


def test_a_screen_reader_is_told_the_current_value(page: Page) -> None:
    press(page.get_by_role("group", name="Input grid"), "ArrowRight")
    value = page.locator(".lw-output td.lw-current").inner_text()
    live = page.locator("[aria-live=polite]")
    assert live.inner_text() == f"Output row 0, column 1 is {value}. The output is 4 by 4."


def test_play_moves_the_window_and_pause_stops_it(page: Page) -> None:
    page.clock.install()
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(1500)
    assert window(page)[0] == [0, 4]
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(5000)
    assert window(page)[0] == [0, 4]


def test_nothing_plays_for_readers_who_want_no_motion(page: Page) -> None:
    page.get_by_role("button", name="Play").click()
    page.emulate_media(reduced_motion="reduce")
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    expect(page.get_by_role("button", name="Play")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_at_the_width_of_a_phone(page: Page, axe: str, scheme: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.evaluate("scheme => { document.documentElement.dataset.theme = scheme }", scheme)
    press(page.get_by_label("Input size"), "End")
    press(page.get_by_label("Padding"), "End")
    press(page.get_by_label("Stride"), "Home")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(axe)
    found = page.evaluate("async () => (await axe.run()).violations.map((v) => [v.id, v.nodes[0].html])")
    assert found == []


def test_without_javascript_the_fallback_text_stays(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    assert page.get_by_text("The fallback.").is_visible()
    context.close()
