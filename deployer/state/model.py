"""What is recorded: an environment's state as a value. It knows addresses, slots and tokens, but no kind.

A person's work is kept as *slots*: ``live`` is what customers get, ``draft`` what was confirmed since but not yet
turned on (only where it differs from live; ``None``: taken out). Every task that was ever asked stays under its token,
so that a late confirmation still records a truth.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, MutableMapping  # noqa: TC003 - the codec reads the types of fields
from dataclasses import field, replace
from enum import StrEnum
from typing import Annotated, Any

from deployer.dataclass import dataclass
from deployer.state.codec import from_json, to_json
from deployer.state.marks import Always, Count, Keyed, Moment, Name, whole
from deployer.state.rows import Rows
from deployer.state.shape_error import ShapeError
from deployer.state.tasks import Effect, Segments, TaskRecord, TaskStatus

__all__ = [
    "FORMAT",
    "Applied",
    "ApplyResult",
    "Confirmation",
    "Effect",
    "Entry",
    "Intent",
    "Override",
    "State",
    "TaskRecord",
    "TaskStatus",
]

FORMAT = 2
"""Version of the file format: an earlier one is upgraded as it is read (``upgrades``), a later one refused."""


@whole
@dataclass(frozen=True, slots=True)
class Intent:
    """A create that was begun: kept until its answer is recorded, so that a lost answer can be looked up."""

    action: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who confirmed that a slot is as recorded, and when."""

    by: str = ""
    at: Moment = ""
    note: str = ""
    how: Annotated[str, Always] = "confirmed"
    """``confirmed`` by a task, ``observed`` in what Attentive delivered, or taken over by ``baseline``."""
    segments: Segments | None = None
    """The segments, 1 or more, that Attentive's composer showed for a text; ``None`` where no one gave it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is recorded of one address.

    ``version`` grows with each change of the entry and is what a saved plan is checked against; ``id`` is Attentive's,
    ``app`` ours of the app whose key it was written with;
    ``fields`` is what the API took or showed last (secrets as keyed hashes); ``by`` who brings it about;
    ``stopped`` is a stop at Attentive without a change in git: who, when, why.
    """

    kind: str
    by: str
    version: Count = 0
    id: str = ""
    app: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    protect: bool = False
    intent: Intent | None = None
    live: Mapping[str, Any] = field(default_factory=dict)
    draft: Mapping[str, Any] = field(default_factory=dict)
    tasks: Annotated[Mapping[str, TaskRecord], Keyed("token")] = field(default_factory=dict)
    confirmations: Mapping[str, Confirmation] = field(default_factory=dict)
    changed_at: Moment = ""
    stopped: Confirmation | None = None

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON, without what has its default."""
        data: dict[str, Any] = to_json(self)
        return data

    @classmethod
    def from_json(cls, data: Any) -> Entry:
        """Read what ``to_json`` wrote; raises ``ShapeError`` on anything else."""
        return from_json(cls, data)

    @property
    def existing(self) -> dict[str, Any]:
        """Every slot as it is at Attentive: the draft where there is one, else live."""
        merged = {**self.live, **self.draft}
        return {slot: value for slot, value in merged.items() if value is not None}


@whole
@dataclass(frozen=True, slots=True)
class Override:
    """A guard that someone switched off: the option by its name, for which operation, who said it and when."""

    name: str
    operation: str
    by: str = ""
    at: Moment = ""


@whole
@dataclass(frozen=True, slots=True)
class Archived:
    """An object that was removed and still holds its ``id`` at Attentive, where no list shows it any longer."""

    kind: str
    id: str
    at: Moment = ""


class ApplyResult(StrEnum):
    """What became of an apply."""

    DONE = "done"
    """Everything was done, or waits for people."""
    FAILED = "failed"
    """Something failed, was blocked or wasn't started."""


@whole
@dataclass(frozen=True, slots=True)
class Applied:
    """The last apply: of which commit, its result, by whom, when.

    ``commit`` is empty where no commit holds the project as it was.
    """

    commit: str
    result: ApplyResult
    by: str = ""
    at: Moment = ""


@dataclass(frozen=True, slots=True)
class State:
    """The record of one environment. ``lineage`` is made once; ``serial`` grows with each write.

    ``overrides`` are the guards that were ever switched off, oldest first; ``archived`` is what was removed and keeps
    its id at Attentive; ``applied`` is the last apply.
    """

    environment: str
    lineage: Annotated[Name, Always] = field(default_factory=lambda: uuid.uuid4().hex)
    serial: Annotated[Count, Always] = 0
    company_id: Annotated[str, Always] = ""
    entries: Annotated[Mapping[str, Entry], Always] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    archived: tuple[Archived, ...] = ()
    applied: Applied | None = None

    def entry(self, address: str) -> Entry | None:
        """What is recorded of an address, if anything."""
        return self.entries.get(address)

    def version(self, address: str) -> int:
        """The version of an address, 0 where nothing is recorded."""
        entry = self.entries.get(address)
        return entry.version if entry else 0

    @property
    def versions(self) -> dict[str, int]:
        """The version of each address that is recorded."""
        return {address: entry.version for address, entry in self.entries.items()}

    def with_entry(self, address: str, entry: Entry) -> State:
        """Record an entry under the next version of its address."""
        return replace(self, entries={**self.entries, address: self.stamped(address, entry)})

    def stamped(self, address: str, entry: Entry) -> Entry:
        """An entry as it is recorded: under the next version of its address."""
        return replace(entry, version=max(self.serial, self.version(address)) + 1)

    def without(self, address: str) -> State:
        """Remove an address."""
        return replace(self, entries={name: entry for name, entry in self.entries.items() if name != address})

    def task(self, token: str) -> TaskRecord | None:
        """The task that a token names, open or not."""
        for entry in self.entries.values():
            if token in entry.tasks:
                return entry.tasks[token]
        return None

    def tasks_of(self, tokens: Collection[str]) -> dict[str, TaskRecord]:
        """The tasks that these tokens name, open or not, in the order of the record."""
        entries = self.entries
        if isinstance(entries, Rows):  # a text that doesn't hold a token isn't read
            keys = [json.dumps(token, ensure_ascii=False).encode("utf-8", "backslashreplace") for token in tokens]
            holding = [entries[address] for address in entries.mentioning(keys)]
        else:
            holding = [*entries.values()]
        return {task.token: task for entry in holding for task in entry.tasks.values() if task.token in tokens}

    def changeable(self) -> MutableMapping[str, Entry]:
        """A copy of the entries, to be changed in place."""
        entries = self.entries
        return entries.copy() if isinstance(entries, Rows) else dict(entries)

    def open_tasks(self) -> tuple[TaskRecord, ...]:
        """The tasks that wait for a person or a review: by address, within it in the order in which they were asked."""
        return tuple(task for entry in self.entries.values() for task in entry.tasks.values() if task.open)

    def to_json(self) -> dict[str, Any]:
        """The state as JSON, with the format's version; defaults are left out so that diffs stay small."""
        return {"format": FORMAT, **to_json(self)}

    @classmethod
    def from_json(cls, data: Any) -> State:
        """Read what ``to_json`` wrote in the present format; raises ``ShapeError`` on anything else."""
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ShapeError(f"isn't a state of format {FORMAT}")
        return from_json(cls, {name: item for name, item in data.items() if name != "format"})
