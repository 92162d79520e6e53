"""What a place must be able to do so that state can be kept there. Everything else is done once, by ``Backend``."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from deployer.state.holder import Holder


class File(Enum):
    """The two files of an environment."""

    STATE = "json"
    LOCK = "lock"


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """The files of an environment as they were at one moment, ``None`` where there is none.

    ``mark`` is the medium's own note of that moment: what it needs to see whether something was written since.
    """

    state: bytes | None
    lock: bytes | None = None
    mark: Any = None

    def file(self, file: File) -> bytes | None:
        """The content of a file."""
        return self.state if file is File.STATE else self.lock


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is written and by whom, for a medium that keeps a log."""

    subject: str
    holder: Holder


class Medium(Protocol):
    """A place for the two files of one environment. Every failure is a ``StateError``.

    ``location`` is how messages name the place, ``restore`` how a damaged state comes back there, ``poll`` the seconds
    between two looks at a lock that someone holds.
    """

    location: str
    restore: str
    poll: float

    def get(self) -> StoredFiles:
        """The files as they are now. Writes nothing there."""

    def put(self, file: File, content: bytes | None, over: StoredFiles, reason: Reason) -> StoredFiles | None:
        """Write a file (``None``: take it away) if both files are still as in ``over``, and give what is there then.

        ``None``: they aren't, and nothing was written. A write whose answer was lost counts as done where it arrived.
        """
