"""The tasks of an environment as an issue keeps them: what waits, what was done, and what the ticks of people say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from deployer.app.confirming import confirm_compared
from deployer.dataclass import dataclass
from deployer.engine.confirm import ConfirmError
from deployer.engine.tasks import open_tasks
from deployer.state import State, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from deployer.engine.confirm import Confirmed, Statement
    from deployer.engine.tasks import OpenTask
    from deployer.forge.boxes import Scope
    from deployer.forge.values import Tick
    from deployer.state import Backend, TaskRecord


@dataclass(frozen=True, slots=True)
class TaskBoard:
    """The tasks of an environment: those that wait, in the order of work, and those that were done, newest first."""

    scope: Scope
    waiting: tuple[OpenTask, ...]
    done: tuple[TaskRecord, ...]

    @property
    def environment(self) -> str:
        """The environment's name."""
        return self.scope.environment

    @property
    def context(self) -> str:
        """The name of the status of a commit."""
        return self.scope.context

    @property
    def rejected(self) -> int:
        """How many texts or units Attentive's review refused."""
        return sum(open_task.task.status is TaskStatus.REJECTED for open_task in self.waiting)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A tick that couldn't be recorded: the token, why, and what to do."""

    token: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """What became of ticks: the tasks that are confirmed now, and those that were refused."""

    confirmed: tuple[Confirmed, ...] = ()
    refused: tuple[Refusal, ...] = ()


def task_board(state: State, scope: Scope, apps: Iterable[OpenTask] = ()) -> TaskBoard:
    """The tasks of an environment, from its record; before them the ``apps`` that have to be created."""
    return TaskBoard(scope, (*apps, *open_tasks(state)), _done(state))


def _done(state: State) -> tuple[TaskRecord, ...]:
    """The tasks that are done and still wanted, unless the same was asked again since."""
    waits = {task.id for task in state.open_tasks()}
    tasks = (task for entry in state.entries.values() for task in entry.tasks.values())
    task_records = [
        task for task in tasks if task.status is TaskStatus.DONE and not task.superseded and task.id not in waits
    ]
    return tuple(sorted(task_records, key=lambda task_record: task_record.at, reverse=True))


def confirm_ticked(
    backend: Backend,
    environment: str,
    tokens: Sequence[str],
    statement: Statement,
    *,
    ticked_at: str = "",
    lock_timeout: float = 10,
) -> Ticked:
    """Record that the tasks of ticked boxes are done: all that can be, and of the others why not.

    One that rests on another goes together with it. A tick that is older (``ticked_at``) than the task's last request
    is refused: the event of an old run says nothing about what was requested since. Raises ``StateError``; nothing is
    recorded then.
    """
    if not tokens:
        return Ticked()
    state = backend.read() or State(environment, lineage="")
    old = [token for token in tokens if _requested_since(state.task(token), ticked_at)]
    late = tuple(Refusal(token, _REQUESTED_SINCE, "tick its box again if it is done") for token in old)
    ticked = _confirm(
        [token for token in tokens if token not in old], _recorder(backend, environment, statement, lock_timeout)
    )
    return replace(ticked, refused=(*ticked.refused, *late))


_REQUESTED_SINCE = "it was requested again after that tick"


def _confirm(tokens: Sequence[str], record: Callable[[Sequence[str]], tuple[Confirmed, ...]]) -> Ticked:
    try:
        return Ticked(record(tokens)) if tokens else Ticked()
    except ConfirmError:
        return _each(tokens, record)


def _requested_since(task: TaskRecord | None, ticked_at: str) -> bool:
    """Whether a task was requested after a tick; where either time isn't known, it wasn't."""
    if task is None or not task.asked_at or not ticked_at:
        return False
    return datetime.fromisoformat(ticked_at) < datetime.fromisoformat(task.asked_at)


def _recorder(
    backend: Backend, environment: str, statement: Statement, lock_timeout: float
) -> Callable[[Sequence[str]], tuple[Confirmed, ...]]:
    return lambda tokens: confirm_compared(backend, environment, tokens, statement, lock_timeout=lock_timeout).tasks


def _each(tokens: Iterable[str], record: Callable[[Sequence[str]], tuple[Confirmed, ...]]) -> Ticked:
    """One by one, again and again while one more goes: what a task rests on may follow it."""
    confirmed: list[Confirmed] = []
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


def ticked_by(ticks: Iterable[Tick], board: TaskBoard, me: str) -> dict[str, list[str]]:
    """Who ticked the boxes of tasks that wait: tokens by handle.

    Every tick since the task was requested counts, also one that a newer text of the issue has wiped out; the last word
    on a box decides. Our own account ticks and unticks by writing the text, which says nothing; its answer to a tick
    that could not be recorded settles that tick.
    """
    last = {tick.token: tick for tick in ticks if (tick.by == me) is tick.refused}
    tickers: dict[str, list[str]] = {}
    for task in (open_task.task for open_task in board.waiting if open_task.task.confirmable):
        tick = last.get(task.token)
        if tick is not None and tick.done and tick.by and not _requested_since(task, tick.at):
            tickers.setdefault(tick.by, []).append(task.token)
    return tickers
