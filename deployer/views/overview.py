"""A project as a whole on a terminal, as markdown and as JSON: lists, one declaration, and the way to a message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.nouns import counted
from deployer.views import markdown, terminal
from deployer.views.json_text import json_text
from deployer.views.notation import notation
from deployer.views.outline import Copy, Entry, Run, Tone, entry, heading
from deployer.views.problems import cell_width, visible
from deployer.views.state import recorded_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.project.overview import Declaration, Graph, Item, Value
    from deployer.source import Position
    from deployer.state import Entry as Recorded
    from deployer.views.outline import Node

_ADDRESSES = 48
"""Columns at most that a list gives to its addresses."""


def list_text(
    items: Sequence[Item], statuses: Mapping[str, str] | None = None, *, color: bool = False, width: int = 80
) -> str:
    """List declarations on a terminal, one a line with its status (if ``statuses`` has it), place and owner."""
    return terminal.write(_list(items, statuses), color=color, width=width)


def list_markdown(items: Sequence[Item], statuses: Mapping[str, str] | None = None) -> str:
    """List declarations as markdown."""
    return markdown.write(_list(items, statuses, marker="-"))


def list_json(environment: str, items: Sequence[Item], statuses: Mapping[str, str] | None = None) -> str:
    """Write a list as JSON: ``{"version": 1, "environment", "resources"}``, each as ``show`` has it.

    With ``statuses`` each has its ``status``.
    """
    known = statuses or {}
    resources = [_object(item) | ({"status": known[item.address]} if item.address in known else {}) for item in items]
    return json_text({"version": 1, "environment": environment, "resources": resources})


def _list(items: Sequence[Item], statuses: Mapping[str, str] | None, marker: str = "") -> Iterator[Node]:
    column = min(max((cell_width(item.address) for item in items), default=0), _ADDRESSES)
    for each in items:
        gap = " " * (max(column - cell_width(each.address), 0) + 2)
        words = [(statuses or {}).get(each.address, ""), _place(each.place), each.owner]
        text = Run(each.address, Tone.STRONG, code=True), Run(gap, code=not marker), ", ".join(filter(None, words))
        yield entry(*text, marker=marker)
    yield Entry((Run(counted(len(items), "resource")),), apart=True)


def show_text(shown: Declaration, recorded: Recorded | None, *, color: bool = False, width: int = 80) -> str:
    """Show a declaration on a terminal: each value with its place, what is recorded, and what uses it."""
    return terminal.write(_show(shown, recorded), color=color, width=width)


def show_markdown(shown: Declaration, recorded: Recorded | None) -> str:
    """Show a declaration as markdown."""
    return markdown.write(_show(shown, recorded))


def show_json(shown: Declaration, recorded: Recorded | None) -> str:
    """Write a declaration as JSON.

    ``{"version": 1, "environment", "address", "kind", "name", "owner", "file", "line", "uses", "used_by", "values",
    "recorded"}``; a value has ``path``, ``value``, ``file`` and ``line``; ``recorded`` is as ``state show`` has it, or
    ``null``.
    """
    data = {"version": 1, "environment": shown.environment, **_object(shown.item)}
    values = [{"path": value.path, "value": value.value, **_file(value.place)} for value in shown.values]
    return json_text(data | {"values": values, "recorded": recorded.to_json() if recorded else None})


def _show(shown: Declaration, recorded: Recorded | None) -> Iterator[Node]:
    item = shown.item
    yield entry(Run(item.address, Tone.STRONG, code=True), f" in {shown.environment}")
    yield heading("declared", 3)
    for value in shown.values:
        yield from _value(value)
    yield heading("uses", 3)
    yield from (_mention(use) for use in item.uses or ("nothing",))
    yield heading("used by", 3)
    yield from (_mention(address) for address in item.used_by or ("nothing",))
    if recorded is None:
        yield heading("recorded", 3)
        yield entry(f"Nothing is recorded of it in {shown.environment}.")
    else:
        yield heading("recorded", 3)
        yield from recorded_nodes(recorded)
        yield from _confirmed(recorded)


def _confirmed(recorded: Recorded) -> Iterator[Node]:
    """Who said of which part that it is done, and when."""
    if recorded.confirmations:
        yield heading("who confirmed", 3)
    for slot, confirmation in sorted(recorded.confirmations.items()):
        who = " ".join(f"{word} {value}" for word, value in (("by", confirmation.by), ("at", confirmation.at)) if value)
        note = f" ({confirmation.note})" if confirmation.note else ""
        yield entry(Run(slot, code=True), f": {confirmation.how} {who}{note}", marker="-")


def _mention(address: str) -> Entry:
    return entry(Run(address, code="." in address), marker="-")


def _value(shown_value: Value) -> Iterator[Node]:
    if isinstance(shown_value.value, str) and "\n" in shown_value.value.rstrip("\n"):
        yield Copy(f"{shown_value.path} ({_place(shown_value.place)})", shown_value.value.rstrip("\n"))
        return
    value = shown_value.value.rstrip("\n") if isinstance(shown_value.value, str) else shown_value.value
    yield entry(
        f"{shown_value.path}: ",
        Run(notation(value), code=True),
        Run(f"  {_place(shown_value.place)}", Tone.DIM),
        marker="-",
    )


def graph_mermaid(graph: Graph) -> str:
    """Write a graph as Mermaid's flowchart, which GitHub and GitLab draw in markdown."""
    lines = ["flowchart LR"]
    for address, title in graph.nodes.items():
        label = "<br>".join(_mermaid(line) for line in (title, address) if line)
        lines.append(f'  {address.replace(".", "__")}["{label}"]')
    lines += [f"  {before.replace('.', '__')} --> {after.replace('.', '__')}" for before, after in graph.edges]
    return "\n".join(lines)


def graph_dot(graph: Graph) -> str:
    """Write a graph in Graphviz's language."""
    lines = ["digraph deployer {", "  rankdir=LR;", "  node [shape=box];"]
    for address, title in graph.nodes.items():
        label = "\\n".join(_dot(line) for line in (title, address) if line)
        lines.append(f'  "{address}" [label="{label}"];')
    lines += [f'  "{before}" -> "{after}";' for before, after in graph.edges]
    return "\n".join([*lines, "}"])


def graph_json(graph: Graph) -> str:
    """Write a graph as JSON: ``{"version": 1, "nodes": [{"address", "name"}], "edges": [{"from", "to"}]}``."""
    nodes = [{"address": address, "name": title} for address, title in graph.nodes.items()]
    edges = [{"from": before, "to": after} for before, after in graph.edges]
    return json_text({"version": 1, "nodes": nodes, "edges": edges})


def _mermaid(text: str) -> str:
    """A text within Mermaid's quotes: what is markup there becomes a code of its character."""
    return "".join(f"#{ord(sign)};" if sign in '"#&<>;`\\' else sign for sign in visible(text))


def _dot(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')


def _object(item: Item) -> dict[str, Any]:
    return {
        "address": item.address,
        "kind": item.kind,
        "name": item.name,
        "owner": item.owner,
        **_file(item.place),
        "uses": list(item.uses),
        "used_by": list(item.used_by),
    }


def _file(place: Position) -> dict[str, Any]:
    return {"file": place.path, "line": place.line}


def _place(place: Position) -> str:
    return f"{place.path}:{place.line}"
