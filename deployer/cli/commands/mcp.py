"""``deployer mcp``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.cli import exits
from deployer.cli.options import command as make_command
from deployer.extras import needed_for

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun


@make_command(name="mcp")
def command(run: CommandRun) -> int:
    """Answer an assistant on standard input and output: the Model Context Protocol.

    Its tools validate, explain, list, show, search, render, simulate, plan offline and check payloads. They read the
    project and write nothing, neither on disk nor at Attentive; changes are proposed as patches. It needs more
    packages: pip install 'journey-deployer[mcp]'.

    \b
    Example:
      deployer mcp --project shop
    """
    workspace = run.workspace()
    with needed_for("`deployer mcp`"):
        from deployer.serving.assistant import serve
    serve(workspace.root)
    return exits.DONE
