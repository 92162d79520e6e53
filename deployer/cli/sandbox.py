"""``deployer sandbox``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.cli.options import Run


@click.group("sandbox")
def command() -> None:
    """Develop against an Attentive of your own: the account that the sandbox environment uses, on a port.

    \b
    Example:
      deployer sandbox serve --port 8080
    """


@make_command("text", name="serve")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one.")
def serve(run: Run, *, port: int) -> int:
    """Serve the sandbox on 127.0.0.1 until Ctrl-C. It shares its account with the commands that use the sandbox.

    Point a service at the address that is printed, with the key of its app.

    \b
    Example:
      deployer sandbox serve --port 8080
    """
    from deployer.library import UsageError
    from deployer.library.connection import open_sandbox, sandbox_key
    from deployer.sandbox.server import serve as run_server

    project = run.workspace().project(run.env)
    if project.environment.target != "sandbox":
        raise UsageError(
            f"`{project.environment.name}` is an Attentive account", "name an environment whose target is sandbox"
        )
    keys = [f"  {name}: {sandbox_key(name)}" for name, app in project.settings.apps.items() if not app.vendor]

    def listening(url: str) -> None:
        run.out("\n".join([f"sandbox of {project.settings.brand.name} at {url}", "keys, by app:", *keys]))
        run.tell("Ctrl-C ends it")

    with open_sandbox(project) as sandbox:
        try:
            run_server(sandbox, port, listening=listening)
        except OSError as error:
            raise UsageError(
                f"port {port} can't be used: {error.strerror}", "say another --port; 0 takes a free one"
            ) from error
    return exits.DONE


command.add_command(serve)
