"""The picture of an MMS: from a file of the project, or a label for one that only the event knows."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from deployer.preview.message_values import Picture
from deployer.source import FileProblem

if TYPE_CHECKING:
    from deployer.kinds.message import Message
    from deployer.project import Project

LIMIT = 1024 * 1024
"""Bytes of a picture that is put into the page; a larger one would make the page slow to open."""

_SIGNS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
"""What a picture's bytes begin with. SVG isn't among them: no phone shows one in an MMS, few mail programs do."""


def picture(message: Message, project: Project) -> Picture | None:
    """The picture that a text goes out with; ``None`` for a text without one."""
    if message.media_file:
        return from_file(message.media_file, project)
    if message.media_property:
        return Picture(message.media_property, note="each event brings its own picture")
    return None


def from_file(path: str, project: Project) -> Picture:
    """A picture from a file of the project, or why there is nothing to see."""
    try:
        data = project.files.data(path)
    except FileProblem as problem:
        return Picture(path, note=problem.message)
    kind = kind_of(data)
    if not kind:
        return Picture(path, note="this is no PNG, JPEG, GIF or WebP file")
    if len(data) > LIMIT:
        return Picture(path, note=f"{len(data) / LIMIT:.1f} MiB are too large for this page")
    return Picture(path, f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}")


def kind_of(data: bytes) -> str:
    """A picture's media type, by what it begins with; empty for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for sign, kind in _SIGNS.items() if data.startswith(sign)), "")
