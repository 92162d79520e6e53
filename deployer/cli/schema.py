"""``deployer schema``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.cli.options import Run


@make_command("text", "json", name="schema")
@click.argument("name", required=False, metavar="[NAME]")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write every schema into this folder.")
def command(run: Run, *, name: str | None, out: Path | None) -> int:
    """Print the JSON Schema of a kind (or of deployer.yaml), list them, or write them for an editor.

    An editor with yaml-language-server completes and explains a file whose first line names its schema.

    \b
    Example:
      deployer schema Journey
      deployer schema --out .deployer/schemas
    """
    from deployer.source import schema, schema_names

    names = schema_names()
    if out:
        _write(out, {each: _json(schema(each)) for each in names})
        run.tell(f"wrote {len(names)} schemas; begin a file with their path as seen from that file:")
        run.tell(f"# yaml-language-server: $schema={out}/resource.schema.json")
    if name is not None:
        run.out(_json(schema(_exact(name, names))))
    elif run.format == "json":
        run.out(_json({"version": 1, "schemas": list(names), "folder": str(out) if out else ""}))
    elif out is None:
        run.out("\n".join(names))
    return exits.DONE


def _write(folder: Path, schemas: Mapping[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in schemas.items():
            (folder / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{error.filename or folder} can't be written: {error.strerror}") from error


def _exact(name: str, names: tuple[str, ...]) -> str:
    """The schema of a name, written as in YAML (``EventType``) or as in addresses (``event_type``)."""
    from deployer.library import UsageError
    from deployer.source import suggest

    flat = name.replace("_", "").lower()
    found = next((each for each in names if each.replace("_", "") == flat), None)
    if found is None:
        near = suggest(name, names)
        hint = f"did you mean `{near}`?" if near else f"there are: {', '.join(names)}"
        raise UsageError(f"there is no schema `{name}`", hint)
    return found


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
