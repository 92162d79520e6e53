"""Where people edit a project's files in the browser: on GitHub or GitLab, on the branch that is at hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from deployer.dataclass import dataclass
from deployer.forge.errors import ForgeError
from deployer.forge.refs import RefError, find_commit, prefix_of, upstream
from deployer.forge.surroundings import find_place, github_edit_url, gitlab_edit_url

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deployer.forge.surroundings import Platform

_REMOTE = re.compile(
    r"(?:https?://(?:[^/@]*@)?|ssh://(?:[^/@]*@)?|[^/@:]+@)(?P<host>[\w.-]+)(?::[0-9]+/|[:/])(?P<path>.+?)(?:\.git)?/?"
)
_NAMES: Mapping[Platform, str] = {"github": "GitHub", "gitlab": "GitLab"}


@dataclass(frozen=True, slots=True)
class EditPage:
    """The address that a file's path follows, what is put in front of a line's number, and the forge's ``name``."""

    name: str
    url: str
    line: str


def find_edit_page(folder: Path, environ: Mapping[str, str]) -> EditPage | None:
    """The edit page of a folder's files, from the variables of GitHub and GitLab or from git's own settings.

    ``None`` where no forge is known: outside of a repository, without a branch, for a remote elsewhere.
    """
    return edit_page_of_run(folder, environ) or _of_remote(folder)


def edit_page_of_run(folder: Path, environ: Mapping[str, str]) -> EditPage | None:
    """The same from a workflow's or a pipeline's variables alone: what it makes is for the repository's reviewers."""
    try:
        place = find_place(environ)
    except ForgeError:
        return None
    return _page(folder, place.platform, place.edit_url)


def _of_remote(folder: Path) -> EditPage | None:
    """The page of the branch that the one that is checked out follows."""
    try:
        branch, remote = upstream(folder)
    except RefError:
        return None
    match = _REMOTE.fullmatch(remote)
    if not branch or match is None:
        return None
    project = f"https://{match['host']}/{match['path']}"
    if match["host"] == "github.com":
        return _page(folder, "github", github_edit_url(project, branch))
    return _page(folder, "gitlab", gitlab_edit_url(project, branch)) if "gitlab" in match["host"] else None


def _page(folder: Path, platform: Platform, url: str) -> EditPage | None:
    if not url:
        return None
    try:
        find_commit(folder, "HEAD")
        return EditPage(_NAMES[platform], f"{url}{quote(prefix_of(folder))}", "#L")
    except RefError:
        return None
