"""A rule said to a person or a program: what it finds, why that matters, a bad and a good example, what to do."""

from __future__ import annotations

import textwrap
from itertools import groupby
from typing import TYPE_CHECKING, Any

from deployer.source.problems import Severity
from deployer.views.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.rules import Rule

VERSION = 1
"""Version of the JSON's shape: it grows when a field goes away or changes its meaning, not when one is added."""

RELAXED = "`rules:` in deployer.yaml may change it, and a comment may suppress it"
FIXED = "nothing relaxes it: what can't be read isn't in the project, so no later check could be trusted"
OF_COMMENTS = "`rules:` in deployer.yaml may change it"


def weight(rule: Rule) -> str:
    """How much the rule matters, and what can change that, in a line."""
    may = FIXED if rule.fixed else OF_COMMENTS if rule.family == "suppression" else RELAXED
    return f"{rule.severity}; {may}"


def rule_text(rule: Rule, *, width: int = 80) -> str:
    """Say all about a rule as plain text, wrapped to ``width`` columns but for its examples; no newline at the end."""
    parts = [
        f"{rule.id}: {rule.title}",
        weight(rule),
        rule.why,
        "bad:\n" + textwrap.indent(rule.bad.text.rstrip("\n"), "  "),
        "good:\n" + textwrap.indent(rule.good.text.rstrip("\n"), "  "),
        f"what to do: {rule.fix}",
    ]
    return "\n\n".join(part if "\n" in part else textwrap.fill(part, width, break_on_hyphens=False) for part in parts)


def rule_markdown(rule: Rule, *, heading: str = "##") -> str:
    """Say all about a rule as Markdown; no newline at the end."""
    lines = [
        f"{heading} {rule.id}",
        f"{rule.title[:1].upper()}{rule.title[1:]}. Severity: {weight(rule)}.",
        rule.why,
        f"Bad:\n\n```{rule.bad.language}\n{rule.bad.text}```",
        f"Good:\n\n```{rule.good.language}\n{rule.good.text}```",
        f"What to do: {rule.fix}.",
    ]
    return "\n\n".join(lines)


def rules_json(rules: Iterable[Rule]) -> str:
    """Write rules as ``{"version": 1, "rules": [...]}``, indented, in ASCII; no newline at the end."""
    return json_text({"version": VERSION, "rules": [_object(rule) for rule in rules]}, sort=False)


def rules_list(rules: Iterable[Rule], *, width: int = 80) -> str:
    """List rules by family, a line each, cut to ``width``; no newline at the end."""
    return "\n\n".join("\n".join(_family(name, list(rules), width)) for name, rules in _families(rules))


def rules_list_markdown(rules: Iterable[Rule]) -> str:
    """List rules by family as Markdown; no newline at the end."""
    parts = []
    for name, members in _families(rules):
        parts.append(
            "\n".join([f"## {name}", "", *(f"- `{rule.id}` ({rule.severity}): {rule.title}" for rule in members)])
        )
    return "\n\n".join(parts)


def _families(rules: Iterable[Rule]) -> Iterator[tuple[str, Iterator[Rule]]]:
    yield from groupby(rules, key=lambda rule: rule.family)


def _family(name: str, rules: list[Rule], width: int) -> Iterator[str]:
    yield name
    column = max(len(rule.id) for rule in rules)
    for rule in rules:
        mark = {Severity.ERROR: "error  ", Severity.WARNING: "warning", Severity.INFO: "info   "}[rule.severity]
        line = f"  {rule.id:<{column}}  {mark}  {rule.title}"
        yield line if len(line) <= width else line[: width - 3] + "..."


def _object(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "family": rule.family,
        "severity": rule.severity.value,
        "fixed": rule.fixed,
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "bad": {"language": rule.bad.language, "text": rule.bad.text},
        "good": {"language": rule.good.language, "text": rule.good.text},
    }
