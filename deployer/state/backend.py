"""Where state is kept: the seam, and the place that a ``state:`` of ``deployer.yaml`` names."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from deployer.state.errors import UnsupportedBackendError
from deployer.state.local import LocalBackend

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from deployer.state.model import State

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_PLANNED = ("git", "s3", "gs", "az")
_HINT = "use a local file: `state: file:PATH`, relative to the project"


class Backend(Protocol):
    """A place that holds the state of one environment; every failure is a ``StateError``."""

    location: str
    """The place as messages name it, such as ``file:state/production.json``."""

    def read(self) -> State | None:
        """Give the stored state, ``None`` where nothing is stored yet. Takes no lock and writes nothing."""

    def write(self, state: State, *, expected_serial: int) -> State:
        """Store a state under the serial after ``expected_serial`` (0: nothing is stored yet) and return it so.

        Raises ``ConflictError`` when something else is stored than expected.
        """

    def lock(self, operation: str, *, timeout: float = 0) -> AbstractContextManager[None]:
        """Keep others from changing the state during the block; waits up to ``timeout`` seconds.

        Raises ``LockedError`` while somebody else holds it.
        """


def open_backend(url: str, *, root: Path, environment: str) -> Backend:
    """Open the place that ``url`` names: ``file:PATH`` or a plain path, relative to ``root``. Touches nothing yet.

    Raises ``UnsupportedBackendError`` for any other place.
    """
    path = _local_path(url)
    # Links are followed here, so that a write replaces the file that a link leads to and not the link.
    target = Path(os.path.realpath(root / path)) if path and "\0" not in path else Path()
    if not target.name or path.startswith("//"):
        raise UnsupportedBackendError(f"state `{url}` names no file", _HINT)
    return LocalBackend(target, environment=environment, location=f"file:{path}")


def _local_path(url: str) -> str:
    scheme, rest = _split(url)
    if scheme in _PLANNED:
        raise UnsupportedBackendError(
            f"state `{url}`: keeping state in `{scheme}` is not built yet", f"until then {_HINT}"
        )
    if scheme not in ("", "file"):
        raise UnsupportedBackendError(f"state `{url}`: there is no `{scheme}` to keep state in", _HINT)
    return "/" + rest.lstrip("/") if rest.startswith("///") else rest


def _split(url: str) -> tuple[str, str]:
    """Scheme and rest; a lone ``git`` is a scheme, as in ``state: git``."""
    if url == "git":
        return url, ""
    match = _SCHEME.fullmatch(url)
    return (match["scheme"].lower(), match["rest"]) if match else ("", url)
