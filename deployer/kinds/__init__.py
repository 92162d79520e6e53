"""The kinds of resource: one package a kind, and this dict that names them.

Adding a kind is a package with a ``KIND``, a line here, a schema, an example and a page of docs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.custom_attribute import KIND as CUSTOM_ATTRIBUTE
from deployer.kinds.event_type import KIND as EVENT_TYPE
from deployer.kinds.journey import KIND as JOURNEY
from deployer.kinds.journey_test import KIND as JOURNEY_TEST
from deployer.kinds.message import KIND as MESSAGE
from deployer.kinds.opt_in_source import KIND as OPT_IN_SOURCE
from deployer.kinds.property import KIND as PROPERTY
from deployer.kinds.segment import KIND as SEGMENT
from deployer.kinds.webhook import KIND as WEBHOOK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.base import Model
    from deployer.kinds.kind import Kind

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        PROPERTY,
        EVENT_TYPE,
        CUSTOM_ATTRIBUTE,
        SEGMENT,
        WEBHOOK,
        OPT_IN_SOURCE,
        MESSAGE,
        JOURNEY,
        JOURNEY_TEST,
    )
}
"""Every kind by its name in YAML."""

BY_SNAKE: Mapping[str, Kind] = {kind.snake: kind for kind in KINDS.values()}
"""Every kind by its name in addresses."""

SNAKES: Mapping[type[Model], str] = {kind.model: kind.snake for kind in KINDS.values()}
"""The name in addresses of every kind, by the class of its resources."""

__all__ = ["BY_SNAKE", "KINDS", "SNAKES"]
