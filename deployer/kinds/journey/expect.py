"""What the test contact should get when a journey's event is sent: told with the task that proves the journey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.kinds.channels import facts
from deployer.kinds.event_type import EventType, usual_sample
from deployer.kinds.journey.model import Journey, SendStep, walk
from deployer.kinds.message import Message, MessageReading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.base import Scope
    from deployer.kinds.event_type import Sample
    from deployer.kinds.journey.naming import StepName


def expectations(journey: Journey, scope: Scope, called: Mapping[str, StepName]) -> dict[str, Any]:
    """The command that sends the event (or whom to ask for it), and each text or subject with where it is sent."""
    event = scope.find(EventType, journey.trigger)
    if event is None:
        return {}
    sample = usual_sample(event, scope)
    sends = [
        {
            "lanes": list(called[placed.step.key].lanes),
            "where": called[placed.step.key].where,
            "channel": placed.step.channel.value,
            "reads": _reads(placed.step, scope, sample),
        }
        for placed in walk(journey)
        if isinstance(placed.step, SendStep)
    ]
    opt_out = scope.settings.brand.opt_out_text
    around = {"sends": sends, **({"opt_out": opt_out} if opt_out else {})}
    app = scope.settings.apps.get(event.app)
    if app and app.vendor:
        return {"event": event.name, "ask": scope.app_name(event.app), **around}
    chosen = f" --sample {sample.name}" if sample.name in event.samples else ""
    command = f"deployer send {event.id} --env {scope.environment.name}{chosen}"
    return {"event": event.name, "command": command, **around}


def _reads(step: SendStep, scope: Scope, sample: Sample) -> str:
    """The words as the sample makes them: a text with all that Attentive adds, an email's subject."""
    message = scope.find(Message, step.message)
    lead = facts(step.channel).lead
    if message is None or lead not in message.parts:
        return ""
    return MessageReading(message, scope).part(lead, sample).reads
