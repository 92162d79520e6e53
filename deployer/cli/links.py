"""Places in the project's files as links of a terminal: a click on `messages/parcels.yaml:8` opens the file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_PLACE = re.compile(r"\x1b\[[0-9;]*m|([^\s\x00-\x1f:,;()\"'`“”]{1,200}):([1-9][0-9]*)(?::[1-9][0-9]*)?")
"""A place, its path and line; or a color, which begins or ends beside one."""

_LINK = "\x1b]8;;{}\x1b\\{}\x1b]8;;\x1b\\"
"""OSC 8, which terminals that don't know it leave out: the address, and the text that is shown."""


def linked(text: str, folder: Path) -> str:
    """The text with a link at each place that is in a file of the folder; the line is the address's fragment."""

    @cache
    def address(path: str) -> str:
        file = folder / path
        return file.resolve().as_uri() if not Path(path).is_absolute() and file.is_file() else ""

    def link(place: re.Match[str]) -> str:
        target = address(place[1]) if place[1] else ""
        return _LINK.format(f"{target}#{place[2]}", place[0]) if target else place[0]

    return _PLACE.sub(link, text)
