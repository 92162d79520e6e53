"""What each backend checks before it writes or frees a lock, in one place so that all of them refuse the same."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from deployer.state.encoding import encode
from deployer.state.errors import ConflictError, OtherEnvironmentError, StateError

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.state.holder import Holder
    from deployer.state.model import State

T = TypeVar("T")


def check_environment(state: State, environment: str, location: str) -> None:
    """Refuse the state of another environment; raises ``OtherEnvironmentError``."""
    if state.environment != environment:
        raise OtherEnvironmentError(
            f"state `{location}` was read for environment `{environment}`, but it belongs to `{state.environment}`",
            "give each environment its own `state`",
        )


def check_unmoved(
    stored: State | None, state: State, expected_serial: int, location: str, *, new_lineage: bool = False
) -> None:
    """Refuse to write over what the work didn't begin with: another serial or lineage; raises ``ConflictError``.

    ``new_lineage``: someone said that a state that was begun elsewhere should take the place of this one.
    """
    hint = "run the command again: it starts from what is stored now"
    serial = stored.serial if stored else 0
    if serial != expected_serial:
        actual = f"serial {serial}" if stored else "nothing"
        message = f"state `{location}` has moved: serial {expected_serial} was expected, {actual} is stored"
        raise ConflictError(message, hint)
    if stored and stored.lineage != state.lineage and not new_lineage:
        message = (
            f"state `{location}` was replaced by a new one: its lineage is `{stored.lineage}`, not `{state.lineage}`"
        )
        raise ConflictError(message, hint)


def stamp(
    state: State, expected_serial: int, location: str, encode: Callable[[State], bytes] = encode
) -> tuple[State, bytes]:
    """The state under the serial after ``expected_serial`` and after its own, and its bytes.

    A state that was read has the expected serial; one from a file may be ahead of what is stored, and serials never go
    back. Raises ``StateError`` where it holds a value that JSON doesn't have.
    """
    stamped = replace(state, serial=max(state.serial, expected_serial) + 1)
    try:
        return stamped, encode(stamped)
    except (TypeError, ValueError) as error:
        raise StateError(f"state `{location}` can't be stored: {error}") from error


def check_lock_id(holder: Holder | None, lock_id: str, location: str) -> Holder:
    """The holder of the lock that ``lock_id`` names; raises ``StateError`` where no one or someone else holds it."""
    if holder is None:
        raise StateError(
            f"state `{location}` isn't locked", "there is nothing to free: run the command that you wanted"
        )
    if holder.id != lock_id:
        hint = f"only the lock {holder.id} can be freed, once you know that its process is gone"
        raise StateError(f"state `{location}` isn't held by lock {lock_id}: {holder}", hint)
    return holder


def wait_for(attempt: Callable[[], T | None], *, timeout: float, poll: float) -> T | None:
    """Attempt until there is an answer, at least once and for up to ``timeout`` seconds; ``None``: there was none."""
    deadline = time.monotonic() + timeout
    while (answer := attempt()) is None and time.monotonic() < deadline:
        time.sleep(min(poll, max(0.0, deadline - time.monotonic())))
    return answer
