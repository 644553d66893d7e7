"""Number a chapter after its file: `04_convolution.md` is chapter 4, whichever chapters are there."""

from __future__ import annotations

import re
from typing import cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util import logging

logger = logging.getLogger(__name__)

CHAPTER = re.compile(r"(?:.*/)?(\d\d)_[^/]+")
DEPTH = 2  # 4 and 4.1 are printed, 4.1.1 is not
Numbers = dict[str, tuple[int, ...] | None]


def chapter_number(docname: str) -> int | None:
    """Return the chapter's number, or None for a page that is not a chapter."""
    found = CHAPTER.fullmatch(docname)
    return int(found[1]) if found else None


def number_sections(toc: nodes.Element, prefix: tuple[int, ...], numbers: Numbers) -> None:
    """Write section numbers into a page's local table of contents, and into numbers by anchor."""
    count = 0
    for item in toc.children:
        if not isinstance(item, nodes.list_item):
            continue
        for part in item.children:
            if isinstance(part, addnodes.compact_paragraph):
                count += 1
                reference = cast(nodes.reference, part[0])
                number = (*prefix, count)
                # None, not nothing: a section without an entry would be printed with the chapter's number
                numbers[reference["anchorname"]] = number if len(number) <= DEPTH else None
                if len(number) <= DEPTH:
                    reference["secnumber"] = list(number)
            elif isinstance(part, nodes.bullet_list):
                number_sections(part, (*prefix, count), numbers)


def number_chapters(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Number every chapter's sections, then its figures, equations and exercises once more."""
    before = dict(env.toc_secnumbers)
    for docname in env.found_docs:
        chapter = chapter_number(docname)
        if chapter is None or docname not in env.tocs:
            continue
        title = env.titles[docname]
        if re.match(r"(chapter\s+)?\d", title.astext(), re.IGNORECASE):
            logger.warning(
                "the title %r starts with a number; chapters are numbered after their file name",
                title.astext(),
                location=docname,
            )
        numbers: Numbers = {}
        top = cast(nodes.Element, env.tocs[docname])
        for item in top.children:
            for part in cast(nodes.Element, item).children:
                if isinstance(part, addnodes.compact_paragraph):
                    numbers[""] = (chapter,)
                    cast(nodes.reference, part[0])["secnumber"] = [chapter]
                elif isinstance(part, nodes.bullet_list):
                    number_sections(part, (chapter,), numbers)
        title["secnumber"] = [chapter]
        env.toc_secnumbers[docname] = numbers  # pyright: ignore[reportArgumentType]
    changed = [name for name, numbers in env.toc_secnumbers.items() if numbers != before.get(name)]
    return [*changed, *TocTreeCollector().assign_figure_numbers(env)]


def setup(app: Sphinx) -> None:
    """Run after Sphinx's own numbering, which knows only of toctrees."""
    app.connect("env-get-updated", number_chapters, priority=900)
