"""What a definition lets through, in words for those who don't read JSON Schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deployer.kinds.property import OURS, types
from deployer.nouns import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from deployer.source import Body

ANY = "any"
"""The type of a value of which no type is declared."""

_ELSEWHERE = OURS | {"type", "description", "title", "examples", "default", "properties", "items"}
"""Keywords that are shown in a place of their own, or that let nothing less through."""

_PAIRS = (
    ("minLength", "maxLength", "character"),
    ("minItems", "maxItems", "item"),
    ("minProperties", "maxProperties", "key"),
)
_WORDS: Mapping[str, Callable[[Any], str]] = {
    "const": lambda value: f"always {_value(value)}",
    "enum": lambda values: f"one of {', '.join(map(_value, values))}",
    "format": lambda name: f"in the format {name}",
    "pattern": lambda pattern: f"matches {pattern}",
    "minimum": lambda least: f"at least {_value(least)}",
    "maximum": lambda most: f"at most {_value(most)}",
    "exclusiveMinimum": lambda least: f"more than {_value(least)}",
    "exclusiveMaximum": lambda most: f"less than {_value(most)}",
    "multipleOf": lambda step: f"a multiple of {_value(step)}",
    "uniqueItems": lambda unique: "no item twice" if unique else "",
    "additionalProperties": lambda others: "further keys are allowed" if others else "",
}
"""What each keyword means; one that isn't here is shown as it is written."""


def type_in_words(definition: Body) -> str:
    """The JSON type of a definition, several with “or” between them, of a list with that of its items."""
    type_names = types(definition)
    inside = definition.get("items")
    if type_names == ["array"] and inside:
        return f"array of {type_in_words(inside)}"
    return " or ".join(type_names) or ANY


def limits_in_words(definition: Body) -> tuple[str, ...]:
    """Everything else that a value of the definition must be, a phrase each."""
    return tuple(phrase for phrase in _phrases(definition) if phrase)


def _phrases(definition: Body) -> Iterator[str]:
    paired = set()
    for least, most, noun in _PAIRS:
        paired |= {least, most}
        yield _between(definition.get(least), definition.get(most), noun)
    for keyword, value in definition.items():
        if keyword in _WORDS:
            yield _WORDS[keyword](value)
        elif keyword not in _ELSEWHERE | paired and not keyword.startswith("x-"):
            yield f"{keyword}: {_value(value)}"


def _between(least: int | None, most: int | None, noun: str) -> str:
    """How many there may be; at least one is “not empty”."""
    if most is None:
        return "not empty" if least == 1 else f"at least {counted(least, noun)}" if least else ""
    if not least:
        return f"up to {counted(most, noun)}"
    return f"exactly {counted(most, noun)}" if least == most else f"{least} to {counted(most, noun)}"


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
