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

import json
import types
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache, lru_cache
from typing import (
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

from deployer.dataclass import dataclass
from deployer.errors import InnerError

Step = str | int
"""A key of an object or an index of a list."""

C = TypeVar("C", bound=type)
T = TypeVar("T")


class ShapeError(InnerError, ValueError):
    """JSON that isn't what it should be: ``path`` leads to the damage, ``problem`` says what is wrong with it."""

    def __init__(self, problem: str, path: tuple[Step, ...] = ()) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path

    def under(self, step: Step) -> ShapeError:
        """The same damage, seen from one level further up."""
        return ShapeError(self.problem, (step, *self.path))

    @property
    def pointer(self) -> str:
        """The way to the damage as a JSON pointer; empty: the whole document."""
        return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in self.path)

    def __str__(self) -> str:
        return f"`{self.pointer}` {self.problem}" if self.path else f"it {self.problem}"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value must be beyond its type: ``holds`` decides, ``words`` complete "expected …"."""

    words: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A mapping of dataclasses that hold their key in the field ``key``: written without it, but with its ``order``."""

    key: str
    order: str = "order"


@dataclass(frozen=True, slots=True)
class Through:
    """A value that is written as a ``row``, a dataclass: ``lower`` makes the row of it, ``lift`` the value of a row."""

    row: type
    lower: Callable[[Any], Any]
    lift: Callable[[Any], Any]


class Always:
    """Marks a field that is written even where it has its default."""


def whole(cls: C) -> C:
    """Mark a dataclass whose fields are all written, whatever they are."""
    _WHOLE.add(cls)
    return cls


_WHOLE: set[type] = set()


@lru_cache(maxsize=1024)
def _is_moment(text: str) -> bool:
    """Whether a text is a time with its offset that can be compared with any other, or empty."""
    try:  # what one run recorded has few different times
        moment = datetime.fromisoformat(text) if text else datetime.now(UTC)
        return moment.tzinfo is not None and moment.astimezone(UTC) is not None
    except (ValueError, OverflowError):  # the latter: a time within a day of the first or last that there is
        return False


Moment = Annotated[str, Rule("a time such as 2026-05-01T10:00:00+00:00", _is_moment)]
"""When something happened, ISO 8601 with an offset; empty where it isn't known."""

Name = Annotated[str, Rule("a text that isn't empty", bool)]
"""A text that can't be empty."""

Count = Annotated[int, Rule("0 or more", lambda number: number >= 0)]
"""How many: 0 or more."""


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


@dataclass(frozen=True, slots=True)
class _Form:
    """How a type is written and read. Values of the ``same`` classes, none of a subclass, are written as they are.

    They are read as they are, too, so neither function has to be called for them: that is most values of a record.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    same: frozenset[type] = frozenset()


@cache
def _form(hint: Hashable) -> _Form:
    """The form of a type. Raises ``TypeError`` on one that isn't offered: a mistake in a declaration."""
    origin = get_origin(hint)
    if hint is Any:
        return _Form(_same, _plain, _ATOMS)
    if origin is Annotated:
        return _annotated(*get_args(hint))
    if origin is Literal:
        return _Form(_same, _one_of({word: word for word in get_args(hint)}))
    if origin in (Union, types.UnionType):
        return _optional(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _Form(lambda value: value.value, _one_of({member.value: member for member in hint}))
    return _container(hint, origin)


def _container(hint: Any, origin: Any) -> _Form:
    if origin is Mapping:
        return _mapping(_form(get_args(hint)[1]))
    if origin is tuple:
        return _sequence(_form(get_args(hint)[0]))
    if is_dataclass(hint) and isinstance(hint, type):
        return _Fields(hint).form()
    if is_typeddict(hint):
        return _open_object(hint)
    if hint in _SCALARS:
        return _Form(_same, _scalar(hint), frozenset({hint}))
    raise TypeError(f"no form in JSON is declared for {hint!r}")


_SCALARS: Mapping[type, str] = {str: "a text", int: "a whole number", bool: "true or false"}


_ATOMS: frozenset[type] = frozenset({str, int, float, bool, types.NoneType})
"""The classes of JSON values that hold no others."""

_DEEPEST = 50
"""Levels that a JSON value may have: deeper ones are made by accident or to do harm, and not every reader survives."""


def _same(value: Any) -> Any:
    return value


def _plain(data: Any, level: int = 0) -> Any:
    """Any JSON value, unless it is nested without an end in sight."""
    if isinstance(data, dict | list):
        if data and level >= _DEEPEST:
            raise ShapeError("is nested too deeply")
        for item in data.values() if isinstance(data, dict) else data:
            if type(item) not in _ATOMS:
                _plain(item, level + 1)
    return data


def _scalar(kind: type) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        if type(data) is not kind:  # not `isinstance`: true is a number to Python
            raise _expected(_SCALARS[kind], data)
        return data

    return read


def _one_of(known: Mapping[Any, Any]) -> Callable[[Any], Any]:
    def read(data: Any) -> Any:
        if not isinstance(data, str) or data not in known:
            raise _expected(f"one of {', '.join(map(str, known))}", data)
        return known[data]

    return read


def _optional(hint: Any) -> _Form:
    (inner,) = (_form(item) for item in get_args(hint) if item is not types.NoneType)
    return _Form(
        lambda value: None if value is None else inner.write(value),
        lambda data: None if data is None else inner.read(data),
        inner.same | {types.NoneType},
    )


def _annotated(inner: Any, *marks: Any) -> _Form:
    for mark in marks:
        if isinstance(mark, Through):
            return _through(mark)
    keyed = next((mark for mark in marks if isinstance(mark, Keyed)), None)
    form = _keyed(_form(get_args(inner)[1]), keyed) if keyed else _form(inner)
    for mark in marks:
        form = _ruled(form, mark) if isinstance(mark, Rule) else form
    return form


def _through(mark: Through) -> _Form:
    row = _form(mark.row)
    return _Form(lambda value: row.write(mark.lower(value)), lambda data: mark.lift(row.read(data)))


def _ruled(form: _Form, rule: Rule) -> _Form:
    def read(data: Any) -> Any:
        value = form.read(data)
        if not rule.holds(value):
            raise _expected(rule.words, data)
        return value

    return _Form(form.write, read)


def _mapping(inner: _Form) -> _Form:
    inner_write, inner_read, same = inner.write, inner.read, inner.same

    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        return {key: item if type(item) in same else inner_write(item) for key, item in value.items()}

    def read(data: Any) -> dict[str, Any]:
        value, key = {}, ""
        given = _object(data)
        try:
            for key, item in given.items():
                value[key] = item if type(item) in same else inner_read(item)
        except ShapeError as error:
            raise error.under(key) from None
        return value

    return _Form(write, read)


def _open_object(hint: Any) -> _Form:
    """An object with some keys of known types; whether a key may be missing is said with its type."""
    hints = get_type_hints(hint, include_extras=True)
    optional = {name for name, item in hints.items() if get_origin(item) is NotRequired}
    required = [name for name in hints if name in hint.__required_keys__ and name not in optional]
    forms = {name: _form(get_args(item)[0] if name in optional else item) for name, item in hints.items()}
    other = _form(Any)

    def read(data: Any) -> dict[str, Any]:
        value, name = {}, ""
        given = _object(data)
        for name in required:
            if name not in given:
                raise ShapeError("is missing", (name,))
        try:
            for name, item in given.items():
                form = forms.get(name, other)
                value[name] = item if type(item) in form.same else form.read(item)
        except ShapeError as error:
            raise error.under(name) from None
        return value

    return _Form(_same, read)


def _keyed(inner: _Form, keyed: Keyed) -> _Form:
    order = _form(Count).read

    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        data = {}
        for place, (key, item) in enumerate(value.items()):
            row = data[key] = inner.write(item)
            row.pop(keyed.key, None)
            row[keyed.order] = place
        return data

    def place(data: Any) -> int:
        if keyed.order not in _object(data):
            raise ShapeError("is missing", (keyed.order,))
        number: int = _read_under(keyed.order, order, data[keyed.order])
        return number

    def read(data: Any) -> dict[str, Any]:
        places, value, key = {}, {}, ""
        given = _object(data)
        try:
            for key, item in given.items():
                places[key] = place(item)
            for key in sorted(places, key=places.__getitem__):
                row = given[key] | {keyed.key: key}
                del row[keyed.order]
                value[key] = inner.read(row)
        except ShapeError as error:
            raise error.under(key) from None
        return value

    return _Form(write, read)


def _sequence(inner: _Form) -> _Form:
    write, inner_read, same = inner.write, inner.read, inner.same

    def read(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, list):
            raise _expected("a list", data)
        value: list[Any] = []
        try:
            for item in data:
                value.append(item if type(item) in same else inner_read(item))  # noqa: PERF401 - its length is where damage is
        except ShapeError as error:
            raise error.under(len(value)) from None
        return tuple(value)

    return _Form(lambda value: [write(item) for item in value], read)


class _Fields:
    """The fields of a dataclass."""

    def __init__(self, cls: type) -> None:
        self._cls = cls
        hints = get_type_hints(cls, include_extras=True)
        self._forms = {field.name: _form(hints[field.name]) for field in fields(cls)}
        omitted = {
            field.name: MISSING if cls in _WHOLE or Always in get_args(hints[field.name]) else _default(field)
            for field in fields(cls)
        }
        self._rows = [(name, form, omitted[name]) for name, form in self._forms.items()]
        self._required = {name for name, default in omitted.items() if default is MISSING}

    def form(self) -> _Form:
        return _Form(self._write, self._read)

    def _write(self, value: Any) -> dict[str, Any]:
        data = {}
        for name, form, default in self._rows:
            item = getattr(value, name)
            if item != default:
                data[name] = item if type(item) in form.same else form.write(item)
        return data

    def _read(self, data: Any) -> Any:
        values, name, forms = {}, "", self._forms
        given = _object(data)
        if not given.keys() <= forms.keys():
            raise ShapeError("isn't a field that is known here", (next(name for name in given if name not in forms),))
        if not self._required <= given.keys():
            raise ShapeError("is missing", (next(name for name in forms if name in self._required - given.keys()),))
        try:
            for name, item in given.items():
                form = forms[name]
                values[name] = item if type(item) in form.same else form.read(item)
        except ShapeError as error:
            raise error.under(name) from None
        return self._cls(**values)


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _read_under(step: Step, read: Callable[[Any], Any], data: Any) -> Any:
    try:
        return read(data)
    except ShapeError as error:
        raise error.under(step) from None


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise _expected("an object", data)
    return data


def _expected(words: str, data: Any) -> ShapeError:
    return ShapeError(f"should be {words}, but is {_shown(data)}")


_SHOWN = 40
"""Characters of a damaged value that a message shows."""


def _shown(data: Any) -> str:
    if isinstance(data, dict | list):
        return "an object" if isinstance(data, dict) else "a list"
    text = json.dumps(data)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
