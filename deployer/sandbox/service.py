"""The sandbox itself: one function from request to response over one SQLite account."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Self

from deployer.sandbox import account, limits, overview
from deployer.sandbox.calls import Call, Caller, answer, opaque, refuse, timestamp
from deployer.sandbox.model import (
    RefusedError,
    Request,
    Response,
    SandboxApp,
    SandboxFileError,
    SandboxUnwritableError,
    SignUpUnit,
)
from deployer.sandbox.pace import Pace
from deployer.sandbox.people import phone
from deployer.sandbox.replies import reply
from deployer.sandbox.routes import Route, match
from deployer.sandbox.stage import Stage
from deployer.sandbox.store import Store

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

    import httpx

    from deployer.sandbox.posting import Postman


_KEEP_UNIT = """\
INSERT INTO sign_up_unit VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET (type, channels, language, country, kind) = (
    excluded.type, excluded.channels, excluded.language, excluded.country, excluded.kind
)
"""
"""Where the same unit is there already, no byte of the file changes."""


def utc_now() -> datetime:
    """Read the clock, in UTC."""
    return datetime.now(UTC)


class Sandbox:
    """An Attentive account to develop against; safe for threads, and for processes that share its file.

    ``company_id`` looks like Attentive's and is made once for a file. Rate limits are counted in each process.
    """

    def __init__(self, store: Store, company_id: str, now: Callable[[], datetime], windows: limits.Windows) -> None:
        self.company_id = company_id
        self._store = store
        self._now = now
        self._windows = windows
        self.pace = Pace(now)

    @classmethod
    def open(
        cls,
        path: Path | None,
        *,
        company_name: str,
        company_id: str = "",
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> Sandbox:
        """Open the account in a file, made with its folder where it is missing; ``None``: in memory.

        Raises ``SandboxFileError`` where the file isn't a sandbox's or holds another company than ``company_id``, its
        ``SandboxUnwritableError`` where the machine doesn't let it be made or written.
        """
        return cls._over(Store.open(path), company_name, company_id, now, monotonic)

    @classmethod
    def copy_of(
        cls,
        path: Path,
        *,
        company_name: str,
        company_id: str = "",
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> Self:
        """Open a copy of the account in a file, in memory, for looking at it; ``seal`` it once it is complete.

        Raises ``SandboxFileError``.
        """
        return cls._over(Store.of_copy(path), company_name, company_id, now, monotonic)

    @classmethod
    def _over(
        cls,
        store: Store,
        company_name: str,
        company_id: str,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> Self:
        try:
            with store.transaction() as db:
                company = _company(db, company_name, company_id)
        except BaseException:
            store.close()
            raise
        return cls(store, company, now, limits.Windows(monotonic))

    def seal(self, error: SandboxUnwritableError) -> None:
        """Let every request that writes raise this error from now on."""
        self._store.seal(error)

    def ensure_app(self, app: SandboxApp) -> None:
        """Make an app with its key, or give it this name, these permissions and this key instead of a former one.

        A key that was revoked stays so. Raises ``ValueError`` where the key belongs to another app.
        """
        with self._store.transaction() as db:
            _keep_app(db, app)

    def ensure_sign_up_unit(self, unit: SignUpUnit) -> None:
        """Make a sign-up unit, or give it these properties; at Attentive people do so after a review."""
        row = (unit.id, unit.type, json.dumps(unit.channels), unit.language, unit.country, unit.kind)
        with self._store.transaction() as db:
            db.execute(_KEEP_UNIT, row)

    def wait_for_reply_y(self, wait: bool) -> None:
        """Decide whether who subscribes to texts is eligible at once, or only after a "Reply Y"."""
        with self._store.transaction() as db:
            db.execute("UPDATE account SET double_opt_in = ?", (wait,))

    def go(self, speed: float) -> None:
        """Let journeys, texts and webhooks go by a clock of this speed, from where they were."""
        last = self.stage().latest()
        self.pace = Pace(self._now, speed)
        if last is not None:
            self.pace.skip_to(last)

    def stage(self) -> Stage:
        """The account for whom plays its journeys."""
        return Stage(self._store, self.pace)

    def postman(self, client: httpx.Client) -> Postman:
        """Who posts to the account's webhooks, with this client."""
        from deployer.sandbox.posting import Postman  # noqa: PLC0415 - httpx is heavy

        return Postman(self._store, self.pace, client)

    def reply(self, number: str, text: str) -> None:
        """Let a phone text something to the brand. Raises ``RefusedError`` for a phone that the account never saw."""
        with self._store.transaction() as db:
            row = db.execute(
                "SELECT person_id FROM identifier WHERE (kind, value) = ('phone', ?)", (phone(number),)
            ).fetchone()
            if row is None:
                refuse("the account knows no one with this phone", 404)
            reply(db, row["person_id"], text, timestamp(self.pace.now()))

    def overview(self) -> dict[str, Any]:
        """Phones, events, journeys under way, messages and posts to webhooks, as the sandbox's page shows them."""
        with self._store.transaction(write=False) as db:
            return overview.dump(db, self.pace)

    def revoke(self, key: str) -> None:
        """Revoke a key for good: it is answered with 401 from now on."""
        with self._store.transaction() as db:
            db.execute("UPDATE api_key SET revoked = 1 WHERE digest = ?", (_digest(key),))

    def handle(self, request: Request) -> Response:
        """Answer a request as Attentive documents it; every response has ``date`` and the two rate limit headers."""
        matched = match(request.method, request.path)
        limit = matched[0].limit if matched else limits.DEFAULT
        now = self._now()
        with self._store.transaction(write=False) as db:
            caller = _caller(db, request.headers.get("authorization", ""))
        allowance = self._windows.take((caller.app_id if caller else "", matched[0].name if matched else ""), limit)
        try:
            response = self._answer(request, matched, caller, allowance, now)
        except RefusedError as refused:
            response = answer(refused.status, {"message": refused.message})
        return replace(response, headers={**response.headers, **allowance.headers, "date": _http_date(now)})

    def date(self) -> str:
        """The account's time, as the header ``Date`` writes it."""
        return _http_date(self._now())

    def account(self) -> dict[str, Any]:
        """Everything in the account as sorted, JSON-able data."""
        with self._store.transaction(write=False) as db:
            return account.dump(db)

    def image(self) -> bytes:
        """Copy the account as it is, for ``past``."""
        return self._store.image()

    def past(self, image: bytes) -> Sandbox:
        """Open the account as it was when ``image`` was made; both count the same rate limits."""
        return Sandbox(Store.of_image(image), self.company_id, self._now, self._windows)

    def close(self) -> None:
        """Close the file; an account in memory is gone."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(
        self,
        request: Request,
        matched: tuple[Route, Mapping[str, str]] | None,
        caller: Caller | None,
        allowance: limits.Allowance,
        now: datetime,
    ) -> Response:
        if matched is None:
            refuse("The sandbox has no such endpoint", 404)
        route, parts = matched
        if caller is None:
            refuse("The API key is missing, unknown or revoked", 401)
        if route.scopes and not caller.scopes.intersection(route.scopes):
            refuse(f"The API key lacks the permission {' or '.join(route.scopes)}", 403)
        if allowance.exceeded:
            refuse(f"More than {allowance.limit} requests in a second", 429)
        with self._store.transaction(write=route.method != "GET") as db:
            return route.endpoint(Call(request, caller, db, now, timestamp(self.pace.now()), parts))


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _digest(key: str) -> str:
    """Make what is stored of a key: a file that is shown to someone gives no key away."""
    return hashlib.sha256(key.encode()).hexdigest()


def _company(db: sqlite3.Connection, name: str, wanted: str) -> str:
    company = wanted or opaque(f"07:Company{100 + secrets.randbelow(900)}")
    db.execute("INSERT OR IGNORE INTO account(one, company_id, company_name) VALUES (1, ?, ?)", (company, name))
    db.execute("UPDATE account SET company_name = ?", (name,))
    stored = str(db.execute("SELECT company_id FROM account").fetchone()["company_id"])
    if wanted and stored != wanted:
        raise SandboxFileError(f"The sandbox's file belongs to the company {stored}, not to {wanted}.")
    return stored


def _keep_app(db: sqlite3.Connection, app: SandboxApp) -> None:
    digest = _digest(app.key)
    row = db.execute("SELECT app_id FROM api_key WHERE digest = ?", (digest,)).fetchone()
    if row is not None and row["app_id"] != app.id:
        raise ValueError(f"The key of the app {app.id} belongs to the app {row['app_id']}; each app has its own key")
    db.execute(
        "INSERT INTO app VALUES (?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, scopes = excluded.scopes",
        (app.id, app.name, json.dumps(sorted(app.scopes))),
    )
    db.execute("DELETE FROM api_key WHERE app_id = ? AND digest <> ? AND NOT revoked", (app.id, digest))
    db.execute("INSERT OR IGNORE INTO api_key(digest, app_id) VALUES (?, ?)", (digest, app.id))


def _caller(db: sqlite3.Connection, authorization: str) -> Caller | None:
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return None
    row = db.execute(
        "SELECT app.* FROM api_key JOIN app ON app.id = app_id WHERE digest = ? AND NOT revoked", (_digest(key),)
    ).fetchone()
    return None if row is None else Caller(row["id"], row["name"], frozenset(json.loads(row["scopes"])))
