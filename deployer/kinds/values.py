"""Values with which a kind tells the engine what is unique, what an event carries, and where a value is written."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.source import Pointer


class AppUse(Enum):
    """Which apps the resources of a kind may name under ``app``."""

    NONE = "no app: they have no such field"
    OURS = "an app of ours: its key writes them"
    ANY = "an app of ours or a vendor's: a vendor sends what is described here"


@dataclass(frozen=True, slots=True)
class Carried:
    """What every event of one type carries: the type's name at Attentive, and each key with its JSON type."""

    name: str
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unique:
    """A field whose value one object at Attentive has at a time.

    ``within`` are fields that must agree too before two values are in each other's way. ``known``: Attentive allows no
    second holder, so that two can't exchange their values; else no one says, and the order is kept to be safe. ``kept``
    says why a removal doesn't release the value; empty where it does.
    """

    field: str
    within: tuple[str, ...] = ()
    known: bool = False
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """How something is turned on and off: the keys of the two units, and what the YAML says of one that is off.

    ``off_as`` is the line (``status: …``) and ``pointer`` where it is in the declaration.
    """

    on: str
    off: str
    off_as: str
    pointer: Pointer


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a value is written: at ``pointer`` in the declaration of ``address``, or in a file of the project.

    A ``file`` is relative to the project; ``line`` counts from 1. ``whole``: the value is the file's text.
    """

    address: str = ""
    pointer: Pointer = ()
    file: str = ""
    line: int = 1
    whole: bool = False
