"""What Attentive has as a plan is applied, held against what the plan saw: each change that it no longer fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from deployer.dataclass import dataclass
from deployer.engine.changes import (
    Action,
    ApiChange,
    ForgetChange,
    MoveChange,
    PersonChange,
    PropertyHold,
    RecordChange,
    removes,
)
from deployer.engine.desired import kind_of
from deployer.engine.plan_api import KindObjects, kind_objects
from deployer.source import digest
from deployer.source.secret import Sealer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.engine.changes import Change
    from deployer.engine.refresh import LiveObjects
    from deployer.state.model import State


@dataclass(frozen=True, slots=True)
class LiveNow:
    """The live objects of every kind as they are read for an apply, and how secrets are sealed.

    ``recorded`` leads from an address to the id that its record has at Attentive.
    """

    objects: Mapping[str, KindObjects]
    sealer: Sealer
    recorded: Mapping[str, str]

    @classmethod
    def of(cls, reading: LiveObjects | None, state: State, environ: Mapping[str, str]) -> LiveNow:
        """What was read beside the record; the record's lineage is the plan's (a guard's matter)."""
        recorded = {address: entry.id for address, entry in state.entries.items()}
        return cls(kind_objects(reading, state), Sealer(state.lineage, environ), recorded)

    def moved(self, change: Change) -> str:
        """Why what is live isn't what the plan saw; empty where it is, or where nothing can be known."""
        match change:
            case ApiChange():
                return self._moved(change, self.objects.get(change.kind, KindObjects()))
            case PersonChange() | RecordChange() | MoveChange() | ForgetChange() | PropertyHold():
                return ""
            case _:
                assert_never(change)

    def gone(self, change: Change) -> bool:
        """Whether a change takes away what Attentive no longer lists, so that nothing is left to be done.

        An id that isn't the recorded one says nothing: what is recorded may be there.
        """
        if not isinstance(change, ApiChange) or not removes(change) or self.recorded.get(change.address) != change.id:
            return False
        listed = self.objects.get(change.kind, KindObjects()).listed
        return listed is not None and change.id not in listed

    def _moved(self, change: ApiChange, objects: KindObjects) -> str:
        if objects.listed is None:
            unknown = "could not read it from Attentive, although the plan had read it; it may have changed since"
            return unknown if change.fingerprint else ""
        if change.action is Action.CREATE:
            return self._appeared(change, objects)
        live = objects.listed.get(change.id)
        if not change.fingerprint or (live is None and removes(change)):
            return ""
        if live is None:
            return "it is gone at Attentive since the plan was made"
        sealed = self.sealer.like(live.fields, change.wanted, change.before)
        return "" if digest(sealed) == change.fingerprint else "it was changed at Attentive since the plan was made"

    def _appeared(self, change: ApiChange, objects: KindObjects) -> str:
        """Why a create would be a second one of its like: the plan saw none."""
        assert objects.listed is not None
        if change.id and change.id in objects.listed:
            return "Attentive lists it again since the plan was made"
        kind = kind_of(change.address)
        assert kind is not None
        assert kind.api is not None
        twin = objects.twin(kind.api, self.sealer.wanted(change.wanted), self.sealer)
        return "it appeared at Attentive since the plan was made" if twin else ""
