"""HTTP as values of our own: what the client needs of a transport, so that no other module knows a library for it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Protocol

from deployer.dataclass import dataclass
from deployer.errors import InnerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.attentive.errors import Arrived

LARGEST = 32 * 1024 * 1024
"""Bytes after which an answer is cut off: thirty times what a full page of segments needs."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request; its repr shows neither the URL (the query names a person) nor headers (the key) nor the body."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """One answer; header names are lower-case. ``complete`` is False where the body was cut off."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    complete: bool = True


class Lost(InnerError):  # noqa: N818 - it says what happened; the client turns it into an error of its own
    """No answer came: ``reason`` for people, ``arrived`` whether the request may have got through."""

    def __init__(self, reason: str, arrived: Arrived) -> None:
        super().__init__(reason)
        self.reason = reason
        self.arrived: Arrived = arrived


class Http(Protocol):
    """Sends requests. Safe for threads; follows no redirect; keeps no cookie; every call ends in bounded time."""

    def send(self, request: Request) -> Response:
        """Send one request and read its answer; raises ``Lost`` where none came."""

    def close(self) -> None:
        """Close the connections."""
