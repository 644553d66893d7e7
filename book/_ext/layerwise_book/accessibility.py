"""Mend what the theme and its companions write against the rules of accessible pages.

Templates of the theme are replaced in templates/, colours are set in assets/layerwise.css; here is the rest.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.config import Config

TEMPLATES = Path(__file__).parent / "templates"


def add_templates(_app: Sphinx, config: Config) -> None:
    """Put our templates before the theme's."""
    config.templates_path = [str(TEMPLATES), *config.templates_path]


def open_hidden_cell(self: Any, node: HideCodeCellNode) -> None:
    """Write a collapsed cell's summary with phrases in it: a paragraph may not stand there."""
    classes = " ".join(node["classes"])
    self.body.append(f'<details class="admonition hide {classes}">\n<summary>')
    for state, prompt in (("collapsed", node["prompt_show"]), ("expanded", node["prompt_hide"])):
        self.body.append(f'<span class="{state} admonition-title">{escape(prompt)}</span>')
    self.body.append("</summary>\n")


def close_hidden_cell(self: Any, _node: HideCodeCellNode) -> None:
    """Close what `open_hidden_cell` opened."""
    self.body.append("</details>\n")


def open_citation(self: Any, node: nodes.citation) -> None:
    """Write an entry of the bibliography as the item of a list: docutils' role for it is deprecated."""
    if not isinstance(node.previous_sibling(), nodes.citation):
        self.body.append('<div role="list" class="citation-list">\n')
    self.body.append(self.starttag(node, "div", classes=["citation"], role="listitem"))


def close_citation(self: Any, node: nodes.citation) -> None:
    """Close what `open_citation` opened."""
    self.body.append("</div>\n")
    if not isinstance(node.next_node(descend=False, siblings=True), nodes.citation):
        self.body.append("</div>\n")


def drop_thebe(_app: Sphinx, _page: str, _template: str, context: dict, _doctree: object) -> None:
    """Leave out sphinx-thebe's scripts: they are written twice, which is an error, and nothing uses them."""
    context["script_files"] = [
        script
        for script in context["script_files"]
        if "thebe" not in str(script) and "THEBE_JS_URL" not in getattr(script, "attributes", {}).get("body", "")
    ]


def setup(app: Sphinx) -> None:
    """Replace templates, visitors and scripts."""
    app.connect("config-inited", add_templates)
    app.add_node(HideCodeCellNode, override=True, html=(open_hidden_cell, close_hidden_cell))
    app.add_node(nodes.citation, override=True, html=(open_citation, close_citation))
    app.connect("html-page-context", drop_thebe, priority=900)
