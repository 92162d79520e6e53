"""Taking over what runs already: recording that a resource exists as declared, without building it twice.

Where there is text, what Attentive's composer shows is pasted and compared first.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, assert_never

from deployer.dataclass import dataclass
from deployer.engine.baseline_units import RunState, built_units, settle_all
from deployer.engine.confirm import ConfirmError, Statement
from deployer.engine.desired import ApiDesired, Desired, PersonDesired, desired
from deployer.engine.pasted import Difference, compare
from deployer.source import did_you_mean, same_letters
from deployer.source.secret import Sealer
from deployer.state.model import Entry, State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.kinds.base import Unit
    from deployer.project import Project


class DifferentTextError(ConfirmError):
    """What Attentive shows isn't what the YAML says; ``differences`` has each text. Nothing was recorded."""

    def __init__(self, differences: tuple[Difference, ...]) -> None:
        named = " and ".join(f"{difference.part} of {difference.source}" for difference in differences)
        super().__init__(
            f"what Attentive shows isn't the declared {named}",
            "change the YAML to what runs, or set the text in Attentive with `deployer apply` and its task",
        )
        self.differences = differences


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a person copied out of the composer: ``main`` is its text, ``parts`` its other fields by name."""

    main: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)

    def of(self, unit: Unit, part: str) -> str | None:
        """What was pasted for one part of a unit, if anything."""
        if part in self.parts:
            return self.parts[part]
        return self.main if unit.texts[part] == unit.composer else None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a baseline recorded: the ids of tasks that count as done, or the addresses that count as sent."""

    state: State
    recorded: tuple[str, ...]


def baseline(
    project: Project,
    state: State,
    address: str,
    pasted: Pasted,
    statement: Statement,
    environ: Mapping[str, str],
    standing: RunState = "",
) -> Taken:
    """Record that ``address`` exists at Attentive as declared.

    ``standing`` says whether it runs there, where that isn't what the YAML declares. Raises ``ConfirmError`` where text
    is needed and missing, where the API can list the resource (it is adopted instead), or where nothing of this address
    can be taken over; ``DifferentTextError`` where Attentive shows another text.
    """
    everything = desired(project)
    resource = next((candidate for candidate in everything if candidate.address == address), None)
    if resource is None:
        return _source(project, state, everything, address, pasted, statement)
    match resource:
        case PersonDesired():
            return _person(project, state, resource, pasted, statement, standing)
        case ApiDesired():
            return take_sent(state, resource, statement, environ)
        case _:
            assert_never(resource)


def take_sent(state: State, api_desired: ApiDesired, statement: Statement, environ: Mapping[str, str]) -> Taken:
    """Record that what the API never shows (an event type) was sent; raises ``ConfirmError`` for what it lists."""
    if api_desired.api.read is not None:
        way = f"environments.NAME.adopt: {{{api_desired.address}: {{id: …}}}}, which `deployer import` writes"
        raise ConfirmError(f"{api_desired.address} can be read through Attentive's API", f"take it over with {way}")
    entry = state.entry(api_desired.address) or Entry(kind=api_desired.kind.name, by="api")
    fields = api_desired.api.aim(Sealer(state.lineage, environ).wanted(api_desired.wanted.fields), entry.fields)
    recorded = replace(
        entry,
        fields=fields,
        app=api_desired.wanted.app,
        protect=api_desired.wanted.protect,
        depends_on=api_desired.wanted.depends_on,
    )
    return Taken(
        state.with_entry(api_desired.address, replace(recorded, changed_at=statement.at)), (api_desired.address,)
    )


def _person(
    project: Project,
    state: State,
    person_desired: PersonDesired,
    pasted: Pasted,
    statement: Statement,
    standing: RunState,
) -> Taken:
    built = built_units(person_desired, project, state, standing, at=statement.at)
    existing = built.existing
    new = [unit for unit in built.units if not same_letters(existing.get(unit.settles), unit.value)]
    pending = [unit for unit in (*new, *built.old) if unit.texts and not unit.review]
    sources = sorted({unit.source for unit in pending})
    if len(sources) > 1 or (sources and pasted == Pasted()):
        raise ConfirmError(
            f"the texts of {person_desired.address} must be compared first: {', '.join(sources)}",
            _how(person_desired, sources, project),
        )
    check_texts(pending, pasted)
    return Taken(*settle_all(state, person_desired, built, statement))


def _how(resource: Desired, sources: Sequence[str], project: Project) -> str:
    """How the texts of a resource are handed over: one by itself, several in a folder."""
    where = f"--env {project.environment.name}"
    if len(sources) == 1:
        return f"paste what Attentive shows: `deployer baseline {resource.address} --text FILE {where}`"
    names = ", ".join(f"{source.partition('.')[2]}.txt" for source in sources)
    folder = f"`deployer baseline {resource.address} --all DIR {where}`"
    return f"paste what Attentive shows into files ({names}; an email's .html, .subject.txt and so on): {folder}"


def _source(
    project: Project, state: State, everything: tuple[Desired, ...], address: str, pasted: Pasted, statement: Statement
) -> Taken:
    """A message: its text is compared, and each step that sends it counts as set, where its resource exists."""
    recorded: list[str] = []
    unbuilt: list[str] = []
    for person_desired in everything:
        if not isinstance(person_desired, PersonDesired):
            continue
        built = built_units(person_desired, project, state, "", at=statement.at)
        chosen = [unit for unit in built.units if unit.source == address]
        if chosen and built.lacks(chosen[0]):
            unbuilt.append(person_desired.address)
        elif chosen:
            check_texts(chosen, pasted)
            taken = Taken(*settle_all(state, person_desired, replace(built, units=tuple(chosen), off=False), statement))
            state, recorded = taken.state, [*recorded, *taken.recorded]
    if not recorded:
        raise _nothing(project, address, unbuilt)
    return Taken(state, tuple(recorded))


def _nothing(project: Project, address: str, unbuilt: Sequence[str]) -> ConfirmError:
    where = f"--env {project.environment.name}"
    if address not in project.resources:
        hint = did_you_mean(address, project.resources) or f"`deployer plan {where}` shows what is open"
        return ConfirmError(f"{address} isn't declared", hint)
    if unbuilt:
        message = f"{address} is sent by {', '.join(unbuilt)}, which isn't recorded as built"
        return ConfirmError(message, f"take that over as a whole: `deployer baseline {unbuilt[0]} --all DIR {where}`")
    return ConfirmError(f"nothing of {address} is left to take over", f"`deployer plan {where}` shows what is open")


def check_texts(units: Sequence[Unit], pasted: Pasted) -> None:
    """Every text of the units was pasted and is the declared one; raises ``ConfirmError``."""
    differences: dict[tuple[str, str], Difference] = {}
    for unit in units:
        if unit.review:
            continue
        missing = [part for part in unit.texts if pasted.of(unit, part) is None]
        if missing:
            raise ConfirmError(f"{unit.source} has text", _paste(unit, missing))
        for part, declared in unit.texts.items():
            difference = compare(unit.source, part, pasted.of(unit, part) or "", declared)
            if difference is not None:
                differences[difference.source, difference.part] = difference
    if differences:
        raise DifferentTextError(tuple(differences.values()))


def _paste(unit: Unit, missing: Sequence[str]) -> str:
    options = ["--text FILE" if unit.texts[part] == unit.composer else f"--part {part}=FILE" for part in missing]
    return f"paste what Attentive's composer shows: {' '.join(options)}"
