"""TypeScript: an interface an event, and a function that makes its request body and takes no undeclared key."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from deployer.contracts.export.json_schema import described
from deployer.contracts.export.naming import camel, free, one_line, pascal
from deployer.contracts.export.subscriptions import TYPESCRIPT_HEAD, opt_in_sources, typescript_builder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.kinds.event_type import EventType
    from deployer.project import Project
    from deployer.source import JSON

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_SCALARS = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean"}
_TAKEN_TYPES = {"AttentiveEvent", "Subscription", "Details", "Exact", "ExternalIdentifiers", "IdentifiedBy", "User"}
_TAKEN_TYPES |= {
    "Array",
    "Boolean",
    "Date",
    "Error",
    "Function",
    "Map",
    "Number",
    "Promise",
    "String",
    "Symbol",
    "Exclude",
    "Object",
    "Pick",
    "Record",
    "Required",
    "Set",
}
_WORDS = """
abstract any arguments as async await boolean break case catch class const constructor continue debugger declare default
delete do else enum eval event export extends false finally for from function get if implements import in instanceof
interface let module namespace never new null number object of package private protected public readonly require return
set static string super switch symbol this throw true try type typeof undefined unknown var void while with yield
"""
_TAKEN_NAMES = frozenset({"event", *_WORDS.split()})

_HEAD = """\
// Made by `deployer schema export --format typescript`; change the event types instead.

export interface ExternalIdentifiers {
  clientUserId?: string;
  customIdentifiers?: { name: string; value: string }[];
}

/** The customer whom an event is about; a phone in E.164 form. */
export interface User {
  phone?: string;
  email?: string;
  externalIdentifiers?: ExternalIdentifiers;
}

/** A customer who is named in at least one of these ways. */
export type IdentifiedBy<Way extends keyof User> = { [W in Way]: User & Required<Pick<User, W>> }[Way];

/** occurredAt: RFC 3339 with its UTC offset (older than twelve hours starts no journey). externalEventId: your own. */
export interface Details {
  occurredAt?: string;
  externalEventId?: string;
}

/** A request body of POST /v1/events/custom. */
export interface AttentiveEvent<Name extends string, Properties> extends Details {
  type: Name;
  properties: Properties;
  user: User;
}

/** What was given, with every key that the shape doesn't declare made impossible. */
export type Exact<Shape, Given> = unknown extends Shape
  ? Given
  : Given extends readonly (infer G)[]
    ? Shape extends readonly (infer S)[]
      ? Exact<S, G>[]
      : Shape
    : Given extends object
      ? { [K in keyof Given]: K extends keyof Shape ? Exact<Exclude<Shape[K], undefined>, Given[K]> : never }
      : Given;

function event<Name extends string, Properties extends object>(
  type: Name,
  keys: readonly string[],
  required: readonly string[],
  properties: Properties,
  user: User,
  details: Details,
): AttentiveEvent<Name, Properties> {
  const missing = required.filter((key) => !Object.prototype.hasOwnProperty.call(properties, key));
  if (missing.length > 0) {
    throw new Error(`${type} needs ${missing.join(", ")}`);
  }
  const undeclared = Object.keys(properties).filter((key) => keys.indexOf(key) < 0);
  if (undeclared.length > 0) {
    throw new Error(`${type} doesn't declare ${undeclared.join(", ")}`);
  }
  return { type, properties, user, ...details };
}
"""


def typescript_files(events: Sequence[EventType], project: Project) -> dict[str, str]:
    """One module for all events, as ``events.ts``; it needs nothing but TypeScript 4.7 or newer."""
    types, functions = set(_TAKEN_TYPES), set(_TAKEN_NAMES)
    parts = [_HEAD]
    for event in events:
        shape, builder = free(pascal(event.id), types), free(camel(event.id), functions)
        types.add(shape)
        functions.add(builder)
        parts.append("\n".join(_event(event, project, shape, builder)) + "\n")
    sources = opt_in_sources(project)
    parts += [TYPESCRIPT_HEAD] if sources else []
    for source in sources:
        builder = free(camel(f"subscribe_{source.id}"), functions)
        functions.add(builder)
        parts.append(typescript_builder(source, builder))
    return {"events.ts": "\n".join(parts)}


def _event(event: EventType, project: Project, shape: str, builder: str) -> Iterator[str]:
    schema = described(event, project)
    name, ways = _text(event.name), " | ".join(_text(way) for way in (*event.identify_by, "externalIdentifiers"))
    yield from _comment("", _about(event), deprecated=event.deprecated)
    yield f"export interface {shape} {{"
    yield from _members(schema, "  ")
    yield "}"
    yield ""
    yield from _comment("", f"Make the request body of “{event.name}”.", deprecated=event.deprecated)
    yield f"export function {builder}<Given extends {shape}>("
    yield f"  properties: Given & Exact<{shape}, Given>,"
    yield f"  user: IdentifiedBy<{ways}>,"
    yield "  details: Details = {},"
    yield f"): AttentiveEvent<{name}, {shape}> {{"
    yield f"  const keys: readonly string[] = [{', '.join(_text(key) for key in schema['properties'])}];"
    yield f"  const required: readonly string[] = [{', '.join(_text(key) for key in schema['required'])}];"
    yield f"  return event<{name}, {shape}>({name}, keys, required, properties, user, details);"
    yield "}"


def _about(event: EventType) -> str:
    return one_line(f"“{event.name}”, sent by the app {event.app}.", event.description)


def _comment(indent: str, text: str, *, deprecated: bool = False) -> Iterator[str]:
    words = one_line(text, "@deprecated" if deprecated else "").replace("*/", "*\\/")
    if words:
        yield f"{indent}/** {words} */"


def _members(schema: Mapping[str, JSON], indent: str) -> Iterator[str]:
    required = set(schema.get("required", ()))
    for key, part in schema.get("properties", {}).items():
        yield from _comment(indent, part.get("description", ""), deprecated=bool(part.get("deprecated")))
        yield f"{indent}{_key(key)}{'' if key in required else '?'}: {_type(part, indent)};"


def _key(key: str) -> str:
    return key if _IDENTIFIER.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return written if written.isprintable() else json.dumps(text)


def _type(schema: Mapping[str, JSON], indent: str) -> str:
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return " | ".join(dict.fromkeys(_literal(value) for value in schema["enum"]))
    declared = schema.get("type")
    if declared is None:
        return "unknown"
    types = [declared] if isinstance(declared, str) else declared
    return " | ".join(dict.fromkeys(_of(name, schema, indent) for name in types))


def _literal(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_literal(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{ {'; '.join(f'{_key(key)}: {_literal(item)}' for key, item in value.items())} }}"
    return json.dumps(value)


def _of(name: str, schema: Mapping[str, JSON], indent: str) -> str:
    if name == "array":
        inside = _type(schema.get("items", {}), indent)
        return f"({inside})[]" if " | " in inside else f"{inside}[]"
    return _object(schema, indent) if name == "object" else _SCALARS[name]


def _object(schema: Mapping[str, JSON], indent: str) -> str:
    """A nested object: keys that aren't declared can be given where the schema lets them, but say nothing."""
    others = schema.get("additionalProperties", True)
    if not schema.get("properties"):
        inside = _type(others, indent) if isinstance(others, dict) else "unknown"
        return "Record<string, never>" if others is False else f"Record<string, {inside}>"
    lines = list(_members(schema, indent + "  "))
    lines += [] if others is False else [f"{indent}  [key: string]: unknown;"]
    return "\n".join(["{", *lines, f"{indent}}}"])
