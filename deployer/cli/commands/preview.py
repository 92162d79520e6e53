"""``deployer preview``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command
from deployer.errors import UsageError
from deployer.extras import needed_for
from deployer.nouns import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.cli.options import CommandRun
    from deployer.preview.previewer import Previewer
    from deployer.preview.values import Preview
    from deployer.source import Problem


@make_command("text", name="preview")
@click.option("--against", default="", metavar="REF", help="Compare with a commit, such as origin/main.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the page as one file instead.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to serve on (default: a free one).")
@click.option("--open", "open_", is_flag=True, help="Open the page in the browser.")
def command(run: CommandRun, *, against: str, out: Path | None, port: int, open_: bool) -> int:
    """Show every message as a phone and an inbox show it, and every journey as a picture.

    The page is served on 127.0.0.1 and follows each file that is saved, until Ctrl-C. On it other words and values are
    tried, and a click loads an email's pictures. With --out it is one file that opens from disk and makes no network
    requests. It is written even if the project has errors; then the exit code is 1.

    \b
    Example:
      deployer preview
      deployer preview --against origin/main --out preview.html
    """
    from deployer.preview.previewer import Previewer

    if out is not None:
        return _write(run, against, out, open_=open_)
    _serve(run, Previewer(run.project, run.env, against), port, open_=open_)
    return exits.DONE


def _write(run: CommandRun, against: str, out: Path, *, open_: bool) -> int:
    from deployer.cli.outputs import write_output
    from deployer.forge.edit_pages import edit_page_of_run
    from deployer.preview.previewer import preview_once
    from deployer.views.pages import Opening, preview_page

    workspace = run.workspace()
    shown, problems = preview_once(workspace, run.env, against)
    opening = Opening(edit_page=edit_page_of_run(run.project, os.environ))
    write_output(out, preview_page(shown, opening=opening).html, "--out")
    if workspace.pieces is not None:
        workspace.pieces.keep()
    run.tell(f"{_counted(shown)} in {out}")
    if open_:
        click.launch(str(out))
    return exits.of(failed=_print_problems(problems))


def _serve(run: CommandRun, previewer: Previewer, port: int, *, open_: bool) -> None:
    with needed_for("`deployer preview` without --out"):
        from deployer.views.pages.live import serve_preview

    from deployer.forge.edit_pages import find_edit_page
    from deployer.views.pages import Opening

    before: list[tuple[Problem, ...]] = [()]

    def look() -> Preview:
        shown = previewer.look()
        if previewer.problems != before[0]:
            before[0] = previewer.problems
            if not _print_problems(previewer.problems):
                run.tell(f"no errors: {_counted(shown)}")
        return shown

    def listening(url: str) -> None:
        run.out(f"preview at {url}")
        run.tell("every saved file shows immediately; press Ctrl-C to stop")
        if open_:
            click.launch(url)

    try:
        opening = Opening(run.project, find_edit_page(run.project, os.environ))
        serve_preview(look, opening, run.project, port, listening=listening)
    except OSError as error:
        raise UsageError(
            f"port {port} can't be used: {error.strerror}", "pass another --port; 0 picks a free one"
        ) from error


def _print_problems(problems: Iterable[Problem]) -> bool:
    """Print the errors on stderr, and say whether there are any; the page shows the rest."""
    from deployer.source import Problems
    from deployer.views.problems import render_text

    errors = Problems(problems).errors
    if errors:
        click.echo(render_text(errors), err=True)
    return bool(errors)


def _counted(shown: Preview) -> str:
    return f"{counted(len(shown.messages), 'message')} and {counted(len(shown.journeys), 'journey')}"
