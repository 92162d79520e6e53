"""The hidden marks by which comments and issues are known again, and the boxes of an issue that people tick.

A comment or issue is one of ours where the mark stands at its very beginning: a mark that is quoted elsewhere is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = "[a-z2-7]{7}"  # noqa: S105 - the form of a task's short name, no secret
"""What a task's token looks like."""

END = "<!-- deployer: the boxes end here -->"
"""Stands after the last box: no box is read in the instructions below, whatever texts they quote."""

_NAME = "[A-Za-z0-9_.-]+"
_ISSUE = re.compile(rf"<!-- deployer-tasks:({_NAME}) -->")
_BOX = re.compile(rf"^[-*] \[([ xX])\] .*<!-- deployer-task:({TOKEN}) -->[ \t]*$", re.MULTILINE)
_HIDDEN = re.compile(rf"deployer-task:({TOKEN})\b")
_SHOWN = re.compile(rf"`({TOKEN})`")


def comment_mark(environment: str) -> str:
    """The first line of the comment of an environment."""
    return f"<!-- deployer:{environment} -->"


def issue_mark(environment: str) -> str:
    """The first line of the issue of an environment."""
    return f"<!-- deployer-tasks:{environment} -->"


def box(token: str, text: str, *, ticked: bool) -> str:
    """The line of a task's box; ``text`` is markdown on one line."""
    return f"- [{'x' if ticked else ' '}] {text} `{token}` <!-- deployer-task:{token} -->"


def environment_of(body: str) -> str:
    """The environment whose issue this is; empty where it is none of ours."""
    found = _ISSUE.match(body)
    return found[1] if found else ""


def task_of(text: str) -> str:
    """The token that a box's text names; empty where it names none. A forge may show the hidden mark or drop it.

    The last one counts: what stands in front of it is a title, which may hold anything.
    """
    found = _HIDDEN.findall(text) or _SHOWN.findall(text)
    return str(found[-1]) if found else ""


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of an issue by their task's token: whether each is ticked."""

    ticked: frozenset[str]
    open: frozenset[str]


def read_boxes(body: str) -> Boxes:
    """Read the boxes of an issue's text."""
    found = _BOX.findall(body.replace("\r\n", "\n").partition(END)[0])
    ticked = frozenset(token for mark, token in found if mark != " ")
    return Boxes(ticked, frozenset(token for _, token in found) - ticked)


def newly_ticked(before: str, after: str) -> tuple[str, ...]:
    """The tokens whose box was there, unticked, and is ticked now, in the order of the text."""
    old, new = read_boxes(before), read_boxes(after)
    order = [token for _, token in _BOX.findall(after.replace("\r\n", "\n").partition(END)[0])]
    return tuple(token for token in dict.fromkeys(order) if token in new.ticked and token in old.open)
