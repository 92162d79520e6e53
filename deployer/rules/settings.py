"""Rules about what ``deployer.yaml`` says of resources: rules that are set, addresses adopted, moved and forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds import BY_SNAKE
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Correction, Hint, did_you_mean, meant_hint, suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from deployer.rules.place import Place
    from deployer.rules.subject import Subject


@rule("settings/unknown-rule", "`rules` names a rule that can't be set", fix="use the id that a problem shows")
def unknown_rule(subject: Subject) -> Iterator[Finding]:
    """A misspelt id would leave the rule as it is without a word.

    Problems of files, of YAML, of schemas and of references can't be relaxed: what they are about isn't in the project,
    so nothing that was checked after it could be trusted.
    """
    for name in subject.project.settings.rules:
        if name not in subject.rules and not _is_family(name, subject.rules):
            fixed = name in subject.catalogue or _is_family(name, subject.catalogue)
            message = f"`{name}` can't be relaxed" if fixed else f"`{name}` is not a rule that can be set"
            hint = FIXED if fixed else rule_meant(name, subject.rules) or "`deployer explain` lists every rule"
            yield Finding(subject.in_settings("rules", name, key=True), message, hint)


FIXED = "mend it: what it is about isn't in the project, so nothing that was checked after it could be trusted"
"""What to do about a problem that no setting and no comment relaxes."""


def _is_family(name: str, ids: Collection[str]) -> bool:
    """Whether all rules of a family are meant (`event/*`), and there is one."""
    return name.endswith("/*") and any(id_.startswith(name[:-1]) for id_ in ids)


def rule_meant(identifier: str, ids: Collection[str]) -> str:
    """Make a hint of the nearest id; by family and by name, for one long family makes any two ids look alike."""
    family, _, name = identifier.rpartition("/")
    near = suggest(family, sorted({id_.partition("/")[0] for id_ in ids})) if family else None
    if name == "*":
        return meant_hint(identifier, near and f"{near}/*")
    names = {id_.partition("/")[2]: id_ for id_ in sorted(ids) if near in {None, id_.partition("/")[0]}}
    suggested = suggest(name, names)
    if suggested:
        return meant_hint(identifier, names[suggested])
    whole = suggest(name, sorted({id_.partition("/")[0] for id_ in ids})) if not family else None
    return Hint(f"did you mean the family `{whole}`?", Correction(identifier, f"{whole}/*")) if whole else ""


def _adopted(subject: Subject) -> Iterator[tuple[str, Place]]:
    environment = subject.project.environment
    for address in environment.adopt:
        yield address, subject.in_settings("environments", environment.name, "adopt", address, key=True)


def _moved_from(subject: Subject) -> Iterator[tuple[str, Place]]:
    for index, move in enumerate(subject.project.settings.moved):
        yield move.old, subject.in_settings("moved", index, "from")


def _moved_to(subject: Subject) -> Iterator[tuple[str, Place]]:
    for index, move in enumerate(subject.project.settings.moved):
        yield move.new, subject.in_settings("moved", index, "to")


def _forgotten(subject: Subject) -> Iterator[tuple[str, Place]]:
    for index, address in enumerate(subject.project.settings.forget):
        yield address, subject.in_settings("forget", index)


def _kind_known(address: str) -> bool:
    return address.partition(".")[0] in BY_SNAKE


def _may_be_unread(subject: Subject, address: str) -> bool:
    """Whether it may be declared in what can't be read."""
    return address in subject.project.broken or address.partition(".")[0] in subject.project.unread


def _near(subject: Subject, address: str) -> str:
    return did_you_mean(address, sorted(subject.declared))


@rule(
    "settings/unknown-kind",
    "an address begins with a kind that doesn't exist",
    fix="write the kind in snake_case, a dot, and the id: `event_type.order_shipped`",
    by_environment=True,
)
def unknown_kind(subject: Subject) -> Iterator[Finding]:
    """`adopt`, `moved` and `forget` would silently do nothing for an address that no resource can have."""
    for addresses in (_adopted, _moved_from, _moved_to, _forgotten):
        for address, place in addresses(subject):
            if not _kind_known(address):
                kind = address.partition(".")[0]
                hint = did_you_mean(kind, BY_SNAKE) or f"the kinds are {', '.join(sorted(BY_SNAKE))}"
                yield Finding(place, f"`{kind}` in `{address}` is not a kind", hint)


@rule(
    "settings/forget-declared",
    "an address is forgotten that is still declared",
    fix="remove the declaration, or take the address out of `forget`",
)
def forget_declared(subject: Subject) -> Iterator[Finding]:
    """What is declared would be recorded again by the next apply."""
    for address, place in _forgotten(subject):
        if address in subject.declared:
            yield Finding(place, f"`{address}` is still declared", "remove its declaration, or this entry")


@rule(
    "settings/adopt-undeclared",
    "an address is adopted that isn't declared",
    fix="declare the resource as it is at Attentive, then adopt it",
    by_environment=True,
)
def adopt_undeclared(subject: Subject) -> Iterator[Finding]:
    """What is adopted is compared with its declaration; without one it would be up for removal."""
    for address, place in _adopted(subject):
        if _kind_known(address) and address not in subject.project.resources and not _may_be_unread(subject, address):
            hint = _near(subject, address) or "declare it for this environment as it is at Attentive"
            message = f"`{address}` is not declared in `{subject.project.environment.name}`"
            yield Finding(place, message, hint)


@rule(
    "settings/adopt-impossible",
    "an address is adopted whose kind has no id at Attentive's API",
    fix="remove the entry",
    by_environment=True,
)
def adopt_impossible(subject: Subject) -> Iterator[Finding]:
    """Attentive's API lists webhooks, segments and the attributes of the test contact; the rest has no id there."""
    for address, place in _adopted(subject):
        kind = BY_SNAKE.get(address.partition(".")[0])
        if kind and (kind.api is None or kind.api.read is None):
            noun = kind.snake.replace("_", " ")
            message = f"Attentive's API lists no {noun} under an id, so `{address}` can't be adopted"
            hint = f"remove the entry; `deployer baseline {address}` records what people built" if kind.person else ""
            yield Finding(place, message, hint)


@rule(
    "settings/moved-undeclared",
    "an address moved to one that isn't declared",
    fix="correct the address in `to`, or use `forget` if the resource is gone",
)
def moved_undeclared(subject: Subject) -> Iterator[Finding]:
    """Its state would move to an address that isn't declared, and its object would be up for removal."""
    onward = {move.old for move in subject.project.settings.moved}
    for address, place in _moved_to(subject):
        known = address in subject.declared or address in onward or _may_be_unread(subject, address)
        if _kind_known(address) and not known:
            yield Finding(place, f"`{address}` is not declared", _near(subject, address) or "declare it under this id")


@rule(
    "settings/moved-declared",
    "an address moved away, but is still declared",
    fix="remove the old declaration, or the entry in `moved`",
)
def moved_declared(subject: Subject) -> Iterator[Finding]:
    """One record can't belong to two resources."""
    for address, place in _moved_from(subject):
        if address in subject.declared:
            yield Finding(place, f"`{address}` is still declared, so it has not moved", "remove one of the two")


@rule(
    "settings/moved-kind",
    "an address moved to another kind",
    fix="declare a new resource, and `forget` the old one",
)
def moved_kind(subject: Subject) -> Iterator[Finding]:
    """What is recorded for one kind says nothing about another."""
    for (old, _), (new, place) in zip(_moved_from(subject), _moved_to(subject), strict=True):
        if old.partition(".")[0] != new.partition(".")[0] and _kind_known(old) and _kind_known(new):
            yield Finding(place, f"`{old}` can't become `{new}`: a move keeps the kind", "declare a new resource")


@rule("settings/moved-cycle", "moved addresses lead back to where they began", fix="break the ring at one entry")
def moved_cycle(subject: Subject) -> Iterator[Finding]:
    """A record that moves in a ring has no address to stay at."""
    onward = {move.old: move.new for move in subject.project.settings.moved}
    for address, place in _moved_from(subject):
        path = [address]
        while (following := onward.get(path[-1])) and following not in path:
            path.append(following)
        if following == address == min(path):
            yield Finding(place, f"these lead in a ring: {' → '.join([*path, address])}", "remove one of them")
