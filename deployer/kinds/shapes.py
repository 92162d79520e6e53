"""What a record may hold of a kind: the shapes of its fields, slots and tasks, which the state itself doesn't know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from deployer.dataclass import dataclass
from deployer.state.codec import check_shape
from deployer.state.marks import Rule
from deployer.state.shape_error import ShapeError, Step

if TYPE_CHECKING:
    from deployer.state.model import Entry, TaskRecord

Shape: TypeAlias = Any
"""A type that the state's codec reads: mostly a ``TypedDict``, whose other keys are passed over."""

Number = Annotated[Any, Rule("a number", lambda value: type(value) in (int, float))]
"""A number, with decimals or without."""

AnyObject = Mapping[str, Any]
"""An object of which nothing more is known."""


@dataclass(frozen=True, slots=True)
class TaskShape:
    """What a task's value and its context are."""

    value: Shape
    context: Shape = AnyObject


@dataclass(frozen=True, slots=True)
class Recorded:
    """What may be recorded of a kind.

    ``fields`` is what the API wrote; ``slots`` and ``tasks`` go by the first word of a slot or of a task's key, such as
    ``send`` of ``send.text``. A slot that isn't named here is one that nothing reads.
    """

    fields: Shape = AnyObject
    slots: Mapping[str, Shape] = field(default_factory=dict)
    tasks: Mapping[str, TaskShape] = field(default_factory=dict)

    def check(self, address: str, entry: Entry) -> None:
        """Raise ``ShapeError``, with the way to the damage from the entry on, where it holds anything else."""
        if entry.fields:
            check_shape(self.fields, entry.fields, "fields")
        if entry.intent is not None:
            check_shape(self.fields, entry.intent.fields, "intent", "fields")
        self._slots(entry.live, "live")
        self._slots(entry.draft, "draft")
        for token, task in entry.tasks.items():
            self._task(address, task, "tasks", token)

    def _slots(self, slots: Mapping[str, Any], *path: Step) -> None:
        for slot, value in slots.items():
            shape = None if value is None else self.slots.get(_family(slot))  # `None`: taken out, or not there yet
            if shape is not None:
                check_shape(shape, value, *path, slot)

    def _task(self, address: str, task: TaskRecord, *path: Step) -> None:
        of, _, key = task.id.partition("/")
        shape = self.tasks.get(_family(key))
        if of != address or shape is None:
            raise ShapeError(f"should be the id of a task of `{address}`", (*path, "id"))
        check_shape(shape.value, task.value, *path, "value")
        check_shape(shape.context, task.context, *path, "context")
        if task.before is not None:
            self._slots({task.slot: task.before}, *path, "before")
        if task.snapshot:
            self._slots(task.snapshot, *path, "snapshot")


def _family(key: str) -> str:
    return key.partition(".")[0]
