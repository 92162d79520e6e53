"""What commands print as JSON, held against the published schemas; each schema's description names its commands."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jsonschema_rs

from deployer.source import schema, schema_names

_NAMED = re.compile(r"`deployer (?P<command>[a-z-]+(?: [a-z]+)?)(?: (?:[A-Z]+|--[a-z]+))* --format json`")
_SEVERAL = "environments"
"""The schema of what any command prints for several environments."""


@cache
def schemas_by_command() -> dict[str, tuple[str, ...]]:
    """The schemas of each command's JSON, by the command's words: ``plan``, ``state show``."""
    found: dict[str, list[str]] = {}
    for name in schema_names():
        for match in _NAMED.finditer(schema(name)["description"]):
            found.setdefault(match["command"], []).append(name)
    return {command: tuple(names) for command, names in found.items()}


def misfits(command: str, data: Any) -> list[str]:
    """What in a command's JSON isn't as one of its schemas has it; of several the schema with the fewest mistakes."""
    if not mistakes(_SEVERAL, data):
        results = (one["result"] for one in data[_SEVERAL] if one["result"] is not None)
        return [mistake for one in results for mistake in misfits(command, one)]
    return min((mistakes(name, data) for name in schemas_by_command()[command]), key=len)


def mistakes(name: str, data: Any) -> list[str]:
    """What in some JSON isn't as a schema has it, each with its place."""
    found = _validator(name).iter_errors(data)
    return [f"{name}: {'/'.join(map(str, error.instance_path))}: {error.message}" for error in found]


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema(name), validate_formats=True)
