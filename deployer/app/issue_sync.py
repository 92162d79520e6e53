"""The tasks of an environment as an issue keeps them: what waits, what was done, and what the ticks of people say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.app.operations import confirm
from deployer.engine.confirm import ConfirmError
from deployer.engine.tasks import open_tasks
from deployer.state import State, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from deployer.engine.confirm import Statement
    from deployer.engine.tasks import OpenTask
    from deployer.forge.values import Tick
    from deployer.state import Backend, TaskRecord


@dataclass(frozen=True, slots=True)
class TaskBoard:
    """The tasks of an environment: those that wait, in the order of work, and those that were done, newest first."""

    environment: str
    waiting: tuple[OpenTask, ...]
    done: tuple[TaskRecord, ...]

    @property
    def rejected(self) -> int:
        """How many texts or units Attentive's review refused."""
        return sum(one.task.status is TaskStatus.REJECTED for one in self.waiting)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A tick that couldn't be recorded: the token, why, and what to do."""

    token: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """What became of ticks: the tasks that are confirmed now, and those that were refused."""

    confirmed: tuple[TaskRecord, ...] = ()
    refused: tuple[Refusal, ...] = ()


def task_board(backend: Backend, environment: str) -> TaskBoard:
    """Read the tasks of an environment from its record; raises ``StateError``."""
    state = backend.read() or State(environment, lineage="")
    return TaskBoard(environment, open_tasks(state), _done(state))


def _done(state: State) -> tuple[TaskRecord, ...]:
    """The tasks that are done and still wanted, unless the same was asked anew since."""
    waits = {task.id for task in state.open_tasks()}
    asked = (task for entry in state.entries.values() for task in entry.tasks.values())
    found = [one for one in asked if one.status is TaskStatus.DONE and not one.superseded and one.id not in waits]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def confirm_ticked(
    backend: Backend,
    environment: str,
    tokens: Sequence[str],
    said: Statement,
    *,
    lock_timeout: float = 10,
) -> Ticked:
    """Record that the tasks of ticked boxes are done: all that can be, and of the others why not.

    One that rests on another goes together with it. Raises ``StateError``; nothing is recorded then.
    """
    if not tokens:
        return Ticked()
    record = _recorder(backend, environment, said, lock_timeout)
    try:
        return Ticked(record(tokens))
    except ConfirmError:
        return _each(tokens, record)


def _recorder(
    backend: Backend, environment: str, said: Statement, lock_timeout: float
) -> Callable[[Sequence[str]], tuple[TaskRecord, ...]]:
    return lambda tokens: confirm(backend, environment, tokens, said, lock_timeout=lock_timeout)


def _each(tokens: Iterable[str], record: Callable[[Sequence[str]], tuple[TaskRecord, ...]]) -> Ticked:
    """One by one, again and again while one more goes: what one rests on may stand after it."""
    confirmed: list[TaskRecord] = []
    left = dict.fromkeys(tokens)
    while True:
        before, refused = len(left), []
        for token in tuple(left):
            try:
                confirmed += record([token])
                del left[token]
            except ConfirmError as error:
                refused.append(Refusal(token, error.message, error.hint))
        if len(left) == before:
            return Ticked(tuple(confirmed), tuple(refused))


def ticked_by(ticks: Iterable[Tick], ticked: Iterable[str], board: TaskBoard, me: str | None) -> dict[str, list[str]]:
    """Who ticked the boxes of tasks that wait: tokens by handle.

    The last word on a box counts. A tick by our own account confirms nothing: who ticks is who confirms.
    """
    last = {tick.token: tick for tick in ticks if tick.by != me}
    waiting = {one.task.token for one in board.waiting if one.task.confirmable}
    found: dict[str, list[str]] = {}
    for token in ticked:
        tick = last.get(token)
        if token in waiting and tick is not None and tick.done and tick.by:
            found.setdefault(tick.by, []).append(token)
    return found
