"""A part of a project that can be looked at while something else in the project has errors.

A message that is being written doesn't keep anyone from looking at another one: only errors of what is asked for, and
of what that uses, are in its way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import DeployerError, InnerError
from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.message import Message
from deployer.messages.reads import ATTRIBUTE, reads_of
from deployer.project.duplicates import DUPLICATE
from deployer.source import ProblemsError
from deployer.source.problems import MOST_OF_A_RULE
from deployer.source.root import SETTINGS_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from deployer.project import Project
    from deployer.source import Problem
    from deployer.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AroundErrors:
    """A project of which at least what is asked for is without errors; ``elsewhere`` are the errors of the rest.

    Where there are some, ``project`` has only what is asked for and what that uses.
    """

    project: Project
    elsewhere: tuple[Problem, ...] = ()


def project_around_errors(
    workspace: Workspace,
    environment: str | None,
    asked_for: Callable[[Project], Collection[str]],
    within: Collection[str] = (),
) -> AroundErrors:
    """Give the part of a checked project that is asked for, by the addresses of that; all of it where it has no error.

    ``asked_for`` gives none where what is meant can't be known, for all that couldn't be read. Of the files and folders
    in ``within`` everything is asked for. Raises ``ProblemsError`` with the errors that touch what is asked for, or
    with all where it isn't known which these are.
    """
    project, problems = workspace.as_it_is(environment)
    errors = problems.errors
    if not errors:
        return AroundErrors(project)
    try:
        meant = asked_for(_without_seconds(project, errors))
        needs = _needs(project, meant, frozenset(error.address for error in errors))
    except _NotKnownError:
        raise ProblemsError(errors) from None
    many = Counter((problem.position.path, problem.rule) for problem in errors)
    touching = tuple(
        error
        for error in errors
        if _is_in(error.position.path, within)
        or needs.meets(error, cut=many[error.position.path, error.rule] >= MOST_OF_A_RULE)
    )
    if touching or not project.broken.isdisjoint(needs.addresses):
        raise ProblemsError(touching or errors)
    # Words may name any attribute, so that none is left out.
    kept = {*needs.addresses, *project.addresses(CustomAttribute)}
    resources = {address: resource for address, resource in project.resources.items() if address in kept}
    return AroundErrors(replace(project, resources=resources), errors)


def messages_meant(project: Project, message: str) -> Collection[str]:
    """The address of a message, by that or its id; those of all where it is empty, none where one can't be read."""
    if message:
        return (f"message.{message.removeprefix('message.')}",)
    return () if project.has_broken("message") else project.addresses(Message)


def _is_in(path: str, within: Collection[str]) -> bool:
    """Whether a file is one of these, or in a folder of them."""
    return any(name in {"", ".", path} or path.startswith(f"{name}/") for name in within)


def _without_seconds(project: Project, errors: Iterable[Problem]) -> Project:
    """The project, which knows that it is without the second declaration of an id, meant to have another."""
    seconds = (error.address for error in errors if error.rule == DUPLICATE)
    return replace(project, unread=project.unread.union(address.partition(".")[0] for address in seconds))


class _NotKnownError(InnerError):
    """What is asked for uses something that can't be read."""


@dataclass(frozen=True, slots=True)
class _Needs:
    """What is asked for and all that it uses: addresses, the files that these are in, and the files of words."""

    addresses: frozenset[str]
    files: frozenset[str]
    words: frozenset[str]

    def meets(self, error: Problem, *, cut: bool) -> bool:
        """Whether an error is of something needed; ``cut``: its report leaves out others of its rule and file."""
        path = error.position.path
        if error.address in self.addresses or path in self.words:
            return True
        if error.address and not cut:
            return False
        return path in self.files or path in SETTINGS_NAMES


def _needs(project: Project, asked_for: Collection[str], wrong: frozenset[str]) -> _Needs:
    """Follow references; raises ``_NotKnownError`` where one leads to nothing, or words can't be composed.

    ``wrong`` are the addresses with errors: what these read needn't be known.
    """
    found: dict[str, None] = {}
    words: set[str] = set()
    waiting = list(asked_for)
    if not waiting:
        raise _NotKnownError
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        resource = project.resources.get(address)
        if resource is None:
            raise _NotKnownError
        found[address] = None
        waiting += (reference.target for reference in resource.kind.references(resource.model))
        if isinstance(resource.model, Message) and address not in wrong:
            words.update(_files(project, resource.model))
            waiting += _attributes(project, resource.model)
    files = frozenset(project.resources[address].document.file.path for address in found)
    return _Needs(frozenset(found), files, frozenset(words))


def _files(project: Project, message: Message) -> Iterator[str]:
    """The files that a message's words are from: its parts', and those of macros and includes."""
    for part, written in message.parts.items():
        if written.file:
            yield written.file
        try:
            composed = project.composed(message, part)
        except DeployerError:
            raise _NotKnownError from None
        yield from (source.name for source in composed.sources if source.name)


def _attributes(project: Project, message: Message) -> Iterator[str]:
    """The addresses of the attributes that a message reads."""
    by_name = {attribute.name: attribute.address for attribute in project.all(CustomAttribute)}
    for part in message.parts:
        for read in reads_of(project.composed(message, part).text):
            if read.root != ATTRIBUTE:
                continue
            names = [*by_name] if read.whole or not read.path else [read.path[0]]
            if project.has_broken("custom_attribute") and not {*names} <= {*by_name}:
                raise _NotKnownError
            yield from (by_name[name] for name in names if name in by_name)
