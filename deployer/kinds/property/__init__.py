"""``Property``: a definition in the shared library that event types point to with ``use``. Nothing at Attentive."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from deployer.kinds.base import Model
from deployer.kinds.defaults import Defaults, common
from deployer.kinds.property.shape import OURS, Marks, is_optional, json_schema, no_marks, object_schema, type_of, types

if TYPE_CHECKING:
    from deployer.source import Body

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
    """A shared property definition: JSON Schema keywords in ``schema``; ``pii`` marks personal data."""

    schema: Body
    pii: bool = False


class PropertyKind(Defaults):
    """A property has no presence of its own: it is part of the event types that use it."""

    name = "Property"
    snake = "property"
    model = Property
    rank = 0
    definitions = (("schema",),)
    stand_ins = MappingProxyType({"pii": False})

    def parse(self, address: str, id: str, body: Body) -> Property:  # noqa: A002 - the field's name in the file format
        """Build the model from a checked body."""
        return Property(
            **common(address, id, body),
            schema=body["schema"],
            pii=body.get("pii", False),
        )


KIND = PropertyKind()
