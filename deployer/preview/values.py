"""What a preview page shows, as plain values: messages (``message_values``), journeys, opt-ins, differences."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Protocol

from deployer.dataclass import dataclass
from deployer.kinds.channels import CLIPPED
from deployer.preview.as_data import as_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.channels import Channel, Look
    from deployer.preview.declared_changes import Changed
    from deployer.preview.drafting import Drafting
    from deployer.preview.message_values import MessageView, Picture, SampleView, ShownProblem, Spot, State
    from deployer.preview.trials import JourneyTrial
    from deployer.source import Body
    from deployer.workspace.pieces import Pieces


@dataclass(frozen=True, slots=True)
class LaneView:
    """One way out of a branch or an A/B test, with its steps from top to bottom."""

    name: str
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    """A journey's step. ``kind``: ``text``, ``email``, ``wait``, ``branch``, ``ab_test``; ``message`` is an address."""

    kind: str
    id: str
    title: str
    details: tuple[str, ...] = ()
    message: str = ""
    lanes: tuple[LaneView, ...] = ()


@dataclass(frozen=True, slots=True)
class JourneyView:
    """A journey as a tree of steps. ``trigger`` is the event type's name at Attentive."""

    address: str
    id: str
    name: str
    description: str
    owner: str
    category: str
    trigger: str
    status: str
    re_entry: str
    opt_in: tuple[str, ...]
    spot: Spot
    steps: tuple[StepView, ...]
    faults: tuple[ShownProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class OptInView:
    """Where people opt in, and the disclosure that they read; ``screenshot`` is ``None`` where none is declared."""

    address: str
    name: str
    channel: Channel
    subscription_type: str
    placement: str
    control: str
    pre_checked: bool
    disclosure: str
    screenshot: Picture | None
    spot: Spot


@dataclass(frozen=True, slots=True)
class Gone:
    """A message of the other commit that is no longer declared, with its composer texts by part."""

    address: str
    id: str
    channel: Channel
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Against:
    """The commit that is compared with: the name that was given and the full hash.

    ``gone`` are messages that are no longer declared, ``changes`` whatever else differs in what is declared.
    """

    ref: str
    commit: str
    gone: tuple[Gone, ...] = ()
    changes: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Starter:
    """What someone can write who has no message yet: a file's path and its three lines.

    ``settings`` is what ``deployer.yaml`` needs first, empty where it has that.
    """

    file: str
    text: str
    settings: str = ""


@dataclass(frozen=True, slots=True)
class ChannelView:
    """What holds for a channel: its title, its look (``phone``, ``inbox``), the part that stands for it, all labels."""

    channel: Channel
    title: str
    look: Look
    lead: str
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ValueField:
    """A property to fill in: its ``macro``, its definition as JSON Schema, and whether an event may come without it."""

    key: str
    macro: str
    schema: Body
    optional: bool


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """Why the event wouldn't take the values; ``key`` is the property, empty where it is about more than one."""

    key: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class TriedValues:
    """What comes of values.

    ``sample`` is the message with them, ``macros`` what each macro prints, ``gaps`` the properties that the message
    reads and that print nothing. ``prints`` is what each macro prints that a text's other words may have. ``lines``
    are the values in YAML, a property a line, ``spot`` is where the event's samples are.
    """

    fields: tuple[ValueField, ...]
    data: Body
    sample: SampleView
    macros: Mapping[str, str | None]
    problems: tuple[ValueProblem, ...]
    gaps: tuple[str, ...]
    prints: Mapping[str, str]
    lines: tuple[str, ...]
    spot: Spot


class ValuesTrial(Protocol):
    """A message whose values can be tried."""

    def of_sample(self, name: str) -> TriedValues:
        """The values of a sample. Raises ``UsageError`` where the event has none of that name."""

    def tried(self, data: Body) -> TriedValues:
        """Any values, right or wrong."""


@dataclass(frozen=True, slots=True)
class KnownJourneys:
    """The kept drawings of journeys: the pieces of pages, and each journey's key among them, by its address."""

    pieces: Pieces
    digests: Mapping[str, str]

    def find(self, address: str) -> bytes | None:
        """The piece of a journey; ``None`` where it isn't known."""
        return self.pieces.find(self.digests[address])

    def add(self, address: str, piece: bytes) -> None:
        """Note the piece of a journey."""
        self.pieces.add(self.digests[address], piece)


@dataclass(frozen=True, slots=True)
class Preview:
    """A project in one environment as a page shows it. ``faults`` are those that belong to no message or journey.

    ``state`` is ``stale`` where the project can't be read now and this is how it last was. ``rules`` are the titles of
    the rules that found something, by their ids; ``clip`` is how many bytes of an email Gmail shows;
    ``trials`` are what can be tried of each journey, by address; ``drafting`` is what trying other words takes;
    ``values`` are the messages whose values can be tried, by address; ``known`` are the drawings of journeys that
    earlier runs kept. Neither of the two decides whether previews are equal.
    """

    project: str
    brand: str
    environment: str
    starter: Starter
    channels: tuple[ChannelView, ...] = ()
    messages: tuple[MessageView, ...] = ()
    journeys: tuple[JourneyView, ...] = ()
    faults: tuple[ShownProblem, ...] = ()
    state: State = "ok"
    against: Against | None = None
    rules: Mapping[str, str] = field(default_factory=dict)
    clip: int = CLIPPED
    opt_ins: tuple[OptInView, ...] = ()
    trials: Mapping[str, JourneyTrial] = field(default_factory=dict)
    drafting: Drafting | None = None
    values: Mapping[str, ValuesTrial] = field(default_factory=dict, compare=False)
    known: KnownJourneys | None = field(default=None, compare=False, repr=False)

    def data(self) -> dict[str, Any]:
        """The same as values that JSON can hold; equal previews give equal data.

        What can be tried isn't among it: a page plays that.
        """
        data: dict[str, Any] = as_data(replace(self, trials={}, values={}, known=None))
        del data["trials"], data["values"], data["known"]
        return {"version": 1, **data}
