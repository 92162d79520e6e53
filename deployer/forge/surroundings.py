"""Where a run takes place: which forge, repository, pull request and commit, and with which token."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import quote

from deployer.dataclass import dataclass
from deployer.forge.errors import ForgeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.forge.values import Forge

Platform: TypeAlias = Literal["github", "gitlab"]

_QUEUE = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-([0-9]+)-[0-9a-f]{40}")
_NO_TOKEN = {
    "github": "set GITHUB_TOKEN, in a workflow to ${{ github.token }}",
    "gitlab": "set GITLAB_TOKEN to a project access token with the scope `api`; a job's own token may not write notes",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A run's surroundings.

    ``repository`` is GitHub's ``OWNER/NAME`` or GitLab's project number. ``pull_request`` is ``None`` outside of one.
    ``fork``: the pull request comes from another repository, so that the run has no secrets and may not write.
    ``headers`` hold the token. ``source_url`` is where people see the commit's files: a path follows it, empty where
    the forge doesn't say its address. ``edit_url`` is where people edit the files of the branch at hand, empty also
    where there is no branch.
    """

    platform: Platform
    api: str
    repository: str
    headers: Mapping[str, str] = field(repr=False)
    pull_request: int | None = None
    commit: str = ""
    run_url: str = ""
    fork: bool = False
    source_url: str = ""
    edit_url: str = ""

    @property
    def has_token(self) -> bool:
        """Whether there is a token at all."""
        return bool(self.headers)


def find_place(environ: Mapping[str, str]) -> Place:
    """Find out where a run takes place, from the variables that GitHub and GitLab set.

    Raises ``ForgeError`` where it is neither.
    """
    if environ.get("GITHUB_REPOSITORY"):
        return _github(environ)
    if environ.get("CI_PROJECT_ID"):
        return _gitlab(environ)
    raise ForgeError(
        "this isn't a workflow of GitHub or a pipeline of GitLab",
        "elsewhere set GITHUB_REPOSITORY and GITHUB_TOKEN, or CI_PROJECT_ID, CI_API_V4_URL and GITLAB_TOKEN",
    )


def open_forge(place: Place) -> Forge:
    """Make the forge of a place; raises ``ForgeError`` where there is no token or the API's address can't be used."""
    from deployer.forge.web import Web  # noqa: PLC0415 - only a run that calls the forge needs it

    if not place.has_token:
        raise ForgeError("there is no token to write with", _NO_TOKEN[place.platform])
    if place.platform == "github":
        from deployer.forge.github import GitHub  # noqa: PLC0415 - as above

        return GitHub(Web(GitHub.name, place.api, place.headers), place.repository)
    from deployer.forge.gitlab import GitLab  # noqa: PLC0415 - as above

    return GitLab(Web(GitLab.name, place.api, place.headers), place.repository)


def _github(environ: Mapping[str, str]) -> Place:
    event = _event(environ)
    pull = event.get("pull_request") or {}
    head = pull.get("head") or {}
    repository = environ["GITHUB_REPOSITORY"]
    origin = (head.get("repo") or {}).get("full_name", "") if pull else repository
    commit = head.get("sha") or environ.get("GITHUB_SHA", "")
    token = environ.get("GITHUB_TOKEN", "")
    headers = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"}
    return Place(
        platform="github",
        api=environ.get("GITHUB_API_URL") or "https://api.github.com",
        repository=repository,
        headers={**headers, "authorization": f"Bearer {token}"} if token else {},
        pull_request=_number(pull.get("number")) or _queued(event),
        commit=commit,
        run_url=_run_url(environ, repository),
        fork=origin != repository,
        source_url=_source_url(environ.get("GITHUB_SERVER_URL", ""), origin, commit),
        edit_url=_edit_url(environ, origin),
    )


def _queued(event: Mapping[str, Any]) -> int | None:
    """The pull request that a merge queue tries, from the branch that GitHub makes for it."""
    match = _QUEUE.fullmatch(str((event.get("merge_group") or {}).get("head_ref", "")))
    return int(match[1]) if match else None


def _run_url(environ: Mapping[str, str], repository: str) -> str:
    server, run = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_RUN_ID", "")
    return f"{server}/{repository}/actions/runs/{run}" if server and run else ""


def _source_url(server: str, repository: str, commit: str) -> str:
    return f"{server}/{repository}/blob/{commit}/" if server and repository and commit else ""


def _edit_url(environ: Mapping[str, str], repository: str) -> str:
    named = environ.get("GITHUB_REF_NAME", "") if environ.get("GITHUB_REF_TYPE") == "branch" else ""
    server, branch = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_HEAD_REF") or named
    return github_edit_url(f"{server}/{repository}", branch) if server and repository and branch else ""


def github_edit_url(repository: str, branch: str) -> str:
    """Where people edit a branch's files, for a repository of GitHub by its address."""
    return f"{repository}/edit/{quote(branch)}/"


def gitlab_edit_url(project: str, branch: str) -> str:
    """Where people edit a branch's files, for a project of GitLab by its address."""
    return f"{project}/-/edit/{quote(branch)}/"


def _event(environ: Mapping[str, str]) -> Mapping[str, Any]:
    """The event that started the workflow; empty where none can be read: a number can be said by hand."""
    with suppress(OSError, ValueError):
        event = json.loads(Path(environ.get("GITHUB_EVENT_PATH") or "/").read_text(encoding="utf-8"))
        return event if isinstance(event, dict) else {}
    return {}


def _gitlab(environ: Mapping[str, str]) -> Place:
    own = environ["CI_PROJECT_ID"]
    # A merge request's pipeline from a fork runs in the fork: its notes are in the target project.
    target = environ.get("CI_MERGE_REQUEST_PROJECT_ID") or own
    source = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID") or own
    if environ.get("GITLAB_TOKEN"):
        headers = {"private-token": environ["GITLAB_TOKEN"]}
    else:
        headers = {"job-token": environ["CI_JOB_TOKEN"]} if environ.get("CI_JOB_TOKEN") else {}
    project = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_URL") or environ.get("CI_PROJECT_URL", "")
    branch = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME") or environ.get("CI_COMMIT_BRANCH", "")
    commit = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environ.get("CI_COMMIT_SHA", "")
    return Place(
        platform="gitlab",
        api=environ.get("CI_API_V4_URL") or "https://gitlab.com/api/v4",
        repository=target,
        headers=headers,
        pull_request=_number(environ.get("CI_MERGE_REQUEST_IID")),
        commit=commit,
        run_url=environ.get("CI_PIPELINE_URL", ""),
        fork=source != target,
        source_url=f"{project}/-/blob/{commit}/" if project and commit else "",
        edit_url=gitlab_edit_url(project, branch) if project and branch else "",
    )


def _number(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() else None
