"""Faults as YAML or JSON: a list with one entry a fault. Every mistake is found, with its line and its key."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from deployer.errors import DeployerError, InnerError
from deployer.sandbox.faults.fault import Fault, FaultError, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
KEYS = tuple(field.name for field in fields(Fault))
REQUIRED = tuple(field.name for field in fields(Fault) if field.default is MISSING)
WHOLE = frozenset({"nth", "times", "status", "retry_after", "behind"})
UNLIMITED = "unlimited"


class FaultsError(DeployerError, ValueError):
    """A file of faults that can't be used: every mistake on a line of its own (``faults.yaml:3: …``)."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes), "`deployer sandbox serve --help` shows what a fault is written like")


class _MistakeError(InnerError):
    """Something wrong at a line (counted from 1)."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def parse_faults(text: str, name: str = "faults") -> tuple[Fault, ...]:
    """Read faults from YAML or JSON; ``name`` is in front of each mistake. Raises ``FaultsError``."""
    mistakes: list[_MistakeError] = []
    faults = []
    try:
        for entry in _entries(text):
            try:
                faults.append(_fault(entry))
            except _MistakeError as mistake:
                mistakes.append(mistake)
    except _MistakeError as mistake:
        mistakes.append(mistake)
    if mistakes:
        raise FaultsError([f"{name}:{mistake_error.line}: {mistake_error}" for mistake_error in mistakes])
    return tuple(faults)


def _entries(text: str) -> Iterator[yaml.Node]:
    import yaml  # noqa: PLC0415 - a sandbox without faults doesn't need it

    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise _MistakeError(
            line, f"this can't be read as YAML: {getattr(error, 'problem', None) or 'too deep'}"
        ) from error
    if not isinstance(root, yaml.SequenceNode) or not root.value:
        raise _MistakeError(_line(root) if root else 1, "expected a list with at least one fault")
    yield from root.value


def _fault(node: yaml.Node) -> Fault:
    """Read one entry; raises ``_MistakeError`` for the first thing that is wrong with it."""
    values, lines = _mapping(node)
    for key in REQUIRED:
        if key not in values:
            raise _MistakeError(_line(node), f"`{key}` is missing")
    kinds = [str(kind) for kind in FaultKind]
    if values["fault"] not in kinds:
        raise _MistakeError(lines["fault"], f"`fault` must be one of {', '.join(kinds)}")
    try:
        return Fault(**{**values, "fault": FaultKind(values["fault"])})
    except FaultError as error:
        raise _MistakeError(lines.get(error.key, _line(node)), str(error)) from error


def _mapping(node: yaml.Node) -> tuple[dict[str, Any], dict[str, int]]:
    """Read an entry's keys, each with its value and its line. Keys are text as it is: ``on`` is no boolean."""
    import yaml  # noqa: PLC0415 - as above

    if not isinstance(node, yaml.MappingNode):
        raise _MistakeError(_line(node), "a fault is a mapping, such as {on: POST /v1/webhooks, fault: reset}")
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        name, line = str(key.value), _line(key)
        if name not in KEYS:
            raise _MistakeError(line, f"`{name}` is no key of a fault; they are {', '.join(KEYS)}")
        if name in values:
            raise _MistakeError(line, f"`{name}` is given twice")
        values[name], lines[name] = _value(name, value), line
    return values, lines


def _value(key: str, node: yaml.Node) -> Any:
    """Read a value as its key takes it: a text, a whole number or a number."""
    import yaml  # noqa: PLC0415 - as above

    if not isinstance(node, yaml.ScalarNode):
        raise _MistakeError(_line(node), f"`{key}` must be a single value")
    text = str(node.value)
    if key == "times" and text == UNLIMITED:
        return None
    if key not in WHOLE and key != "seconds":
        return text
    if not NUMBER.fullmatch(text) or (key in WHOLE and "." in text):
        also = f" or {UNLIMITED}" if key == "times" else ""
        raise _MistakeError(_line(node), f"`{key}` must be a {'whole ' if key in WHOLE else ''}number{also}")
    return int(text) if key in WHOLE else float(text)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
