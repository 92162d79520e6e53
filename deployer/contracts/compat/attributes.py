"""Custom attributes, then and now. Their values may be missing at any time, so that only what is there is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.contracts.compat.definitions import differences
from deployer.contracts.compat.found import Found
from deployer.kinds.custom_attribute import KIND, CustomAttribute
from deployer.source import name_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.contracts.compat.readership import Readership
    from deployer.project import Project

_TYPES = frozenset({"type-widened", "type-narrowed", "type-changed"})


def attribute_changes(readers: Readership) -> Iterator[Found]:
    """Every change of the attributes of one environment."""
    old, new = _attributes(readers.before), _attributes(readers.after)
    for id_, attribute in old.items():
        if id_ not in new:
            impacts = readers.of_attribute(attribute.name)
            yield Found("attribute-removed", attribute.address, (), attribute.name, None, impacts)
        else:
            yield from _changed(attribute, new[id_], readers)
    for id_, attribute in new.items():
        if id_ not in old:
            yield Found("attribute-added", attribute.address, (), None, attribute.name)


def _attributes(project: Project) -> dict[str, CustomAttribute]:
    return {attribute.id: attribute for attribute in project.all(CustomAttribute)}


def _changed(old: CustomAttribute, new: CustomAttribute, readers: Readership) -> Iterator[Found]:
    impacts = readers.of_attribute(old.name)
    if old.name != new.name:
        change = "attribute-case-changed" if name_form(old.name) == name_form(new.name) else "attribute-renamed"
        met = impacts + tuple(impact for impact in readers.of_attribute(new.name) if impact not in impacts)
        yield Found(change, new.address, ("name",), old.name, new.name, met)
        return
    before, after = _type(old, readers.before), _type(new, readers.after)
    if before != after:
        yield Found("attribute-type-changed", new.address, ("schema", "type"), before, after, impacts)
    for difference in differences(old.schema, new.schema):
        if before == after or difference.change not in _TYPES:
            path = ("schema", *difference.path, *((difference.keyword,) if difference.keyword else ()))
            yield Found(difference.change, new.address, path, difference.before, difference.after, impacts)


def _type(attribute: CustomAttribute, project: Project) -> str:
    """The type that Attentive locks: a whole number is a number, a text with the format of a date a date."""
    return str(KIND.wanted(attribute, project).fields["type"])
