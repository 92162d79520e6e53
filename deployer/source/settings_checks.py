"""What a schema can't say about ``deployer.yaml``: environments against each other and against the declared apps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from deployer.net import UnsafeUrlError, checked_url
from deployer.source.documents import problem_at
from deployer.source.suggestion import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deployer.source.documents import Document
    from deployer.source.problems import Problem
    from deployer.source.settings import Environment, Settings


def check_settings(document: Document, settings: Settings) -> Iterator[Problem]:
    """Find every problem that settings which fit their schema can still have."""
    yield from _time_zone(document, settings)
    yield from _companies(document, settings)
    yield from _state_files(document, settings)
    if not settings.environments:
        message = "the project has no environment"
        hint = "write `sandbox: {target: sandbox}` under `environments`"
        yield problem_at(document, ("environments",), "settings/no-environment", message, hint=hint, key=True)
    for environment in settings.environments.values():
        yield from _apps(document, settings, environment)
        for check in _CHECKS:
            yield from check(document, environment)


def _time_zone(document: Document, settings: Settings) -> Iterator[Problem]:
    if not is_time_zone(settings.time_zone):
        message = f"`{settings.time_zone}` is not a time zone"
        zones = sorted(available_timezones())
        hint = did_you_mean(settings.time_zone, zones) or "write an IANA name such as `America/New_York`"
        yield problem_at(document, ("time_zone",), "settings/time-zone", message, hint=hint)


def is_time_zone(name: str) -> bool:
    """Whether a time zone is one of IANA's; on a machine without their database, which can't tell, any is."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such zone, no such path, a folder of zones
        return not available_timezones()
    return True


def _companies(document: Document, settings: Settings) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, environment in settings.environments.items():
        company = environment.company_id
        if company in first:
            message = f"the environments `{first[company]}` and `{name}` name the same company"
            hint = "one Attentive account is one environment; remove one of them"
            yield problem_at(
                document, ("environments", name, "company_id"), "settings/same-company", message, hint=hint
            )
        if company:
            first.setdefault(company, name)


def _state_files(document: Document, settings: Settings) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, environment in settings.environments.items():
        place = environment.state
        if place.startswith("file:") and place in first:
            message = f"the environments `{first[place]}` and `{name}` keep their state in the same file"
            hint = "name another file, or `state: git` or an object store, which keep each environment apart"
            yield problem_at(document, ("environments", name, "state"), "settings/same-state", message, hint=hint)
        first.setdefault(place, name)


def _apps(document: Document, settings: Settings, environment: Environment) -> Iterator[Problem]:
    for app, binding in environment.apps.items():
        pointer = ("environments", environment.name, "apps", app)
        declared = settings.apps.get(app)
        if declared is None:
            hint = did_you_mean(app, settings.apps) or f"declare it: `apps: {{{app}: {{}}}}`"
            message = f"the app `{app}` is not declared under `apps`"
            yield problem_at(document, pointer, "settings/unknown-app", message, hint=hint, key=True)
        elif not binding.name:
            hint = "write the app's name as Attentive's Marketplace shows it under Built by you"
            message = f"the app `{app}` has no `name` in `{environment.name}`"
            yield problem_at(document, pointer, "settings/missing-key", message, hint=hint, key=True)
        elif declared.vendor and binding.api_key:
            message = f"`{app}` is a vendor's app, so it has no key of ours"
            hint = "remove `api_key`: a vendor's events are described here and never sent"
            yield problem_at(document, (*pointer, "api_key"), "settings/vendor-key", message, hint=hint, key=True)
        elif not environment.is_sandbox and not declared.vendor and not binding.api_key:
            message = f"the app `{app}` has no key in `{environment.name}`"
            hint = "write `api_key: {env: NAME}` with the name of an environment variable"
            yield problem_at(document, pointer, "settings/missing-api-key", message, hint=hint, key=True)


def _complete(document: Document, environment: Environment) -> Iterator[Problem]:
    """Ask of an account what protects it; the schema says so too, where it can."""
    if environment.is_sandbox:
        return
    for field in ("company_id", "apps", "test_contacts"):
        if not getattr(environment, field):
            message = f"`{environment.name}` is an Attentive account and needs `{field}`"
            pointer = ("environments", environment.name, field)
            yield problem_at(document, pointer, "settings/incomplete-environment", message, key=True)


def _base_url(document: Document, environment: Environment) -> Iterator[Problem]:
    if not environment.base_url:
        return
    try:
        checked_url(environment.base_url, "`base_url`")
    except UnsafeUrlError as error:
        pointer = ("environments", environment.name, "base_url")
        hint = "write `https://HOST/PATH`, or `http://127.0.0.1:PORT` for a recorder on this machine"
        problem = problem_at(document, pointer, "settings/base-url", str(error), hint=hint)
        # In front of an @ there may be a password, and behind ? a token.
        yield replace(problem, excerpt="")


def _protected(document: Document, environment: Environment) -> Iterator[Problem]:
    if environment.protected and environment.state.startswith(("file:", "git:.")):
        message = f"`{environment.name}` is protected, but its state is kept on one machine"
        hint = "write `state: git` or an object store, so that everyone sees the same record"
        pointer = ("environments", environment.name, "protected")
        yield problem_at(document, pointer, "settings/protected-local-state", message, hint=hint)


def _state_path(document: Document, environment: Environment) -> Iterator[Problem]:
    path = environment.state.removeprefix("file:")
    if path != environment.state and (path.startswith(("/", "~")) or ".." in path.split("/")):
        message = f"the state's path `{path}` leaves the project's folder"
        pointer = ("environments", environment.name, "state")
        yield problem_at(document, pointer, "settings/state-path", message, hint="write a path within the project")


def _state(document: Document, environment: Environment) -> Iterator[Problem]:
    """Ask the backends themselves, so that what is refused when it is opened is refused here already."""
    if environment.state.startswith("file:"):
        return
    from deployer.state.named import UnsupportedBackendError, check_named  # noqa: PLC0415 - needed where state is shared

    try:
        check_named(environment.state, environment.name)
    except UnsupportedBackendError as error:
        pointer = ("environments", environment.name, "state")
        problem = problem_at(document, pointer, "settings/state", error.message, hint=error.hint)
        # There may be a password in front of an @.
        yield replace(problem, excerpt="") if "@" in environment.state else problem


_CHECKS: tuple[Callable[[Document, Environment], Iterator[Problem]], ...] = (
    _complete,
    _base_url,
    _protected,
    _state_path,
    _state,
)
