"""One pass over the words of all messages, compiled and scanned, which the rules about messages share."""

from __future__ import annotations

from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.channels import facts
from deployer.kinds.event_type import EventType, payload_schema, used
from deployer.messages import CompileError, Composed, Source, flow, readable
from deployer.messages.virtual import timed
from deployer.rules.meant import spelled
from deployer.rules.place import Field, FileLine, Finding
from deployer.source import Correction, FileProblem, Hint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from deployer.kinds.message import Message
    from deployer.messages import Macro, Origin, Printed, Scan
    from deployer.project import Project
    from deployer.project.memory import T
    from deployer.rules.place import Place


MOST_OF_A_KIND = 50
"""How many places of one text a rule names that finds them by their spelling."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A part of a message as its author wrote it: in the YAML, or in a file of the project."""

    project: Project = field(repr=False)
    message: Message
    part: str

    @property
    def is_sms(self) -> bool:
        """Whether Attentive documents no Liquid for it: the body of a text message."""
        return not facts(self.message.channel).liquid

    @property
    def field(self) -> Field:
        """The field of the YAML that holds the words or names their file."""
        return Field(self.project.resources[self.message.address], (self.part,))

    def at_origin(self, origin: Origin, length: int) -> Place:
        """Where a character of the composer text was written: the YAML, the part's file, or a macro file."""
        path = origin.source or self.message.parts[self.part].file
        if path:
            return file_line(
                self.project, path, origin.line, origin.column, length=length, address=self.message.address
            )
        return Field(self.field.resource, (self.part,), offset=origin.offset or 0, length=length)

    def at_error(self, error: CompileError) -> Place:
        """Where compiling failed."""
        path = error.source or self.message.parts[self.part].file
        if path:
            return file_line(self.project, path, error.line, error.column, address=self.message.address)
        source = Source.read("", self.project.author_text(self.message, self.part))
        before = source.text.split("\n")[: error.line - 1]
        offset = sum(len(line) + 1 for line in before) + error.column - 1
        return Field(self.field.resource, (self.part,), offset=source.written(min(offset, len(source.text))))


@dataclass(frozen=True, slots=True)
class _Unwritten(Wording):
    """Words in the place of a part's own that are nowhere."""

    def at_origin(self, origin: Origin, length: int) -> Place:
        """The field of the YAML, whatever its words are and whether they can be read."""
        del origin, length
        return self.field


@dataclass(frozen=True, slots=True)
class Text:
    """A part of a message as composer text, with what it refers to and the event whose properties it reads.

    ``event`` is ``None`` where the message names an event that isn't declared. ``printed`` is what each output prints,
    whatever the event holds. Not ``whole``: macros that can't be read are words in ``composed``, as long as they are.
    ``timed``: what is printed is something else at another time.
    """

    wording: Wording
    event: EventType | None
    composed: Composed = field(repr=False)
    scan: Scan = field(repr=False)
    printed: tuple[Printed, ...] = field(repr=False)
    whole: bool = True
    timed: bool = False

    @property
    def message(self) -> Message:
        """The message that it is part of."""
        return self.wording.message

    @property
    def is_sms(self) -> bool:
        """Whether it is the body of a text message."""
        return self.wording.is_sms

    def place(self, start: int, end: int | None = None) -> Place:
        """Where the author wrote the characters from ``start`` up to ``end`` of the composer text."""
        return _place(self.wording, self.composed, start, end)

    def once(self, what: str, make: Callable[[], T]) -> T:
        """What ``make`` makes of the composer text alone, once for all environments in which it is the same.

        Between a text message and an email, which many rules read differently, nothing is shared.
        """
        return self.wording.project.once(f"{what}, {self.is_sms}", (self.composed,), make)

    def at(self, macro: Macro) -> Place:
        """Where a macro was written."""
        return self.place(macro.start, macro.end)


@dataclass(frozen=True, slots=True)
class Texts:
    """All parts that could be read, and what stopped the others: files, compiling, Liquid."""

    read: tuple[Text, ...]
    unusable: tuple[Finding, ...]
    uncompiled: tuple[Finding, ...]
    unparsed: tuple[Finding, ...]
    mangled: tuple[Finding, ...] = ()


def gather(project: Project, messages: Iterable[Message]) -> Texts:
    """Compile and read every part of these messages."""
    work = _Work(project)
    for message in messages:
        for part in message.parts:
            work.take(Wording(project, message, part))
    return work.done()


def instead(project: Project, message: Message, part: str, words: str) -> Texts:
    """Read composer text that no one wrote in the place of a part's own, as if it were all that there is."""
    work = _Work(project)
    work.scan(_Unwritten(project, message, part), Composed.verbatim(Source.read("", words)))
    return work.done()


@dataclass(slots=True)
class _Work:
    project: Project
    read: list[Text] = field(default_factory=list)
    unusable: list[Finding] = field(default_factory=list)
    uncompiled: list[Finding] = field(default_factory=list)
    unparsed: list[Finding] = field(default_factory=list)
    mangled: list[Finding] = field(default_factory=list)

    def done(self) -> Texts:
        """What was read so far."""
        return Texts(
            tuple(self.read), tuple(self.unusable), tuple(self.uncompiled), tuple(self.unparsed), tuple(self.mangled)
        )

    def take(self, wording: Wording) -> None:
        """Read one part, or note why it can't be read."""
        try:
            composed = self.project.composed(wording.message, wording.part)
        except FileProblem as error:
            place = unusable_file(wording.message.parts[wording.part].file or "", error, wording.field, "file")
            self.unusable.append(Finding(place, error.message, error.hint))
        except CompileError as error:
            self.uncompiled.append(Finding(wording.at_error(error), error.message, error.hint))
        else:
            self.scan(wording, composed)

    def scan(self, wording: Wording, composed: Composed) -> None:
        """Find what the composer text refers to, and what in it can't be read."""
        read = self.project.once("readable", (composed,), lambda: readable(composed.text))
        for piece in read.mangled:
            place = _place(wording, composed, piece.start, piece.end)
            self.mangled.append(Finding(place, piece.what, Hint(f"write `{piece.mend}`", Correction("", piece.mend))))
        event = self.project.find(EventType, wording.message.event)
        for scanned in read.unread:
            right = spelled(scanned.macro, event)
            place = _place(wording, composed, scanned.error.offset, None)
            self.unparsed.append(
                Finding(place, scanned.error.message, f"write `{right}`" if right else scanned.error.hint)
            )
        if read.found is not None:
            composed = composed if read.whole else replace(composed, text=read.text)
            shared = used(event, self.project) if event else ()
            make = partial(timed, partial(self.flow, composed, event))
            printed, timely = self.project.once("flow", (composed, event, *shared), make)
            self.read.append(Text(wording, event, composed, read.found, printed, read.whole, timely))

    def flow(self, composed: Composed, event: EventType | None) -> tuple[Printed, ...]:
        """What each output of a text prints, whatever the event holds."""
        return flow(composed.text, payload_schema(event, self.project) if event else None)


def few(text: Text, spans: Iterable[tuple[int, int]], say: Callable[[str], tuple[str, str]]) -> Iterator[Finding]:
    """Findings at places of a text, each with the message and hint that ``say`` has for what is written there.

    They are of one kind: the last of ``MOST_OF_A_KIND`` says how many more there are, which one mend may well mend.
    """
    several = list(spans)
    more = len(several) - MOST_OF_A_KIND
    for number, (start, end) in enumerate(several[:MOST_OF_A_KIND], 1):
        message, hint = say(text.composed.text[start:end])
        rest = f" ({more:,} more in this text)" if more > 0 and number == MOST_OF_A_KIND else ""
        yield Finding(text.place(start, end), message + rest, hint)


def _place(wording: Wording, composed: Composed, start: int, end: int | None) -> Place:
    origin = composed.origin(start)
    return wording.at_origin(origin, end - start if end is not None and origin.exact else 1)


def unusable_file(path: str, error: FileProblem, named: Field, *pointer: str) -> Place:
    """Where a file can't be used: the place in the file where its content is at fault, else where it is named."""
    if error.line:
        return FileLine(path, error.line, error.column, "", address=named.resource.address)
    return replace(named, pointer=(*named.pointer, *pointer))


def file_line(project: Project, path: str, line: int, column: int, *, length: int = 1, address: str = "") -> FileLine:
    """A place in a text file of the project, with the line as its author wrote it."""
    return FileLine(path, line, column, Source.read(path, project.text(path)).line(line), length, address)
