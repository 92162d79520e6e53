"""Three lines that make a first message, for somebody who has none: they fit the project as it stands."""

from __future__ import annotations

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
    """A message about an event that is declared already, or an event with its message."""
    events = project.all(EventType)
    apps = [name for name, app in project.settings.apps.items() if not app.vendor]
    text = _MESSAGE.format(event=events[0].id) if events else _BOTH.format(app=apps[0] if apps else "orders")
    return Starter(FILE, text)
