"""The hidden marks by which comments and issues are known again, and the boxes of an issue that people tick.

A comment or issue is one of ours where the first mark that has a line to itself is ours, whatever people wrote above
it. A mark within a line is text.
"""

from __future__ import annotations

import re

from deployer.dataclass import dataclass

TOKEN = "[a-z2-7]{7}"  # noqa: S105 - the form of a task's short name, no secret
"""What a task's token looks like."""

END = "<!-- deployer: the boxes end here -->"
"""Comes after the last box: no box is read in the instructions below, whatever texts they quote."""

_NAME = "[A-Za-z0-9_.-]"
_MARK = re.compile(
    rf"^[ \t]*(<!-- deployer(-tasks|-drift|-answer)?:(?:({_NAME}*)/)?({_NAME}+) -->)[ \t]*$", re.MULTILINE
)
_REFUSED = re.compile(rf"<!-- deployer-refused:({TOKEN}) -->")
_BOX = re.compile(rf"^[-*] \[([ xX])\] (?:.|\n(?![ \t]*(?:$|[-*] |#)))*<!-- deployer-task:({TOKEN}) -->", re.MULTILINE)
"""A box's item: people may write behind its mark, and an editor may break its line, as markdown allows it."""
_HIDDEN = re.compile(rf"deployer-task:({TOKEN})\b")
_SHOWN = re.compile(rf"`({TOKEN})`")


@dataclass(frozen=True, slots=True)
class Scope:
    """A project's environment: what a comment, an issue or a status is about.

    A repository may hold several projects. ``project`` is empty where its ``deployer.yaml`` can't be read.
    """

    project: str
    environment: str

    @property
    def name(self) -> str:
        """How people call it: ``northwind/production``."""
        return f"{self.project}/{self.environment}" if self.project else self.environment

    @property
    def context(self) -> str:
        """The name of its status of a commit."""
        return f"deployer/{self.name}"


def comment_mark(scope: Scope) -> str:
    """The first line of the comment of an environment."""
    return f"<!-- deployer:{scope.project}/{scope.environment} -->"


def issue_mark(scope: Scope) -> str:
    """The first line of the issue of an environment."""
    return f"<!-- deployer-tasks:{scope.project}/{scope.environment} -->"


def drift_mark(scope: Scope) -> str:
    """The first line of the issue about what was changed at Attentive in an environment."""
    return f"<!-- deployer-drift:{scope.project}/{scope.environment} -->"


def answer_mark(comment: int) -> str:
    """The last line of the answer to a command, by the number of the comment that it is in."""
    return f"<!-- deployer-answer:{comment} -->"


def mark_in(body: str) -> str:
    """The mark that a text has; empty where it has none."""
    match = _MARK.search(body.replace("\r\n", "\n"))
    return match[1] if match else ""


def refused_mark(token: str) -> str:
    """What an answer holds of a task whose tick could not be recorded."""
    return f"<!-- deployer-refused:{token} -->"


def refused_in(body: str) -> tuple[str, ...]:
    """The tasks whose ticks an answer refuses."""
    return tuple(_REFUSED.findall(body))


def box(token: str, text: str, *, ticked: bool) -> str:
    """The line of a task's box; ``text`` is markdown on one line."""
    return f"- [{'x' if ticked else ' '}] {text} `{token}` <!-- deployer-task:{token} -->"


def scope_of(body: str) -> Scope | None:
    """Whose issue with boxes this is; ``None`` where it isn't one."""
    match = _MARK.search(body.replace("\r\n", "\n"))
    return Scope(match[3] or "", match[4]) if match and match[2] == "-tasks" else None


def task_of(text: str) -> str:
    """The token that a box's text names; empty where it names none. A forge may show the hidden mark or drop it.

    The last one counts: what is in front of it is a title, which may hold anything.
    """
    tokens = _HIDDEN.findall(text) or _SHOWN.findall(text)
    return str(tokens[-1]) if tokens else ""


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of an issue by their task's token: whether each is ticked."""

    ticked: frozenset[str]
    open: frozenset[str]


def read_boxes(body: str) -> Boxes:
    """Read the boxes of an issue's text."""
    boxes = _BOX.findall(body.replace("\r\n", "\n").partition(END)[0])
    ticked = frozenset(token for mark, token in boxes if mark != " ")
    return Boxes(ticked, frozenset(token for _, token in boxes) - ticked)


def newly_ticked(before: str, after: str) -> tuple[str, ...]:
    """The tokens whose box was there, unticked, and is ticked now, in the order of the text."""
    old, new = read_boxes(before), read_boxes(after)
    order = [token for _, token in _BOX.findall(after.replace("\r\n", "\n").partition(END)[0])]
    return tuple(token for token in dict.fromkeys(order) if token in new.ticked and token in old.open)
