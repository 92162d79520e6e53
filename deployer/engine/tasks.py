"""What people still have to do, in the order of work, with the exact clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.engine.desired import kind_of
from deployer.kinds.base import Instruction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.state.model import State, TaskRecord


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task with its instruction, and the ids of open tasks that come before it.

    ``otherwise`` is what ends it where a confirmation doesn't.
    """

    task: TaskRecord
    instruction: Instruction
    after: tuple[str, ...]
    otherwise: str = "a change in the YAML"

    @property
    def ended_by(self) -> str:
        """What ends the task, as it is read after “by”; empty where a person confirms it."""
        return "" if self.task.confirmable else self.otherwise


def open_tasks(state: State, address: str = "") -> tuple[OpenTask, ...]:
    """The open tasks of an environment (or of one address), by kind, address, and the order of asking."""
    everything = sorted(state.open_tasks(), key=lambda task: (_rank(task), task.address))
    still = {task.id for task in everything}
    chosen = [task for task in everything if not address or address in {task.address, task.id}]
    return tuple(
        OpenTask(task, instruction(task), tuple(need for need in task.needs if need in still)) for task in chosen
    )


def narrowed(tasks: Sequence[OpenTask], owner: str = "", *, ready: bool = False) -> tuple[OpenTask, ...]:
    """Those of one ``owner`` (empty: of all), and with ``ready`` those that no other open task comes before."""
    return tuple(
        open_task
        for open_task in tasks
        if (not owner or open_task.task.assignee == owner) and not (ready and open_task.after)
    )


def instruction(task: TaskRecord) -> Instruction:
    """The exact clicks for a task, from what existed when it was asked for to what is wanted."""
    kind = kind_of(task.address)
    if kind is None or kind.person is None:
        return Instruction(task.title, ())
    return kind.person.instruction(task.id.partition("/")[2], task.before, task.value, task.context)


def _rank(task: TaskRecord) -> int:
    kind = kind_of(task.address)
    return kind.rank if kind else 0
