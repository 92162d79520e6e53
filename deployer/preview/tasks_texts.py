"""The words of a task: what to copy, what changes, and how a customer reads it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deployer.kinds.channels import Channel, all_parts, facts
from deployer.kinds.journey.units import LIMIT
from deployer.kinds.message import held_against
from deployer.messages import RULE_SETS, Additions, RenderError, TextRun, deliver, word_diff
from deployer.messages.scanning import plain
from deployer.preview.tasks_values import BubbleView, FilledSample, TextView

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deployer.messages import Delivered
    from deployer.preview.tasks_declared import Declared, Filling
    from deployer.state import TaskRecord

FIELD = "text"
"""The field of a task that holds a text which Attentive counts."""

_LAST_NAME = re.compile(r"(?:\[\s*['\"](?P<quoted>[^'\"]*)['\"]\s*\]|(?P<bare>\w+))\s*$")


def texts(task: TaskRecord) -> tuple[TextView, ...]:
    """Every text that should be in the composer, with what changes in it."""
    return tuple(_texts(task))


def _texts(task: TaskRecord) -> Iterator[TextView]:
    wanted, former = _fields(task.value), _fields(task.before)
    channel = wanted.get("channel")
    parts = {part.field: part for part in facts(Channel(channel)).parts} if channel else all_parts()
    for name, part in parts.items():
        text, old = wanted.get(name), former.get(name)
        if isinstance(text, str) and text:
            changes = isinstance(old, str) and old != text
            yield TextView(name, part.label, text, word_diff(old, text) if changes and old else ())


def _fields(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def bubble(task: TaskRecord, declared: Declared) -> BubbleView | None:
    """A task's text as a phone shows it; ``None`` for a task without one."""
    text, old = _fields(task.value).get(FIELD), _fields(task.before).get(FIELD)
    if not isinstance(text, str) or not text:
        return None
    sample = declared.usual(task.context.get("message", ""))
    runs, filled = _runs(text, sample, task.value, declared)
    before = _runs(old, sample, task.before, declared)[0] if isinstance(old, str) and old and old != text else None
    return BubbleView(runs, before, sample.name if sample and filled else "")


def words(text: str, sample: Filling | None, value: Any, declared: Declared) -> str:
    """A text for a sample, without what Attentive adds; without a sample with the names of its macros."""
    delivered = _delivered(text, sample, value, declared)
    return delivered.text if delivered else "".join(run.text for run in _named(text))


def _runs(text: str, sample: Filling | None, value: Any, declared: Declared) -> tuple[tuple[TextRun, ...], bool]:
    """A text in runs, and whether a sample is filled in; without one each macro is the name of what it prints."""
    delivered = _delivered(text, sample, value, declared)
    if delivered is not None:
        return delivered.runs, True
    return _added(value, declared).around(tuple(_named(text))), False


def _delivered(text: str, sample: Filling | None, value: Any, declared: Declared) -> Delivered | None:
    if sample is None:
        return None
    try:
        return deliver(text, sample.sample.data, _added(value, declared), mask=sample.mask)
    except RenderError:
        return None  # the sample is of today's event, the text may be an older one


def _added(value: Any, declared: Declared) -> Additions:
    """What Attentive adds to a text; one that is reviewed, whose channel isn't recorded, goes out as a text."""
    channel = Channel(_fields(value).get("channel", Channel.TEXT))
    if not facts(channel).segments:
        return Additions()
    return replace(declared.additions, media=bool(_fields(value).get("media")))


def _named(text: str) -> Iterator[TextRun]:
    end = 0
    for match in plain(text) or ():
        if match.start() > end:
            yield TextRun("author", text[end : match.start()])
        yield TextRun("data", _name(match["path"]), match["path"])
        end = match.end()
    if end < len(text):
        yield TextRun("author", text[end:])


def _name(path: str) -> str:
    match = _LAST_NAME.search(path)
    return (match["quoted"] or match["bare"] or path) if match else path


def filled(task: TaskRecord, declared: Declared) -> tuple[FilledSample, ...]:
    """What each sample prints for the macros of a task's text, and how long the text is with it."""
    text = _fields(task.value).get(FIELD)
    fillings = declared.samples.get(task.context.get("message", ""), ())
    return tuple(_filled(text, fillings, task, declared)) if isinstance(text, str) else ()


def _filled(text: str, fillings: Iterable[Filling], task: TaskRecord, declared: Declared) -> Iterator[FilledSample]:
    for filling in fillings:
        delivered = _delivered(text, filling, task.value, declared)
        if delivered is not None:
            values = {run.macro: run.text for run in delivered.runs if run.macro}
            held = held_against(filling.sample, delivered, task.context.get(LIMIT))
            segments: dict[str, int] = {rules: delivered.count(rules).segments for rules in RULE_SETS}
            yield FilledSample(filling.name, values, segments, held.over, held.verdict)
