"""A message's declaration: the words of a text or an email, by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.base import Model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.channels import Channel


@dataclass(frozen=True, slots=True)
class Part:
    """Where a part's words are: in the YAML, or in a file of the project."""

    text: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Model):
    """A message. ``event`` names the event whose properties its macros read; ``parts`` are its words by part."""

    channel: Channel
    event: str
    parts: Mapping[str, Part]
    from_email: str = ""
    from_name: str = ""
    reply_to: str = ""
    external_design: bool = False
    media_property: str = ""
    media_file: str = ""
    max_segments: int | None = None
