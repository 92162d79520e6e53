"""HTTP as values of our own: what the client needs of a transport, so that no other module knows a library for it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.attentive.errors import Arrived


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


class Lost(Exception):  # noqa: N818 - it says what happened; the client turns it into an error of its own
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
        """Let go of the connections."""


def checked_base_url(url: str) -> str:
    """Check and give the URL in front of every path, without a slash at its end.

    Raises ``ValueError`` unless it is https, or http to this machine, and holds no password, query or fragment.
    """
    parts = _split(url)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("base_url may hold a scheme, a host, a port and a path, nothing else")
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("base_url must begin with https:// and name a host")
    if parts.scheme == "http" and not is_loopback(url):
        raise ValueError("base_url must begin with https:// unless it leads to this machine: the API key travels there")
    return _joined(parts)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it is what checks it
    except ValueError:
        raise ValueError("base_url can't be read as an address") from None
    if not url.isprintable() or " " in url:
        raise ValueError("base_url holds white space")
    return parts


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _joined(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
