"""The Jinja that a text may use: nothing that differs from run to run, and nothing that can fill the memory or run on.

A text is checked on pull requests of strangers. So each value that an expression makes is measured, the work of a
rendering is counted, and what makes much of little (``center``, ``format``, ``%`` on a text) isn't offered at all.

Import this module only where a text needs it: Jinja is slow to import.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from functools import wraps
from itertools import islice
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined, Undefined, nodes
from jinja2.exceptions import TemplateRuntimeError
from jinja2.filters import FILTERS
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS

from deployer.messages import marks
from deployer.messages.measuring import Measuring
from deployer.messages.weighing import (
    ITEMS,
    check_elements,
    checked_text,
    foresee_join,
    foresee_operator,
    foresee_replace,
    foresee_round,
    weight,
)

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Template
    from jinja2.bccache import BytecodeCache

    from deployer.messages.marks import Journal

_CALL = 50
"""What the call of a filter or test costs, in characters: one for each element is a lot of work too."""

_OFFERED = frozenset(
    [
        *("abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "filesizeformat", "first", "float"),
        *("forceescape", "groupby", "int", "items", "join", "last", "length", "list", "lower", "map", "max", "min"),
        *("reject", "rejectattr", "replace", "reverse", "round", "safe", "select", "selectattr", "sort", "string"),
        *("striptags", "sum", "title", "trim", "truncate", "unique", "upper", "urlencode", "wordcount"),
    ]
)
"""Jinja's filters that stay near the size of what they are given, and give the same each time."""

_METHODS: Mapping[type, frozenset[str]] = {
    str: frozenset(
        [
            *("capitalize", "casefold", "count", "endswith", "find", "index", "isalnum", "isalpha", "isdecimal"),
            *(
                "isdigit",
                "islower",
                "isnumeric",
                "isspace",
                "istitle",
                "isupper",
                "join",
                "lower",
                "lstrip",
                "partition",
            ),
            *("removeprefix", "removesuffix", "replace", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split"),
            *("splitlines", "startswith", "strip", "swapcase", "title", "upper"),
        ]
    ),
    list: frozenset({"count", "index"}),
    tuple: frozenset({"count", "index"}),
    dict: frozenset({"get", "items", "keys", "values"}),
}
"""The methods of plain values that are offered; numbers have none."""

_JINJAS = frozenset({"_loop_vars", "_block_vars", "caller"})
"""What Jinja itself hands over with a call."""

_PASSED = (Environment, EvalContext, Context)
"""What Jinja hands to some filters in front of their value."""

_UNSTABLE_GLOBALS = ("lipsum",)
_MOST_EXPRESSIONS = 4_096
"""Compiled expressions that are kept."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with square brackets, without anything that differs from run to run, and with bounds."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, code: BytecodeCache) -> None:
        super().__init__(
            block_start_string="[%",
            block_end_string="%]",
            variable_start_string="[[",
            variable_end_string="]]",
            comment_start_string=marks.COMMENT[0],
            comment_end_string=marks.COMMENT[1],
            keep_trailing_newline=True,
            undefined=StrictUndefined,
            autoescape=False,
            auto_reload=False,
            finalize=self._printed,
            bytecode_cache=code,
        )
        self._journal = marks.NOWHERE
        self._marking = marks.MarkingLexer(self, marks.NOWHERE)
        self._expressions: dict[str, Template] = {}
        self.filters = {name: self._bounded(name, FILTERS[name]) for name in _OFFERED}
        tests: Mapping[str, Any] = TESTS
        self.tests = {name: self._bounded(name, test) for name, test in tests.items()}
        self.globals["range"] = self._range
        for name in _UNSTABLE_GLOBALS:
            del self.globals[name]
        self._offered = dict(self.globals)

    def begin(self, journal: Journal, loader: BaseLoader, names: Mapping[str, Any]) -> None:
        """Begin a rendering: nothing of the last one is left but code, which reads what it uses when it runs."""
        self._journal = journal
        self._marking.journal = journal
        self.loader = loader
        if self.cache is not None:  # an imported file keeps the values that it made
            self.cache.clear()
        self.globals.clear()
        self.globals |= self._offered | dict(names)

    def expression(self, text: str) -> Template:
        """Give the template of one ``[[ … ]]``, compiled once."""
        if text not in self._expressions:
            if len(self._expressions) == _MOST_EXPRESSIONS:
                self._expressions.clear()
            self._expressions[text] = self.from_string(text)
        return self._expressions[text]

    @property
    def lexer(self) -> marks.MarkingLexer:
        """The lexer that puts calls to the journal between the pieces of a text."""
        return self._marking

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return Measuring().visit(super()._parse(source, name, filename))  # type: ignore[no-any-return]

    def _printed(self, value: Any) -> Any:
        """Let through what reads the same everywhere: a customer must never read ``None`` or ``['a', 'b']``."""
        if isinstance(value, Undefined):
            return value
        if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
            raise TemplateRuntimeError(f"an expression has to give text or a number, not {_kind(value)}")
        if not self._journal.marked:
            self._journal.grow(len(str(value)))
        return value

    def measured(self, value: Any) -> Any:
        """Let a value through that isn't too large, and count the work to look at it."""
        self._journal.spend(weight(value))
        return value

    def each(self, value: Any) -> Any:
        """What a loop goes through, counted before the loop begins; a list where it was made on the fly."""
        if isinstance(value, Undefined):
            return value
        if isinstance(value, Generator):
            value = self._listed(value)
        self._journal.spend(len(value) if hasattr(value, "__len__") else 1)
        return value

    def concatenated(self, *values: Any) -> str:
        """``~``: the texts of several values, one behind the other."""
        self._journal.spend(sum(weight(value) for value in values))
        return checked_text("".join(str(value) for value in values))

    def _range(self, *bounds: int) -> range:
        numbers = range(*bounds)
        check_elements(len(numbers))
        self._journal.spend(len(numbers))
        return numbers

    def _listed(self, values: Iterable[Any]) -> list[Any]:
        items = list(islice(values, ITEMS + 1))
        check_elements(len(items))
        return items

    def _bounded(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter or test on measured values without marks: what a filter changes has one origin."""

        @wraps(function)
        def bounded(*args: Any, **kwargs: Any) -> Any:
            self._journal.spend(_CALL)
            args = tuple(self._taken(value) for value in args)
            kwargs = {key: self._taken(value) for key, value in kwargs.items()}
            self._foresee(name, args, kwargs)
            try:
                result = function(*args, **kwargs)
                return self.measured(self._listed(result) if _is_used_up(result) else result)
            except AssertionError as error:  # Jinja's own way to refuse an argument, as in `truncate(0)`
                raise TemplateRuntimeError(f"`{name}`: {error}") from None

        return bounded

    def _taken(self, value: Any) -> Any:
        if isinstance(value, str):
            value = marks.without_marks(value)
        elif isinstance(value, Generator):
            value = self._listed(value)
        return self.measured(value)

    def _foresee(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Refuse what would be too large before it is made."""
        values = [value for value in (*args, *kwargs.values()) if not isinstance(value, _PASSED)]
        if name == "replace":
            foresee_replace(values)
        elif name == "join":
            foresee_join(values)
        elif name == "round":
            foresee_round(*values[1:2], *filter(None, [kwargs.get("precision")]))
        elif name == "sum" and any(isinstance(value, list | tuple) for value in values[1:]):
            raise TemplateRuntimeError("`sum` adds numbers")

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether an attribute is offered: of plain values the methods that stay near their size."""
        for kind, offered in _METHODS.items():
            if isinstance(obj, kind):
                return attr in offered
        return not isinstance(obj, int | float) and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """``format`` isn't offered: a width of a billion fits into ten characters."""

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Get a value by its key, which is looked at first."""
        return super().getitem(obj, self.measured(argument))

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call what a text calls, with measured arguments."""
        if getattr(obj, "__self__", None) in (self, self._journal):
            return obj(*args)
        for value in (*args, *(value for name, value in kwargs.items() if name not in _JINJAS)):
            self.measured(value)
        owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
        if isinstance(owner, str) and name == "replace":
            foresee_replace([owner, *args])
        elif isinstance(owner, str) and name == "join":
            foresee_join([*args, owner])
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An operator on two values, where what it makes isn't too large."""
        self._journal.spend(weight(left) + weight(right))
        if operator == "%" and isinstance(left, str):
            raise TemplateRuntimeError("`%` isn't offered for texts: write `~` between the parts")
        foresee_operator(operator, left, right)
        return super().call_binop(context, operator, left, right)


def _is_used_up(result: object) -> bool:
    """Whether a filter's result can be read only once: what a macro prints would then depend on who read it before."""
    return isinstance(result, Iterator) and not isinstance(result, LoopContext)


def _kind(value: object) -> str:
    names = {type(None): "nothing (None)", bool: "true or false", list: "a list", tuple: "a list", dict: "an object"}
    return names.get(type(value), f"a {type(value).__name__}")
