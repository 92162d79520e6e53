"""One file from a page's data, styles and scripts, under a policy that lets nothing in from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

LIVE = "connect-src 'self'"
"""What a page that is served may do beyond one that is a file: ask its own server."""

_UNSAFE = str.maketrans({"<": r"\u003c"})

_TEMPLATE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
{styles}</style>
</head>
<body>
<noscript>This page is drawn by its own script: allow scripts for it. It makes no network requests.</noscript>
<script type="application/json" id="data">{data}</script>
<script>{script}</script>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page: ``html``, and the Content Security Policy that it carries itself and a server sends too."""

    html: str
    policy: str


def page(title: str, data: Any, styles: Sequence[str], scripts: Sequence[str], *, live: bool = False) -> Page:
    """Make a page of assets by name (``base.css``, ``bubble.js``) and of data that JSON can hold.

    The script finds the data in the element ``data``. Scripts share one scope, in the order given. With ``live`` the
    page may ask the server that it came from; otherwise it can't ask for anything. Same input, same bytes.
    """
    script = '\n"use strict";\n(() => {\n' + "\n".join(_lean(asset(name)) for name in scripts) + "})();\n"
    policy = _policy(script, live=live)
    html = _TEMPLATE.format(
        policy=escape(policy),
        title=escape(title),
        styles="".join(_lean(asset(name)) for name in styles),
        data=embedded(data),
        script=script,
    )
    return Page(html, policy)


@cache
def asset(name: str) -> str:
    """Read one of the files that pages are made of."""
    return (files(__package__) / "assets" / name).read_text(encoding="utf-8")


def _lean(source: str) -> str:
    """A script or styles without what only their authors read: indentation, and lines that are comments.

    No text of our scripts goes over several lines, and no comment of our styles.
    """
    lines = (line.strip() for line in source.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith(("//", "/*")))


def embedded(data: Any) -> str:
    """Write data as JSON that may be inside a ``script`` element: nothing in it can end the element or a line."""
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).translate(_UNSAFE)


def _policy(script: str, *, live: bool) -> str:
    """Only this very script runs, pictures come from the page itself, and no frame shows anything but its own text.

    Styles are free: an email's own are in its elements, and a frame's text inherits the policy of its page.
    """
    own = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    rules = ["default-src 'none'", f"script-src 'sha256-{own}'", "style-src 'unsafe-inline'", "img-src data:"]
    rules += [LIVE] if live else []
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])
