"""How values are written as JSON and read: of one value, of a list, of an object; ``state.codec`` chooses by type.

Reading checks: the first thing that doesn't fit is a ``ShapeError`` with the way to it.
"""

from __future__ import annotations

import types
from dataclasses import MISSING
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.state.shape_error import ShapeError, expected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from deployer.state.marks import Keyed, Rule, Through
    from deployer.state.shape_error import Step


@dataclass(frozen=True, slots=True)
class Form:
    """How a type is written and read. Values of the ``same`` classes, none of a subclass, are written as they are.

    They are read as they are, too, so neither function has to be called for them: that is most values of a record.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    same: frozenset[type] = frozenset()


SCALARS: Mapping[type, str] = {str: "a text", int: "a whole number", bool: "true or false"}
"""The classes of single values that a type may name, in words."""

_ATOMS: frozenset[type] = frozenset({str, int, float, bool, types.NoneType})
"""The classes of JSON values that hold no others."""

_DEEPEST = 50
"""Levels that a JSON value may have: deeper ones come by accident or from an attack, and crash some readers."""


def _same(value: Any) -> Any:
    return value


def _plain(data: Any, level: int = 0) -> Any:
    """Pass on any JSON value that isn't nested too deeply."""
    if isinstance(data, dict | list):
        if data and level >= _DEEPEST:
            raise ShapeError("is nested too deeply")
        for item in data.values() if isinstance(data, dict) else data:
            if type(item) not in _ATOMS:
                _plain(item, level + 1)
    return data


ANY = Form(_same, _plain, _ATOMS)
"""The form of any JSON value."""


def scalar(kind: type) -> Form:
    """The form of one of ``SCALARS``."""

    def read(data: Any) -> Any:
        if type(data) is not kind:  # not `isinstance`: true is a number to Python
            raise expected(SCALARS[kind], data)
        return data

    return Form(_same, read, frozenset({kind}))


def one_of(known: Mapping[Any, Any], write: Callable[[Any], Any] = _same) -> Form:
    """The form of a choice: ``known`` leads from each text to its value, ``write`` from a value to its text."""

    def read(data: Any) -> Any:
        if not isinstance(data, str) or data not in known:
            raise expected(f"one of {', '.join(map(str, known))}", data)
        return known[data]

    return Form(write, read)


def optional(inner: Form) -> Form:
    """The form of a value or null."""
    return Form(
        lambda value: None if value is None else inner.write(value),
        lambda data: None if data is None else inner.read(data),
        inner.same | {types.NoneType},
    )


def through(row: Form, mark: Through) -> Form:
    """The form of what is written as a row."""
    return Form(lambda value: row.write(mark.lower(value)), lambda data: mark.lift(row.read(data)))


def ruled(form: Form, rule: Rule) -> Form:
    """The same form, whose values must keep a rule."""

    def read(data: Any) -> Any:
        value = form.read(data)
        if not rule.holds(value):
            raise expected(rule.words, data)
        return value

    return Form(form.write, read)


def mapping(inner: Form) -> Form:
    """The form of an object with any keys."""
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

    return Form(write, read)


def open_object(known: Mapping[str, Form], required: Sequence[str]) -> Form:
    """The form of an object with some keys that are known; others hold any JSON, and it is passed on as it is."""

    def read(data: Any) -> dict[str, Any]:
        value, name = {}, ""
        given = _object(data)
        for name in required:
            if name not in given:
                raise ShapeError("is missing", (name,))
        try:
            for name, item in given.items():
                form = known.get(name, ANY)
                value[name] = item if type(item) in form.same else form.read(item)
        except ShapeError as error:
            raise error.under(name) from None
        return value

    return Form(_same, read)


def keyed(inner: Form, mark: Keyed, order: Form) -> Form:
    """The form of objects whose key is a field of theirs (``Keyed``); ``order`` is the form of their places, from 0."""

    def write(value: Mapping[str, Any]) -> dict[str, Any]:
        data = {}
        for place, (key, item) in enumerate(value.items()):
            row = data[key] = inner.write(item)
            row.pop(mark.key, None)
            row[mark.order] = place
        return data

    def place(data: Any) -> int:
        if mark.order not in _object(data):
            raise ShapeError("is missing", (mark.order,))
        number: int = _read_under(mark.order, order.read, data[mark.order])
        return number

    def read(data: Any) -> dict[str, Any]:
        places, value, key = {}, {}, ""
        given = _object(data)
        try:
            for key, item in given.items():
                places[key] = place(item)
            for key in sorted(places, key=places.__getitem__):
                row = given[key] | {mark.key: key}
                del row[mark.order]
                value[key] = inner.read(row)
        except ShapeError as error:
            raise error.under(key) from None
        return value

    return Form(write, read)


def sequence(inner: Form) -> Form:
    """The form of a list, which is a tuple here."""
    write, inner_read, same = inner.write, inner.read, inner.same

    def read(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, list):
            raise expected("a list", data)
        value: list[Any] = []
        try:
            for item in data:
                value.append(item if type(item) in same else inner_read(item))  # noqa: PERF401 - its length is where damage is
        except ShapeError as error:
            raise error.under(len(value)) from None
        return tuple(value)

    return Form(lambda value: [write(item) for item in value], read)


def record(cls: type, known: Mapping[str, Form], omitted: Mapping[str, Any]) -> Form:
    """The form of a dataclass by the forms of its fields. A field whose value is the one in ``omitted`` isn't written.

    One that has ``MISSING`` there is written in any case, and must be there.
    """
    rows = [(name, form, omitted[name]) for name, form in known.items()]
    required = {name for name, default in omitted.items() if default is MISSING}

    def write(value: Any) -> dict[str, Any]:
        data = {}
        for name, form, default in rows:
            item = getattr(value, name)
            if item != default:
                data[name] = item if type(item) in form.same else form.write(item)
        return data

    def read(data: Any) -> Any:
        values, name = {}, ""
        given = _object(data)
        if not given.keys() <= known.keys():
            raise ShapeError("isn't a field that is known here", (next(name for name in given if name not in known),))
        if not required <= given.keys():
            raise ShapeError("is missing", (next(name for name in known if name in required - given.keys()),))
        try:
            for name, item in given.items():
                form = known[name]
                values[name] = item if type(item) in form.same else form.read(item)
        except ShapeError as error:
            raise error.under(name) from None
        return cls(**values)

    return Form(write, read)


def _read_under(step: Step, read: Callable[[Any], Any], data: Any) -> Any:
    try:
        return read(data)
    except ShapeError as error:
        raise error.under(step) from None


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise expected("an object", data)
    return data
