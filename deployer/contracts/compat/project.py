"""The declared events against an earlier version of the project: another commit, or another folder."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from deployer.contracts.compat import (
    MATRIX,
    ContractChange,
    Gated,
    Live,
    Sides,
    Verdict,
    compare,
    environment_removed,
    gate,
    live_of,
    merged,
    with_ways_out,
)
from deployer.dataclass import dataclass
from deployer.errors import DeployerError
from deployer.forge.refs import RefError, find_commit
from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType
from deployer.kinds.records import open_record
from deployer.source import Problems, ProblemsError, did_you_mean
from deployer.source.root import SETTINGS_NAMES, is_project
from deployer.state import StateError
from deployer.workspace.earlier import earlier_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from deployer.project import Project
    from deployer.source import Problem
    from deployer.workspace.workspace import Workspace

KNOWN = "docs/compat.md lists them"
_HARMLESS = ("reference/", "project/duplicate-name", "project/empty", "settings/")
"""Problems of documents that are read all the same; any other leaves something out that has to be compared."""


class CompatError(DeployerError):
    """A comparison that can't be made; ``hint`` says what to do."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the reader should know; ``environment`` is the one that it is about, empty for all of them."""

    text: str
    environment: str = ""


@dataclass(frozen=True, slots=True)
class Compatibility:
    """What changed against an earlier version, and what became of it at the gate.

    ``against`` is how that was named, ``commit`` its hash (empty for a folder); ``notes`` say what isn't known or isn't
    as one may think.
    """

    against: str
    commit: str
    environments: tuple[str, ...]
    gated: Gated
    notes: tuple[Note, ...] = ()

    @property
    def changes(self) -> tuple[ContractChange, ...]:
        """Every change, the gravest first."""
        return self.gated.changes


def compatibility(
    workspace: Workspace,
    against: str,
    today: date | None = None,
    *,
    environment: str | None = None,
    fail_on: str = "",
    state: bool = True,
    let_through: str = "",
) -> Compatibility:
    """Compare the declared events, attributes and triggers with those of a git ref or of a folder.

    Every environment that both sides have is compared, or the one that is named. What is live comes from the records,
    unless ``state`` is off. ``today`` decides which entries of ``compat.allow`` have ended: without one, the project's
    day does. ``fail_on`` may only make the gate stricter than the earlier side has it, and ``let_through`` is a
    person's reason to pass it all the same. Writes nothing. Raises ``CompatError``, ``RefError`` and, for this side,
    ``ProblemsError`` and ``UsageError``.
    """
    _check_readable(workspace)
    with _earlier(workspace, against) as (base, commit):
        _check_base(base, against)
        names, notes = _environments(workspace, base, environment, against)
        sides = [_sides(workspace, base, name, notes, state=state) for name in names]
        _check_anything(sides, against)
        assert base.settings is not None
        assert workspace.settings is not None
        lost = () if environment else _lost(workspace, base, against)
        contract_changes = with_ways_out(
            merged([*(compare(side) for side in sides), lost]), workspace.settings, against
        )
        strictest = Verdict.of(fail_on) if fail_on else None
        gated = gate(contract_changes, base.settings.compat, strictest, today or workspace.day, let_through)
        notes += _gate_notes(gated, workspace, base, fail_on)
    return Compatibility(against, commit, tuple(names), gated, tuple(notes))


@contextmanager
def _earlier(workspace: Workspace, against: str) -> Iterator[tuple[Workspace, str]]:
    """The earlier side: a folder, or a commit's files in a temporary one."""
    from deployer.workspace.loading import load  # noqa: PLC0415 - only needed to read a second project

    if not against.strip():
        raise CompatError("--against is empty, so there is nothing to compare with", "name a commit, or a folder")
    root, folder = workspace.root, Path(against)
    if is_project(folder):
        if folder.resolve() == root.resolve():
            hint = "name a commit, or the folder of an earlier version"
            raise CompatError(f"`{against}` is this project itself", hint)
        _check_unambiguous(root, against)
        workspace.elsewhere.passing()  # nothing keeps in mind what is read of that folder
        yield load(folder), ""
        return
    if folder.is_dir() and (folder.is_absolute() or against.startswith(".")):
        raise CompatError(f"`{against}` holds no {SETTINGS_NAMES[0]}", "name the folder of a project, or a commit")
    for name in SETTINGS_NAMES:
        workspace.elsewhere.saw_none(folder / name)
    commit = find_commit(root, against)
    workspace.elsewhere.saw_commit(root, commit)
    with earlier_at(root, commit) as base:
        if base is None or not is_project(base.root):
            hint = "compare with a later commit; until one holds the project, there is nothing to keep compatible with"
            raise CompatError(
                f"there was no {SETTINGS_NAMES[0]} here at `{against}`, and no project of this name elsewhere", hint
            )
        yield replace(base, elsewhere=workspace.elsewhere), commit.id


def _check_unambiguous(root: Path, against: str) -> None:
    """Refuse a name that is both a project's folder and a commit."""
    if Path(against).is_absolute() or against.startswith("."):
        return
    try:
        find_commit(root, against)
    except RefError:
        return
    hint = f"write ./{against} for the folder, or refs/heads/{against} for the branch"
    raise CompatError(f"`{against}` is a folder and a commit", hint)


def _check_readable(workspace: Workspace) -> None:
    problems = _in_the_way(workspace.problems)
    if workspace.settings is None or problems:
        raise ProblemsError(problems or workspace.problems)


def _in_the_way(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(error for error in Problems(problems).errors if not error.rule.startswith(_HARMLESS))


def _check_base(base: Workspace, against: str) -> None:
    problems = base.problems if base.settings is None else _in_the_way(base.problems)
    if base.settings is None or problems:
        raise CompatError(*_unreadable(problems, against))


def _unreadable(problems: Sequence[Problem], against: str) -> tuple[str, str]:
    places = [f"{problem.position.path}:{problem.position.line}: {problem.message}" for problem in problems]
    more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
    what = f": {places[0]}{more}" if places else ""
    return f"the project at `{against}` can't be read{what}", "compare with a version that `deployer validate` can read"


def _environments(
    workspace: Workspace, base: Workspace, chosen: str | None, against: str
) -> tuple[list[str], list[Note]]:
    """The environments to compare, and a note for each that only one side has."""
    before, after = base.environments(), workspace.environments()
    if chosen is not None:
        workspace.environment(chosen)
        if chosen not in before:
            raise CompatError(f"there was no environment `{chosen}` at `{against}`", f"it had: {', '.join(before)}")
        return [chosen], []
    both = [name for name in after if name in before]
    if not both:
        raise CompatError(f"no environment exists both here and at `{against}`", f"there: {', '.join(before)}")
    new = (name for name in after if name not in before)
    gone = (name for name in before if name not in after)
    return both, [
        *(Note(f"the environment {name} is new: there is nothing to compare", name) for name in new),
        *(Note(f"the environment {name} is gone: nothing of it is compared") for name in gone),
    ]


def _lost(workspace: Workspace, base: Workspace, against: str) -> tuple[ContractChange, ...]:
    """The accounts' environments that this side no longer has, where something was declared in them."""
    sides = [base.linked(name) for name in base.environments() if name not in workspace.environments()]
    wrong = [problem for side in sides for problem in _in_the_way(side.problems)]
    if wrong:
        raise CompatError(*_unreadable(wrong, against))
    projects = (side.project for side in sides if not side.project.environment.is_sandbox)
    return tuple(environment_removed(project) for project in projects if _declares(project))


def _sides(workspace: Workspace, base: Workspace, name: str, notes: list[Note], *, state: bool) -> Sides:
    before, after = base.linked(name), workspace.linked(name)
    wrong = _in_the_way(before.problems)
    if wrong:
        raise CompatError(*_unreadable(wrong, f"{name} of the earlier side"))
    errors = _in_the_way(after.problems)
    if errors:
        raise ProblemsError(errors)
    live = _live(before.project, workspace, notes) if state else None
    return Sides(before.project, after.project, live)


def _live(project: Project, workspace: Workspace, notes: list[Note]) -> Live | None:
    """What is recorded as live; ``None`` with a note where that isn't known. The earlier side says where it is kept.

    A sandbox of which nothing is recorded is empty. Of an account that may as well be a record that isn't here.
    """
    environment = project.environment
    what = f"what is live in {environment.name} isn't known"
    try:
        backend = open_record(environment.state, root=workspace.root, environment=environment.name)
        recorded = backend.read()
        workspace.elsewhere.saw_record(environment.state, environment.name, backend)
    except StateError as error:
        workspace.elsewhere.passing()
        why = f"its state can't be read ({error})"
        notes.append(Note(f"{what}, since {why}: what was declared to run counts as running", environment.name))
        return None
    if recorded is None and not environment.is_sandbox:
        why = f"`{backend.location}` holds no record"
        notes.append(Note(f"{what}, since {why}: what was declared to run counts as running", environment.name))
        return None
    return live_of(recorded, project)


def _check_anything(sides: Sequence[Sides], against: str) -> None:
    """Refuse to call it compatible where nothing was compared."""
    projects = [project for side in sides for project in (side.before, side.after)]
    if not any(map(_declares, projects)):
        hint = "look whether --project and --against name the right folders"
        raise CompatError(f"neither this side nor `{against}` declares an event type or an attribute", hint)


def _declares(project: Project) -> bool:
    return bool(project.all(EventType) or project.all(CustomAttribute))


def _gate_notes(gated: Gated, workspace: Workspace, base: Workspace, fail_on: str) -> Iterator[Note]:
    assert base.settings is not None
    assert workspace.settings is not None
    if workspace.settings.compat != base.settings.compat:
        yield Note("`compat` in deployer.yaml changed; the earlier side's holds, and this one once it is merged")
    if fail_on and Verdict.of(fail_on) > gated.fail_on:
        yield Note(f"--fail-on {fail_on} is weaker than the earlier side's {gated.fail_on.word}, which holds")
    for allowed in gated.expired:
        yield Note(f"compat.allow: {allowed.change} of {allowed.address} ended on {allowed.until}")
    for allowed in gated.unused:
        if allowed.change in MATRIX:
            yield Note(
                f"compat.allow: {allowed.change} of {allowed.address} lets nothing through here; "
                "remove it when it is done"
            )
        else:
            yield Note(
                f"compat.allow: there is no change `{allowed.change}`; {did_you_mean(allowed.change, MATRIX) or KNOWN}"
            )
