"""One message for each sample of its event: the one reading that rules, renderings, previews and tasks show."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.channels import facts
from deployer.kinds.event_type import EventType, Sample, masked, samples_of, used, usual_sample
from deployer.messages import Additions, Delivered, Length, Measured, RenderError, deliver
from deployer.messages.virtual import look_at_the_clock, timed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.base import Scope
    from deployer.kinds.message.model import Message
    from deployer.messages import Composed
    from deployer.source import Body

UNUSUAL = "unicode"
"""The made sample whose characters nearly every free text may hold: it is shown, and not held against a limit."""


@dataclass(frozen=True, eq=False)
class MessageReading:
    """A message with its composer text, its event and the samples of that.

    What can't be composed raises ``CompileError`` (messages) or ``FileProblem`` (source), what can't be filled in
    ``RenderError``. ``show_values`` shows personal data as it is in the samples. ``given`` is the composer text where
    it is at hand.
    """

    message: Message
    scope: Scope
    show_values: bool = False
    given: Mapping[str, Composed] | None = None

    @cached_property
    def event(self) -> EventType | None:
        """The event whose properties the message reads; ``None``: it isn't declared."""
        return self.scope.find(EventType, self.message.event)

    @cached_property
    def samples(self) -> tuple[Sample, ...]:
        """Every sample of the event, declared and made."""
        return samples_of(self.event, self.scope) if self.event else ()

    @cached_property
    def usual(self) -> Sample:
        """The sample that the message is shown with."""
        return usual_sample(self.event, self.scope)

    @cached_property
    def composed(self) -> Mapping[str, Composed]:
        """The composer text of each part."""
        if self.given is not None:
            return self.given
        return {part: self.scope.composed(self.message, part) for part in self.message.parts}

    @cached_property
    def additions(self) -> Additions | None:
        """What Attentive adds; ``None`` where it adds nothing and counts nothing."""
        if not facts(self.message.channel).segments:
            return None
        return additions(self.scope, media=bool(self.message.media_property or self.message.media_file))

    def mask(self, data: Body) -> Body:
        """A sample's data as others may see it."""
        if self.show_values or self.event is None:
            return data
        return masked(self.event, self.scope, data)

    def part(self, name: str, sample: Sample) -> Delivered:
        """One part for one sample."""
        facts_of = {part.name: part for part in facts(self.message.channel).parts}
        return deliver(
            self.composed[name].text,
            sample.data,
            self.additions,
            mask=self.mask,
            traced=facts_of[name].words,
        )

    def parts(self, sample: Sample) -> dict[str, Delivered]:
        """Every part for one sample."""
        return {name: self.part(name, sample) for name in self.message.parts}

    @cached_property
    def length(self) -> Length | None:
        """The counts over all samples; ``None`` where nothing is counted, or no sample can be filled in."""
        return _counted(self)[0]

    def measured(self) -> Length | None:
        """The same, counted now."""
        lead = facts(self.message.channel).lead
        if self.additions is None or lead not in self.message.parts:
            return None
        lengths: list[Measured] = []
        for sample in self.samples:
            with suppress(RenderError):  # a made sample may hold what a filter can't take; it is reported where shown
                sent = deliver(self.composed[lead].text, sample.data, self.additions, traced=False)  # as it is counted
                lengths.append(held_against(sample, sent, self.message.max_segments))
        return Length(tuple(lengths)) if lengths else None


def held_against(sample: Sample, delivered: Delivered, limit: int | None) -> Measured:
    """A text's count for one sample, held against the most segments that it may have."""
    unusual = sample.made and sample.name == UNUSUAL
    return Measured(sample.name, sample.made, delivered.count(), limit, unusual=unusual)


def additions(scope: Scope, *, media: bool) -> Additions:
    """What Attentive adds to a text of this brand."""
    brand = scope.settings.brand
    return Additions(brand.name, brand.opt_out_text, brand.short_link, media)


def estimate(message: Message, scope: Scope) -> tuple[int, ...]:
    """Give the fewest and the most segments over all samples of its event, by Attentive's published rules.

    Empty where nothing is counted. Raises ``CompileError`` or ``FileProblem`` where the words can't be composed.
    """
    return tuple(scope.known("estimate", message, lambda: _estimate(message, scope)))


def _estimate(message: Message, scope: Scope) -> list[int]:
    length = counted(message, scope)[0] if facts(message.channel).segments else None
    return [length.fewest, length.most] if length else []


def counted(message: Message, scope: Scope) -> tuple[Length | None, bool]:
    """The counts of a message over all samples, once a run, and whether they are others at another time.

    Raises as ``estimate``.
    """
    return _counted(MessageReading(message, scope))


def _counted(reading: MessageReading) -> tuple[Length | None, bool]:
    event, scope = reading.event, reading.scope
    of = (reading.message, event, *(used(event, scope) if event else ()), *reading.composed.values())
    length, at_this_time_only = scope.once("length", of, lambda: timed(reading.measured))
    if at_this_time_only:  # a kept count depends on the clock as well, and this use of it
        look_at_the_clock()
    return length, at_this_time_only
