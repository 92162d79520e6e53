"""What the rules find in words of a text that no one has written yet, for those who try other words."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.channels import facts
from deployer.rules.levels import Levels
from deployer.rules.message.braces import broken_macro, property_without_custom
from deployer.rules.message.names import (
    double_quotes_in_macro,
    offer_in_transactional,
    quote_in_key,
    undocumented_macro,
    unknown_attribute,
    unknown_macro,
    unknown_property,
)
from deployer.rules.message.outdated import deprecated_property
from deployer.rules.message.sms import (
    email_macro_in_text,
    may_be_empty_in_text,
    not_bare_in_text,
    not_scalar_in_text,
    optional_in_text,
    subscriber_in_text,
    tag_in_text,
)
from deployer.rules.subject import Subject
from deployer.rules.texts import instead

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.message import Message
    from deployer.project import Project
    from deployer.rules.rule import Rule
    from deployer.rules.texts import Texts
    from deployer.source import Problem, RuleSetting, Severity

_RULES = (
    *(unknown_property, unknown_attribute, unknown_macro, undocumented_macro, property_without_custom, quote_in_key),
    *(optional_in_text, not_scalar_in_text, may_be_empty_in_text, subscriber_in_text, deprecated_property),
    *(not_bare_in_text, tag_in_text, broken_macro, double_quotes_in_macro, email_macro_in_text),
)
"""The rules that look at one macro alone. Whether it is an offer that a journey may send depends on the journeys."""


def tried(project: Project, message: Message, words: str, only: str = "") -> tuple[Problem, ...]:
    """What the rules would find in a macro if it were in a text's words, weighed as the project has set them.

    ``only`` is the id of the one rule that is asked.
    """
    subject = _Alone(project, words=instead(project, message, facts(message.channel).lead, words))
    settings = project.settings.rules
    levels, rules = project.once("rules tried", (settings,), lambda: _running(settings))
    chosen = (rule for rule in rules if not only or rule.id == only)
    return tuple(problem for rule in chosen for problem in levels.weigh(rule.problems(subject)))


def _running(settings: Mapping[str, RuleSetting]) -> tuple[Levels, tuple[Rule, ...]]:
    levels = Levels(settings)
    return levels, tuple(rule for rule in _RULES if levels.runs(rule))


def offer_severity(project: Project, message: Message) -> Severity | None:
    """How an offer in a text that a transactional journey sends counts; ``None``: not at all."""
    path = project.resources[message.address].locate(()).path
    return Levels(project.settings.rules).severity(offer_in_transactional, path)


@dataclass(frozen=True)
class _Alone(Subject):
    """A project in which certain words are all that there is to read."""

    words: Texts | None = None

    @cached_property
    def texts(self) -> Texts:
        """These words."""
        assert self.words is not None
        return self.words
