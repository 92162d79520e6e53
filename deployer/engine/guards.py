"""What must hold before anything is written. A guard that can't be evaluated fails; each override has its own name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.engine.plan import Mode, Plan
from deployer.kinds.base import GuardError
from deployer.source.secret import references, reveal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deployer.attentive import Me
    from deployer.engine.desired import Desired
    from deployer.source import Environment, Settings
    from deployer.state.model import State

MAX_SKEW = timedelta(minutes=5)
"""How far the local clock may be from Attentive's: backdating by hours must be true."""

_NAMED = 5
"""Addresses that a message names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """Guards that someone switched off by name."""

    allow_removals: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The options that were used, as they are written on the command line."""
        return ("--allow-removals",) if self.allow_removals else ()


def check_identity(environment: Environment, app: str, me: Me) -> None:
    """The key belongs to the company and the app that the environment names; raises ``GuardError``."""
    if environment.company_id and me.company_id != environment.company_id:
        raise GuardError(
            "wrong-company",
            f"the key of the app `{app}` belongs to {me.company_name} ({me.company_id}), "
            f"not to {environment.company_id} of the environment `{environment.name}`",
            "set the variable to the key of the right account, or correct company_id in deployer.yaml",
        )
    binding = environment.apps.get(app)
    name = binding.name if binding else ""
    if name and me.application_name != name:
        raise GuardError(
            "wrong-app",
            f"the key of the app `{app}` belongs to “{me.application_name}”, not to “{name}”",
            "an event type belongs to the app that first sent it: use that app's key, or correct the name",
        )


def check_recorded_company(environment: Environment, state: State, location: str) -> None:
    """The record is of the company that the environment names; raises ``GuardError``."""
    if state.company_id and environment.company_id and state.company_id != environment.company_id:
        raise GuardError(
            "wrong-company",
            f"the state {location} is of the company {state.company_id}, "
            f"not of {environment.company_id} of the environment `{environment.name}`",
            "correct company_id in deployer.yaml, or give the environment its own `state`",
        )


def check_clock(skew: timedelta | None) -> None:
    """The local clock is near Attentive's; raises ``GuardError``, also where no answer gave the time."""
    if skew is None:
        raise GuardError(
            "no-clock",
            "Attentive's answers carry no date, so the local clock can't be checked",
            "check whether a proxy between here and Attentive drops the Date header",
        )
    if abs(skew) > MAX_SKEW:
        minutes = round(skew.total_seconds() / 60)
        raise GuardError(
            "clock-skew",
            f"the local clock is {abs(minutes)} minutes {'ahead of' if minutes > 0 else 'behind'} Attentive's",
            "set the clock; backdated events would start journeys otherwise",
        )


def check_plan(plan: Plan, state: State, environment: Environment, config: str) -> None:
    """A saved plan still speaks of this environment, this YAML and this record; raises ``GuardError``."""
    again = f"plan again: `deployer plan --env {environment.name}`"
    if plan.environment != environment.name:
        way = f"pass --env {plan.environment}, or plan again"
        raise GuardError("other-environment", f"the plan is for `{plan.environment}`, not `{environment.name}`", way)
    if plan.mode is Mode.OFFLINE:
        raise GuardError("offline-plan", "an offline plan is never applied", "plan without --offline and apply that")
    if plan.lineage != state.lineage:
        raise GuardError("other-lineage", _other_lineage(plan, state), again)
    if plan.config != config:
        raise GuardError("config-changed", "the YAML changed since the plan was made", again)
    moved = [address for address, version in plan.versions.items() if state.version(address) != version]
    if moved:
        names = ", ".join(moved[:_NAMED]) + (f" and {len(moved) - _NAMED} more" if len(moved) > _NAMED else "")
        raise GuardError("state-moved", f"the state of {names} changed since the plan was made", again)


def _other_lineage(plan: Plan, state: State) -> str:
    """What became of the record that a plan was made from."""
    if not plan.lineage:
        return f"the plan was made when nothing was recorded; since then a state was created (serial {state.serial})"
    if not state.lineage:
        return "the plan was made from a state, and now nothing is recorded"
    return "the plan was made from another state: the current one has another lineage"


def check_removals(plan: Plan, state: State, settings: Settings, overrides: Overrides) -> None:
    """No more is removed than the limits allow: one is always within, everything never; raises ``GuardError``."""
    removing = [change.address for change in plan.removals if not change.blocked]
    total = len(state.entries)
    if len(removing) <= 1 or overrides.allow_removals:
        return
    limits = settings.limits
    hint = "remove fewer at a time, raise `limits` in deployer.yaml, or apply with --allow-removals"
    if len(removing) == total:
        raise GuardError("removes-everything", f"the plan removes all {total} recorded resources", hint)
    if len(removing) > limits.remove:
        raise GuardError("too-many-removals", f"the plan removes {len(removing)}; the limit is {limits.remove}", hint)
    if len(removing) * 100 > limits.remove_percent * total:
        share = f"{len(removing)} of {total} recorded resources; the limit is {limits.remove_percent} %"
        raise GuardError("too-many-removals", f"the plan removes {share}", hint)


def check_protected(environment: Environment, *, saved: bool) -> None:
    """A protected environment applies saved, reviewed plans only; raises ``GuardError``."""
    if environment.protected and not saved:
        raise GuardError(
            "needs-saved-plan",
            f"the environment `{environment.name}` is protected: it applies saved plans only",
            f"run `deployer plan --env {environment.name} --out plan.json`, have it reviewed, "
            f"then `deployer apply plan.json --env {environment.name}`",
        )


def missing_secrets(everything: Iterable[Desired], environ: Mapping[str, str]) -> tuple[str, ...]:
    """The environment variables that wanted fields refer to and that aren't set."""
    return tuple(sorted({name for name in _names(everything) if not environ.get(name)}))


def check_secrets(everything: Iterable[Desired], environ: Mapping[str, str], environment: Environment) -> None:
    """Every secret that a field refers to has a value that may be one there; raises ``GuardError``."""
    everything = tuple(everything)
    missing = missing_secrets(everything, environ)
    if missing:
        raise GuardError(
            "missing-secret",
            f"not set in the environment: {', '.join(missing)}",
            "set them where deployer runs; they are read from nowhere else",
        )
    for desired in everything:
        names = sorted(references(desired.wanted.fields))
        unfit = desired.kind.unfit(reveal(desired.wanted.fields, environ), environment) if names else ""
        if unfit:
            raise GuardError("bad-secret", f"{desired.address}: {unfit}", f"correct the value of {', '.join(names)}")


def _names(everything: Iterable[Desired]) -> Iterator[str]:
    for desired in everything:
        yield from references(desired.wanted.fields)
