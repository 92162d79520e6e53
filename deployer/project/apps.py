"""Which app something new belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.errors import UsageError

if TYPE_CHECKING:
    from deployer.source import Settings


def only_app(settings: Settings, named: str = "") -> str:
    """The app that was named, else the only one of ours.

    Raises ``UsageError`` where there is no such app, and where there are none or several to choose from.
    """
    apps = settings.apps
    ours = [name for name, app in apps.items() if not app.vendor]
    if named and named not in apps:
        raise UsageError(f"there is no app `{named}`", f"declared are: {', '.join(apps) or 'none'}")
    if not named and len(ours) != 1:
        hint = f"pass --app with one of {', '.join(apps)}" if apps else "declare an app under `apps` in deployer.yaml"
        raise UsageError("an event type belongs to the app that sends it, and it isn't clear which one that is", hint)
    return named or ours[0]
