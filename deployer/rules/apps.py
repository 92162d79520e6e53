"""What rules of several kinds ask of the app that a resource names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.rules.place import Finding
from deployer.source import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.kinds.custom_attribute import CustomAttribute
    from deployer.kinds.segment import Segment
    from deployer.kinds.webhook import Webhook
    from deployer.rules.subject import Subject


def undeclared(subject: Subject, model: type[CustomAttribute | Segment | Webhook]) -> Iterator[Finding]:
    """Resources of a kind whose app isn't declared in ``deployer.yaml``; one without an app uses the first."""
    apps = subject.project.settings.apps
    for one in subject.each(model):
        if one.app and one.app not in apps:
            hint = did_you_mean(one.app, apps) or f"declare it in deployer.yaml: `apps: {{{one.app}: {{}}}}`"
            yield Finding(subject.at(one, "app"), f"the app `{one.app}` is not declared", hint)


def of_vendors(subject: Subject, model: type[CustomAttribute | Segment | Webhook]) -> Iterator[Finding]:
    """Resources of a kind that a vendor's app would have to write, for which there is no key."""
    apps = subject.project.settings.apps
    own = [name for name, app in apps.items() if not app.vendor]
    for one in subject.each(model):
        if one.app in apps and apps[one.app].vendor:
            message = f"`{one.app}` is a vendor's app: its key isn't ours, so nothing can be written with it"
            yield Finding(subject.at(one, "app"), message, f"name an app of your own: {', '.join(own) or 'none yet'}")
