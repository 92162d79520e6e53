"""What the test contact should get when a journey's event is sent: shown with the task that proves the journey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.kinds.channels import facts
from deployer.kinds.event_type import EventType, asked_body, usual_sample
from deployer.kinds.journey.model import BranchStep, Journey, SendStep, SplitStep, WaitStep, walk
from deployer.kinds.lazy import LazyFields
from deployer.kinds.message import Message, MessageReading
from deployer.kinds.opt_in_source import OptInSource
from deployer.messages.rendering import event_data, fill
from deployer.messages.scanning import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from deployer.kinds.base import Fields, Scope
    from deployer.kinds.channels import Channel
    from deployer.kinds.event_type import Sample
    from deployer.kinds.journey.model import Placed
    from deployer.kinds.journey.naming import StepName


def expectations(journey: Journey, scope: Scope, called: Mapping[str, StepName], built: Fields) -> Fields:
    """How the event is sent, what must hold before, and each text or subject with where it is sent.

    ``built`` are the values of the steps. Raises ``RenderError`` where words can't take the sample's values; where they
    surely can, all of this is made when it is looked at.
    """
    event = scope.find(EventType, journey.trigger)
    if event is None:
        return {}
    sample = usual_sample(event, scope)
    placed = [each for each in walk(journey) if isinstance(each.step, SendStep)]

    def make() -> Fields:
        return _expectations(journey, event, sample, scope, placed, called)

    return LazyFields(make) if all(_surely_read(each, sample, built) for each in placed) else make()


def _surely_read(placed: Placed, sample: Sample, built: Fields) -> bool:
    """Whether a message's words take the sample's values whatever the values are: macros of texts and numbers do."""
    assert isinstance(placed.step, SendStep)
    words = built.get(placed.step.key, {}).get(_lead(placed.step.channel))
    if words is None:
        return True
    macros = plain(words)
    return macros is not None and fill(macros, event_data(sample.data)) is not None


def _lead(channel: Channel) -> str:
    """The field of a step's value with the words that a person sees first."""
    return next(part.field for part in facts(channel).parts if part.name == facts(channel).lead)


def _expectations(
    journey: Journey,
    event: EventType,
    sample: Sample,
    scope: Scope,
    placed: Sequence[Placed],
    called: Mapping[str, StepName],
) -> dict[str, Any]:
    steps = {each.step.id: each for each in walk(journey)}
    sent = {each.step.channel for each in placed if isinstance(each.step, SendStep)}
    channels = {channel for channel in sent if facts(channel).consent}
    opt_out = scope.settings.brand.opt_out_text
    return {
        "event": event.name,
        **_sending(journey, event, sample, scope),
        **({"subscribe": list(_subscribing(journey, scope, channels))} if channels else {}),
        "sends": [_expected(each, called, steps, _reads(each, scope, sample)) for each in placed],
        **({} if journey.cooldown == "none" else {"cooldown": journey.cooldown}),
        **({"opt_out": opt_out} if opt_out else {}),
    }


def _sending(journey: Journey, event: EventType, sample: Sample, scope: Scope) -> dict[str, str]:
    """The command that sends the event; of a vendor's, whom to ask for which body. In a sandbox we play the vendor."""
    app = scope.settings.apps.get(event.app)
    if app and app.vendor and not scope.environment.is_sandbox:
        return {"ask": scope.app_name(event.app), "payload": asked_body(event, scope, sample.data)}
    chosen = f" --sample {sample.name}" if sample.name in event.samples else ""
    return {"command": f"deployer verify {journey.id} --env {scope.environment.name}{chosen}"}


def _subscribing(journey: Journey, scope: Scope, channels: Collection[Channel]) -> Iterator[str]:
    """The commands that subscribe the test contact, one for each channel that has a source with an ID."""
    left = set(channels)
    for name in journey.opt_in:
        source = scope.find(OptInSource, name)
        if source and source.sign_up_source_id and source.channel in left:
            left.remove(source.channel)
            yield f"deployer subscribe {source.id} --env {scope.environment.name}"


def _expected(
    placed: Placed, called: Mapping[str, StepName], steps: Mapping[str, Placed], reads: str
) -> dict[str, str | Sequence[str]]:
    """A message that should come; of ``test`` one variant is drawn, of ``branch`` one way is taken."""
    name = called[placed.step.key]
    forks = [steps[way.step].step for way in placed.ways]
    test = next((_fork(called[fork.key]) for fork in forks if isinstance(fork, SplitStep)), "")
    branch = next((_fork(called[fork.key]) for fork in forks if isinstance(fork, BranchStep)), "")
    waits = _waits(placed, steps)
    assert isinstance(placed.step, SendStep)
    return {
        "lanes": list(name.lanes),
        "where": name.where,
        "channel": placed.step.channel.value,
        "reads": reads,
        **({"test": test} if test else {}),
        **({"branch": branch} if branch else {}),
        **({"waits": waits} if waits else {}),
    }


def _fork(name: StepName) -> str:
    """A branch or an A/B test as a person finds it: with its place, which tells it from another with the same name."""
    return f"{name.full}, {name.where}"


def _waits(placed: Placed, steps: Mapping[str, Placed]) -> list[str]:
    """How long the waits are that everyone who gets to a step goes through, in their order."""
    waits: list[str] = []
    above = placed.after or (placed.ways[-1].step if placed.ways else "")
    while above:
        placed_step = steps[above]
        if isinstance(placed_step.step, WaitStep):
            waits.insert(0, placed_step.step.duration)
        above = placed_step.after or (placed_step.ways[-1].step if placed_step.ways else "")
    return waits


def _reads(placed: Placed, scope: Scope, sample: Sample) -> str:
    """The words as the sample makes them: a text with all that Attentive adds, an email's subject."""
    assert isinstance(placed.step, SendStep)
    message = scope.find(Message, placed.step.message)
    lead = facts(placed.step.channel).lead
    if message is None or lead not in message.parts:
        return ""
    reading = MessageReading(message, scope)
    if sample is not reading.usual:  # the journey's event may be another than the message's
        return reading.part(lead, sample).reads
    return scope.known("reads", message, lambda: reading.part(lead, sample).reads)
