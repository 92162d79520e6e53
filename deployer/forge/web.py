"""Calls of a forge's REST API: one origin, a token that stays with it, every page of a list, tries that are limited."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from deployer.dataclass import dataclass
from deployer.errors import InnerError
from deployer.forge.errors import ForgeError
from deployer.forge.limits import GATEWAY, LONGEST_WAIT, TRIES, Wait, wait_for
from deployer.forge.refusals import hint, reason
from deployer.net import UnsafeUrlError, checked_url, is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import httpx

TIMEOUT = 30.0
PAGE = 100
"""Entries of a page: the most that GitHub and GitLab give."""

_NEXT = re.compile(r'<([^>]+)>\s*;[^,]*\brel="?next"?')
_GONE = 404
_FIRST_FAILURE = 300
_MOVED = frozenset({301, 307, 308})
_MOST_MOVES = 5
_LOGGER = logging.getLogger(__name__)

Query = dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: its JSON (``None`` where it has none) and where the next page is, if there is one."""

    data: Any
    next: Query | None = None


@dataclass(slots=True)
class Web:
    """One forge's API. ``base`` is https, or on this machine; ``headers`` hold the token and are never shown."""

    name: str
    base: str
    headers: Mapping[str, str] = field(repr=False)
    sleep: Callable[[float], None] = time.sleep
    _client: httpx.Client | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.base = checked_base(self.base, self.name)

    def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def get(self, path: str, query: Query | None = None) -> Answer:
        """Read."""
        return self._call("GET", path, query, None, repeat=True)

    def put(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Send what may be sent twice: a change, a deletion, a status."""
        return self._call(method, path, None, body, repeat=True)

    def delete(self, path: str) -> None:
        """Delete something; what is gone already is no error."""
        try:
            self.put("DELETE", path)
        except ForgeError as error:
            if error.status != _GONE:
                raise

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Create something. It is not tried again where it may have arrived: ``ForgeError`` says ``lost`` then."""
        return self._call("POST", path, None, body, repeat=False)

    def pages(self, path: str, query: Query | None = None) -> Iterator[Any]:
        """Every entry of a list, page by page. Of a next page only the query is taken: the token leaves no origin."""
        following: Query = {**(query or {}), "per_page": str(PAGE)}
        while True:
            answer = self.get(path, following)
            if not isinstance(answer.data, list):
                raise self._strange(path)
            yield from answer.data
            if answer.next is None:
                return
            if answer.next == following:
                raise self._strange(path)
            following = answer.next

    def _call(self, method: str, path: str, query: Query | None, body: Any, *, repeat: bool) -> Answer:
        waited = 0.0
        for tried in range(1, TRIES + 1):
            try:
                response = self._followed(method, path, query, body)
            except _LostError as lost:
                if tried == TRIES or (lost.arrived and not repeat):
                    raise ForgeError(
                        f"{self.name} can't be reached: {lost.reason}", "run it again", lost=lost.arrived
                    ) from None
                self.sleep(2.0 ** (tried - 1))
                continue
            wait = wait_for(response, tried, repeat=repeat)
            if wait is None or tried == TRIES or waited + wait.seconds > LONGEST_WAIT:
                return self._read(method, path, response)
            self._pause(wait)
            waited += wait.seconds
        raise AssertionError  # the last try returns or raises

    def _pause(self, wait: Wait) -> None:
        """Wait; a limit's long wait is announced, so that a job that is silent for minutes can be understood."""
        if wait.limit:
            _LOGGER.warning("%s limits how often it is called; trying again in %.0f seconds", self.name, wait.seconds)
        self.sleep(wait.seconds)

    def _followed(self, method: str, path: str, query: Query | None, body: Any) -> httpx.Response:
        """Send a call where a renamed repository is now: with its method and body, and to this API only."""
        response = self._send(method, path, query, body)
        for _ in range(_MOST_MOVES):
            moved = self._moved(response)
            if moved is None:
                break
            path, query = moved[0], moved[1] or query
            response = self._send(method, path, query, body)
        return response

    def _moved(self, response: httpx.Response) -> tuple[str, Query] | None:
        """The new path within this API, and its query; ``None`` where the answer leads nowhere, or elsewhere."""
        target = response.headers.get("location", "")
        if response.status_code not in _MOVED or not target:
            return None
        parts, base = urlsplit(str(response.url.join(target))), urlsplit(self.base)
        same = (parts.scheme, parts.netloc) == (base.scheme, base.netloc) and parts.path.startswith(f"{base.path}/")
        return (parts.path.removeprefix(base.path), dict(parse_qsl(parts.query))) if same else None

    def _send(self, method: str, path: str, query: Query | None, body: Any) -> httpx.Response:
        import httpx  # noqa: PLC0415 - slow to import, and only needed where a forge is called

        if self._client is None:
            loopback = is_loopback(self.base)
            self._client = httpx.Client(headers=dict(self.headers), timeout=TIMEOUT, trust_env=not loopback)
        try:
            return self._client.request(method, f"{self.base}{path}", params=query, json=body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise _LostError(type(error).__name__, arrived=False) from None
        except httpx.TransportError as error:
            raise _LostError(type(error).__name__, arrived=True) from None

    def _read(self, method: str, path: str, response: httpx.Response) -> Answer:
        if response.status_code >= _FIRST_FAILURE:
            raise self._refused(method, path, response)
        if not response.content:
            return Answer(None)
        try:
            data = response.json()
        except ValueError:
            raise self._strange(path) from None
        following = _NEXT.search(response.headers.get("link", ""))
        return Answer(data, dict(parse_qsl(urlsplit(following[1]).query)) if following else None)

    def _refused(self, method: str, path: str, response: httpx.Response) -> ForgeError:
        status, why = response.status_code, reason(response)
        what = f"{self.name} answered {status} to {method} {path}" + (f": {why}" if why else "")
        return ForgeError(what, hint(response), status=status, lost=status in GATEWAY)

    def _strange(self, path: str) -> ForgeError:
        return ForgeError(
            f"{self.name}'s answer to {path} isn't what its API documents", "look at the address of the API"
        )


class _LostError(InnerError):
    """No answer came."""

    def __init__(self, reason: str, *, arrived: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.arrived = arrived


def checked_base(base: str, name: str) -> str:
    """The API's address without a slash at its end: https, or http to this machine; raises ``ForgeError`` otherwise."""
    try:
        return checked_url(base, f"the address of {name}'s API")
    except UnsafeUrlError as error:
        raise ForgeError(str(error), "write https://HOST/PATH") from None
