"""Dataclasses as data that JSON can hold: each as a dict or as a list of its fields; plain values aren't copied."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

_PLAIN = frozenset((str, int, bool, float, type(None)))
"""Classes of values that are passed on as they are: most values, so that a call for each would be slow."""

_NAMES: dict[type[Any], tuple[str, ...] | None] = {}
"""The fields of each class of values that was met; ``None`` for a class of what is plain."""


def as_data(value: Any) -> Any:
    """What ``dataclasses.asdict`` gives of a value, or of what is in a list, a tuple or a dict."""
    kind = type(value)
    if kind is tuple:
        return tuple([item if type(item) in _PLAIN else as_data(item) for item in value])
    if kind is dict:
        return {key: item if type(item) in _PLAIN else as_data(item) for key, item in value.items()}
    if kind is list:
        return [as_data(item) for item in value]
    names = _names(kind)
    if names is None:
        return value
    return {name: item if type(item) in _PLAIN else as_data(item) for name in names for item in (getattr(value, name),)}


def as_row(value: Any) -> Any:
    """As ``as_data``, with each dataclass as the list of its fields in the order of their declaration."""
    kind = type(value)
    if kind is tuple or kind is list:
        return [item if type(item) in _PLAIN else as_row(item) for item in value]
    if kind is dict:
        return {key: item if type(item) in _PLAIN else as_row(item) for key, item in value.items()}
    names = _names(kind)
    return value if names is None else [as_row(getattr(value, name)) for name in names]


def _names(kind: type[Any]) -> tuple[str, ...] | None:
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None
    return _NAMES[kind]
