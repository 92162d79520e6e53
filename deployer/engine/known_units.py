"""What people bring about where nothing exists, perhaps as an earlier plan found it: then nothing is read for it."""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from deployer.kinds.base import Unit
from deployer.kinds.lazy import LazyFields
from deployer.state.tasks import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from deployer.kinds.base import Fields
    from deployer.project import Project

_CONTEXT = "context"
_DEFAULTS = {
    field.name: field.default if field.default_factory is MISSING else field.default_factory()
    for field in fields(Unit)
    if field.name != _CONTEXT
}
"""The fields of a unit that are kept, with their defaults. Its context is made when it is looked at."""


def known_units(project: Project, address: str, fresh: Callable[[], Sequence[Unit]]) -> tuple[Unit, ...]:
    """The units of a resource of which nothing exists; ``fresh`` makes them."""
    made: list[Unit] = []

    def make() -> list[Any]:
        made.extend(fresh())
        return _rows(made)

    rows = project.known_declaration("units", address, make)
    if rows is None:
        return tuple(fresh())
    return tuple(made) or _of_rows(rows, cache(lambda: {unit.key: unit.context for unit in fresh()}))


def _rows(units: Sequence[Unit]) -> list[dict[str, Any]]:
    """Units as JSON, in which a snapshot of what other units bring about is the list of their slots."""
    values = {unit.settles: unit.value for unit in units}
    return [_row(unit, values) for unit in units]


def _row(unit: Unit, values: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: getattr(unit, name) for name, default in _DEFAULTS.items() if getattr(unit, name) != default}
    row = {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}
    if unit.effect is not Effect.DRAFT:
        row["effect"] = unit.effect.value
    snapshot = unit.snapshot
    if snapshot is not None and all(slot in values and values[slot] is value for slot, value in snapshot.items()):
        row["snapshot"] = list(snapshot)
    if isinstance(unit.context, LazyFields) or unit.context:
        row[_CONTEXT] = True
    return row


def _of_rows(rows: Sequence[dict[str, Any]], contexts: Callable[[], Mapping[str, Fields]]) -> tuple[Unit, ...]:
    values = {row.get("slot") or row["key"]: row["value"] for row in rows}
    return tuple(_of_row(row, values, contexts) for row in rows)


def _of_row(row: Mapping[str, Any], values: Mapping[str, Any], contexts: Callable[[], Mapping[str, Fields]]) -> Unit:
    known = dict(row)
    for name in ("needs", "hidden"):
        if name in known:
            known[name] = tuple(known[name])
    if "effect" in known:
        known["effect"] = Effect(known["effect"])
    if isinstance(known.get("snapshot"), list):
        known["snapshot"] = {slot: values[slot] for slot in known["snapshot"]}
    if _CONTEXT in known:
        known[_CONTEXT] = LazyFields(partial(_context, contexts, known["key"]))
    return Unit(**known)


def _context(contexts: Callable[[], Mapping[str, Fields]], key: str) -> Fields:
    return contexts()[key]
