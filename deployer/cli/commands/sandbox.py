"""``deployer sandbox``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.input_files import InputPath
from deployer.cli.options import command as make_command
from deployer.errors import UsageError
from deployer.extras import needed_for

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun


@click.group("sandbox")
def command() -> None:
    """Develop against an Attentive of your own: the account that the sandbox environment uses, on a port.

    \b
    Example:
      deployer sandbox serve --port 8080
    """


@make_command("text", name="serve")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes a free one.")
@click.option(
    "--speed",
    type=click.FloatRange(1, 100_000),
    default=1,
    show_default=True,
    help="How fast the journeys' clock goes: 3600 lets an hour pass in a second.",
)
@click.option(
    "--double-opt-in/--single-opt-in",
    default=None,
    help="Whether new subscribers to texts have to reply Y. The account remembers it (at first: single).",
)
@click.option(
    "--faults",
    "faults_file",
    metavar="FILE",
    type=InputPath(exists=True, dir_okay=False, path_type=Path),
    help="The failures to simulate, as YAML or JSON.",
)
def serve(run: CommandRun, *, port: int, speed: float, double_opt_in: bool | None, faults_file: Path | None) -> int:
    """Serve the sandbox on 127.0.0.1 until Ctrl-C. It shares its account with the commands that use the sandbox.

    Point a service at the address that is printed, with the key of its app. Journeys that are confirmed in this
    environment run: an event that comes in sends the confirmed texts to the phones of the page whose address is
    printed too, where STOP, HELP, START and Y can be replied, and webhooks are posted to, signed as by Attentive.

    With `--faults .faults/storm.yaml` it fails on demand, to test how a service handles failures. The file is
    a list of faults; keep it out of the project's YAML, in a folder whose name begins with a dot, or as .json:

    \b
      - {on: "POST /v1/webhooks", nth: 2, times: 3, fault: status, status: 429, retry_after: 1}
      - {on: "POST /v1/events/*", fault: timeout, when: after}

    `on` is an endpoint (GET / lists them) or a pattern with * and ?. The fault begins with the `nth` request that
    matches (1) and strikes `times` of them (1, or unlimited). `when` says whether the request is carried out: before
    (the fault comes before that) or after.

    \b
      status       a failure               status, retry_after (seconds), when
      timeout      no answer               when, seconds (that it lasts at most)
      reset        the connection breaks   when
      slow         a late answer           seconds
      malformed    half of the JSON
      truncate     a body cut off
      repeat_page  a GET answered as the one before it
      lag          a GET without what the last requests wrote   behind (requests)
      revoke       401 for this key, for good
      skew         a wrong Date header     seconds

    \b
    Example:
      deployer sandbox serve --port 8080
    """
    from deployer.app.phones import playing
    from deployer.app.sandbox_account import open_sandbox, sandbox_key
    from deployer.cli.stored import backend
    from deployer.sandbox import Faults

    with needed_for("`deployer sandbox serve`"):
        from deployer.sandbox.server import serve as run_server
        from deployer.views.pages.phones_live import phones_site

    project = run.workspace().project(run.env)
    if not project.environment.is_sandbox:
        raise UsageError(
            f"`{project.environment.name}` is an Attentive account", "name an environment whose target is sandbox"
        )
    faults = Faults.read(faults_file) if faults_file else None
    keys = [
        f"  {name}: {sandbox_key(name)}{' (a vendor sends with it)' if app.vendor else ''}"
        for name, app in project.settings.apps.items()
    ]

    def listening(url: str) -> None:
        shown = [f"sandbox of {project.settings.brand.name} at {url}", f"phones and inboxes: {url}{path}"]
        run.out("\n".join([*shown, "keys, by app:", *keys]))
        run.tell("Ctrl-C ends it")

    record, _ = backend(run, None)
    with open_sandbox(project) as sandbox, playing(project, record, sandbox, speed) as phones:
        if double_opt_in is not None:
            sandbox.wait_for_reply_y(double_opt_in)
        page, path = phones_site(phones)
        try:
            run_server(sandbox, port, listening=listening, faults=faults, beside=[page])
        except OSError as error:
            raise UsageError(
                f"port {port} can't be used: {error.strerror}", "pass another --port; 0 picks a free one"
            ) from error
        finally:
            if faults:
                struck = ", ".join(f"{kind} {count}" for kind, count in faults.injected.items())
                run.tell(f"faults injected: {struck or 'none'}")
    return exits.DONE


command.add_command(serve)
