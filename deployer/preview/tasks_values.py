"""What the task page shows, as plain values: tasks by resource, with words, bubbles, pictures and what was before."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.messages import Piece, TextRun
    from deployer.preview.alphabet import Alphabet
    from deployer.preview.values import JourneyView

BlockType: TypeAlias = Literal["step", "text", "note", "field"]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A part of an instruction: a click, a text to copy, a remark, or a setting.

    ``label`` names a text or a setting; ``was`` is what a setting shows now, where that differs.
    """

    type: BlockType
    label: str
    text: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class TextView:
    """A text that is in Attentive's composer when a task is done.

    ``name`` is as in the record (``text``, ``subject``);
    ``pieces`` are the words that stay, go and come; empty where nothing was before, or nothing changes.
    """

    name: str
    label: str
    text: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class BubbleView:
    """A text message as a customer reads it, and as it read before (``None``: there was none, or it read the same).

    ``sample`` names the example data that is filled in; empty: none is known, and properties' names are shown.
    """

    runs: tuple[TextRun, ...]
    before: tuple[TextRun, ...] | None = None
    sample: str = ""


@dataclass(frozen=True, slots=True)
class FilledSample:
    """What one sample prints for each macro of a text, by the path between its braces, as a customer gets it.

    ``segments`` are the text's by rule set; ``over`` and ``verdict`` hold them against its limit.
    """

    name: str
    values: Mapping[str, str]
    segments: Mapping[str, int]
    over: bool = False
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class TaskView:
    """An open task. ``key`` is its id within the resource; ``step`` the id of the journey's step that it sets, if any.

    ``status`` is ``waiting``, ``submitted`` or ``rejected``, set ``by`` someone ``at`` a time, with a ``note``.
    ``ended_by`` is what ends a task that isn't confirmed. ``after`` are tokens of open tasks that come first.
    ``estimate`` is the fewest and the most segments, empty where the composer counts none. ``media``: it is an MMS.
    """

    token: str
    id: str
    key: str
    step: str
    title: str
    assignee: str
    status: str
    by: str
    at: str
    note: str
    review: bool
    confirmable: bool
    ended_by: str
    after: tuple[str, ...]
    blocks: tuple[BlockView, ...]
    texts: tuple[TextView, ...] = ()
    bubble: BubbleView | None = None
    estimate: tuple[int, ...] = ()
    samples: tuple[FilledSample, ...] = ()
    media: bool = False


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """The open tasks of one resource in the order of work. ``kind`` is in snake_case; ``done`` counts confirmed ones.

    ``picture`` is the journey as it was asked for, ``None`` for what isn't one or ends; ``minis`` are the words of its
    steps that send, by their slot.
    """

    address: str
    kind: str
    name: str
    done: int
    tasks: tuple[TaskView, ...]
    picture: JourneyView | None = None
    minis: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a task that is no longer open: ``replaced`` by the task ``by``, which asks for something else.

    ``who`` confirmed it: a handle, where it is ``done``.
    """

    how: Literal["done", "replaced", "withdrawn"]
    by: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class TaskPage:
    """The open tasks of an environment as a page shows them.

    ``options`` end each command (``--env production --state URL``), quoted for a shell. ``changed_at`` is when the
    record changed last (ISO 8601, UTC; empty: never). ``checkout``: the project was at hand, so there are samples
    and the brand. ``ended`` says by token what became of tasks that aren't open. ``only`` is the address or task that
    the page was narrowed to. ``hand_to`` is to whom what is done is sent (empty: to who sent the page); times are
    in ``time_zone``.
    """

    environment: str
    lineage: str
    serial: int
    changed_at: str
    options: str
    alphabet: Alphabet
    groups: tuple[TaskGroup, ...] = ()
    brand: str = ""
    opt_out: str = ""
    checkout: bool = False
    ended: Mapping[str, Ended] = field(default_factory=dict)
    only: str = ""
    hand_to: str = ""
    time_zone: str = "UTC"

    @property
    def tasks(self) -> tuple[TaskView, ...]:
        """Every open task, in the order of work."""
        return tuple(task for group in self.groups for task in group.tasks)

    def data(self) -> dict[str, Any]:
        """The same as values that JSON can hold; equal pages give equal data."""
        return {"version": 1, **asdict(self)}
