"""A page for a photograph of rendered messages: each as its picture, an email with its HTML as a mail program shows it.

The HTML is in a frame that runs nothing, and nothing is loaded from outside: of such pictures the words show.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from deployer.views.render_svg import render_svg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.preview.rendering import RenderedMessage

WIDTH = 640
"""The photograph's width in CSS pixels, which is what emails are made for."""

HEIGHT = "data-height"
"""The attribute of the page's root in which its height is, once it is loaded."""

_SCRIPT = f"""
addEventListener("load", () => {{
  for (const frame of document.querySelectorAll("iframe")) {{
    frame.style.height = `${{frame.contentDocument.documentElement.scrollHeight}}px`;
  }}
  document.documentElement.setAttribute("{HEIGHT}", document.body.scrollHeight);
}});
"""
_HASH = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode("ascii")
_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{_HASH}'"
_FRAME = "display: block; width: 600px; margin: 0 20px 20px; border: 0; background: #fff"


def mail_page(messages: Iterable[RenderedMessage]) -> str:
    """A page with everything that a photograph of the messages has."""
    return (
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<style>svg { display: block }</style><body style="margin:0;background:#f5f6fa">'
        f"{''.join(map(_message, messages))}<script>{_SCRIPT}</script>"
    )


def _message(message: RenderedMessage) -> str:
    """An email's plain text isn't shown beside its HTML: no one reads both."""
    if "html" not in message.rendered:
        return render_svg([message])[0]
    head = replace(message, rendered={part: text for part, text in message.rendered.items() if part != "plain"})
    framed = escape(message.rendered["html"], quote=True)
    frame = f'<iframe sandbox="allow-same-origin" style="{_FRAME}" srcdoc="{framed}"></iframe>'
    return f'<div style="display:flow-root">{render_svg([head])[0]}{frame}</div>'
