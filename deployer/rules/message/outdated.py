"""A rule about values that go away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.property import Property
from deployer.messages import PROPERTY
from deployer.rules.message.names import named
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.kinds.event_type import EventProperty
    from deployer.rules.subject import Subject


@rule(
    "message/deprecated-property",
    "a message reads a property that is deprecated",
    severity=Severity.WARNING,
    fix="read the property that replaces it",
)
def deprecated_property(subject: Subject) -> Iterator[Finding]:
    """A deprecated property is no longer sent one day, and a transactional message is sent with the gap.

    Attentive's help page "Fine-tune email message personalization with Liquid".
    """
    for text in subject.texts.read:
        for macro, key in named(text, PROPERTY) if text.event else ():
            assert text.event is not None
            item = text.event.properties.get(key)
            if item and _deprecated(subject, item):
                yield Finding(text.at(macro), f"`{key}` is deprecated, and this message reads it")


def _deprecated(subject: Subject, item: EventProperty) -> bool:
    shared = subject.project.find(Property, item.use) if item.use else None
    return bool(item.definition.get("deprecated", shared.schema.get("deprecated") if shared else False))
