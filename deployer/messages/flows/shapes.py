"""What the data of a message can be, by the JSON Schema of its event: where each flow begins."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.messages.flows.forms import NONE, NUMBER, SIZED, UNKNOWN, Form, Reason, Value
from deployer.source import Gate, content, of_content

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.source import JSON

_SCALARS = {
    "string": Form.TEXT | Form.VOID,
    "number": Form.NUMBER,
    "integer": Form.NUMBER,
    "boolean": Form.TRUE | Form.FALSE,
    "object": Form.OBJECT,
    "array": Form.LIST | Form.NO_ITEMS,
    "null": Form.NIL,
}
_ROOT = Form.OBJECT | Form.ANY
"""What Attentive's own names lead to: printed alone they are no macro, and message/undocumented-macro says so."""

_LOOPS = {"forloop": "for", "tablerowloop": "tablerow"}
"""What only a loop knows, by the tag that makes it."""

_PERSON = Form.NIL | Form.TEXT | Form.NUMBER | Form.TRUE | Form.FALSE


@dataclass(frozen=True, slots=True)
class Anything:
    """Data of which nothing is known."""

    def root(self, name: str) -> Value:
        """The value of a first word: anything, or nothing."""
        return replace(UNKNOWN, place=(name,))


@dataclass(frozen=True, slots=True)
class Data:
    """The data of one message. ``payload`` is the schema of its event's properties, ``None`` where that is unknown."""

    payload: Mapping[str, Any] | None

    def root(self, name: str) -> Value:
        """The value of a first word, such as ``triggerEvent``."""
        if name == "subscriber":
            return Value(_ROOT, place=(name,), inside=_Subscriber())
        if name in _LOOPS:
            return Value(Form.NIL, (Reason("made", f"`{name}` is known inside of `{{% {_LOOPS[name]} %}}` only"),))
        if name == "triggerEvent" and self.payload is not None:
            return Value(_ROOT, place=(name,), inside=_Trigger(self.payload))
        return replace(UNKNOWN, place=(name,))


@dataclass(frozen=True, slots=True)
class _Trigger:
    payload: Mapping[str, Any]

    def key(self, name: str) -> Value:
        return Value(_ROOT, inside=_Payload(self.payload)) if name == "custom" else UNKNOWN

    def item(self, index: int | None) -> Value:
        del index
        return UNKNOWN


@dataclass(frozen=True, slots=True)
class _Payload:
    """The event's own properties; of an undeclared one message/unknown-property speaks."""

    payload: Mapping[str, Any]

    def key(self, name: str) -> Value:
        schema = self.payload.get("properties", {}).get(name)
        if schema is None:
            return UNKNOWN
        value = of_schema(schema, f"`triggerEvent.custom['{name}']`", f"`{name}`")
        if name in self.payload.get("required", ()):
            return value
        return optional(value, Reason("optional", f"`{name}` is optional"))

    def item(self, index: int | None) -> Value:
        del index
        return UNKNOWN


@dataclass(frozen=True, slots=True)
class _Subscriber:
    prefix: str = "subscriber"

    def key(self, name: str) -> Value:
        if name == "signupOffer":
            return UNKNOWN
        if name == "custom" and self.prefix == "subscriber":
            return Value(_ROOT, inside=_Subscriber("subscriber.custom"))
        path = f"subscriber.{name}" if self.prefix == "subscriber" else f"subscriber.custom['{name}']"
        return Value(_PERSON, (Reason("subscriber", f"`{path}` isn't known of every subscriber"),))

    def item(self, index: int | None) -> Value:
        del index
        return UNKNOWN


def optional(value: Value, reason: Reason) -> Value:
    """The value, or nothing."""
    return replace(value, forms=value.forms | Form.NIL, why=(reason, *value.why))


def of_schema(schema: Mapping[str, Any], owner: str, name: str) -> Value:
    """What a value can be by its schema; ``owner`` is how a message calls what it holds, ``name`` the value."""
    forms = _of_content(content(schema))
    if not forms:
        return replace(UNKNOWN, inside=_Within(schema, owner))
    why = (Reason("optional", f"{name} may be null"),) if Form.NIL in forms else ()
    literal = schema.get("const")
    return Value(forms, why, literal=literal if isinstance(literal, str) else None, inside=_Within(schema, owner))


@lru_cache(maxsize=1024)
def _of_content(definition: bytes) -> Form:
    """The forms of a value by its schema: events hold the same ones."""
    return _forms(of_content(definition))


def _forms(schema: Mapping[str, Any]) -> Form:
    listed: list[JSON] = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]
    if listed:
        return _union(_of_value(value) for value in listed)
    declared = schema.get("type", ())
    forms = _union(
        _SCALARS.get(type_name, NONE) for type_name in ([declared] if isinstance(declared, str) else declared)
    )
    if not forms:
        return _union(
            _forms(branch) for word in ("anyOf", "oneOf") for branch in schema.get(word, ()) if isinstance(branch, dict)
        )
    if Form.VOID in forms and not _may_be_void(schema):
        forms &= ~Form.VOID
    return forms & ~Form.NO_ITEMS if schema.get("minItems", 0) > 0 else forms


def _may_be_void(schema: Mapping[str, Any]) -> bool:
    """Whether an empty text fits; no format that may be declared takes one."""
    if schema.get("minLength", 0) > 0 or "format" in schema:
        return False
    return "pattern" not in schema or Gate.of({"pattern": schema["pattern"]}).valid("")


def _union(forms: Any) -> Form:
    union = NONE
    for form in forms:
        union |= form
    return union


def _of_value(value: JSON) -> Form:
    if value is None:
        return Form.NIL
    if isinstance(value, bool):
        return Form.TRUE if value else Form.FALSE
    if isinstance(value, str):
        return Form.TEXT if value else Form.VOID
    if isinstance(value, list):
        return Form.LIST if value else Form.NO_ITEMS
    return Form.OBJECT if isinstance(value, dict) else Form.NUMBER


@dataclass(frozen=True, slots=True)
class _Within:
    """The inside of a declared list or object; ``owner`` is how a message calls it."""

    schema: Mapping[str, Any]
    owner: str

    def key(self, name: str) -> Value:
        if "items" in self.schema and name in {"first", "last"}:
            return self.item(0 if name == "first" else -1)
        if name == "size" and name not in self.schema.get("properties", {}):
            return NUMBER
        if not self.schema.get("properties"):
            return self._keyless(name)
        if name not in self.schema["properties"]:
            return replace(UNKNOWN, why=(Reason("inside", f"`{name}` isn't declared in {self.owner}"),))
        value = of_schema(self.schema["properties"][name], f"`{name}`", f"`{name}`")
        if name in self.schema.get("required", ()):
            return value
        return optional(value, Reason("inside", f"`{name}` is optional in {self.owner}"))

    def _keyless(self, name: str) -> Value:
        """What a key leads to where none is declared: to anything in an open object, to nothing in a text."""
        forms = _forms(self.schema)
        if not forms or forms & Form.OBJECT:
            return UNKNOWN
        return Value(Form.NIL, (Reason("inside", f"{self.owner} is no object, so it has no `{name}`"),))

    def item(self, index: int | None) -> Value:
        items = self.schema.get("items")
        if not isinstance(items, dict):
            return UNKNOWN
        value = of_schema(items, f"each element of {self.owner}", f"an element of {self.owner}")
        if index is None or self.schema.get("minItems", 0) > (index if index >= 0 else -index - 1):
            return value
        return optional(value, Reason("inside", f"the list {self.owner} may have no such element", SIZED))


@dataclass(frozen=True, slots=True)
class Pair:
    """What a loop over an object goes through: lists of a key and its value."""

    def key(self, name: str) -> Value:
        """The first and the last of the two; a pair has no other key."""
        if name in {"first", "last"}:
            return self.item(0 if name == "first" else 1)
        if name == "size":
            return NUMBER
        reason = Reason("inside", f"a loop over an object has pairs, and a pair has no `{name}`: write `[0]` or `[1]`")
        return Value(Form.NIL, (reason,))

    def item(self, index: int | None) -> Value:
        """The key, or its value, of which nothing is known."""
        return Value(Form.TEXT) if index == 0 else UNKNOWN
