"""``deployer graph``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.completion import addresses
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun, Formats
    from deployer.project import Project
    from deployer.project.overview import Graph


FORMATS: Formats[[Graph, Project]] = {
    "mermaid": lambda _, graph, _project: views.overview.graph_mermaid(graph),
    "dot": lambda _, graph, _project: views.overview.graph_dot(graph),
    "svg": lambda _, graph, _project: views.graph_svg.graph_svg(graph),
    "html": lambda _, graph, project: _page(graph, project),
    "json": lambda _, graph, _project: views.overview.graph_json(graph),
}


@make_command(*FORMATS, name="graph")
@click.argument("address", required=False, default="", shell_complete=addresses)
def command(run: CommandRun, *, address: str) -> int:
    """Draw the way from each property to the messages: property, event type, journey, message.

    As Mermaid, which GitHub and GitLab draw in markdown, in Graphviz's language, as a picture (SVG), or as a page
    (HTML) on which a declaration that is chosen shows its way. With ADDRESS (or an id) only what leads to it and what
    it leads to. Nothing is read but the project.

    \b
    Example:
      deployer graph order_shipped_text
      deployer graph --format dot
      deployer graph --format svg
      deployer graph --format html
    """
    from deployer.project.overview import graph

    project = run.workspace().project(run.env)
    run.show(FORMATS, graph(project, address), project)
    return exits.DONE


def _page(graph: Graph, project: Project) -> str:
    from deployer.views.pages.graph import graph_page

    name = project.settings.brand.name or project.settings.project
    return graph_page(graph, name, project.environment.name).html.removesuffix("\n")
