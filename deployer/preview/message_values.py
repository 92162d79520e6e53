"""What a preview page shows of a message, as plain values: its parts, samples, length, macros and problems."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal, TypeAlias

from deployer.dataclass import dataclass
from deployer.kinds.event_type import USUAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.channels import Channel
    from deployer.messages import Count, Piece, TextRun, WideCharacter
    from deployer.source import Position

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
