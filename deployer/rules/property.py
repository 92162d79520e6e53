"""Rules about the shared library of property definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.property import Property
from deployer.rules.place import Finding
from deployer.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.rules.subject import Subject


@rule(
    "property/invalid-schema",
    "a shared definition can't be used",
    fix="correct the definition: it is a JSON Schema that some value must fit",
)
def invalid_schema(subject: Subject) -> Iterator[Finding]:
    """Every event type that uses the definition would refuse every payload."""
    for one in subject.each(Property):
        for flaw in subject.flaws(one.schema):
            yield Finding(subject.at(one, "schema", *flaw.pointer), flaw.message, flaw.hint)


@rule(
    "property/example-invalid",
    "an example doesn't fit its own definition",
    fix="correct the example or the definition",
)
def example_invalid(subject: Subject) -> Iterator[Finding]:
    """Where no sample holds a value, `apply` takes an example for the event that registers a type."""
    for one in subject.each(Property):
        for flaw in subject.bad_examples(one.schema):
            yield Finding(subject.at(one, "schema", *flaw.pointer), flaw.message, flaw.hint)
