"""Every rule by its id. A new rule is a decorated function in its family's module; a new family is a line here."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from deployer.rules import attribute, event, journey, opt_in, property, segment, settings, webhook  # noqa: A004 - the family
from deployer.rules.message import email, length, media, names, sms, words
from deployer.rules.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

FAMILIES = (
    attribute,
    event,
    journey,
    email,
    length,
    media,
    names,
    sms,
    words,
    opt_in,
    property,
    segment,
    settings,
    webhook,
)
"""The modules that hold rules."""

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        found.id: found
        for found in sorted(
            (value for module in FAMILIES for value in vars(module).values() if isinstance(value, Rule)),
            key=lambda one: one.id,
        )
    }
)
"""Every rule by its id, sorted."""
