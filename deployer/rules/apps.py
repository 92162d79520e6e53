"""Rules about the app that a resource names: two for every kind that has an ``app``, under ids of the kind's family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds import KINDS
from deployer.kinds.values import AppUse
from deployer.rules.place import Finding
from deployer.rules.rule import family, rule
from deployer.source import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.kinds.kind import Kind
    from deployer.project import Resource
    from deployer.rules.rule import Rule
    from deployer.rules.subject import Subject


def _app(resource: Resource) -> str:
    app: str = resource.body.get("app", "")
    return app


def _unknown(kind: Kind) -> Rule:
    @rule(
        f"{family(kind)}/unknown-app",
        "`app` names an app that isn't declared",
        fix="declare the app under `apps` in deployer.yaml, or correct its id",
    )
    def unknown_app(subject: Subject) -> Iterator[Finding]:
        """The app decides whose key is used. An event type belongs for ever to the custom app that first sent it.

        Attentive's OpenAPI file, POST /v1/events/custom: a type is always sent through the app that created it.
        """
        apps = subject.project.settings.apps
        for resource in subject.of(kind):
            app = resource.fact("app", _app)
            if app and app not in apps:
                hint = did_you_mean(app, apps) or f"declare it in deployer.yaml: `apps: {{{app}: {{}}}}`"
                yield Finding(subject.at(resource.model, "app"), f"the app `{app}` is not declared", hint)

    return unknown_app


def _vendor(kind: Kind) -> Rule:
    @rule(f"{family(kind)}/vendor-app", "`app` names a vendor's app", fix="name an app of your own")
    def vendor_app(subject: Subject) -> Iterator[Finding]:
        """There is no key for an app that a partner manages, so nothing can be written with it."""
        apps = subject.project.settings.apps
        own = [name for name, app in apps.items() if not app.vendor]
        for resource in subject.of(kind):
            app = resource.fact("app", _app)
            if app in apps and apps[app].vendor:
                message = f"`{app}` is a vendor's app: its key isn't ours, so nothing can be written with it"
                hint = f"name an app of your own: {', '.join(own) or 'none yet'}"
                yield Finding(subject.at(resource.model, "app"), message, hint)

    return vendor_app


RULES = (
    *(_unknown(kind) for kind in KINDS.values() if kind.app_use is not AppUse.NONE),
    *(_vendor(kind) for kind in KINDS.values() if kind.app_use is AppUse.OURS),
)
"""The rules of every kind that has an ``app``."""
