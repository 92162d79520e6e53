"""What changed in what is declared beside the words: journeys' steps and settings, events, opt-in texts, the brand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import yaml

from deployer.dataclass import dataclass
from deployer.kinds.channels import facts
from deployer.kinds.message import Message
from deployer.messages import word_diff
from deployer.project.personal import shareable
from deployer.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.messages import Piece
    from deployer.project import Project, Resource

Declared: TypeAlias = "Mapping[str, Mapping[str, Any]]"
"""What is declared for an environment, by address, the texts of files in their place; the brand is at ``brand``."""

BRAND = "brand"
"""What stands for the address of the brand's settings."""

_LONG = 60
"""Characters from which two texts are compared by their words."""

_WIDE = 10_000
"""Characters of a line of YAML: pages break lines by themselves."""

_NAMES = ("id", "name")
"""The keys by which an item of a list is told apart from its neighbors."""


@dataclass(frozen=True, slots=True)
class Row:
    """A value that differs: ``path`` leads to it in words; ``before`` or ``after`` is empty where there is none.

    ``pieces`` are the words of a long text that stayed, went and came.
    """

    path: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Changed:
    """A resource that differs from another commit's."""

    address: str
    kind: Literal["added", "changed", "gone"]
    rows: tuple[Row, ...] = ()


def declared(project: Project) -> Declared:
    """Read what a project declares. Words of messages are compared by themselves; personal data is masked."""
    data = {address: _readable(_own(resource, project), project) for address, resource in project.resources.items()}
    return {BRAND: dict(project.settings.brand.values), **data}


def changed(before: Declared, after: Declared) -> tuple[Changed, ...]:
    """Compare two readings, by address."""
    return tuple(
        each
        for address in sorted({*before, *after})
        for each in _changed(address, before.get(address), after.get(address))
    )


def _own(resource: Resource, project: Project) -> dict[str, Any]:
    body, model = shareable(resource, project), resource.model
    if isinstance(model, Message):
        parts = {part.name for part in facts(model.channel).parts}
        return {key: value for key, value in body.items() if key not in parts}
    return dict(body)


def _readable(value: Any, project: Project, key: str = "") -> Any:
    """A value with the texts of the files that it names, and with the digest of a picture."""
    if isinstance(value, Mapping):
        if set(value) == {"file"}:
            return _text(str(value["file"]), project)
        return {name: _readable(item, project, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_readable(item, project) for item in value]
    return _picture(value, project) if key == "screenshot" and isinstance(value, str) else value


def _text(path: str, project: Project) -> str:
    try:
        return project.text(path)
    except FileProblem:  # a picture, or a file that isn't there: its own problem says so
        return _picture(path, project)


def _picture(path: str, project: Project) -> str:
    try:
        return f"{path} ({project.file_digest(path)[:12]})"
    except FileProblem:
        return path


def _changed(address: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[Changed]:
    if before is None or after is None:
        yield Changed(address, "added" if before is None else "gone")
        return
    rows = tuple(_rows((), before, after))
    if rows:
        yield Changed(address, "changed", rows)


def _rows(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Row]:
    if before == after and type(before) is type(after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            yield from _rows((*path, str(key)), before.get(key), after.get(key))
        return
    if isinstance(before, list) and isinstance(after, list):
        yield from _items(path, before, after)
        return
    yield _row(path, before, after)


def _row(path: tuple[str, ...], before: Any, after: Any) -> Row:
    """Two values; of two long texts, what differs word by word."""
    texts = isinstance(before, str) and isinstance(after, str) and min(len(before), len(after)) > _LONG
    return Row(" > ".join(path), _in_words(before), _in_words(after), word_diff(before, after) if texts else ())


def _items(path: tuple[str, ...], before: Sequence[Any], after: Sequence[Any]) -> Iterator[Row]:
    """Items with a name are compared with those of the same name, and their order by itself."""
    old, new = _named(before), _named(after)
    if old is None or new is None:
        yield Row(" > ".join(path), _in_words(before), _in_words(after))
        return
    new = {_former(name, old, new): item for name, item in new.items()}
    for name in dict.fromkeys((*old, *new)):
        yield from _rows((*path, name), old.get(name), new.get(name))
    both = [name for name in old if name in new], [name for name in new if name in old]
    if both[0] != both[1]:
        yield Row(" > ".join((*path, "order")), ", ".join(both[0]), ", ".join(both[1]))


def _former(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """A case of a branch is called by its condition: the name that it had before the condition changed.

    It is that of the case which is gone and was at the same place among those that are.
    """
    gone = [former for former in old if former not in new and _is_case(old[former])]
    fresh = [later for later in new if later not in old and _is_case(new[later])]
    return gone[fresh.index(name)] if name in fresh and len(gone) == len(fresh) else name


def _is_case(item: Any) -> bool:
    return isinstance(item, Mapping) and "when" in item


def _named(items: Sequence[Any]) -> dict[str, Any] | None:
    """Items by name; ``None`` where one has none, or two have the same."""
    names = [_name(item) for item in items]
    if None in names or len(set(names)) < len(names):
        return None
    return {str(name): item for name, item in zip(names, items, strict=True)}


def _name(item: Any) -> str | None:
    """What an item of a list is called: its id or name, a branch's case by what it is about."""
    if not isinstance(item, Mapping):
        return None
    if _is_case(item):
        when = item["when"]
        if not isinstance(when, Mapping):
            return _in_words(when)
        return ", ".join(f"{key} {_in_words(value)}" for key, value in sorted(when.items()))
    return next((str(item[key]) for key in _NAMES if key in item), None)


def _in_words(value: Any) -> str:
    """A value as one would write it in YAML, what is short on one line; a text as it is."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    lines = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=_WIDE, default_flow_style=None)
    return str(lines).removesuffix("...\n").rstrip("\n")
