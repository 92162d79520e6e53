"""How much a rule matters in a project: its own severity, unless ``rules:`` in ``deployer.yaml`` says otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.source import RuleSetting, Severity
from deployer.source.globs import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deployer.rules.rule import Rule
    from deployer.source import Problem

OFF = "off"


@dataclass(frozen=True, slots=True)
class Levels:
    """What a project says of rules: by id, or by ``FAMILY/*`` for what no id says."""

    settings: Mapping[str, RuleSetting]

    def runs(self, rule: Rule) -> bool:
        """Whether anything that the rule finds could count."""
        settings = self._settings(rule.id)
        general = next((setting.severity for setting in settings if setting.severity), "")
        return general != OFF or any(set(setting.paths.values()) - {OFF} for setting in settings)

    def off(self, rule: str, path: str) -> bool:
        """Whether the rule is switched off for a file."""
        return self._level(rule, path) == OFF

    def weigh(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """The problems that count, each with the severity that it has in its file."""
        for problem in problems:
            level = self._level(problem.rule, problem.position.path)
            if level != OFF:
                yield replace(problem, severity=Severity(level)) if level else problem

    def severity(self, rule: Rule, path: str) -> Severity | None:
        """How what the rule finds in a file counts; ``None``: not at all."""
        level = self._level(rule.id, path)
        return None if level == OFF else Severity(level) if level else rule.severity

    def _level(self, rule: str, path: str) -> str:
        """The severity that is set; empty where the rule's own holds."""
        for setting in self._settings(rule):
            here = [level for pattern, level in setting.paths.items() if matches(path, pattern)]
            if here or setting.severity:
                return here[-1] if here else setting.severity
        return ""

    def _settings(self, rule: str) -> tuple[RuleSetting, ...]:
        """What is said of the rule, the nearest first."""
        names = (rule, f"{rule.partition('/')[0]}/*")
        return tuple(self.settings[name] for name in names if name in self.settings)
