"""Pictures of emails that someone asks to see on a served page: from the project's files, or from where they are.

Nothing is loaded unless it is asked for, and only what an email of the project shows.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from deployer.errors import UsageError
from deployer.messages.markup import start_tags
from deployer.net import is_loopback
from deployer.preview.pictures import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.preview.message_values import MessageView
    from deployer.preview.values import Preview

LARGEST = 4_000_000
"""Bytes of the largest picture that is loaded."""

PATIENCE = 10.0
"""Seconds for which a server's answer is waited."""


def mail_picture(shown: Preview, folder: Path, given: Mapping[str, Any]) -> dict[str, str]:
    """A picture as a ``data:`` address, by the ``src`` that an email of the preview has. Raises ``UsageError``."""
    source = str(given.get("src"))
    view = next((view for view in shown.messages if source in _sources(view)), None)
    if view is None:
        raise UsageError("no email shows this picture")
    try:
        content = _fetched(source) if urlsplit(source).scheme else _file(source, view, folder)
    except ValueError as error:  # an address that no one can read, a path that no file can have
        raise UsageError(f"{source} is no address of a picture") from error
    kind = kind_of(content)
    if not kind:
        raise UsageError(f"{source} is no PNG, JPEG, GIF or WebP file")
    return {"src": f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"}


def _sources(view: MessageView) -> set[str]:
    """The addresses of an email's pictures, for all samples."""
    texts = ["".join(run.text for run in sample.parts.get("html", ())) for sample in view.samples]
    tags = (tag for text in texts for tag in start_tags(text) if tag.name == "img")
    return {tag.attributes["src"] for tag in tags if tag.attributes.get("src")}


def _file(source: str, view: MessageView, folder: Path) -> bytes:
    """A picture in the project, beside the email's file or from the project's folder on."""
    top, beside = folder.resolve(), [part.spot.file for part in view.parts if part.name == "html"]
    for start in (*(Path(file).parent for file in beside), Path()):
        path = (top / start / source).resolve()
        if path.is_relative_to(top) and path.is_file() and path.stat().st_size <= LARGEST:
            return path.read_bytes()
    raise UsageError(f"{source} isn't a file of the project", "write the address at which customers' mail finds it")


def _fetched(source: str) -> bytes:
    """A picture from where customers' mail finds it; over https, or from this machine."""
    if urlsplit(source).scheme != "https" and not is_loopback(source):
        raise UsageError(f"{source} isn't loaded", "its address must begin with https://")
    try:
        with httpx.stream("GET", source, timeout=PATIENCE) as answer:
            if answer.status_code != httpx.codes.OK:
                raise UsageError(f"{source} isn't there: HTTP {answer.status_code}")
            return b"".join(_limited(answer, source))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UsageError(f"{source} can't be loaded: {error}") from error


def _limited(answer: httpx.Response, source: str) -> Iterator[bytes]:
    size = 0
    for chunk in answer.iter_bytes():
        size += len(chunk)
        if size > LARGEST:
            raise UsageError(f"{source} is larger than {LARGEST:,} bytes")
        yield chunk
