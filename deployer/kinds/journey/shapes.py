"""The shapes of what is recorded of a journey: what is in each of its slots, what each of its tasks asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from deployer.kinds.channels import Channel
from deployer.kinds.journey.naming import CONDITIONS
from deployer.kinds.shapes import Number, Recorded, TaskShape
from deployer.state.marks import Count, Rule

Toggle = Literal["respect", "ignore"]
Texts = tuple[str, ...]
ChannelName = Annotated[str, Rule("a channel", lambda word: word in {channel.value for channel in Channel})]
Estimate = Annotated[
    tuple[Count, ...],
    Rule("the fewest and the most segments", lambda pair: len(pair) == 2),  # noqa: PLR2004 - a pair
]


def _is_condition(case: Mapping[str, Any]) -> bool:
    return len(case) == 1 and all(
        name in CONDITIONS and isinstance(wanted, str | Mapping) for name, wanted in case.items()
    )


Condition = Annotated[Mapping[str, Any], Rule("one condition of a branch", _is_condition)]


class Created(TypedDict):
    """A journey as it is created."""

    name: str
    category: Literal["transactional", "marketing"]
    trigger: str
    app: str


class Former(Created):
    """A journey that was replaced by a new one."""

    status: str


class Picture(TypedDict):
    """The picture of a message."""

    property: NotRequired[str]
    file: NotRequired[str]


Sender = TypedDict("Sender", {"from": NotRequired[str], "from_name": NotRequired[str], "reply_to": NotRequired[str]})
"""Whom an email comes from."""


class _Sent(Sender):
    """What a step sends, and how."""

    channel: ChannelName
    quiet_hours: Toggle
    smart_sending: Toggle
    text: NotRequired[str]
    media: NotRequired[Picture]
    subject: NotRequired[str]
    preheader: NotRequired[str]
    plain: NotRequired[str]
    html: NotRequired[str]
    design: NotRequired[str]


def _has_words(value: Mapping[str, Any]) -> bool:
    return value["channel"] != Channel.TEXT.value or "text" in value


Sent = Annotated[_Sent, Rule("a message with its words", _has_words)]
"""What a step that sends a message is set to; a text has its words."""


Waited = TypedDict("Waited", {"for": str, "between": NotRequired[Texts], "days": NotRequired[Texts]})
"""How long a step waits, and at what times it goes on."""


class Branches(TypedDict):
    """The conditions of a branch, from the left."""

    cases: tuple[Condition, ...]


class Variant(TypedDict):
    """One way of an A/B test."""

    name: str
    share: Number


class Variants(TypedDict):
    """The ways of an A/B test."""

    variants: tuple[Variant, ...]


class Outline(TypedDict):
    """The order of the steps."""

    outline: Texts


class Switched(TypedDict):
    """Whether it runs; of one that is turned off for good, its name and those of its former ones."""

    status: str
    name: NotRequired[str]
    re_entry: NotRequired[str]
    revision: NotRequired[str]
    formers: NotRequired[Texts]


class TurnedOn(TypedDict):
    """What turning on asks for."""

    status: str
    re_entry: str
    revision: NotRequired[str]


class Proven(TypedDict):
    """The version that a phone showed."""

    revision: str


class Expected(TypedDict):
    """A message that the test contact should get."""

    lanes: Texts
    where: str
    channel: ChannelName
    reads: str
    test: NotRequired[str]
    branch: NotRequired[str]
    waits: NotRequired[Texts]


class Context(TypedDict):
    """What the instructions tell beyond a task's value; tasks of earlier versions have less of it."""

    macros: NotRequired[Texts]
    opt_in: NotRequired[Texts]
    app_name: NotRequired[str]
    journey: NotRequired[str]
    where: NotRequired[str]
    name: NotRequired[str]
    message: NotRequired[str]
    estimate: NotRequired[Estimate]
    limit: NotRequired[Count]
    canvas: NotRequired[Texts]
    event: NotRequired[str]
    ask: NotRequired[str]
    payload: NotRequired[str]
    command: NotRequired[str]
    subscribe: NotRequired[Texts]
    cooldown: NotRequired[str]
    sends: NotRequired[tuple[Expected, ...]]
    opt_out: NotRequired[str]


_STEPS = {"send": Sent, "wait": Waited, "branch": Branches, "ab_test": Variants}

RECORDED = Recorded(
    slots={
        **_STEPS,
        "create": Created,
        "review": Mapping[str, str],
        "arrange": Outline,
        "turn_on": Switched,
        "verify": Proven,
        "former": Former,
    },
    tasks={
        **{family: TaskShape(shape | None, Context) for family, shape in _STEPS.items()},
        "create": TaskShape(Created, Context),
        "review": TaskShape(Mapping[str, str], Context),
        "arrange": TaskShape(Outline, Context),
        "turn_on": TaskShape(TurnedOn, Context),
        "turn_off": TaskShape(Switched, Context),
        "retire": TaskShape(Switched, Context),
        "verify": TaskShape(Proven, Context),
    },
)
"""Everything that is recorded of a journey. A step's task without a value takes the step out."""
