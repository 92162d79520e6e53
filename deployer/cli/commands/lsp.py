"""``deployer lsp``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from deployer.cli import exits
from deployer.cli.options import command as make_command
from deployer.extras import needed_for

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun


@make_command(name="lsp")
def command(run: CommandRun) -> int:
    """Answer an editor on standard input and output: the Language Server Protocol.

    An editor starts it; docs/editors.md shows how. It finds what is wrong as you type, completes and explains, goes to
    declarations and mentions, renames, mends, and formats. Nothing is written but by the editor, and nothing is sent.
    It needs more packages: pip install 'journey-deployer[lsp]'.

    \b
    Example:
      deployer lsp
    """
    workspace = run.workspace()  # read now, so that the first answer doesn't wait for it
    with needed_for("`deployer lsp`"):
        from deployer.serving.language import begin
    # The server closes its streams at the end, and nothing else may be written where the editor reads.
    with os.fdopen(os.dup(0), "rb") as input_, os.fdopen(os.dup(1), "wb") as output:
        begin(workspace, input_, output)
    return exits.DONE
