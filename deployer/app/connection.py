"""Being connected to an environment: its project, its recorded state, and its Attentive account or sandbox."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from deployer.app.left_behind import PRIVATE, journal_of
from deployer.app.sandbox_account import sandbox_file, sandbox_key, sandbox_to_look_at
from deployer.app.sandbox_way import Within
from deployer.attentive import SYSTEM_CLOCK, Clock
from deployer.dataclass import dataclass
from deployer.engine.guards import check_recorded_company
from deployer.engine.session import LiveSession
from deployer.kinds.base import GuardError
from deployer.kinds.records import open_record
from deployer.masking import remember
from deployer.source import AppBinding, Environment, MissingSecret
from deployer.state import State
from deployer.workspace.elsewhere import Elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from deployer.attentive import Client
    from deployer.project import Project
    from deployer.sandbox import Sandbox
    from deployer.state import Backend, Journal
    from deployer.workspace.workspace import Workspace


@dataclass(slots=True)
class Connection:
    """One environment, ready for work. ``environ`` holds the secrets; nothing else is asked for them."""

    workspace: Workspace
    project: Project
    backend: Backend
    session: LiveSession
    environ: Mapping[str, str] = field(repr=False)

    @property
    def environment(self) -> Environment:
        """The environment that it is connected to."""
        return self.project.environment

    def state(self) -> State:
        """What is recorded now; an empty state where nothing is. Raises ``StateError``, ``GuardError``.

        What an interrupted apply of this machine had done and could no longer store is in it.
        """
        return self.recovered()[0]

    def recovered(self) -> tuple[State, tuple[str, ...]]:
        """The state, and the addresses of it that only the journal of an interrupted apply knew.

        A record of another company than the environment's is refused (``GuardError``), before anything is done with it.
        """
        elsewhere, chosen = self.workspace.elsewhere, self.environment
        stored = self.backend.read() or State(chosen.name, lineage="")
        elsewhere.saw_record(_place(chosen), chosen.name, self.backend, protected=chosen.protected)
        check_recorded_company(chosen, stored, self.backend.location)
        recovered = self.journal.recover(stored)
        elsewhere.saw_none(self.journal.path)
        return recovered

    @property
    def journal(self) -> Journal:
        """What an apply on this machine does between two writes of the state."""
        return journal_of(self.workspace.root, self.backend, self.environment.name)


@contextmanager
def connect(
    workspace: Workspace,
    environment: str | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    transport: Any = None,
    clock: Clock = SYSTEM_CLOCK,
) -> Iterator[Connection]:
    """Connect a checked project to one of its environments; connections end with the block.

    No call is made before something is asked. In tests ``transport`` (an httpx transport) replaces the network and
    ``clock`` for time. Raises ``ProblemsError``, ``UsageError``, ``StateError``.
    """
    project = workspace.project(environment)
    with connect_to(workspace, project, environ=environ, transport=transport, clock=clock) as connection:
        yield connection
    workspace.learn()


@contextmanager
def connect_to(
    workspace: Workspace,
    project: Project,
    *,
    environ: Mapping[str, str] | None = None,
    transport: Any = None,
    clock: Clock = SYSTEM_CLOCK,
) -> Iterator[Connection]:
    """Connect a project as it is, whatever its checks say; else as ``connect``."""
    chosen = project.environment
    secrets = workspace.elsewhere.variables(os.environ if environ is None else environ)
    backend = open_record(
        _place(chosen),
        root=workspace.root,
        environment=chosen.name,
        protected=chosen.protected,
    )
    account = Account(project, secrets, transport, clock, workspace.elsewhere)

    def now() -> datetime:
        workspace.elsewhere.passing()
        return clock.now()

    session = LiveSession(account.bound(), secrets, account.client, now, clock.sleep, account.played())
    try:
        yield Connection(workspace, project, backend, session, secrets)
    finally:
        session.close()
        account.close()


def _place(environment: Environment) -> str:
    """Where an environment's record is kept."""
    return environment.state or f"file:{PRIVATE}/state/{environment.name}.json"


@dataclass(slots=True)
class Account:
    """Makes the clients of an environment: Attentive's with the keys from the environment, or the sandbox's.

    What the embedded sandbox answers is in its file; what others answer holds for the moment (``elsewhere``).
    """

    project: Project
    environ: Mapping[str, str] = field(repr=False)
    transport: Any = None
    clock: Clock = SYSTEM_CLOCK
    elsewhere: Elsewhere = field(default_factory=Elsewhere)
    sandbox: Sandbox | None = None

    def bound(self) -> Environment:
        """The environment with only those apps that have a key: a vendor's app is described, never used."""
        environment = self.project.environment
        return replace(
            environment, apps={name: app for name, app in environment.apps.items() if name not in self._vendors}
        )

    def played(self) -> frozenset[str]:
        """The vendors' apps that this environment can play: a sandbox has a key for every app."""
        return self._vendors if self.project.environment.is_sandbox else frozenset()

    @property
    def _vendors(self) -> frozenset[str]:
        return frozenset(name for name, app in self.project.settings.apps.items() if app.vendor)

    def client(self, app: str) -> Client:
        """The client of one app; raises ``GuardError`` where its key is missing."""
        from deployer.attentive import BASE_URL, Client  # noqa: PLC0415 - what looks at the record alone has no client

        environment = self.project.environment
        if environment.is_sandbox and not environment.base_url:
            sandbox, url = self._opened_sandbox(), "https://sandbox.invalid"
            way = Within(sandbox) if self.transport is None else None
            return Client(sandbox_key(app), base_url=url, transport=self.transport, http=way, clock=self.clock)
        self.elsewhere.passing()
        key = sandbox_key(app) if environment.is_sandbox else self._key(environment, environment.apps[app])
        return Client(key, base_url=environment.base_url or BASE_URL, transport=self.transport, clock=self.clock)

    def _key(self, environment: Environment, binding: AppBinding) -> str:
        if binding.api_key is None:
            hint = f"write environments.{environment.name}.apps.{binding.app}.api_key: {{env: NAME}}"
            raise GuardError("no-key", f"the app `{binding.app}` has no api_key in `{environment.name}`", hint)
        try:
            return remember(binding.api_key.resolve(self.environ))
        except MissingSecret as error:
            hint = f"set {error.env} to the API key of the app “{binding.name}”"
            raise GuardError("missing-secret", str(error), hint) from error

    def _opened_sandbox(self) -> Sandbox:
        if self.transport is not None:
            self.elsewhere.passing()
        if self.sandbox is None:
            self._look_at_sandbox()
            self.sandbox = sandbox_to_look_at(self.project)
        return self.sandbox

    def close(self) -> None:
        """Close the sandbox."""
        if self.sandbox is not None:
            self.sandbox.close()
            self._look_at_sandbox()

    def _look_at_sandbox(self) -> None:
        """Keep in mind what the sandbox's file holds: the same before and after, or it can't be compared."""
        file = sandbox_file(self.project)
        self.elsewhere.saw_file(file)
        self.elsewhere.saw_none(file.with_name(f"{file.name}-wal"))  # another process has it open, and may write
