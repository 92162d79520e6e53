"""One file from a page's data, styles and scripts, under a policy that lets nothing in from elsewhere.

Pages of one folder share their styles and scripts as files beside them.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIVE = "connect-src 'self'"
"""What a page that is served may do beyond one that is a file: ask its own server."""

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
{head}</head>
<body>
<noscript>This page is drawn by its own script: allow scripts for it. It makes no network requests.</noscript>
<script type="application/json" id="data">{data}</script>
{scripts}</body>
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
    script = script_of(scripts)
    policy = _own_policy(script, live=live)
    return _page(title, data, policy, f"<style>\n{style_of(styles)}</style>\n", f"<script>{script}</script>\n")


def page_in_folder(title: str, data: Any, styles: Sequence[str], scripts: Sequence[str]) -> Page:
    """Make a page that shares ``styles`` and ``scripts`` (addresses of files in its folder) with others of that folder.

    It runs no script but those of its own folder, from a server as from disk.
    """
    head = "".join(f'<link rel="stylesheet" href="{escape(address)}">\n' for address in styles)
    own = "".join(f'<script src="{escape(address)}"></script>\n' for address in scripts)
    return _page(title, data, _folder_policy(), head, own)


def style_of(styles: Sequence[str]) -> str:
    """The style sheet that these assets make together."""
    return "".join(_lean(asset(name)) for name in styles)


def script_of(scripts: Sequence[str]) -> str:
    """The script that these assets make together, in a scope that they share."""
    return '\n"use strict";\n(() => {\n' + "\n".join(_lean(asset(name)) for name in scripts) + "})();\n"


def _page(title: str, data: Any, policy: str, head: str, scripts: str) -> Page:
    html = _TEMPLATE.format(policy=escape(policy), title=escape(title), head=head, data=embedded(data), scripts=scripts)
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


@dataclass(frozen=True, slots=True)
class Written:
    """A part of a page's data as ``embedded`` wrote it."""

    text: str

    @classmethod
    def by_name(cls, texts: Mapping[str, str]) -> Written:
        """Join values that were written into an object, by name."""
        return cls(f"{{{','.join(f'{_json(name)}:{text}' for name, text in texts.items())}}}")

    @property
    def data(self) -> Any:
        """The data that ``text`` was written from."""
        return json.loads(self.text)


def embedded(data: Any) -> str:
    """Write data as JSON that may be inside a ``script`` element: nothing in it can end the element or a line.

    The values of ``data``, if it is a dict, may be ``Written``.
    """
    if isinstance(data, dict) and any(isinstance(item, Written) for item in data.values()):
        items = (
            f"{_json(key)}:{item.text if isinstance(item, Written) else _json(item)}" for key, item in data.items()
        )
        return f"{{{','.join(items)}}}"
    return _json(data)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).replace("<", r"\u003c")


def _own_policy(script: str, *, live: bool) -> str:
    """Only this very script runs, pictures come from the page itself, and no frame shows anything but its own text.

    Styles are free: an email's own are in its elements, and a frame's text inherits the policy of its page.
    """
    own = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    return _policy(f"script-src 'sha256-{own}'", "style-src 'unsafe-inline'", *([LIVE] if live else []))


def _folder_policy() -> str:
    """The policy of a page in a folder: not every browser takes ``'self'`` for a page's own files on a disk."""
    return _policy("script-src 'self' file:", "style-src 'self' file: 'unsafe-inline'")


def _policy(script: str, style: str, *more: str) -> str:
    """What every page's policy has: nothing comes from anywhere else, and nothing is sent."""
    rules = ("default-src 'none'", script, style, "img-src data:", *more, "base-uri 'none'", "form-action 'none'")
    return "; ".join(rules)
