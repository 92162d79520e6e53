"""From a project's folder to the folder that a forge shows, so that annotations are at the right files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Variables in which GitHub Actions and GitLab CI name the folder of their checkout."""


def prefix(project: Path, environ: Mapping[str, str]) -> str:
    """What leads from the checkout to the project: empty, or a path with a slash at its end.

    The checkout is what CI names, else the nearest folder upwards that is a git repository. Where the project is in
    neither, its own folder is the best that there is.
    """
    folder = project.resolve()
    named = [Path(environ[name]).resolve() for name in CHECKOUTS if environ.get(name)]
    around = [path for path in (folder, *folder.parents) if (path / ".git").exists()][:1]
    for checkout in (*named, *around):
        if folder.is_relative_to(checkout):
            inside = folder.relative_to(checkout).as_posix()
            return "" if inside == "." else f"{inside}/"
    return ""
