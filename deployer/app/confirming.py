"""What people still have to do, and their word that it is done. The state is enough: no project has to be loaded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.engine.confirm import compared
from deployer.engine.confirm import confirm as confirmed_in
from deployer.engine.tasks import OpenTask, open_tasks
from deployer.kinds.base import GuardError
from deployer.state.encoding import count_open
from deployer.state.model import Entry, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.app.connection import Connection
    from deployer.engine.confirm import Confirmed, Statement
    from deployer.state import Backend, TaskRecord


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Tasks as they are recorded now, and how many ``waiting`` ones the environment has after that."""

    tasks: tuple[Confirmed, ...]
    waiting: int


def tasks(state: State, address: str = "") -> tuple[OpenTask, ...]:
    """What people still have to do, as recorded; of one address or of one task, where it is named."""
    return open_tasks(state, address)


def confirmable(state: State) -> tuple[str, ...]:
    """The tokens of every task that waits and that a confirmation ends."""
    return tuple(open_task.task.token for open_task in open_tasks(state) if open_task.task.confirmable)


def confirm(
    backend: Backend,
    environment: str,
    tokens: Sequence[str],
    statement: Statement,
    connection: Connection | None = None,
    *,
    lock_timeout: float = 10,
) -> tuple[TaskRecord, ...]:
    """Record what a person says about tasks. Needs the state only; waits ``lock_timeout`` seconds for another run.

    With a ``connection``, a task that wasn't asked yet may be said to be at Attentive's review, or rejected, by the
    token that the offline plan shows. Raises ``ConfirmError`` or ``StateError``; nothing is recorded then.
    """
    made = confirm_compared(backend, environment, tokens, statement, connection, lock_timeout=lock_timeout)
    return tuple(confirmed.task for confirmed in made.tasks)


def confirm_compared(
    backend: Backend,
    environment: str,
    tokens: Sequence[str],
    statement: Statement,
    connection: Connection | None = None,
    *,
    lock_timeout: float = 10,
) -> Confirmations:
    """``confirm``, with which of the tasks were recorded so before, and what waits after it."""
    with backend.lock("confirm", timeout=lock_timeout):
        before = backend.read()
        state = before or State(environment, lineage="")
        if connection is not None and statement.how != "done":
            state = _ask_early(connection, state, tokens)
        after, confirmed = confirmed_in(state, tokens, statement)
        stored = backend.write(settled(after), expected_serial=before.serial if before else 0)
    return Confirmations(compared(state, confirmed), count_open(stored))


def settled(state: State) -> State:
    """A state that may be written: its lineage is made with the first write."""
    return state if state.lineage else replace(state, lineage=State(state.environment).lineage)


def _ask_early(connection: Connection, state: State, tokens: Sequence[str]) -> State:
    """Record the tasks that are reviewed before the merge: known by token from the offline plan, not asked yet."""
    from deployer.engine.planner import make_plan, task_order  # noqa: PLC0415 - only what wasn't asked yet needs a plan

    check_moves(connection, state)
    offline = make_plan(connection.project, state, None, connection.environ)
    early = {task.token: task for task in task_order(offline) if task.review}
    for token in (token.strip().lower() for token in tokens):
        task = early.get(token)
        if task is not None and state.task(token) is None:
            kind = connection.project.resources[task.address].kind.name
            entry = state.entry(task.address) or Entry(kind=kind, by="person")
            state = state.with_entry(task.address, replace(entry, tasks={**entry.tasks, token: task}))
    return state


def check_moves(connection: Connection, state: State) -> None:
    """A move that wasn't applied comes first: a new record under the new address would lose the old one."""
    for move in connection.project.settings.moved:
        if state.entry(move.old) is not None and state.entry(move.new) is None:
            what = f"`{move.old}` has to move to `{move.new}` first"
            way = f"run `deployer apply --env {connection.environment.name}`, which records the move"
            raise GuardError("move-first", what, way)
