"""Taking over everything that runs already, from a folder of texts that people copied out of Attentive's composer."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal

from deployer.dataclass import dataclass
from deployer.engine.baseline import take_sent
from deployer.engine.baseline_units import built_units, settle_all
from deployer.engine.desired import PersonDesired, desired
from deployer.engine.pasted import Difference, compare
from deployer.source import same_letters

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from deployer.engine.baseline_units import BuiltUnits
    from deployer.engine.confirm import Statement
    from deployer.engine.desired import Desired
    from deployer.kinds.base import Unit
    from deployer.project import Project
    from deployer.state.model import State

SUFFIXES = {"text": ".txt", "html": ".html"}
"""How the file of a part ends; any other part is written ``.PART.txt`` (``.subject.txt``)."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One text of one step: its file (where there is none, the name that was looked for), and what came of it.

    ``id`` is the task that sets it, ``source`` the address that the text comes from.
    """

    id: str
    source: str
    part: str
    file: str
    outcome: Literal["same", "differs", "missing", "unreadable"]
    difference: Difference | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """What is in the folder: the texts by file name, and the files that couldn't be read, with the reason."""

    texts: Mapping[str, str]
    unreadable: Mapping[str, str] = field(default_factory=dict)

    def find(self, names: tuple[str, ...]) -> str:
        """The first of these names that is there; empty where none is."""
        return next((name for name in names if name in self.texts or name in self.unreadable), "")


@dataclass(frozen=True, slots=True)
class TakenAll:
    """What was recorded, each address as a whole; what was recorded ``already``; every text; and what is left.

    ``unused`` are files that belong to no text; ``left`` are addresses that have no text to compare, with the reason.
    """

    state: State
    recorded: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = ()
    unused: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a text differs, is missing, or couldn't be read."""
        return any(compared.outcome != "same" for compared in self.compared)


def take_all(
    project: Project,
    state: State,
    folder: Folder,
    statement: Statement,
    environ: Mapping[str, str],
    only: Collection[str] = (),
) -> TakenAll:
    """Compare every text with its file, and record each resource whose texts are all the declared ones.

    With them the event types that they hang on are recorded, without sending: that they run proves that these are
    there. ``only`` narrows it to some addresses.
    """
    everything = desired(project)
    result = TakenAll(state)
    for resource in everything:
        if isinstance(resource, PersonDesired) and (not only or resource.address in only):
            result = _take(result, resource, project, folder, statement)
    running = {*result.recorded, *result.already}
    needed = {address for each in everything if each.address in running for address in each.wanted.depends_on}
    for resource in everything:
        if resource.address in needed and _never_listed(resource):
            result = _take_event(result, resource, project, statement, environ)
    looked_at = {each.file for each in result.compared}
    unused = tuple(sorted(({*folder.texts, *folder.unreadable}) - looked_at)) if not only else ()
    return replace(result, unused=unused)


def _take(
    result: TakenAll, person_desired: PersonDesired, project: Project, folder: Folder, statement: Statement
) -> TakenAll:
    built = built_units(person_desired, project, result.state, "", at=statement.at)
    texts = [unit for unit in built.units if unit.texts and not unit.review]
    after, tasks = settle_all(result.state, person_desired, built, statement)
    if not texts:
        command = f"deployer baseline {person_desired.address} --env {project.environment.name}"
        why = f"it has no text to compare; `{command}` records it"
        return (
            replace(result, left=(*result.left, (person_desired.address, why)))
            if tasks and not _never_listed(person_desired)
            else result
        )
    compared = tuple(each for unit in texts for each in _compare(person_desired, unit, built, folder))
    if not built.runs and compared and all(each.outcome == "missing" for each in compared):
        why = "it isn't declared to run, and none of its texts was found; perhaps it was never built"
        return replace(result, left=(*result.left, (person_desired.address, why)))
    result = replace(result, compared=(*result.compared, *compared))
    if any(each.outcome != "same" for each in compared):
        return result
    if not tasks:
        return replace(result, already=(*result.already, person_desired.address))
    return replace(result, state=after, recorded=(*result.recorded, person_desired.address))


def _take_event(
    result: TakenAll, resource: Desired, project: Project, statement: Statement, environ: Mapping[str, str]
) -> TakenAll:
    if isinstance(resource, PersonDesired):
        after, tasks = settle_all(
            result.state,
            resource,
            built_units(resource, project, result.state, "", at=statement.at),
            statement,
        )
    elif result.state.entry(resource.address) is None:
        taken = take_sent(result.state, resource, statement, environ)
        after, tasks = taken.state, taken.recorded
    else:
        return result
    return replace(result, state=after, recorded=(*result.recorded, resource.address)) if tasks else result


def _never_listed(resource: Desired) -> bool:
    """Whether it is of a kind that the API takes and never lists."""
    return resource.kind.api is not None and resource.kind.api.sends and resource.kind.api.read is None


def _compare(resource: Desired, unit: Unit, built: BuiltUnits, folder: Folder) -> Iterator[Compared]:
    """Each text of a unit against its file; what is recorded already may lack one."""
    recorded = same_letters(built.existing.get(unit.settles), unit.value) and unit not in built.old
    for part, declared in unit.texts.items():
        names = file_names(resource.address, unit, part)
        file = folder.find(names)
        base = Compared(f"{resource.address}/{unit.key}", unit.source, part, file or names[-1], "same")
        if file in folder.unreadable:
            yield replace(base, outcome="unreadable", why=folder.unreadable[file])
        elif file:
            difference = compare(unit.source, part, folder.texts[file], declared)
            yield replace(base, outcome="differs" if difference else "same", difference=difference)
        elif not recorded:
            yield replace(base, outcome="missing")


def file_names(address: str, unit: Unit, part: str) -> tuple[str, ...]:
    """The names that a text's file may have: of the step in its journey first, then of the message."""
    suffix = SUFFIXES.get(part, f".{part}.txt")
    own, step, message = (text.partition(".")[2] for text in (address, unit.key, unit.source))
    return f"{own}.{step}{suffix}", f"{message}{suffix}"
