"""One message with every sample filled in, and what it was made of, so that it is made again only when that changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType, payload_schema, samples_of
from deployer.kinds.event_type.samples import Sample
from deployer.kinds.message import count_message
from deployer.messages import (
    SEPARATOR,
    CompileError,
    Library,
    LiquidError,
    Names,
    RenderError,
    Run,
    compile_text,
    event_data,
    render,
    render_pieces,
)
from deployer.messages.count import OPT_OUT_SEPARATOR
from deployer.preview.macros import macros
from deployer.preview.pictures import picture
from deployer.preview.rendering import RULE_SETS
from deployer.preview.values import Fault, MessageView, PartView, SampleView, Sender, Spot
from deployer.source import FileProblem, digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.message import Message
    from deployer.messages import Composed, Count
    from deployer.project import Project, Resource

NO_SAMPLE = Sample("no sample", {}, made=True)
"""What a message is shown with whose event isn't declared, or has no property."""


@dataclass(slots=True)
class Memo:
    """Messages that were shown before, by address. ``rendered`` are those that the last preview made anew."""

    kept: dict[str, _Kept] = field(default_factory=dict)
    rendered: list[str] = field(default_factory=list)

    def view(self, message: Message, project: Project) -> MessageView:
        """Show a message: as it was, if nothing that it depends on has changed, else made anew."""
        resource = project.resources[message.address]
        line = _line(resource)
        key = _key(message, resource, project)
        kept = self.kept.get(message.address)
        if kept is None or kept.key != key or _digests(kept.files, project) != kept.files:
            self.rendered.append(message.address)
            reading = Reading(project, message)
            view = reading.view()
            kept = _Kept(key, _digests(dict.fromkeys(sorted(reading.files), ""), project), view, line)
            self.kept[message.address] = kept
        return _shifted(kept.view, resource.document.file.path, line - kept.line)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A view, and what it was made of: the digest of what is declared, and of each file that was read."""

    key: str
    files: Mapping[str, str]
    view: MessageView
    line: int


def _line(resource: Resource) -> int:
    document = resource.document
    return document.file.place(document.span[0])[0]


def _key(message: Message, resource: Resource, project: Project) -> str:
    """A digest of everything but files that a message's view depends on: a change elsewhere leaves it as it is."""
    start, end = resource.document.span
    event = project.find(EventType, message.event)
    return digest(
        {
            "written": resource.document.file.text[start : end + 1],
            "path": resource.document.file.path,
            "environment": resource.environment,
            "body": dict(resource.body),
            "event": {"name": event.name, "schema": payload_schema(event, project)} if event else None,
            "samples": dict(event.samples) if event else None,
            "optional": [key for key, item in event.properties.items() if item.optional] if event else None,
            "attributes": {one.name: dict(one.schema) for one in project.all(CustomAttribute)},
            "brand": dict(project.settings.brand.values),
            "macro files": list(project.words.library.auto),
        }
    )


def _digests(files: Mapping[str, str], project: Project) -> dict[str, str]:
    return {path: _digest(path, project) for path in files}


def _digest(path: str, project: Project) -> str:
    try:
        return project.file_digest(path)
    except FileProblem as problem:
        return problem.message


def _shifted(view: MessageView, path: str, lines: int) -> MessageView:
    """A view whose declaration moved down its file because something above it grew."""
    if not lines:
        return view

    def moved(spot: Spot) -> Spot:
        return replace(spot, line=spot.line + lines) if spot.file == path and spot.line else spot

    uses = tuple(replace(macro, spot=moved(macro.spot)) for macro in view.macros)
    return replace(view, spot=moved(view.spot), macros=uses)


@dataclass(slots=True)
class Reading:
    """One reading of one message. ``files`` are the paths that it read: its own, macro files, includes, its picture."""

    project: Project
    message: Message
    files: set[str] = field(default_factory=set)

    def view(self) -> MessageView:
        """Everything about the message that doesn't depend on journeys, problems or other commits."""
        message, project = self.message, self.project
        event = project.find(EventType, message.event)
        position = project.resources[message.address].locate(())
        brand = project.settings.brand.name
        if message.media_file:
            self.files.add(message.media_file)
        view = MessageView(
            message.address,
            message.id,
            message.channel,
            event.name if event else message.event,
            message.description,
            message.owner,
            Spot(position.path, position.line),
            Sender(message.from_name or brand, message.from_email, message.reply_to),
            picture=picture(message, project),
            limit=message.max_segments,
            external_design=message.external_design,
        )
        try:
            composed = {part: self.composed(part) for part in message.parts}
        except (CompileError, FileProblem) as error:
            return replace(view, state="error", faults=(_fault(error, view.spot),))
        return self._filled(view, composed, event)

    def composed(self, part: str) -> Composed:
        """A part's composer text, compiled by itself so that it is known which files it read."""
        project, shared = self.project, self.project.words.library
        if self.message.parts[part].file:
            self.files.add(self.message.parts[part].file)
        event = project.find(EventType, self.message.event)
        attributes = tuple(one.name for one in project.all(CustomAttribute))
        library = Library(load=self._load, auto=shared.auto, brand=shared.brand)
        names = Names(tuple(event.properties) if event else (), attributes)
        return compile_text(project.author_text(self.message, part), library, names)

    def _load(self, path: str) -> str:
        self.files.add(path)
        return self.project.files.text(path)

    def _filled(self, view: MessageView, composed: Mapping[str, Composed], event: EventType | None) -> MessageView:
        chosen = samples_of(event, self.project) if event else ()
        samples = tuple(self._sample(sample, composed) for sample in chosen or (NO_SAMPLE,))
        parts = tuple(PartView(part, one.text, self.message.parts[part].file) for part, one in composed.items())
        shown = replace(view, parts=parts, samples=samples)
        try:
            used = macros(self.message, composed, chosen, event, self.project)
        except LiquidError as error:
            return replace(shown, state="error", faults=(Fault("", "error", str(error), error.hint, *_at(view.spot)),))
        broken = all(sample.error for sample in samples)
        return replace(shown, macros=used, state="error" if broken else "ok")

    def _sample(self, sample: Sample, composed: Mapping[str, Composed]) -> SampleView:
        data = event_data(sample.data)
        try:
            parts = {part: _runs(part, one.text, data) for part, one in composed.items()}
        except RenderError as error:
            return SampleView(sample.name, sample.made, {}, error=error.message)
        if self.message.channel != "text":
            return SampleView(sample.name, sample.made, parts)
        words = "".join(run.text for run in parts["body"])
        counts: dict[str, Count] = {
            rules: count_message(self.message, self.project, words, sample.data, rules) for rules in RULE_SETS
        }
        return SampleView(sample.name, sample.made, {"body": self._sent(parts["body"])}, counts)

    def _sent(self, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        """A text with what Attentive puts in front of it and, for some subscribers, behind it."""
        brand = self.project.settings.brand
        front = (Run("platform", brand.name + SEPARATOR),) if brand.name else ()
        behind = (Run("platform", OPT_OUT_SEPARATOR + brand.opt_out_text),) if brand.opt_out_text and runs else ()
        return front + runs + behind


def _runs(part: str, text: str, data: Mapping[str, Any]) -> tuple[Run, ...]:
    """A part in runs; the HTML of an email is one: it is shown as a picture of itself, not as words."""
    if part == "html":
        return (Run("author", render(text, data).text),)
    return render_pieces(text, data)


def _fault(error: CompileError | FileProblem, spot: Spot) -> Fault:
    rule = error.rule if isinstance(error, FileProblem) else ""
    where = _at(spot)
    if isinstance(error, CompileError) and error.source:
        where = (error.source, error.line, error.column, "", 1)
    return Fault(rule, "error", error.message, error.hint, *where)


def _at(spot: Spot) -> tuple[str, int, int, str, int]:
    return spot.file, spot.line, 1, "", 1
