"""``deployer graph``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@make_command("mermaid", "dot", "json", name="graph")
@click.argument("address", required=False, default="")
def command(run: Run, *, address: str) -> int:
    """Draw the way from each property to the messages: property, event type, journey, message.

    As Mermaid, which GitHub and GitLab draw in markdown, or in Graphviz's language. With ADDRESS (or an id) only what
    leads to it and what it leads to. Nothing is read but the project.

    \b
    Example:
      deployer graph order_shipped_text
      deployer graph --format dot
    """
    from deployer.project.overview import graph
    from deployer.views.overview import graph_dot, graph_json, graph_mermaid

    found = graph(run.workspace().project(run.env), address)
    show = {"mermaid": graph_mermaid, "dot": graph_dot, "json": graph_json}
    run.out(show[run.format](found))
    return exits.DONE
