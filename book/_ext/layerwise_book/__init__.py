"""What the Layerwise book adds to Sphinx: explorers, exercise cards, chapter numbers, accessible pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from layerwise_book import accessibility, citations, exercise_card, explorer, numbering

ASSETS = Path(__file__).parent / "assets"


def add_static_folders(_app: Sphinx, config: Config) -> None:
    """Serve this extension's own assets and the vendored browser files below _static."""
    config.html_favicon = str(ASSETS / "favicon.svg")
    config.html_static_path += [str(ASSETS), *filter(None, [config.layerwise_vendor])]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything; `layerwise_vendor` is the folder of vendored browser files."""
    app.add_config_value("layerwise_vendor", "", "html", [str])
    app.connect("config-inited", add_static_folders)
    app.add_css_file("layerwise.css")
    for part in (numbering, citations, explorer, exercise_card, accessibility):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
