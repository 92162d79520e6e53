"""``dataclass``, as the standard library means it, for a program that starts often: cheap to define, quick to make.

The standard one compiles up to six functions for each class when its module is imported: half a millisecond a class, of
which a command reads two hundred and makes far fewer. Here a class gets its slots at once, and its ``__init__`` when
it has made some instances: most classes make a handful. What compares, hashes and shows it needs no compiling. An
instance of a frozen class is made in three fifths of the time, since each value goes straight into its slot.

Type checkers see the standard one, and ``fields``, ``replace`` and ``asdict`` of the standard library work on these
classes: they ask for ``__dataclass_fields__``, which is made when it is asked for.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, FrozenInstanceError, field, make_dataclass
from operator import attrgetter
from reprlib import recursive_repr
from types import MemberDescriptorType

from deployer.initializer import SHAPE, LazyAttribute, LazyInitializer, Shape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any


def _own_fields(cls: type, *, kw_only: bool) -> dict[str, Field[Any]]:
    own = {}
    for name, annotation in cls.__annotations__.items():
        words = annotation if isinstance(annotation, str) else repr(annotation)
        if words.startswith(("ClassVar", "typing.ClassVar")):
            continue
        if words.startswith(("InitVar", "KW_ONLY", "dataclasses.")):
            raise TypeError(f"{cls.__qualname__}.{name}: {words} isn't supported here")
        default: Any = getattr(cls, name, MISSING)
        if isinstance(default, MemberDescriptorType):  # the slot of a base
            default = MISSING
        made = default if isinstance(default, Field) else field(default=default)
        if made.default.__class__.__hash__ is None:
            raise ValueError(f"{cls.__qualname__}.{name}: a mutable default {made.default!r}; give a default_factory")
        made.name, made.type = name, annotation
        if made.kw_only is MISSING:
            made.kw_only = kw_only
        own[name] = made
    return own


def _slotted(cls: type, own: Iterable[str], names: Iterable[str]) -> type:
    """The same class again, with slots: they can only be given when a class is made."""
    if "__slots__" in cls.__dict__:
        raise TypeError(f"{cls.__qualname__} has slots already")
    taken = {name for base in cls.__mro__[1:-1] for name in getattr(base, "__slots__", ())}
    inside = {name: value for name, value in cls.__dict__.items() if name not in ("__dict__", "__weakref__")}
    for name in own:
        inside.pop(name, None)
    inside["__slots__"] = tuple(name for name in names if name not in taken)
    made = type(cls)(cls.__name__, cls.__bases__, inside)
    made.__qualname__ = cls.__qualname__
    return made


def _standard(cls: type, *, frozen: bool = False) -> type:
    """A class of the standard library with the same fields, for its functions that ask for them.

    One without a docstring would get its signature for one, which takes longer than all else together.
    """
    shape: Shape = getattr(cls, SHAPE)
    alike = []
    for name, one in shape.fields.items():
        how: dict[str, Any] = {"init": one.init, "repr": one.repr, "compare": one.compare, "kw_only": one.kw_only}
        if one.default_factory is not MISSING:
            how["default_factory"] = one.default_factory
        elif one.default is not MISSING:
            how["default"] = one.default
        alike.append((name, one.type, field(hash=one.hash, metadata=one.metadata, **how)))
    inside = {"__doc__": cls.__doc__ or cls.__name__}
    return make_dataclass(cls.__name__, alike, namespace=inside, init=False, repr=False, eq=False, frozen=frozen)


def _standard_fields(cls: type) -> Any:
    return _standard(cls).__dataclass_fields__  # type: ignore[attr-defined]


def _standard_params(cls: type) -> Any:
    shape: Shape = getattr(cls, SHAPE)
    return _standard(cls, frozen=shape.frozen).__dataclass_params__  # type: ignore[attr-defined]


@recursive_repr()
def _shown(self: Any) -> str:
    shape: Shape = getattr(type(self), SHAPE)
    inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in shape.shown)
    return f"{type(self).__qualname__}({inside})"


def _values(self: Any) -> list[Any]:
    shape: Shape = getattr(type(self), SHAPE)
    return [getattr(self, name) for name in shape.fields]


def _with_values(self: Any, values: list[Any]) -> None:
    shape: Shape = getattr(type(self), SHAPE)
    for name, value in zip(shape.fields, values, strict=True):
        object.__setattr__(self, name, value)


def _read(names: tuple[str, ...]) -> Callable[[Any], Any]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple([getattr(self, name) for name in names])


def _comparing(key: Callable[[Any], Any]) -> Callable[[Any, object], bool]:
    def __eq__(self: Any, other: object) -> bool:  # noqa: N807 (it becomes the class's)
        return bool(key(self) == key(other)) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hashing(key: Callable[[Any], Any]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(key(self))

    return __hash__


def _ordering(key: Callable[[Any], Any]) -> dict[str, Callable[[Any, Any], bool]]:
    def compared(how: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
        return lambda self, other: how(key(self), key(other)) if other.__class__ is self.__class__ else NotImplemented

    return {
        "__lt__": compared(lambda one, two: one < two),
        "__le__": compared(lambda one, two: one <= two),
        "__gt__": compared(lambda one, two: one > two),
        "__ge__": compared(lambda one, two: one >= two),
    }


def _freezing(cls: Any, names: Iterable[str]) -> dict[str, Callable[..., None]]:
    kept = frozenset(names)

    def __setattr__(self: Any, name: str, value: object) -> None:  # noqa: N807
        if type(self) is cls or name in kept:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:  # noqa: N807
        if type(self) is cls or name in kept:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return {"__setattr__": __setattr__, "__delattr__": __delattr__}


def _inherited(cls: type, *, frozen: bool) -> dict[str, Field[Any]]:
    fields: dict[str, Field[Any]] = {}
    for base in cls.__mro__[-1:0:-1]:
        shape = base.__dict__.get(SHAPE)
        if shape is None:
            continue
        if shape.frozen != frozen:
            raise TypeError(f"{cls.__qualname__}: a frozen class and one that isn't can't inherit from each other")
        fields |= shape.fields
    return fields


def _in_order(cls: type, fields: Mapping[str, Field[Any]]) -> None:
    optional = ""
    for name, one in fields.items():
        if one.kw_only or not one.init:
            continue
        if one.default is not MISSING or one.default_factory is not MISSING:
            optional = name
        elif optional:
            raise TypeError(f"{cls.__qualname__}: {name!r} has no default and follows {optional!r}, which has one")


def _with_defaults(cls: type, own: Mapping[str, Field[Any]]) -> type:
    """The class itself, whose attributes are the fields' defaults."""
    for name, one in own.items():
        if one.default is not MISSING:
            setattr(cls, name, one.default)
        elif name in cls.__dict__:
            delattr(cls, name)
    return cls


def _says_how_to_hash(cls: type) -> bool:
    """Whether ``__hash__`` is the class's own; where it sets ``__eq__`` alone, Python put None there."""
    return "__hash__" in cls.__dict__ and not (cls.__dict__["__hash__"] is None and "__eq__" in cls.__dict__)


def _hash(fields: Mapping[str, Field[Any]], *, frozen: bool) -> object:
    names = tuple(name for name, one in fields.items() if (one.compare if one.hash is None else one.hash))
    return _hashing(_read(names)) if frozen else None


def _processed(cls: type, *, frozen: bool, slots: bool, eq: bool, order: bool, kw_only: bool) -> type:
    own = _own_fields(cls, kw_only=kw_only)
    fields = _inherited(cls, frozen=frozen) | own
    _in_order(cls, fields)
    key = _read(tuple(name for name, one in fields.items() if one.compare))
    made = _slotted(cls, own, fields) if slots else _with_defaults(cls, own)
    shape = Shape(fields, frozen=frozen, slots=slots, post_init=hasattr(made, "__post_init__"))
    given: dict[str, object] = {
        "__init__": LazyInitializer(made),
        "__repr__": _shown,
        "__match_args__": tuple(name for name, one in fields.items() if one.init and not one.kw_only),
    }
    forced: dict[str, object] = {
        SHAPE: shape,
        "__dataclass_fields__": LazyAttribute(made, "__dataclass_fields__", _standard_fields),
        "__dataclass_params__": LazyAttribute(made, "__dataclass_params__", _standard_params),
    }
    if eq:
        given["__eq__"] = _comparing(key)
        if not _says_how_to_hash(cls):
            forced["__hash__"] = _hash(fields, frozen=frozen)
    if order:
        given |= _ordering(key)
    if frozen:
        forced |= _freezing(made, fields)
    if frozen and slots:  # what copies and pickles would set the slots one by one, which a frozen class forbids
        given |= {"__getstate__": _values, "__setstate__": _with_values}
    for name, value in ({one: it for one, it in given.items() if one not in made.__dict__} | forced).items():
        setattr(made, name, value)
    return made


def _dataclass(
    cls: type | None = None,
    /,
    *,
    frozen: bool = False,
    slots: bool = False,
    eq: bool = True,
    order: bool = False,
    kw_only: bool = False,
) -> Any:
    """The class with what its annotations say; the parameters mean what they mean in the standard library."""

    def process(cls: type) -> type:
        return _processed(cls, frozen=frozen, slots=slots, eq=eq, order=order, kw_only=kw_only)

    return process if cls is None else process(cls)


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 (another module's name, to be imported from here)
else:
    dataclass = _dataclass
