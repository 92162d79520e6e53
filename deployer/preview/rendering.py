"""Messages as people would read them: composer text and rendered text of each, for a sample."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from deployer.kinds.event_type import EventType, Sample, complete_sample, samples_of
from deployer.kinds.message import Message, count_message
from deployer.messages import SEPARATOR, Count, RenderError, Run, event_data, render, render_pieces
from deployer.messages.count import OPT_OUT_SEPARATOR
from deployer.preview.macros import macros
from deployer.source import suggest
from deployer.workspace.workspace import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.messages import Composed
    from deployer.preview.values import MacroView
    from deployer.project import Project
    from deployer.source import JSON

RULE_SETS: tuple[Literal["attentive", "carrier"], ...] = ("attentive", "carrier")
"""How segments are counted: Attentive's published multiples, and carriers' concatenation. Both are estimates."""


ALL = "all"
"""The name that stands for every sample of an event, those included that are made from its schema."""


@dataclass(frozen=True, slots=True)
class Worst:
    """The sample that costs most by Attentive's published rule. ``made``: from the event's schema, by nobody."""

    sample: str
    made: bool
    count: Count


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """One message for one sample.

    ``composer`` and ``rendered`` lead from a part (``body``; ``subject``, ``preheader``, ``html``, ``plain``) to its
    text, without what Attentive adds to a text: the ``brand`` in front (empty: none), the opt-out text. ``runs`` have
    that as well, and tell what the author wrote, what the data filled in and what Attentive adds. ``counts`` are by
    rule set, for texts only, with all that Attentive adds; ``holes`` the macros that the sample leaves empty. ``made``:
    the sample was made from the event's schema. ``macros`` have their place and what they print for each sample;
    ``worst`` is the costliest of all samples, ``limit`` the most segments that the message may have. ``sender`` is who
    an email is from, ``media`` the property or file of an MMS's picture. ``made_samples`` names those of all samples
    that nobody declared.
    """

    address: str
    channel: str
    sample: str
    composer: Mapping[str, str]
    rendered: Mapping[str, str]
    counts: tuple[tuple[str, Count], ...] = ()
    holes: tuple[str, ...] = ()
    brand: str = ""
    runs: Mapping[str, tuple[Run, ...]] = field(default_factory=dict)
    made: bool = False
    macros: tuple[MacroView, ...] = ()
    worst: Worst | None = None
    limit: int | None = None
    sender: str = ""
    media: str = ""
    made_samples: tuple[str, ...] = ()

    def reads(self, part: str) -> str:
        """What a person reads of a part: a text begins with the brand."""
        if part in self.runs:
            return "".join(run.text for run in self.runs[part])
        text = self.rendered[part]
        return f"{self.brand}{SEPARATOR}{text}" if self.brand and self.channel == "text" else text


def render_messages(project: Project, message: str = "", sample: str = "") -> tuple[RenderedMessage, ...]:
    """Render one message (by id or address) or all of them, for one sample of each event (``happy`` by default).

    ``sample`` may be one that is made from the schema, or ``all``: each message is then rendered for every sample.
    Raises ``UsageError`` for a name that isn't there, ``CompileError``, ``FileProblem``, ``LiquidError`` and
    ``RenderError`` for words that can't be read (a checked project has none of these).
    """
    return tuple(
        rendered
        for one in _chosen(project, message)
        for rendered in _Reading(project, one).messages(sample, asked=bool(message))
    )


def _chosen(project: Project, message: str) -> Sequence[Message]:
    if not message:
        return project.all(Message)
    wanted = message.removeprefix("message.")
    found = project.find(Message, wanted)
    if found is None:
        known = [one.id for one in project.all(Message)]
        near = suggest(wanted, known)
        hint = f"did you mean `{near}`?" if near else f"declared: {', '.join(known) or 'none'}"
        raise UsageError(f"there is no message `{message}`", hint)
    return (found,)


@dataclass
class _Reading:
    """One message, its composer text, and the samples of its event."""

    project: Project
    message: Message

    @cached_property
    def event(self) -> EventType | None:
        return self.project.find(EventType, self.message.event)

    @cached_property
    def samples(self) -> tuple[Sample, ...]:
        return samples_of(self.event, self.project) if self.event else ()

    @cached_property
    def composed(self) -> Mapping[str, Composed]:
        return {part: self.project.composed(self.message, part) for part in self.message.parts}

    @cached_property
    def macros(self) -> tuple[MacroView, ...]:
        return macros(self.message, self.composed, self.samples, self.event, self.project)

    def messages(self, sample: str, *, asked: bool) -> Iterator[RenderedMessage]:
        """The message for the samples that are meant; ``asked``: its event must have the one that is named."""
        for one in self._samples(sample, asked=asked):
            yield self.rendered(one)

    def _samples(self, sample: str, *, asked: bool) -> Sequence[Sample]:
        if self.event is None:
            return (Sample("", {}, made=True),)
        if sample == ALL and self.samples:
            return self.samples
        known = {one.name: one for one in self.samples}
        if sample in known:
            return (known[sample],)
        if sample and sample != ALL and asked:
            raise UsageError(
                f"`{self.event.id}` has no sample `{sample}`", f"its samples: {', '.join(known) or 'none'}, or {ALL}"
            )
        declared = self.event.samples
        usual = "happy" if "happy" in declared else next(iter(declared), "")
        if usual:
            return (known[usual],)
        return (Sample("(from the schema)", complete_sample(self.event, self.project)[0], made=True),)

    def rendered(self, sample: Sample) -> RenderedMessage:
        """The message for one sample."""
        message, data = self.message, event_data(sample.data)
        results = {part: render(one.text, data) for part, one in self.composed.items()}
        holes = [hole.expression for result in results.values() for hole in result.holes]
        return RenderedMessage(
            message.address,
            message.channel,
            sample.name,
            {part: one.text for part, one in self.composed.items()},
            {part: result.text for part, result in results.items()},
            tuple((rules, self._count(sample, rules)) for rules in RULE_SETS) if message.channel == "text" else (),
            tuple(dict.fromkeys(holes)),
            self.project.settings.brand.name,
            {part: self._runs(one.text, data) for part, one in self.composed.items()},
            sample.made,
            self.macros,
            self.worst,
            message.max_segments,
            _sender(message, self.project.settings.brand.name),
            message.media_property or message.media_file,
            tuple(one.name for one in self.samples if one.made),
        )

    def _runs(self, text: str, data: Mapping[str, JSON]) -> tuple[Run, ...]:
        """A part in runs, with what Attentive adds to a text."""
        runs = render_pieces(text, data)
        if self.message.channel != "text":
            return runs
        brand = self.project.settings.brand
        front = Run("platform", brand.name + SEPARATOR if brand.name else "")
        back = Run("platform", OPT_OUT_SEPARATOR + brand.opt_out_text if brand.opt_out_text else "")
        return tuple(run for run in (front, *runs, back) if run.text or run.macro)

    def _count(self, sample: Sample, rules: Literal["attentive", "carrier"] = "attentive") -> Count:
        words = render(self.composed["body"].text, event_data(sample.data)).text
        return count_message(self.message, self.project, words, sample.data, rules)

    @cached_property
    def worst(self) -> Worst | None:
        """The sample that costs most: the most segments, then the most units; the first of equals."""
        if self.message.channel != "text":
            return None
        found: list[Worst] = []
        for one in self.samples:
            with suppress(RenderError):  # a made sample may hold what a filter can't take; it is told where it is shown
                found.append(Worst(one.name, one.made, self._count(one)))
        return max(found, key=lambda one: (one.count.segments, one.count.units), default=None)


def _sender(message: Message, brand: str) -> str:
    name = message.from_name or brand
    return f"{name} <{message.from_email}>".strip() if message.from_email else name
