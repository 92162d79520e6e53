"""What decides about each address beside the YAML, as one digest an address: whether it moved on since a plan was made.

That an address has no change says something about it too, so that each that is declared or recorded has a fingerprint.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.engine.desired import ApiDesired, kind_of
from deployer.engine.plan_api import KindObjects
from deployer.engine.property_removal import readers
from deployer.source import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deployer.engine.desired import Desired
    from deployer.kinds.base import LiveObject
    from deployer.source.secret import Sealer
    from deployer.state.model import Entry, State


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a plan compares: the ``state`` after the moves, the live objects of every kind, and what to ``adopt``."""

    state: State
    objects: Mapping[str, KindObjects]
    sealer: Sealer
    adopt: Mapping[str, str]

    def fingerprints(self, everything: Iterable[Desired]) -> dict[str, str]:
        """A digest for each address that is declared or recorded."""
        declared = {desired.address: desired for desired in everything}
        around = self._around(declared)
        return {
            address: digest([self._own(address, declared.get(address)), sorted(around.get(address, ()))])
            for address in sorted({*declared, *self.state.entries})
        }

    def _around(self, declared: Mapping[str, Desired]) -> Mapping[str, Sequence[list[Any]]]:
        """The versions of what decides about another address: who uses it, and who reads the event that it carries."""
        around: dict[str, list[list[Any]]] = defaultdict(list)
        for user, entry in self.state.entries.items():
            for address in entry.depends_on:
                around[address].append([user, entry.version])
        by_event = readers(self.state)
        for address, desired in declared.items():
            for reader in by_event.get(desired.wanted.carries.name, ()) if desired.wanted.carries else ():
                around[address].append([reader, self.state.version(reader)])
        return around

    def _own(self, address: str, desired: Desired | None) -> list[Any]:
        """What is recorded and live of an address, and what of its kind's objects would be taken for it."""
        entry, kind = self.state.entry(address), kind_of(address)
        objects = (self.objects.get(kind.name) if kind else None) or KindObjects()
        own_id = desired.api.own_id(desired.wanted.fields) if isinstance(desired, ApiDesired) else ""
        adopted = self.adopt.get(address, "")
        return [
            self.state.version(address),
            [objects.listed is None, objects.unreadable, address in objects.held],
            [self._sealed(live, desired, entry) for live in self._live(objects, address, desired)],
            [adopted in objects.taken, own_id in objects.archived],
        ]

    def _live(self, objects: KindObjects, address: str, desired: Desired | None) -> Iterator[LiveObject | None]:
        """The live object with the recorded id, with the one to adopt, and those that look like it."""
        listed, entry, kind = objects.listed or {}, self.state.entry(address), kind_of(address)
        yield listed.get(entry.id) if entry else None
        yield listed.get(self.adopt.get(address, ""))
        if kind and kind.api and entry and entry.intent:
            yield objects.twin(kind.api, entry.intent.fields, self.sealer)
        if isinstance(desired, ApiDesired) and not desired.api.sends:
            yield objects.twin(desired.api, self.sealer.wanted(desired.wanted.fields), self.sealer)

    def _sealed(self, live: LiveObject | None, desired: Desired | None, entry: Entry | None) -> list[Any]:
        """A live object without what is secret in it."""
        if live is None:
            return []
        wanted = desired.wanted.fields if desired else {}
        recorded = {**entry.fields, **(entry.intent.fields if entry.intent else {})} if entry else {}
        return [live.id, self.sealer.like(live.fields, wanted, recorded)]
