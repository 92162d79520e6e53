"""The reads that come before a plan: what the API lists of each kind, once a run. Nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deployer.attentive import MissingScope, NotFound
from deployer.engine.desired import kind_of
from deployer.kinds.base import GuardError, Live, Session, Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.engine.desired import Desired
    from deployer.kinds.base import Kind
    from deployer.state.model import State


@dataclass(frozen=True, slots=True)
class Reading:
    """What the API reports now, by kind; a kind that couldn't be read stands in ``unreadable`` with the reason."""

    listed: Mapping[str, tuple[Live, ...]] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> tuple[Live, ...] | None:
        """The live objects of a kind; ``None`` where they aren't known."""
        return self.listed.get(kind)


def read_live(session: Session, everything: Sequence[Desired], state: State) -> Reading:
    """List each readable kind that is declared or recorded.

    A kind that the key may not read, or whose app has no key here, is unknown, not empty. Any other ``AttentiveError``
    is raised: a plan on half of the truth would promise what it can't know.
    """
    listed: dict[str, tuple[Live, ...]] = {}
    unreadable: dict[str, str] = {}
    for kind, wanted in _asked(everything, state).items():
        assert kind.api is not None
        if kind.api.read is None:
            continue
        try:
            listed[kind.name] = tuple(kind.api.read(session, wanted))
        except (MissingScope, NotFound) as error:
            unreadable[kind.name] = f"{error}; {error.hint}"
        except GuardError as error:
            if error.code != "no-key":
                raise
            unreadable[kind.name] = f"{error}; {error.hint}"
    return Reading(listed, unreadable)


def _asked(everything: Sequence[Desired], state: State) -> dict[Kind, list[Wanted]]:
    """What is read, by kind: the declared resources, and recorded ones that aren't declared or had another app."""
    asked: dict[Kind, list[Wanted]] = {}
    for one in everything:
        if one.wanted.by == "api":
            asked.setdefault(one.kind, []).append(one.wanted)
    declared = {(one.address, one.wanted.app) for one in everything}
    for address, entry in state.entries.items():
        kind = kind_of(address)
        if kind and kind.api and entry.by == "api" and (address, entry.app) not in declared:
            asked.setdefault(kind, []).append(Wanted(address, kind.name, "api", entry.app))
    return asked
