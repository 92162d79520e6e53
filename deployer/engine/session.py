"""A session with one environment's Attentive account: clients by app, secrets resolved when they are needed."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import field
from threading import RLock
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.engine.guards import check_clock, check_identity
from deployer.kinds.base import GuardError
from deployer.project.recipients import check_contact
from deployer.source import Environment, MissingSecret, Secret
from deployer.source.secret import reveal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from deployer.attentive import Client, Me, User
    from deployer.source import TestContact


@dataclass(slots=True)
class LiveSession:
    """What kinds use to read and write. ``make`` builds the client of an app; each app's client is made once.

    The first use of a client asks Attentive whose key it is, and refuses a wrong company or app (``GuardError``) before
    anything else is read. ``played`` are apps of others whose key it has all the same: a vendor's in a sandbox.
    """

    environment: Environment
    environ: Mapping[str, str] = field(repr=False)
    make: Callable[[str], Client] = field(repr=False)
    clock: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    played: frozenset[str] = frozenset()
    _opening: RLock = field(default_factory=RLock, repr=False)
    _clients: dict[str, Client] = field(default_factory=dict)
    _identities: dict[str, Me] = field(default_factory=dict)

    @property
    def apps(self) -> tuple[str, ...]:
        """The ids of the apps that have a key in this environment."""
        return tuple(self.environment.apps)

    @property
    def company_id(self) -> str:
        """The company that the keys belong to, as Attentive said; empty before the first call."""
        return next((me.company_id for me in self._identities.values()), self.environment.company_id)

    def client(self, app: str) -> Client:
        """The client that holds an app's key, its identity checked; ``""``: the environment's first app."""
        chosen = app or next(iter(self.environment.apps), "")
        if chosen not in self.environment.apps and chosen not in self.played:
            raise GuardError(
                "no-key",
                f"the environment `{self.environment.name}` has no key for the app `{chosen}`",
                f"write environments.{self.environment.name}.apps.{chosen}: {{api_key: {{env: NAME}}}}",
            )
        with self._opening:
            if chosen not in self._clients:
                self._open(chosen)
            return self._clients[chosen]

    def _open(self, app: str) -> None:
        """Make a client and keep it once it is known whose key it has; else its connections end here."""
        with ExitStack() as unless_kept:
            client = self.make(app)
            unless_kept.callback(client.close)
            me = client.me()
            check_identity(self.environment, app, me)
            check_clock(client.skew())
            unless_kept.pop_all()
        self._clients[app], self._identities[app] = client, me

    @property
    def test_contact(self) -> User:
        """The environment's first test contact, with its secrets resolved; raises ``GuardError``."""
        contacts = self.test_contacts()
        if not contacts:
            raise GuardError(
                "no-test-contact",
                f"the environment `{self.environment.name}` has no test contact",
                "write test_contacts: [{phone: {env: NAME}}] there; events are only ever sent to a test contact",
            )
        return contacts[0]

    def test_contacts(self) -> tuple[User, ...]:
        """The only people that this environment may message."""
        return tuple(map(self._contact, self.environment.test_contacts))

    def _contact(self, contact: TestContact) -> User:
        from deployer.attentive import User  # noqa: PLC0415 - most of what looks at a record messages no one

        user = User(phone=self._plain(contact.phone), email=self._plain(contact.email))
        ways = {"phone": contact.phone, "email": contact.email}
        variables = {way: value.env for way, value in ways.items() if isinstance(value, Secret)}
        check_contact(user, self.environment.name, variables)
        return user

    def _plain(self, value: str | Secret | None) -> str:
        try:
            return value.resolve(self.environ) if isinstance(value, Secret) else value or ""
        except MissingSecret as error:
            raise GuardError("missing-secret", str(error), "set it where deployer runs") from error

    def reveal(self, value: Any) -> Any:
        """The value with every secret reference in it replaced; raises ``GuardError``."""
        try:
            return reveal(value, self.environ)
        except KeyError as error:
            raise GuardError("missing-secret", f"{error.args[0]} isn't set", "set it where deployer runs") from error

    def now(self) -> datetime:
        """The time now, in UTC."""
        return self.clock()

    def identity(self, app: str) -> Me:
        """Whose key an app's is; raises ``GuardError`` or ``AttentiveError``."""
        self.client(app)
        return self._identities[app]

    def close(self) -> None:
        """End every connection."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()
