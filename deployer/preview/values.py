"""What a preview page shows, as plain values: messages with every sample filled in, journeys, problems, differences."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from deployer.dataclass import dataclass
from deployer.kinds.channels import CLIPPED
from deployer.kinds.event_type import USUAL
from deployer.preview.as_data import as_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.channels import Channel, Look
    from deployer.messages import Count, Piece, TextRun, WideCharacter
    from deployer.preview.declared_changes import Changed
    from deployer.preview.drafting import Drafting
    from deployer.preview.trials import JourneyTrial
    from deployer.source import Body, Position
    from deployer.workspace.pieces import Pieces

State: TypeAlias = Literal["ok", "error", "stale"]
"""``ok``: as the files say. ``error``: can't be shown. ``stale``: can't be shown now; this is how it last was."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the project's files: ``line`` counts from 1; 0: only the file is known."""

    file: str
    line: int = 0

    @classmethod
    def of(cls, position: Position) -> Spot:
        """The place of a position in the project's files."""
        return cls(position.path, position.line)


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A problem at its place. ``excerpt`` is the author's line, where ``column`` (from 1) and ``length`` mark it."""

    rule: str
    severity: str
    message: str
    hint: str
    file: str
    line: int
    column: int
    excerpt: str
    length: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a message (``body``; ``subject``, ``preheader``, ``html``, ``plain``) as composer text.

    ``spot`` is where its words are, a line of the YAML or a file. ``made`` are the pieces of the composer text that
    ``[[ … ]]`` made, in their order, each with the expression; empty where more than expressions makes words.
    """

    name: str
    composer: str
    spot: Spot
    made: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MacroView:
    """One macro of a message, where it is written first.

    ``type`` is the JSON type of what it reads, empty where that isn't declared. ``values`` lead from a sample's name to
    what the macro prints there; ``None``: nothing, so that the message goes out with a gap.
    """

    name: str
    part: str
    spot: Spot
    type: str
    optional: bool
    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class SampleView:
    """A message for one sample. ``made``: from the schema, by no one.

    ``parts`` lead from a part to its runs, with all that Attentive adds. ``counts`` are by rule set, for texts only,
    without the characters that make them wide: ``wide`` says why they are, and ``script`` where their language does.
    ``over`` and ``verdict`` hold the counts against the message's limit, which the ``unusual`` one isn't held against.
    ``error`` says why there is nothing to see.
    """

    name: str
    made: bool
    parts: Mapping[str, tuple[TextRun, ...]]
    counts: Mapping[str, Count] = field(default_factory=dict)
    error: str = ""
    over: bool = False
    verdict: str = ""
    wide: tuple[WideCharacter, ...] = ()
    script: str = ""
    unusual: bool = False


@dataclass(frozen=True, slots=True)
class LengthView:
    """The segments of a text over all samples, by Attentive's published rule: fewest, most, and the longest.

    ``over`` and ``verdict`` hold the longest against the message's limit; ``remark`` is about a sample that isn't.
    """

    fewest: int
    most: int
    worst: str
    made: bool
    over: bool
    verdict: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of an MMS: ``data`` is a ``data:`` URI of a file of the project, else empty; ``label`` says which.

    ``note`` says why there is no picture to see.
    """

    label: str
    data: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a message: a text's brand, or an email's addresses."""

    name: str
    email: str = ""
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A journey's step that sends a message."""

    journey: str
    name: str
    step: str


@dataclass(frozen=True, slots=True)
class MessageChange:
    """How a message differs from another commit's.

    ``kind``: ``added``, ``changed``, or ``unknown`` where the other one can't be read. ``parts`` lead from a part to
    the words that stayed, went and came; ``before`` from a sample's name to the former runs of a text; ``segments`` are
    fewest and most of all samples, before and after, for texts; ``former_html`` is how an email was, for its usual
    sample.
    """

    kind: Literal["added", "changed", "unknown"]
    parts: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    before: Mapping[str, tuple[TextRun, ...]] = field(default_factory=dict)
    segments: tuple[tuple[int, int], tuple[int, int]] | None = None
    note: str = ""
    former_html: str = ""

    @property
    def more_segments(self) -> int:
        """How many more segments the text takes at worst, below zero for fewer; 0 where that isn't known."""
        return self.segments[1][1] - self.segments[0][1] if self.segments else 0


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message with all that can be said about it. ``event`` is its event type's name at Attentive."""

    address: str
    id: str
    channel: Channel
    event: str
    description: str
    owner: str
    spot: Spot
    sender: Sender
    parts: tuple[PartView, ...] = ()
    samples: tuple[SampleView, ...] = ()
    length: LengthView | None = None
    macros: tuple[MacroView, ...] = ()
    picture: Picture | None = None
    limit: int | None = None
    external_design: bool = False
    uses: tuple[Use, ...] = ()
    faults: tuple[ShownProblem, ...] = ()
    state: State = "ok"
    change: MessageChange | None = None

    def segments(self) -> tuple[int, int] | None:
        """Fewest and most segments over all samples, by Attentive's published rule; ``None`` for an email."""
        return (self.length.fewest, self.length.most) if self.length else None

    def usual(self) -> SampleView | None:
        """The sample that it is shown with first: ``happy``, else the first one."""
        return next((sample for sample in self.samples if sample.name == USUAL), next(iter(self.samples), None))


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
