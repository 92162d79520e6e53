"""Python: a ``TypedDict`` an event, and a function that makes its request body and takes no undeclared key."""

from __future__ import annotations

import builtins
import keyword
from dataclasses import field
from typing import TYPE_CHECKING, Any

from deployer.contracts.export.json_schema import described
from deployer.contracts.export.naming import free, one_line, pascal
from deployer.contracts.export.subscriptions import PYTHON_HEAD, opt_in_sources, python_builder
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.kinds.event_type import EventType
    from deployer.project import Project
    from deployer.source import JSON

_SCALARS = {"string": "str", "number": "float", "integer": "int", "boolean": "bool"}
_TAKEN_TYPES = frozenset({"Any", "CustomIdentifier", "ExternalIdentifiers", "Literal", "Mapping", "NotRequired"})
_TAKEN_TYPES |= {"Never", "Required", "TypedDict", "User", *dir(builtins), *keyword.kwlist}
_TAKEN_NAMES = frozenset({"annotations", "datetime", "deprecated", "sys", *dir(builtins), *keyword.kwlist})

_HEAD = '''\
"""Events for Attentive: the properties of each, and a function that makes its request body.

Made by `deployer schema export --format python`; change the event types instead. Python 3.11 or newer.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Never, NotRequired, Required, TypedDict


class CustomIdentifier(TypedDict):
    """An identifier of your own that Attentive knows already."""

    name: str
    value: str


class ExternalIdentifiers(TypedDict, total=False):
    """Identifiers that Attentive knows already."""

    clientUserId: str
    customIdentifiers: list[CustomIdentifier]


class User(TypedDict, total=False):
    """The customer whom an event is about; a phone in E.164 form."""

    phone: str
    email: str
    externalIdentifiers: ExternalIdentifiers


def _event(
    type_: str,
    required: frozenset[str],
    optional: frozenset[str],
    ways: tuple[str, ...],
    properties: Mapping[str, object],
    user: User,
    occurred_at: datetime | None,
    external_event_id: str,
) -> dict[str, Any]:
    missing = sorted(required - set(properties))
    if missing:
        raise ValueError(f"{type_} needs {', '.join(missing)}")
    undeclared = sorted(set(properties) - required - optional)
    if undeclared:
        raise ValueError(f"{type_} doesn't declare {', '.join(undeclared)}")
    if not set(ways) & set(user):
        raise ValueError(f"{type_} needs a user with {' or '.join(ways)}")
    if occurred_at is not None and occurred_at.utcoffset() is None:
        raise ValueError("occurred_at needs a time zone")
    body: dict[str, Any] = {"type": type_, "properties": dict(properties), "user": dict(user)}
    if occurred_at is not None:
        body["occurredAt"] = occurred_at.isoformat(timespec="milliseconds")
    if external_event_id:
        body["externalEventId"] = external_event_id
    return body
'''


_DEPRECATED = '''\
if sys.version_info >= (3, 13):
    from warnings import deprecated
else:
    from collections.abc import Callable
    from typing import TypeVar

    _Function = TypeVar("_Function")

    def deprecated(message: str) -> Callable[[_Function], _Function]:
        """Mark what is deprecated, as Python 3.13 does; type checkers read it there."""
        return lambda function: function
'''


def python_files(events: Sequence[EventType], project: Project) -> dict[str, str]:
    """One module for all events, as ``events.py``."""
    module = _Module()
    for event in events:
        module.add(event, project)
    sources = opt_in_sources(project)
    module.parts += [PYTHON_HEAD] if sources else []
    module.parts += [python_builder(source, module.free_name(f"subscribe_{source.id}")) for source in sources]
    marked = [_DEPRECATED] if any(event.deprecated for event in events) else []
    return {"events.py": "\n\n".join([_HEAD, *marked, *module.parts])}


@dataclass(slots=True)
class _Module:
    """The module in the making: a type comes before what uses it."""

    parts: list[str] = field(default_factory=list)
    types: set[str] = field(default_factory=lambda: set(_TAKEN_TYPES))
    functions: set[str] = field(default_factory=lambda: set(_TAKEN_NAMES))

    def add(self, event: EventType, project: Project) -> None:
        """Add an event's types and its function."""
        schema = described(event, project)
        shape = self._typed_dict(pascal(event.id), schema, _about(event))
        builder = self.free_name(event.id)
        self.parts.append("\n".join(_function(event, shape, builder)) + "\n")

    def free_name(self, name: str) -> str:
        """A function's name that nothing else in the module has."""
        unused = free(name, self.functions)
        self.functions.add(unused)
        return unused

    def _typed_dict(self, name: str, schema: Mapping[str, JSON], about: str = "") -> str:
        shape = free(name, self.types)
        self.types.add(shape)
        required = set(schema.get("required", ()))
        lines = [f"# {about}"] if about else []
        lines += [f"{shape} = TypedDict(", f"    {shape!r},", "    {"]
        for key, part in schema.get("properties", {}).items():
            lines += [f"        # {words}" for words in [_remark(part)] if words]
            presence = "Required" if key in required else "NotRequired"
            lines.append(f"        {key!r}: {presence}[{self._type(part, shape + pascal(key))}],")
        self.parts.append("\n".join([*lines, "    },", ")"]) + "\n")
        return shape

    def _type(self, schema: Mapping[str, JSON], name: str) -> str:
        values = [schema["const"]] if "const" in schema else schema.get("enum")
        if values:
            return _literals(values)
        declared = schema.get("type")
        if declared is None:
            return "Any"
        types = [declared] if isinstance(declared, str) else declared
        return " | ".join(dict.fromkeys(self._of(type_name, schema, name) for type_name in types))

    def _of(self, type_name: str, schema: Mapping[str, JSON], name: str) -> str:
        if type_name == "array":
            return f"list[{self._type(schema.get('items', {}), name + 'Item')}]"
        if type_name != "object":
            return _SCALARS[type_name]
        if schema.get("properties"):
            return self._typed_dict(name, schema)
        others = schema.get("additionalProperties", True)
        if isinstance(others, dict):
            return f"dict[str, {self._type(others, name + 'Value')}]"
        return f"dict[str, {'Any' if others else 'Never'}]"


def _literals(values: Sequence[Any]) -> str:
    """Values as a ``Literal``, which takes texts, whole numbers, true, false and nothing; else their types."""
    if all(value is None or isinstance(value, str | int) for value in values):
        return f"Literal[{', '.join(dict.fromkeys(repr(value) for value in values))}]"
    return " | ".join(
        dict.fromkeys("Any" if isinstance(value, dict | list) else type(value).__name__ for value in values)
    )


def _remark(schema: Mapping[str, JSON]) -> str:
    return one_line("Deprecated." if schema.get("deprecated") else "", schema.get("description", ""))


def _about(event: EventType) -> str:
    deprecated = "Deprecated." if event.deprecated else ""
    return one_line(f"“{event.name}”, sent by the app {event.app}.", deprecated, event.description)


def _function(event: EventType, shape: str, builder: str) -> Iterator[str]:
    ways = (*event.identify_by, "externalIdentifiers")
    doc = f"Make the request body of the event {event.name!r}.{' Deprecated.' if event.deprecated else ''}"
    if event.deprecated:
        yield f"@deprecated({f'the event type {event.name} is deprecated'!r})"
    yield f"def {builder}("
    yield f"    properties: {shape},"
    yield "    user: User,"
    yield "    *,"
    yield "    occurred_at: datetime | None = None,"
    yield '    external_event_id: str = "",'
    yield ") -> dict[str, Any]:"
    yield f"    {doc!r}" if '"' in doc or "\\" in doc else f'    """{doc}"""'
    yield f"    required, optional = {shape}.__required_keys__, {shape}.__optional_keys__"
    yield f"    ways = {ways!r}"
    yield f"    name = {event.name!r}"
    yield "    return _event(name, required, optional, ways, properties, user, occurred_at, external_event_id)"
