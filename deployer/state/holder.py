"""Who holds a lock: what a lock says of its holder, wherever it is kept."""

from __future__ import annotations

import getpass
import json
import os
from datetime import UTC, datetime
from typing import Any, Self

from deployer.dataclass import dataclass
from deployer.state import damage
from deployer.state.codec import from_json, to_json
from deployer.state.marks import Count, Name, whole

_UNNAMED = "unnamed"
_ACTORS = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN")
"""Where CI platforms say for whom a job runs; its login name is only the runner's."""


@whole
@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock. ``id`` names this one taking of it (8 hexadecimal digits) and is what ``unlock`` takes.

    ``since`` is ISO 8601 in UTC, ``pid`` a process of ``host``; of the person only a handle.
    """

    id: Name
    user: str
    host: str
    pid: Count
    operation: str
    since: str

    def __str__(self) -> str:
        if self.unnamed:
            return f"another process holds it and left no name (lock {self.id})"
        who = f"{self.user} on {self.host} (process {self.pid})"
        return f"{who} has been running `{self.operation}` since {self.since} (lock {self.id})"

    @property
    def unnamed(self) -> bool:
        """Whether the lock doesn't say who holds it."""
        return self.id == _UNNAMED

    @classmethod
    def here(cls, operation: str) -> Self:
        """Name the present process as the holder of a lock that it takes now for ``operation``, under a fresh id."""
        since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return cls(os.urandom(4).hex(), _user(), os.uname().nodename, os.getpid(), operation, since)

    def to_json(self) -> dict[str, Any]:
        """Write the holder as a JSON object."""
        data: dict[str, Any] = to_json(self)
        return data

    def encode(self) -> bytes:
        """The holder as the content of a lock: one line of JSON in UTF-8."""
        return json.dumps(self.to_json(), sort_keys=True).encode() + b"\n"

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read what ``encode`` wrote.

        A lock whose content names no one (its writer died midway, or it was written by hand) is held all the same: its
        holder is ``unnamed``, with that word as its id, so that it can still be freed.
        """
        try:
            return damage.read(content, lambda data: from_json(cls, data), "a lock")
        except damage.DamagedError:
            return cls(_UNNAMED, user="", host="", pid=0, operation="", since="")


def _user() -> str:
    for variable in _ACTORS:
        if os.environ.get(variable):
            return os.environ[variable]
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number that has no name
        return f"user {os.getuid()}"
