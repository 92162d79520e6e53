"""The task page as values: what the record asks of people, with what a checkout knows about it."""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING, Any

from deployer.engine.confirm import ESTIMATE
from deployer.engine.desired import kind_of
from deployer.engine.tasks import open_tasks
from deployer.kinds.channels import Channel, facts
from deployer.kinds.journey.model import SENDS
from deployer.preview.alphabet import ALPHABET
from deployer.preview.journeys import recorded_journey
from deployer.preview.tasks_declared import Declared
from deployer.preview.tasks_texts import bubble, filled, texts, words
from deployer.preview.tasks_values import BlockView, Ended, TaskGroup, TaskPage, TaskView
from deployer.state import Entry, State, TaskStatus
from deployer.state.tasks import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.engine.tasks import OpenTask
    from deployer.kinds.base import Block
    from deployer.state import TaskRecord

_OF_A_STEP = frozenset({"send", "wait", "branch", "ab_test", "review"})
"""Families of a journey's tasks that are about one step."""

_COMMAND = "`deployer confirm "
_ANSWER = "Choose below what became of it."
"""What the page asks for in the place of a command that records an answer."""


def task_page(
    state: State,
    *,
    address: str = "",
    state_url: str | None = None,
    declared: Declared | None = None,
    apps: Sequence[OpenTask] = (),
) -> TaskPage:
    """Show the open tasks of a record, or those of one address or task.

    What is shown was asked and is recorded; ``declared`` is what a checkout adds (``tasks_declared.declared``): the
    brand, and samples to fill texts in with. ``apps`` are tasks that come first and that no record has. ``state_url``
    goes into the commands, for people without a checkout. Same input, same page.
    """
    around = declared or Declared()
    options = ["--env", state.environment, *(["--state", state_url] if state_url else [])]
    waiting = (*apps, *open_tasks(state, address))
    tokens = {task.id: task.token for task in state.open_tasks()}
    groups = tuple(
        _group(address, tuple(members), state, around, tokens)
        for address, members in groupby(waiting, key=lambda each: each.task.address)
    )
    return TaskPage(
        environment=state.environment,
        lineage=state.lineage,
        serial=state.serial,
        changed_at=max((entry.changed_at for entry in state.entries.values()), default=""),
        options=shlex.join(options),
        alphabet=ALPHABET,
        groups=groups,
        brand=around.additions.brand,
        opt_out=around.additions.opt_out,
        checkout=around.checkout,
        ended=_ended(state),
        only=address,
        hand_to=around.hand_to,
        time_zone=around.time_zone,
    )


def _ended(state: State) -> dict[str, Ended]:
    """What became of each task that is no longer open, by its token."""
    now = {task.id: task.token for task in state.open_tasks()}
    return {
        task.token: _end(task, now)
        for entry in state.entries.values()
        for task in entry.tasks.values()
        if not task.open
    }


def _end(task: TaskRecord, now: Mapping[str, str]) -> Ended:
    if task.status is TaskStatus.DONE:
        return Ended("done", who=task.by)
    return Ended("replaced", now[task.id]) if task.id in now else Ended("withdrawn")


def _group(
    address: str, waiting: Sequence[OpenTask], state: State, declared: Declared, tokens: Mapping[str, str]
) -> TaskGroup:
    entry = state.entries.get(address) or Entry(address.partition(".")[0], "person")
    everything = entry.tasks.values()
    slots = _task_values(entry)
    messages = {task.slot: task.context.get("message", "") for task in everything if task.slot.startswith(SENDS)}
    return TaskGroup(
        address=address,
        kind=address.partition(".")[0],
        name=_name(address, entry, waiting),
        done=sum(task.status is TaskStatus.DONE and not task.superseded for task in everything),
        tasks=tuple(_task(task, declared, tokens) for task in waiting),
        picture=recorded_journey(address, slots, messages) if slots else None,
        minis={slot: _mini(slots[slot], message, declared) for slot, message in messages.items() if slots.get(slot)},
    )


def _task_values(entry: Entry) -> dict[str, Any]:
    """Every slot as it will be when all open tasks are done; empty for what ends or isn't built of slots."""
    opened = [task for task in entry.tasks.values() if task.open]
    if any(task.effect is Effect.RETIRE for task in opened):
        return {}
    begins = any(task.effect is Effect.RESTART for task in opened)
    return {**({} if begins else entry.existing), **{task.slot: task.value for task in opened}}


def _mini(value: Any, message: str, declared: Declared) -> str:
    """The words of a step that sends, for its message's usual sample."""
    channel = facts(Channel(value["channel"]))
    lead = next(part.field for part in channel.parts if part.name == channel.lead)
    return words(value.get(lead, ""), declared.usual(message), value, declared)


def _name(address: str, entry: Entry, waiting: Sequence[OpenTask]) -> str:
    """The name at Attentive of what the tasks are about: as it is, or as it will be created."""
    opened = (task.value for task in entry.tasks.values() if task.open)
    values = (*opened, *entry.existing.values(), *(open_task.task.value for open_task in waiting))
    names = (value["name"] for value in values if isinstance(value, dict) and isinstance(value.get("name"), str))
    return next(names, address.partition(".")[2].replace("_", " ").capitalize())


def _task(open_task: OpenTask, declared: Declared, tokens: Mapping[str, str]) -> TaskView:
    task, key = open_task.task, open_task.task.id.partition("/")[2]
    family, _, step = key.partition(".")
    return TaskView(
        token=task.token,
        id=task.id,
        key=key,
        step=step if family in _OF_A_STEP else "",
        title=task.title,
        assignee=task.assignee,
        status=task.status.value,
        by=task.by,
        at=task.at,
        note=task.note,
        review=task.review,
        confirmable=task.confirmable,
        ended_by=open_task.ended_by,
        after=tuple(tokens[need] for need in open_task.after),
        blocks=tuple(_blocks(open_task)),
        texts=texts(task),
        bubble=bubble(task, declared),
        estimate=tuple(task.context.get(ESTIMATE, ())),
        samples=filled(task, declared),
        media=isinstance(task.value, dict) and bool(task.value.get("media")),
    )


def _blocks(open_task: OpenTask) -> Iterator[BlockView]:
    """The instruction, without commands for a terminal, and what its settings show now where that differs."""
    before = _settings_before(open_task.task)
    for what, label, text in open_task.instruction.blocks:
        if what == "field":
            was = before.get(label, text)
            yield BlockView(what, label, text, "" if was == text else was)
        elif what == "text":
            yield BlockView(what, label, text)
        elif _COMMAND not in label:
            yield BlockView(what, "", label)
        elif what == "step":
            yield BlockView(what, "", _ANSWER)


def _settings_before(task: TaskRecord) -> dict[str, str]:
    """The settings of what exists, by label: those of the instruction that would bring it about."""
    kind = kind_of(task.address)
    if task.before is None or task.value is None or kind is None or kind.person is None:
        return {}
    key = task.id.partition("/")[2]
    blocks: Sequence[Block] = kind.person.instruction(key, None, task.before, task.context).blocks
    return {label: value for what, label, value in blocks if what == "field"}
