"""One comment, or one issue, that is found again by its mark and rewritten, however many runs write at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from deployer.dataclass import dataclass
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
    comments = _marked(forge, thread, mark, mine, older)
    created = not comments
    if created:
        comments = _created(forge, thread, mark, body, mine, older)
    first, *more = comments
    same = first.body.replace("\r\n", "\n") == body
    last = first if same else _edited(forge, thread, first, body)
    for comment in more:
        forge.delete_comment(thread, comment.id)
    if created or last is not first:
        return KeptComment("created", last.url)
    return KeptComment("same" if same else "updated", last.url)


def answer_once(forge: Forge, thread: Thread, mark: str, body: str) -> None:
    """Write a comment that has ``mark``, unless there is one: of several runs that answer the first counts."""
    if not _marked(forge, thread, mark, _ours(forge), ()):
        keep_comment(forge, thread, mark, body)


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
        comments: list[Comment] = []
        try:
            comments = [forge.add_comment(thread, body)]
        except ForgeError as error:
            if not error.lost or tried == _TRIES:
                raise
        listed = _marked(forge, thread, mark, mine, older)
        # What was just made may not be listed yet.
        found = sorted(
            {comment.id: comment for comment in (*comments, *listed)}.values(), key=lambda comment: comment.id
        )
        if found:
            return found
    raise AssertionError  # the last try returns or raises


def _marked(
    forge: Forge, thread: Thread, mark: str, mine: Callable[[Comment], bool], older: tuple[str, ...]
) -> list[Comment]:
    comments = [
        comment for comment in forge.comments(thread) if mark_in(comment.body) in (mark, *older) and mine(comment)
    ]
    return sorted(comments, key=lambda comment: comment.id)


def _ours(forge: Forge) -> Callable[[Comment], bool]:
    """Whether a comment is by our account; where the forge doesn't tell who we are, whether a program wrote it."""
    me = forge.me()
    return lambda comment: comment.author == me if me is not None else comment.bot


def keep_issue(
    forge: Forge, mark: str, title: str, body: str, *, wanted: bool, author: str = ""
) -> tuple[Kept, Issue | None]:
    """Let the one issue that has ``mark`` say ``body``, open while it is ``wanted``.

    None is opened where none is wanted. One of ours that lost its mark is known by its title and adopted. ``author`` is
    the account that opens them, if the forge doesn't tell who the token is; for GitHub the workflow's own. A second
    one, of two runs at once, is closed and loses its mark.
    """
    account = author or forge.me() or ACTIONS
    issues = _issues(forge, account, mark, title)
    if not issues and not wanted:
        return "none", None
    created = not issues
    if created:
        issue = forge.add_issue(title, body)
        issues = sorted(
            {issue.number: issue for issue in (issue, *_issues(forge, account, mark, title))}.values(), key=_number
        )
    first, *more = issues
    changed = (first.title, first.body.rstrip(), first.open) != (title, body.rstrip(), wanted)
    kept = forge.edit_issue(first, title=title, body=body, is_open=wanted) if changed else first
    for surplus in more:
        pointer = f"This is kept in issue #{first.number}."
        forge.edit_issue(surplus, title=surplus.title, body=pointer, is_open=False)
    return "created" if created else "updated" if changed else "same", kept


def find_issue(forge: Forge, mark: str, author: str = "", title: str = "") -> Issue | None:
    """The one issue that has ``mark``, if there is one; ``author`` and ``title`` as for ``keep_issue``."""
    return next(iter(_issues(forge, author or forge.me() or ACTIONS, mark, title)), None)


def issues_of_others(forge: Forge, mark: str, author: str = "") -> tuple[Issue, ...]:
    """The open issues with ``mark`` that another account opened: with another token, or by a stranger."""
    account = author or forge.me() or ACTIONS
    return tuple(issue for issue in forge.issues() if mark_in(issue.body) == mark and issue.author != account)


def _issues(forge: Forge, account: str, mark: str, title: str) -> list[Issue]:
    issues = [issue for issue in forge.issues(account) if issue.author == account and _is_it(issue, mark, title)]
    return sorted(issues, key=lambda issue: (mark_in(issue.body) != mark, issue.number))


def _is_it(issue: Issue, mark: str, title: str) -> bool:
    """Whether an issue of ours has the mark, or has none and the title: someone deleted the line with the mark."""
    found = mark_in(issue.body)
    return found == mark or (not found and issue.open and bool(title) and issue.title == title)


def _number(issue: Issue) -> int:
    return issue.number
