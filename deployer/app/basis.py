"""What a plan is made from: the declared resources, the record, and what Attentive lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.engine.desired import config_digest, desired
from deployer.engine.guards import check_plan, check_secrets
from deployer.engine.live_now import LiveNow
from deployer.engine.planner import make_plan
from deployer.engine.refresh import refresh
from deployer.engine.replanned import changed_since, check_replanned
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.app.connection import Connection
    from deployer.engine.changes import Change
    from deployer.engine.desired import Desired
    from deployer.engine.plan import Plan
    from deployer.engine.refresh import LiveObjects
    from deployer.state import State


@dataclass(frozen=True, slots=True)
class Basis:
    """All that a plan of an environment is made from; without a ``reading`` it is an offline one.

    ``recovered`` are the addresses of ``state`` that only the journal of an interrupted apply knew.
    """

    connection: Connection
    everything: tuple[Desired, ...]
    state: State
    recovered: tuple[str, ...]
    reading: LiveObjects | None = None

    @classmethod
    def recorded(cls, connection: Connection) -> Basis:
        """What is declared and recorded now. Raises ``StateError``, ``GuardError``."""
        return cls(connection, desired(connection.project), *connection.recovered())

    def read(self) -> Basis:
        """The same with what Attentive lists now.

        Raises ``GuardError`` (a wrong key, a secret that isn't set) and ``AttentiveError``.
        """
        check_secrets(self.everything, self.connection.environ, self.connection.project.environment)
        return replace(self, reading=self.listed())

    def listed(self) -> LiveObjects:
        """What Attentive lists now, whatever secrets are set. Raises ``GuardError``, ``AttentiveError``."""
        session = self.connection.session
        for app in session.apps:
            session.client(app)  # a wrong company or app stops before anything else is read
        return refresh(session, self.everything, self.state, session.sleep)

    def plan(self, *, prune: bool = False, only: Sequence[str] = ()) -> Plan:
        """The plan that this makes."""
        return make_plan(
            self.connection.project,
            self.state,
            self.reading,
            self.connection.environ,
            prune=prune,
            everything=self.everything,
            recovered=self.recovered,
            only=only,
        )

    @property
    def live(self) -> LiveNow:
        """What an apply holds each change against."""
        return LiveNow.of(self.reading, self.state, self.connection.environ)

    def check_current(self, plan: Plan) -> None:
        """The plan speaks of this environment, project and record; raises ``GuardError`` where it is stale."""
        config = config_digest(self.connection.project, self.everything)
        check_plan(plan, self.state, self.connection.environment, config)

    def check_replanned(self, plan: Plan) -> tuple[Change, ...]:
        """A saved plan does what a plan from this does; raises ``GuardError`` where it was edited.

        Gives the changes that only a plan from this has: those that came up since, or were taken out of the file.
        """
        try:
            again = self.plan(prune=plan.prune, only=plan.only)
        except UsageError as error:  # what `only` names isn't there: an edit, or it went since
            raise changed_since(plan, str(error)) from error
        return check_replanned(plan, again, self.live, {each.address for each in self.everything})
