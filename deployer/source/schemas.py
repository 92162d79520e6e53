"""The JSON Schemas that ship with the package: one a kind, and one for ``deployer.yaml``."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_SUFFIX = ".schema.json"


@cache
def _folder() -> Path:
    """Within the installed package; in a checkout beside it."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "schemas"
    return inside if inside.is_dir() else package.parent / "schemas"


@cache
def schema_names() -> tuple[str, ...]:
    """List the names of all schemas, sorted: ``deployer``, ``event_type``, …, ``resource`` (for editors)."""
    return tuple(sorted(path.name.removesuffix(_SUFFIX) for path in _folder().glob("*" + _SUFFIX)))


@cache
def schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) called ``name``; no one changes it. Raises ``LookupError`` for an unknown name."""
    if name not in schema_names():
        raise LookupError(f"there is no schema `{name}`; there are {', '.join(schema_names())}")
    loaded: dict[str, Any] = json.loads((_folder() / (name + _SUFFIX)).read_text("utf-8"))
    return loaded
