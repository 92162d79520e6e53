"""What the test contact should get when a journey's event is sent: told with the task that proves the journey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.kinds.event_type import EventType, complete_sample
from deployer.kinds.journey.model import Journey, SendStep, walk
from deployer.kinds.message import Message
from deployer.messages import event_data, render

if TYPE_CHECKING:
    from deployer.kinds.base import Scope


def expectations(journey: Journey, scope: Scope) -> dict[str, Any]:
    """The command that sends the event (or whom to ask for it), and each text or subject with where it is sent."""
    event = scope.find(EventType, journey.trigger)
    if event is None:
        return {}
    sample = "happy" if "happy" in event.samples else next(iter(event.samples), "")
    data = event_data(event.samples[sample] if sample else complete_sample(event, scope)[0])
    sends = [
        {
            "step": placed.step.id,
            "lanes": list(placed.lanes),
            "where": placed.where,
            "channel": placed.step.channel,
            "reads": _reads(placed.step, scope, data),
        }
        for placed in walk(journey)
        if isinstance(placed.step, SendStep)
    ]
    app = scope.settings.apps.get(event.app)
    if app and app.vendor:
        return {"event": event.name, "ask": scope.app_name(event.app), "sends": sends}
    command = f"deployer send {event.id} --env {scope.environment.name}" + (f" --sample {sample}" if sample else "")
    return {"event": event.name, "command": command, "sends": sends}


def _reads(step: SendStep, scope: Scope, data: dict[str, Any]) -> str:
    """The words as the sample makes them: a text with the brand that Attentive puts in front, an email's subject."""
    message = scope.find(Message, step.message)
    if message is None:
        return ""
    part = "body" if step.channel == "text" else "subject"
    words = render(scope.composed(message, part).text, data).text
    return f"{scope.settings.brand.name}: {words}" if step.channel == "text" else words
