"""Taking over what someone changed in Attentive's composer: the pasted text becomes the author's text."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import InnerError, UsageError
from deployer.kinds.base import GuardError
from deployer.kinds.message import Message
from deployer.messages import CompileError, Composed, Piece, Refusal, Source, composer_text, word_diff
from deployer.messages import absorb as absorb_words
from deployer.source import FileProblem, Position, Problem, Problems, ProblemsError, near_or_few
from deployer.source.editing import save
from deployer.source.editing.texts import RewriteError, rewrite
from deployer.workspace.loading import load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.project import Project, Resource
    from deployer.source import ProjectFiles
    from deployer.workspace.workspace import Workspace

RULE = "absorb/not-own-words"
"""The id under which a change that can't be absorbed is reported."""

_HINT = "change it there, or leave it as it was in Attentive's composer; then absorb the rest"


@dataclass(frozen=True, slots=True)
class Absorption:
    """What became of a pasted text.

    ``path`` is the file that holds the words of ``part``, ``pieces`` the word diff from the composer text of the
    project to the pasted one (no ``gone`` and no ``new``: nothing to do). ``refused`` are changes that the file can't
    take: nothing is written then. ``also`` names other texts that changed with it (``message.a body in staging``),
    ``problems`` what `validate` has found since that it hadn't found before.
    """

    address: str
    part: str
    path: str
    pieces: tuple[Piece, ...]
    refused: tuple[Problem, ...] = ()
    written: bool = False
    also: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the pasted text differs from the project's."""
        return any(piece.op != "same" for piece in self.pieces)


def absorb(
    workspace: Workspace,
    address: str,
    pasted: str,
    *,
    part: str = "",
    environment: str | None = None,
    dry_run: bool = False,
) -> Absorption:
    """Write a text as it is in Attentive's composer into the YAML or the file that it came from.

    Only the author's own words change; what ``[[ … ]]``, macro files and includes make is refused, and so is a text
    behind an alias. Line endings and white space at the very end don't count. An environment's own words
    (``per_environment``) are changed for that environment. Raises ``UsageError`` for a message or part that isn't
    there, ``ProblemsError`` where a file of the project can't be read (what a rule finds doesn't matter here),
    ``CompileError`` or ``FileProblem`` where the message's words can't be, ``GuardError`` where the file can't be
    written.
    """
    text = _text(workspace, environment, address, part)
    wanted = composer_text(pasted)
    if not wanted:
        raise UsageError("the pasted text is empty", "paste what Attentive's composer shows")
    absorption = text.absorb(wanted)
    if absorption.refused or not absorption.changed or dry_run:
        return absorption
    return _written(workspace, text, absorption, wanted)


def _text(workspace: Workspace, environment: str | None, address: str, part: str) -> _Text:
    """Find the part of a message that is meant."""
    linked = workspace.linked(environment)
    errors = Problems((*workspace.problems, *linked.problems)).errors
    if errors:
        raise ProblemsError(tuple(sorted(errors, key=lambda problem: problem.sort_key)))
    project = linked.project
    wanted = address.removeprefix("message.")
    message = project.find(Message, wanted)
    if message is None:
        known = [message.id for message in project.all(Message)]
        hint = near_or_few(wanted, known)
        raise UsageError(f"there is no message `{address}`", hint)
    chosen = part or (next(iter(message.parts)) if len(message.parts) == 1 else "")
    if chosen not in message.parts:
        parts = ", ".join(message.parts) or "none"
        problem = f"`{message.address}` has no part `{part}`" if part else f"`{message.address}` has several parts"
        raise UsageError(problem, f"pass --part with one of {parts}")
    return _Text(project, message, chosen)


@dataclass(frozen=True, slots=True)
class _Text:
    """One part of a message in one environment."""

    project: Project
    message: Message
    part: str

    @property
    def resource(self) -> Resource:
        return self.project.resources[self.message.address]

    @property
    def path(self) -> str:
        """The file that holds the words."""
        return self.message.parts[self.part].file or self.resource.document.file.path

    def compiled(self, author: str) -> Composed:
        """Compile another text in this one's place."""
        names, limit = self.project.names(self.message), self.project.most_bytes(self.message)
        return self.project.words.composed(author, names, limit)

    def absorb(self, wanted: str) -> Absorption:
        """Compare, and say what can't be taken; writes nothing."""
        composed = self.project.composed(self.message, self.part)
        absorption = Absorption(self.message.address, self.part, self.path, word_diff(composed.text, wanted))
        try:
            self.data(wanted)
        except _RefusedError as error:
            return replace(absorption, refused=error.problems)
        return absorption

    def data(self, wanted: str) -> bytes:
        """The new bytes of the file that holds the words; raises ``_RefusedError``."""
        author = self.project.author_text(self.message, self.part)
        composed = self.project.composed(self.message, self.part)
        taken = absorb_words(author, composed, wanted, self.compiled)
        if taken.refused:
            raise _RefusedError(tuple(self._refusal(refusal) for refusal in taken.refused))
        text = taken.text if self.message.parts[self.part].file else self._yaml(taken.text)
        return self.project.files.encoded(self.path, text)

    def _yaml(self, author: str) -> str:
        pointer = self.resource.pointer((self.part,))
        try:
            return rewrite(self.resource.document, pointer, author)
        except RewriteError as error:
            file = self.resource.document.file
            problem = file.problem(RULE, error.message, error.line, error.column, hint=error.hint)
            raise _RefusedError((replace(problem, address=self.message.address),)) from None

    def _refusal(self, refusal: Refusal) -> Problem:
        """A change that can't be taken, at the place in a file that made the words."""
        message = f"{_refusal_text(refusal)}: {refusal.reason}"
        path = refusal.origin.source or self.message.parts[self.part].file
        if not path:
            offset = refusal.origin.offset or 0
            return self.resource.problem((self.part,), RULE, message, hint=_HINT, offset=offset)
        line, column = refusal.origin.line, refusal.origin.column
        lines = Source.read(path, self.project.text(path)).text.split("\n")
        place = Position(path, line, column)
        return Problem(RULE, message, place, hint=_HINT, excerpt=lines[line - 1], address=self.message.address)


class _RefusedError(InnerError):
    """Changes that can't be taken."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} changes can't be taken")
        self.problems = problems


def _refusal_text(refusal: Refusal) -> str:
    if refusal.gone and refusal.came:
        return f"“{refusal.gone}” can't become “{refusal.came}” here"
    return f"“{refusal.gone}” can't be taken out here" if refusal.gone else f"“{refusal.came}” can't be added here"


def _written(workspace: Workspace, text: _Text, absorption: Absorption, wanted: str) -> Absorption:
    """Write the file, read the project again, and see what else has changed."""
    files, environment = text.project.files, text.project.environment.name
    before = files.data(text.path)
    known = {_same(problem) for problem in workspace.check()}
    texts = _composed(workspace)
    _put(files, text.path, text.data(wanted))
    fresh = load(workspace.root)
    now = _composed(fresh)
    mine = (environment, text.message.address, text.part)
    if now.get(mine) != wanted:
        _put(files, text.path, before)
        raise GuardError("absorb", f"{text.path} couldn't take the text; it is as it was", "change it by hand")
    also = tuple(f"{address} {part} in {name}" for name, address, part in _changed(texts, now) - {mine})
    new = tuple(problem for problem in fresh.check() if _same(problem) not in known)
    return replace(absorption, written=True, also=tuple(sorted(also)), problems=new)


def _same(problem: Problem) -> tuple[str, ...]:
    """What makes a problem the same one, though its line may have moved."""
    return problem.position.path, problem.address, problem.rule, problem.message


_Key = tuple[str, str, str]
"""Environment, address and part."""


def _composed(workspace: Workspace) -> dict[_Key, str]:
    """Every composer text of every environment that can be compiled."""
    assert workspace.settings is not None
    composed_texts: dict[_Key, str] = {}
    for name in workspace.settings.environments:
        project = workspace.linked(name).project
        for message in project.all(Message):
            for part in message.parts:
                with suppress(CompileError, FileProblem):
                    composed_texts[name, message.address, part] = project.composed(message, part).text
    return composed_texts


def _changed(before: Mapping[_Key, str], after: Mapping[_Key, str]) -> set[_Key]:
    return {key for key in {**before, **after} if before.get(key) != after.get(key)}


def _put(files: ProjectFiles, path: str, data: bytes) -> None:
    try:
        save(files, path, data)
    except OSError as error:
        raise GuardError("unwritable", f"{path} can't be written: {error.strerror}", "check its permissions") from error
