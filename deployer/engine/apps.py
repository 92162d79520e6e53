"""The custom apps of an environment: whose key each has, and what it may do as far as a GET shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from deployer.attentive import AttentiveError, MissingScope
from deployer.dataclass import dataclass
from deployer.kinds.base import GuardError

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.attentive import Client, Me
    from deployer.engine.session import LiveSession


@dataclass(frozen=True, slots=True)
class AppCheck:
    """What the API says about one app's key: the app and company, and each permission as far as a GET shows it."""

    app: str
    me: Me | None
    problem: str = ""
    hint: str = ""
    scopes: tuple[tuple[str, Literal["yes", "no", "unknown"]], ...] = ()


def check_apps(session: LiveSession) -> tuple[AppCheck, ...]:
    """Ask whose key each app's is and what it may read. No POST is sent to find out about the other permissions."""
    return tuple(_check_app(session, app) for app in session.apps)


def _check_app(session: LiveSession, app: str) -> AppCheck:
    try:
        me, contact = session.identity(app), session.test_contact
    except (GuardError, AttentiveError) as error:
        return AppCheck(app, None, str(error), error.hint)
    client = session.client(app)
    probes: tuple[tuple[str, Callable[[], object]], ...] = (
        ("webhooks:write", client.webhooks),
        ("segments:read", lambda: _first_segment(client)),
        ("attributes:write", lambda: client.attributes(contact)),
        ("subscriptions:read", lambda: client.eligibilities(contact)),
    )
    seen = tuple((scope, _may(probe)) for scope, probe in probes)
    unseen: tuple[tuple[str, Literal["unknown"]], ...] = (
        ("events:write", "unknown"),
        ("subscriptions:write", "unknown"),
        ("segments:write", "unknown"),
    )
    return AppCheck(app, me, scopes=(*seen, *unseen))


def _first_segment(client: Client) -> object:
    return client.segment("deployer-looks-for-permission")


def _may(probe: Callable[[], object]) -> Literal["yes", "no", "unknown"]:
    try:
        probe()
    except MissingScope:
        return "no"
    except AttentiveError:
        return "unknown"
    return "yes"
