"""The projects that a repository holds beside each other, each in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.forge.boxes import Scope
from deployer.forge.refs import files_named, find_commit, top_of
from deployer.source.root import SETTINGS_NAMES, is_project
from deployer.workspace.loading import load_settings

if TYPE_CHECKING:
    from pathlib import Path


def scopes(root: Path) -> tuple[Scope, ...]:
    """The environments at Attentive of every project in the repository of a folder, by the commit that is checked out.

    A sandbox is no one else's matter, and a project whose settings can't be read has none. Raises ``RefError`` where
    git can't list the files.
    """
    top = top_of(root) or root
    paths = files_named(root, find_commit(root, "HEAD"), *SETTINGS_NAMES)
    folders = dict.fromkeys((top / path).parent for path in paths)
    found = (load_settings(folder).settings for folder in folders if is_project(folder))
    return tuple(
        Scope(settings.project, name)
        for settings in found
        if settings is not None
        for name, environment in settings.environments.items()
        if not environment.is_sandbox
    )
