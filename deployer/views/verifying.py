"""What a proof on a real phone expects, what came, and texts that no confirmed message explains.

An address is never shown whole, and nothing of a person's text is shown but to the one who asked for their own.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from deployer.app.comparing import Seen
from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Entry, Run, Tone, entry

if TYPE_CHECKING:
    from datetime import datetime

    from deployer.app.comparing import Comparison, Expected
    from deployer.app.verifying import Proof
    from deployer.app.watching import Unexplained


def proof_text(proof: Proof, *, environment: str, color: bool = False, width: int = 80) -> str:
    """Show what will be sent, and each message that should arrive with its time."""
    to = masked(proof.user.phone or proof.user.email)
    nodes = [entry(Run(f"{proof.event} in {environment}, to {to}; the journey {proof.journey} should send:"))]
    for one in proof.expected:
        drawn = "" if proof.is_sure(one) else ", if Attentive draws its variant"
        line = f"{_when(one.at, proof)}: {one.channel} of the step {one.step}{drawn}"
        nodes.append(Entry((Run(line, Tone.STRONG),), (entry(Run(one.words)),)))
    if proof.timeline.assumed:
        nodes.append(entry(Run(f"it assumes: {', '.join(proof.timeline.assumed)}", Tone.DIM)))
    return terminal.write(nodes, color=color, width=width)


def _when(at: datetime, proof: Proof) -> str:
    """When a message is due, on the recipient's clock."""
    if at - proof.at < _AT_ONCE:
        return "at once"
    return f"{at.astimezone(ZoneInfo(proof.timeline.zone)):%a %Y-%m-%d %H:%M} {proof.timeline.zone}"


def outcome_text(
    proof: Proof, found: Comparison, *, identifier: str, recorded: str, color: bool = False, width: int = 80
) -> str:
    """Show which messages came, what else came, what is due later, and what was recorded."""
    nodes = [
        entry(Run(f"{seen}: ", _TONES[seen]), f"{one.channel} of the step {one.step}{_due(one, seen, proof)}")
        for one, seen in found.expected
    ]
    nodes += [entry(Run("not expected: ", Tone.BAD), Run(f"{one.channel} “{one.words}”")) for one in found.others]
    sent = f"sent as {identifier}" if identifier else "the answer to the event didn't come: it may not have been sent"
    nodes.append(entry(Run(f"{sent}; {recorded}")))
    if not found.proven:
        due = f"The next is due {_when(min(one.at for one in found.later), proof)}. " if found.later else ""
        nodes.append(
            entry(due, "To look again, without sending it again:", children=(entry(Run(_resume(proof), code=True)),))
        )
    return terminal.write(nodes, color=color, width=width)


def _due(one: Expected, seen: Seen, proof: Proof) -> str:
    return f", {_when(one.at, proof)}" if seen in {Seen.LATER, Seen.EARLY} else ""


def _resume(proof: Proof) -> str:
    return f"deployer verify {proof.journey} --env {proof.environment} --resume"


_TONES = {Seen.CAME: Tone.GOOD, Seen.EARLY: Tone.BAD, Seen.MISSING: Tone.BAD, Seen.LATER: Tone.INFO}
_AT_ONCE = timedelta(seconds=1)


def outcome_json(proof: Proof, found: Comparison, *, identifier: str, recorded: str) -> str:
    """The same as JSON, without anything of a person."""
    return json_text(
        {
            "version": 1,
            "journey": proof.journey,
            "event": proof.event,
            "external_event_id": identifier,
            "expected": [
                {
                    "step": one.step,
                    "channel": one.channel,
                    "at": one.at.isoformat(),
                    "came": seen is Seen.CAME,
                    "seen": seen.name.lower(),
                }
                for one, seen in found.expected
            ],
            "others": len(found.others),
            "proven": found.proven,
            "recorded": recorded,
        }
    )


def watched_text(one: Unexplained | None, total: int, strange: int, *, color: bool = False, width: int = 80) -> str:
    """Show a message that isn't one of those confirmed: the nearest of these, and its words that are missing.

    ``None``: show how many were compared, and how many weren't explained.
    """
    if one is None:
        return terminal.write([entry(Run(f"{total} sent, {strange} unexplained"))], color=color, width=width)
    nearest = f"; the nearest is {one.nearest}" if one.nearest else ""
    children = tuple(entry(Run("without: "), Run(words)) for words in one.missing)
    line = f"{one.at:%Y-%m-%d %H:%M:%S} UTC: {one.channel} that no confirmed message explains{nearest}"
    return terminal.write([Entry((Run(line, Tone.WARN),), children)], color=color, width=width)


def watched_json(one: Unexplained | None, total: int, strange: int) -> str:
    """The same as one line of JSON."""
    if one is None:
        return json.dumps({"version": 1, "sent": total, "unexplained": strange})
    shown = {"at": one.at.isoformat(), "channel": one.channel, "nearest": one.nearest, "missing": list(one.missing)}
    return json.dumps({"version": 1, **shown})


def masked(address: str) -> str:
    """An address as the person recognizes it: a phone's last four digits, an email's first letter and domain."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}" if at else f"…{address[-4:]}"
