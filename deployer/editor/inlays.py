"""Values beside macros: what each prints for its event's usual sample, personal values as asterisks.

In a file of Jinja macros the head of each macro has what it prints where a message calls it.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.editor.mentions import MACRO, calls, events_at, events_named, is_yaml, spoken
from deployer.editor.values import Inlay
from deployer.errors import TextError
from deployer.kinds.event_type import masked, usual_sample
from deployer.messages import LIMIT, Names, RenderError, event_data, render
from deployer.project.words import Words
from deployer.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.editor.desk import Desk
    from deployer.editor.text import Text
    from deployer.editor.values import Span
    from deployer.kinds.event_type import EventType
    from deployer.project import Project

MOST = 40
"""Characters of a value that are shown; the whole is in its hover."""
MOST_CALLS = 20
"""Calls of a macro that are looked at."""

_LIQUID = r"\{\{(?:(?!\}\}|\{\{).)*triggerEvent\.custom(?:(?!\}\}|\{\{).)*\}\}"
_JINJA = r"\[\[(?:(?!\]\]|\[\[).)*\]\]"
_WRITTEN = re.compile(rf"(?P<liquid>{_LIQUID})|(?P<jinja>{_JINJA})")
"""On one line: a macro that reads a property of its event, or words that are put in before."""
_HEAD_ENDS = "%]"


@dataclass(frozen=True, slots=True)
class _Printed:
    """What is printed for the usual sample of an event."""

    text: str
    event: str
    sample: str

    def about(self, *, of_several: bool) -> str:
        """The value with where it comes from: which of several events, and which sample."""
        event = f"{self.event}, " if of_several else ""
        return f"{self.text or 'nothing'} ({event}sample {self.sample})"


@dataclass(frozen=True, slots=True)
class _Printer:
    """A project whose words are printed. Its library isn't that of the rules, whose work is counted."""

    project: Project
    words: Words

    def print(self, written: str, events: Iterable[EventType]) -> Iterator[_Printed]:
        """What is printed for each event; nothing for one for which it can't be composed or rendered alone."""
        for event in events:
            sample = usual_sample(event, self.project)
            names = Names(tuple(event.properties), self.project.attribute_names)
            try:
                composed = self.words.composed(written, names, LIMIT).text
                text = render(composed, event_data(masked(event, self.project, sample.data))).text
            except (RenderError, TextError, FileProblem):
                continue
            yield _Printed(text, event.id, sample.name)


def inlays(desk: Desk, path: str, first: int, last: int) -> tuple[Inlay, ...]:
    """The value behind each macro on these lines (from 0) of a file.

    Where a file is about several events it is the first value, and the hover has all of them. A macro that can't be
    rendered alone, such as within a loop, has no value.
    """
    linked = desk.linked()
    if linked is None or path not in spoken(desk):
        return ()
    project = linked.project
    printer = _Printer(project, Words(project.files, project.words.brand))
    return tuple(_inlays(desk, printer, desk.text(path), range(first, last + 1)))


def _inlays(desk: Desk, printer: _Printer, text: Text, lines: range) -> Iterator[Inlay]:
    for number in range(lines.start, min(lines.stop, len(text.starts))):
        line = text.line(number)
        for match in _WRITTEN.finditer(line):
            at = _at(text, number, match.end())
            events = events_named(desk, events_at(desk, text, at.start))
            yield from _inlay(printer.print(match[0], events), at)
        for match in () if is_yaml(text.path) else MACRO.finditer(line):
            head = line.find(_HEAD_ENDS, match.end())
            if head >= 0:
                printed = _called(desk, printer, match["name"])
                yield from _inlay(printed, _at(text, number, head + len(_HEAD_ENDS)))


def _at(text: Text, line: int, column: int) -> Span:
    offset = text.starts[line] + column
    return text.span(offset, offset)


def _called(desk: Desk, printer: _Printer, name: str) -> Iterator[_Printed]:
    """What a macro prints where messages call it."""
    for call in islice(calls(desk, name), MOST_CALLS):
        text = desk.text(call.path)
        events = events_named(desk, events_at(desk, text, call.start))
        around = _WRITTEN.finditer(text.line(call.start.line))
        written = next((match[0] for match in around if match.start() < call.start.column < match.end()), "")
        yield from printer.print(written, events) if written else ()


def _inlay(printed: Iterable[_Printed], at: Span) -> Iterator[Inlay]:
    """The first value that is one; its hover has each value once."""
    every = tuple(printed)
    values = tuple(value for value in every if value.text) or every[:1]
    if not values:
        return
    shown = " ".join(values[0].text.split())
    words = f"{shown[:MOST]}…" if len(shown) > MOST else shown
    once = {value.text: value for value in reversed(values)}.values()
    about = "\n".join(value.about(of_several=len(once) > 1) for value in reversed(once))
    yield Inlay(at, words or "nothing", about)
