"""The API's part of the plan: one resource against what is recorded and what is live."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.engine.changes import Action, ApiChange, FieldChange, Provenance, Reason, RecordChange
from deployer.engine.plan import Note
from deployer.engine.refresh import LiveObjects
from deployer.engine.unanswered import undecided
from deployer.kinds import KINDS
from deployer.source import digest
from deployer.source.secret import SEALED, Sealer, is_reference, is_sealed, name_of, same, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from deployer.engine.changes import ApiAction, ApiReason
    from deployer.engine.desired import ApiDesired
    from deployer.kinds.actions import ApiActions
    from deployer.kinds.base import LiveObject
    from deployer.state.model import Entry, State


@dataclass(frozen=True, slots=True)
class KindObjects:
    """The live objects of one kind by Attentive's id (``None``: not known), and which of them are recorded.

    ``taken`` are the ids that addresses of the kind have recorded, ``free`` the live objects that none has.
    ``unreadable``: Attentive was asked for the live objects and didn't show them. ``archived`` are the ids of what was
    removed and still holds them, with the time. ``held`` are the addresses of which a create was sent lately and its
    answer lost, with the time until which it isn't repeated.
    """

    listed: Mapping[str, LiveObject] | None = None
    taken: frozenset[str] = frozenset()
    free: tuple[LiveObject, ...] = ()
    _alike: dict[tuple[str, ...] | None, LiveObject] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    unreadable: bool = False
    archived: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, datetime] = field(default_factory=dict)

    def twin(self, api: ApiActions, intended: Mapping[str, Any], sealer: Sealer) -> LiveObject | None:
        """The live object that is like the intended fields (secrets sealed) and that no address has recorded."""
        if not self._alike:
            for live in reversed(self.free):
                self._alike[likeness(api, live.fields, sealer)] = live
        wanted = likeness(api, intended, sealer)
        return None if wanted is None else self._alike.get(wanted)


def kind_objects(reading: LiveObjects | None, state: State) -> Mapping[str, KindObjects]:
    """The live objects of every kind, by the kind's name; without a reading nothing is known of any."""
    taken: dict[str, set[str]] = {name: set() for name in KINDS}
    for entry in state.entries.values():
        taken.setdefault(entry.kind, set()).add(entry.id)
    archived: dict[str, dict[str, str]] = {}
    for old in state.archived:
        archived.setdefault(old.kind, {})[old.id] = old.at
    seen = reading or LiveObjects()
    by_kind = {kind: _objects(kind, frozenset(ids - {""}), seen) for kind, ids in taken.items()}
    return {
        kind: replace(objects, archived=archived.get(kind, {}), held=seen.held) for kind, objects in by_kind.items()
    }


def _objects(kind: str, taken: frozenset[str], reading: LiveObjects) -> KindObjects:
    listed = reading.of(kind)
    if listed is None:
        return KindObjects(None, taken, unreadable=kind in reading.unreadable)
    by_id = {live.id: live for live in reversed(listed)}
    return KindObjects(by_id, taken, tuple(live for live in listed if live.id not in taken))


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one resource is compared with: its record, the live objects of its kind, and how secrets are sealed.

    ``adopt`` is the id that the YAML says to take over.
    """

    entry: Entry | None
    objects: KindObjects
    sealer: Sealer
    adopt: str = ""

    def live(self, id: str) -> LiveObject | None:  # noqa: A002 - Attentive's word for it
        """The live object with an id; ``None``: it isn't listed, or the list isn't known."""
        return (self.objects.listed or {}).get(id)


def plan_object(desired: ApiDesired, seen: Comparison) -> tuple[ApiChange | RecordChange | None, list[Note]]:
    """The change for one resource that the API brings about, and what should be said about it."""
    if seen.entry is None or (not seen.entry.id and not seen.entry.fields):
        return _first(desired, seen, Reason.NEW)
    live = _live(desired, seen)
    if seen.objects.listed is not None and live is None and seen.entry.id:
        return _first(desired, seen, Reason.GONE)
    elsewhere, adopt_notes = _adopts_another(desired, seen, seen.entry)
    if elsewhere is not None:
        return elsewhere, []
    existing = {**seen.entry.fields, **(live or {})}
    fields = _fields(desired, seen, existing, live)
    notes = [*adopt_notes, *_unknown_secrets(desired, seen, existing)]
    fingerprint = digest(live) if live is not None else ""
    if fields:
        action: ApiAction = Action.SEND if desired.api.sends else Action.UPDATE
        details = {"before": _shown(existing), "id": seen.entry.id, "fingerprint": fingerprint}
        return _change(
            desired, action, Reason.CHANGED, fields=fields, blocked=_locked(desired.api, fields), **details
        ), notes
    learned = (*_record_changes(desired, seen.entry), *_caught_up(desired, seen.entry, live or {}))
    if learned:
        return _learned(desired, seen.entry, learned), notes
    return None, notes


def _adopts_another(desired: ApiDesired, seen: Comparison, entry: Entry) -> tuple[ApiChange | None, list[Note]]:
    """An adopt entry that names another object than the recorded one: blocked while that exists, else only said."""
    if seen.adopt in {"", entry.id} or not entry.id:
        return None, []
    why = f"recorded here is {entry.id}, but `adopt` names {seen.adopt}"
    if seen.live(seen.adopt):
        way = (
            f"correct the entry, or remove it from the state with `deployer state rm {desired.address}` and plan again"
        )
        return _change(desired, Action.ADOPT, Reason.ADOPTED, id=seen.adopt, blocked=f"{why}; {way}"), []
    hint = f"take {desired.address} out of `adopt` in deployer.yaml, or correct its id"
    return None, [Note(desired.address, why, hint)]


def _caught_up(desired: ApiDesired, entry: Entry, live: Mapping[str, Any]) -> Iterator[FieldChange]:
    """What is at Attentive as wanted while the record says otherwise: a change whose answer was lost."""
    for name in desired.wanted.fields:
        recorded = entry.fields.get(name)
        if name in live and is_sealed(recorded) == is_sealed(live[name]) and same(live[name], recorded) is False:
            yield FieldChange(name, "another value" if is_sealed(recorded) else recorded, visible(live[name]))


def _record_changes(desired: ApiDesired, entry: Entry) -> tuple[FieldChange, ...]:
    """What only the record has to learn: protection, who brings it about, and that a value is a secret now."""
    changes = [
        FieldChange("protect", entry.protect, desired.wanted.protect),
        FieldChange("by", entry.by, "api"),
        *(
            FieldChange(name, "in clear", {SEALED: name_of(value)})
            for name, value in desired.wanted.fields.items()
            if is_reference(value) and not is_sealed(entry.fields.get(name))
        ),
    ]
    return tuple(change for change in changes if change.old != change.new)


def _first(desired: ApiDesired, seen: Comparison, reason: ApiReason) -> tuple[ApiChange, list[Note]]:
    """Nothing of it is known to exist: adopt what the YAML names, recognize an interrupted create, or create."""
    recorded = seen.entry.id if seen.entry else ""
    if seen.adopt and seen.adopt != recorded:
        return _adopt(desired, seen), []
    intent = seen.entry.intent if seen.entry else None
    begun = None if intent is None else seen.objects.twin(desired.api, intent.fields, seen.sealer)
    if begun is not None:
        return _take(desired, seen, begun, Reason.INTERRUPTED), []
    fields = _fields(desired, seen, {}, None)
    own = desired.api.own_id(desired.wanted.fields)
    if seen.entry is not None and (why := undecided(seen.entry, seen.objects, desired.address, own)):
        return _change(desired, Action.CREATE, reason, fields=fields, blocked=why), []
    twin = (
        None
        if desired.api.sends
        else seen.objects.twin(desired.api, seen.sealer.wanted(desired.wanted.fields), seen.sealer)
    )
    if twin is None and (why := _archived(desired, seen)):
        return _change(desired, Action.CREATE, reason, fields=fields, blocked=why), []
    if twin is None:
        change = _change(desired, _creating(desired.api), reason, fields=fields, id=recorded)
        return change, _unknown_secrets(desired, seen, {})
    way_out = f"environments.NAME.adopt: {{{desired.address}: {{id: {twin.id}}}}}"
    blocked = f"Attentive has this already and it isn't recorded here; to take it over, write {way_out}"
    return _change(desired, Action.CREATE, reason, fields=fields, blocked=blocked), []


def _archived(desired: ApiDesired, seen: Comparison) -> str:
    """Why it can't be created, where it was archived before and keeps its id; empty where it can."""
    own = desired.api.own_id(desired.wanted.fields)
    if not own or own not in seen.objects.archived:
        return ""
    day = seen.objects.archived[own].partition("T")[0]
    when = f" on {day}" if day else ""
    return (
        f"“{own}” was archived{when}, and Attentive keeps its id; have it restored in Attentive, then write "
        f"environments.NAME.adopt: {{{desired.address}: {{id: {own}}}}}, or declare it with another id"
    )


def _adopt(desired: ApiDesired, seen: Comparison) -> ApiChange:
    """Take over what the YAML names, where it can be looked at and no one else has it."""
    live_object = seen.live(seen.adopt)
    blocked = ""
    if seen.adopt in seen.objects.taken:
        blocked = f"another address has the id {seen.adopt} recorded; one object at Attentive is one resource"
    elif seen.objects.unreadable:
        blocked = "Attentive's list couldn't be read, and what can't be looked at isn't taken over"
    elif seen.objects.listed is not None and live_object is None:
        blocked = f"Attentive lists nothing with the id {seen.adopt}"
    if live_object is None or blocked:
        return _change(desired, Action.ADOPT, Reason.ADOPTED, id=seen.adopt, blocked=blocked)
    return _take(desired, seen, live_object, Reason.ADOPTED)


def _take(desired: ApiDesired, seen: Comparison, live: LiveObject, reason: ApiReason) -> ApiChange:
    """Record a live object as ours, and change what differs."""
    shown = seen.sealer.like(live.fields, desired.wanted.fields, {})
    # What the API can't show of something that it only takes is trusted: sending it again wouldn't change it.
    existing = {**seen.sealer.wanted(desired.wanted.fields), **shown} if desired.api.sends else shown
    fields = _fields(desired, seen, existing, existing)
    details = {"id": live.id, "before": _shown(existing), "fingerprint": digest(shown)}
    return _change(desired, Action.ADOPT, reason, fields=fields, blocked=_locked(desired.api, fields), **details)


def likeness(api: ApiActions, fields: Mapping[str, Any], sealer: Sealer) -> tuple[str, ...] | None:
    """By what an object is recognized, as keyed hashes; ``None`` where nothing is, or a secret's value isn't known."""
    marks = tuple(sealer.mark(fields.get(name)) for name in api.alike)
    return marks if marks and all(marks) else None


def _live(desired: ApiDesired, seen: Comparison) -> dict[str, Any] | None:
    assert seen.entry is not None
    live = seen.live(seen.entry.id)
    return None if live is None else seen.sealer.like(live.fields, desired.wanted.fields, seen.entry.fields)


def _fields(
    desired: ApiDesired, seen: Comparison, existing: Mapping[str, Any], live: Mapping[str, Any] | None
) -> tuple[FieldChange, ...]:
    """The wanted fields that differ; what the API reports beyond them isn't ours to compare."""
    aim = desired.api.aim(seen.sealer.wanted(desired.wanted.fields), existing)
    changes: list[FieldChange] = []
    for name, value in aim.items():
        if name not in existing or same(value, existing[name]) is False:
            provenance = Provenance.LIVE if live is not None and name in live else Provenance.RECORDED
            changes.append(FieldChange(name, visible(existing.get(name)), visible(value), provenance))
    return tuple(changes)


def _unknown_secrets(desired: ApiDesired, seen: Comparison, existing: Mapping[str, Any]) -> list[Note]:
    """Secrets whose value isn't known here: said, never guessed."""
    if not existing:
        return []
    sealed = seen.sealer.wanted(desired.wanted.fields)
    unknown = [
        value[SEALED] for name, value in sealed.items() if is_sealed(value) and not value["hash"] and name in existing
    ]
    return [
        Note(desired.address, f"{name} isn't set here, so its field wasn't compared", f"set {name} and plan again")
        for name in unknown
    ]


def _shown(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: visible(value) for name, value in fields.items()}


def _locked(api: ApiActions, fields: tuple[FieldChange, ...]) -> str:
    return api.locked(frozenset(field_change.path for field_change in fields))


def _creating(api: ApiActions) -> ApiAction:
    return Action.SEND if api.sends else Action.CREATE


def _learned(desired: ApiDesired, entry: Entry, learned: tuple[FieldChange, ...]) -> RecordChange:
    return RecordChange(
        address=desired.address,
        kind=desired.kind.name,
        reason=Reason.PROTECT if learned[0].path == "protect" else Reason.RECORD,
        fields=learned,
        wanted=desired.wanted.fields,
        payload=desired.payload,
        id=entry.id,
        app=desired.wanted.app,
        depends_on=desired.wanted.depends_on,
        protect=desired.wanted.protect,
    )


def _change(desired: ApiDesired, action: ApiAction, reason: ApiReason, **known: Any) -> ApiChange:
    return ApiChange(
        address=desired.address,
        kind=desired.kind.name,
        action=action,
        reason=reason,
        wanted=desired.wanted.fields,
        payload=desired.payload,
        app=desired.wanted.app,
        depends_on=desired.wanted.depends_on,
        protect=desired.wanted.protect,
        irreversible=desired.api.irreversible if action is Action.SEND else "",
        **known,
    )
