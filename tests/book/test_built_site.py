"""Promises about every page of the built book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlparse

import pytest
from browsing import Watch
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pages(site: Path) -> list[str]:
    found = (path.relative_to(site) for path in site.rglob("*.html"))
    return sorted(path.as_posix() for path in found if path.parts[0] != "_static")


@pytest.fixture(scope="module")
def soups(site: Path) -> dict[str, BeautifulSoup]:
    return {page: BeautifulSoup((site / page).read_text("utf-8"), "html.parser") for page in pages(site)}


def test_the_site_has_the_pages_of_its_table_of_contents(site: Path) -> None:
    assert {"index.html", "04_convolution.html", "bibliography.html", "search.html"} <= set(pages(site))


def test_internal_links_and_their_anchors_resolve(site: Path, soups: dict[str, BeautifulSoup]) -> None:
    anchors = {page: {str(tag["id"]) for tag in soup.find_all(id=True)} for page, soup in soups.items()}
    broken, checked = [], 0
    for page, soup in soups.items():
        for link in soup.find_all("a", href=True):
            target, anchor = urldefrag(urljoin(f"http://site/{page}", str(link["href"])))
            if urlparse(target).netloc != "site":
                continue
            checked += 1
            path = unquote(urlparse(target).path).lstrip("/") or "index.html"
            if not (site / path).is_file():
                broken.append(f"{page}: {link['href']}")
            elif anchor and path in anchors and unquote(anchor) not in anchors[path]:
                broken.append(f"{page}: {link['href']} (no such anchor)")
    assert not broken
    assert checked > 20


def test_no_page_names_a_script_style_or_picture_outside_the_site(soups: dict[str, BeautifulSoup]) -> None:
    outside = [
        f"{page}: {tag.name} {address}"
        for page, soup in soups.items()
        for tag in soup.find_all(["script", "link", "img", "iframe", "source"])
        for address in [str(tag.get("src") or tag.get("href") or "")]
        if urlparse(address).netloc and "canonical" not in (tag.get("rel") or [])
    ]
    assert not outside


def test_every_picture_has_a_text_alternative(soups: dict[str, BeautifulSoup]) -> None:
    bare = []
    for page, soup in soups.items():
        for picture in soup.select("main img"):
            alt = str(picture.get("alt") or "").strip()
            if not alt or "_images/" in alt or alt.endswith((".png", ".svg")):
                bare.append(f"{page}: {picture.get('src')} alt={alt!r}")
    assert not bare


def test_assignments_lie_in_the_site(site: Path) -> None:
    for name in ("04_convolution.ipynb", "cases.pack"):
        assert (site / "assignments" / "04_convolution" / name).stat().st_size > 0


def test_chapters_carry_the_number_of_their_file(soups: dict[str, BeautifulSoup]) -> None:
    heading = soups["04_convolution.html"].select_one("article h1")
    assert heading is not None
    assert heading.get_text().startswith("4. Convolution")


@dataclass
class Visit:
    """What a browser met on all pages, in both colour schemes."""

    watch: Watch
    violations: list[str] = field(default_factory=list)
    untypeset: list[str] = field(default_factory=list)
    asleep: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def visit(browser: Browser, site: Path, site_url: str, axe: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    visit = Visit(Watch(page, site_url))
    for name in pages(site):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(site_url + name, wait_until="load")
        page.evaluate("async () => { await window.MathJax?.startup?.promise }")
        page.wait_for_function("document.querySelectorAll('.layerwise-explorer:not([data-ready])').length === 0")
        visit.asleep += [
            f"{name}: {text[:80]}"
            for text in page.locator(".layerwise-explorer:not([data-ready=true])").all_inner_texts()
        ]
        raw = page.locator("span.math, div.math").filter(has_not=page.locator("mjx-container"))
        visit.untypeset += [f"{name}: {text[:80]}" for text in raw.all_inner_texts()]
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        page.evaluate("document.querySelectorAll('button.toggle-button').forEach((b) => b.click())")
        page.evaluate(axe)
        for scheme in ("light", "dark"):
            page.evaluate("scheme => { document.documentElement.dataset.theme = scheme }", scheme)
            found = page.evaluate(
                """async (rules) => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]}))
                   .violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}: ${n.html}`))""",
                RULES,
            )
            visit.violations += [f"{name} ({scheme}): {violation[:300]}" for violation in found]
        page.set_viewport_size({"width": 390, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            visit.too_wide.append(name)
    yield visit
    context.close()


@pytest.mark.browser
def test_no_page_asks_for_anything_outside_the_site(visit: Visit) -> None:
    assert visit.watch.outside == []


@pytest.mark.browser
def test_no_request_fails(visit: Visit) -> None:
    assert visit.watch.failed == []


@pytest.mark.browser
def test_no_page_writes_an_error_to_the_console(visit: Visit) -> None:
    assert visit.watch.errors == []


@pytest.mark.browser
def test_axe_finds_no_violation_in_light_and_dark(visit: Visit) -> None:
    assert visit.violations == []


@pytest.mark.browser
def test_all_mathematics_is_typeset(visit: Visit) -> None:
    assert visit.untypeset == []


@pytest.mark.browser
def test_every_explorer_starts(visit: Visit) -> None:
    assert visit.asleep == []


@pytest.mark.browser
def test_no_page_is_wider_than_a_phone(visit: Visit) -> None:
    assert visit.too_wide == []
