"""Promises about the book's own directives and numbering, each seen in a page of a few lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from browsing import ROOT
from bs4 import BeautifulSoup, Tag
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from autograder.packs.container import write
from course_lib.explorers import ConvolutionExplorer

EXERCISE = {"name": "double", "title": "Twice", "points": {"basics": 2, "sizes": 1.5}, "minutes": 10}
CONFIG = 'html_theme = "basic"\nnumfig = True\nexclude_patterns = ["assignments"]\n'


@dataclass
class Built:
    """A built page and what Sphinx complained about."""

    folder: Path
    warnings: str

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup((self.folder / "07_page.html").read_text("utf-8"), "html.parser")

    def one(self, selector: str) -> Tag:
        found = self.soup.select(selector)
        assert len(found) == 1, f"{selector}: {len(found)} found"
        return found[0]


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Built]:
    """Return a function that builds a book with one chapter, file 07_page, of the given text."""
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))

    def run(text: str) -> Built:
        source = tmp_path / "book"
        source.mkdir()
        (source / "conf.py").write_text(CONFIG, encoding="utf-8")
        (source / "index.md").write_text("# Home\n\n```{toctree}\n07_page\n```\n", encoding="utf-8")
        (source / "07_page.md").write_text(text, encoding="utf-8")
        warnings = StringIO()
        with docutils_namespace():
            app = Sphinx(
                source,
                source,
                tmp_path / "html",
                tmp_path / "doctrees",
                "html",
                {"extensions": ["myst_nb", "layerwise_book"], "nb_execution_mode": "off"},
                status=None,
                warning=warnings,
            )
            app.build()
        return Built(tmp_path / "html", warnings.getvalue())

    return run


@pytest.fixture
def assignment(tmp_path: Path) -> Path:
    """An assignment of one exercise, where the book expects it."""
    folder = tmp_path / "assignments" / "07_page"
    write(folder / "cases.pack", {"exercises": [EXERCISE]}, {"x": np.zeros(2)})
    (folder / "07_page.ipynb").write_text("{}", encoding="utf-8")
    return folder


def test_an_explorer_carries_all_its_options_and_its_fallback_text(build: Callable[[str], Built]) -> None:
    page = build('# Page\n\n```{explorer} convolution\n:alt: A moving "window".\n{"size": 9}\n```\n')
    assert page.warnings == ""
    found = page.one(".layerwise-explorer")
    assert json.loads(str(found["data-state"])) == ConvolutionExplorer.state(size=9)
    assert 'A moving "window".' in found.get_text()
    module = str(found["data-module"]).partition("?")[0]
    assert (page.folder / "_static" / module).is_file()


def test_pages_without_an_explorer_load_no_script_for_it(build: Callable[[str], Built]) -> None:
    page = build("# Page\n\n```{explorer} convolution\n```\n")
    assert page.soup.select('script[type=module][src*="explorers.js"]')
    home = BeautifulSoup((page.folder / "index.html").read_text("utf-8"), "html.parser")
    assert not home.select('script[src*="explorers.js"]')


@pytest.mark.parametrize(
    ("directive", "message"),
    [
        ("```{explorer} pooling\n```", "there is no explorer called 'pooling'; there are: convolution"),
        ('```{explorer} convolution\n{"sise": 9}\n```', "has no option sise"),
        ('```{explorer} convolution\n{"size": 90}\n```', "size"),
        ("```{explorer} convolution\n{size: 9}\n```", "Expecting property name"),
        ("```{explorer} convolution\n[9]\n```", "the body is a JSON object"),
    ],
)
def test_a_wrong_explorer_is_a_warning(build: Callable[[str], Built], directive: str, message: str) -> None:
    assert message in build(f"# Page\n\n{directive}\n").warnings


@pytest.mark.usefixtures("assignment")
def test_a_card_shows_title_points_minutes_and_a_link_that_works(build: Callable[[str], Built]) -> None:
    page = build("# Page\n\n```{exercise-card} 07_page/double\nWrite *two* loops.\n```\n")
    assert page.warnings == ""
    card = page.one(".exercise-card")
    for text in ("Twice", "3.5 points", "10 minutes", "Write two loops."):
        assert text in card.get_text()
    link = page.one(".exercise-card a")
    assert (page.folder / str(link["href"])).is_file()
    assert (page.folder / "assignments" / "07_page" / "cases.pack").is_file()


@pytest.mark.usefixtures("assignment")
def test_a_card_for_an_exercise_that_is_not_there_is_a_warning(build: Callable[[str], Built]) -> None:
    warnings = build("# Page\n\n```{exercise-card} 07_page/triple\n```\n").warnings
    assert "the assignment has no exercise 'triple'; it has double" in warnings


def test_a_card_without_an_assignment_names_the_command_that_makes_it(build: Callable[[str], Built]) -> None:
    assert "Run `make assignments` first" in build("# Page\n\n```{exercise-card} 07_page/double\n```\n").warnings


def test_sections_and_equations_carry_the_chapter_of_the_file_name(build: Callable[[str], Built]) -> None:
    page = build("# Page\n\n## First\n\n## Second\n\n### Deep\n\n```{figure} x.svg\n:name: fig\n\nIt\n```\n")
    heads = [head.get_text().rstrip("¶#") for head in page.soup.select("h1, h2, h3") if "Page" in head.get_text()]
    assert "7. Page" in heads
    titles = [head.get_text() for head in page.soup.select("section h2, section h3")]
    assert [title.rstrip("¶#") for title in titles] == ["7.1. First", "7.2. Second", "Deep"]
    assert page.one(".caption-number").get_text().strip() == "Fig. 7.1"


def test_a_title_that_brings_its_own_number_is_a_warning(build: Callable[[str], Built]) -> None:
    assert "chapters are numbered after their file name" in build("# 7. Page\n\nText.\n").warnings
