"""What becomes of a command in a comment, in a repository that may hold several projects with a workflow each.

Each project's own run decides for itself: it acts, it leaves the command to another project's run, or it refuses, and
then every run refuses alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.forge.commands import PREFIX, Plan, Unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.forge.boxes import Scope
    from deployer.forge.commands import Command


@dataclass(frozen=True, slots=True)
class Free:
    """Free the lock with this id, which is that of one of these environments of the project."""

    lock: str
    environments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refuse:
    """Say why it can't be done, and what to write instead."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Another project's run does it."""


Reaction: TypeAlias = Free | Refuse | Leave


def reaction(command: Command, own: Scope, scopes: Sequence[Scope]) -> Reaction:
    """What the run of a project's environment (``own``) does; ``scopes`` are those of all projects of the repository.

    A plan that arrives here wasn't written alone in its comment: else the workflow itself had begun it.
    """
    names = sorted({own.name, *(scope.name for scope in scopes)})
    if isinstance(command, Unknown):
        return Refuse(f"`{command.text}` isn't a command", _what(names))
    if command.name and command.name not in names:
        return Refuse(f"no project of this repository has an environment `{command.name}`", _what(names))
    if command.name not in ("", own.name):
        return Leave()
    if isinstance(command, Plan):
        return Refuse(f"`{PREFIX} plan` has to be all of a comment", _what(names))
    return Free(command.lock, (own.environment,)) if command.name else _unnamed(command.lock, own, scopes, names)


def _unnamed(lock: str, own: Scope, scopes: Sequence[Scope], names: Sequence[str]) -> Reaction:
    """An id is enough where there is one project."""
    if {scope.project for scope in scopes} <= {own.project}:
        return Free(lock, tuple(dict.fromkeys((own.environment, *(scope.environment for scope in scopes)))))
    lines = " or ".join(f"`{PREFIX} unlock {name} {lock}`" for name in names)
    return Refuse("this repository has several projects", f"name the one whose lock it is: {lines}")


def _what(names: Sequence[str]) -> str:
    named = " or ".join(f"`{name}`" for name in names)
    return (
        f"write `{PREFIX} plan`, `{PREFIX} plan NAME` or `{PREFIX} unlock NAME ID`, and nothing else; NAME is {named}"
    )
