"""Whether a ``state:`` of ``deployer.yaml`` names a place, for a check of a project, which needs no state."""

from __future__ import annotations

from pathlib import Path

from deployer.state.errors import UnsupportedBackendError
from deployer.state.git.place import is_git, place_of

__all__ = ["UnsupportedBackendError", "check_named"]


def check_named(url: str, environment: str) -> None:
    """Raise ``UnsupportedBackendError`` where opening the place would; what keeps state in git isn't imported."""
    if is_git(url):
        place_of(url, environment)
        return
    from deployer.state.places import open_backend  # noqa: PLC0415 - most projects that share their state do so in git

    open_backend(url, root=Path(), environment=environment)
