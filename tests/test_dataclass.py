"""Our dataclass against the standard library's: the same classes, declared with either, can't be told apart."""

import copy
import dataclasses
import inspect
import pickle
import sys
import threading
from dataclasses import FrozenInstanceError, asdict, field, fields, is_dataclass, replace
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployer import dataclass as module

NAMES = st.sampled_from(["a", "b", "key", "value", "items"])
FORMS = {
    "plain": "{name}: int",
    "default": "{name}: int = 3",
    "none": "{name}: int | None = None",
    "factory": "{name}: list = field(default_factory=list)",
    "hidden": "{name}: int = field(repr=False)",
    "alone": "{name}: int = field(default=4, compare=False)",
    "later": "{name}: dict = field(init=False, default_factory=dict)",
    "fixed": "{name}: int = field(init=False, default=7)",
    "named": "{name}: int = field(kw_only=True)",
    "of the class": "{name}_kind: ClassVar[int] = 5",
}
OPTIONS = st.fixed_dictionaries(
    {option: st.booleans() for option in ("frozen", "slots", "kw_only", "eq", "order")}
).map(lambda options: options | {"order": options["order"] and options["eq"]})
FIELDS = st.lists(st.tuples(NAMES, st.sampled_from(sorted(FORMS))), max_size=4, unique_by=lambda one: one[0])
BODIES = st.sampled_from(
    [
        "",
        "    def __post_init__(self): type(self).started = True\n",
        "    def __eq__(self, other): return False\n",
        "    def __hash__(self): return 1\n",
        "    def __repr__(self): return 'mine'\n",
        "    def __init__(self, *all, **named): pass\n",
    ]
)


def declared(decorator, name, classes):
    """The classes, written as a module of Python with this decorator; what went wrong where it can't be declared."""
    made = ModuleType(name)
    sys.modules[name] = made
    source = "from __future__ import annotations\nfrom typing import ClassVar\n"
    for at, (options, own, body) in enumerate(classes):
        said = ", ".join(f"{option}={value}" for option, value in options.items())
        base = f"(Class{at - 1})" if at else ""
        inside = "".join(f"    {FORMS[form].format(name=field_name)}\n" for field_name, form in own)
        source += f"@dataclass({said})\nclass Class{at}{base}:\n    started = False\n{inside}{body}"
    made.__dict__.update(dataclass=decorator, field=field)
    exec(source, made.__dict__)
    return made.__dict__[f"Class{len(classes) - 1}"]


def tried(what):
    """What it gives, or the kind of error that it raises."""
    try:
        return what()
    except Exception as error:  # noqa: BLE001
        return type(error)


def said(what):
    """What is wrong with the arguments, in Python's words."""
    try:
        what()
    except TypeError as error:
        return str(error)
    return ""


def looks(cls, numbers):
    """Everything that can be seen of a class and of its instances."""
    seen = {"match": cls.__match_args__}
    seen["fields"] = tried(lambda: [(one.name, one.type, one.init, one.repr, one.compare) for one in fields(cls)])
    seen["slots"] = getattr(cls, "__slots__", None)
    required = [
        one.name
        for one in fields(cls)
        if one.init and one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
    ]
    given = [dict(zip(required, (number, *range(number, number + 9)), strict=False)) for number in numbers]
    one, two, again = (tried(lambda values=values: cls(**values)) for values in (*given, given[0]))
    by_place = [given[0].get(name, 0) for name in seen["match"]]
    seen["by place"] = tried(
        lambda: asdict(cls(*by_place, **{name: 1 for name in required if name not in seen["match"]}))
    )
    seen["wrong"] = [
        said(lambda: cls(**given[0], unknown=1)),
        said(lambda: cls(*range(9), **given[0])),
        said(lambda: cls(*by_place, **given[0])),
        said(cls),
    ][numbers[0] :]
    seen["signature"] = tried(lambda: str(inspect.signature(cls)))
    if isinstance(one, type):
        return seen | {"made": one}
    seen["shown"] = tried(lambda: repr(one)) if cls.__repr__ is not object.__repr__ else None
    seen["equal"] = (tried(lambda: one == again), tried(lambda: one == two), one == 3)
    seen["hashes"] = tried(lambda: len({one, two, again}))
    seen["hash"] = cls.__hash__ is None
    seen["order"] = [
        tried(lambda: one < two),
        tried(lambda: one <= again),
        tried(lambda: two > one),
        tried(lambda: one < 3),
    ]
    seen["changed"] = tried(lambda: repr(replace(one, **dict.fromkeys(required[:1], 9))))
    seen["as"] = tried(lambda: asdict(one))
    for name in ("a", "other"):
        # whether, not with what error: for a name that is no field the standard library's slots confuse its own check
        seen[f"set {name}"] = tried(lambda name=name: setattr(copy.copy(one), name, 1)) is None
        seen[f"delete {name}"] = tried(lambda name=name: delattr(copy.copy(one), name)) is None
    seen["copied"] = tried(lambda: asdict(copy.deepcopy(one)))
    seen["pickled"] = tried(lambda: asdict(pickle.loads(pickle.dumps(one))))
    seen["started"] = cls.started
    return seen


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(OPTIONS, FIELDS, BODIES), min_size=1, max_size=2), st.tuples(*[st.integers(0, 3)] * 2))
def test_a_class_is_what_the_standard_library_would_make_of_it(classes, numbers):
    """The same declaration gives the same signature, equality, hash, order, copies and errors."""
    standard = tried(lambda: declared(dataclasses.dataclass, "tests_standard_classes", classes))
    ours = tried(lambda: declared(module._dataclass, "tests_standard_classes", classes))
    if not is_dataclass(standard):
        assert ours is standard
        return
    declared(dataclasses.dataclass, "tests_standard_classes", classes)
    expected = looks(sys.modules["tests_standard_classes"].__dict__[standard.__name__], numbers)
    declared(module._dataclass, "tests_standard_classes", classes)
    assert looks(sys.modules["tests_standard_classes"].__dict__[ours.__name__], numbers) == expected


@pytest.mark.parametrize("slots", [True, False])
@pytest.mark.parametrize("frozen", [True, False])
def test_the_first_instances_are_as_the_later_ones(frozen, slots):
    """Instances are alike, whether they are filled field by field or by what is compiled for the many."""

    @module._dataclass(frozen=frozen, slots=slots)
    class Point:
        x: int
        y: list = field(default_factory=list)
        z: int = 3
        later: int = field(init=False, default=4)

    made = [asdict(Point(1, z=number)) for number in range(40)]
    assert made == [{"x": 1, "y": [], "z": number, "later": 4} for number in range(40)]
    assert inspect.isfunction(Point.__dict__["__init__"])


def test_nothing_is_compiled_for_a_few_instances():
    """A class that makes few instances gets no initializer; one that is asked for its signature does."""

    @module._dataclass(frozen=True, slots=True)
    class Point:
        x: int

    assert Point(1).x == 1
    assert not inspect.isfunction(Point.__dict__["__init__"])
    assert str(inspect.signature(Point)) == "(x: int) -> None"
    assert inspect.isfunction(Point.__dict__["__init__"])


@pytest.mark.parametrize("slots", [True, False])
def test_a_frozen_instance_keeps_its_values(slots):
    """Setting or deleting a field of a frozen class is the standard library's error, which names the field."""

    @module._dataclass(frozen=True, slots=slots)
    class Point:
        x: int

    point = Point(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x
    assert point.x == 1


def test_threads_may_make_the_first_instances_at_once():
    """Two threads that both build the initializer both get a whole instance."""

    @module._dataclass(slots=True)
    class Point:
        x: int
        y: list = field(default_factory=list)

    made = []
    barrier = threading.Barrier(4)

    def make(number):
        barrier.wait()
        made.append(Point(number))

    threads = [threading.Thread(target=make, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.x for one in made) == [0, 1, 2, 3]


def test_an_instance_inside_itself_is_shown_once():
    """A value that holds itself is shown with dots, as the standard library shows it."""

    @module._dataclass(slots=True)
    class Node:
        next: object = None

    node = Node()
    node.next = node
    assert repr(node).endswith(".Node(next=...)")


@pytest.mark.parametrize("annotation", ["InitVar[int]", "KW_ONLY"])
def test_what_is_not_supported_is_refused(annotation):
    """The two marks that no class here uses are refused, not taken for fields."""
    with pytest.raises(TypeError, match=r"isn't supported here"):
        declared(module._dataclass, "tests_refused", [({}, [], f"    mark: {annotation}\n")])
