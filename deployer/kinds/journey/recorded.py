"""A journey as its record has it: the tree of steps that was asked for, from slots, without the project's files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deployer.kinds.channels import Channel
from deployer.kinds.journey.model import SENDS, BranchStep, Lane, SendStep, SplitStep, WaitStep, describe
from deployer.kinds.journey.units import STEP_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.kinds.base import Fields
    from deployer.kinds.journey.model import Step

SEPARATOR = " > "
"""What is between the lanes and the step in a line of a recorded outline."""


def recorded_steps(slots: Fields, messages: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps of recorded slots; ``messages`` are the ids of the messages that are sent, by slot.

    Their order is the recorded outline's. Where a branch holds segments, its lanes are told apart by their order.
    """
    data = {slot: value for slot, value in slots.items() if slot.startswith(STEP_KEYS) and value is not None}
    outline = (slots.get("arrange") or {}).get("outline") or sorted(data)
    lines = [tuple(line.split(SEPARATOR)) for line in outline]
    return tuple(_steps((), [line for line in lines if line[-1] in data], data, messages))


def _steps(
    lanes: tuple[str, ...], lines: Sequence[tuple[str, ...]], fields: Fields, messages: Mapping[str, str]
) -> Iterator[Step]:
    """The steps directly in a lane, each with what its own lanes hold."""
    for line in lines:
        if line[:-1] == lanes:
            step = _step(line[-1], fields[line[-1]], messages)
            if isinstance(step, BranchStep | SplitStep):
                seen = dict.fromkeys(line[len(lanes)] for line in lines if len(line) > len(lanes) + 1)
                inside = [name for name in seen if name.startswith(f"{step.id}: ")]
                named = _named(step.lanes, [name.partition(": ")[2] for name in inside])
                filled = (
                    replace(lane, steps=tuple(_steps((*lanes, f"{step.id}: {name}"), lines, fields, messages)))
                    for lane, name in named
                )
                step = replace(step, lanes=tuple(filled))
            yield step


def _step(slot: str, value: Mapping[str, Any], messages: Mapping[str, str]) -> Step:
    family, _, step = slot.partition(".")
    if slot.startswith(SENDS):
        channel = Channel(value["channel"])
        return SendStep(step, channel, messages.get(slot, ""), value["quiet_hours"], value["smart_sending"])
    if family == "wait":
        return WaitStep(step, value["for"], tuple(value.get("between", ())), tuple(value.get("days", ())))
    if family == "branch":
        return BranchStep(step, (*(Lane(describe(case), (), case) for case in value["cases"]), Lane("else", ())))
    return SplitStep(step, tuple(Lane(variant["name"], (), share=variant["share"]) for variant in value["variants"]))


def _named(lanes: Sequence[Lane], seen: Sequence[str]) -> Iterator[tuple[Lane, str]]:
    """Each lane with its name in the outline: a segment has its id there, and its name at Attentive in the branch."""
    known = {lane.name for lane in lanes}
    others = iter([name for name in seen if name not in known])
    for lane in lanes:
        by_segment = lane.condition is not None and "segment" in lane.condition and lane.name not in seen
        yield lane, next(others, lane.name) if by_segment else lane.name
