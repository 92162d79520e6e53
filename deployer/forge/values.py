"""What a forge holds, as values, and what is asked of one: the seam between GitHub, GitLab and what writes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

ThreadKind: TypeAlias = Literal["pull", "issue"]
StatusState: TypeAlias = Literal["pending", "success", "failure"]


@dataclass(frozen=True, slots=True)
class Thread:
    """Where comments are: a pull request (GitLab: a merge request) or an issue, by its number."""

    kind: ThreadKind
    number: int


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment; ids grow, so that the smaller one is older. ``bot``: a program's account wrote it.

    ``url`` is where people see it, empty where the forge doesn't say.
    """

    id: int
    body: str
    author: str
    bot: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue by its number in the repository; ``bot``: a program's account opened it."""

    number: int
    title: str
    body: str
    open: bool
    author: str
    url: str = ""
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    """A status of a commit. ``context`` names it, such as ``deployer/production``; ``description`` is one line."""

    context: str
    state: StatusState
    description: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A box was ticked or unticked: ``by`` is who did, ``token`` the task's, ``at`` when, ISO 8601.

    ``refused``: an answer says that the tick before it could not be recorded.
    """

    token: str
    done: bool
    by: str
    at: str = ""
    refused: bool = False


class Forge(Protocol):
    """A forge with one repository in it. Every method may raise ``ForgeError``."""

    name: str
    """How people call it: GitHub, GitLab."""

    keeps_ticks: bool
    """Whether ``ticks`` can list who ticked what."""

    def me(self) -> str | None:
        """The handle that this token writes as; ``None`` where the forge doesn't tell."""

    def comments(self, thread: Thread) -> Iterator[Comment]:
        """Every comment that someone wrote, oldest first."""

    def add_comment(self, thread: Thread, body: str) -> Comment:
        """Write a comment."""

    def edit_comment(self, thread: Thread, comment: int, body: str) -> None:
        """Rewrite a comment."""

    def delete_comment(self, thread: Thread, comment: int) -> None:
        """Delete a comment; one that is gone already is no error."""

    def issues(self, author: str = "") -> Iterator[Issue]:
        """Every issue that an account opened, closed ones too, oldest first; without one every open issue."""

    def add_issue(self, title: str, body: str) -> Issue:
        """Open an issue."""

    def edit_issue(self, issue: Issue, *, title: str, body: str, is_open: bool) -> Issue:
        """Rewrite an issue, and open or close it."""

    def set_status(self, commit: str, status: Status) -> None:
        """Set a status of a commit."""

    def ticks(self, issue: int) -> Iterator[Tick]:
        """Who ticked which box of an issue, oldest first; raises ``ForgeError`` where the forge keeps no such list."""

    def label_by(self, pull: int, label: str) -> str | None:
        """Who put a label on a pull request; ``None`` where it isn't on it, ``""`` where the account is gone."""

    def close(self) -> None:
        """Close the connections."""
