"""Taking over what runs already, recording what someone changed at Attentive, and stopping at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from deployer.app.confirming import check_moves, settled
from deployer.engine import baseline as taking_over
from deployer.engine import record_live as observing
from deployer.engine import stopping
from deployer.engine.baseline import Pasted
from deployer.engine.baseline_folder import Folder, take_all
from deployer.engine.confirm import ConfirmError
from deployer.engine.tasks import OpenTask, open_tasks
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from deployer.app.connection import Connection
    from deployer.engine.baseline_folder import TakenAll
    from deployer.engine.baseline_units import RunState
    from deployer.engine.confirm import Statement
    from deployer.engine.record_live import Observed, Sighting
    from deployer.state import State

LOCK_TIMEOUT = 10.0
"""Seconds to wait for another run's lock where nothing else is said: these commands are short."""

MAX_TEXT = 4 * 1024 * 1024
"""Bytes of a pasted text beyond which a file isn't one."""


class _Recorded(Protocol):
    @property
    def state(self) -> State: ...


R = TypeVar("R", bound=_Recorded)


def baseline(
    connection: Connection,
    address: str,
    text: str | None,
    statement: Statement,
    *,
    parts: Mapping[str, str] | None = None,
    standing: RunState = "",
    lock_timeout: float = LOCK_TIMEOUT,
) -> tuple[str, ...]:
    """Record that something is at Attentive as declared, and return what was recorded (task ids or addresses).

    ``text`` is what Attentive's composer shows, ``parts`` its other fields by name (``subject``, ``preheader``,
    ``plain``); ``standing`` says whether it runs, where the YAML says otherwise. Raises ``ConfirmError``,
    ``GuardError`` or ``StateError``; nothing is recorded then.
    """
    pasted = Pasted(text, parts or {})

    def take(state: State) -> taking_over.Taken:
        return taking_over.baseline(connection.project, state, address, pasted, statement, connection.environ, standing)

    return _record(connection, "baseline", lock_timeout, take).recorded


def baseline_all(
    connection: Connection,
    folder: Path,
    statement: Statement,
    *,
    only: Collection[str] = (),
    lock_timeout: float = LOCK_TIMEOUT,
) -> TakenAll:
    """Compare every text with its file in ``folder`` and record each resource whose texts are all the declared ones.

    Everything else is reported and not recorded. Raises ``UsageError`` where the folder can't be read, ``ConfirmError``
    where an address of ``only`` isn't declared, ``GuardError`` or ``StateError``.
    """
    unknown = [address for address in only if address not in connection.project.resources]
    if unknown:
        raise ConfirmError(f"{unknown[0]} isn't declared", "`deployer plan` shows what is declared")
    contents = read_folder(folder)
    return _record(
        connection,
        "baseline",
        lock_timeout,
        lambda state: take_all(connection.project, state, contents, statement, connection.environ, only),
    )


def record_live(
    connection: Connection,
    address: str,
    what: Sighting | bool,
    statement: Statement,
    *,
    lock_timeout: float = LOCK_TIMEOUT,
) -> Observed:
    """Record what someone found changed at Attentive: a text or a value, or whether it is turned on.

    Nothing is sent. Raises ``ConfirmError``, ``GuardError`` or ``StateError``; nothing is recorded then.
    """

    def see(state: State) -> Observed:
        if isinstance(what, bool):
            return observing.switch(connection.project, state, address, statement, on=what)
        return observing.observe(connection.project, state, address, what, statement)

    return _record(connection, "record-live", lock_timeout, see)


def stop(
    connection: Connection, address: str, statement: Statement, *, lock_timeout: float = LOCK_TIMEOUT
) -> tuple[OpenTask, ...]:
    """Ask people at once to stop something that runs, hold back what would start it, and return what they have to do.

    Raises ``ConfirmError``, ``GuardError`` or ``StateError``; nothing is recorded then.
    """
    done = _record(
        connection, "stop", lock_timeout, lambda state: stopping.stop(connection.project, state, address, statement)
    )
    wanted = {task.token for task in done.tasks}
    return tuple(open_task for open_task in open_tasks(done.state, address) if open_task.task.token in wanted)


def lift(connection: Connection, address: str, statement: Statement, *, lock_timeout: float = LOCK_TIMEOUT) -> bool:
    """End a stop, and say whether there was one. Raises ``ConfirmError``, ``GuardError`` or ``StateError``."""
    done = _record(
        connection, "lift", lock_timeout, lambda state: stopping.lift(connection.project, state, address, statement)
    )
    return not done.already


def read_folder(folder: Path) -> Folder:
    """The texts of a folder by file name; hidden files are left out. Raises ``UsageError``."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        hint = "name the folder that holds the pasted texts, such as MESSAGE_ID.txt"
        raise UsageError(f"{folder} can't be read: {error.strerror}", hint) from error
    texts: dict[str, str] = {}
    unreadable: dict[str, str] = {}
    for path in paths:
        try:
            texts[path.name] = _text(path)
        except (OSError, ValueError) as error:
            unreadable[path.name] = str(error) if isinstance(error, ValueError) else error.strerror or "unreadable"
    return Folder(texts, unreadable)


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_TEXT:
        raise ValueError("it is too large for a text")
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("it isn't UTF-8; save it as UTF-8") from error


def _record(connection: Connection, operation: str, timeout: float, change: Callable[[State], R]) -> R:
    """Change the record under its lock; nothing is stored where nothing changed."""
    with connection.backend.lock(operation, timeout=timeout):
        before = connection.state()
        check_moves(connection, before)
        done = change(settled(before))
        if done.state.entries != before.entries:
            connection.backend.write(done.state, expected_serial=before.serial)
    return done
