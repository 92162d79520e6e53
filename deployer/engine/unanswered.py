"""Creates whose answer was lost: when another one may be sent.

Attentive lists what was created after an unknown time, so that a list alone proves nothing for a while.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.state.model import Entry


class Listing(Protocol):
    """What was seen of a kind: whether it couldn't be read, and until when a list is no proof, by address."""

    @property
    def unreadable(self) -> bool:
        """Attentive was asked for the live objects and didn't show them."""

    @property
    def held(self) -> Mapping[str, datetime]:
        """The addresses of which a create was sent lately, with the end of the hold."""


def undecided(entry: Entry, seen: Listing, address: str, own_id: str) -> str:
    """Why the create of an entry isn't repeated now; empty where it may be, or where none was begun.

    With an id that is ours (``own_id``) it may: Attentive refuses a second object of the same id by itself.
    """
    if entry.intent is None:
        return ""
    if seen.unreadable:
        return "an earlier apply started to create it, and Attentive's list couldn't be read to see whether that worked"
    if address not in seen.held or own_id:
        return ""
    sent, until = datetime.fromisoformat(entry.changed_at), seen.held[address]
    return (
        f"it was sent at {_clock(sent)}, the answer was lost, and Attentive doesn't list it yet; "
        f"plan again: it is sent again after {_clock(until)} at the earliest"
    )


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
