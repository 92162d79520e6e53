"""Event types as YAML, and adding to one that stands in a file without touching any other byte of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

from deployer.errors import InnerError
from deployer.source import SourceFile, compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deployer.contracts.infer import Concluded
    from deployer.source import Document

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9 _/-]*[A-Za-z0-9_]|[A-Za-z_]")
_WORDS_OF_YAML = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


class CantAddError(InnerError):
    """A declaration that can't be added to by a program; the message says why."""


def flow(value: Any) -> str:
    """A value on one line, as YAML that every reader takes for the same."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{flow(key)}: {flow(one)}' for key, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(flow(one) for one in value)}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML:
        return value
    return json.dumps(value, ensure_ascii=False)


def new_document(head: Mapping[str, Any], properties: Sequence[Concluded], remarks: Iterable[str], origin: str) -> str:
    """A declaration of its own: ``head`` are the fields before the properties, ``origin`` says what it rests on."""
    lines = [f"# {' '.join(line.split())}" for line in (origin, *remarks)]
    lines += [f"{key}: {flow(value)}" for key, value in head.items()]
    lines += ["properties:"] if properties else []
    lines += [f"  {property_line(one)}" for one in properties]
    shown = [one for one in properties if one.example is not None]
    lines += ["samples:", "  happy:"] if shown else []
    lines += [f"    {flow(one.key)}: {flow(one.example)}" for one in shown]
    return "\n".join(lines) + "\n"


def property_line(one: Concluded, *, example: bool = False) -> str:
    """A property with its definition, and a comment that says what that rests on."""
    definition = one.definition | ({"examples": [one.example]} if example and one.example is not None else {})
    return f"{flow(one.key)}: {flow(definition)}  # {one.evidence}"


def with_properties(document: Document, added: Sequence[Concluded]) -> str:
    """The text of the document's file with more properties in it, and their made-up values in its samples.

    An optional property goes into the sample ``happy`` only. Every other byte stays. Raises ``CantAddError``.
    """
    start, end = document.span
    root = yaml.compose(document.file.text[start:end], Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    text = _Text(document.file.text, start)
    text.add(root, ("properties",), [(one.key, one.definition, one.evidence) for one in added])
    samples: Mapping[str, Any] = document.value.get("samples") or {}
    for name in samples:
        shown = [one for one in added if one.example is not None and (name == "happy" or not one.optional)]
        text.add(root, ("samples", name), [(one.key, one.example, "") for one in shown])
    made = text.made()
    _check(document, made, added)
    return made


class _Text:
    """A file's text, and what is put in where."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._start = start
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._edits: list[tuple[int, str]] = []

    def add(self, root: yaml.MappingNode, path: tuple[str, ...], entries: Sequence[tuple[str, Any, str]]) -> None:
        """Add entries (key, value, remark) to the mapping at ``path``."""
        if not entries:
            return
        found, missing = _descend(root, path)
        if not isinstance(found, yaml.MappingNode):
            raise CantAddError(f"`{'.'.join(path)}` isn't written as a mapping of its own")
        if missing and found.flow_style:
            raise CantAddError(f"the declaration is written in braces and has no `{missing[0]}`")
        if found.flow_style:
            self._in_braces(found, entries)
            return
        indent = " " * int(found.value[0][0].start_mark.column)
        lines = [f"{indent}{'  ' * depth}{name}:" for depth, name in enumerate(missing)]
        deeper = indent + "  " * len(missing)
        remarked = [(f"{deeper}{flow(key)}: {flow(value)}", remark) for key, value, remark in entries]
        self._lines(_end(found), [*lines, *(f"{line}  # {remark}" if remark else line for line, remark in remarked)])

    def _in_braces(self, node: yaml.MappingNode, entries: Sequence[tuple[str, Any, str]]) -> None:
        at = self._start + int(node.end_mark.index) - 1
        before = self._text[:at].rstrip()
        comma = "" if before.endswith((",", "{")) else ","
        inside = ", ".join(f"{flow(key)}: {flow(value)}" for key, value, _ in entries)
        self._edits.append((len(before), f"{comma} {inside}"))

    def _lines(self, end: int, lines: Sequence[str]) -> None:
        at = self._start + end
        if not self._text[:at].endswith("\n"):
            line_end = self._text.find("\n", at)
            at = len(self._text) if line_end < 0 else line_end + 1
        first = "" if at == 0 or self._text[:at].endswith("\n") else self._newline
        self._edits.append((at, first + "".join(f"{line}{self._newline}" for line in lines)))

    def made(self) -> str:
        """The text with everything put in."""
        text = self._text
        for at, put in sorted(self._edits, key=lambda edit: edit[0], reverse=True):
            text = text[:at] + put + text[at:]
        return text


def _descend(node: yaml.Node, path: tuple[str, ...]) -> tuple[yaml.Node, tuple[str, ...]]:
    """The node at a path, or the last one above it with the steps that are missing."""
    for depth, name in enumerate(path):
        assert isinstance(node, yaml.MappingNode)
        child = next((value for key, value in node.value if key.value == name), None)
        empty = isinstance(child, yaml.ScalarNode) and not child.value
        if child is None or empty:
            return node, path[depth:]
        node = child
        if depth + 1 < len(path) and not isinstance(node, yaml.MappingNode):
            break
    return node, ()


def _end(node: yaml.Node) -> int:
    """Where the last value in a node ends, within the document's text."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _check(document: Document, made: str, added: Sequence[Concluded]) -> None:
    """Refuse a text that doesn't say what the file said, and the new properties."""
    documents, problems = compose(SourceFile(document.file.path, made))
    values = [one.value for one in documents]
    before = [one.value for one in compose(document.file)[0]]
    index = [one.index for one in compose(document.file)[0]].index(document.index)
    expected = dict(before[index])
    expected["properties"] = {**(expected.get("properties") or {}), **{one.key: one.definition for one in added}}
    if expected.get("samples"):
        expected["samples"] = {name: {**sample, **_shown(name, added)} for name, sample in expected["samples"].items()}
    if problems or values != [*before[:index], expected, *before[index + 1 :]]:
        raise CantAddError("the file is written in a way that can't be added to")


def _shown(name: str, added: Sequence[Concluded]) -> dict[str, Any]:
    kept = (one for one in added if one.example is not None and (name == "happy" or not one.optional))
    return {one.key: one.example for one in kept}
