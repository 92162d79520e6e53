"""Attentive transactional journeys as code.

The library comes first: ``load`` a project, ``check`` it, ``plan`` and ``apply``. Names are imported when they are
used, so that ``import deployer`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deployer.library import Connection, Workspace, apply, connect, load, plan

__version__ = "0.1.0"

__all__ = ["Connection", "Workspace", "__version__", "apply", "connect", "load", "plan"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from deployer import library  # noqa: PLC0415 - importing the library costs time that `--version` doesn't have

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
