"""Whether the test contact can get what a task expects: a look through the API at what they are subscribed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.attentive import AttentiveError
from deployer.kinds.base import GuardError
from deployer.kinds.channels import Channel, facts

if TYPE_CHECKING:
    from deployer.engine.session import LiveSession
    from deployer.state.model import TaskRecord

_LETS_IN = frozenset({"TRANSACTIONAL", "MARKETING"})
"""The types of subscription of which one must be had for a journey's message to come."""


def reachable(session: LiveSession) -> frozenset[Channel] | None:
    """The channels on which the first test contact gets messages; ``None`` where that couldn't be read."""
    try:
        known = session.client("").eligibilities(session.test_contact) or ()
    except (GuardError, AttentiveError):
        return None
    names = {eligibility.channel for eligibility in known if eligibility.eligible and eligibility.type in _LETS_IN}
    return frozenset(channel for channel in Channel if channel.value.upper() in names)


def unreached(task: TaskRecord, reach: frozenset[Channel] | None) -> str:
    """Why the test contact won't get what a task expects, with the command that subscribes them; empty: they will."""
    expected = {Channel(send["channel"]) for send in task.context.get("sends", ())}
    missing = {channel for channel in expected if reach is not None and channel not in reach}
    missing = {channel for channel in missing if facts(channel).consent}
    if not missing:
        return ""
    channels = " and ".join(sorted(facts(channel).many for channel in missing))
    commands = " and ".join(f"`{command}`" for command in task.context.get("subscribe", ()))
    return f"; the test contact isn't subscribed to {channels}" + (f": first {commands}" if commands else "")
