"""Rules about custom attributes. Their name's length and their types are in their schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.custom_attribute import CustomAttribute, example_value
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
