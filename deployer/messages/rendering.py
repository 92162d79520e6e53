"""What a person reads: composer text with sample data filled in, and the holes that stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deployer.messages.known import GIVEN
from deployer.messages.liquid_loading import load_liquid
from deployer.messages.rendered import Hole, Rendered
from deployer.messages.scanning import plain, segments

if TYPE_CHECKING:
    import re

    from deployer.source import JSON

_MISSING = object()
_COMPUTED = ("size", "first", "last")
_PLAIN = (str, bool, int)
"""What Python prints as Liquid does."""


def event_data(
    properties: Mapping[str, JSON],
    subscriber: Mapping[str, JSON] | None = None,
    attributes: Mapping[str, JSON] | None = None,
) -> dict[str, JSON]:
    """Give macros their data in Attentive's shape.

    Event ``properties`` are at ``triggerEvent.custom``, a subscriber's own fields (``firstName``) at ``subscriber``,
    custom ``attributes`` at ``subscriber.custom``. ``GIVEN`` stands in for what Attentive adds.
    """
    person = {**(subscriber or {}), "custom": dict(attributes or {})}
    return {**GIVEN, "triggerEvent": {"custom": dict(properties)}, "subscriber": person}


def render(text: str, data: Mapping[str, JSON]) -> Rendered:
    """Render composer text. A macro without a value (or with null) prints nothing and is a hole.

    Numbers and booleans print as Liquid prints them. Raises ``RenderError``, also where the text isn't valid Liquid or
    would become unreasonably long.
    """
    matches = plain(text)
    rendered = None if matches is None else _render_plain(text, matches, data)
    if rendered is not None:
        return rendered
    load_liquid()
    from deployer.messages.liquid_render import render_tree  # noqa: PLC0415 - python-liquid is slow to import

    return render_tree(text, data)


def fill(matches: Sequence[re.Match[str]], data: Mapping[str, JSON]) -> list[str | None] | None:
    """What each plain macro prints (``None``: nothing, a hole), without a Liquid parser.

    ``None`` for all of them where a value isn't plain either: Liquid has to say how it prints.
    """
    values = [_value(match, data) for match in matches]
    if not all(value is _MISSING or _plain(value) for value in values):
        return None
    return [None if value is _MISSING else _printed(value) for value in values]


def _render_plain(text: str, matches: Sequence[re.Match[str]], data: Mapping[str, JSON]) -> Rendered | None:
    values = fill(matches, data)
    if values is None:
        return None
    parts: list[str] = []
    holes: list[Hole] = []
    end = 0
    for match, value in zip(matches, values, strict=True):
        if value is None:
            holes.append(Hole(match["path"], match.start("path")))
        parts += text[end : match.start()], value or ""
        end = match.end()
    return Rendered("".join([*parts, text[end:]]), tuple(holes))


def _value(match: re.Match[str], data: Mapping[str, JSON]) -> Any:
    """Look up the value of a macro: its own, else its ``default``. ``None`` for what only Liquid knows how to read."""
    value: Any = data
    for segment in segments(match["path"]):
        if value is _MISSING:
            break
        if not _is_mapping(value) or isinstance(segment, int) or segment in _COMPUTED:
            return None
        value = value.get(segment, _MISSING)
        if value is None:
            value = _MISSING
    if match["filter"] and (value is _MISSING or value is False or value == ""):
        return match["value"][1:-1]
    return value


def _is_mapping(value: Any) -> bool:
    return type(value) is dict or isinstance(value, Mapping)  # the question about the type is answered sooner


def _plain(value: Any) -> bool:
    """Whether Python prints a value as Liquid does: not where a number is so large that it has an exponent."""
    return isinstance(value, _PLAIN) or (isinstance(value, float) and "e" not in repr(value))


def _printed(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
