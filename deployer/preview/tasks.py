"""The task page as values: what the record asks of people, with what a checkout knows about it."""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING

from deployer.engine.confirm import ESTIMATE
from deployer.engine.desired import kind_of
from deployer.engine.tasks import open_tasks
from deployer.messages import SEPARATOR, gsm
from deployer.messages.count import OPT_OUT_SEPARATOR
from deployer.preview.tasks_declared import Declared
from deployer.preview.tasks_texts import bubble, filled, texts
from deployer.preview.tasks_values import Alphabet, BlockView, TaskGroup, TaskPage, TaskView
from deployer.state import State, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deployer.engine.tasks import OpenTask
    from deployer.kinds.base import Block
    from deployer.preview.values import StepView
    from deployer.state import TaskRecord

_OF_A_STEP = frozenset({"send", "wait", "branch", "ab_test", "review"})
"""Families of a journey's tasks that are about one step."""

_ALPHABET = Alphabet("".join(sorted(gsm.BASIC)), "".join(sorted(gsm.EXTENSION)), SEPARATOR, OPT_OUT_SEPARATOR)


def task_page(
    state: State, *, address: str = "", state_url: str | None = None, declared: Declared | None = None
) -> TaskPage:
    """Show the open tasks of a record, or those of one address or task.

    ``declared`` is what a checkout knows (``taskpage_declared.declared``); without it there are no pictures and no
    samples. ``state_url`` goes into the commands, for people without a checkout. Same input, same page.
    """
    around = declared or Declared()
    options = ["--env", state.environment, *(["--state", state_url] if state_url else [])]
    asked = open_tasks(state, address)
    tokens = {task.id: task.token for task in state.open_tasks()}
    groups = tuple(
        _group(one, tuple(found), state, around, tokens, shlex.join(options))
        for one, found in groupby(asked, key=lambda each: each.task.address)
    )
    sent = {message for group in groups if group.picture for message in _sent(group.picture.steps)}
    return TaskPage(
        environment=state.environment,
        lineage=state.lineage,
        serial=state.serial,
        changed_at=max((entry.changed_at for entry in state.entries.values()), default=""),
        options=shlex.join(options),
        alphabet=_ALPHABET,
        groups=groups,
        brand=around.additions.brand,
        opt_out=around.additions.opt_out,
        checkout=around.checkout,
        minis={name: words for name, words in around.minis.items() if name in sent},
        only=address,
    )


def _sent(steps: Iterable[StepView]) -> Iterator[str]:
    """The addresses of the messages that steps send, at any depth."""
    for step in steps:
        if step.message:
            yield step.message
        for lane in step.lanes:
            yield from _sent(lane.steps)


def _group(
    address: str, asked: Sequence[OpenTask], state: State, declared: Declared, tokens: Mapping[str, str], options: str
) -> TaskGroup:
    everything = state.entries[address].tasks.values()
    return TaskGroup(
        address=address,
        kind=address.partition(".")[0],
        name=_name(address, state, declared),
        done=sum(task.status is TaskStatus.DONE and not task.superseded for task in everything),
        tasks=tuple(_task(one, declared, tokens, options) for one in asked),
        picture=declared.journeys.get(address),
    )


def _name(address: str, state: State, declared: Declared) -> str:
    """The name at Attentive of what the tasks are about: as declared, as it stands, or as it shall be begun."""
    if address in declared.journeys:
        return declared.journeys[address].name
    entry = state.entries[address]
    values = (*(task.value for task in entry.tasks.values() if task.open), *entry.stands.values())
    names = (value["name"] for value in values if isinstance(value, dict) and isinstance(value.get("name"), str))
    return next(names, address.partition(".")[2].replace("_", " ").capitalize())


def _task(one: OpenTask, declared: Declared, tokens: Mapping[str, str], options: str) -> TaskView:
    task, key = one.task, one.task.id.partition("/")[2]
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
        after=tuple(tokens[need] for need in one.after),
        blocks=tuple(_blocks(one, options)),
        texts=texts(task),
        bubble=bubble(task, declared),
        estimate=tuple(task.context.get(ESTIMATE, ())),
        samples=filled(task, declared),
        media=isinstance(task.value, dict) and bool(task.value.get("media")),
    )


def _blocks(one: OpenTask, options: str) -> Iterator[BlockView]:
    """The instruction, with the task's token in its commands, and what its settings show now where they differ."""
    before = _settings_before(one.task)
    for what, label, text in one.instruction.blocks:
        if what == "field":
            was = before.get(label, text)
            yield BlockView(what, label, text, "" if was == text else was)
        elif what == "text":
            yield BlockView(what, label, text)
        else:
            known = label.replace("deployer confirm TOKEN", f"deployer confirm {one.task.token} {options}")
            yield BlockView(what, "", known)


def _settings_before(task: TaskRecord) -> dict[str, str]:
    """The settings of what stands, by label: those of the instruction that would bring it about."""
    kind = kind_of(task.address)
    if task.before is None or task.value is None or kind is None or kind.person is None:
        return {}
    key = task.id.partition("/")[2]
    blocks: Sequence[Block] = kind.person.instruction(key, None, task.before, task.context).blocks
    return {label: value for what, label, value in blocks if what == "field"}
