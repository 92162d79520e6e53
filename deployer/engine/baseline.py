"""Taking over what runs already: recording that a resource stands as declared, without building it twice.

Where there is text, what Attentive's composer shows is pasted and compared first.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deployer.engine.confirm import ConfirmError, Statement, settle
from deployer.engine.desired import Desired, desired, units
from deployer.engine.people import open_tasks
from deployer.engine.secrets import Sealer
from deployer.source import suggest
from deployer.state.model import Effect, Entry, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.base import Unit
    from deployer.project import Project
    from deployer.state.model import TaskRecord


@dataclass(frozen=True, slots=True)
class Taken:
    """What a baseline recorded: the ids of tasks that count as done, or the addresses that count as sent."""

    state: State
    recorded: tuple[str, ...]


def baseline(
    project: Project, state: State, address: str, text: str | None, said: Statement, environ: Mapping[str, str]
) -> Taken:
    """Record that ``address`` stands at Attentive as declared.

    ``text`` is what the composer shows now. Raises ``ConfirmError`` where text is needed and missing or differs, where
    the API can list the resource (it is adopted instead), or where nothing of this address can be taken over.
    """
    everything = desired(project)
    one = next((found for found in everything if found.address == address), None)
    if one is None:
        return _source(project, state, everything, address, text, said)
    if one.wanted.by == "person":
        return _person(project, state, one, text, said)
    return _sent(state, one, said, environ)


def _sent(state: State, one: Desired, said: Statement, environ: Mapping[str, str]) -> Taken:
    assert one.kind.api is not None
    if not one.kind.api.sends or one.kind.api.read is not None:
        way = f"environments.NAME.adopt: {{{one.address}: {{id: …}}}}" if not one.kind.api.sends else "`deployer apply`"
        raise ConfirmError(f"{one.address} can be read through Attentive's API", f"take it over with {way} instead")
    entry = state.entry(one.address) or Entry(kind=one.kind.name, by="api")
    fields = one.kind.api.aim(Sealer(state.lineage, environ).wanted(one.wanted.fields), entry.fields)
    recorded = replace(
        entry, fields=fields, app=one.wanted.app, protect=one.wanted.protect, depends_on=one.wanted.depends_on
    )
    return Taken(state.with_entry(one.address, replace(recorded, changed_at=said.at)), (one.address,))


def _person(project: Project, state: State, one: Desired, text: str | None, said: Statement) -> Taken:
    entry = state.entry(one.address)
    stands = entry.stands if entry else {}
    found = units(one, project, stands)
    pending = [unit for unit in found if unit.composer and not unit.review and stands.get(unit.settles) != unit.value]
    sources = sorted({unit.source for unit in pending})
    if len(sources) > 1 or (sources and text is None):
        commands = "; ".join(f"deployer baseline {source} --text FILE" for source in sources)
        raise ConfirmError(
            f"the texts of {one.address} must be compared first", f"paste what Attentive shows: {commands}"
        )
    for unit in pending:
        _compare(unit, text or "")
    return _settle_all(state, one, found, said)


def _source(
    project: Project, state: State, everything: tuple[Desired, ...], address: str, text: str | None, said: Statement
) -> Taken:
    """A message: its text is compared, and each step that sends it counts as set."""
    recorded: list[str] = []
    for one in everything:
        if one.wanted.by != "person":
            continue
        entry = state.entry(one.address)
        chosen = [unit for unit in units(one, project, entry.stands if entry else {}) if unit.source == address]
        if not chosen:
            continue
        if text is None and any(unit.composer for unit in chosen):
            raise ConfirmError(f"{address} has text", "paste what Attentive's composer shows: --text FILE, or --text -")
        for unit in chosen:
            if unit.composer:
                _compare(unit, text or "")
        taken = _settle_all(state, one, tuple(chosen), said)
        state, recorded = taken.state, [*recorded, *taken.recorded]
    if not recorded:
        near = suggest(address, [*project.resources])
        known = address in project.resources
        message = f"nothing of {address} is left to take over" if known else f"{address} isn't declared"
        raise ConfirmError(
            message, f"did you mean {near}?" if near and not known else "`deployer plan` shows what is open"
        )
    return Taken(state, tuple(recorded))


def _settle_all(state: State, one: Desired, chosen: tuple[Unit, ...], said: Statement) -> Taken:
    entry = state.entry(one.address) or Entry(kind=one.kind.name, by="person")
    tasks = [task for task in open_tasks(one.address, chosen, entry) if task.confirmable]
    for task in sorted(tasks, key=_order):
        entry = settle(entry, task, said, how="baseline")
    entry = replace(entry, depends_on=one.wanted.depends_on, protect=one.wanted.protect)
    return Taken(state.with_entry(one.address, entry) if tasks else state, tuple(task.id for task in tasks))


def _order(task: TaskRecord) -> tuple[bool, bool]:
    """Parts first, then what makes them live, then the proof."""
    return task.effect is Effect.PUBLISH or task.proof, task.proof


def _compare(unit: Unit, pasted: str) -> None:
    """The pasted text is the declared one, but for line endings and white space at the very end."""
    shown = "\n".join(pasted.removeprefix("\ufeff").splitlines()).rstrip()
    declared = unit.composer.rstrip()
    if shown == declared:
        return
    lines = difflib.unified_diff(
        shown.splitlines(), declared.splitlines(), "in Attentive", "declared", lineterm="", n=1
    )
    difference = "\n".join(lines)
    raise ConfirmError(
        f"the text in Attentive isn't the declared one of {unit.source}:\n{difference}",
        "change the YAML to what runs, or set the text in Attentive with `deployer apply` and its task",
    )
