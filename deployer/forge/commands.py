"""What people ask for in a comment: `/deployer plan`, `/deployer unlock ID`; and the event of a comment on GitHub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.dataclass import dataclass
from deployer.forge.errors import ForgeError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "/deployer"
"""The first word of a command."""
COLLABORATORS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
"""What an account is to a repository, in GitHub's words, whose commands count."""
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """Bring the comment of a pull request up to date: for one ``PROJECT/ENVIRONMENT``, or with no name for all."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Unlock:
    """Free the lock with an id: that of a ``PROJECT/ENVIRONMENT``, or with an empty name the one that has this id."""

    lock: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something else, as it was written; at most one short line of it."""

    text: str


Command: TypeAlias = Plan | Unlock | Unknown


@dataclass(frozen=True, slots=True)
class CommandComment:
    """A comment with a command: its own number, that of its issue or pull request, and what it asks for."""

    id: int
    issue: int
    command: Command


def read_command(body: str) -> Command:
    """Read the command in a comment's first line; words after an unlock's id are read over."""
    line = (body.strip().splitlines() or [""])[0]
    match line.split():
        case [_, "plan"]:
            return Plan()
        case [_, "plan", name] if "/" in name:
            return Plan(name)
        case [_, "unlock", name, lock, *_] if "/" in name:
            return Unlock(lock, name)
        case [_, "unlock", lock, *_] if "/" not in lock:
            return Unlock(lock)
    return Unknown(line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…")


def command_comment(event: Mapping[str, Any]) -> CommandComment | None:
    """Read the event of a comment on GitHub; ``None`` where it holds no command.

    Raises ``ForgeError`` for another event, and for a command of an account that is no collaborator.
    """
    try:
        comment, issue = event["comment"], event["issue"]
        body, by, number = str(comment["body"] or ""), str(comment["author_association"]), int(comment["id"])
        found = CommandComment(number, int(issue["number"]), read_command(body))
    except (KeyError, TypeError, ValueError):
        hint = "run this on `issue_comment: [created]` only"
        raise ForgeError("the event isn't that of a comment", hint) from None
    if body.split()[:1] != [PREFIX]:
        return None
    if by not in COLLABORATORS:
        raise ForgeError("the comment is by an account that is no collaborator", "ask one of them to write it")
    return found
