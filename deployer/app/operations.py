"""What one does with a connection: apply a plan, look for drift, see what is launched, send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, Any

from deployer.app.basis import Basis
from deployer.app.confirming import check_moves, settled
from deployer.app.sandbox_account import private_folder
from deployer.contracts import prepare
from deployer.dataclass import dataclass
from deployer.engine.apply import ApplyRun, silent
from deployer.engine.apps import AppCheck, check_apps
from deployer.engine.drift import Drift, find_drift
from deployer.engine.guards import Overrides, check_protected, check_removals
from deployer.engine.planner import make_plan
from deployer.errors import UsageError
from deployer.kinds.base import GuardError
from deployer.kinds.event_type import USUAL, EventType, complete_sample
from deployer.kinds.event_type.sending import identified, send_live
from deployer.kinds.opt_in_source import OptInSource
from deployer.kinds.opt_in_source.actions import REVIEW
from deployer.kinds.opt_in_source.subscribing import subscribe as subscribe_person
from deployer.project.recipients import body_user, is_listed
from deployer.source import near_or_few
from deployer.state import Confirmation, Entry

if TYPE_CHECKING:
    from deployer.app.connection import Connection
    from deployer.attentive import User
    from deployer.engine.apply import Progress
    from deployer.engine.checklist import Checklist
    from deployer.engine.plan import Plan
    from deployer.engine.report import ApplyReport
    from deployer.kinds.base import M
    from deployer.project import Project


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """How to apply: whether the plan was ``saved``, guards that are switched off, seconds to wait for a lock.

    ``by`` is the handle of the person who applies, kept with the guards that were switched off. ``stop``, set by any
    thread, lets what runs finish and be recorded, and begins nothing more; ``leave`` doesn't wait for what runs either.
    """

    saved: bool = False
    overrides: Overrides = field(default_factory=Overrides)
    lock_timeout: float = 0
    by: str = ""
    stop: Event = field(default_factory=Event)
    leave: Event = field(default_factory=Event)


def apply(
    connection: Connection,
    plan: Plan,
    options: ApplyOptions | None = None,
    progress: Progress = silent,
) -> ApplyReport:
    """Carry a plan out and report every change, whatever happened.

    Everything is checked before anything is written; raises ``GuardError``, ``AttentiveError`` or ``StateError`` then.
    """
    from deployer.forge.refs import checked_out  # noqa: PLC0415 - it loads `subprocess`, which nothing else here needs

    chosen = options or ApplyOptions()
    check_protected(connection.environment, saved=chosen.saved)
    with connection.backend.lock("apply", timeout=chosen.lock_timeout):
        recorded = Basis.recorded(connection)
        recorded.check_current(plan)
        check_removals(plan, recorded.state, connection.project.settings, chosen.overrides)
        basis = recorded.read()
        unplanned = basis.check_replanned(plan) if chosen.saved else ()
        connection.session.test_contact  # noqa: B018 - resolves its secrets now rather than between two writes
        private_folder(connection.workspace.root)
        run = ApplyRun(
            plan=plan,
            session=connection.session,
            backend=connection.backend,
            journal=connection.journal,
            state=basis.state,
            environ=connection.environ,
            live=basis.live,
            progress=progress,
            stop=chosen.stop,
            leave=chosen.leave,
            recovered=basis.recovered,
            overrides=chosen.overrides.names,
            by=chosen.by,
            commit=checked_out(connection.workspace.root),
        )
        return replace(run.execute(), unplanned=unplanned)


def drift(connection: Connection) -> tuple[Drift, ...]:
    """What someone changed at Attentive since it was recorded. Writes nothing."""
    basis = Basis.recorded(connection)
    return find_drift(basis.state, basis.listed(), connection.environ)


def whoami(connection: Connection) -> tuple[AppCheck, ...]:
    """Whose keys the environment has, and what they may do as far as GETs show. Writes nothing."""
    return check_apps(connection.session)


def launch(connection: Connection) -> Checklist:
    """Attentive's launch checklist for the environment. Writes nothing."""
    from deployer.engine.checklist import checklist, look  # noqa: PLC0415 - a plan doesn't need it

    state = connection.state()
    offline = make_plan(connection.project, state, None, connection.environ)
    return checklist(connection.project, state, offline, look(connection.session))


def send(
    connection: Connection, event: str, data: Mapping[str, Any], to: User | None, *, unlisted_allowed: bool = False
) -> str:
    """Check a payload, send it as one live event, and return its ``externalEventId``.

    ``to`` or the payload's own ``user`` says about whom; without either it is the test contact. Raises ``UsageError``,
    ``PayloadError``, ``GuardError``, ``AttentiveError``.
    """
    declared = _declared(connection.project, EventType, event)
    outgoing = prepare(connection.project, declared, data)
    if to and outgoing.user and outgoing.user != to:
        raise GuardError("two-recipients", "the payload's user isn't the recipient that was named", "leave one out")
    user = to or outgoing.user or connection.session.test_contact
    check_recipient(connection, user, unlisted_allowed=unlisted_allowed)
    return send_live(
        connection.session,
        declared,
        outgoing.properties,
        identified(declared, user),
        identifier=outgoing.external_event_id,
        occurred_at=outgoing.occurred_at,
    )


def body_recipient(data: Mapping[str, Any]) -> User | None:
    """The user that a whole request body names, if it is one; raises ``GuardError`` where that can't be read."""
    named = data.get("user")
    return body_user(named) if isinstance(named, Mapping) and isinstance(data.get("properties"), Mapping) else None


def check_recipient(connection: Connection, user: User, *, unlisted_allowed: bool) -> None:
    """Refuse anyone who isn't a test contact, unless that was allowed; raises ``GuardError``."""
    if not unlisted_allowed and not is_listed(user, connection.session.test_contacts()):
        raise GuardError(
            "recipient-not-listed",
            "the recipient isn't one of the environment's test contacts",
            "add them under test_contacts, or pass --recipient-not-listed and type the address again on a terminal",
        )


def subscribe(
    connection: Connection,
    source: str,
    to: User | None,
    *,
    unlisted_allowed: bool = False,
    lock_timeout: float = 10,
) -> str:
    """Subscribe someone through an opt-in source: ``subscribed``, or ``already`` where there was nothing to do.

    That it worked is recorded; waits ``lock_timeout`` seconds for another run. Raises ``UsageError``, ``GuardError``,
    ``AttentiveError``, ``StateError``.
    """
    from deployer.engine.checklist import SUBSCRIBED  # noqa: PLC0415 - a plan doesn't need the checklist

    declared = _declared(connection.project, OptInSource, source)
    user = to or connection.session.test_contact
    check_recipient(connection, user, unlisted_allowed=unlisted_allowed)
    with connection.backend.lock("subscribe", timeout=lock_timeout):
        state = connection.state()
        check_moves(connection, state)
        entry = state.entry(declared.address) or Entry(kind="OptInSource", by="person")
        reviewed = connection.environment.is_sandbox or REVIEW in entry.live  # the sandbox has no legal team
        outcome = subscribe_person(connection.session, declared, user, reviewed=reviewed)
        confirmation = Confirmation(at=datetime.now(UTC).isoformat(timespec="seconds"), how=outcome)
        known = replace(entry, confirmations={**entry.confirmations, SUBSCRIBED: confirmation})
        connection.backend.write(settled(state.with_entry(declared.address, known)), expected_serial=state.serial)
    return outcome


def _declared(project: Project, model: type[M], name: str) -> M:
    wanted = name.rpartition(".")[2]
    resource = project.find(model, wanted)
    if resource is None:
        hint = near_or_few(wanted, [resource.id for resource in project.all(model)])
        raise UsageError(f"`{name}` isn't declared", hint)
    return resource


def sample(project: Project, event: str, name: str) -> Mapping[str, Any]:
    """The named sample of an event type (``""``: ``happy``, else one made of all); raises ``UsageError``."""
    declared = _declared(project, EventType, event)
    if not name:
        return declared.samples.get(USUAL) or complete_sample(declared, project)[0]
    if name not in declared.samples:
        known = ", ".join(declared.samples) or "none"
        raise UsageError(f"`{declared.id}` has no sample `{name}`", f"its samples: {known}")
    return declared.samples[name]
