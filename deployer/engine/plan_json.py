"""How a plan writes its changes: each as a row of one shape, so that a reader of the file needs no table of types."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the codec reads the types of fields
from dataclasses import field, fields
from typing import Annotated, Any, Literal, assert_never, get_args

from deployer.dataclass import dataclass
from deployer.engine.changes import (
    Action,
    ApiAction,
    ApiChange,
    ApiReason,
    Change,
    FieldChange,
    ForgetChange,
    ForgetReason,
    MoveChange,
    PersonAction,
    PersonChange,
    PersonReason,
    PropertyHold,
    Reason,
    RecordChange,
    RecordReason,
)
from deployer.state.marks import Through, whole
from deployer.state.model import TaskRecord  # noqa: TC001 - the codec reads the types of fields
from deployer.state.shape_error import ShapeError


@whole
@dataclass(frozen=True, slots=True)
class Row:
    """A change as the format has it: every field of every type, empty where the type doesn't have it.

    ``lets_go`` is ``released_by``; ``record_only`` says that nothing happens at Attentive.
    """

    address: str
    kind: str
    action: Action
    by: Literal["api", "person"]
    reason: Reason
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


_CALLED = {"released_by": "lets_go"}
"""The fields whose name in the format isn't that of the type."""

_ALLOWED: Mapping[type[Change], tuple[tuple[Action, ...], tuple[Reason, ...]]] = {
    ApiChange: (get_args(ApiAction), get_args(ApiReason)),
    PersonChange: (get_args(PersonAction), get_args(PersonReason)),
    RecordChange: ((Action.UPDATE,), get_args(RecordReason)),
    MoveChange: ((Action.MOVE,), (Reason.MOVED,)),
    ForgetChange: ((Action.FORGET,), get_args(ForgetReason)),
    PropertyHold: ((Action.UPDATE,), (Reason.PROPERTY_REMOVED,)),
}
"""The actions and reasons that a type of change can have."""


def row_of(change: Change) -> Row:
    """A change as the format has it."""
    own = {_CALLED.get(own_field.name, own_field.name): getattr(change, own_field.name) for own_field in fields(change)}
    return Row(
        **{
            **own,
            "action": change.action,
            "reason": change.reason,
            "by": change.by,
            "record_only": _record_only(change),
        }
    )


def change_of(row: Row) -> Change:
    """Read what ``row_of`` made; raises ``ShapeError`` where no type of change has such fields."""
    change_type = _type(row)
    actions, reasons = _ALLOWED[change_type]
    if row.action not in actions:
        raise ShapeError(f"can't be `{row.action}` for this change", ("action",))
    if row.reason not in reasons:
        raise ShapeError(f"can't be `{row.reason}` for this change", ("reason",))
    change = change_type(
        **{
            own_field.name: getattr(row, _CALLED.get(own_field.name, own_field.name))
            for own_field in fields(change_type)
        }
    )
    again = row_of(change)
    for row_field in fields(row):
        if getattr(again, row_field.name) != getattr(row, row_field.name):
            raise ShapeError("isn't a field that this change can have", (row_field.name,))
    return change


StoredChange = Annotated[Change, Through(Row, row_of, change_of)]
"""A change in a dataclass that is written."""


def _type(row: Row) -> type[Change]:
    if not row.record_only:
        return ApiChange if row.by == "api" else PersonChange
    if row.reason is Reason.PROPERTY_REMOVED:
        return PropertyHold
    if row.action is Action.MOVE:
        return MoveChange
    return ForgetChange if row.action is Action.FORGET else RecordChange


def _record_only(change: Change) -> bool:
    match change:
        case ApiChange() | PersonChange():
            return False
        case RecordChange() | MoveChange() | ForgetChange() | PropertyHold():
            return True
        case _:
            assert_never(change)
