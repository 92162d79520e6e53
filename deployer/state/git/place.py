"""Which branch of which repository a ``state: git…`` names."""

from __future__ import annotations

import re

from deployer.dataclass import dataclass
from deployer.state.errors import UnsupportedBackendError

BRANCH = "deployer-state"
"""The branch that holds state unless another is named; it shares no history with any other and is never merged."""

HINT = (
    "write `git`, `git:REMOTE` (a remote of the project's repository, or `git:.` for that repository itself) or "
    "`git+URL` (a repository's https, ssh or file URL; `//FOLDER` after it where the project isn't at its top); "
    "`#BRANCH` at the end names another branch than `deployer-state`"
)

_NAMED = re.compile(r"git(?::(?P<remote>[^#]+))?(?:#(?P<branch>.*))?", re.IGNORECASE)
_BY_URL = re.compile(
    r"git\+(?P<url>(?P<scheme>https|ssh|file)://(?P<authority>[^/#]*)/[^#]+?)(?://(?P<folder>[^#]+))?(?:#(?P<branch>.*))?",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?")
"""A part of a branch or folder, or an environment: nothing that git, a file system or a shell reads otherwise."""


@dataclass(frozen=True, slots=True)
class GitPlace:
    """A branch to keep state on.

    ``remote`` is the name of a remote, ``.`` (the project's own repository) or empty (find it out); ``url`` names a
    repository that needs no checkout; ``folder`` is the project's in that repository, empty at its top.
    """

    remote: str = ""
    url: str = ""
    folder: str = ""
    branch: str = BRANCH

    @property
    def reference(self) -> str:
        """The branch by its full name."""
        return f"refs/heads/{self.branch}"

    def spelled(self, branch: str) -> str:
        """The same place with another branch, as ``state:`` writes it."""
        if self.url:
            return f"git+{self.url}{f'//{self.folder}' if self.folder else ''}#{branch}"
        return f"git{f':{self.remote}' if self.remote else ''}#{branch}"


def is_git(url: str) -> bool:
    """Whether a ``state:`` asks for git, well written or not."""
    return re.match(r"git([:+#]|$)", url, re.IGNORECASE) is not None


def parse(url: str) -> GitPlace:
    """Read a ``state: git…``. Raises ``UnsupportedBackendError`` where it names no branch of a repository."""
    if by_url := _BY_URL.fullmatch(url):
        _check_user(by_url["scheme"].lower(), by_url["authority"])
        place = GitPlace(url=by_url["url"], folder=(by_url["folder"] or "").strip("/"))
    elif named := _NAMED.fullmatch(url):
        place = GitPlace(remote=named["remote"] or "")
    else:
        raise UnsupportedBackendError(f"state `{url}` names no git repository", HINT)
    branch = (by_url or named)["branch"]  # type: ignore[index]  # one of the two matched, or we aren't here
    place = place if branch is None else GitPlace(place.remote, place.url, place.folder, branch)
    _check_names(url, place)
    return place


def place_of(url: str, environment: str) -> GitPlace:
    """The branch that keeps an environment's state. Raises ``UnsupportedBackendError`` where there can be none."""
    place = parse(url)
    _check_environment_name(environment)
    return place


def _check_environment_name(environment: str) -> None:
    """Refuse an environment whose name can't be a file's in the branch."""
    if not _NAME.fullmatch(environment):
        message = f"`{environment}` can't be the name of an environment whose state is in git"
        raise UnsupportedBackendError(message, "write it with letters, digits and underscores")


def _check_user(scheme: str, authority: str) -> None:
    user, at, _ = authority.rpartition("@")
    if at and (scheme != "ssh" or ":" in user):
        # Not shown: there may be a password in front of the @.
        message = "the state's URL holds a user or a password in front of an @"
        raise UnsupportedBackendError(message, "leave it out; git's own credential helpers know who you are")


def _check_names(url: str, place: GitPlace) -> None:
    parts = [*place.branch.split("/"), *(place.folder.split("/") if place.folder else ())]
    bad = next((part for part in parts if not _NAME.fullmatch(part) or part.endswith(".lock")), None)
    if bad is not None:
        message = f"state `{url}`: `{bad}` can't be a part of a branch or a folder here"
        raise UnsupportedBackendError(message, "write letters, digits and - _ . between single slashes")
    if place.remote.startswith("-"):
        raise UnsupportedBackendError(f"state `{url}`: no remote is called `{place.remote}`", HINT)
