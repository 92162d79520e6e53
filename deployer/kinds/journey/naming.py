"""What a step is called where a person has to find it: Attentive doesn't know our ids, but shows words and places.

One name for a step serves its task, its place in other tasks, the order of the steps, and the picture of the journey.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

from deployer.kinds.channels import Channel, facts
from deployer.kinds.journey.model import BranchStep, Placed, SendStep, SplitStep, WaitStep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from deployer.kinds.base import Fields
    from deployer.kinds.journey.model import Step

SUBSCRIPTIONS = {"both": "subscribed to both", "transactional_only": "transactional only"}

CONDITIONS = {
    "subscription": "Subscription type",
    "segment": "Segment",
    "device": "Device type",
    "os": "Device operating system",
    "action": "Subscriber action",
    "product": "Product data",
}
"""Our branch conditions, and the branch kinds of the builder."""

LONGEST = 44
"""Characters of a message's words that make a name: enough to tell one from the others, short enough for a line."""

_MACRO = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class StepName:
    """A step as a person finds it.

    ``noun`` is what it is with its words (``text “Order … is on its way”``); ``lanes`` the ways that lead to it from
    the top, in the builder's words; ``where`` its place among the other steps; ``there`` whether it is on the canvas.
    """

    noun: str
    lanes: tuple[str, ...]
    where: str
    there: bool

    @property
    def full(self) -> str:
        """The name with the last lane that leads to it, which tells equal steps of two variants apart."""
        return f"{self.noun}, {self.lanes[-1]}" if self.lanes else self.noun

    @property
    def task(self) -> str:
        """The title of the task that brings it about."""
        return f"{'Change' if self.there else 'Add'} the {self.full}"


def excerpt(words: str) -> str:
    """The beginning of a message's words on one line, with ``…`` for each macro and for what is left out."""
    plain = " ".join(_TAG.sub(" ", _MACRO.sub("…", words)).split())
    if len(plain) <= LONGEST:
        return plain
    cut = plain[: LONGEST - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"


def condition(case: Mapping[str, Any]) -> str:
    """A branch's condition in the builder's words: ``Subscription type: subscribed to both``."""
    [(dimension, wanted)] = case.items()
    shown = SUBSCRIPTIONS.get(wanted, wanted) if isinstance(wanted, str) else wanted
    if isinstance(shown, Mapping):
        shown = ", ".join(f"{name} {item}" for name, item in shown.items())
    return f"{CONDITIONS[dimension]}: {shown}"


def noun(key: str, value: Fields) -> str:
    """What the step of a unit is, from its value: the words of a message, the length of a wait, the variants."""
    family = key.partition(".")[0]
    match family:
        case "send":
            return _message(value)
        case "wait":
            return f"wait of {value.get('for', '?')}"
        case "branch":
            kinds = dict.fromkeys(CONDITIONS[next(iter(case))] for case in value.get("cases", ()))
            return f"branch by {' and '.join(kinds).lower()}" if kinds else "branch"
        case _:
            names = " / ".join(str(one["name"]) for one in value.get("variants", ()))
            return f"A/B test “{names}”" if names else "A/B test"


def _message(value: Fields) -> str:
    channel = Channel(value["channel"])
    lead = next(part.field for part in facts(channel).parts if part.name == facts(channel).lead)
    words = excerpt(str(value.get(lead) or ""))
    return f"{channel.value} “{words}”" if words else channel.value


def names(steps: Iterable[Placed], stands: Fields, wanted: Callable[[Step], Fields]) -> dict[str, StepName]:
    """The name of each step by its key: by what it says now, where it is in ``stands``, else by what it shall say."""
    placed = list(steps)

    def values(step: Step) -> Fields:
        value: Fields = stands.get(step.key) or wanted(step)
        return value

    nouns = {one.step.key: noun(one.step.key, values(one.step)) for one in placed}
    by_id = {one.step.id: one.step for one in placed}
    ways = {one.step.key: _lanes(one, by_id, values) for one in placed}
    return {
        one.step.key: StepName(
            nouns[one.step.key], ways[one.step.key], _where(one, nouns, by_id, ways), there=one.step.key in stands
        )
        for one in placed
    }


def _lanes(placed: Placed, steps: Mapping[str, Step], values: Callable[[Step], Fields]) -> tuple[str, ...]:
    return tuple(_lane(steps[way.step], way.number, values(steps[way.step])) for way in placed.ways)


def _lane(step: Step, number: int, value: Fields) -> str:
    """A way out of a branch or a test, as the builder labels it."""
    match step:
        case SplitStep():
            return f"variant “{step.lanes[number].name}”"
        case BranchStep():
            cases = value.get("cases", ())
            return f"branch “{condition(cases[number])}”" if number < len(cases) else "branch “Else”"
        case SendStep() | WaitStep():
            raise AssertionError(f"step {step.id} has no lanes")
    assert_never(step)


def _where(
    placed: Placed, nouns: Mapping[str, str], steps: Mapping[str, Step], ways: Mapping[str, tuple[str, ...]]
) -> str:
    if placed.after:
        return f"right after the {nouns[steps[placed.after].key]}"
    return f"at the top of {ways[placed.step.key][-1]}" if placed.ways else "right after the trigger"
