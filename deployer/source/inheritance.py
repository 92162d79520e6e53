"""Environments that inherit: a brand's regions or an agency's clients say only what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.source.documents import problem_at
from deployer.source.suggestion import near_or_few
from deployer.source.values import merge_patch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.source.documents import Document
    from deployer.source.problems import Problem
    from deployer.source.values import Body

_OWN = ("inherits", "abstract", "adopt")
"""Keys that are never inherited: an object at Attentive belongs to one account."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """An environment's whole body, and those that it inherits from, the nearest first."""

    body: Body
    ancestors: tuple[str, ...]

    @property
    def abstract(self) -> bool:
        """Whether it is only there to be inherited from."""
        return bool(self.body.get("abstract"))


def inherited(environments: Mapping[str, Body]) -> dict[str, Inherited]:
    """Give every environment with what it inherits; one whose line of ancestors is broken inherits up to there."""
    lines = {name: tuple(_line(name, environments)) for name in environments}
    return {name: Inherited(_merged(line, environments), line[1:]) for name, line in lines.items()}


def _line(name: str, environments: Mapping[str, Body]) -> Iterator[str]:
    """An environment, its parent, the parent's, until there is none or the line comes back to itself."""
    seen: set[str] = set()
    while name in environments and name not in seen:
        seen.add(name)
        yield name
        name = environments[name].get("inherits", "")


def _merged(line: tuple[str, ...], environments: Mapping[str, Body]) -> Body:
    body: Body = {}
    for ancestor in reversed(line[1:]):
        passed_on = {key: value for key, value in environments[ancestor].items() if key not in _OWN}
        body = merge_patch(body, passed_on)
    merged: Body = merge_patch(body, environments[line[0]])
    return merged


def check_inheritance(document: Document, environments: Mapping[str, Body]) -> Iterator[Problem]:
    """Find parents that don't exist, rings, and environments whose target no one says."""
    for name, body in environments.items():
        parent = body.get("inherits")
        pointer = ("environments", name, "inherits")
        if parent is not None and parent not in environments:
            hint = near_or_few(parent, environments, "environments of this project")
            message = f"there is no environment `{parent}` to inherit from"
            yield problem_at(document, pointer, "settings/inherits", message, hint=hint)
        elif _comes_back(name, environments):
            message = f"`{name}` inherits from itself, by way of `{parent}`"
            hint = "take one `inherits` out of the ring"
            yield problem_at(document, pointer, "settings/inherits", message, hint=hint)
        elif not inherited(environments)[name].body.get("target") and not body.get("abstract"):
            message = f"neither `{name}` nor what it inherits from has a `target`"
            hint = "write `target: attentive` or `target: sandbox`"
            yield problem_at(document, ("environments", name), "settings/missing-key", message, hint=hint, key=True)


def _comes_back(name: str, environments: Mapping[str, Body]) -> bool:
    line = list(_line(name, environments))
    return bool(environments[line[-1]].get("inherits") == name)
