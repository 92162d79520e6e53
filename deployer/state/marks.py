"""What a declaration says of a value beyond its type: what it must be, and how it is written (``state.codec``)."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

C = TypeVar("C", bound=type)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value must be beyond its type: ``holds`` decides, ``words`` complete "expected …"."""

    words: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A mapping of dataclasses that hold their key in the field ``key``: written without it, but with its ``order``."""

    key: str
    order: str = "order"


@dataclass(frozen=True, slots=True)
class Through:
    """A value that is written as a ``row``, a dataclass: ``lower`` makes the row of it, ``lift`` the value of a row."""

    row: type
    lower: Callable[[Any], Any]
    lift: Callable[[Any], Any]


class Always:
    """Marks a field that is written even where it has its default."""


def whole(cls: C) -> C:
    """Mark a dataclass whose fields are all written, whatever they are."""
    _WHOLE.add(cls)
    return cls


def is_whole(cls: type) -> bool:
    """Whether a dataclass is marked so."""
    return cls in _WHOLE


_WHOLE: set[type] = set()


@lru_cache(maxsize=1024)
def _is_moment(text: str) -> bool:
    """Whether a text is a time with its offset that can be compared with any other, or empty."""
    try:  # what one run recorded has few different times
        moment = datetime.fromisoformat(text) if text else datetime.now(UTC)
        return moment.tzinfo is not None and moment.astimezone(UTC) is not None
    except (ValueError, OverflowError):  # the latter: a time within a day of the first or last that there is
        return False


Moment = Annotated[str, Rule("a time such as 2026-05-01T10:00:00+00:00", _is_moment)]
"""When something happened, ISO 8601 with an offset; empty where it isn't known."""

Name = Annotated[str, Rule("a text that isn't empty", bool)]
"""A text that can't be empty."""

Count = Annotated[int, Rule("0 or more", lambda number: number >= 0)]
"""How many: 0 or more."""
