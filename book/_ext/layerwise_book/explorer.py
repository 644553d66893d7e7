"""The directive `explorer`: an interactive figure of course_lib.explorers in a page without a kernel.

```{explorer} convolution
:alt: What the figure shows, for readers without JavaScript.
{"size": 8, "padding": 1}
```
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from course_lib import explorers

FOLDER = Path(explorers.__file__).parent


class explorer(nodes.General, nodes.Element):  # noqa: N801 (docutils names its nodes so)
    """An explorer with its name, its state and its fallback text."""


class ExplorerDirective(SphinxDirective):
    """Check the options against the explorer's own, and leave a node behind."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {"alt": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """Return the node; an unknown explorer or a wrong option is an error."""
        name = self.arguments[0]
        try:
            kind = explorers.load(name)
            options = json.loads("\n".join(self.content) or "{}")
            if not isinstance(options, dict):
                raise ValueError('the body is a JSON object, e.g. {"size": 8}')
            state = kind.state(**options)
        except KeyError as error:
            raise self.error(f"explorer: {error.args[0]}") from error
        except ValueError as error:
            raise self.error(f"explorer {name}: {error}") from error
        for suffix in (".py", ".js", ".css"):
            self.env.note_dependency(str(FOLDER / f"{name}{suffix}"))
        alt = self.options.get("alt", kind.fallback)
        return [explorer("", explorer=name, state=json.dumps(state, sort_keys=True), alt=alt)]


def versioned(name: str) -> str:
    """Return the file's place below _static, with its content's digest against stale caches."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:8]
    return f"explorers/{name}?v={digest}"


def visit_html(self: Any, node: explorer) -> None:
    """Write the fallback text, in an element that the script fills with the figure."""
    module = versioned(f"{node['explorer']}.js")
    self.body.append(
        f'<div class="layerwise-explorer" data-module="{escape(module)}" '
        f'data-state="{escape(node["state"])}"><p class="layerwise-fallback">'
        f"<strong>Interactive figure</strong> (it needs JavaScript). {escape(node['alt'])}</p></div>\n"
    )
    raise nodes.SkipNode


def visit_text(self: Any, node: explorer) -> None:
    """Write the fallback text alone, in any other format."""
    self.body.append(node["alt"]) if hasattr(self, "body") else self.add_text(node["alt"])
    raise nodes.SkipNode


def add_scripts(app: Sphinx, _page: str, _template: str, _context: dict, doctree: nodes.document | None) -> None:
    """Load the shim and the style sheets, only in pages which have an explorer."""
    names = sorted({node["explorer"] for node in doctree.findall(explorer)}) if doctree else []
    if names:
        app.add_js_file("explorers.js", type="module")
    for name in names:
        app.add_css_file(f"explorers/{name}.css")


def copy_modules(app: Sphinx) -> None:
    """Copy every explorer's module and style sheet into the site."""
    if app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "explorers"
    target.mkdir(parents=True, exist_ok=True)
    for name in explorers.EXPLORERS:
        for suffix in (".js", ".css"):
            shutil.copy(FOLDER / f"{name}{suffix}", target)


def setup(app: Sphinx) -> None:
    """Register the directive and what it needs in the built site."""
    app.add_node(explorer, html=(visit_html, None), text=(visit_text, None), latex=(visit_text, None))
    app.add_directive("explorer", ExplorerDirective)
    app.connect("builder-inited", copy_modules)
    app.connect("html-page-context", add_scripts)
