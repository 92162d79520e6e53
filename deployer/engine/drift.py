"""What someone changed at Attentive since we recorded it: recorded against live, read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from deployer.dataclass import dataclass
from deployer.engine.changes import FieldChange, Provenance
from deployer.engine.desired import kind_of
from deployer.source.secret import Sealer, is_sealed, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.engine.refresh import LiveObjects
    from deployer.state.model import Entry, State


@dataclass(frozen=True, slots=True)
class Drift:
    """One recorded address: ``same``, ``changed`` (``fields``), ``gone`` at Attentive, or ``unknown`` (``reason``)."""

    address: str
    outcome: Literal["same", "changed", "gone", "unknown"]
    fields: tuple[FieldChange, ...] = ()
    reason: str = ""
    unreadable: bool = False
    """Whether the comparison should have run and couldn't."""


def find_drift(state: State, reading: LiveObjects, environ: Mapping[str, str]) -> tuple[Drift, ...]:
    """Compare every recorded address with what the API reports. What it can't show is ``unknown``, never ``same``."""
    sealer = Sealer(state.lineage, environ)
    return tuple(_one(address, entry, reading, sealer) for address, entry in state.entries.items())


def _one(address: str, entry: Entry, reading: LiveObjects, sealer: Sealer) -> Drift:
    kind = kind_of(address)
    name = kind.name if kind else entry.kind
    if entry.by == "person":
        return Drift(address, "unknown", reason="Attentive's API doesn't show it; people confirm it")
    if name in reading.unreadable:
        return Drift(address, "unknown", reason=reading.unreadable[name], unreadable=True)
    if reading.of(name) is None:
        return Drift(address, "unknown", reason="Attentive's API doesn't list it; it is recorded as sent")
    if not entry.id:
        return Drift(address, "unknown", reason="creating it was interrupted; `deployer apply` looks for it")
    live = reading.find(name, entry.id)
    if live is None:
        return Drift(address, "gone")
    fields = tuple(_changes(entry, dict(live.fields), sealer))
    return Drift(address, "changed" if fields else "same", fields)


def _changes(entry: Entry, live: dict[str, object], sealer: Sealer) -> list[FieldChange]:
    sealed = sealer.like(live, {}, entry.fields)
    changes = []
    for name, recorded in entry.fields.items():
        if name in sealed and not _equal(recorded, sealed[name]):
            now = "another value" if is_sealed(sealed[name]) else sealed[name]
            was = visible(recorded)
            changes.append(FieldChange(name, was, now, Provenance.LIVE))
    return changes


def _equal(recorded: object, live: object) -> bool:
    if is_sealed(recorded) and is_sealed(live):
        assert isinstance(recorded, dict)
        assert isinstance(live, dict)
        return bool(recorded["hash"] == live["hash"])
    return recorded == live
