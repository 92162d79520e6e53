"""Text within markup: HTML and SVG escape it alike."""

from __future__ import annotations

from html import escape

from deployer.views.problems import visible


def escaped(text: str) -> str:
    """A text for an element or an attribute in quotes; characters that show nothing are named."""
    return escape(visible(text), quote=True)
