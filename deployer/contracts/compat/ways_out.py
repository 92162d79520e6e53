"""The way out of each breaking change: expand, migrate, contract, with the commands in their order."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from deployer.contracts.compat.matrix import MATRIX
from deployer.contracts.compat.verdict import Step, Verdict
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.contracts.compat.verdict import ContractChange
    from deployer.source import Settings

RENAMES = frozenset({"property-renamed", "property-case-changed"})
"""Changes whose sides are the two names of one thing."""

_SHIP = (
    "deployer validate",
    "deployer plan --env {env} --out plan.json",
    "deployer apply plan.json --env {env}",
)
_TURN_ON = (*_SHIP, "deployer tasks --env {env}", "deployer confirm TOKEN --env {env}")
_CHECK = "deployer compat --against {against}"

_PASS = Step(
    "contract",
    "allow it in the version that is compared with, in a separate change: "
    "under `compat.allow` in deployer.yaml write {{address: {address}, change: {change}, reason: …, until: …}}",
)
_PASS_NEW = Step(
    "migrate",
    "allow the new one to become required, in a separate change: "
    "under `compat.allow` in deployer.yaml write "
    "{{address: {address}, change: property-made-required, reason: …, until: …}}",
)
_DROP = Step(
    "contract",
    "when every journey that read `{name}` is turned on again, remove it and write it under `reserved`",
    (_CHECK, *_SHIP),
)

RECIPES: Mapping[str, tuple[Step, ...]] = MappingProxyType(
    {
        "remove": (
            Step("migrate", "keep `{name}` declared, and take it out of what reads it: {readers}", _TURN_ON),
            _DROP,
            Step("contract", "then the senders stop sending it"),
        ),
        "replace": (
            Step("expand", "keep `{name}` as it was, and declare {new} beside it with `optional: true`", _SHIP),
            Step("expand", "have the senders send both, and look whether they do", ("deployer check {id} EVENTS",)),
            _PASS_NEW,
            Step("migrate", "take `optional` away, and let what reads `{name}` read the new one: {readers}", _TURN_ON),
            _DROP,
        ),
        "return": (Step("expand", "leave `{name}` reserved, and declare the property under another key", _SHIP),),
        "require": (
            Step("expand", "leave the declaration as it was (a new property: `optional: true`)", _SHIP),
            Step("expand", "have the senders send what is to be required", ("deployer check {id} EVENTS",)),
            _PASS,
            Step("contract", "make this change again, and only then let messages rely on it", (_CHECK, *_TURN_ON)),
        ),
        "reader": (
            Step("migrate", "leave the event type as it was, and change what relies on it: {readers}", _TURN_ON),
            Step("contract", "make this change again", (_CHECK, *_SHIP)),
        ),
        "new-event": (
            Step("expand", "keep `{id}` as it was, and declare the new event type beside it, with another id", _SHIP),
            Step("expand", "have the senders send both", ("deployer check NEW_ID EVENTS",)),
            Step("migrate", "declare a journey with the new trigger for each of: {readers}", _TURN_ON),
            Step("migrate", "write `status: inactive` into the former journeys when the senders stop", _TURN_ON),
            Step("contract", "write `deprecated: true` into `{id}`", (_CHECK, *_SHIP)),
            Step(
                "contract",
                "when nothing sends it any longer, remove it and its journeys; write their addresses under `forget`",
                (_CHECK, *_SHIP),
            ),
        ),
        "retire-event": (
            Step("expand", "keep `{id}` declared, and write `deprecated: true` into it", _SHIP),
            Step("migrate", "write `status: inactive` into what it starts: {readers}", _TURN_ON),
            Step("contract", "have the senders stop sending it"),
            Step("contract", "then remove it and its journeys; write their addresses under `forget`", (_CHECK, *_SHIP)),
        ),
        "environment": (
            Step("expand", "keep the environment `{id}` under its name"),
            Step("migrate", "turn off what runs in its account, and have the senders stop sending there"),
            _PASS,
            Step("contract", "then remove it", (_CHECK, "deployer validate")),
        ),
        "trigger": (
            Step("expand", "keep `{id}` as it was, and declare another journey with the new trigger", _TURN_ON),
            Step("migrate", "write `status: inactive` into `{id}` when events of the former type stop", _TURN_ON),
            Step("contract", "remove `{id}`", (_CHECK, "deployer plan --env {env} --prune --out plan.json", _SHIP[2])),
        ),
        "attribute": (
            Step("expand", "keep `{id}` as it was, and declare another attribute with another name", _SHIP),
            Step("expand", "change everything that sets it to set both"),
            Step("migrate", "let what reads it read the new one: {readers}", _TURN_ON),
            Step("contract", "remove `{id}` and write its address under `forget`", (_CHECK, *_SHIP)),
        ),
    }
)
"""Each recipe by its name in the matrix; words in braces are filled in for a change."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a recipe is filled in with."""

    address: str
    change: str
    name: str
    new: str
    readers: str
    env: str
    against: str


def with_ways_out(changes: Iterable[ContractChange], settings: Settings, against: str) -> tuple[ContractChange, ...]:
    """The changes, what breaks with its way out.

    ``against`` is how the earlier side was named. The commands are for a protected environment, else for an account.
    """
    return tuple(
        replace(change, way_out=_way_out(change, settings, against)) if change.verdict is Verdict.BREAKING else change
        for change in changes
    )


def _way_out(change: ContractChange, settings: Settings, against: str) -> tuple[Step, ...]:
    named = change.path[1] if len(change.path) > 1 else change.address.partition(".")[2]
    renamed = change.change in RENAMES
    words = Words(
        address=change.address,
        change=change.change,
        name=str(change.before) if renamed else named,
        new=str(change.after) if renamed else "",
        readers=", ".join(dict.fromkeys(impact.message or impact.journeys[0] for impact in change.impacts)),
        env=_environment(change.environments, settings),
        against=against,
    )
    return _filled(MATRIX[change.change].way_out, words)


def _environment(names: tuple[str, ...], settings: Settings) -> str:
    """The environment that matters most: a protected one, else an account, else the first."""
    known = [settings.environments[name] for name in names if name in settings.environments]
    ranked = sorted(known, key=lambda environment: (environment.protected, not environment.is_sandbox), reverse=True)
    return ranked[0].name if ranked else names[0]


def _filled(recipe: str, words: Words) -> tuple[Step, ...]:
    """The steps of a recipe for one change, without those about readers where it has none."""
    filled = {
        "address": words.address,
        "id": words.address.partition(".")[2],
        "change": words.change,
        "name": words.name,
        "new": f"`{words.new}`" if words.new else "a new one",
        "readers": words.readers,
        "env": words.env,
        "against": words.against,
    }
    return tuple(
        Step(step.phase, step.what.format_map(filled), tuple(command.format_map(filled) for command in step.commands))
        for step in RECIPES.get(recipe, ())
        if words.readers or "{readers}" not in step.what
    )
