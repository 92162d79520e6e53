"""Declarations as tidy YAML: keys in the order in which people write them, one document a resource."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z]([A-Za-z0-9 _./-]*[A-Za-z0-9.])?", re.ASCII)
"""A text that needs no quotes, wherever it stands; readers of YAML disagree about some of the others."""

FIRST = ("kind", "id", "name")
LAST = ("environments",)


def document(body: Mapping[str, Any], remark: str = "") -> str:
    """One declaration, with a comment above it, ending in a newline; lists and small mappings stand in one line."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - needed where YAML is written only
    from ruamel.yaml.comments import CommentedMap  # noqa: PLC0415 - slow to import

    writer = YAML()
    writer.width = 1_000_000
    writer.allow_unicode = True
    data = CommentedMap((key, _in_line(body[key])) for key in _ordered(body))
    out = io.StringIO()
    writer.dump(data, out)
    return (f"# {remark}\n" if remark else "") + out.getvalue()


def documents(texts: Iterable[str]) -> str:
    """Documents one after the other."""
    return "---\n".join(texts)


def _ordered(body: Mapping[str, Any]) -> list[str]:
    middle = [key for key in body if key not in FIRST and key not in LAST]
    return [key for key in (*FIRST, *middle, *LAST) if key in body]


def _in_line(value: Any) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq  # noqa: PLC0415 - needed where YAML is written only
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString  # noqa: PLC0415 - slow to import

    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        return DoubleQuotedScalarString(value)
    if isinstance(value, Mapping):
        made: Any = CommentedMap((key, _in_line(item)) for key, item in value.items())
    elif isinstance(value, list | tuple):
        made = CommentedSeq(_in_line(item) for item in value)
    else:
        return value
    made.fa.set_flow_style()
    return made
