"""Declarations as tidy YAML: keys in the order in which people write them, one document a resource."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from deployer.source.loading import Sources

SCHEMA_LINE = "# yaml-language-server: $schema="
"""What the first line of a file begins with, so that an editor knows its schema."""

_PLAIN = re.compile(r"[A-Za-z]([A-Za-z0-9 _./-]*[A-Za-z0-9.])?", re.ASCII)
"""A text that needs no quotes, wherever it is; readers of YAML disagree about some of the others."""

FIRST = ("kind", "id", "name")
LAST = ("environments",)


def document(body: Mapping[str, Any], remark: str = "", opened: Collection[str] = ()) -> str:
    """One declaration, with a comment above it, ending in a newline; lists and mappings are written in one line.

    Those under a key in ``opened`` are written one entry a line.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - needed where YAML is written only
    from ruamel.yaml.comments import CommentedMap  # noqa: PLC0415 - slow to import

    writer = YAML()
    writer.width = 1_000_000
    writer.allow_unicode = True
    writer.indent(mapping=2, sequence=4, offset=2)
    data = CommentedMap((key, _in_line(body[key], opened=key in opened)) for key in _ordered(body))
    out = io.StringIO()
    writer.dump(data, out)
    return (f"# {remark}\n" if remark else "") + out.getvalue()


def documents(texts: Iterable[str]) -> str:
    """Documents one after the other."""
    return "---\n".join(texts)


def extended(sources: Sources, path: str, texts: Iterable[str]) -> str:
    """A file of the project with more documents at its end, or a new one that begins with its schema."""
    added = documents(texts)
    if path not in sources.files.paths():
        return f"{SCHEMA_LINE}{schema_path(sources, path)}\n{added}"
    text = sources.files.text(path)
    if not text.strip():
        return added
    end = "\r\n" if "\r\n" in text else "\n"
    return text + ("" if text.endswith("\n") else end) + f"---\n{added}".replace("\n", end)


def schema_path(sources: Sources, path: str) -> str:
    """The schemas as seen from a file: where deployer.yaml has them, else where ``deployer schema --out`` puts them."""
    first = sources.settings.file.line(1) if sources.settings else ""
    _, _, named = first.partition(SCHEMA_LINE.removeprefix("# "))
    if "://" in named:
        return f"{named.strip().rpartition('/')[0]}/resource.schema.json"
    folder = PurePosixPath(named.strip()).parent if named else PurePosixPath(".deployer/schemas")
    here = PurePosixPath(path).parent.as_posix()
    return Path(os.path.relpath(folder / "resource.schema.json", here)).as_posix()


def _ordered(body: Mapping[str, Any]) -> list[str]:
    middle = [key for key in body if key not in FIRST and key not in LAST]
    return [key for key in (*FIRST, *middle, *LAST) if key in body]


def _in_line(value: Any, *, opened: bool = False) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq  # noqa: PLC0415 - needed where YAML is written only
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString  # noqa: PLC0415 - slow to import

    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        return DoubleQuotedScalarString(value)
    if isinstance(value, Mapping):
        mapping: Any = CommentedMap((key, _in_line(item)) for key, item in value.items())
    elif isinstance(value, list | tuple):
        mapping = CommentedSeq(_in_line(item) for item in value)
    else:
        return value
    if not opened:
        mapping.fa.set_flow_style()
    return mapping
