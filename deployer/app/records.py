"""What one does with a record as a whole: look at it, remove addresses, take a copy, put one back, free its lock.

The state is enough for all of it: no project is loaded and nothing is asked of Attentive.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.kinds.records import check_recorded
from deployer.source import did_you_mean
from deployer.state import ConflictError, OtherEnvironmentError, State, StateError, decode, encode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.state import Backend, Entry, Holder

LOCK_TIMEOUT = 10.0
"""Seconds that a command which writes the record at once waits for another run's lock."""


@dataclass(frozen=True, slots=True)
class EnvironmentRecord:
    """The record of an environment that is kept at ``location``, ``None`` where none is; ``holder`` has its lock."""

    environment: str
    location: str
    state: State | None
    holder: Holder | None = None

    @property
    def lock_frees_itself(self) -> bool:
        """Whether the lock is a local file's, which the system frees when its holder ends."""
        return self.location.startswith("file:")

    @property
    def entries(self) -> Mapping[str, Entry]:
        """What is recorded, by address."""
        return dict(sorted(self.state.entries.items())) if self.state else {}


@dataclass(frozen=True, slots=True)
class Pushed:
    """What putting a copy back changed: ``written`` is ``False`` where the same was stored already.

    ``state`` is what is stored now; addresses are ``added``, ``changed`` and ``removed``.
    """

    location: str
    state: State
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    written: bool = True


def record(backend: Backend, environment: str) -> EnvironmentRecord:
    """Read a record and who holds its lock. Writes nothing; raises ``StateError``."""
    return EnvironmentRecord(environment, backend.location, backend.read(), backend.holder())


def recorded(backend: Backend, environment: str, addresses: Sequence[str]) -> dict[str, Entry]:
    """What is recorded of addresses; raises ``UsageError`` where nothing is recorded of one, and ``StateError``."""
    state = backend.read() or State(environment, lineage="")
    for address in addresses:
        if state.entry(address) is None:
            hint = did_you_mean(address, list(state.entries)) or f"`deployer state list --env {environment}` shows it"
            raise UsageError(f"nothing is recorded of `{address}`", hint)
    return {address: state.entries[address] for address in dict.fromkeys(addresses)}


def forget_addresses(backend: Backend, chosen: Mapping[str, Entry], *, lock_timeout: float = LOCK_TIMEOUT) -> State:
    """Take entries out of the record and return it. Nothing happens at Attentive.

    Raises ``ConflictError`` where one is no longer recorded as it was ``chosen``, and ``StateError``; nothing is
    changed then.
    """
    with backend.lock("state rm", timeout=lock_timeout):
        before = backend.read()
        moved = next(
            (address for address, entry in chosen.items() if before is None or before.entry(address) != entry), None
        )
        if before is None or moved is not None:
            what = f"state `{backend.location}`: `{moved}` was recorded again after it was shown"
            raise ConflictError(what, "run the command again, and look at what is recorded now")
        after = before
        for address in chosen:
            after = after.without(address)
        return backend.write(after, expected_serial=before.serial)


def pull_state(backend: Backend, environment: str) -> bytes:
    """A copy of the record, in the present format. Raises ``StateError``, also where nothing is recorded."""
    state = backend.read()
    if state is None:
        hint = f"`deployer apply --env {environment}` creates the state"
        raise StateError(f"state `{backend.location}`: nothing is recorded yet", hint)
    return encode(state)


def push_state(
    backend: Backend,
    environment: str,
    content: bytes,
    name: str,
    *,
    new_lineage: bool = False,
    lock_timeout: float = LOCK_TIMEOUT,
) -> Pushed:
    """Put a copy that was pulled, or that an apply left behind, in the place of what is stored.

    ``name`` is the file's, for messages. Refused with ``ConflictError``: a copy that is older than what is stored, and,
    unless ``new_lineage``, one of another lineage. Raises ``UnreadableError``, ``OtherEnvironmentError`` and
    ``StateError``.
    """
    copy = decode(content, name, check=check_recorded)
    if copy.environment != environment:
        what = f"`{name}` is the state of the environment `{copy.environment}`, not of `{environment}`"
        raise OtherEnvironmentError(what, f"pass --env {copy.environment} if that is meant")
    with backend.lock("state push", timeout=lock_timeout):
        before = backend.read()
        if before and replace(before, serial=copy.serial) == copy:
            return Pushed(backend.location, before, written=False)
        if before:
            _check_successor(copy, before, name, backend.location, new_lineage=new_lineage)
        after = backend.write(copy, expected_serial=before.serial if before else 0, new_lineage=new_lineage)
    return Pushed(backend.location, after, *_difference(before, after))


def _check_successor(copy: State, before: State, name: str, location: str, *, new_lineage: bool) -> None:
    """Refuse what would take back what was recorded since the copy was made."""
    if copy.lineage != before.lineage and not new_lineage:
        what = f"`{name}` is of lineage {copy.lineage}, but state `{location}` is of {before.lineage}"
        hint = "they don't share a history; pass --new-lineage to replace the stored state with the file"
        raise ConflictError(what, f"`deployer state pull --out FILE` keeps a copy of that first; {hint}")
    if copy.lineage == before.lineage and copy.serial < before.serial:
        what = f"`{name}` has serial {copy.serial}, but state `{location}` has moved on to {before.serial}"
        hint = "pull it, and bring what is missing into that copy, or run `deployer apply` again"
        raise ConflictError(what, hint)


def _difference(before: State | None, after: State) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    old, new = (before.entries if before else {}), after.entries
    added = tuple(sorted(new.keys() - old.keys()))
    changed = tuple(sorted(key for key in new.keys() & old.keys() if new[key] != old[key]))
    return added, changed, tuple(sorted(old.keys() - new.keys()))
