"""Every rule by its id. A new rule is a decorated function in its family's module; a new family is a line here.

``RULES`` are those that a project may weigh, ``CATALOGUE`` holds every id that a problem can show.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from deployer.rules import (
    apps,
    attribute,
    definitions,
    event,
    event_names,
    journey,
    journey_flow,
    journey_test,
    opt_in,
    owners,
    personal,
    segment,
    settings,
    unseen_names,
    webhook,
)
from deployer.rules.fixed import DOCUMENTS, FILES, YAML
from deployer.rules.fixed_fields import FIELDS, SETTINGS
from deployer.rules.message import (
    as_written,
    braces,
    characters,
    email,
    fields,
    foreign,
    html,
    length,
    links,
    media,
    names,
    outdated,
    sms,
    width,
    wording,
    words,
)
from deployer.rules.rule import Rule
from deployer.rules.suppressions import SUPPRESSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FAMILIES = (
    attribute,
    event,
    event_names,
    journey,
    journey_flow,
    journey_test,
    as_written,
    braces,
    characters,
    email,
    fields,
    foreign,
    html,
    length,
    links,
    media,
    names,
    outdated,
    sms,
    width,
    wording,
    words,
    opt_in,
    owners,
    personal,
    segment,
    settings,
    unseen_names,
    webhook,
)
"""The modules that hold rules."""

PER_KIND = (*apps.RULES, *definitions.RULES)
"""What is asked of every kind that has an app, or definitions of values; a new kind is among them by itself."""

FIXED = (*FILES, *YAML, *DOCUMENTS, *FIELDS, *SETTINGS)
"""What is met before any check runs, and can't be relaxed."""


def _by_id(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    return MappingProxyType({rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)})


_CHECKS = tuple(value for module in FAMILIES for value in vars(module).values() if isinstance(value, Rule))
_CHECKED = (*_CHECKS, *PER_KIND, *SUPPRESSIONS)

RULES: Mapping[str, Rule] = _by_id(_CHECKED)
"""Every rule that ``rules:`` in ``deployer.yaml`` may set, by its id, sorted."""

CATALOGUE: Mapping[str, Rule] = _by_id((*_CHECKED, *FIXED))
"""Every id that a problem can show, sorted."""
