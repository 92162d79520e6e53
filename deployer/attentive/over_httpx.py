"""HTTP over httpx's transport, the only module that knows the library; import it late, as it is slow to import.

The transport is used without httpx's client: the client logs URLs, whose query names a person, and adds redirects,
cookies and passwords from ~/.netrc that nothing here should have.
"""

from __future__ import annotations

import socket
import ssl
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from deployer.attentive.wire import LARGEST, Lost, Request, Response
from deployer.net import is_loopback

if TYPE_CHECKING:
    from deployer.attentive.clock import Clock

POOL = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=3.0)
"""Connections for 32 threads. An idle one is given up after 3 seconds: servers close theirs after 5 or more, and a
request that meets the close is lost without anyone knowing whether it arrived."""

NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)
"""What fails before the first byte of a request."""

CAUSES: dict[type[OSError], str] = {
    ssl.SSLCertVerificationError: "the server's certificate can't be verified",
    socket.gaierror: "the host's name can't be resolved",
    ConnectionRefusedError: "the connection was refused",
}
"""Why a connection couldn't be made, by what the operating system said."""


class OverHttpx:
    """``Http`` over a transport of httpx: the given one, or one of its own, made on first use (HTTP/1.1)."""

    def __init__(self, base_url: str, transport: httpx.BaseTransport | None, clock: Clock, timeout: float) -> None:
        self._base_url = base_url
        self._given = transport
        self._own: httpx.HTTPTransport | None = None
        self._lock = threading.Lock()
        self._clock = clock
        self._timeout = timeout

    def send(self, request: Request) -> Response:
        """Send one request and read its answer; raises ``Lost`` where none came."""
        try:
            answer = self._transport().handle_request(self._httpx_request(request))
        except httpx.TransportError as error:
            # Without its cause: what the library says may quote what was sent.
            raise Lost(_reason(error), "no" if isinstance(error, NOT_SENT) else "unknown") from None
        return self._read(answer)

    def close(self) -> None:
        """Close the connections of the own transport; a given one belongs to who gave it."""
        with self._lock:
            if self._own is not None:
                self._own.close()
                self._own = None

    def _httpx_request(self, request: Request) -> httpx.Request:
        waits = httpx.Timeout(self._timeout).as_dict()
        return httpx.Request(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.body,
            extensions={"timeout": waits},
        )

    def _transport(self) -> httpx.BaseTransport:
        if self._given is not None:
            return self._given
        with self._lock:
            if self._own is None:
                self._own = _own_transport(self._base_url)
            return self._own

    def _read(self, answer: httpx.Response) -> Response:
        """Read the body while it is neither too long nor too slow; what is cut off is kept as cut off."""
        headers = {name.lower(): value for name, value in answer.headers.items()}
        deadline = self._clock.monotonic() + 3 * self._timeout
        body = bytearray()
        complete = True
        try:
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > LARGEST or self._clock.monotonic() > deadline:
                    complete = False
                    break
        except (httpx.TransportError, httpx.DecodingError):
            complete = False
        finally:
            answer.close()
        return Response(answer.status_code, headers, bytes(body), complete)


def _own_transport(base_url: str) -> httpx.HTTPTransport:
    """Make a transport that goes through the environment's proxy, but never with what is meant for this machine."""
    if is_loopback(base_url):
        # Plain http needs no certificates, and reading them is slow: a context that trusts none serves as well.
        plain = urlsplit(base_url).scheme == "http"
        return httpx.HTTPTransport(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else True, limits=POOL)
    try:
        return httpx.HTTPTransport(proxy=_proxy(base_url), limits=POOL)
    except (httpx.InvalidURL, ValueError, ImportError):
        # Without its cause, which quotes the proxy's address and so its password.
        raise Lost("the proxy that the environment sets can't be used", "no") from None


def _proxy(base_url: str) -> str | None:
    """Find the proxy that ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY`` name for an address."""
    proxies = getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    if not proxy or proxy_bypass(urlsplit(base_url).netloc):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _reason(error: httpx.TransportError) -> str:
    """Say what happened, in our own words: the library's may quote an address."""
    if isinstance(error, httpx.TimeoutException):
        return "the connection timed out" if isinstance(error, NOT_SENT) else "no answer came in time"
    if isinstance(error, httpx.ProxyError):
        return "the proxy refused the connection"
    if not isinstance(error, NOT_SENT):
        return "the connection was lost"
    return next((text for kind, text in CAUSES.items() if _caused_by(error, kind)), "the connection could not be made")


def _caused_by(error: BaseException | None, kind: type[OSError]) -> bool:
    return error is not None and (isinstance(error, kind) or _caused_by(error.__cause__ or error.__context__, kind))
