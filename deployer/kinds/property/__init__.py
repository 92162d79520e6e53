"""``Property``: a definition in the shared library that event types point to with ``use``. Nothing at Attentive."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.base import Model
from deployer.kinds.defaults import Defaults, common, with_stand_ins
from deployer.kinds.property.shape import OURS, Marks, is_optional, json_schema, no_marks, object_schema, type_of, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.source import Body, Pointer

__all__ = [
    "KIND",
    "OURS",
    "Marks",
    "Property",
    "is_optional",
    "json_schema",
    "no_marks",
    "object_schema",
    "type_of",
    "types",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Property(Model):
    """A shared property definition: JSON Schema keywords in ``schema``; ``pii`` marks personal data.

    ``readable`` is false where its schema has a mistake of its own, so that nothing is known of its values.
    """

    schema: Body
    pii: bool = False
    readable: bool = True


class PropertyKind(Defaults):
    """A property has no presence of its own: it is part of the event types that use it."""

    name = "Property"
    snake = "property"
    model = Property
    rank = 0
    definitions = (("schema",),)
    stand_ins = MappingProxyType({"pii": False, "schema": {}})

    def parse(self, address: str, id: str, body: Body) -> Property:  # noqa: A002 - the field's name in the file format
        """Build the model from a checked body."""
        return Property(
            **common(address, id, body),
            schema=body["schema"],
            pii=body.get("pii", False),
        )

    def readable(
        self,
        address: str,
        id: str,  # noqa: A002 - the field's name in the file format
        body: Body,
        mistakes: Sequence[Pointer],
    ) -> tuple[Property, Body] | None:
        """The property without knowledge of its values where its schema has the mistake."""
        rest = with_stand_ins(self, body, mistakes)
        known = all(pointer[:1] != ("schema",) for pointer in mistakes)
        return None if rest is None else (replace(self.parse(address, id, rest), readable=known), rest)


KIND = PropertyKind()
