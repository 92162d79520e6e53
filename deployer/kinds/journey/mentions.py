"""Where the YAML, or a file beside it, says what a field of a journey's task should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.channels import all_parts
from deployer.kinds.journey.model import BranchStep, Placed, SendStep, WaitStep, walk
from deployer.kinds.message import Message
from deployer.kinds.values import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.kinds.base import Scope
    from deployer.kinds.journey.model import Journey

OWN = {
    "create.name": ("name",),
    "create.category": ("category",),
    "create.trigger": ("trigger",),
    "create.app": ("trigger",),
    "arrange.outline": ("steps",),
    "turn_on.re_entry": ("re_entry", "cooldown"),
}
"""Where a field that isn't a step's is; any other follows from the journey's status."""

KEYS = {"from": "from", "from_name": "from_name", "reply_to": "reply_to", "media": "media", "design": "design"}


def mentions(journey: Journey, scope: Scope, path: str) -> Iterator[Mention]:
    """The places of a field such as ``send.text.text`` or ``turn_on.status``, the nearest first."""
    for placed in walk(journey):
        if path == placed.step.key or path.startswith(f"{placed.step.key}."):
            yield from _step(journey, placed, scope, path[len(placed.step.key) + 1 :])
            return
    yield Mention(journey.address, OWN.get(path, ("status",)))
    if path in {"create.trigger", "create.app"}:
        yield Mention(f"event_type.{journey.trigger}", ("app",) if path == "create.app" else ("name",))


def _step(journey: Journey, placed: Placed, scope: Scope, field: str) -> Iterator[Mention]:
    step = placed.step
    if isinstance(step, SendStep):
        here = (*placed.pointer, step.field)
        if field in {"", "channel", "quiet_hours", "smart_sending"}:
            yield Mention(journey.address, (*here, field) if field not in {"", "channel"} else here)
            return
        message = scope.find(Message, step.message)
        if message is not None:
            yield from _words(message, scope, field.partition(".")[0])
        yield Mention(journey.address, (*here, "message"))
        return
    what = "wait" if isinstance(step, WaitStep) else "branch" if isinstance(step, BranchStep) else "ab_test"
    yield Mention(journey.address, (*placed.pointer, what, *([field] if field else [])))


def _words(message: Message, scope: Scope, field: str) -> Iterator[Mention]:
    """A part's own place in the YAML or its file, then each macro file that some of its words came from."""
    named = all_parts().get(field)
    part = named.name if named else field
    if part not in message.parts:
        yield Mention(message.address, (field,) if field in KEYS else ())
        return
    file = message.parts[part].file
    yield Mention(message.address, (part,))
    if file:
        yield Mention(file=file, whole=True)
    composed = scope.composed(message, part)
    first: dict[int, int] = {}
    for span in composed.spans:
        first.setdefault(span.source, span.offset)
    for number, offset in sorted(first.items()):
        source = composed.sources[number]
        if source.name and source.name != file:
            yield Mention(file=source.name, line=source.place(offset)[0])
