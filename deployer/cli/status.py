"""``deployer status``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command("text", "json", "markdown", name="status")
def command(run: Run) -> int:
    """Show Attentive's launch checklist for an environment: six steps, ticked or with the reasons why not.

    Nothing is written; an open step doesn't fail.

    \b
    Example:
      deployer status --env production
    """
    from deployer import library
    from deployer.views.status import status_json, status_markdown, status_text

    with library.connect(run.workspace(), run.env) as connection:
        found = library.launch(connection)
    show = {
        "text": lambda: status_text(found, color=run.color, width=run.width),
        "json": lambda: status_json(found),
        "markdown": lambda: status_markdown(found),
    }
    run.out(show[run.format]())
    return exits.DONE
