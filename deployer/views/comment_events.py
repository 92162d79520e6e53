"""What a pull request changes of the events: for those who send them, and for the messages that read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deployer.views import markdown
from deployer.views.compat import compat_object
from deployer.views.outline import Command, Run, Tone, entry, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.contracts.compat.project import Compatibility
    from deployer.views.outline import Entry, Node


def compat_data(compat: Compatibility | Mapping[str, Any]) -> Mapping[str, Any]:
    """A comparison in the shape that ``deployer compat --format json`` writes."""
    if isinstance(compat, Mapping):
        return compat
    return compat_object(compat)


def compat_line(data: Mapping[str, Any]) -> str:
    """A comparison in one line: ``events: 1 breaking, 2 safe``."""
    counts = [f"{number} {verdict}" for verdict, number in data["summary"].items() if number]
    return f"events: {', '.join(counts) or 'nothing changed'}"


def grave_items(data: Mapping[str, Any], environment: str) -> Iterator[str]:
    """Each change of the environment that may break something, the gravest first, as markdown."""
    yield from (
        markdown.write([_change(change)]) for change in _changes(data, environment) if change["verdict"] != "safe"
    )


def harmless_items(data: Mapping[str, Any], environment: str) -> Iterator[str]:
    """The changes of the environment that break nothing, then what isn't known."""
    yield from (
        markdown.write([_change(change)]) for change in _changes(data, environment) if change["verdict"] == "safe"
    )
    for note in data.get("notes", ()):
        if note["environment"] in {"", environment}:
            yield markdown.write([entry(f"note: {note['text']}", marker="-")])


def _changes(data: Mapping[str, Any], environment: str) -> Iterator[Mapping[str, Any]]:
    """The changes that the environment has; those of one that is gone, which has no comment, too."""
    compared = set(data.get("environments", ()))
    for change in data["changes"]:
        where = change.get("environments", (environment,))
        if environment in where or not compared.intersection(where):
            yield change


def _change(data: Mapping[str, Any]) -> Entry:
    path = ".".join(data.get("path", ()))
    where = f" {path}" if path else ""
    head = (Run(data["verdict"], Tone.STRONG), " ", Run(f"{data['address']}{where}", code=True), " ")
    return entry(*head, Run(data["change"], code=True), children=tuple(_details(data)), marker="-")


def _details(data: Mapping[str, Any]) -> Iterator[Node]:
    if data["verdict"] == "safe":
        return
    yield entry(f"for senders: {data['producers']}; for readers: {data['readers']}")
    yield from (entry(impact["sentence"]) for impact in data.get("impacts", ()))
    yield labelled("why", data["why"])
    if data.get("allowed"):
        yield labelled("allowed", data["allowed"])
        return
    for number, step in enumerate(data.get("way_out", ()), 1):
        commands = tuple(Command("run", command) for command in step["commands"])
        yield entry(f"{step['phase']}: {step['what']}", children=commands, marker=f"{number}.")
