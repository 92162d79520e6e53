"""PyYAML's events: the one place that chooses its parser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

Event: TypeAlias = Any
"""An event of PyYAML, whose stubs let marks be missing; a parser always sets them."""

_LOADER = getattr(yaml, "CLoader", yaml.Loader)
"""libyaml's parser where PyYAML was built with it; the one in Python is some ten times slower."""


def events(text: str) -> Iterator[Event]:
    """Yield PyYAML's events of a text. Raises ``yaml.YAMLError`` in the midst of them."""
    stream: Iterator[Event] = yaml.parse(text, Loader=_LOADER)
    return stream


def is_a(event: Event, kind: type[yaml.Event]) -> bool:
    """Tell whether an event is exactly of a kind, without narrowing its type to the stubs'."""
    return type(event) is kind


def adjacent(outer: Event, inner: Event, kind: type[yaml.Event]) -> bool:
    """Tell whether two flow collections open side by side, as in `{{` and `[[`."""
    if not is_a(inner, kind) or not (inner.flow_style and outer.flow_style):
        return False
    return int(inner.start_mark.index) == int(outer.start_mark.index) + 1
