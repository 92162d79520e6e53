"""``deployer schema``: the schemas of the project's own files, and (``export``) those of its events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deployer.cli import exits
from deployer.cli.commands.schema_export import export
from deployer.cli.options import command as make_command
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.cli.options import CommandRun, Formats


class _Schemas(click.Group):
    """A command with an argument that has a command below it as well: the first word decides."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was given, for the command below where that is named, else for the command itself."""
        below = bool(args) and args[0] in self.commands
        ctx.meta[__name__] = below
        ctx.allow_interspersed_args = not below
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Give the options, and the argument unless a command below is named."""
        parameters = super().get_params(ctx)
        return [
            parameter
            for parameter in parameters
            if not (ctx.meta.get(__name__) and isinstance(parameter, click.Argument))
        ]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command below alone, or the command itself."""
        if not ctx.meta.get(__name__):
            return click.Command.invoke(self, ctx)
        ctx.params["below"] = True
        return super().invoke(ctx)


LISTED: Formats[[Sequence[str], Path | None]] = {
    "text": lambda _, names, _folder: "\n".join(names),
    "json": lambda _, names, folder: _json(
        {"version": 1, "schemas": list(names), "folder": str(folder) if folder else ""}
    ),
}
"""Of the schemas' names, and the folder that they were written into."""


@make_command(*LISTED, name="schema")
@click.argument("name", required=False, metavar="[NAME]")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write every schema into this folder.")
def _schema(run: CommandRun, *, name: str | None = None, out: Path | None, below: bool = False) -> int:
    """Print the JSON Schema of a kind (or of deployer.yaml), list them, or write them for an editor.

    An editor with yaml-language-server completes and explains a file whose first line names its schema.
    `deployer schema export` writes those of the events' payloads, for the services that send them.

    \b
    Example:
      deployer schema Journey
      deployer schema --out .deployer/schemas
    """
    if below:
        return exits.DONE
    from deployer.source import schema, schema_names

    names = schema_names()
    if out:
        _write(out, {each: _json(schema(each)) for each in names})
        run.tell(f"wrote {len(names)} schemas; begin a file with their path as seen from that file:")
        run.tell(f"# yaml-language-server: $schema={out}/resource.schema.json")
    if name is not None:
        run.out(_json(schema(_exact(name, names))))
    elif run.format == "json" or out is None:
        run.show(LISTED, names, out)
    return exits.DONE


command = _Schemas(
    "schema",
    params=_schema.params,
    callback=_schema.callback,
    help=_schema.help,
    commands={"export": export},
    invoke_without_command=True,
    subcommand_metavar="| export ...",
)


def _write(folder: Path, schemas: Mapping[str, str]) -> None:
    from deployer.cli.outputs import write_folder

    write_folder(folder, {f"{name}.schema.json": text + "\n" for name, text in schemas.items()}, "--out")


def _exact(name: str, names: tuple[str, ...]) -> str:
    """The schema of a name, written as in YAML (``EventType``) or as in addresses (``event_type``)."""
    from deployer.source import near_or_few

    flat = name.replace("_", "").lower()
    found = next((each for each in names if each.replace("_", "") == flat), None)
    if found is None:
        hint = near_or_few(name, names, "schemas")
        raise UsageError(f"there is no schema `{name}`", hint)
    return found


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
