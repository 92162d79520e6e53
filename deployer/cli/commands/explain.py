"""``deployer explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.completion import rules
from deployer.cli.options import command as make_command
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.cli.options import CommandRun, Formats
    from deployer.rules import Rule


ONE: Formats[[Rule]] = {
    "text": lambda run, rule: views.problems.rule_text(rule, width=run.width),
    "json": lambda _, rule: views.problems.rules_json([rule]),
    "markdown": lambda _, rule: views.problems.rule_markdown(rule),
}
MANY: Formats[[Sequence[Rule]]] = {
    "text": lambda run, rules: views.problems.rules_list(rules, width=run.width),
    "json": lambda _, rules: views.problems.rules_json(rules),
    "markdown": lambda _, rules: views.problems.rules_list_markdown(rules),
}


@make_command(*ONE, name="explain")
@click.argument("rule", required=False, metavar="[RULE]", shell_complete=rules)
def command(run: CommandRun, *, rule: str | None) -> int:
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
        run.show(ONE, CATALOGUE[rule])
        return exits.DONE
    family = (rule or "").removesuffix("*").removesuffix("/")
    chosen = [rule for rule in CATALOGUE.values() if family in {"", rule.family}]
    if not chosen:
        raise _unknown(rule or "")
    run.show(MANY, chosen)
    return exits.DONE


def _unknown(name: str) -> Exception:
    from deployer.rules import CATALOGUE, rule_meant

    hint = rule_meant(name, CATALOGUE) or "`deployer explain` lists every rule"
    return UsageError(f"there is no rule `{name}`", hint)
