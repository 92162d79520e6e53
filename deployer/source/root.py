"""Where a project begins: the folder with its settings."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS_NAMES = ("deployer.yaml", "deployer.yml")
"""What the file with a project's settings may be called."""


def project_folder(folder: Path) -> Path:
    """Find the project that a folder is in: itself, or the nearest above it with a ``deployer.yaml``; else itself."""
    if not folder.is_dir() or settings_in(folder):
        return folder
    return next((above for above in folder.resolve().parents if settings_in(above)), folder)


def is_project(folder: Path) -> bool:
    """Whether a folder holds a project: a file with settings is in it."""
    return any((folder / name).is_file() for name in SETTINGS_NAMES)


def settings_path(folder: Path) -> str:
    """The path of a project's settings in its folder, where that is read or should be."""
    return next(iter(settings_in(folder)), SETTINGS_NAMES[0])


def settings_in(folder: Path) -> list[str]:
    """The names of the settings files that are in a folder."""
    return [name for name in SETTINGS_NAMES if os.path.lexists(folder / name)]
