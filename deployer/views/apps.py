"""Whose keys an environment's are, and what each may do as far as reading shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Entry, Run, Tone, entry, heading, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.engine.apps import AppCheck
    from deployer.views.outline import Node

_TONES = {"yes": Tone.GOOD, "no": Tone.BAD, "unknown": Tone.DIM}
_WHY = {"unknown": " (reading doesn't show it, and no write is sent to find out)"}


def whoami_text(checks: Sequence[AppCheck], *, environment: str, color: bool = False, width: int = 80) -> str:
    """Show on a terminal each app's name and company at Attentive, and its permissions: yes, no, or unknown."""
    return terminal.write(_outline(checks, environment), color=color, width=width)


def whoami_json(checks: Sequence[AppCheck], *, environment: str) -> str:
    """Write as JSON whose keys these are: ``{"version": 1, "environment": …, "apps": […]}``.

    An app has ``app`` (ours), ``application``, ``company``, ``company_id`` and ``domain`` (Attentive's, ``null`` where
    the key showed nothing), ``problem``, ``hint`` and ``scopes`` (each ``yes``, ``no`` or ``unknown``).
    """
    return json_text({"version": 1, "environment": environment, "apps": [_object(check) for check in checks]})


def _outline(checks: Sequence[AppCheck], environment: str) -> Iterator[Node]:
    if not checks:
        yield entry(f"No app is bound in {environment}: add one under `environments.{environment}.apps`.")
        return
    yield heading(f"Apps of {environment}", 1)
    for check in checks:
        yield Entry((Run(check.app, Tone.STRONG, code=True),), tuple(_app(check)), apart=True)


def _app(app_check: AppCheck) -> Iterator[Node]:
    if app_check.me is not None:
        yield labelled("application", app_check.me.application_name)
        yield labelled("company", f"{app_check.me.company_name} ({app_check.me.company_id})")
        yield labelled("domain", app_check.me.domain)
    if app_check.problem:
        hint = (labelled("hint", app_check.hint, Tone.INFO),) if app_check.hint else ()
        yield entry(Run("error:", Tone.BAD), f" {app_check.problem}", children=hint)
    if app_check.scopes:
        yield entry("permissions:", children=tuple(_scopes(app_check)))


def _scopes(app_check: AppCheck) -> Iterator[Node]:
    for answer, tone in _TONES.items():
        scopes = [scope for scope, has in app_check.scopes if has == answer]
        if scopes:
            yield labelled(answer, ", ".join(scopes) + _WHY.get(answer, ""), tone)


def _object(app_check: AppCheck) -> dict[str, Any]:
    me = app_check.me
    return {
        "app": app_check.app,
        "application": me.application_name if me else None,
        "company": me.company_name if me else None,
        "company_id": me.company_id if me else None,
        "domain": me.domain if me else None,
        "problem": app_check.problem,
        "hint": app_check.hint,
        "scopes": dict(app_check.scopes),
    }
