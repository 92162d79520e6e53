"""One comment, or one issue, that is found again by its mark and rewritten, however many runs write at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from deployer.forge.boxes import mark_in
from deployer.forge.errors import ForgeError
from deployer.forge.github import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.forge.values import Comment, Forge, Issue, Thread

Kept: TypeAlias = Literal["created", "updated", "same", "none"]
"""What became of a comment or issue; ``none``: there is none, and none is needed."""


@dataclass(frozen=True, slots=True)
class KeptComment:
    """What became of a comment, and where people see it (empty where the forge doesn't say)."""

    outcome: Kept
    url: str = ""


_TRIES = 3
_GONE = 404


def keep_comment(forge: Forge, thread: Thread, mark: str, body: str, older: tuple[str, ...] = ()) -> KeptComment:
    """Let the one comment that has ``mark`` say ``body``, which begins with it.

    One that has a mark of ``older`` is taken for it too.

    Only comments of our own account are touched: anyone can write one with the mark. Where two runs create one at the
    same time, both find both afterwards: the older stays, with what the later of them says.
    """
    mine = _ours(forge)
    found = _marked(forge, thread, mark, mine, older)
    created = not found
    if created:
        found = _created(forge, thread, mark, body, mine, older)
    first, *more = found
    same = first.body.replace("\r\n", "\n") == body
    last = first if same else _edited(forge, thread, first, body)
    for one in more:
        forge.delete_comment(thread, one.id)
    if created or last is not first:
        return KeptComment("created", last.url)
    return KeptComment("same" if same else "updated", last.url)


def _edited(forge: Forge, thread: Thread, comment: Comment, body: str) -> Comment:
    """Edit a comment and return it; one that was deleted since it was listed is made again: that is another one."""
    try:
        forge.edit_comment(thread, comment.id, body)
    except ForgeError as error:
        if error.status != _GONE:
            raise
        return forge.add_comment(thread, body)
    return comment


def _created(
    forge: Forge, thread: Thread, mark: str, body: str, mine: Callable[[Comment], bool], older: tuple[str, ...]
) -> list[Comment]:
    """Create the comment and list what is there now: where the answer is lost, it may be there all the same."""
    for tried in range(1, _TRIES + 1):
        made: list[Comment] = []
        try:
            made = [forge.add_comment(thread, body)]
        except ForgeError as error:
            if not error.lost or tried == _TRIES:
                raise
        listed = _marked(forge, thread, mark, mine, older)
        # What was just made may not be listed yet.
        found = sorted({one.id: one for one in (*made, *listed)}.values(), key=lambda one: one.id)
        if found:
            return found
    raise AssertionError  # the last try returns or raises


def _marked(
    forge: Forge, thread: Thread, mark: str, mine: Callable[[Comment], bool], older: tuple[str, ...]
) -> list[Comment]:
    found = [one for one in forge.comments(thread) if mark_in(one.body) in (mark, *older) and mine(one)]
    return sorted(found, key=lambda one: one.id)


def _ours(forge: Forge) -> Callable[[Comment], bool]:
    """Whether a comment is by our account; where the forge doesn't tell who we are, whether a program wrote it."""
    me = forge.me()
    return lambda one: one.author == me if me is not None else one.bot


def keep_issue(
    forge: Forge, mark: str, title: str, body: str, *, wanted: bool, author: str = ""
) -> tuple[Kept, Issue | None]:
    """Let the one issue that has ``mark`` say ``body``, open while it is ``wanted``.

    None is opened where none is wanted. One of ours that lost its mark is known by its title and adopted. ``author`` is
    the account that opens them, if the forge doesn't tell who the token is; for GitHub the workflow's own. A second
    one, of two runs at once, is closed and loses its mark.
    """
    account = author or forge.me() or ACTIONS
    found = _issues(forge, account, mark, title)
    if not found and not wanted:
        return "none", None
    created = not found
    if created:
        made = forge.add_issue(title, body)
        found = sorted({one.number: one for one in (made, *_issues(forge, account, mark, title))}.values(), key=_number)
    first, *more = found
    changed = (first.title, first.body.rstrip(), first.open) != (title, body.rstrip(), wanted)
    kept = forge.edit_issue(first, title=title, body=body, is_open=wanted) if changed else first
    for one in more:
        pointer = f"This is kept in issue #{first.number}."
        forge.edit_issue(one, title=one.title, body=pointer, is_open=False)
    return "created" if created else "updated" if changed else "same", kept


def find_issue(forge: Forge, mark: str, author: str = "", title: str = "") -> Issue | None:
    """The one issue that has ``mark``, if there is one; ``author`` and ``title`` as for ``keep_issue``."""
    return next(iter(_issues(forge, author or forge.me() or ACTIONS, mark, title)), None)


def issues_of_others(forge: Forge, mark: str, author: str = "") -> tuple[Issue, ...]:
    """The open issues with ``mark`` that another account opened: with another token, or by a stranger."""
    account = author or forge.me() or ACTIONS
    return tuple(one for one in forge.issues() if mark_in(one.body) == mark and one.author != account)


def _issues(forge: Forge, account: str, mark: str, title: str) -> list[Issue]:
    found = [one for one in forge.issues(account) if one.author == account and _is_it(one, mark, title)]
    return sorted(found, key=lambda one: (mark_in(one.body) != mark, one.number))


def _is_it(issue: Issue, mark: str, title: str) -> bool:
    """Whether an issue of ours has the mark, or has none and the title: someone deleted the line with the mark."""
    found = mark_in(issue.body)
    return found == mark or (not found and issue.open and bool(title) and issue.title == title)


def _number(issue: Issue) -> int:
    return issue.number
