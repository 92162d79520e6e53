"""What a step is called where a person has to find it: Attentive doesn't know our ids, but shows words and places.

One name for a step serves its task, its place in other tasks, the order of the steps, and the picture of the journey.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, assert_never

from deployer.dataclass import dataclass
from deployer.kinds.channels import Channel, facts
from deployer.kinds.journey.model import BranchStep, Placed, SendStep, SplitStep, WaitStep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from deployer.kinds.base import Fields
    from deployer.kinds.journey.model import Step, Way

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


@lru_cache(maxsize=64)  # the tasks of one message are made one after the other
def excerpt(words: str) -> str:
    """The beginning of a message's words on one line, with ``…`` for each macro and for what is left out."""
    plain = " ".join(_TAG.sub(" ", _MACRO.sub("…", words)).split())
    if len(plain) <= LONGEST:
        return plain
    cut = plain[: LONGEST - 2]
    # A macro, or the end of a sentence, right before what is left out says nothing.
    whole = (cut.rpartition(" ")[0] or cut).rstrip("… .")
    return f"{whole} …".lstrip()


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
            names = " / ".join(str(item["name"]) for item in value.get("variants", ()))
            return f"A/B test “{names}”" if names else "A/B test"


def _message(value: Fields) -> str:
    channel = Channel(value["channel"])
    lead = next(part.field for part in facts(channel).parts if part.name == facts(channel).lead)
    words = excerpt(str(value.get(lead) or ""))
    return f"{channel.value} “{words}”" if words else channel.value


def names(steps: Iterable[Placed], existing: Fields, wanted: Callable[[Step], Fields]) -> dict[str, StepName]:
    """Each step's name by its key: by what it says now, where it is in ``existing``, else by what it should say."""
    placed = list(steps)

    def values(step: Step) -> Fields:
        value: Fields = existing.get(step.key) or wanted(step)
        return value

    canvas = _canvas(placed, {each.step.id: values(each.step) for each in placed})
    return {
        each.step.key: StepName(
            canvas.nouns[each.step.id], canvas.lanes(each), canvas.where(each), there=each.step.key in existing
        )
        for each in placed
    }


@dataclass(frozen=True, slots=True)
class _Canvas:
    """What is on the canvas, by the steps' ids, so that two things with one name are told apart.

    ``nouns`` are counted (``2nd wait of 1 day``) where a lane has several alike, those of branches and tests where the
    journey has; ``labels`` are the ways out of each branch and test, in the builder's words.
    """

    steps: Mapping[str, Placed]
    nouns: Mapping[str, str]
    labels: Mapping[str, tuple[str, ...]]
    alike: Mapping[str, int]
    """How many steps have a noun, and how many branches and tests have a lane with a label."""

    def lanes(self, placed: Placed) -> tuple[str, ...]:
        """The ways that lead to the step from the top."""
        return tuple(self._lane(way) for way in placed.ways)

    def where(self, placed: Placed) -> str:
        """The place of the step: what is above it, or the lane that it begins."""
        if placed.after:
            return f"right after the {self._told_apart(self.steps[placed.after])}"
        return f"at the top of {self._lane(placed.ways[-1])}" if placed.ways else "right after the trigger"

    def _told_apart(self, placed: Placed) -> str:
        called = self.nouns[placed.step.id]
        return f"{called}, {self._lane(placed.ways[-1])}" if self.alike[called] > 1 and placed.ways else called

    def _lane(self, way: Way) -> str:
        """A lane's label; where several branches or tests have it, such as “Else”, also whose lane it is."""
        label = self.labels[way.step][way.number]
        return label if self.alike[label] == 1 else f"{label} of the {self.nouns[way.step]}"


def _canvas(placed: Sequence[Placed], says: Mapping[str, Fields]) -> _Canvas:
    plain = {each.step.id: noun(each.step.key, says[each.step.id]) for each in placed}
    labels = {each.step.id: _labels(each.step, says[each.step.id]) for each in placed}
    lanes = {each.step.id: () if labels[each.step.id] else each.ways[-1:] for each in placed}
    nouns = _counted([(step, plain[step], lanes[step]) for step in plain])
    alike = Counter([*nouns.values(), *(label for ways in labels.values() for label in dict.fromkeys(ways))])
    return _Canvas({each.step.id: each for each in placed}, nouns, labels, alike)


def _counted(steps: Sequence[tuple[str, str, tuple[Way, ...]]]) -> dict[str, str]:
    """Each step's noun by its id, with its number from the top where several in one place have the same."""
    total = Counter((called, place) for _, called, place in steps)
    met: Counter[tuple[str, tuple[Way, ...]]] = Counter()
    counted = {}
    for step, called, place in steps:
        met[called, place] += 1
        again = total[called, place] > 1
        counted[step] = f"{_ordinal(met[called, place])} {called}" if again else called
    return counted


def _ordinal(number: int) -> str:
    teen = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _labels(step: Step, value: Fields) -> tuple[str, ...]:
    """The ways out of a branch or a test, as the builder labels them; of another step there are none."""
    match step:
        case SplitStep():
            return tuple(f"variant “{lane.name}”" for lane in step.lanes)
        case BranchStep():
            cases = [f"branch “{condition(case)}”" for case in value.get("cases", ())]
            return tuple((cases + ["branch “Else”"] * len(step.lanes))[: len(step.lanes)])
        case SendStep() | WaitStep():
            return ()
    assert_never(step)
