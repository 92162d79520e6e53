"""Events for whose properties a value is found: nothing has to be made to know that it can be.

Most properties are plain texts, numbers and lists of words. Tests hold this against the maker.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from deployer.kinds.event_type.bounds import MANY
from deployer.kinds.event_type.model import payload_schema
from deployer.kinds.event_type.samples import MISSING_OPTIONAL
from deployer.source import content, of_content

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deployer.kinds.base import Scope
    from deployer.kinds.event_type.model import EventType
    from deployer.source import Body

_ABOUT = frozenset({"type", "description", "title", "examples"})
_OF_TEXTS = frozenset({"minLength", "maxLength", "format"})
_OF_NUMBERS = frozenset({"minimum", "maximum"})
_LARGE = 10**12
_PAGE = len("https://example.com/page")
"""Characters of the URL that is made where the team wrote none."""


def surely_made(event: EventType, scope: Scope) -> bool:
    """Whether a value is found for each property of an event, so that ``all_samples`` has no reason why not."""
    return all(
        _is_sure(content(schema)) and _has_plain(event, key, schema)
        for key, schema in payload_schema(event, scope)["properties"].items()
    )


@lru_cache(maxsize=1024)
def _is_sure(definition: bytes) -> bool:
    """Whether the longest value and an unusual one are found for a property's schema, whatever the team wrote."""
    schema = of_content(definition)
    declared = schema.get("type")
    tell = _BY_TYPE.get(declared) if isinstance(declared, str) else None
    return tell is not None and tell(schema)


def _has_plain(event: EventType, key: str, schema: Body) -> bool:
    """Whether a plain value is found too: a text that may not be empty is one that the team wrote."""
    least = schema.get("minLength", 0)
    if not least or "format" in schema or MISSING_OPTIONAL in event.samples:
        return True
    known = [*(sample[key] for sample in event.samples.values() if key in sample), *schema.get("examples", ())]
    return any(isinstance(text, str) and least <= len(text) <= schema.get("maxLength", MANY) for text in known)


def _text(schema: Body) -> bool:
    """A text with bounds that don't cross, one of several words, or a URL with room for the one that is made."""
    own = schema.keys() - _ABOUT
    if own == {"enum"}:
        words = schema["enum"]
        return isinstance(words, list) and bool(words) and all(isinstance(word, str) for word in words)
    least, most = schema.get("minLength", 0), schema.get("maxLength", MANY)
    if not own <= _OF_TEXTS or not (_is_whole(least) and _is_whole(most)):
        return False
    if "format" in own:
        return bool(schema["format"] == "uri" and 0 <= least <= _PAGE <= most)
    return bool(0 <= least <= min(most, MANY) and most > 0)


def _number(schema: Body) -> bool:
    """A number, perhaps with bounds that don't cross."""
    bounds = [schema[keyword] for keyword in ("minimum", "maximum") if keyword in schema]
    if not schema.keys() - _ABOUT <= _OF_NUMBERS or not all(map(_is_whole, bounds)):
        return False
    return sorted(bounds) == bounds


def _boolean(schema: Body) -> bool:
    return schema.keys() <= _ABOUT


def _is_whole(value: Any) -> bool:
    return type(value) is int and abs(value) < _LARGE


_BY_TYPE: Mapping[str, Callable[[Body], bool]] = {
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
}
