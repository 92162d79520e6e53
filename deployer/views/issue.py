"""The issue of an environment: a box for each task that waits, what was done and by whom, and the exact clicks."""

from __future__ import annotations

import html
from itertools import groupby
from typing import TYPE_CHECKING, assert_never

from deployer.app.commit_progress import Progress
from deployer.forge.boxes import END, box, issue_mark, refused_mark
from deployer.forge.values import Status
from deployer.nouns import counted
from deployer.state import TaskStatus
from deployer.views import markdown
from deployer.views.fitting import LIMIT, Section, fit
from deployer.views.json_text import json_text
from deployer.views.outline import Run, entry
from deployer.views.problems import visible
from deployer.views.tasks import task_nodes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.app.commit_progress import CommitProgress
    from deployer.app.issue_sync import Refusal, TaskBoard
    from deployer.engine.tasks import OpenTask
    from deployer.forge.boxes import Scope
    from deployer.forge.values import Issue, StatusState
    from deployer.state import TaskRecord

_HOW = (
    "Tick a box when it is done: that records it as confirmed, in your name. The exact clicks are below. "
    "An unticked box that was done comes back ticked: a confirmation stays until the task is needed again."
)
_REVIEWED = {
    TaskStatus.WAITING: ", tick it once Attentive has approved it",
    TaskStatus.SUBMITTED: ", at Attentive's review; tick it once it is approved",
    TaskStatus.REJECTED: ", **refused by Attentive's review**",
}


def issue_title(scope: Scope) -> str:
    """The title of the issue of an environment."""
    return f"Attentive: tasks for people in {scope.name}"


def issue_markdown(board: TaskBoard, *, limit: int = LIMIT) -> str:
    """Write the issue's text: at most ``limit`` characters, cut between two items with a count of what was left out."""
    return fit(_head(board), [_boxes(board), _boxless(board), _done(board), _clicks(board)], "", limit)


def issue_status(board: TaskBoard, commit: CommitProgress, url: str = "") -> Status:
    """The status of the commit: a success only where it was applied and no task waits for people."""
    waiting = len(board.waiting)
    tasks = f"{counted(waiting, 'task')} for people" if waiting else "no task waits for people"
    if board.rejected:
        tasks = f"{tasks}, {board.rejected} refused by Attentive's review"
    state, text = _commit_status(commit)
    of_tasks: StatusState = "failure" if board.rejected else "pending" if waiting else "success"
    worst = max(state, of_tasks, key=_GRAVITY.index)
    return Status(board.context, worst, f"{text}; {tasks}", url)


_GRAVITY: Sequence[StatusState] = ("success", "pending", "failure")


def _commit_status(commit: CommitProgress) -> tuple[StatusState, str]:
    match commit.progress:
        case Progress.APPLIED:
            return "success", "applied"
        case Progress.NOT_APPLIED:
            return "pending", "not applied yet" + (f", {counted(commit.changes, 'change')}" if commit.changes else "")
        case Progress.FAILED:
            return "failure", "not applied, or not all of it"
        case Progress.UNKNOWN:
            return "pending", f"whether it was applied isn't known: {commit.why}"
    assert_never(commit.progress)


def refusals_markdown(refused: Sequence[Refusal], by: str) -> str:
    """Answer in the issue why ticks could not be recorded, to who ticked."""
    rows = [
        entry(Run(refusal.token, code=True), f": {refusal.message}; {refusal.hint}", marker="-") for refusal in refused
    ]
    marks = "\n".join(refused_mark(refusal.token) for refusal in refused)
    return f"@{by}: this could not be recorded, so its box is open again.\n\n{markdown.write(rows)}\n\n{marks}"


def answer_markdown(text: str, mark: str) -> str:
    """The answer to a command: indented by four it is code, so that nothing in it is markup and no one is mentioned."""
    lines = "\n".join(f"    {visible(line)}" for line in text.splitlines())
    return f"{lines}\n\n{mark}"


def _head(board: TaskBoard) -> str:
    number = len(board.waiting)
    name = markdown.code(board.scope.name)
    title = f"{counted(number, 'task')} for people in {name}." if number else f"No task waits for people in {name}."
    boxes = any(not task.ended_by for task in board.waiting)
    return f"{issue_mark(board.scope)}\n**{title}**" + (f"\n\n{_HOW}" if boxes else "")


def _all(board: TaskBoard) -> str:
    return f"`deployer tasks --env {board.environment}` shows all of them."


def _boxes(board: TaskBoard) -> Section:
    """A box for each task, grouped by journey (or whatever else the tasks are about)."""
    rows = tuple(
        row
        for address, tasks in groupby(
            (open_task for open_task in board.waiting if not open_task.ended_by),
            lambda open_task: open_task.task.address,
        )
        for row in _group(address, tuple(map(_box, tasks)))
    )
    return Section("### waiting", rows, "task", _all(board))


def _group(address: str, boxes: tuple[str, ...]) -> tuple[str, ...]:
    """The boxes of one address: its heading goes with the first, so that both fit or neither does."""
    first, *more = boxes
    return f"#### {markdown.code(address)}\n\n{first}", *more


def _box(open_task: OpenTask) -> str:
    task = open_task.task
    text = markdown.plain(task.title)
    review = _REVIEWED[task.status] if task.review else ""
    owner = f", for {markdown.plain(task.assignee)}" if task.assignee else ""
    return box(task.token, f"{text}{owner}{review}", ticked=False)


def _boxless(board: TaskBoard) -> Section:
    """Tasks that wait and that no tick ends, each with what does."""
    rows = tuple(
        f"- {markdown.code(open_task.task.address)} {markdown.plain(open_task.task.title)} "
        f"{markdown.code(open_task.task.token)}: ends with {markdown.plain(open_task.ended_by)}"
        for open_task in board.waiting
        if open_task.ended_by
    )
    return Section(f"{END}\n### waiting, and no tick ends them", rows, "task", _all(board))


def _done(board: TaskBoard) -> Section:
    where = f"`deployer state show --env {board.environment}` shows all of them."
    return Section(f"{END}\n### done", tuple(_was_done(task) for task in board.done), "task", where)


def _was_done(task: TaskRecord) -> str:
    who = f", by {markdown.plain(task.by)}" if task.by else ""
    when = f", {task.at[:10]}" if task.at else ""
    return f"- [x] {markdown.code(task.address)} {markdown.plain(task.title)}{who}{when}"


def _clicks(board: TaskBoard) -> Section:
    rows = tuple(_folded(open_task, board.environment) for open_task in board.waiting)
    return Section(f"{END}\n### the exact clicks", rows, "task", _all(board))


def _folded(open_task: OpenTask, environment: str) -> str:
    _, *nodes = task_nodes(open_task, environment=environment)
    title = html.escape(visible(f"{open_task.task.token} {open_task.task.title}"), quote=False)
    return f"<details><summary><code>{title}</code></summary>\n\n{markdown.write(nodes)}\n\n</details>"


def synced_text(board: TaskBoard, kept: str, issue: Issue | None) -> str:
    """Show in one line what became of an environment's issue."""
    if issue is None:
        return "nothing waits, and there is no issue"
    return f"issue {issue.number} {kept}, {len(board.waiting)} waiting"


def synced_json(board: TaskBoard, kept: str, issue: Issue | None, state: str) -> str:
    """Write as JSON what became of an environment's issue.

    ``{"version": 1, "environment", "issue", "outcome", "waiting", "status"}``; without an issue its number is ``null``.
    """
    number = issue.number if issue else None
    return json_text(
        {
            "version": 1,
            "environment": board.environment,
            "issue": number,
            "outcome": kept,
            "waiting": len(board.waiting),
            "status": state,
        }
    )
