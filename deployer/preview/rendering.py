"""Messages as people would read them: composer text and rendered text of each, for a sample."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.kinds.message import Message, MessageReading, held_against
from deployer.messages import RULE_SETS, Count, Measured, TextRun
from deployer.preview.macros import macros
from deployer.source import near_or_few

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.kinds.channels import Channel
    from deployer.kinds.event_type import Sample
    from deployer.messages import Length
    from deployer.preview.message_values import MacroView
    from deployer.project import Project

ALL = "all"
"""The name that stands for every sample of an event, those included that are made from its schema."""


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """One message for one sample.

    ``composer`` and ``rendered`` lead from a part (``body``; ``subject``, ``preheader``, ``html``, ``plain``) to its
    text, without what Attentive adds to a text: the ``brand`` in front (empty: none), the opt-out text. ``runs`` have
    that as well, and tell what the author wrote, what the data filled in and what Attentive adds. ``counts`` are by
    rule set, for texts only, with all that Attentive adds; ``holes`` the macros that the sample leaves empty. ``made``:
    the sample was made from the event's schema. ``macros`` have their place and what they print for each sample.
    ``measured`` is this sample's count against the message's limit, ``length`` those of all samples; ``None`` where
    nothing is counted. ``sender`` is who an email is from, ``media`` the property or file of an MMS's picture.
    ``made_samples`` names those of all samples that no one declared. What is marked as personal is masked throughout.
    """

    address: str
    channel: Channel
    sample: str
    composer: Mapping[str, str]
    rendered: Mapping[str, str]
    counts: tuple[tuple[str, Count], ...] = ()
    holes: tuple[str, ...] = ()
    brand: str = ""
    runs: Mapping[str, tuple[TextRun, ...]] = field(default_factory=dict)
    made: bool = False
    macros: tuple[MacroView, ...] = ()
    measured: Measured | None = None
    length: Length | None = None
    limit: int | None = None
    sender: str = ""
    media: str = ""
    made_samples: tuple[str, ...] = ()

    def reads(self, part: str) -> str:
        """What a person reads of a part, with all that Attentive adds."""
        return "".join(run.text for run in self.runs[part]) if part in self.runs else self.rendered[part]


def render_messages(
    project: Project, message: str = "", sample: str = "", *, show_values: bool = False
) -> tuple[RenderedMessage, ...]:
    """Render one message (by id or address) or all of them, for one sample of each event (``happy`` by default).

    ``sample`` may be one that is made from the schema, or ``all``: each message is then rendered for every sample.
    Values of properties that are marked ``pii: true`` are masked unless ``show_values``.
    Raises ``UsageError`` for a name that isn't there, ``CompileError``, ``FileProblem``, ``LiquidError`` and
    ``RenderError`` for words that can't be read (a checked project has none of these).
    """
    return tuple(
        rendered
        for each_message in _chosen(project, message)
        for reading in [MessageReading(each_message, project, show_values)]
        for rendered in _Rendering(reading, project).messages(sample, chosen=bool(message))
    )


def _chosen(project: Project, message: str) -> Sequence[Message]:
    if not message:
        return project.all(Message)
    wanted = message.removeprefix("message.")
    found = project.find(Message, wanted)
    if found is None:
        known = [message.id for message in project.all(Message)]
        raise UsageError(f"there is no message `{message}`", near_or_few(wanted, known))
    return (found,)


@dataclass
class _Rendering:
    """One message, for the samples that are asked for."""

    reading: MessageReading
    project: Project

    @cached_property
    def macros(self) -> tuple[MacroView, ...]:
        return macros(self.reading, self.project)

    def messages(self, sample: str, *, chosen: bool) -> Iterator[RenderedMessage]:
        """The message for the samples that are meant; ``chosen``: its event must have the one that is named."""
        for each_sample in self._samples(sample, chosen=chosen):
            yield self.rendered(each_sample)

    def _samples(self, sample: str, *, chosen: bool) -> Sequence[Sample]:
        event, samples = self.reading.event, self.reading.samples
        if sample == ALL and samples:
            return samples
        known = {sample.name: sample for sample in samples}
        if sample in known:
            return (known[sample],)
        if event is not None and sample and sample != ALL and chosen:
            raise UsageError(
                f"`{event.id}` has no sample `{sample}`", f"its samples: {', '.join(known) or 'none'}, or {ALL}"
            )
        return (self.reading.usual,)

    def rendered(self, sample: Sample) -> RenderedMessage:
        """The message for one sample."""
        reading, message = self.reading, self.reading.message
        parts = reading.parts(sample)
        holes = [hole.expression for part in parts.values() for hole in part.holes]
        counted = next((part for part in parts.values() if part.added is not None), None)
        brand = self.project.settings.brand.name
        return RenderedMessage(
            message.address,
            message.channel,
            sample.name,
            {name: composed.text for name, composed in reading.composed.items()},
            {name: part.text for name, part in parts.items()},
            tuple((rules, counted.count(rules)) for rules in RULE_SETS) if counted else (),
            tuple(dict.fromkeys(holes)),
            brand,
            {name: part.runs for name, part in parts.items()},
            sample.made,
            self.macros,
            held_against(sample, counted, message.max_segments) if counted else None,
            reading.length,
            message.max_segments,
            _sender(message, brand),
            message.media_property or message.media_file,
            tuple(sample.name for sample in reading.samples if sample.made),
        )


def _sender(message: Message, brand: str) -> str:
    name = message.from_name or brand
    return f"{name} <{message.from_email}>".strip() if message.from_email else name
