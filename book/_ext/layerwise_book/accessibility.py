"""Mend what the theme and its extensions write against the rules of accessible pages."""

from __future__ import annotations

from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    """Mend."""
