"""The words of a task: what to copy, what changes, and how a customer reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from deployer.kinds.journey.units import COPIED
from deployer.messages import SEPARATOR, RenderError, Run, event_data, render_pieces, shortened, word_diff
from deployer.messages.count import OPT_OUT_SEPARATOR
from deployer.messages.scan import plain
from deployer.preview.tasks_declared import first
from deployer.preview.tasks_values import BubbleView, FilledSample, TextView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.kinds.event_type.samples import Sample
    from deployer.preview.tasks_declared import Declared
    from deployer.state import TaskRecord

LABELS = {
    "text": "Composer text",
    "subject": "Subject",
    "preheader": "Preheader",
    "html": "HTML",
    "plain": "Plain text",
}
"""What a person can copy out of the composer, as the page calls it."""

_LAST_NAME = re.compile(r"(?:\[\s*['\"](?P<quoted>[^'\"]*)['\"]\s*\]|(?P<bare>\w+))\s*$")


def texts(task: TaskRecord) -> tuple[TextView, ...]:
    """Every text that shall stand in the composer, with what changes in it."""
    return tuple(_texts(task))


def _texts(task: TaskRecord) -> Iterator[TextView]:
    wanted, former = _fields(task.value), _fields(task.before)
    for name in COPIED:
        text, old = wanted.get(name), former.get(name)
        if isinstance(text, str) and text:
            changes = isinstance(old, str) and old != text
            yield TextView(name, LABELS[name], text, word_diff(old, text) if changes and old else ())


def _fields(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def bubble(task: TaskRecord, declared: Declared) -> BubbleView | None:
    """A task's text as a phone shows it; ``None`` for a task without one."""
    text, old = _fields(task.value).get("text"), _fields(task.before).get("text")
    if not isinstance(text, str) or not text:
        return None
    sample = first(declared.samples.get(task.context.get("message", ""), ()))
    runs, filled = _runs(text, sample)
    before = _around(_runs(old, sample)[0], declared) if isinstance(old, str) and old and old != text else None
    return BubbleView(_around(runs, declared), before, sample.name if sample and filled else "")


def _runs(text: str, sample: Sample | None) -> tuple[tuple[Run, ...], bool]:
    """A text in runs, and whether a sample is filled in; without one each macro is the name of what it prints."""
    if sample is not None:
        try:
            return render_pieces(text, event_data(sample.data)), True
        except RenderError:
            pass  # the sample is of today's event, the text may be an older one
    return tuple(_named(text)), False


def _named(text: str) -> Iterator[Run]:
    end = 0
    for match in plain(text) or ():
        if match.start() > end:
            yield Run("author", text[end : match.start()])
        yield Run("data", _name(match["path"]), match["path"])
        end = match.end()
    if end < len(text):
        yield Run("author", text[end:])


def _name(path: str) -> str:
    found = _LAST_NAME.search(path)
    return (found["quoted"] or found["bare"] or path) if found else path


def _around(runs: tuple[Run, ...], declared: Declared) -> tuple[Run, ...]:
    """What Attentive puts in front of a text and, for some subscribers, behind it, as far as that is known."""
    front = (Run("platform", declared.brand + SEPARATOR),) if declared.brand else ()
    behind = (Run("platform", OPT_OUT_SEPARATOR + declared.opt_out),) if declared.opt_out else ()
    return front + runs + behind


def filled(task: TaskRecord, declared: Declared) -> tuple[FilledSample, ...]:
    """What each sample prints for the macros of a task's text, so that a page can count the text for it."""
    text = _fields(task.value).get("text")
    samples = declared.samples.get(task.context.get("message", ""), ())
    return tuple(_filled(text, samples, shorten=bool(declared.short_link))) if isinstance(text, str) else ()


def _filled(text: str, samples: tuple[Sample, ...], *, shorten: bool) -> Iterator[FilledSample]:
    for sample in samples:
        runs, known = _runs(text, sample)
        if known:
            links = shortened(sample.data.values()) if shorten else ()
            yield FilledSample(sample.name, {run.macro: run.text for run in runs if run.macro}, links)
