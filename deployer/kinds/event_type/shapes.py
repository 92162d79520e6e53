"""The shapes of what is recorded of an event type."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the codec reads the types of keys
from typing import NotRequired, TypedDict

from deployer.kinds.shapes import Recorded, TaskShape


class SeenEvent(TypedDict):
    """An event type as Attentive saw it: its keys with their types."""

    name: str
    app: str
    keys: Mapping[str, str]


class Context(TypedDict):
    """Whom to ask for the first event, and for which body; in a sandbox, the command that sends it."""

    owner: NotRequired[str]
    vendor: NotRequired[bool]
    payload: NotRequired[str]
    command: NotRequired[str]


RECORDED = Recorded(
    fields=SeenEvent, slots={"first_event": SeenEvent}, tasks={"first_event": TaskShape(SeenEvent, Context)}
)
"""Everything that is recorded of an event type: as we sent it, or as its owner did."""
