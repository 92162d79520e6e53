"""The ``__init__`` of our data classes: the first instances are filled field by field, later ones by a function.

The function is compiled from source, as the standard library's is, and compiling it takes as long as filling a few
instances: most classes of a run have no more.
"""

from __future__ import annotations

from dataclasses import MISSING, Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

SHAPE = "__dataclass_shape__"
"""The attribute of a class that holds its ``Shape``."""

_UNCOMPILED = 16
"""Instances of a class that are filled field by field before its initializer is compiled."""


class _Factory:
    """The default, in a signature, of a value that a function makes."""

    def __repr__(self) -> str:
        return "<factory>"


_MADE = _Factory()


class Shape:
    """A class as it was declared: its fields with those of its bases, and its options. ``shown``: those in its repr."""

    __slots__ = ("_filled", "fields", "frozen", "post_init", "shown", "slots")

    def __init__(self, fields: dict[str, Field[Any]], *, frozen: bool, slots: bool, post_init: bool) -> None:
        self.fields = fields
        self.frozen = frozen
        self.slots = slots
        self.post_init = post_init
        self.shown = tuple(name for name, one in fields.items() if one.repr)
        self._filled: tuple[tuple[str, Field[Any]], ...] | None = None

    @property
    def filled(self) -> tuple[tuple[str, Field[Any]], ...]:
        """The fields that an instance sets: without slots, the class has the defaults that are no parameters."""
        if self._filled is None:
            self._filled = tuple(
                (name, one)
                for name, one in self.fields.items()
                if one.init or one.default_factory is not MISSING or (self.slots and one.default is not MISSING)
            )
        return self._filled

    def values(self, given: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any] | None:
        """The arguments by field name; ``None`` where they don't fit the fields."""
        places = [name for name, one in self.fields.items() if one.init and not one.kw_only]
        values = dict(zip(places, given, strict=False)) | named
        if len(given) > len(places) or len(values) < len(given) + len(named):
            return None
        taken = 0
        for name, one in self.fields.items():
            if one.init and name in values:
                taken += 1
            elif one.init and one.default is MISSING and one.default_factory is MISSING:
                return None
        return values if taken == len(values) else None


class LazyAttribute:
    """An attribute of a class that replaces itself with what ``make`` makes of the class when it is first read."""

    __slots__ = ("make", "name", "owner")

    def __init__(self, owner: type, name: str, make: Callable[[type], Any]) -> None:
        self.owner = owner
        self.name = name
        self.make = make

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        made = self.make(self.owner)
        setattr(self.owner, self.name, made)
        return made if instance is None or not callable(made) else made.__get__(instance, owner)


class LazyInitializer(LazyAttribute):
    """An ``__init__`` that fills the first instances field by field and is compiled for those after."""

    __slots__ = ("left",)

    def __init__(self, owner: type) -> None:
        super().__init__(owner, "__init__", _initializer)
        self.left = _UNCOMPILED

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if instance is None or self.left <= 0:
            return super().__get__(instance, owner)
        self.left -= 1
        return lambda *given, **named: self.fill(instance, given, named)

    def fill(self, instance: object, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Set the fields. Where the arguments don't fit, the compiled one raises the usual ``TypeError``."""
        shape: Shape = getattr(self.owner, SHAPE)
        values = shape.values(given, named)
        if values is None:
            self.left = 0
            super().__get__(instance, self.owner)(*given, **named)
            return
        put = object.__setattr__ if shape.frozen else setattr
        for name, one in shape.filled:
            put(instance, name, values[name] if name in values else _absent(one))
        if shape.post_init:
            instance.__post_init__()  # type: ignore[attr-defined]  # the shape says that the class has one


def _absent(one: Field[Any]) -> Any:
    """The value of a field that no argument gives."""
    return one.default if one.default_factory is MISSING else one.default_factory()


def _initializer(cls: type) -> Callable[..., None]:
    """The function that fills an instance, with its fields for parameters."""
    shape: Shape = getattr(cls, SHAPE)
    used: dict[str, Any] = {"_MADE": _MADE, "_set": object.__setattr__}
    positional: list[str] = []
    named: list[str] = []
    body: list[str] = []
    for at, (name, one) in enumerate(shape.filled):
        value, default, absent = name, "", ""
        if one.default_factory is not MISSING:
            used[f"_make{at}"] = one.default_factory
            absent, default = f"_make{at}()", "=_MADE"
            value = f"{absent} if {name} is _MADE else {name}"
        elif one.default is not MISSING:
            used[f"_default{at}"] = one.default
            absent, default = f"_default{at}", f"=_default{at}"
        if one.init:
            (named if one.kw_only else positional).append(f"{name}{default}")
        else:
            value = absent
        if not shape.frozen:
            body.append(f"self.{name} = {value}")
        elif shape.slots:  # straight into its slot
            used[f"_set{at}"] = getattr(cls, name).__set__
            body.append(f"_set{at}(self, {value})")
        else:
            body.append(f"_set(self, {name!r}, {value})")
    if shape.post_init:
        body.append("self.__post_init__()")
    taken = ", ".join(["self", *positional, *(["*", *named] if named else [])])
    made = _compiled(f"def __init__({taken}):\n  " + "\n  ".join(body or ["pass"]), cls, used)
    made.__annotations__ = {name: one.type for name, one in shape.fields.items() if one.init} | {"return": None}
    return made


def _compiled(code: str, cls: type, used: dict[str, Any]) -> Callable[..., None]:
    """Compile a method's source as if it were written in the class; ``used`` are the values of names in it."""
    inside: dict[str, Any] = {}
    source = f"def make({', '.join(used)}):\n {code}\n return __init__"
    exec(source, {"__name__": cls.__module__}, inside)  # noqa: S102 (as the standard one does)
    made: Callable[..., None] = inside["make"](**used)
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__module__ = cls.__module__
    return made
