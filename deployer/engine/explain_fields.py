"""Each field of a change: from what to what, how the old value is known, and where the new one is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.engine.changes import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.engine.changes import Change, FieldChange
    from deployer.project import Project
    from deployer.source import Position
    from deployer.state.model import Confirmation, Entry, State


@dataclass(frozen=True, slots=True)
class Source:
    """A place in the user's files: ``path`` from the project's folder, line and column from 1."""

    path: str
    line: int
    column: int

    @classmethod
    def at(cls, position: Position) -> Source:
        """The place that a position names."""
        return cls(position.path, position.line, position.column)

    def __str__(self) -> str:
        """As editors and terminals write it: ``journeys.yaml:7``."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class ExplainedField:
    """One value from old to new; ``known`` says in words how the old one is known, ``written`` where the new one is."""

    path: str
    old: Any
    new: Any
    provenance: Provenance
    known: str
    written: tuple[Source, ...] = ()


def explained_fields(project: Project, state: State, change: Change) -> tuple[ExplainedField, ...]:
    """The fields of a change, a mapping taken apart into what differs within it."""
    entry = next((recorded for touch in change.touches if (recorded := state.entry(touch))), None)
    return tuple(
        ExplainedField(
            path, old, new, field.provenance, _known(field, old, entry), sources(project, change.address, path)
        )
        for field in change.fields
        for path, old, new in _leaves(field.path, field.old, field.new)
    )


def _leaves(path: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if not _opens(old) or not _opens(new) or (old is None and new is None):
        yield path, old, new
        return
    before, after = old or {}, new or {}
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield f"{path}.{key}", before.get(key), after.get(key)


def _opens(value: Any) -> bool:
    """Whether a value is shown field by field; a secret is one value."""
    return value is None or (isinstance(value, Mapping) and not any(key.startswith("$") for key in value))


def _known(field_change: FieldChange, old: Any, entry: Entry | None) -> str:
    if old is None and field_change.provenance is not Provenance.LIVE:
        return "no value is known"
    if field_change.provenance is Provenance.LIVE:
        return "Attentive shows it now" if old is not None else "Attentive shows nothing"
    confirmation = _confirmation(field_change.path, entry)
    if confirmation is not None:
        day = f" on {confirmation.at.partition('T')[0]}" if confirmation.at else ""
        return f"{confirmation.how}{f' by {confirmation.by}' if confirmation.by else ''}{day}"
    day = f", last on {entry.changed_at.partition('T')[0]}" if entry and entry.changed_at else ""
    return f"{field_change.provenance.value}{day}"


def _confirmation(path: str, entry: Entry | None) -> Confirmation | None:
    """Who confirmed the slot's value: the longest slot whose name the path begins with."""
    confirmations = entry.confirmations if entry else {}
    slots = [slot for slot in confirmations if path == slot or path.startswith(f"{slot}.")]
    return confirmations[max(slots, key=len)] if slots else None


def sources(project: Project, address: str, path: str) -> tuple[Source, ...]:
    """Where the wanted value of a field is written; empty where the address isn't declared."""
    resource = project.resources.get(address)
    if resource is None:
        return ()
    places: list[Source] = []
    for mention in resource.kind.mentions(resource.model, project, path):
        if mention.file:
            places.append(Source(mention.file, mention.line, 1))
        elif mention.address in project.resources:
            places.append(Source.at(project.resources[mention.address].locate(mention.pointer)))
    return tuple(dict.fromkeys(places))


def file_of(project: Project, address: str, path: str) -> str:
    """The file that the wanted value of a field is the text of; empty where it is in the YAML, or isn't declared."""
    resource = project.resources.get(address)
    if resource is None:
        return ""
    mentions = resource.kind.mentions(resource.model, project, path)
    return next((mention.file for mention in mentions if mention.whole), "")
