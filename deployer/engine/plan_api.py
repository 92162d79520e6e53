"""The API's part of the plan: one resource against what is recorded and what is live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployer.engine.plan import Action, Change, FieldChange, Note, Provenance
from deployer.engine.secrets import SEALED, Sealer, is_reference, is_sealed, same
from deployer.source import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deployer.engine.desired import Desired
    from deployer.kinds.actions import ApiActions
    from deployer.kinds.base import LiveObject
    from deployer.state.model import Entry


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison knows: the record, the kind's live objects (``None``: not known), and how secrets are sealed.

    ``unreadable``: Attentive was asked for the live objects and didn't show them. ``taken`` are Attentive's ids that
    other addresses of the kind have recorded; ``adopt`` is the id that the YAML says to take over.
    """

    entry: Entry | None
    listed: tuple[LiveObject, ...] | None
    sealer: Sealer
    taken: frozenset[str] = frozenset()
    adopt: str = ""
    unreadable: bool = False


def plan_object(one: Desired, seen: Comparison) -> tuple[Change | None, list[Note]]:
    """The change for one resource that the API brings about, and what should be said about it."""
    assert one.kind.api is not None
    if seen.entry is None or (not seen.entry.id and not seen.entry.fields):
        return _first(one, one.kind.api, seen, "new")
    live = _live(one, seen)
    if seen.listed is not None and live is None and seen.entry.id:
        return _first(one, one.kind.api, seen, "gone")
    elsewhere, said = _adopts_another(one, seen, seen.entry)
    if elsewhere is not None:
        return elsewhere, []
    stands = {**seen.entry.fields, **(live or {})}
    fields = _fields(one, seen, stands, live)
    notes = [*said, *_unknown_secrets(one, seen, stands)]
    fingerprint = digest(live) if live is not None else ""
    if fields:
        action = Action.SEND if one.kind.api.sends else Action.UPDATE
        told = {"before": _shown(stands), "id": seen.entry.id, "fingerprint": fingerprint}
        return _change(one, action, "changed", fields=fields, blocked=_locked(one.kind.api, fields), **told), notes
    learned = (*_record_changes(one, seen.entry), *_caught_up(one, seen.entry, live or {}))
    if learned:
        reason = "protect" if learned[0].path == "protect" else "record"
        return _change(one, Action.UPDATE, reason, fields=learned, id=seen.entry.id, record_only=True), notes
    return None, notes


def _adopts_another(one: Desired, seen: Comparison, entry: Entry) -> tuple[Change | None, list[Note]]:
    """An adopt entry that names another object than the recorded one: blocked while that exists, else only said."""
    if seen.adopt in {"", entry.id} or not entry.id:
        return None, []
    why = f"recorded here is {entry.id}, but `adopt` names {seen.adopt}"
    if any(live.id == seen.adopt for live in seen.listed or ()):
        way = f"correct the entry, or let go of the record with `deployer state rm {one.address}` and plan again"
        return _change(one, Action.ADOPT, "adopted", id=seen.adopt, blocked=f"{why}; {way}"), []
    hint = f"take {one.address} out of `adopt` in deployer.yaml, or correct its id"
    return None, [Note(one.address, why, hint)]


def _caught_up(one: Desired, entry: Entry, live: Mapping[str, Any]) -> Iterator[FieldChange]:
    """What stands at Attentive as wanted while the record tells otherwise: a change whose answer was lost."""
    for name in one.wanted.fields:
        recorded = entry.fields.get(name)
        if name in live and is_sealed(recorded) == is_sealed(live[name]) and same(live[name], recorded) is False:
            yield FieldChange(name, "another value" if is_sealed(recorded) else recorded, _visible(live[name]))


def _record_changes(one: Desired, entry: Entry) -> tuple[FieldChange, ...]:
    """What only the record has to learn: protection, who brings it about, and that a value is a secret now."""
    changes = [
        FieldChange("protect", entry.protect, one.wanted.protect),
        FieldChange("by", entry.by, "api"),
        *(
            FieldChange(name, "in clear", _visible({SEALED: value["$env"], "hash": ""}))
            for name, value in one.wanted.fields.items()
            if is_reference(value) and not is_sealed(entry.fields.get(name))
        ),
    ]
    return tuple(change for change in changes if change.old != change.new)


def _first(one: Desired, api: ApiActions, seen: Comparison, reason: str) -> tuple[Change | None, list[Note]]:
    """Nothing of it is known to stand: adopt what the YAML names, recognise an interrupted create, or create."""
    recorded = seen.entry.id if seen.entry else ""
    if seen.adopt and seen.adopt != recorded:
        return _adopt(one, seen), []
    intent = seen.entry.intent if seen.entry else None
    begun = None if intent is None else _twin(api, intent.fields, seen)
    if begun is not None:
        return _take(one, seen, begun, "interrupted"), []
    fields = _fields(one, seen, {}, None)
    if intent is not None and seen.unreadable:
        blocked = "creating it was begun before, and Attentive's list couldn't be read to see what became of that"
        return _change(one, Action.CREATE, reason, fields=fields, blocked=blocked), []
    twin = None if api.sends else _twin(api, seen.sealer.wanted(one.wanted.fields), seen)
    if twin is None:
        return _change(one, _creating(api), reason, fields=fields), _unknown_secrets(one, seen, {})
    way_out = f"environments.NAME.adopt: {{{one.address}: {{id: {twin.id}}}}}"
    blocked = f"Attentive has this already and it isn't recorded here; to take it over, write {way_out}"
    return _change(one, Action.CREATE, reason, fields=fields, blocked=blocked), []


def _adopt(one: Desired, seen: Comparison) -> Change:
    """Take over what the YAML names, where it can be looked at and nobody else has it."""
    found = next((live for live in seen.listed or () if live.id == seen.adopt), None)
    blocked = ""
    if seen.adopt in seen.taken:
        blocked = f"another address has the id {seen.adopt} recorded; one object at Attentive is one resource"
    elif seen.unreadable:
        blocked = "Attentive's list couldn't be read, and what can't be looked at isn't taken over"
    elif seen.listed is not None and found is None:
        blocked = f"Attentive lists nothing with the id {seen.adopt}"
    if found is None or blocked:
        return _change(one, Action.ADOPT, "adopted", id=seen.adopt, blocked=blocked)
    return _take(one, seen, found, "adopted")


def _take(one: Desired, seen: Comparison, live: LiveObject, reason: str) -> Change:
    """Record a live object as ours, and change what differs."""
    assert one.kind.api is not None
    shown = seen.sealer.like(live.fields, one.wanted.fields, {})
    # What the API can't show of something that it is only told is trusted: sending it again wouldn't change it.
    stands = {**seen.sealer.wanted(one.wanted.fields), **shown} if one.kind.api.sends else shown
    fields = _fields(one, seen, stands, stands)
    told = {"id": live.id, "before": _shown(stands), "fingerprint": digest(shown)}
    return _change(one, Action.ADOPT, reason, fields=fields, blocked=_locked(one.kind.api, fields), **told)


def _twin(api: ApiActions, intended: Mapping[str, Any], seen: Comparison) -> LiveObject | None:
    free = [live for live in seen.listed or () if live.id not in seen.taken]
    return find_twin(api, intended, free, seen.sealer)


def find_twin(
    api: ApiActions, intended: Mapping[str, Any], listed: Iterable[LiveObject], sealer: Sealer
) -> LiveObject | None:
    """The live object that is like the intended fields (secrets sealed), if there is one."""
    for live in listed:
        sealed = sealer.like(live.fields, {}, intended)
        if api.same(_comparable(sealed), _comparable(intended)):
            return live
    return None


def _comparable(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value["hash"] if is_sealed(value) else value for name, value in fields.items()}


def _live(one: Desired, seen: Comparison) -> dict[str, Any] | None:
    assert seen.entry is not None
    for live in seen.listed or ():
        if live.id == seen.entry.id:
            return seen.sealer.like(live.fields, one.wanted.fields, seen.entry.fields)
    return None


def _fields(
    one: Desired, seen: Comparison, stands: Mapping[str, Any], live: Mapping[str, Any] | None
) -> tuple[FieldChange, ...]:
    """The wanted fields that differ; what the API reports beyond them isn't ours to compare."""
    assert one.kind.api is not None
    aim = one.kind.api.aim(seen.sealer.wanted(one.wanted.fields), stands)
    changes: list[FieldChange] = []
    for name, value in aim.items():
        if name not in stands or same(value, stands[name]) is False:
            provenance = Provenance.LIVE if live is not None and name in live else Provenance.RECORDED
            changes.append(FieldChange(name, _visible(stands.get(name)), _visible(value), provenance))
    return tuple(changes)


def _unknown_secrets(one: Desired, seen: Comparison, stands: Mapping[str, Any]) -> list[Note]:
    """Secrets whose value isn't known here: said, never guessed."""
    sealed = seen.sealer.wanted(one.wanted.fields)
    unknown = [
        value[SEALED] for name, value in sealed.items() if is_sealed(value) and not value["hash"] and name in stands
    ]
    return [
        Note(one.address, f"{name} isn't set here, so its field wasn't compared", f"set {name} and plan again")
        for name in unknown
    ]


def _visible(value: Any) -> Any:
    return {SEALED: value[SEALED]} if is_sealed(value) else value


def _shown(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _visible(value) for name, value in fields.items()}


def _locked(api: ApiActions, fields: tuple[FieldChange, ...]) -> str:
    return api.locked(frozenset(one.path for one in fields))


def _creating(api: ApiActions) -> Action:
    return Action.SEND if api.sends else Action.CREATE


def _change(one: Desired, action: Action, reason: str, **known: Any) -> Change:
    assert one.kind.api is not None
    return Change(
        address=one.address,
        kind=one.kind.name,
        action=action,
        by="api",
        reason=reason,
        wanted=one.wanted.fields,
        payload=one.payload,
        app=one.wanted.app,
        depends_on=one.wanted.depends_on,
        protect=one.wanted.protect,
        irreversible=one.kind.api.irreversible if action is Action.SEND else "",
        **known,
    )
