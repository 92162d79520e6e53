"""``deployer explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.cli.options import Run
    from deployer.rules import Rule


@make_command("text", "json", "markdown", name="explain")
@click.argument("rule", required=False, metavar="[RULE]")
def command(run: Run, *, rule: str | None) -> int:
    """Explain a rule: why it matters, a bad and a good example, and what to do.

    RULE is an id as a problem shows it, or a family of them (message). Without it every rule is listed. The examples
    belong to a small shop, and deployer's own tests check them.

    \b
    Example:
      deployer explain message/optional-in-text
      deployer explain --format markdown
    """
    from deployer.rules import CATALOGUE

    if rule is not None and rule in CATALOGUE:
        run.out(_one(run, CATALOGUE[rule]))
        return exits.DONE
    family = (rule or "").removesuffix("*").removesuffix("/")
    found = [one for one in CATALOGUE.values() if family in {"", one.family}]
    if not found:
        raise _unknown(rule or "")
    run.out(_many(run, found))
    return exits.DONE


def _one(run: Run, rule: Rule) -> str:
    from deployer.views.problems import rule_markdown, rule_text, rules_json

    if run.format == "json":
        return rules_json([rule])
    return rule_markdown(rule) if run.format == "markdown" else rule_text(rule, width=run.width)


def _many(run: Run, rules: Sequence[Rule]) -> str:
    from deployer.views.problems import rules_json, rules_list, rules_list_markdown

    if run.format == "json":
        return rules_json(rules)
    return rules_list_markdown(rules) if run.format == "markdown" else rules_list(rules, width=run.width)


def _unknown(name: str) -> Exception:
    from deployer.rules import CATALOGUE, rule_meant

    hint = rule_meant(name, CATALOGUE) or "`deployer explain` lists every rule"
    return UsageError(f"there is no rule `{name}`", hint)
