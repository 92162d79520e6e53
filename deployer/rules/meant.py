"""Which macro was probably meant by what isn't one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.messages import PROPERTY, macro_text, readable

if TYPE_CHECKING:
    from deployer.kinds.event_type import EventType

_WRITTEN = re.compile(r"\{\{-?(?P<path>[^|{}]*)(?P<rest>\|[^{}]*)?\}\}")
_ROOTS = re.compile(r"(?:trigger)?event(?:custom|properties)?|custom|properties|prop")


def form(name: str) -> str:
    """What two spellings of one name have in common: its letters and digits, or all of it where it has neither."""
    return "".join(char for char in name.casefold() if char.isalnum()) or name


def spelled(macro: str, event: EventType | None) -> str:
    """A macro that can't be read, written right: of ``{{triggerEvent.custom.Order Id}}`` the property `Order Id`.

    Empty where it names none of the event's properties.
    """
    match = _WRITTEN.fullmatch(macro)
    if event is None or match is None:
        return ""
    name = _ROOTS.sub("", form(match["path"]), count=1) if _ROOTS.match(form(match["path"])) else form(match["path"])
    key = next((key for key in event.properties if form(key) == name), "")
    rest = f" {match['rest'].strip()} " if match["rest"] else ""
    right = f"{macro_text((*PROPERTY, key))[:-2]}{rest}}}}}"
    return right if key and readable(right).whole else ""
