"""Values beside macros: what each prints for its event's usual sample, personal values as asterisks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.editor.mentions import events_at, events_named, spoken
from deployer.editor.values import Inlay
from deployer.errors import TextError
from deployer.kinds.event_type import masked, usual_sample
from deployer.messages import RenderError, event_data, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.editor.desk import Desk
    from deployer.editor.values import Span
    from deployer.kinds.event_type import EventType
    from deployer.project import Project

MOST = 40
"""Characters of a value that are shown; the whole is in its hover."""

_MACRO = re.compile(r"\{\{(?:(?!\}\}|\{\{).)*triggerEvent\.custom(?:(?!\}\}|\{\{).)*\}\}")
"""A macro on one line that reads a property of its event."""


def inlays(desk: Desk, path: str, first: int, last: int) -> tuple[Inlay, ...]:
    """The value behind each macro on these lines (from 0) of a file.

    There is none behind a macro that is about several events or can't be rendered alone, such as within a loop.
    """
    linked = desk.linked()
    if linked is None or path not in spoken(desk):
        return ()
    return tuple(_inlays(desk, linked.project, path, first, last))


def _inlays(desk: Desk, project: Project, path: str, first: int, last: int) -> Iterator[Inlay]:
    text = desk.text(path)
    for number in range(first, min(last, len(text.starts) - 1) + 1):
        for match in _MACRO.finditer(text.line(number)):
            end = text.place(text.starts[number] + match.end())
            events = events_named(desk, events_at(desk, text, end))
            if len(events) == 1:
                yield from _inlay(match[0], events[0], project, text.span(text.offset(end), text.offset(end)))


def _inlay(macro: str, event: EventType, project: Project, at: Span) -> Iterator[Inlay]:
    sample = usual_sample(event, project)
    try:
        value = render(macro, event_data(masked(event, project, sample.data))).text
    except (RenderError, TextError):
        return
    shown = " ".join(value.split())
    words = f"{shown[:MOST]}…" if len(shown) > MOST else shown
    yield Inlay(at, words or "nothing", f"{value or 'nothing'} (sample {sample.name})")
