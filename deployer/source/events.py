"""PyYAML's events: the one place that chooses its parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from deployer.source.disguise import Disguise, disguise

if TYPE_CHECKING:
    from collections.abc import Iterator

Event: TypeAlias = Any
"""An event of PyYAML, whose stubs let marks be missing; a parser always sets them."""

_LOADER = getattr(yaml, "CLoader", yaml.Loader)
"""libyaml's parser where PyYAML was built with it; the one in Python is some ten times slower."""


def events(text: str) -> Iterator[Event]:
    """Yield PyYAML's events of a text, read as YAML 1.2 wants. Raises ``yaml.YAMLError`` in the midst of them."""
    hidden = disguise(text)
    stream = _parsed(text if hidden is None else hidden.text)
    return stream if hidden is None else _restored(stream, hidden)


def _parsed(text: str) -> Iterator[Event]:
    """PyYAML's own `parse`, without a question in front of each event."""
    loader = _LOADER(text)
    try:
        yield from iter(loader.get_event, None)
    finally:
        loader.dispose()


def dashes(text: str) -> Iterator[int]:
    """Yield where the dash of each item of a list is that isn't in brackets, in the order of the text."""
    hidden = disguise(text)
    for token in yaml.scan(text if hidden is None else hidden.text, Loader=_LOADER):
        if type(token) is yaml.BlockEntryToken:
            yield int(token.start_mark.index)


def _restored(stream: Iterator[Event], hidden: Disguise) -> Iterator[Event]:
    for event in stream:
        if is_a(event, yaml.ScalarEvent):
            start, end = event.start_mark.index, event.end_mark.index
            event.value = hidden.restored(event.value, event.style, start, end)
        yield event


def is_a(event: Event, kind: type[yaml.Event]) -> bool:
    """Tell whether an event is exactly of a kind, without narrowing its type to the stubs'."""
    return type(event) is kind


def adjacent(outer: Event, inner: Event, kind: type[yaml.Event]) -> bool:
    """Tell whether two flow collections open side by side, as in `{{` and `[[`."""
    if not is_a(inner, kind) or not (inner.flow_style and outer.flow_style):
        return False
    return int(inner.start_mark.index) == int(outer.start_mark.index) + 1
