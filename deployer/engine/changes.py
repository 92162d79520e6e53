"""The changes of a plan, one type for each thing that can be done: by the API, by a person, or in the record only.

Who does something with a change matches on its type, so that mypy names each place that a new one must be decided in.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - as below
from dataclasses import field
from enum import StrEnum
from typing import Any, ClassVar, Literal, TypeAlias, assert_never

from deployer.dataclass import dataclass
from deployer.kinds.base import By  # noqa: TC001 - the types of fields are read, as those of all that is written
from deployer.state.marks import whole
from deployer.state.model import TaskRecord  # noqa: TC001 - as above


class Action(StrEnum):
    """What a change does."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    SEND = "send"
    ADOPT = "adopt"
    MOVE = "move"
    FORGET = "forget"


class Reason(StrEnum):
    """Why there is a change."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"
    ADOPTED = "adopted"
    INTERRUPTED = "interrupted"
    MOVED = "moved"
    FORGOTTEN = "forgotten"
    REMOVED = "removed"
    PROTECT = "protect"
    RECORD = "record"
    WITHDRAWN = "withdrawn"
    PROPERTY_REMOVED = "property-removed"


class Provenance(StrEnum):
    """Where the knowledge of a field's present value comes from."""

    LIVE = "live"
    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    OBSERVED = "observed"
    UNKNOWN = "unknown"


ApiAction: TypeAlias = Literal[Action.CREATE, Action.UPDATE, Action.DELETE, Action.SEND, Action.ADOPT]
"""What the API may do to an object."""

PersonAction: TypeAlias = Literal[Action.CREATE, Action.UPDATE, Action.DELETE]
"""What a person may be asked to do to an object."""


ApiReason: TypeAlias = Literal[
    Reason.NEW, Reason.CHANGED, Reason.GONE, Reason.ADOPTED, Reason.INTERRUPTED, Reason.REMOVED
]
PersonReason: TypeAlias = Literal[
    Reason.NEW, Reason.CHANGED, Reason.REMOVED, Reason.WITHDRAWN, Reason.PROTECT, Reason.RECORD
]
RecordReason: TypeAlias = Literal[Reason.PROTECT, Reason.RECORD]
ForgetReason: TypeAlias = Literal[Reason.FORGOTTEN, Reason.REMOVED]


@whole
@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field from old to new. Of a secret only the variable's name is kept, never the value."""

    path: str
    old: Any
    new: Any
    provenance: Provenance = Provenance.RECORDED


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseChange:
    """What every change has: ``depends_on`` are addresses that come first, ``blocked`` is why it can't be done."""

    address: str
    kind: str
    fields: tuple[FieldChange, ...] = ()
    depends_on: tuple[str, ...] = ()
    protect: bool = False
    blocked: str = ""

    @property
    def uses(self) -> tuple[str, ...]:
        """The addresses that the resource refers to: what the record keeps as its dependencies."""
        return self.depends_on

    @property
    def touches(self) -> tuple[str, ...]:
        """The addresses whose record it changes."""
        return (self.address,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiChange(BaseChange):
    """Something that the API does at Attentive.

    ``wanted`` and ``before`` are the fields to write and the present ones; ``payload`` what a send carries;
    ``fingerprint`` the digest of the live object that was seen (empty: none); ``released_by`` those addresses among
    ``depends_on`` that it doesn't refer to: they release a value that it claims; ``irreversible`` why there is no way
    back.
    """

    by: ClassVar[By] = "api"
    action: ApiAction
    reason: ApiReason
    wanted: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    app: str = ""
    fingerprint: str = ""
    released_by: tuple[str, ...] = ()
    irreversible: str = ""

    @property
    def uses(self) -> tuple[str, ...]:
        """The addresses that the resource refers to: what the record keeps as its dependencies."""
        return tuple(address for address in self.depends_on if address not in self.released_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange(BaseChange):
    """Something that people are asked to do in Attentive's pages.

    ``tasks`` is what they will have been asked in the end, in the order of work; ``asked_before`` the tokens of those
    among them that are asked already; ``withdrawn`` titles of tasks that are no longer wanted, by token; ``before``
    the slots that are recorded as set, where it removes them.
    """

    by: ClassVar[By] = "person"
    action: PersonAction
    reason: PersonReason
    tasks: tuple[TaskRecord, ...] = ()
    asked_before: tuple[str, ...] = ()
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    irreversible: str = ""

    @property
    def fresh(self) -> tuple[TaskRecord, ...]:
        """The tasks that no one was asked before."""
        return tuple(task for task in self.tasks if task.token not in self.asked_before)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange(BaseChange):
    """Something that only the record has to learn; ``wanted`` are the fields that the API wrote or would write."""

    by: ClassVar[By] = "api"
    action: ClassVar[Action] = Action.UPDATE
    reason: RecordReason
    wanted: Mapping[str, Any] = field(default_factory=dict)
    payload: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    app: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveChange(BaseChange):
    """A record that gets another address; at Attentive nothing happens."""

    by: ClassVar[By] = "api"
    action: ClassVar[Action] = Action.MOVE
    reason: ClassVar[Reason] = Reason.MOVED
    old_address: str

    @property
    def touches(self) -> tuple[str, ...]:
        """The addresses whose record it changes."""
        return (self.address, self.old_address)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetChange(BaseChange):
    """A record that ends; at Attentive nothing happens."""

    by: ClassVar[By] = "api"
    action: ClassVar[Action] = Action.FORGET
    reason: ForgetReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyHold(BaseChange):
    """A property that is no longer declared and must be sent until no live journey reads it. It never does anything.

    ``waits_for`` are the ids of the tasks that end the reading; ``by`` is who brings the event type about.
    """

    action: ClassVar[Action] = Action.UPDATE
    reason: ClassVar[Reason] = Reason.PROPERTY_REMOVED
    by: By
    app: str = ""
    waits_for: tuple[str, ...] = ()


Change: TypeAlias = ApiChange | PersonChange | RecordChange | MoveChange | ForgetChange | PropertyHold
"""One thing that would be done to one address."""


def removes(change: Change) -> bool:
    """Whether something at Attentive is taken away."""
    return change.action is Action.DELETE


def tasks_of(change: Change) -> tuple[TaskRecord, ...]:
    """The tasks that people will have been asked after a change, in the order of work."""
    return change.tasks if isinstance(change, PersonChange) else ()


def fresh_tasks(change: Change) -> tuple[TaskRecord, ...]:
    """The tasks of a change that no one was asked before."""
    return change.fresh if isinstance(change, PersonChange) else ()


def withdrawn(change: Change) -> Mapping[str, str]:
    """The titles of the tasks that a change withdraws, by token."""
    return change.withdrawn if isinstance(change, PersonChange) else {}


def waits_for(change: Change) -> tuple[str, ...]:
    """The ids of the tasks that people must confirm before a change can be done."""
    return change.waits_for if isinstance(change, PropertyHold) else ()


def irreversible(change: Change) -> str:
    """Why there is no way back from a change; empty where there is one."""
    match change:
        case ApiChange() | PersonChange():
            return change.irreversible
        case RecordChange() | MoveChange() | ForgetChange() | PropertyHold():
            return ""
        case _:
            assert_never(change)
