"""One comment, or one issue, that is found again by its mark and written anew, however many runs write at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from deployer.forge.errors import ForgeError
from deployer.forge.github import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.forge.values import Comment, Forge, Issue, Thread

Kept: TypeAlias = Literal["created", "updated", "same", "none"]
"""What became of a comment or issue; ``none``: there is none, and none is needed."""

_TRIES = 3


def keep_comment(forge: Forge, thread: Thread, mark: str, body: str) -> Kept:
    """Let the one comment whose first line is ``mark`` say ``body``, which begins with it.

    Only comments of our own account are touched: anybody can write one with the mark. Where two runs create one at the
    same time, both find both afterwards: the older stays, with what the later of them says.
    """
    mine = _ours(forge)
    found = _marked(forge, thread, mark, mine)
    created = not found
    if created:
        found = _created(forge, thread, mark, body, mine)
    first, *more = found
    if first.body.replace("\r\n", "\n") != body:
        forge.edit_comment(thread, first.id, body)
    for one in more:
        forge.delete_comment(thread, one.id)
    if created:
        return "created"
    return "updated" if first.body.replace("\r\n", "\n") != body else "same"


def _created(forge: Forge, thread: Thread, mark: str, body: str, mine: Callable[[Comment], bool]) -> list[Comment]:
    """Create the comment and list what is there now: where the answer is lost, it may be there all the same."""
    for tried in range(1, _TRIES + 1):
        made: list[Comment] = []
        try:
            made = [forge.add_comment(thread, body)]
        except ForgeError as error:
            if not error.lost or tried == _TRIES:
                raise
        listed = _marked(forge, thread, mark, mine)
        # What was just made may not be listed yet.
        found = sorted({one.id: one for one in (*made, *listed)}.values(), key=lambda one: one.id)
        if found:
            return found
    raise AssertionError  # the last try returns or raises


def _marked(forge: Forge, thread: Thread, mark: str, mine: Callable[[Comment], bool]) -> list[Comment]:
    found = [one for one in forge.comments(thread) if one.body.startswith(mark) and mine(one)]
    return sorted(found, key=lambda one: one.id)


def _ours(forge: Forge) -> Callable[[Comment], bool]:
    """Whether a comment is by our account; where the forge doesn't tell who we are, whether a program wrote it."""
    me = forge.me()
    return lambda one: one.author == me if me is not None else one.bot


def keep_issue(
    forge: Forge, mark: str, title: str, body: str, *, wanted: bool, author: str = ""
) -> tuple[Kept, Issue | None]:
    """Let the one issue whose first line is ``mark`` say ``body``, open while it is ``wanted``.

    None is opened where none is wanted. ``author`` is the account that opens them, if the forge doesn't tell who the
    token is; for GitHub the workflow's own. A second one, of two runs at once, is closed and loses its mark.
    """
    account = author or forge.me() or ACTIONS
    found = _issues(forge, account, mark)
    if not found and not wanted:
        return "none", None
    created = not found
    if created:
        made = forge.add_issue(title, body)
        found = sorted({one.number: one for one in (made, *_issues(forge, account, mark))}.values(), key=_number)
    first, *more = found
    changed = (first.title, first.body.rstrip(), first.open) != (title, body.rstrip(), wanted)
    kept = forge.edit_issue(first, title=title, body=body, is_open=wanted) if changed else first
    for one in more:
        said = f"The tasks of this environment are in issue {first.number}."
        forge.edit_issue(one, title=one.title, body=said, is_open=False)
    return "created" if created else "updated" if changed else "same", kept


def find_issue(forge: Forge, mark: str, author: str = "") -> Issue | None:
    """The one issue whose first line is ``mark``, if there is one; ``author`` as for ``keep_issue``."""
    return next(iter(_issues(forge, author or forge.me() or ACTIONS, mark)), None)


def _issues(forge: Forge, account: str, mark: str) -> list[Issue]:
    found = [one for one in forge.issues(account) if one.body.startswith(mark) and one.author == account]
    return sorted(found, key=_number)


def _number(issue: Issue) -> int:
    return issue.number
