"""What people still have to do, exact to the button, with texts that are easy to copy; and what they confirmed."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from deployer.nouns import counted
from deployer.state.model import TaskStatus
from deployer.views import markdown, terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Command, Copy, Run, Tone, entry, heading, labelled
from deployer.views.symbols import status, who_and_why

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deployer.engine.confirm import Confirmed
    from deployer.engine.tasks import OpenTask
    from deployer.kinds.base import Block
    from deployer.state.model import TaskRecord
    from deployer.views.outline import Node


def tasks_text(
    open_tasks: Sequence[OpenTask],
    *,
    environment: str,
    address: str = "",
    state_url: str | None = None,
    color: bool = False,
    width: int = 80,
) -> str:
    """Show open tasks on a terminal, by address, each with its steps and the command that confirms it.

    ``address`` is what they were narrowed to, named where nothing of it is open; ``state_url`` goes into the commands,
    for people without a checkout. A text to copy is between two rules of dashes, at the left edge, never wrapped.
    """
    outline = _outline(open_tasks, environment, address, _where(environment, state_url))
    return terminal.write(outline, color=color, width=width)


def tasks_markdown(
    open_tasks: Sequence[OpenTask], *, environment: str, address: str = "", state_url: str | None = None
) -> str:
    """Show open tasks as markdown, for an issue; ``address`` as for ``tasks_text``."""
    return markdown.write(_outline(open_tasks, environment, address, _where(environment, state_url)))


def task_nodes(task: OpenTask, *, environment: str) -> tuple[Node, ...]:
    """Give the outline of one task with its title, steps and commands, for an issue that puts it into its own frame."""
    return tuple(_task(task, "", _where(environment, None)))


def tasks_json(open_tasks: Sequence[OpenTask], *, environment: str, state_url: str | None = None) -> str:
    """Write open tasks as JSON: ``{"version": 1, "environment": …, "tasks": […]}``.

    A task has ``id``, ``token``, ``address``, ``title``, ``assignee``, ``status``, ``by``, ``at``, ``note``,
    ``review``, ``after``, ``before``, ``value``, ``blocks`` (each a ``type`` and its texts) and ``commands`` (empty
    where the YAML ends it).
    """
    tasks = [_object(task, _where(environment, state_url)) for task in open_tasks]
    return json_text({"version": 1, "environment": environment, "tasks": tasks})


def confirmed_text(
    tasks: Sequence[Confirmed],
    *,
    environment: str = "",
    waiting: int | None = None,
    color: bool = False,
    width: int = 80,
) -> str:
    """Say for each task what became of it: ``done  k3f9xq2  journey.order_shipped/send.text``.

    With ``environment``, in which one it is recorded, and how many tasks are ``waiting`` there.
    """
    outline: list[Node] = [node for task in tasks for node in _confirmed(task)]
    if environment and not outline and waiting == 0:
        outline.append(entry(f"no task waits in {environment}; `deployer apply` records what is asked"))
    elif environment and outline:
        new = "nothing new to record" if all(task.repeated for task in tasks) else "recorded"
        outline.append(entry(f"{new} in {environment}{_still(waiting, environment)}"))
    return terminal.write(outline, color=color, width=width)


def _still(waiting: int | None, environment: str) -> str:
    if waiting is None:
        return ""
    if not waiting:
        return "; no task waits there now"
    return (
        f"; {counted(waiting, 'task')} still {'waits' if waiting == 1 else 'wait'}: deployer tasks --env {environment}"
    )


def confirmed_json(confirmed: Iterable[Confirmed]) -> str:
    """Write confirmed tasks as they are now as JSON; each task has ``id``, ``token``, ``status`` and ``note``.

    One that was recorded so before has ``already`` with ``by`` and ``at`` as well.
    """
    return json_text(
        {"version": 1, "tasks": [_confirmed_object(item.task, repeated=item.repeated) for item in confirmed]}
    )


def _confirmed_object(task: TaskRecord, *, repeated: bool) -> dict[str, Any]:
    return {
        "id": task.id,
        "token": task.token,
        "status": task.status.value,
        "note": task.note,
        **({"superseded": True} if task.superseded else {}),
        **({"already": {"by": task.by, "at": task.at}} if repeated else {}),
    }


def _confirmed(confirmed: Confirmed) -> Iterator[Node]:
    task = confirmed.task
    word = ("already ", status(task)) if confirmed.repeated else (status(task),)
    yield entry(*word, "  ", Run(task.token, Tone.INFO), f"  {task.id}")
    if confirmed.repeated and who_and_why(task):
        verb = "confirmed" if task.status is TaskStatus.DONE else task.status.value
        yield entry(f"It was {verb} {who_and_why(task)}")
    if task.superseded:
        yield entry("It was superseded or withdrawn: what it asked counts as done, and the plan goes on from there.")


def _where(environment: str, state_url: str | None) -> str:
    """The options that name the record in a command, also for people without a checkout."""
    return shlex.join(["--env", environment, *(["--state", state_url] if state_url else [])])


def _outline(open_tasks: Sequence[OpenTask], environment: str, address: str, where: str) -> Iterator[Node]:
    if not open_tasks:
        yield entry(f"No task {f'of {address} ' if address else ''}waits for a person in {environment}.")
        return
    yield heading(f"{counted(len(open_tasks), 'task')} for people in {environment}", 1)
    numbers = {open_task.task.token: f"{number}/{len(open_tasks)}" for number, open_task in enumerate(open_tasks, 1)}
    by_address: dict[str, list[OpenTask]] = {}
    for open_task in open_tasks:
        by_address.setdefault(open_task.task.address, []).append(open_task)
    for each, of_address in by_address.items():
        yield heading(each)
        for open_task in of_address:
            yield from _task(open_task, numbers[open_task.task.token], where)
    if len(open_tasks) > 1:
        yield from _all_tokens(open_tasks, where)


def _all_tokens(open_tasks: Sequence[OpenTask], where: str) -> Iterator[Node]:
    """Every token that can be confirmed, on one line to copy from."""
    tokens = [open_task.task.token for open_task in open_tasks if open_task.task.confirmable]
    if tokens:
        yield Command("to confirm all of them", f"deployer confirm {' '.join(tokens)} {where}", apart=True)


def _task(open_task: OpenTask, number: str, where: str) -> Iterator[Node]:
    task = open_task.task
    yield heading(f"{number}  {task.title}", 3)
    why = f" {who_and_why(task)}" if who_and_why(task) else ""
    yield entry(Run(task.token, Tone.INFO, code=True), "  ", status(task), why, "  ", Run(task.id, code=True))
    if task.assignee:
        yield labelled("for", task.assignee)
    if open_task.after:
        yield labelled("after", ", ".join(need.removeprefix(f"{task.address}/") for need in open_task.after))
    yield from _blocks([_filled(block, task, where) for block in open_task.instruction.blocks])
    yield from _ending(task, where)


def _filled(block: Block, task: TaskRecord, where: str) -> Block:
    """Our instructions write TOKEN in commands; here it is known."""
    what, first, second = block
    if what == "text":
        return block
    known = f"deployer confirm {task.token} {where}"
    return what, first.replace("deployer confirm TOKEN", known), second


def _blocks(blocks: Sequence[Block]) -> Iterator[Node]:
    """Steps with their numbers; what follows a step belongs to it."""
    step, number = "", 0
    within: list[Node] = []
    for block in blocks:
        if block[0] == "step":
            yield from _step(step, number, within)
            step, number, within = block[1], number + 1, []
        else:
            within.append(_beside(block))
    yield from _step(step, number, within)


def _step(step: str, number: int, within: list[Node]) -> Iterator[Node]:
    if number:
        yield entry(step, children=tuple(within), marker=f"{number}.")
    else:
        yield from within


def _beside(block: Block) -> Node:
    what, first, second = block
    if what == "text":
        return Copy(first, second)
    return labelled("note", first, Tone.DIM) if what == "note" else labelled(first, second, Tone.STRONG)


def _ending(task: TaskRecord, where: str) -> Iterator[Node]:
    commands = _commands(task, where)
    if task.status is TaskStatus.SUBMITTED:
        commands.pop("submitted", None)
    yield from (Command(f"when it is {how}", command) for how, command in commands.items())


def _commands(task: TaskRecord, where: str) -> dict[str, str]:
    """The commands that record what became of a task, by what became of it; none where the YAML ends the task."""
    if not task.confirmable:
        return {}
    command = f"deployer confirm {task.token} {where}"
    if not task.review:
        return {"done": command}
    return {
        "submitted": f"{command} --submitted",
        "rejected": f'{command} --rejected "why"',
        "approved": command,
    }


def _object(open_task: OpenTask, where: str) -> dict[str, Any]:
    task = open_task.task
    return {
        "id": task.id,
        "token": task.token,
        "address": task.address,
        "title": task.title,
        "assignee": task.assignee,
        "status": task.status.value,
        "by": task.by,
        "at": task.at,
        "note": task.note,
        "review": task.review,
        "after": list(open_task.after),
        "before": task.before,
        "value": task.value,
        "blocks": [_block(_filled(block, task, where)) for block in open_task.instruction.blocks],
        "commands": _commands(task, where),
    }


def _block(block: Block) -> dict[str, str]:
    what, first, second = block
    if what == "text":
        return {"type": what, "title": first, "text": second}
    return {"type": what, "label": first, "value": second} if what == "field" else {"type": what, "text": first}
