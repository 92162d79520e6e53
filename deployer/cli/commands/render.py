"""``deployer render``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.completion import messages_and_journeys, samples
from deployer.cli.options import command as make_command
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.cli.options import CommandRun, Formats
    from deployer.preview.rendering import RenderedMessage
    from deployer.project import Project

PICTURES = (".svg", ".png", ".html")
JOURNEY = "journey."


FORMATS: Formats[[Sequence[RenderedMessage]]] = {
    "text": lambda run, rendered_messages: views.render.render_text(rendered_messages, **run.look),
    "json": lambda _, rendered_messages: views.render.render_json(rendered_messages),
    "markdown": lambda _, rendered_messages: views.render_markdown.render_markdown(rendered_messages),
    "html": lambda _, rendered_messages: views.render_html.render_html(rendered_messages),
}


@make_command(*FORMATS, name="render")
@click.argument(
    "message",
    required=False,
    default="",
    metavar="[MESSAGE | journey.ID]",
    shell_complete=messages_and_journeys,
)
@click.option(
    "--sample",
    default="",
    metavar="NAME",
    shell_complete=samples,
    help="The sample to fill in, or `all` (default: happy).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a picture or a page: FILE.svg, FILE.html, or FILE.png where a Chromium is installed.",
)
@click.option("--show-values", is_flag=True, help="Show values of properties that are marked `pii: true`.")
def command(run: CommandRun, *, message: str, sample: str, out: Path | None, show_values: bool) -> int:
    """Show messages as Attentive's composer and as a customer gets them, with length and macros.

    Only the project is read, and errors in what isn't shown are named and stop nothing. What the sample filled in is
    marked, and so is what Attentive adds. Beside the event's own samples there are longest, missing_optional and
    unicode, made from its schema. The counts are estimates; Attentive's composer decides. Values of properties that
    are marked `pii: true` are shown as asterisks, and counted as they are. As FILE.png an email is photographed as
    it looks, without pictures from outside. A journey is a picture: with `journey.ID` and --out its steps are drawn
    into FILE.svg or FILE.png.

    \b
    Example:
      deployer render order_shipped_text --sample longest
      deployer render order_shipped_text --out order_shipped.svg
      deployer render journey.order_shipped --out journey.svg
    """
    if out and out.suffix.lower() not in PICTURES:
        raise click.UsageError(f"--out {out} isn't one of: {', '.join(f'FILE{suffix}' for suffix in PICTURES)}")
    if message.startswith(JOURNEY):
        return _journey(run, message, out)
    project = _project(run, f"message.{message.removeprefix('message.')}" if message else "")
    rendered_messages = deployer.render_messages(project, message, sample, show_values=show_values)
    if out:
        _write(out, rendered_messages)
        run.tell(f"wrote {out}")
    else:
        run.show(FORMATS, rendered_messages)
    return exits.DONE


def _project(run: CommandRun, address: str) -> Project:
    """The checked project, of which no more is read than one address needs, where that is given."""
    from deployer.cli.elsewhere import note_elsewhere, project_for

    if not address:
        from deployer.workspace.around_errors import messages_meant

        return project_for(run, lambda project: messages_meant(project, ""))
    from deployer.workspace.sought import project_of

    return note_elsewhere(run, project_of(address, run.project, run.env, run.kept_in))


def _journey(run: CommandRun, address: str, out: Path | None) -> int:
    from deployer.atomic import write_file
    from deployer.cli.outputs import writing
    from deployer.preview.journeys import drawn
    from deployer.views.journey_svg import journey_svg
    from deployer.views.render_png import screenshot
    from deployer.views.render_svg import picture_page

    if out is None or out.suffix.lower() == ".html":
        raise UsageError(
            "a journey is drawn as a picture", f"pass `--out {address.removeprefix(JOURNEY)}.svg`, or .png"
        )
    journey, words = drawn(_project(run, address), address)
    svg, size = journey_svg(journey, words)
    with writing(out, "--out"):
        if out.suffix.lower() == ".png":
            screenshot(picture_page(svg), out, size)
        else:
            write_file(out, svg + "\n")
    run.tell(f"wrote {out}")
    return exits.DONE


def _write(out: Path, rendered_messages: Sequence[RenderedMessage]) -> None:
    from deployer.atomic import write_file
    from deployer.cli.outputs import writing
    from deployer.views.render_html import render_html
    from deployer.views.render_svg import render_svg

    kind = out.suffix.lower()
    with writing(out, "--out"):
        if kind == ".png":
            _photograph(out, rendered_messages)
        else:
            write_file(
                out, (render_svg(rendered_messages)[0] if kind == ".svg" else render_html(rendered_messages)) + "\n"
            )


def _photograph(out: Path, rendered_messages: Sequence[RenderedMessage]) -> None:
    from deployer.views.render_mail import HEIGHT, WIDTH, mail_page
    from deployer.views.render_png import height_of, screenshot
    from deployer.views.render_svg import picture_page, render_svg

    if any("html" in message.rendered for message in rendered_messages):
        page = mail_page(rendered_messages)
        screenshot(page, out, (WIDTH, height_of(page, WIDTH, HEIGHT)))
    else:
        svg, size = render_svg(rendered_messages)
        screenshot(picture_page(svg), out, size)
