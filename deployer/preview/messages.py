"""One message with every sample filled in, and what it was made of, so that it is made again only when that changes."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType, Sample, masked, payload_schema
from deployer.kinds.message import MessageReading, held_against
from deployer.messages import RULE_SETS, CompileError, LiquidError, RenderError, compile_text, wide
from deployer.preview.drafting import expressions
from deployer.preview.macros import macros
from deployer.preview.message_values import LengthView, MessageView, PartView, SampleView, Sender, ShownProblem, Spot
from deployer.preview.pictures import picture
from deployer.source import FileProblem, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deployer.kinds.message import Message
    from deployer.messages import Composed, Count, Length
    from deployer.project import Project, Resource

NO_SAMPLE = Sample("no sample", {}, made=True)
"""What a message is shown with whose event isn't declared, or has no property."""


@dataclass(slots=True)
class Memo:
    """Messages that were shown before, by address. ``rendered`` are those that the last preview made.

    What is shown once takes no memo: ``message_view``.
    """

    kept: dict[str, _Kept] = field(default_factory=dict)
    rendered: list[str] = field(default_factory=list)

    def begin(self) -> Callable[[Message, Project], MessageView]:
        """Begin a preview: give what shows each of its messages."""
        self.rendered.clear()
        return self.view

    def view(self, message: Message, project: Project) -> MessageView:
        """Show a message: as it was, if nothing that it depends on has changed, else made again."""
        resource = project.resources[message.address]
        line = _line(resource)
        key = _key(message, resource, project)
        kept = self.kept.get(message.address)
        if kept is None or kept.key != key or _digests(kept.files, project) != kept.files:
            self.rendered.append(message.address)
            reading = _Noting(project, message)
            view = reading.view()
            kept = _Kept(key, _digests(dict.fromkeys(sorted(reading.files), ""), project), view, line)
            self.kept[message.address] = kept
        return _shifted(kept.view, resource.document.file.path, line - kept.line)


def message_view(message: Message, project: Project) -> MessageView:
    """Everything about a message that doesn't depend on journeys, problems or other commits."""
    view = _Reading(project, message).view()
    # how much work the texts take together isn't held against what is shown
    return _Noting(project, message).view() if project.words.exhausted else view


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
            "environment": project.environment.name,
            "body": dict(resource.body),
            "event": {"name": event.name, "schema": payload_schema(event, project)} if event else None,
            "samples": dict(event.samples) if event else None,
            "masked": {name: masked(event, project, data) for name, data in event.samples.items()} if event else None,
            "optional": [key for key, item in event.properties.items() if item.optional] if event else None,
            "attributes": {attribute.name: dict(attribute.schema) for attribute in project.all(CustomAttribute)},
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
    parts = tuple(replace(part, spot=moved(part.spot)) for part in view.parts)
    return replace(view, spot=moved(view.spot), macros=uses, parts=parts)


@dataclass
class _Reading:
    """One reading of one message, with the composer texts that the project's checks made."""

    project: Project
    message: Message

    def view(self) -> MessageView:
        """What ``message_view`` gives."""
        message, project = self.message, self.project
        event = project.find(EventType, message.event)
        position = project.resources[message.address].locate(())
        brand = project.settings.brand.name
        view = MessageView(
            message.address,
            message.id,
            message.channel,
            event.name if event else message.event,
            message.description,
            message.owner,
            Spot.of(position),
            Sender(message.from_name or brand, message.from_email, message.reply_to),
            picture=picture(message, project),
            limit=message.max_segments,
            external_design=message.external_design,
        )
        try:
            composed = {part: self._compiled(project.author_text(message, part)) for part in message.parts}
        except (CompileError, FileProblem) as error:
            return replace(view, state="error", faults=(_fault(error, view.spot),))
        return self._filled(view, MessageReading(message, project, given=composed))

    def _compiled(self, author: str) -> Composed:
        project, message = self.project, self.message
        return project.words.composed(author, project.names(message), project.most_bytes(message))

    def _filled(self, view: MessageView, reading: MessageReading) -> MessageView:
        samples = tuple(sample_view(reading, sample) for sample in reading.samples or (NO_SAMPLE,))
        composed = reading.composed
        parts = tuple(self._part(part, composed) for part, composed in composed.items())
        shown = replace(view, parts=parts, samples=samples, length=_length(reading.length))
        try:
            used = macros(reading, self.project)
        except LiquidError as error:
            return replace(
                shown, state="error", faults=(ShownProblem("", "error", str(error), error.hint, *_at(view.spot)),)
            )
        broken = all(sample.error for sample in samples)
        return replace(shown, macros=used, state="error" if broken else "ok")

    def _part(self, part: str, composed: Composed) -> PartView:
        file = self.message.parts[part].file
        if file:
            return PartView(part, composed.text, Spot(file))
        place = self.project.resources[self.message.address].locate((part,))
        pairs = expressions(self.project.author_text(self.message, part), composed, self._compiled)
        return PartView(part, composed.text, Spot.of(place), pairs)


@dataclass
class _Noting(_Reading):
    """A reading that notes which ``files`` it read: the message's own, macro files, includes, its picture.

    So it compiles each text by itself.
    """

    files: set[str] = field(default_factory=set)

    def view(self) -> MessageView:
        """The same view."""
        named = (self.message.media_file, *(part.file for part in self.message.parts.values()))
        self.files.update(path for path in named if path)
        return super().view()

    def _compiled(self, author: str) -> Composed:
        project, library = self.project, self.project.words.library.reading(self._load)
        return compile_text(author, library, project.names(self.message), project.most_bytes(self.message))

    def _load(self, path: str) -> str:
        self.files.add(path)
        return self.project.files.text(path)


def sample_view(reading: MessageReading, sample: Sample) -> SampleView:
    """A message for one sample, or why it can't be filled in."""
    try:
        parts = reading.parts(sample)
    except RenderError as error:
        return SampleView(sample.name, sample.made, {}, error=error.message)
    runs = {name: part.runs for name, part in parts.items()}
    counted = next((part for part in parts.values() if part.added is not None), None)
    if counted is None:
        return SampleView(sample.name, sample.made, runs)
    held = held_against(sample, counted, reading.message.max_segments)
    counts: dict[str, Count] = {rules: replace(counted.count(rules), offenders=()) for rules in RULE_SETS}
    wide_text = wide("".join(run.text for run in counted.runs))
    return SampleView(
        sample.name,
        sample.made,
        runs,
        counts,
        over=held.over,
        verdict=held.verdict,
        wide=wide_text.characters,
        script=wide_text.sentence,
        unusual=held.unusual,
    )


def _length(length: Length | None) -> LengthView | None:
    if length is None:
        return None
    worst, unusual = length.worst, length.unusual
    remark = unusual.sentence if unusual else ""
    return LengthView(length.fewest, length.most, worst.sample, worst.made, worst.over, worst.verdict, remark)


def _fault(error: CompileError | FileProblem, spot: Spot) -> ShownProblem:
    rule = error.rule if isinstance(error, FileProblem) else ""
    where = _at(spot)
    if isinstance(error, CompileError) and error.source:
        where = (error.source, error.line, error.column, "", 1)
    return ShownProblem(rule, "error", error.message, error.hint, *where)


def _at(spot: Spot) -> tuple[str, int, int, str, int]:
    return spot.file, spot.line, 1, "", 1
