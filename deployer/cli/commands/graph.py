"""``deployer graph``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.completion import addresses
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun, Formats
    from deployer.project.overview import Graph


FORMATS: Formats[[Graph]] = {
    "mermaid": lambda _, found: views.overview.graph_mermaid(found),
    "dot": lambda _, found: views.overview.graph_dot(found),
    "svg": lambda _, found: views.graph_svg.graph_svg(found),
    "json": lambda _, found: views.overview.graph_json(found),
}


@make_command(*FORMATS, name="graph")
@click.argument("address", required=False, default="", shell_complete=addresses)
def command(run: CommandRun, *, address: str) -> int:
    """Draw the way from each property to the messages: property, event type, journey, message.

    As Mermaid, which GitHub and GitLab draw in markdown, in Graphviz's language, or as a picture (SVG). With ADDRESS
    (or an id) only what leads to it and what it leads to. Nothing is read but the project.

    \b
    Example:
      deployer graph order_shipped_text
      deployer graph --format dot
      deployer graph --format svg
    """
    from deployer.project.overview import graph

    run.show(FORMATS, graph(run.workspace().project(run.env), address))
    return exits.DONE
