"""Three lines that make a first message, for someone who has none: they fit the project as it is."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING

from deployer.kinds.event_type import EventType
from deployer.preview.values import Starter

if TYPE_CHECKING:
    from deployer.project import Project

FILE = "messages/first.yaml"

_MESSAGE = """\
{{kind: Message, id: first_text, channel: text, event: {event},
  description: The first words of our own.,
  body: "Your order is on its way."}}
"""
_BOTH = """\
{{kind: EventType, id: first_event, name: First Event, app: {app}, properties: {{}}, samples: {{happy: {{}}}}}}
---
{{kind: Message, id: first_text, channel: text, event: first_event, body: "Your order is on its way."}}
"""


def starter(project: Project) -> Starter:
    """A message about an event that is declared already, or an event with its message and, where none is, its app."""
    events = project.all(EventType)
    if events:
        return Starter(FILE, _MESSAGE.format(event=events[0].id))
    apps = project.settings.apps
    own = [name for name, app in apps.items() if not app.vendor]
    if own:
        return Starter(FILE, _BOTH.format(app=own[0]))
    names = chain(["orders"], (f"orders_{number}" for number in count(2)))
    name = next(name for name in names if name not in apps)
    return Starter(FILE, _BOTH.format(app=name), f"apps: {{{name}: {{}}}}" if not apps else f"  {name}: {{}}")
