"""The start tags of an email's HTML, in a time that grows with its length only, whatever is left open in it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.messages.partition import COMMENTS, OUTPUT, TAG, UNREAD, masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TAG = re.compile(
    r"""<(?P<name>[a-z][^\s/>]*+)(?P<attributes>(?:[^>="']|=\s*+(?:"[^"]*"|'[^']*')?|["'])*+)(?P<end>>?)""",
    re.IGNORECASE,
)
"""It goes on to the end of the text where a tag has none, so that nothing is read twice."""

_ATTRIBUTE = re.compile(r"""(?P<name>[^\s=/>"']++)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s>]*+)))?+""")


@dataclass(frozen=True, slots=True)
class StartTag:
    """A start tag: its name and attributes in lower case, and where it begins and ends in the text.

    What Liquid prints into a value is NUL characters there: no one knows it yet.
    """

    name: str
    attributes: Mapping[str, str]
    start: int
    end: int


def start_tags(html: str) -> Iterator[StartTag]:
    """Each start tag that a mail program reads: none in comments, styles, scripts or Liquid, none without an end."""
    for match in _TAG.finditer(_markup(html)):
        if match["end"]:
            yield StartTag(match["name"].lower(), _attributes(match["attributes"]), *match.span())


def _markup(html: str) -> str:
    """The text with blanks for what is no markup; what prints is part of a value, and what doesn't is between two."""
    return masked(masked(html, (OUTPUT, *COMMENTS, *UNREAD)), (TAG,), " ")


def _attributes(written: str) -> dict[str, str]:
    """The attributes of a tag; of two with one name the first counts, as in a browser."""
    attributes: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(written):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        attributes.setdefault(match["name"].lower(), unescape(value))
    return attributes
