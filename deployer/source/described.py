"""What the schemas say about one place of a document: the keys there and their order, the values, the meaning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BRANCHES = ("allOf", "anyOf", "oneOf")
_DEEPEST = 9
"""References and branches that are followed from one place; the schemas that ship with the package need fewer."""


@dataclass(frozen=True, slots=True)
class Described:
    """One place of a document: the schemas that describe it, which are parts of ``whole``.

    ``resource``: the whole document is there. A place that no schema describes has no parts.
    """

    whole: Mapping[str, Any]
    parts: tuple[Mapping[str, Any], ...] = ()
    resource: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The keys that a mapping has here, in the order in which they are written."""
        return tuple(dict.fromkeys(key for part in self._all() for key in part.get("properties", ())))

    def child(self, key: str) -> Described:
        """What is under a key; under ``per_environment`` there is a part of the resource for each."""
        if self.resource and key == "per_environment":
            return Described(self.whole, ({"additionalProperties": self.whole},))
        parts = tuple(data for part in self._all() for data in _under(part, key))
        return Described(self.whole, parts, resource=bool(parts) and parts[0] is self.whole)

    def item(self) -> Described:
        """What is in a list."""
        return Described(
            self.whole, tuple(part["items"] for part in self._all() if isinstance(part.get("items"), dict))
        )

    def values(self) -> tuple[str, ...]:
        """The texts that are allowed here, where they are listed."""
        values: dict[str, None] = {}
        for part in self._all():
            listed = (*part.get("enum", ()), *([part["const"]] if "const" in part else ()))
            values.update(dict.fromkeys(item for item in listed if isinstance(item, str)))
            values.update({"true": None, "false": None} if part.get("type") == "boolean" else {})
        return tuple(values)

    @property
    def meaning(self) -> str:
        """The description of the place; empty where there is none."""
        return next((str(part["description"]) for part in self._all() if "description" in part), "")

    def _all(self) -> Iterator[Mapping[str, Any]]:
        for part in self.parts:
            yield from self._resolved(part, 0)

    def _resolved(self, part: Any, depth: int) -> Iterator[Mapping[str, Any]]:
        """A schema with those that it refers to and branches into."""
        if not isinstance(part, dict) or depth > _DEEPEST:
            return
        yield part
        reference = part.get("$ref", "")
        if reference.startswith("#/$defs/"):
            yield from self._resolved(self.whole.get("$defs", {}).get(reference.removeprefix("#/$defs/")), depth + 1)
        for branch in _BRANCHES:
            for item in part.get(branch, ()):
                yield from self._resolved(item, depth + 1)


def _under(part: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """The schemas that a schema has for the value of a key."""
    if key in part.get("properties", {}):
        yield part["properties"][key]
        return
    matching = [item for pattern, item in part.get("patternProperties", {}).items() if re.search(pattern, key)]
    yield from matching
    if not matching and isinstance(part.get("additionalProperties"), dict):
        yield part["additionalProperties"]


def described(schema: Mapping[str, Any] | None, *, resource: bool) -> Described:
    """The top of a document of this schema; of one without a schema, a place that nothing describes."""
    return Described(schema, (schema,), resource=resource) if schema is not None else Described({})
