"""``infer``: event types as YAML from captured payloads, new ones and additions to what is declared."""

from __future__ import annotations

import re
import sys
from dataclasses import field
from typing import TYPE_CHECKING, BinaryIO

from deployer.contracts import CheckRun, EventCheck
from deployer.contracts.foreign import FOREIGN
from deployer.contracts.infer import (
    Concluded,
    Observer,
    Onlooker,
    SeenEvent,
    conclude,
    identify_by,
    narrower,
    words,
    writable,
)
from deployer.contracts.infer import remarks as remarks_on
from deployer.contracts.infer.event_yaml import new_document, with_properties
from deployer.contracts.infer.inference import Inference, InferredEvent, Wish
from deployer.contracts.project import event_named
from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.kinds.event_type import EventType
from deployer.nouns import counted
from deployer.project.apps import only_app
from deployer.source import Problems, SourceFile, Sources, compose, name_form, parse_settings
from deployer.source.editing.mappings import CantAddError
from deployer.workspace.workspace import EMPTY, Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from deployer.contracts import CheckReport, Input
    from deployer.contracts.project import Progress
    from deployer.contracts.streams import Finding
    from deployer.project import Project
    from deployer.source import Document, Problem

_NEW = "inferred.yaml"
LONGEST_ID = 60
"""Characters of the longest id that is made; a person may write a longer one."""

_NAMELESS = "nothing in the name can be spelled in ASCII, so write an `id` that people can read"
_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def infer_events(
    workspace: Workspace,
    environment: str | None,
    files: Sequence[Input],
    wish: Wish,
    *,
    stdin: BinaryIO | None = None,
    progress: Progress = lambda _read: None,
) -> Inference:
    """Infer event types from captured payloads, and merge what is new into what is declared; nothing is written.

    A declared property is never changed. Raises ``UsageError`` (no payload, no known event type, no app to give a
    new one to, a file that isn't the project's), ``ProblemsError``.
    """
    project = workspace.project(environment, may_be_empty=True)
    declared = {event_type.name: event_type for event_type in project.all(EventType)}
    alone = event_named(project, wish.event).name if wish.event else wish.type
    observer = Observer(alone, {name: tuple(event_type.properties) for name, event_type in declared.items()})
    judge = Onlooker(observer, {name: EventCheck(event_type, project) for name, event_type in declared.items()})
    run = CheckRun(judge, 1, stdin or sys.stdin.buffer, progress, wish.at)
    report = run.over(files, tuple(event_type.id for event_type in declared.values()))
    _refuse_nothing(observer, report)
    return _Writer(workspace, project, declared, wish, report, judge.misspelt).inference(observer)


def _refuse_nothing(observer: Observer, report: CheckReport) -> None:
    if observer.events:
        return
    if observer.nameless and not any(finding.fault.kind == FOREIGN for finding in report.findings):
        hint = "pass --type NAME or --event ID to name the event that these properties belong to"
        raise UsageError("no payload names its event", hint)
    if observer.other:
        known = f"`{observer.alone}`"
        raise UsageError(f"no payload is of the type {known}", "capital letters count; leave --type out to see all")
    finding = _to_blame(report)
    if finding is None:
        raise UsageError("no payload was found", "name files with captured events")
    place = ":".join(str(part) for part in (finding.file, finding.line, finding.column) if part)
    where = f"{place}: " if finding.line else ""
    hint = finding.fault.hint or "name files with captured events"
    raise UsageError(f"no payload was found: {where}{finding.fault.message}", hint)


def _to_blame(report: CheckReport) -> Finding | None:
    """What to name of all that is wrong: a body of another system, else what is found first."""
    foreign = (finding for finding in report.findings if finding.fault.kind == FOREIGN)
    return next(foreign, report.findings[0] if report.findings else None)


@dataclass(slots=True)
class _Writer:
    """Makes the YAML of what was observed."""

    workspace: Workspace
    project: Project
    declared: Mapping[str, EventType]
    wish: Wish
    report: CheckReport
    misspelt: Mapping[str, Collection[str]]
    taken: set[str] = field(default_factory=set)

    def inference(self, observer: Observer) -> Inference:
        self.taken |= {event_type.id for event_type in self.declared.values()}
        inferred_events: list[InferredEvent] = []
        text, path = self._target()
        merged: list[str] = []
        for seen in sorted(observer.events.values(), key=lambda seen_event: seen_event.name):
            event, document, whole = self._event(seen, text, path, observer)
            inferred_events.append(event)
            if whole is not None:
                text = whole
            merged += [document] if document else []
        if path is not None:
            text = "---\n".join([*([_ended(text)] if text.strip() else []), *merged])
        else:
            text = "---\n".join(merged)
        return Inference(tuple(inferred_events), text, self.wish.into, self._problems(path, text), self.report)

    def _target(self) -> tuple[str, str | None]:
        """The text of the file that is added to, and its path within the project."""
        if self.wish.into is None:
            return "", None
        root, target = self.workspace.root.resolve(), self.wish.into.resolve()
        if not target.is_relative_to(root):
            raise UsageError(f"{self.wish.into} isn't in the project", f"name a file below {self.workspace.root}")
        path = target.relative_to(root).as_posix()
        if path not in self.workspace.sources.files.paths():
            raise UsageError(
                f"there is no file {self.wish.into}", "name a YAML file of the project, or pass --out FILE"
            )
        return self.workspace.sources.files.text(path), path

    def _event(
        self, seen: SeenEvent, text: str, path: str | None, observer: Observer
    ) -> tuple[InferredEvent, str, str | None]:
        """One event: what is said about it, its own document where it has one, the file's text where it is added to."""
        concluded = tuple(each for each in conclude(seen) if writable(each.key))
        noted = remarks_on(seen, concluded, observer)
        declared = self.declared.get(seen.name)
        if declared is None:
            event, document = self._alike(seen) or self._new(seen, concluded, noted)
            return event, document, None
        place = self._document(declared, text, path)
        known = {*declared.properties, *declared.reserved, *self.misspelt.get(seen.name, ())}
        added = tuple(each for each in concluded if each.key not in known)
        whole = self._added(place, added)
        event = InferredEvent(
            declared.address,
            seen.name,
            seen.payloads,
            declared=True,
            added=tuple(each.key for each in added),
            conflicts=tuple(self._conflicts(declared, seen)),
            remarks=(*noted, *narrower(declared, concluded)),
        )
        return (event, "", whole) if path is not None else (event, _own(place, whole), None)

    def _alike(self, seen: SeenEvent) -> tuple[InferredEvent, str] | None:
        """Nothing to write, where a name is probably a declared one misspelled: a type can never be removed again."""
        meant = next((each for name, each in self.declared.items() if name_form(name) == name_form(seen.name)), None)
        if meant is None:
            return None
        differs = f"it differs from the declared “{meant.name}” in case or separators only"
        conflict = f"/type: {differs}; correct the sender, or declare it if it is another type"
        return InferredEvent(
            meant.address, seen.name, seen.payloads, declared=True, added=(), conflicts=(conflict,)
        ), ""

    def _new(
        self, seen: SeenEvent, concluded: Sequence[Concluded], remarks: Sequence[str]
    ) -> tuple[InferredEvent, str]:
        identifier = self._id(seen.name)
        remarks = remarks if words(seen.name) else [*remarks, _NAMELESS]
        head = {
            "kind": "EventType",
            "id": identifier,
            "name": seen.name,
            "app": only_app(self.project.settings, self.wish.app),
            "identify_by": list(identify_by(seen)),
        }
        payloads = counted(seen.payloads, "payload")
        origin = f"Inferred from {payloads}; samples are made up. Read it before it is relied on."
        event = InferredEvent(
            f"event_type.{identifier}",
            seen.name,
            seen.payloads,
            declared=False,
            added=tuple(each.key for each in concluded),
            remarks=tuple(remarks),
        )
        return event, new_document(head, concluded, remarks, origin)

    def _id(self, name: str) -> str:
        candidate = identifier(name) or f"event_{'_'.join(words(name))}"[:LONGEST_ID].rstrip("_")
        number, free = 2, candidate
        while free in self.taken:
            number, free = number + 1, f"{candidate}_{number}"
        self.taken.add(free)
        return free

    def _document(self, event: EventType, text: str, path: str | None) -> Document:
        """The document that declares the event, in the file as it is by now."""
        resource = self.project.resources[event.address]
        where = resource.document.file.path
        if path is None:
            return resource.document
        if where != path:
            raise UsageError(f"`{event.address}` is declared in {where}", f"pass --into {where}, or another --event")
        documents, _ = compose(SourceFile(path, text))
        return next(document for document in documents if document.index == resource.document.index)

    def _added(self, document: Document, added: Sequence[Concluded]) -> str:
        try:
            return with_properties(document, added) if added else document.file.text
        except CantAddError as error:
            hint = "add them by hand; without --into they are printed" if self.wish.into else "add them by hand"
            keys = ", ".join(concluded.key for concluded in added)
            raise UsageError(f"{document.file.path}: {error} (to add: {keys})", hint) from error

    def _conflicts(self, event: EventType, seen: SeenEvent) -> list[str]:
        rows = [row for row in self.report.rows if row.event == event.id]
        lines = [f"{row.pointer}: {row.example}, in {row.count:,}; first at {row.file}:{row.line}" for row in rows]
        lines += [f"/{key}: it is reserved, and events carry it" for key in event.reserved if key in seen.properties]
        return lines

    def _problems(self, path: str | None, text: str) -> tuple[Problem, ...]:
        """What would be in error if the text were in the project."""
        sources = self.workspace.sources
        place = path or _NEW
        fresh, wrong = compose(SourceFile(place, text))
        replaced = {event_type.address for event_type in self.declared.values()} if path is None else set()
        kept = [
            document
            for document in sources.documents
            if document.file.path != path and not _is(document, replaced, fresh)
        ]
        documents = tuple(sorted([*kept, *fresh], key=lambda document: (document.file.path, document.index)))
        problems = tuple(problem for problem in sources.problems if problem.rule != EMPTY)
        proposed = Sources(sources.root, sources.settings, documents, problems, sources.files)
        settings, more = parse_settings(proposed)
        problems_found = (*wrong, *Workspace(proposed, settings, (*problems, *more)).check())
        return tuple(error for error in Problems(problems_found).errors if error.position.path == place)


def identifier(name: str) -> str:
    """An id in snake_case for a name in words; empty where its words make none."""
    joined = "_".join(words(name))
    joined = joined if len(joined) <= LONGEST_ID else joined[: LONGEST_ID + 1].rpartition("_")[0] or joined[:LONGEST_ID]
    return joined if _ID.fullmatch(joined) else ""


def _is(document: Document, replaced: set[str], fresh: Sequence[Document]) -> bool:
    """Whether a document is one of those that were merged, and printed alone."""
    own = document.value
    same = any(
        (own.get("kind"), own.get("id")) == (document.value.get("kind"), document.value.get("id")) for document in fresh
    )
    return same and f"event_type.{own.get('id')}" in replaced


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"


def _own(document: Document, whole: str) -> str:
    """The part of a file's text that is one document, after it was added to."""
    fresh = next(
        candidate
        for candidate in compose(SourceFile(document.file.path, whole))[0]
        if candidate.index == document.index
    )
    return _ended(whole[slice(*fresh.span)].strip("\n").removeprefix("---").strip("\n"))
