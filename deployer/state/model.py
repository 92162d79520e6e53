"""What is recorded: an environment's state as a value. It knows addresses, slots and tokens, but no kind.

A person's work is kept as *slots*: ``live`` is what customers get, ``draft`` what was confirmed since but not yet
turned on (only where it differs from live; ``None``: taken out). Every task that was ever asked stays under its token,
so that a late confirmation still records a truth.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1
"""Version of the file format; a file of a later version is refused."""


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
    ``context`` is what instructions tell beyond the value; ``assignee`` the resource's owner; times are ISO 8601, UTC.
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

    @property
    def address(self) -> str:
        """The resource that the task belongs to."""
        return self.id.partition("/")[0]

    @property
    def open(self) -> bool:
        """Whether a person still has something to do or to wait for."""
        return not self.superseded and self.status is not TaskStatus.DONE


@dataclass(frozen=True, slots=True)
class Intent:
    """A create that was begun: kept until its answer is recorded, so that a lost answer can be looked up."""

    action: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who said that a slot stands so, and when."""

    by: str = ""
    at: str = ""
    note: str = ""
    how: str = "confirmed"
    """``confirmed`` by a task or taken over by ``baseline``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is recorded of one address.

    ``version`` grows with each change of the entry and is what a saved plan is checked against; ``id`` is Attentive's,
    ``app`` ours of the app whose key it was written with;
    ``fields`` is what the API was told or showed last (secrets as keyed hashes); ``by`` who brings it about.
    """

    kind: str
    by: str
    version: int = 0
    id: str = ""
    app: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    protect: bool = False
    intent: Intent | None = None
    live: Mapping[str, Any] = field(default_factory=dict)
    draft: Mapping[str, Any] = field(default_factory=dict)
    tasks: Mapping[str, TaskRecord] = field(default_factory=dict)
    confirmations: Mapping[str, Confirmation] = field(default_factory=dict)
    changed_at: str = ""

    @property
    def stands(self) -> dict[str, Any]:
        """Every slot as it stands at Attentive: the draft where there is one, else live."""
        merged = {**self.live, **self.draft}
        return {slot: value for slot, value in merged.items() if value is not None}


@dataclass(frozen=True, slots=True)
class State:
    """The record of one environment. ``lineage`` is made once; ``serial`` grows with each write."""

    environment: str
    lineage: str = field(default_factory=lambda: uuid.uuid4().hex)
    serial: int = 0
    company_id: str = ""
    entries: Mapping[str, Entry] = field(default_factory=dict)

    def entry(self, address: str) -> Entry | None:
        """What is recorded of an address, if anything."""
        return self.entries.get(address)

    def version(self, address: str) -> int:
        """The version of an address, 0 where nothing is recorded."""
        entry = self.entries.get(address)
        return entry.version if entry else 0

    def with_entry(self, address: str, entry: Entry) -> State:
        """Record an entry under the next version of its address."""
        stamped = replace(entry, version=max(self.serial, self.version(address)) + 1)
        return replace(self, entries={**self.entries, address: stamped})

    def without(self, address: str) -> State:
        """Let go of an address."""
        return replace(self, entries={name: entry for name, entry in self.entries.items() if name != address})

    def task(self, token: str) -> TaskRecord | None:
        """The task that a token names, open or not."""
        for entry in self.entries.values():
            if token in entry.tasks:
                return entry.tasks[token]
        return None

    def open_tasks(self) -> tuple[TaskRecord, ...]:
        """The tasks that wait for a person or a review: by address, within it in the order in which they were asked."""
        return tuple(task for entry in self.entries.values() for task in entry.tasks.values() if task.open)

    def to_json(self) -> dict[str, Any]:
        """The state as JSON, with the format's version; defaults are left out so that diffs stay small."""
        return {
            "format": FORMAT,
            "environment": self.environment,
            "lineage": self.lineage,
            "serial": self.serial,
            "company_id": self.company_id,
            "entries": {address: _entry_json(entry) for address, entry in sorted(self.entries.items())},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> State:
        """Read what ``to_json`` wrote.

        Raises ``KeyError``, ``TypeError`` or ``ValueError`` where the data has another shape or a later format.
        """
        if data["format"] != FORMAT:
            raise ValueError(f"state format {data['format']} is not known to this version of deployer")
        return cls(
            environment=data["environment"],
            lineage=data["lineage"],
            serial=int(data["serial"]),
            company_id=data.get("company_id", ""),
            entries={address: _entry(entry) for address, entry in data["entries"].items()},
        )


def _sparse(value: Any) -> dict[str, Any]:
    """A dataclass as a dict without empty values (``None``, ``""``, ``False``, empty collections)."""
    return {key: item for key, item in asdict(value).items() if item not in (None, "", False, (), {}, [])}


def task_json(order: int, task: TaskRecord) -> dict[str, Any]:
    """A task as JSON, without its token (the key that it stands under); ``order`` keeps the order of asking."""
    data = _sparse(task) | {"order": order, "value": task.value}
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


def _entry_json(entry: Entry) -> dict[str, Any]:
    data = _sparse(entry)
    for slots in ("live", "draft"):
        if getattr(entry, slots):
            data[slots] = dict(getattr(entry, slots))
    if entry.depends_on:
        data["depends_on"] = list(entry.depends_on)
    if entry.tasks:
        data["tasks"] = {token: task_json(order, task) for order, (token, task) in enumerate(entry.tasks.items())}
    if entry.confirmations:
        data["confirmations"] = {slot: _sparse(one) for slot, one in entry.confirmations.items()}
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


def _entry(data: Mapping[str, Any]) -> Entry:
    tasks = sorted(data.get("tasks", {}).items(), key=lambda item: int(item[1]["order"]))
    return Entry(
        **{
            **data,
            "depends_on": tuple(data.get("depends_on", ())),
            "intent": Intent(**data["intent"]) if "intent" in data else None,
            "tasks": {token: task_from_json(token, task) for token, task in tasks},
            "confirmations": {slot: Confirmation(**one) for slot, one in data.get("confirmations", {}).items()},
        }
    )
