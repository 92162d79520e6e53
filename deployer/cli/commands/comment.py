"""``deployer comment``."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deployer.cli import exits
from deployer.cli.forge_options import allow_label_option, let_through
from deployer.cli.input_files import InputPath
from deployer.cli.notices import note
from deployer.cli.options import command as make_command
from deployer.cli.outputs import write_output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.app.pull_request import Overview
    from deployer.cli.options import CommandRun, Formats
    from deployer.forge.sticky import KeptComment
    from deployer.forge.surroundings import Place


FORMATS: Formats[[str, int, KeptComment]] = {
    "text": lambda _, _environment, number, kept: f"comment {kept.outcome} on pull request {number}",
    "json": lambda _, environment, number, kept: json.dumps(
        {
            "version": 1,
            "environment": environment,
            "pull_request": number,
            "comment": kept.outcome,
            "url": kept.url,
        },
        indent=2,
    ),
}
"""Of the comment of an environment on a pull request, and what became of it."""

_URL = re.compile(r"https://[^\s<>()\[\]\\\"'|`#]+")


@make_command(*FORMATS, name="comment")
@click.option("--against", metavar="REF", help="Compare messages and events with a commit.")
@click.option(
    "--compat",
    type=InputPath(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What `deployer compat --format json` wrote (default: compared with --against).",
)
@click.option(
    "--plan",
    "plan_file",
    type=InputPath(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A saved plan that looked at Attentive (default: an offline plan is made).",
)
@click.option("--new-findings-only", is_flag=True, help="Leave out findings that --against had already; count them.")
@click.option(
    "--pull-request", type=click.IntRange(min=1), metavar="N", help="The pull request's number (default: this run's)."
)
@click.option(
    "--preview-url",
    metavar="URL",
    callback=lambda _context, _param, url: _page(url),
    help="Where the page of `deployer preview` can be opened: each changed message links to itself on it.",
)
@click.option("--dry-run", is_flag=True, help="Print the comment; nothing is posted.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the comment to a file as well, such as a job's summary; with --dry-run instead of printing it.",
)
@allow_label_option
def command(run: CommandRun, **given: Any) -> int:
    """Comment on the pull request what it would change in an environment: one comment, updated by each run.

    It works on GitHub and GitLab, which it recognizes by their variables; the token is GITHUB_TOKEN or GITLAB_TOKEN.
    A pull request from a fork has no secrets and its token only reads: the comment is printed then, and says which
    half did not run. The exit code is 1 where the project has errors or something could not be compared.

    \b
    Example:
      deployer comment --env production --against origin/main --dry-run
      deployer comment --env production --against origin/main --compat compat.json
    """
    return _command(run, **given)


def _command(
    run: CommandRun,
    *,
    against: str | None,
    compat: Path | None,
    plan_file: Path | None,
    new_findings_only: bool,
    pull_request: int | None,
    preview_url: str,
    dry_run: bool,
    out: Path | None,
    allow_label: str | None,
) -> int:
    from deployer.app.pull_request import Given, overview
    from deployer.cli.plan_files import read_plan

    if against is not None and not against.strip():
        raise click.UsageError("--against is empty; name a commit, or leave it out")
    place = _place(required=not dry_run)
    live = read_plan(plan_file) if plan_file else None
    if new_findings_only and not against:
        raise click.UsageError("--new-findings-only needs --against: what the findings are compared with")
    fork = bool(place and place.fork)
    given = Given(
        against or "",
        live,
        _compat(compat) if compat else None,
        fork=fork,
        new_only=new_findings_only,
        let_through=let_through(allow_label),
    )
    review = overview(run.workspace(), run.env, given)
    text = _text(run, review, place, preview_url)
    if out is not None:
        write_output(out, text + "\n", "--out")
    if place is not None and not dry_run:
        _post(run, review, place, text, pull_request)
    elif out is None:
        run.out(text)
    if review.failed:
        click.echo(f"error: {_why(review)}", err=True)
    return exits.of(failed=review.failed)


def _why(overview: Overview) -> str:
    """Why the comment's own check failed, on one line."""
    from deployer.nouns import counted

    parts = [counted(len(overview.failing), "error")] if overview.failing else []
    parts += [f"not looked at: {unchecked.what} ({unchecked.why})" for unchecked in overview.missed]
    return " ".join("; ".join(parts).split())


def _page(url: str | None) -> str:
    """An address that markdown takes as it is, or nothing."""
    if url and not _URL.fullmatch(url):
        raise click.BadParameter("it begins with https:// and holds no blank, bracket, quote or fragment")
    return url or ""


def _text(run: CommandRun, overview: Overview, place: Place | None, preview_url: str) -> str:
    from deployer.views.comment import comment_markdown
    from deployer.views.comment_messages import Links
    from deployer.views.problems import prefix

    if place is None:
        return comment_markdown(overview, links=Links(preview=preview_url))
    links = Links(place.source_url, prefix(run.project, os.environ), preview_url)
    return comment_markdown(overview, commit=place.commit, run_url=place.run_url, links=links)


def _place(*, required: bool) -> Place | None:
    from deployer.forge.errors import ForgeError
    from deployer.forge.surroundings import find_place

    try:
        return find_place(os.environ)
    except ForgeError:
        if required:
            raise
        return None


def _post(run: CommandRun, overview: Overview, place: Place, text: str, pull_request: int | None) -> None:
    """Post the comment; of a fork's pull request print it where the token may not."""
    from deployer.forge.boxes import Scope, comment_mark
    from deployer.forge.errors import ForgeError
    from deployer.forge.sticky import keep_comment
    from deployer.forge.surroundings import open_forge
    from deployer.forge.values import Thread

    number = pull_request or place.pull_request
    if number is None:
        raise click.UsageError("this run belongs to no pull request; pass --pull-request N, or --dry-run")
    # Where deployer.yaml couldn't be read, the comment has no project's name.
    older = (comment_mark(Scope("", overview.environment)),)
    try:
        forge = open_forge(place)
        try:
            kept = keep_comment(forge, Thread("pull", number), comment_mark(overview.scope), text, older)
        finally:
            forge.close()
    except ForgeError as error:
        if not place.fork or (place.has_token and not error.forbidden):
            raise
        note("not posted, as this pull request comes from a fork, whose token only reads")
        run.out(text)
        return
    run.show(FORMATS, overview.environment, number, kept)


def _compat(path: Path) -> Mapping[str, Any]:
    wrong = f"{path} isn't JSON that `deployer compat --format json` wrote"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise click.UsageError(f"{path} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise click.UsageError(wrong) from error
    if not isinstance(data, dict) or data.get("version") != 1 or not {"changes", "summary", "notes"} <= set(data):
        raise click.UsageError(wrong)
    return data
