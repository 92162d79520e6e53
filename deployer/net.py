"""Addresses: the one check of those that a key or a token travels to, and the names of this machine."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from deployer.errors import DeployerError

LOOPBACK = "127.0.0.1"
"""Where a server of ours listens."""

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""The names that a server of ours answers to. A page elsewhere can have its own name lead to this machine, to read what
the server says; its calls still come under that name."""


class UnsafeUrlError(DeployerError, ValueError):
    """An address that no key may travel to, and why. The address isn't quoted: it may hold a password."""


def checked_url(url: str, name: str) -> str:
    """Check the address in front of every path of an API, and give it without a slash at its end.

    ``name`` is what the address is called where the user writes it.

    Raises ``UnsafeUrlError`` unless it is https, or http to this machine, and holds a host, a port and a path only.
    """
    parts = _parts(url, name)
    if "@" in parts.netloc:
        raise UnsafeUrlError(f"{name} must not name a user")
    if "?" in url or "#" in url:
        raise UnsafeUrlError(f"{name} holds a query (`?`) or a fragment (`#`), and paths are appended to it")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnsafeUrlError(f"{name} must begin with https:// and name a host")
    if parts.scheme == "http" and not is_loopback(url):
        raise UnsafeUrlError(f"{name} must begin with https:// unless it leads to this machine: the key travels there")
    _check_host(url, name)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine; false where it can't be read."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def host_of(header: str) -> str:
    """Read a Host header without its port; an IPv6 address keeps its brackets."""
    head, bracket, _ = header.partition("]")
    return head + bracket if bracket else head.partition(":")[0].lower()


def _parts(url: str, name: str) -> SplitResult:
    if not url.isprintable() or " " in url:
        raise UnsafeUrlError(f"{name} holds white space or a character that can't be seen")
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it is what checks it
    except ValueError:
        raise UnsafeUrlError(f"{name} can't be read as an address") from None
    return parts


def _check_host(url: str, name: str) -> None:
    """Let the library that will connect there read the address, so that nothing fails later on."""
    import httpx  # noqa: PLC0415 - slow to import, and few projects write an address

    try:
        httpx.URL(url)
    except httpx.InvalidURL:
        raise UnsafeUrlError(f"{name} names a host or a port that no address has") from None
