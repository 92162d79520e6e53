"""Where state is kept: the seam, and the place that a ``state:`` of ``deployer.yaml`` names."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from deployer.state.errors import UnsupportedBackendError
from deployer.state.git.place import is_git
from deployer.state.local import LocalBackend

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from deployer.state.holder import Holder
    from deployer.state.model import State

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_STORES = ("s3", "az")
_HINT = "use a local file: `state: file:PATH`, relative to the project"


class Backend(Protocol):
    """A place that holds the state of one environment; every failure is a ``StateError``."""

    location: str
    """The place as messages name it, such as ``file:state/production.json``."""

    def read(self) -> State | None:
        """Give the stored state, ``None`` where nothing is stored yet. Takes no lock and writes nothing."""

    def write(self, state: State, *, expected_serial: int, new_lineage: bool = False) -> State:
        """Store a state under the serial after ``expected_serial`` (0: nothing is stored yet) and return it so.

        A state whose own serial is higher goes on from that one. With ``new_lineage`` it may have another lineage than
        what is stored. Raises ``ConflictError`` when something else is stored than expected, ``LockedError`` while
        somebody else holds the lock, and its ``LostLockError`` where ours was taken away: nothing is ever overwritten.
        """

    def lock(self, operation: str, *, timeout: float = 0) -> AbstractContextManager[None]:
        """Keep others from changing the state during the block; waits up to ``timeout`` seconds.

        Raises ``LockedError`` while somebody else holds it.
        """

    def holder(self) -> Holder | None:
        """Who holds the lock now, ``None`` where nobody does. Reads only."""

    def unlock(self, lock_id: str) -> Holder:
        """Free the lock with this id, whose process is gone, and return whom it was taken from.

        Raises ``StateError`` where nothing is locked, where another lock is held (it names the present holder), and
        where the lock frees itself (a local file's).
        """


def open_backend(url: str, *, root: Path, environment: str) -> Backend:
    """Open the place that ``url`` names. Touches nothing yet.

    ``file:PATH`` or a plain path is relative to ``root``, the project's folder; ``git``, ``git:REMOTE`` and ``git+URL``
    are a branch of a repository; ``s3://…`` and ``az://…`` an object store.

    Raises ``UnsupportedBackendError`` for any other place.
    """
    if is_git(url):
        from deployer.state.git.backend import GitBackend  # noqa: PLC0415 - what runs processes is loaded where it is used

        return GitBackend(url, root=root, environment=environment)
    if _split(url)[0] in _STORES:
        from deployer.state.objects.backend import ObjectBackend  # noqa: PLC0415 - obstore is heavy

        return ObjectBackend(url, environment=environment)
    path = _local_path(url)
    # Links are followed here, so that a write replaces the file that a link leads to and not the link.
    target = Path(os.path.realpath(root / path)) if path and "\0" not in path else Path()
    if not target.name or path.startswith("//"):
        raise UnsupportedBackendError(f"state `{url}` names no file", _HINT)
    return LocalBackend(target, environment=environment, location=f"file:{path}")


def _local_path(url: str) -> str:
    scheme, rest = _split(url)
    if scheme == "gs":
        message = f"state `{url}`: `gs` was never tried against a real server, and an untried store is none"
        raise UnsupportedBackendError(message, f"keep it in git, in s3:// or az://, or {_HINT}")
    if scheme not in ("", "file"):
        raise UnsupportedBackendError(f"state `{url}`: there is no `{scheme}` to keep state in", _HINT)
    return "/" + rest.lstrip("/") if rest.startswith("///") else rest


def _split(url: str) -> tuple[str, str]:
    """Scheme and rest of a URL; a path has no scheme."""
    match = _SCHEME.fullmatch(url)
    return (match["scheme"].lower(), match["rest"]) if match else ("", url)
