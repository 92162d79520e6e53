"""Posting to webhooks: signed with each webhook's key, and again for up to three days where it fails.

Attentive documents the header, that any 2xx is success, and retries with exponential backoff for up to three days; not
the intervals nor the time-out, which are the sandbox's own. A webhook that failed for three days is disabled, as
Attentive does after several days.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import httpx

from deployer.dataclass import dataclass
from deployer.sandbox.calls import timestamp

if TYPE_CHECKING:
    import sqlite3

    from deployer.sandbox.pace import Pace
    from deployer.sandbox.store import Store

HEADER = "x-attentive-hmac-sha256"
"""The header with the signature, HMAC-SHA256 over the raw body in lower-case hex (page “Webhook authentication”)."""

TIMEOUT = 5.0
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(hours=6)
GIVE_UP = timedelta(days=3)
AT_ONCE = 20
"""Bodies that one round posts."""


def signature(key: str, body: bytes) -> str:
    """Sign a raw body with a webhook's key."""
    return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class _Due:
    number: int
    webhook: int
    url: str
    key: str
    body: bytes
    made: datetime
    attempts: int


class Postman:
    """Posts what is due. ``client`` makes the calls; use it in one thread."""

    def __init__(self, store: Store, pace: Pace, client: httpx.Client) -> None:
        self._store = store
        self._pace = pace
        self._client = client

    def round(self) -> int:
        """Post what is due now, each once; return how many were posted."""
        due = self._due()
        for post in due:
            self._record(post, *self._post(post))
        return len(due)

    def _due(self) -> list[_Due]:
        with self._store.transaction(write=False) as db:
            rows = db.execute(
                "SELECT post.*, webhook.url, webhook.signing_key FROM post JOIN webhook ON webhook.id = webhook_id"
                " WHERE outcome = 'waiting' AND disabled_at IS NULL AND due_at <= ? ORDER BY due_at, post.id LIMIT ?",
                (timestamp(self._pace.now()), AT_ONCE),
            ).fetchall()
        return [_read(row) for row in rows]

    def _post(self, due: _Due) -> tuple[bool, str]:
        """Whether a post was taken, and what came of it in words."""
        headers = {"content-type": "application/json", HEADER: signature(due.key, due.body)}
        try:
            answer = self._client.post(due.url, content=due.body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return False, str(error) or type(error).__name__
        return answer.is_success, str(answer.status_code)

    def _record(self, due: _Due, taken: bool, answer: str) -> None:
        now = self._pace.now()
        attempts = due.attempts + 1
        again = now + min(FIRST_RETRY * 2**due.attempts, LONGEST_RETRY)
        lost = not taken and again - due.made > GIVE_UP
        outcome = "delivered" if taken else "lost" if lost else "waiting"
        with self._store.transaction() as db:
            db.execute(
                "UPDATE post SET attempts = ?, answer = ?, outcome = ?, due_at = ? WHERE id = ?",
                (attempts, answer, outcome, timestamp(now if taken else again), due.number),
            )
            if lost:
                since = now.strftime("%Y-%m-%d %H:%M:%S")
                db.execute("UPDATE webhook SET disabled_at = ? WHERE id = ?", (since, due.webhook))


def client() -> httpx.Client:
    """The client that posts: it follows no redirect and takes no proxy from the environment."""
    return httpx.Client(timeout=TIMEOUT, trust_env=False)


def _read(row: sqlite3.Row) -> _Due:
    moment = datetime.fromisoformat(row["made_at"])
    key, body = row["signing_key"], row["body"].encode()
    return _Due(row["id"], row["webhook_id"], row["url"], key, body, moment, row["attempts"])
