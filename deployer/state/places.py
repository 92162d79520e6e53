"""The place that a ``state:`` of ``deployer.yaml`` names: one line for each medium."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from deployer.state.backend import Backend
from deployer.state.encoding import unchecked
from deployer.state.errors import UnsupportedBackendError
from deployer.state.git.place import is_git
from deployer.state.local import FileLock, FileMedium

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.state.model import State

_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>.*)", re.DOTALL)
_HINT = "use a local file: `state: file:PATH`, relative to the project"


def open_backend(
    url: str, *, root: Path, environment: str, protected: bool = False, check: Callable[[State], None] = unchecked
) -> Backend:
    """Open the place that ``url`` names. Touches nothing yet.

    ``file:PATH`` or a plain path is relative to ``root``, the project's folder; ``git``, ``git:REMOTE`` and ``git+URL``
    are a branch of a repository; ``s3://…`` and ``az://…`` an object store. The record of a ``protected`` environment
    is refused, when it is used, where it would be kept on one machine only. ``check`` is held against each state that
    is read, and raises ``ShapeError``.

    Raises ``UnsupportedBackendError`` for any other place.
    """
    opened = (
        _git(url, root, environment, protected=protected)
        if is_git(url)
        else MEDIA.get(_split(url)[0], _unknown)(url, root, environment)
    )
    opened.check = check
    return opened


def _git(url: str, root: Path, environment: str, *, protected: bool) -> Backend:
    from deployer.state.git.medium import GitMedium  # noqa: PLC0415 - what runs processes is loaded where it is used

    return Backend(GitMedium(url, root=root, environment=environment, protected=protected), environment)


def _objects(url: str, root: Path, environment: str) -> Backend:
    from deployer.state.objects.medium import ObjectMedium  # noqa: PLC0415 - obstore is heavy

    del root
    return Backend(ObjectMedium(url, environment=environment), environment)


def _local(url: str, root: Path, environment: str) -> Backend:
    rest = _split(url)[1]
    path = "/" + rest.lstrip("/") if rest.startswith("///") else rest
    # Links are followed here, so that a write replaces the file that a link leads to and not the link.
    target = Path(os.path.realpath(root / path)) if path and "\0" not in path else Path()
    if not target.name or path.startswith("//"):
        raise UnsupportedBackendError(f"state `{url}` names no file", _HINT)
    lock = FileLock(target.with_name(target.name + ".lock"), f"file:{path}")
    return Backend(FileMedium(target, f"file:{path}"), environment, lock)


def _untried(url: str, root: Path, environment: str) -> Backend:
    del root, environment
    message = f"state `{url}`: `gs` isn't supported: it was never tested against a real server"
    raise UnsupportedBackendError(message, f"keep it in git, in s3:// or az://, or {_HINT}")


def _unknown(url: str, root: Path, environment: str) -> Backend:
    del root, environment
    message = f"state `{url}`: there is no `{_split(url)[0]}` to keep state in"
    raise UnsupportedBackendError(message, _HINT)


MEDIA: dict[str, Callable[[str, Path, str], Backend]] = {
    "": _local,
    "file": _local,
    "s3": _objects,
    "az": _objects,
    "gs": _untried,
}
"""By the scheme of its URL, how each medium is opened."""


def _split(url: str) -> tuple[str, str]:
    """Scheme and rest of a URL; a path has no scheme."""
    match = _SCHEME.fullmatch(url)
    return (match["scheme"].lower(), match["rest"]) if match else ("", url)
