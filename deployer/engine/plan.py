"""The plan as a value: what would be done, in order, frozen and serialisable. Executor and views read this list."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the codec reads the types of fields
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from deployer.state.codec import ShapeError, from_json, to_json, whole
from deployer.state.model import TaskRecord  # noqa: TC001 - the codec reads the types of fields

VERSION = 1
"""Version of the plan file's format."""


class Action(StrEnum):
    """What a change does."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    SEND = "send"
    ADOPT = "adopt"
    MOVE = "move"
    FORGET = "forget"


class Provenance(StrEnum):
    """Where the knowledge of a field's present value comes from."""

    LIVE = "live"
    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    OBSERVED = "observed"
    UNKNOWN = "unknown"


class Mode(StrEnum):
    """Whether a plan looked at Attentive; an offline plan is never applied."""

    LIVE = "live"
    OFFLINE = "offline"


@whole
@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field from old to new. Of a secret only the variable's name is kept, never the value."""

    path: str
    old: Any
    new: Any
    provenance: Provenance = Provenance.RECORDED


@whole
@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would be done to one address.

    ``reason`` is a code (``new changed gone adopted interrupted moved forgotten removed protect record withdrawn
    property-removed``). ``wanted`` and ``before`` are the fields to write and those that stand; ``payload`` what a send
    carries; ``tasks`` what a person shall have been asked in the end, in the order of work; ``asked_before`` the tokens
    of those among them that are asked already; ``withdrawn`` titles of tasks that are no longer wanted, by token;
    ``fingerprint`` the digest of the live object that was seen (empty: none); ``depends_on`` addresses that come first;
    ``lets_go`` those among them that it doesn't refer to: they let go of a value that it takes; ``waits_for`` the ids
    of tasks that a person must confirm before it can be done; ``irreversible`` why there is no way back; ``blocked``
    why it can't be done as it stands; ``old_address`` where a moved resource comes from.
    """

    address: str
    kind: str
    action: Action
    by: Literal["api", "person"]
    reason: str
    fields: tuple[FieldChange, ...] = ()
    tasks: tuple[TaskRecord, ...] = ()
    asked_before: tuple[str, ...] = ()
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    wanted: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    app: str = ""
    fingerprint: str = ""
    depends_on: tuple[str, ...] = ()
    lets_go: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    protect: bool = False
    record_only: bool = False
    irreversible: str = ""
    blocked: str = ""
    old_address: str = ""

    @property
    def removes(self) -> bool:
        """Whether something that stands is taken away."""
        return self.action is Action.DELETE

    @property
    def fresh(self) -> tuple[TaskRecord, ...]:
        """The tasks that nobody was asked before."""
        return tuple(task for task in self.tasks if task.token not in self.asked_before)

    @property
    def uses(self) -> tuple[str, ...]:
        """The addresses that the resource refers to: what the record keeps as its dependencies."""
        return tuple(address for address in self.depends_on if address not in self.lets_go)


@whole
@dataclass(frozen=True, slots=True)
class Note:
    """Something that the reader of a plan should know and that isn't a change."""

    address: str
    text: str
    hint: str = ""


@whole
@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done to one environment, and what it was made from.

    ``versions`` are the recorded versions of the addresses that it touches; ``config`` the digest of what the YAML
    wants; ``waiting`` tasks were asked before and are still open.
    """

    environment: str
    mode: Mode
    lineage: str
    config: str
    company_id: str = ""
    prune: bool = False
    versions: Mapping[str, int] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    waiting: tuple[TaskRecord, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def removals(self) -> tuple[Change, ...]:
        """The changes that take something away."""
        return tuple(change for change in self.changes if change.removes)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to apply."""
        return not self.changes

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON: the same plan, the same bytes once keys are sorted."""
        return {"version": VERSION, **to_json(self)}

    @classmethod
    def from_json(cls, data: Any) -> Plan:
        """Read what ``to_json`` wrote; raises ``ShapeError`` where it is anything else."""
        if not isinstance(data, dict):
            raise ShapeError("should be an object")
        version = data.get("version")
        if type(version) is not int or version != VERSION:
            shown = version if isinstance(version, int) else "unknown"
            raise ShapeError(f"is version {shown}, which this version of deployer doesn't know", ("version",))
        return from_json(cls, {name: item for name, item in data.items() if name != "version"})
