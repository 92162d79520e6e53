"""The way of every call: wait for the limit, send, try again, and turn what came back into an answer or an error."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING
from urllib.parse import quote

from deployer.attentive import retries
from deployer.attentive.answers import Answer
from deployer.attentive.errors import (
    AttentiveError,
    MissingScope,
    NoAnswer,
    NotFound,
    Refused,
    ServerFailed,
    TooMany,
    Unreadable,
    WrongKey,
)
from deployer.attentive.wire import Lost, Request, Response

if TYPE_CHECKING:
    from datetime import timedelta

    from deployer.attentive.clock import Clock
    from deployer.attentive.limits import Limits
    from deployer.attentive.operations import Operation, Repeat
    from deployer.attentive.values import JSON
    from deployer.attentive.wire import Http

log = logging.getLogger("deployer.attentive")

BY_STATUS: dict[int, type[AttentiveError]] = {401: WrongKey, 404: NotFound, 429: TooMany}
FORBIDDEN = 403


class Caller:
    """Makes calls with one key. ``skew`` is this machine's clock minus the ``Date`` of the last answer."""

    def __init__(self, key: str, base_url: str, http: Http, limits: Limits, clock: Clock) -> None:
        self._headers = {"authorization": f"Bearer {key}", "accept": "application/json", "user-agent": "deployer"}
        self._base_url = base_url
        self._http = http
        self._limits = limits
        self._clock = clock
        self.skew: timedelta | None = None

    def __repr__(self) -> str:
        return f"Caller(key=…, base_url={self._base_url!r})"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def call(
        self,
        operation: Operation,
        *,
        id: str | None = None,  # noqa: A002 - the API's word
        query: str = "",
        body: JSON = None,
        repeat: Repeat | None = None,
    ) -> Answer:
        """Make a call and give the answer to it, if its status is one of success.

        ``id`` fills the path's ``{id}``; ``query`` is encoded already; ``repeat`` overrides the operation's.
        """
        path = operation.path if id is None else operation.path.replace("{id}", _segment_of_path(id))
        request = self._request(operation.method, path, query, body)
        doubt = False
        tries = 0
        while True:
            tries += 1
            outcome = self._try(operation, path, request, tries)
            doubt = doubt or retries.unsure(outcome)
            pause = retries.pause_before_next(outcome, repeat or operation.repeat, tries, self._clock)
            if pause is None:
                return _settled(operation, outcome, doubt)
            self._clock.sleep(pause)

    def _request(self, method: str, path: str, query: str, body: JSON) -> Request:
        url = f"{self._base_url}{path}" + (f"?{query}" if query else "")
        if body is None:
            return Request(method, url, self._headers)
        content = json.dumps(body, allow_nan=False).encode()
        return Request(method, url, {**self._headers, "content-type": "application/json"}, content)

    def _try(self, operation: Operation, path: str, request: Request, number: int) -> Response | Lost:
        """Send once and write one line to the log, with neither query nor bodies nor the key."""
        limiter = self._limits.limiter(operation)
        begun = limiter.wait()
        outcome = self._outcome(request)
        if isinstance(outcome, Response):
            limiter.learn(outcome.status, outcome.headers, begun)
            self._look_at_date(outcome)
        result = outcome.reason if isinstance(outcome, Lost) else outcome.status
        taken = (self._clock.monotonic() - begun) * 1000
        log.debug("%s %s: %s, %.0f ms, try %d", operation.method, path, result, taken, number)
        return outcome

    def _outcome(self, request: Request) -> Response | Lost:
        try:
            return self._http.send(request)
        except Lost as lost:
            return lost

    def _look_at_date(self, response: Response) -> None:
        date = retries.http_date(response.headers.get("date", ""))
        if date:
            self.skew = self._clock.now() - date


def _segment_of_path(text: str) -> str:
    """One segment of a path; raises ``ValueError`` for what would lead to another path."""
    if text in ("", ".", ".."):
        raise ValueError(f"{text!r} can't be an id at Attentive")
    return quote(text, safe="")


def _settled(operation: Operation, outcome: Response | Lost, doubt: bool) -> Answer:
    """Give the answer where there is a good one; else raise the error that the outcome is."""
    success, redirect, refusal, failure = 200, 300, 400, 500
    if isinstance(outcome, Lost):
        raise NoAnswer(operation.title, what=outcome.reason, arrived="unknown" if doubt else outcome.arrived)
    status = outcome.status
    if success <= status < redirect:
        return Answer(operation.title, outcome)
    if status >= failure:
        raise ServerFailed(operation.title, status)
    if status == FORBIDDEN:
        raise MissingScope(operation.title, status, scope=operation.scope, may_have_happened=doubt)
    if status >= refusal:
        raise BY_STATUS.get(status, Refused)(operation.title, status, may_have_happened=doubt)
    raise Unreadable(operation.title, status, what="the answer is a redirect, which is never followed")
