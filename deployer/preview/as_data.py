"""Values as what JSON can hold, by the names of their fields, without a copy of what is plain already."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

_NAMES: dict[type[Any], tuple[str, ...]] = {}
"""The fields of each class of values that was met."""


def as_data(value: Any) -> Any:
    """What ``dataclasses.asdict`` gives of a value, or of what is in a list, a tuple or a dict."""
    kind = type(value)
    if kind is str or kind is bool or kind is int or value is None:
        return value
    if kind is tuple:
        return tuple([as_data(item) for item in value])
    if kind is dict:
        return {key: as_data(item) for key, item in value.items()}
    if kind is list:
        return [as_data(item) for item in value]
    if kind not in _NAMES and not is_dataclass(kind):
        return value
    return {name: as_data(getattr(value, name)) for name in _names(kind)}


def _names(kind: type[Any]) -> tuple[str, ...]:
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(kind))
    return _NAMES[kind]
