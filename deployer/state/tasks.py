"""A task for a person, as it is recorded: what was asked, where it stands, and how that is written as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class TaskStatus(StrEnum):
    """Where a person's task stands."""

    WAITING = "waiting"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    DONE = "done"


class Effect(StrEnum):
    """What confirming a task changes in the record."""

    DRAFT = "draft"
    """The slot's value stands in Attentive's draft."""
    LIVE = "live"
    """The slot's value holds at once."""
    PUBLISH = "publish"
    """The draft became what customers get: ``snapshot`` is live."""
    RESTART = "restart"
    """A new object was begun at Attentive: nothing of the former one stands in it."""
    RETIRE = "retire"
    """The object is gone or off for good: the record ends."""


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A task as it was asked: enough to confirm it without a checkout of the project.

    ``id`` is stable (``journey.order_shipped/send.text``); ``before`` and ``value`` are what stood and what is wanted;
    ``needs`` are ids of tasks that come first; ``snapshot`` (of a publishing task) is every slot as it shall be live;
    ``context`` is what instructions tell beyond the value; ``assignee`` the resource's owner; times are ISO 8601, UTC;
    ``segments`` is the count, 1 or more, that the composer showed when the task was confirmed, where it was told.
    """

    id: str
    token: str
    title: str
    slot: str
    value: Any
    before: Any = None
    effect: Effect = Effect.DRAFT
    review: bool = False
    confirmable: bool = True
    needs: tuple[str, ...] = ()
    snapshot: Mapping[str, Any] | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    status: TaskStatus = TaskStatus.WAITING
    superseded: bool = False
    proof: bool = False
    assignee: str = ""
    note: str = ""
    by: str = ""
    at: str = ""
    segments: int | None = None

    @property
    def address(self) -> str:
        """The resource that the task belongs to."""
        return self.id.partition("/")[0]

    @property
    def open(self) -> bool:
        """Whether a person still has something to do or to wait for."""
        return not self.superseded and self.status is not TaskStatus.DONE


def sparse(value: Any) -> dict[str, Any]:
    """A dataclass as a dict without empty values (``None``, ``""``, ``False``, empty collections), not copied."""
    items = ((one.name, getattr(value, one.name)) for one in fields(value))
    return {name: item for name, item in items if item not in (None, "", False, (), {}, [])}


def task_json(order: int, task: TaskRecord) -> dict[str, Any]:
    """A task as JSON, without its token (the key that it stands under); ``order`` keeps the order of asking."""
    data = sparse(task) | {"order": order, "value": task.value}
    data |= {"status": task.status.value, "effect": task.effect.value}
    del data["token"]
    if task.before is not None:
        data["before"] = task.before
    if task.snapshot is not None:
        data["snapshot"] = dict(task.snapshot)
    if task.confirmable:
        data.pop("confirmable", None)
    else:
        data["confirmable"] = False
    if "needs" in data:
        data["needs"] = list(task.needs)
    return data


def task_from_json(token: str, data: Mapping[str, Any]) -> TaskRecord:
    """Read what ``task_json`` wrote."""
    known = {key: value for key, value in data.items() if key != "order"}
    return TaskRecord(
        **{
            **known,
            "token": token,
            "effect": Effect(data["effect"]),
            "status": TaskStatus(data["status"]),
            "needs": tuple(data.get("needs", ())),
        }
    )
