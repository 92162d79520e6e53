"""A task for a person, as it is recorded: what was asked, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the codec reads the types of fields
from dataclasses import field
from enum import StrEnum
from typing import Annotated, Any

from deployer.dataclass import dataclass
from deployer.state.marks import Always, Moment, Rule

Segments = Annotated[int, Rule("1 or more", lambda number: number >= 1)]
"""How many segments Attentive's composer showed for a text."""


class TaskStatus(StrEnum):
    """How far a person's task is."""

    WAITING = "waiting"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    DONE = "done"


class Effect(StrEnum):
    """What confirming a task changes in the record."""

    DRAFT = "draft"
    """The slot's value is in Attentive's draft."""
    LIVE = "live"
    """The slot's value holds at once."""
    PUBLISH = "publish"
    """The draft became what customers get: ``snapshot`` is live."""
    RESTART = "restart"
    """A new object was begun at Attentive: nothing of the former one is in it."""
    RETIRE = "retire"
    """The object is gone or off for good: the record ends."""


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A task as it was asked: enough to confirm it without a checkout of the project.

    ``id`` is stable (``journey.order_shipped/send.text``); ``before`` and ``value`` are what was and what is wanted;
    ``needs`` are ids of tasks that come first; ``snapshot`` (of a publishing task) is every slot as it should be live;
    ``context`` is what instructions tell beyond the value; ``assignee`` the resource's owner; times are ISO 8601, UTC;
    ``segments`` is the count, 1 or more, that the composer showed when the task was confirmed, where it was given.
    """

    id: str
    token: str
    title: str
    slot: str
    value: Any
    before: Any = None
    effect: Annotated[Effect, Always] = Effect.DRAFT
    review: bool = False
    confirmable: bool = True
    needs: tuple[str, ...] = ()
    snapshot: Mapping[str, Any] | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    status: Annotated[TaskStatus, Always] = TaskStatus.WAITING
    superseded: bool = False
    proof: bool = False
    assignee: str = ""
    note: str = ""
    by: str = ""
    at: Moment = ""
    asked_at: Moment = ""
    """When it was requested last; empty in records of earlier versions."""
    segments: Segments | None = None

    @property
    def address(self) -> str:
        """The resource that the task belongs to."""
        return self.id.partition("/")[0]

    @property
    def open(self) -> bool:
        """Whether a person still has something to do or to wait for."""
        return not self.superseded and self.status is not TaskStatus.DONE
