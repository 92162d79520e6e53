"""What is declared twice: an address, or a name of which there is one at Attentive."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.kinds.base import UniqueName
    from deployer.project.model import Resource
    from deployer.source import Problem

DUPLICATE = "project/duplicate-address"
"""The id of problems about a declaration that isn't among the resources, as another one has its address."""


def duplicate_address(resource: Resource, first: Resource) -> Problem:
    """The problem of a resource that has the address of another one."""
    where = first.locate(("id",))
    return resource.problem(
        ("id",),
        DUPLICATE,
        f"`{resource.address}` is declared twice",
        hint=f"the first is at {where.path}:{where.line}; give one of them another id",
    )


def duplicate_names(resources: Mapping[str, Resource]) -> Iterator[Problem]:
    """A problem for each name that a resource declares and an earlier one does too."""
    seen: dict[tuple[str, str], Resource] = {}
    for resource in resources.values():
        for number, (space, value) in enumerate(resource.fact("names", declared_names)):
            first = seen.setdefault((space, value), resource)
            if first is not resource:
                name = tuple(_read_names(resource))[number]
                where = first.locate(name.pointer)
                message = f"the {space} “{value}” is declared by `{first.address}` too"
                hint = f"see {where.path}:{where.line}; at Attentive there is only one of this name"
                yield resource.problem(name.pointer, "project/duplicate-name", message, hint=hint)


def _read_names(resource: Resource) -> Iterator[UniqueName]:
    """The names at Attentive that a resource declares, without those that can't be read."""
    return (name for name in resource.kind.names(resource.model) if not resource.is_unread(name.pointer))


def declared_names(resource: Resource) -> list[list[str]]:
    """The names at Attentive that a resource declares, each with its space (``UniqueName``)."""
    return [[name.space, name.value] for name in _read_names(resource)]
