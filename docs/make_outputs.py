"""Write docs/outputs.md and docs/macros.md: what a script or a pipeline reads and sets, and what a text may name.

Exit codes come from ``deployer.cli.exits``, formats from each command's options, the meaning of JSON from its schema,
macros and filters from what the renderer knows. Only the variables of the environment are described here;
``tests/docs`` looks for each of them in the code, and for each of the code's here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.main import cli
from deployer.messages.known import CUSTOM, KNOWN, LEGACY
from deployer.messages.tree import environment
from deployer.source import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).resolve().parent
SCHEMAS = DOCS.parent / "schemas"
MADE = "<!-- Made by docs/make_outputs.py; don't edit. -->"
MACROS_SAY = (
    "What Attentive fills in when it sends a message. [Write macros](guides/macros.md) shows them at work; the "
    "[rules](rules/message.md) say which of them a text may use."
)
LEGACY_SAY = "Single braces of older journeys, and their successors:"
LIQUID_SAYS = (
    "Tags and filters that the preview renders. Attentive publishes no list of those that it has: look at a test "
    "message before you rely on one."
)
NO_TAGS = {"content", "illegal", "output"}
"""What the parser calls a tag, and no one can write."""

VARIABLES = {
    "What deployer.yaml names": {
        "{env: NAME}": "NAME, for a key, a phone or the address of a webhook; it is read from nowhere else",
    },
    "How it prints and keeps": {
        "NO_COLOR": "no color",
        "FORCE_COLOR": "color, also where the output is no terminal",
        "CLICOLOR_FORCE": "the same",
        "TERM": "`dumb`: no color",
        "CI": "no line of progress that is rewritten",
        "DEPLOYER_CACHE": "the folder in which what was found in a project is kept between runs; empty: nowhere",
        "XDG_CACHE_HOME": "where that folder is, if `DEPLOYER_CACHE` doesn't name it",
        "HOME": "the same, for `~/.cache`",
        "DEPLOYER_CHROMIUM": "the browser that draws a message as a PNG",
        "TZ": "a change of it makes a project be checked again",
    },
    "Webhooks": {
        "ATTENTIVE_WEBHOOK_KEY": "the signing key for `verify` and `listen`, which have an option for another name",
    },
    "State in an object store": {
        "AWS_ENDPOINT_URL_S3": "another endpoint than Amazon's, beside the credentials that every S3 client reads",
        "AWS_ENDPOINT_URL": "the same, after it",
        "AWS_ENDPOINT": "the same, after both",
        "AZURE_STORAGE_ENDPOINT": "another endpoint than Azure's, beside the credentials that every client reads",
        "AZURE_ENDPOINT": "the same, after it",
    },
    "On GitHub, set by the runner": {
        "GITHUB_TOKEN": "the only one that a workflow sets: for `comment` and `issue`",
        "GITHUB_ACTOR": "who confirms, and who holds a lock",
        "GITHUB_API_URL": "the address of the API",
        "GITHUB_EVENT_PATH": "the pull request, or the edited issue",
        "GITHUB_HEAD_REF": "the branch that a pull request comes from",
        "GITHUB_REF_NAME": "the branch that is built",
        "GITHUB_REF_TYPE": "whether that is a branch",
        "GITHUB_REPOSITORY": "the repository, and that this is GitHub",
        "GITHUB_RUN_ID": "links to the run",
        "GITHUB_SERVER_URL": "links to files and runs",
        "GITHUB_SHA": "the commit that a status is about",
        "GITHUB_WORKSPACE": "the checkout, from which paths of findings count",
    },
    "On GitLab, set by the runner": {
        "GITLAB_TOKEN": "the only one that a pipeline sets: a project access token, for `comment` and `issue`",
        "GITLAB_USER_LOGIN": "who confirms, and who holds a lock",
        "CI_API_V4_URL": "the address of the API",
        "CI_COMMIT_BRANCH": "the branch that is built",
        "CI_COMMIT_SHA": "the commit that a status is about",
        "CI_JOB_TOKEN": "reads where there is no `GITLAB_TOKEN`",
        "CI_MERGE_REQUEST_IID": "the merge request",
        "CI_MERGE_REQUEST_PROJECT_ID": "the project that it goes to",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "the branch that it comes from",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "its own commit",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "the project that it comes from",
        "CI_MERGE_REQUEST_SOURCE_PROJECT_URL": "links to its files",
        "CI_PIPELINE_URL": "links to the run",
        "CI_PROJECT_DIR": "the checkout, from which paths of findings count",
        "CI_PROJECT_ID": "the project, and that this is GitLab",
        "CI_PROJECT_URL": "links to files",
    },
}
"""Every variable that the code reads, by what it is for."""


def pages() -> dict[str, str]:
    """Both pages by their paths below ``docs/``."""
    return {"outputs.md": outputs_page(), "macros.md": macros_page()}


def outputs_page() -> str:
    """Exit codes, formats, JSON, and variables of the environment."""
    lines = [MADE, "", "# For scripts and pipelines", "", "Data goes to stdout, progress and notes to stderr.", ""]
    lines += ["## Exit codes", "", "They never depend on the format.", "", *table("code", "means", codes()), ""]
    lines += [f"Of several, the first of {', '.join(map(str, exits.GRAVEST_FIRST))} counts.", "", "## Formats", ""]
    lines += ["The first is the default.", "", *table("command", "`--format`", formats()), "", "## JSON", ""]
    lines += ["Each has a schema, in `schemas/` and by `deployer schema NAME`. Fields are added, not changed.", ""]
    lines += [*table("schema", "is", json_schemas()), ""]
    lines += ["## Variables of the environment", "", "No file is read for them.", ""]
    for title, variables in VARIABLES.items():
        lines += [f"### {title}", "", *table("variable", "is", ((f"`{k}`", v) for k, v in variables.items())), ""]
    return "\n".join(lines)


def macros_page() -> str:
    """What the braces of a message may hold, as far as it is documented."""
    lines = [MADE, "", "# Macros and filters", "", MACROS_SAY, ""]
    own = ((f"`{{{{{a}.{b}['NAME']}}}}`", f"{meaning}; NAME exactly as declared") for (a, b), meaning in CUSTOM.items())
    lines += ["## Your own names", "", *table("macro", "is", own), "", "## Names that Attentive gives", ""]
    lines += ["Attentive's list may be longer. Another name is a finding that a team can weigh as it likes.", ""]
    known = (
        (f"`{{{{{one.name}}}}}`", f"{one.meaning}{', in marketing journeys only' if one.offer else ''}")
        for one in KNOWN.values()
    )
    lines += [
        *table("macro", "is", known),
        "",
        "## Legacy",
        "",
        LEGACY_SAY,
    ]
    legacy = ((f"`{{{old}}}`", f"`{new}`" if new else "a property of the event") for old, new in LEGACY.items())
    liquid = environment()
    lines += ["", *table("was", "is", legacy), "", "## Liquid, in emails", "", LIQUID_SAYS, ""]
    lines += [f"Tags: {listed(tag for tag in liquid.tags if not tag.startswith(('end', '_', '#')))}.", ""]
    lines += [f"Filters: {listed(liquid.filters)}.", ""]
    return "\n".join(lines)


def listed(names: Iterator[str] | dict[str, object]) -> str:
    """Names in their order, as code."""
    return ", ".join(f"`{name}`" for name in sorted(names))


def table(left: str, right: str, rows: Iterator[tuple[str, str]]) -> Iterator[str]:
    """A table of two columns."""
    yield from (f"| {left} | {right} |", "|---|---|")
    yield from (f"| {one} | {other} |" for one, other in rows)


def codes() -> Iterator[tuple[str, str]]:
    """Each exit code with its meaning."""
    return ((f"{code}", meaning) for code, meaning in exits.MEANINGS.items())


def formats() -> Iterator[tuple[str, str]]:
    """Each command with what it can print, the default first."""
    for path, command in leaves(cli, click.Context(cli), ()):
        for option in command.params:
            if option.name == "format_":
                first = option.get_default(click.Context(command))
                if len(option.type.choices) == 1:
                    continue  # a protocol, a server, or words for people only
                names = sorted(option.type.choices, key=lambda name, first=first: name != first)
                yield f"`{' '.join(path)}`", ", ".join(f"`{name}`" for name in names)


def leaves(
    command: click.Command, context: click.Context, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with its path, those of a group too."""
    if path:
        yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from leaves(below, click.Context(below, parent=context), (*path, name))


def json_schemas() -> Iterator[tuple[str, str]]:
    """Each schema of an output with its description; those of files are the pages of the kinds."""
    for file in sorted(SCHEMAS.glob("*.schema.json")):
        name = file.name.removesuffix(".schema.json")
        if "--format json" in schema(name)["description"]:
            yield f"`{name}`", schema(name)["description"]


def main() -> None:
    """Write both pages."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
