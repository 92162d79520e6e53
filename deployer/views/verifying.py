"""What a proof on a real phone expects, what came, and texts that no confirmed message explains.

An address is never shown whole, and nothing of a person's text is shown but to the one who asked for their own.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from deployer.app.comparing import Seen
from deployer.attentive.deliveries import UnknownShape
from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Entry, Run, Tone, entry

if TYPE_CHECKING:
    from datetime import datetime

    from deployer.app.comparing import Comparison
    from deployer.app.proof import Expected, Proof
    from deployer.app.watching import Reported, Watched


def proof_text(proof: Proof, *, environment: str, color: bool = False, width: int = 80) -> str:
    """Show what will be sent, and each message that should arrive with its time."""
    to = masked(proof.user.phone or proof.user.email)
    nodes = [entry(Run(f"{proof.event} in {environment}, to {to}; the journey {proof.journey} should send:"))]
    for expected in proof.expected:
        drawn = "" if proof.is_sure(expected) else ", if Attentive draws its variant"
        line = f"{_when(expected.at, proof)}: {expected.channel} of the step {expected.step}{drawn}"
        nodes.append(Entry((Run(line, Tone.STRONG),), (entry(Run(expected.words)),)))
    if proof.timeline.assumed:
        nodes.append(entry(Run(f"it assumes: {', '.join(proof.timeline.assumed)}", Tone.DIM)))
    return terminal.write(nodes, color=color, width=width)


def _when(at: datetime, proof: Proof) -> str:
    """When a message is due, on the recipient's clock."""
    if at - proof.at < _AT_ONCE:
        return "at once"
    return f"{at.astimezone(ZoneInfo(proof.timeline.zone)):%a %Y-%m-%d %H:%M} {proof.timeline.zone}"


def outcome_text(
    proof: Proof, comparison: Comparison, *, identifier: str, recorded: str, color: bool = False, width: int = 80
) -> str:
    """Show which messages came, what else came, what is due later, and what was recorded."""
    nodes = [
        entry(
            Run(f"{seen}: ", _TONES[seen]),
            f"{expected.channel} of the step {expected.step}{_due(expected, seen, proof)}",
        )
        for expected, seen in comparison.expected
    ]
    nodes += [
        entry(Run("not expected: ", Tone.BAD), Run(f"{other.channel} “{other.words}”")) for other in comparison.others
    ]
    sent = f"sent as {identifier}" if identifier else "the answer to the event didn't come: it may not have been sent"
    nodes.append(entry(Run(f"{sent}; {recorded}")))
    if not comparison.proven:
        due = (
            f"The next is due {_when(min(expected.at for expected in comparison.later), proof)}. "
            if comparison.later
            else ""
        )
        nodes.append(
            entry(due, "To look again, without sending it again:", children=(entry(Run(_resume(proof), code=True)),))
        )
    return terminal.write(nodes, color=color, width=width)


def _due(expected: Expected, seen: Seen, proof: Proof) -> str:
    return f", {_when(expected.at, proof)}" if seen in {Seen.LATER, Seen.EARLY} else ""


def _resume(proof: Proof) -> str:
    return f"deployer verify {proof.journey} --env {proof.environment} --resume"


_TONES = {Seen.CAME: Tone.GOOD, Seen.EARLY: Tone.BAD, Seen.MISSING: Tone.BAD, Seen.LATER: Tone.INFO}
_AT_ONCE = timedelta(seconds=1)


def outcome_json(proof: Proof, comparison: Comparison, *, identifier: str, recorded: str) -> str:
    """The same as JSON, without anything of a person."""
    return json_text(
        {
            "version": 1,
            "journey": proof.journey,
            "event": proof.event,
            "external_event_id": identifier,
            "expected": [
                {
                    "step": expected.step,
                    "channel": expected.channel,
                    "at": expected.at.isoformat(),
                    "came": seen is Seen.CAME,
                    "seen": seen.name.lower(),
                }
                for expected, seen in comparison.expected
            ],
            "others": len(comparison.others),
            "proven": comparison.proven,
            "recorded": recorded,
        }
    )


def watched_text(reported: Reported, watched: Watched, *, color: bool = False, width: int = 80) -> str:
    """Show a message that isn't one of those confirmed: the nearest of these, and its words that are missing.

    A shape that isn't known is named. ``None``: show how much was watched.
    """
    return terminal.write([_watched(reported, watched)], color=color, width=width)


def _watched(reported: Reported, watched: Watched) -> Entry:
    match reported:
        case None:
            unknown = sum(watched.unknown.values())
            shapes = f", {unknown} of an unknown shape" if unknown else ""
            return entry(f"{watched.sent} sent, {watched.unexplained} unexplained{shapes}")
        case UnknownShape():
            return entry(Run("a delivery can't be compared: ", Tone.WARN), reported.what)
    nearest = f"; the nearest is {reported.nearest}" if reported.nearest else ""
    children = tuple(entry(Run("without: "), Run(words)) for words in reported.missing)
    line = f"{reported.at:%Y-%m-%d %H:%M:%S} UTC: {reported.channel} that no confirmed message explains{nearest}"
    return Entry((Run(line, Tone.WARN),), children)


def watched_json(reported: Reported, watched: Watched) -> str:
    """The same as one line of JSON."""
    match reported:
        case None:
            fields: dict[str, Any] = {"sent": watched.sent, "unexplained": watched.unexplained}
            return json.dumps({"version": 1, **fields, "unknown_shapes": dict(watched.unknown)})
        case UnknownShape():
            return json.dumps({"version": 1, "unknown_shape": reported.what})
    shown = {"at": reported.at.isoformat(), "channel": reported.channel, "nearest": reported.nearest}
    return json.dumps({"version": 1, **shown, "missing": list(reported.missing)})


def masked(address: str) -> str:
    """An address as the person recognizes it: a phone's last four digits, an email's first letter and domain."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}" if at else f"…{address[-4:]}"
