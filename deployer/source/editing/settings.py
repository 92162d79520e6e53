"""Adding to ``deployer.yaml`` without touching the rest: lines are put in, else ruamel.yaml rewrites with comments."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import yaml

from deployer.source.editing.mappings import node_of
from deployer.source.editing.values import flow

if TYPE_CHECKING:
    from collections.abc import Mapping


def add_to_environment(text: str, environment: str, adopt: Mapping[str, str], company_id: str = "") -> str:
    """The settings with adopt entries (an id by address) and a missing ``company_id`` in one environment.

    Comments, order and style of everything else stay as they are. ``text`` is known to be valid YAML.
    """
    if not adopt and not company_id:
        return text
    if company_id:
        text = _with_company(text, environment, company_id)
    return _with_adopt(text, environment, adopt) if adopt else text


def _with_company(text: str, environment: str, company_id: str) -> str:
    node = _environment(text, environment)
    if not _is_block(node):
        return _rewritten(text, environment, {}, company_id)
    target = next((value for key, value in node.value if key.value == "target"), node.value[0][1])
    line = f"{_indent(node)}company_id: {flow(company_id)}"
    return _put(text, _end(target), [line])


def _with_adopt(text: str, environment: str, adopt: Mapping[str, str]) -> str:
    node = _environment(text, environment)
    present = _child(node, "adopt") if _is_block(node) else None
    if not _is_block(node) or (present is not None and not _is_block(present)):
        return _rewritten(text, environment, adopt, "")
    if present is not None:
        return _put(text, _end(present), _entries(adopt, _indent(present)))
    indent = _indent(node)
    return _put(text, _end(node), [f"{indent}adopt:", *_entries(adopt, f"{indent}  ")])


def _entries(adopt: Mapping[str, str], indent: str) -> list[str]:
    return [f"{indent}{address}: {{id: {flow(object_id)}}}" for address, object_id in sorted(adopt.items())]


def _environment(text: str, environment: str) -> yaml.Node:
    root = node_of(text)
    environments = _child(root, "environments")
    node = _child(environments, environment) if environments is not None else None
    assert node is not None
    return node


def _child(node: yaml.Node, name: str) -> yaml.Node | None:
    return next((value for key, value in node.value if key.value == name), None)


def _is_block(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode) and not node.flow_style and bool(node.value)


def _indent(node: yaml.Node) -> str:
    return " " * int(node.value[0][0].start_mark.column)


def _end(node: yaml.Node) -> int:
    """The number of the line after a value's last one, from 0; comments and blank lines below it don't count."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    mark = node.end_mark
    return int(mark.line) if mark.column == 0 and mark.line > node.start_mark.line else int(mark.line) + 1


def _put(text: str, line: int, lines: list[str]) -> str:
    """Put whole lines in front of line ``line`` (from 0), with the line ends that the file has."""
    end = "\r\n" if "\r\n" in text else "\n"
    have = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
    if line >= len(have) and have and not have[-1].endswith(("\n", "\r")):
        have[-1] += end
    return "".join([*have[:line], *(f"{line}{end}" for line in lines), *have[line:]])


def _rewritten(text: str, environment: str, adopt: Mapping[str, str], company_id: str) -> str:
    """The whole file written again, comments kept, where lines can't be put in (a mapping in braces)."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - needed here only

    writer = YAML()
    writer.preserve_quotes = True
    writer.width = 1_000_000
    if re.search(r"^( *)\S.*:[^\S\n]*\n\1 +- ", text, re.MULTILINE):
        writer.indent(mapping=2, sequence=4, offset=2)
    data: Any = writer.load(text)
    data["environments"].fa.set_block_style()  # one long line in braces is no place for a list that grows
    body = data["environments"][environment]
    body.fa.set_block_style()
    if company_id:
        body["company_id"] = company_id
    if adopt:
        body["adopt"] = _adopted(body.get("adopt"), adopt)
    out = io.StringIO()
    writer.dump(data, out)
    return out.getvalue()


def _adopted(present: Any, adopt: Mapping[str, str]) -> Any:
    """The adopt entries, those that are there first, one a line."""
    from ruamel.yaml.comments import CommentedMap  # noqa: PLC0415 - needed here only

    mapping = present if isinstance(present, CommentedMap) else CommentedMap()
    mapping.fa.set_block_style()
    for address, object_id in sorted(adopt.items()):
        entry = CommentedMap({"id": object_id})
        entry.fa.set_flow_style()
        mapping[address] = entry
    return mapping
