"""Rules about custom attributes. Their name's length and their types are in their schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.custom_attribute import CustomAttribute, example_value
from deployer.rules import apps
from deployer.rules.definitions import bad_examples, flaws
from deployer.rules.place import Finding
from deployer.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.rules.subject import Subject


@rule(
    "attribute/no-example",
    "no value is known for an attribute",
    fix="write `examples` (or `enum`) into its `schema`",
)
def no_example(subject: Subject) -> Iterator[Finding]:
    """`apply` makes an attribute by setting it on the test contact, and makes up no value.

    The first value locks the attribute's type (Attentive's OpenAPI file, POST /v1/attributes/custom).
    """
    for attribute in subject.each(CustomAttribute):
        if example_value(attribute) is None:
            message = f"no value is known for “{attribute.name}”, so `apply` can't set it on the test contact"
            hint = "write `examples: […]` with a value as it really occurs: the first one locks the type"
            yield Finding(subject.at_key(attribute, "schema"), message, hint)


@rule(
    "attribute/example-invalid",
    "an example doesn't fit its attribute",
    fix="correct the example or the definition",
)
def example_invalid(subject: Subject) -> Iterator[Finding]:
    """The first example is what the test contact gets, and it locks the attribute's type at Attentive."""
    for attribute in subject.each(CustomAttribute):
        for flaw in bad_examples(attribute.schema):
            yield Finding(subject.at(attribute, "schema", *flaw.pointer), flaw.message, flaw.hint)


@rule(
    "attribute/invalid-schema",
    "an attribute's definition can't be used",
    fix="correct the definition: its values must fit its type",
)
def invalid_schema(subject: Subject) -> Iterator[Finding]:
    """Attentive answers 400 to a value whose type isn't the first one's (OpenAPI file, POST /v1/attributes/custom)."""
    for attribute in subject.each(CustomAttribute):
        for flaw in flaws(attribute.schema):
            yield Finding(subject.at(attribute, "schema", *flaw.pointer), flaw.message, flaw.hint)


@rule(
    "attribute/unknown-app",
    "an attribute names an app that isn't declared",
    fix="declare the app under `apps` in deployer.yaml, or correct its id",
)
def unknown_app(subject: Subject) -> Iterator[Finding]:
    """The app's key writes the attribute."""
    yield from apps.undeclared(subject, CustomAttribute)


@rule(
    "attribute/vendor-app",
    "an attribute would be written with a vendor's app",
    fix="name an app of your own",
)
def vendor_app(subject: Subject) -> Iterator[Finding]:
    """There is no key for an app that a partner manages."""
    yield from apps.of_vendors(subject, CustomAttribute)
