"""``deployer plan``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command("text", "json", "markdown", name="plan")
@click.option(
    "--offline", is_flag=True, help="Compare with the record only: no key is needed, and it can't be applied."
)
@click.option("--prune", is_flag=True, help="Remove what is recorded but no longer declared.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Save the plan for `deployer apply FILE`.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if there are changes, 4 if tasks wait.")
def command(run: Run, *, offline: bool, prune: bool, out: Path | None, detailed_exitcode: bool) -> int:
    """Show what would change in an environment, and by whom. Nothing is written.

    \b
    Example:
      deployer plan
      deployer plan --env production --out plan.json
    """
    from deployer import library
    from deployer.views.plan import plan_json, plan_markdown, plan_text

    with library.connect(run.workspace(), run.env) as connection:
        made = library.plan(connection, offline=offline, prune=prune)
    if out:
        _save(out, plan_json(made) + "\n")
        way = f"apply exactly this with: deployer apply {out} --env {made.environment}"
        run.tell(f"saved {out}; {'being offline, it is to look at only' if offline else way}")
    show = {
        "text": lambda: plan_text(made, color=run.color, width=run.width, verbose=run.verbose),
        "json": lambda: plan_json(made),
        "markdown": lambda: plan_markdown(made),
    }
    run.out(show[run.format]())
    blocked = any(change.blocked for change in made.changes)
    return exits.of(
        failed=blocked, waits=bool(made.waiting) and made.empty, changes=not made.empty, detailed=detailed_exitcode
    )


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{path} can't be written: {error.strerror}") from error
