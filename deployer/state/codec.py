"""Values to JSON and back, by what their dataclasses declare: the state's, the plan's, the journal's, a lock's.

A field that has its default is left out, so that diffs stay small; the fields of a class under ``@whole`` and one
marked ``Always`` are written in any case, and must be there when they are read. What is read is checked against the
types: the first thing that doesn't fit is a ``ShapeError`` with the way to it. Types that can be used: ``str``,
``int``, ``bool``, ``Any`` (any JSON value), enums and literals of text, ``Mapping[str, X]``, ``tuple[X, ...]``,
``X | None``, dataclasses, any of them ``Annotated`` with a ``Rule``, ``Keyed`` or ``Always``, and whatever is
``Annotated`` with ``Through``: it is written as another dataclass. A ``TypedDict`` is the shape of an object that stays
one: its keys are checked, others are passed on.
"""

from __future__ import annotations

import types
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    NotRequired,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from deployer.state import forms
from deployer.state.marks import Always, Count, Keyed, Rule, Through, is_whole
from deployer.state.shape_error import ShapeError, Step

if TYPE_CHECKING:
    from deployer.state.forms import Form

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """A dataclass as JSON-able data: mappings and lists are new, what is in an ``Any`` is passed on as it is."""
    cls: Any = type(value)
    return _form(cls).write(value)


def from_json(cls: type[T], data: Any) -> T:
    """Read what ``to_json`` wrote of a dataclass. Raises ``ShapeError`` where the data is anything else."""
    hint: Any = cls
    value: T = _form(hint).read(data)
    return value


def check_shape(hint: Any, data: Any, *path: Step) -> None:
    """Raise ``ShapeError`` where JSON that ``path`` leads to isn't what a type says."""
    try:
        _form(hint).read(data)
    except ShapeError as error:
        raise ShapeError(error.problem, (*path, *error.path)) from None


@cache
def _form(hint: Hashable) -> Form:
    """The form of a type. Raises ``TypeError`` on one that isn't offered: a mistake in a declaration."""
    origin = get_origin(hint)
    if hint is Any:
        return forms.ANY
    if origin is Annotated:
        return _annotated(*get_args(hint))
    if origin is Literal:
        return forms.one_of({word: word for word in get_args(hint)})
    if origin in (Union, types.UnionType):
        (inner,) = (_form(item) for item in get_args(hint) if item is not types.NoneType)
        return forms.optional(inner)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return forms.one_of({member.value: member for member in hint}, lambda member: member.value)
    return _container(hint, origin)


def _container(hint: Any, origin: Any) -> Form:
    if origin is Mapping:
        return forms.mapping(_form(get_args(hint)[1]))
    if origin is tuple:
        return forms.sequence(_form(get_args(hint)[0]))
    if is_dataclass(hint) and isinstance(hint, type):
        return _fields(hint)
    if is_typeddict(hint):
        return _open_object(hint)
    if hint in forms.SCALARS:
        return forms.scalar(hint)
    raise TypeError(f"no form in JSON is declared for {hint!r}")


def _annotated(inner: Any, *marks: Any) -> Form:
    for mark in marks:
        if isinstance(mark, Through):
            return forms.through(_form(mark.row), mark)
    keyed = next((mark for mark in marks if isinstance(mark, Keyed)), None)
    form = forms.keyed(_form(get_args(inner)[1]), keyed, _form(Count)) if keyed else _form(inner)
    for mark in marks:
        form = forms.ruled(form, mark) if isinstance(mark, Rule) else form
    return form


def _open_object(hint: Any) -> Form:
    """Of a ``TypedDict``: whether a key may be missing is said with its type."""
    hints = get_type_hints(hint, include_extras=True)
    optional = {name for name, item in hints.items() if get_origin(item) is NotRequired}
    required = [name for name in hints if name in hint.__required_keys__ and name not in optional]
    known = {name: _form(get_args(item)[0] if name in optional else item) for name, item in hints.items()}
    return forms.open_object(known, required)


def _fields(cls: type) -> Form:
    """Of a dataclass."""
    hints = get_type_hints(cls, include_extras=True)
    known = {field.name: _form(hints[field.name]) for field in fields(cls)}
    omitted = {
        field.name: MISSING if is_whole(cls) or Always in get_args(hints[field.name]) else _default(field)
        for field in fields(cls)
    }
    return forms.record(cls, known, omitted)


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()
