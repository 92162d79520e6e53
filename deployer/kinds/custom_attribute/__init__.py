"""``CustomAttribute``: a fact about a subscriber; its type locks at Attentive on the first value."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypedDict

from deployer.dataclass import dataclass
from deployer.kinds.base import Fields, LiveObject, Model, Scope, Session, UniqueName, Wanted, Write, Written
from deployer.kinds.defaults import Defaults, common
from deployer.kinds.shapes import Recorded
from deployer.kinds.values import AppUse, Mention, Unique

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from deployer.source import Body

__all__ = ["KIND", "CustomAttribute", "example_value"]

IRREVERSIBLE = "an attribute can't be deleted, and its first value locks its type at Attentive"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomAttribute(Model):
    """An attribute: ``name`` is exact at Attentive (at most 200 characters), ``schema`` defines its values."""

    name: str
    schema: Body
    app: str = ""


def example_value(attribute: CustomAttribute) -> Any:
    """The value that the test contact gets: the first example, enum value or const; ``None`` where none is declared."""
    schema = attribute.schema
    candidates = [
        *schema.get("examples", ()),
        *schema.get("enum", ()),
        *([schema["const"]] if "const" in schema else []),
    ]
    return candidates[0] if candidates else None


class CustomAttributeApi:
    """Set the attribute on the test contact; read the test contact to see that it is there."""

    sends = True
    alike = ("name",)
    irreversible = IRREVERSIBLE
    unique: tuple[Unique, ...] = ()

    def locked(self, changed: Collection[str]) -> str:
        """The type is locked, unless another name makes it another attribute."""
        if "type" not in changed or "name" in changed:
            return ""
        return "Attentive locked the attribute's type on its first value; declare an attribute with another name"

    def aim(self, wanted: Fields, existing: Fields) -> Fields:
        """What is wanted is what will exist."""
        del existing
        return wanted

    def read(self, session: Session, wanted: Sequence[Wanted]) -> Iterable[LiveObject]:
        """The attributes that the test contact has (their types aren't shown)."""
        for app in sorted({each.app for each in wanted}):
            values = session.client(app).attributes(session.test_contact) or {}
            for name in values:
                yield LiveObject(name, {"name": name})

    def own_id(self, wanted: Fields) -> str:
        """An attribute is its name."""
        return str(wanted["name"])

    def create(self, session: Session, write: Write) -> Written:
        """Set the example value on the test contact: an upsert, so that a repeat changes nothing."""
        session.client(write.app).set_attributes(session.test_contact, write.payload)
        return Written(write.fields["name"], write.fields)

    update = create

    def delete(self, session: Session, write: Write) -> None:
        """Nothing can be deleted; the engine never asks (``sends``)."""
        del session
        raise AssertionError(f"{write.address}: an attribute can't be deleted")


class _Recorded(TypedDict):
    """An attribute as its first value made it."""

    name: str
    type: str


class CustomAttributeKind(Defaults):
    """Attributes are set before events, so that a first message finds them."""

    name = "CustomAttribute"
    snake = "custom_attribute"
    model = CustomAttribute
    rank = 5
    permission = "Custom Attributes"
    app_use = AppUse.OURS
    definitions = (("schema",),)
    launch_step = 3
    api = CustomAttributeApi()
    recorded = Recorded(fields=_Recorded)
    stand_ins = MappingProxyType({"name": "", "app": "", "schema": {}})

    def parse(self, address: str, id: str, body: Body) -> CustomAttribute:  # noqa: A002 - the file format's name
        """Build the model from a checked body."""
        return CustomAttribute(
            **common(address, id, body),
            name=body["name"],
            schema=body["schema"],
            app=body.get("app", ""),
        )

    def names(self, model: CustomAttribute) -> Iterable[UniqueName]:
        """The attribute's name, case-sensitive at Attentive."""
        yield UniqueName("custom attribute", model.name, ("name",))

    def wanted(self, model: CustomAttribute, scope: Scope) -> Wanted:
        """The attribute exists with its type."""
        del scope
        fields = {"name": model.name, "type": _type(model.schema)}
        return Wanted(model.address, self.name, "api", model.app, fields, protect=model.protect)

    def mentions(self, model: CustomAttribute, scope: Scope, path: str) -> Iterable[Mention]:
        """The type is the schema's."""
        del scope
        yield Mention(model.address, ("schema", "type") if path == "type" else (path,))

    def payload(self, model: CustomAttribute, scope: Scope) -> Fields:
        """The example value under the attribute's name."""
        del scope
        return {model.name: example_value(model)}


def _type(schema: Body) -> str:
    if schema.get("format") in {"date", "date-time"}:
        return "date"
    return "number" if schema.get("type") == "integer" else str(schema.get("type", "string"))


KIND = CustomAttributeKind()
