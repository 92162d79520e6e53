"""The client: one method a call, values in, values out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode

from deployer.attentive import answers, bodies, operations
from deployer.attentive.caller import Caller
from deployer.attentive.clock import SYSTEM_CLOCK, Clock
from deployer.attentive.errors import NotFound, Unreadable, WrongKey
from deployer.attentive.limits import shared_limits
from deployer.net import checked_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta
    from types import TracebackType

    import httpx

    from deployer.attentive.operations import Operation
    from deployer.attentive.values import JSON, Eligibility, Event, Me, Segment, Subscription, User, Webhook
    from deployer.attentive.wire import Http

BASE_URL = "https://api.attentivemobile.com"
"""Where Attentive's API is (Attentive's OpenAPI files, ``servers``)."""

PAGE = 1000
"""The largest page of segments that Attentive gives (its OpenAPI file v2, GET /v2/segments)."""


class Client:
    """Attentive's API with one app's key. Safe for threads. Use it as a context manager, or ``close`` it.

    ``base_url`` is https, or http to this machine; ``transport`` replaces the network and stays open when the client
    closes, as others may use it; ``http`` replaces all that sends requests, wherever to; ``clock`` replaces time;
    ``timeout`` bounds each wait for the connection or the next bytes, in seconds (an answer as a whole may take three
    times as long). Clients with the same key share Attentive's rate limits within the process.

    Every method raises ``AttentiveError``. Calls are repeated after 429; reads and idempotent writes also after a lost
    answer or a failed gateway. Whether a list shows a write at once isn't documented by Attentive: what was made a
    moment ago may be missing from it.

    Raises ``ValueError`` for another ``base_url``, ``WrongKey`` for a key that can't be sent.
    """

    def __init__(
        self,
        key: str,
        *,
        base_url: str = BASE_URL,
        transport: httpx.BaseTransport | None = None,
        http: Http | None = None,
        clock: Clock = SYSTEM_CLOCK,
        timeout: float = 10.0,
    ) -> None:
        self._base_url = checked_url(base_url, "base_url") if http is None else base_url  # there no key travels
        limits = shared_limits(_checked_key(key), self._base_url, clock)
        way = http or _http(self._base_url, transport, clock, timeout)
        self._caller = Caller(key, self._base_url, way, limits, clock)

    def __repr__(self) -> str:
        return f"Client(key=…, base_url={self._base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that the client made itself."""
        self._caller.close()

    def skew(self) -> timedelta | None:
        """Tell this machine's clock minus the last answer's ``Date`` (to the second); ``None`` before there was one."""
        return self._caller.skew

    def me(self) -> Me:
        """Which app and company the key belongs to."""
        return answers.me(self._caller.call(operations.ME))

    def send_event(self, event: Event, *, idempotent: bool = False) -> None:
        """Send one event; the answer 200 says no more than that Attentive took it.

        ``idempotent`` is for an event that may arrive twice (a registration under its ``external_event_id``): a lost
        answer is then repeated. Raises ``ValueError`` for a time without zone, or a user without phone and email.
        """
        repeat = operations.Repeat.IDEMPOTENT if idempotent else None
        self._caller.call(operations.SEND_EVENT, body=bodies.event(event), repeat=repeat)

    def set_attributes(self, user: User, values: Mapping[str, JSON]) -> None:
        """Set custom attributes of one user: creates those that are new, and locks their type by the first value."""
        body = {"user": bodies.user(user), "properties": dict(values)}
        self._caller.call(operations.SET_ATTRIBUTES, body=body)

    def attributes(self, user: User) -> Mapping[str, str] | None:
        """Read the custom attributes of one user by name, as text; ``None`` where Attentive doesn't know the user."""
        try:
            return answers.attributes(self._caller.call(operations.GET_ATTRIBUTES, query=_person(user)))
        except NotFound:
            return None

    def eligibilities(self, user: User) -> tuple[Eligibility, ...] | None:
        """Read what a user can get on which channel; ``None`` where Attentive doesn't know the user."""
        try:
            return answers.eligibilities(self._caller.call(operations.GET_ELIGIBILITIES, query=_person(user)))
        except NotFound:
            return None

    def subscribe(self, user: User, *, sign_up_source_id: str, single_opt_in: bool = False) -> tuple[Subscription, ...]:
        """Subscribe a user through a sign-up unit.

        Someone subscribed to texts before gets a text that says so: look at ``eligibilities`` first.
        ``single_opt_in`` leaves out the question "Reply Y" and must be agreed with Attentive.
        """
        body: dict[str, JSON] = {"user": bodies.user(user), "signUpSourceId": sign_up_source_id}
        if single_opt_in:
            body["singleOptIn"] = True
        return answers.subscriptions(self._caller.call(operations.SUBSCRIBE, body=body))

    def webhooks(self) -> tuple[Webhook, ...]:
        """Every webhook of the key's app."""
        return answers.webhooks(self._caller.call(operations.LIST_WEBHOOKS))

    def create_webhook(self, url: str, events: Iterable[str]) -> Webhook:
        """Create a webhook. Never repeated: after ``may_have_happened`` look for the URL among ``webhooks``."""
        body = {"url": url, "events": list(events)}
        return answers.webhook(self._caller.call(operations.CREATE_WEBHOOK, body=body))

    def update_webhook(self, id: str, url: str, events: Iterable[str], disabled: bool) -> Webhook:  # noqa: A002 - the API's word
        """Change all of a webhook; raises ``NotFound``."""
        body = {"url": url, "events": list(events), "disabled": disabled}
        return answers.webhook(self._caller.call(operations.UPDATE_WEBHOOK, id=id, body=body))

    def delete_webhook(self, id: str) -> None:  # noqa: A002 - the API's word
        """Delete a webhook; raises ``NotFound``."""
        self._remove(operations.DELETE_WEBHOOK, id)

    def segments(self, limit: int = PAGE) -> tuple[Segment, ...]:
        """Every segment, page after page of ``limit`` (1 to 1000).

        Raises ``Unreadable`` where the pages can't be a whole list: a cursor or an id comes twice, a cursor is missing,
        or a page is empty although more should follow.
        """
        segments: dict[str, Segment] = {}
        cursors: set[str] = set()
        cursor: str | None = ""
        while cursor is not None:
            page = self._page(limit, cursor)
            expected = len(segments) + len(page.segments)
            segments.update((segment.external_id, segment) for segment in page.segments)
            if page.cursor in cursors or len(segments) != expected:
                raise Unreadable(operations.LIST_SEGMENTS.title, what="the pages of the list repeat themselves")
            cursor = page.cursor
            cursors.add(cursor or "")
        return tuple(segments.values())

    def segment(self, external_id: str) -> Segment | None:
        """Read the segment with this external id; ``None`` where there is none (or it is archived)."""
        try:
            return answers.segment(self._caller.call(operations.GET_SEGMENT, id=external_id))
        except NotFound:
            return None

    def create_segment(self, name: str, description: str, external_id: str) -> Segment:
        """Create an empty segment; without a description Attentive writes one of its own.

        Never repeated: after ``may_have_happened`` look with ``segment``.
        """
        body = {"name": name, "externalId": external_id}
        if description:
            body["description"] = description
        return answers.segment(self._caller.call(operations.CREATE_SEGMENT, body=body))

    def update_segment(self, external_id: str, *, name: str | None = None, description: str | None = None) -> Segment:
        """Change a segment's name, description, or both; raises ``NotFound``, and ``ValueError`` for neither."""
        body = {key: value for key, value in (("name", name), ("description", description)) if value is not None}
        if not body:
            raise ValueError("update_segment needs a name or a description")
        return answers.segment(self._caller.call(operations.UPDATE_SEGMENT, id=external_id, body=body))

    def archive_segment(self, external_id: str) -> None:
        """Archive a segment (Attentive can restore it); raises ``NotFound``."""
        self._remove(operations.ARCHIVE_SEGMENT, external_id)

    def _page(self, limit: int, cursor: str) -> answers.Page:
        query = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        return answers.page(self._caller.call(operations.LIST_SEGMENTS, query=urlencode(query)))

    def _remove(self, operation: Operation, id: str) -> None:  # noqa: A002 - the API's word
        """Remove; where the answer of a first try was lost, the second finds nothing, and that is what was wanted."""
        try:
            self._caller.call(operation, id=id)
        except NotFound as error:
            if not error.may_have_happened:
                raise


def _person(user: User) -> str:
    """Write the parameter that names a user in a GET; ``+`` becomes ``%2B``, as a bare one would arrive as a space."""
    bodies.user(user)  # refuses a user without phone and email
    return urlencode({"phone": user.phone} if user.phone else {"email": user.email})


def _checked_key(key: str) -> str:
    """Let a key through that fits into a header; most that can't end in a line break."""
    if key and key.isascii() and key.isprintable() and " " not in key:
        return key
    raise WrongKey("", what="the API key is empty or holds white space or characters that no key has")


def _http(base_url: str, transport: httpx.BaseTransport | None, clock: Clock, timeout: float) -> Http:
    from deployer.attentive.over_httpx import OverHttpx  # noqa: PLC0415 - importing deployer must stay cheap

    return OverHttpx(base_url, transport, clock, timeout)
