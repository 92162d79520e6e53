"""Liquid read by python-liquid's parser: the limits that it runs under, and a walk that finds every reference.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager, suppress
from dataclasses import field, replace
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TextIO

from liquid import BoundTemplate, Environment, RenderContext
from liquid.ast import BlockNode, ConditionalBlockNode, Node
from liquid.builtin.expressions import FilteredExpression, LoopExpression
from liquid.builtin.expressions import Path as PathExpression
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.context import BuiltIn
from liquid.exceptions import LiquidError as ParserError
from liquid.exceptions import LocalNamespaceLimitError, TemplateNotFoundError
from liquid.output import LimitedStringIO
from liquid.utils import ReadOnlyChainMap

from deployer.dataclass import dataclass
from deployer.messages import liquid_filters
from deployer.messages.branches import guarded_children
from deployer.messages.flows.evaluating import plain_path
from deployer.messages.liquid_exact import LeftError, compared_exactly, is_leaving
from deployer.messages.liquid_guard import guard
from deployer.messages.liquid_hints import hint_for, hint_for_filter, hint_for_tag
from deployer.messages.macros import ELEMENT, FilterUse, LiquidError, Macro, Path, Scan, TagUse, quotes
from deployer.messages.partition import LIQUID, RAW, regions
from deployer.messages.virtual import look_at_the_clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import StringIO

    from liquid import Token
    from liquid.expression import Expression

_WORD = r"\w[\w\-]*\??"
_BRACKET = r"(?:\[\s*'.*?'\s*\]|\[\s*\".*?\"\s*\]|\[(?:[^\[\]'\"]|'[^']*'|\"[^\"]*\"|\[[^\]]*\])*\])"
_WRITTEN = re.compile(rf"(?:{_WORD}|{_BRACKET})(?:\s*\.\s*{_WORD}|\s*{_BRACKET})*", re.DOTALL)
_UNPARSED = re.compile(r"\{%-?\s*(raw|doc)\s*-?%\}")
_INNER = (BlockNode, ConditionalBlockNode, MultiExpressionBlockNode)


OUTPUT_LIMIT = 4 * 1024 * 1024
"""Bytes that a rendered text may have: an email is far smaller."""


NAMES_LIMIT = 16 * 1024 * 1024
"""Bytes that the values of a text's own names may have."""


def _buffer(limit: int) -> StringIO:
    """A buffer for output that keeps a carriage return as it is: it is a character that counts."""
    return LimitedStringIO(limit=limit, newline="\n")


class _Clock(BuiltIn):
    """The words `now` and `today` of python-liquid."""

    def __getitem__(self, key: str) -> object:
        look_at_the_clock()
        return super().__getitem__(key)


_CLOCK = _Clock()


class ExactContext(RenderContext):
    """A render context whose buffers keep line endings; python-liquid's own make one of each kind."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.scope = ReadOnlyChainMap(self.locals, self.globals, _CLOCK, self.counters)
        self._held = 0

    def assign(self, key: str, val: Any) -> None:
        """Give a name a value; what all names hold is counted on, where python-liquid counts all of it each time."""
        self._held += _weight(val) - _weight(self.locals.get(key))
        self.locals[key] = val
        if self._held > NAMES_LIMIT:
            raise LocalNamespaceLimitError("the values of the text's names are too large", token=None)

    def get_buffer(self, buf: TextIO | None = None) -> StringIO:
        """A buffer for a part of the output, within what is left of the limit."""
        carry = buf.size if isinstance(buf, LimitedStringIO) else 0
        return _buffer(OUTPUT_LIMIT - carry)


def _weight(value: object) -> int:
    return 0 if value is None else sys.getsizeof(value)


class ExactTemplate(BoundTemplate):
    """A template whose output keeps line endings."""

    context_class = ExactContext

    def _get_buffer(self) -> StringIO:
        return _buffer(OUTPUT_LIMIT)

    def render_with_context(self, context: RenderContext, buffer: TextIO, *args: Any, **more: Any) -> None:
        """Render, up to a `break` or `continue` outside of a loop; python-liquid prints nothing of such a text."""
        with suppress(LeftError):
            super().render_with_context(context, buffer, *args, **more)


class Limited(Environment):
    """Liquid with bounds: a mistake in a loop must not hang a check."""

    loop_iteration_limit = 100_000
    output_stream_limit = OUTPUT_LIMIT
    template_class = ExactTemplate

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Take the filters as the reference engine has them."""
        super().setup_tags_and_filters(extra=extra)
        liquid_filters.install(self)

    def error(self, exc: type[ParserError] | ParserError, msg: str | None = None, token: Token | None = None) -> None:
        """Raise an error, or leave the text where the reference engine does."""
        if is_leaving(exc):
            raise LeftError
        super().error(exc, msg, token)


@cache
def environment() -> Environment:
    """Return the one environment to parse with."""
    return Limited()


def parse(text: str, parser: Environment | None = None) -> BoundTemplate:
    """Parse a text. Raises ``LiquidError`` with the offset of what can't be understood."""
    guard(text)
    try:
        template = (parser or environment()).from_string(text)
        return compared_exactly(template) if "blank" in text else template
    except ParserError as error:
        raise LiquidError(sentence(error), offset_of(error, text), _hint(error, text)) from None
    except RecursionError:
        raise LiquidError("the Liquid is nested too deeply to be read", 0) from None


def sentence(error: ParserError) -> str:
    """Return what python-liquid has to say, without the excerpt that it adds."""
    message = str(error.message or "the Liquid isn't valid")
    if isinstance(error, TemplateNotFoundError):
        return f"there is no template {message!r} to include: Attentive's composer holds one text at a time"
    if error.token is not None and error.token.start_index == len(error.token.source):
        return message.replace("end of expression", "the end of the text")
    return message


def offset_of(error: ParserError, text: str) -> int:
    """Where python-liquid found it; where it doesn't say, the macro that can't be read alone, or the text's end."""
    token = error.token
    if token is not None and 0 <= token.start_index < len(text):
        return token.start_index
    outputs = (span for span in regions(text, (RAW, *LIQUID)) if text.startswith("{{", span[0]))
    return next((start for start, end in outputs if not _is_readable(text[start:end])), len(text))


def _is_readable(macro: str) -> bool:
    try:
        environment().from_string(macro)
    except ParserError:
        return False
    return True


def written(text: str, start: int) -> str:
    """Read a path as it is in the text."""
    match = _WRITTEN.match(text, start)
    return match[0] if match else ""


def scan_tree(text: str) -> Scan:
    """Find what ``scan`` finds, with the parser; old single-brace macros aside. Raises ``LiquidError``."""
    walk = _Walk(text, RenderContext(parse(text)))
    walk.template()
    walk.tags += (TagUse(match[1], match.start(1)) for match in _UNPARSED.finditer(text))
    return Scan(_ordered(walk.macros), _ordered(walk.tags), _ordered(walk.filters), inner=_ordered(walk.inner))


def _ordered(nodes: list[Any]) -> tuple[Any, ...]:
    return tuple(sorted(nodes, key=lambda node: node.start))


def _hint(error: ParserError, text: str) -> str:
    token = error.token
    message = sentence(error)
    if token is not None and "tag" in message and token.kind == "tag":
        return hint_for_tag(token.value, environment().tags)
    return hint_for(message, text, offset_of(error, text))


@dataclass(slots=True)
class _Walk:
    """One walk over a parsed text: names in scope and paths that an enclosing condition tests."""

    text: str
    context: RenderContext
    macros: list[Macro] = field(default_factory=list)
    tags: list[TagUse] = field(default_factory=list)
    filters: list[FilterUse] = field(default_factory=list)
    inner: list[Macro] = field(default_factory=list)
    scopes: list[dict[str, Path]] = field(default_factory=lambda: [{}])
    tested: list[set[Path]] = field(default_factory=list)
    loops: int = 0

    def template(self) -> None:
        for node in self.context.template.nodes:
            self.visit(node)

    def visit(self, node: Node) -> None:
        if node.token.kind == "tag" and not isinstance(node, _INNER):
            stray = isinstance(node, BreakNode | ContinueNode) and not self.loops
            self.tags.append(TagUse(node.token.value, node.token.start_index, stray))
        self.expressions(node)
        self.assigned(node)
        looped = self.looped(node)
        with self.block({str(name): looped if index == 0 else () for index, name in enumerate(node.block_scope())}):
            self.children(node)

    def assigned(self, node: Node) -> None:
        """Note the names that a node makes; one that is made twice, or of more than a value's path, leads nowhere."""
        for name in map(str, node.template_scope()):
            source = next((_source(expression) for expression in node.expressions()), None)
            again = name in self.scopes[0]
            self.scopes[0][name] = () if again or source is None else self.resolved(source)

    def looped(self, node: Node) -> Path:
        """Where a loop's variable leads to: an element of what it goes through."""
        expression = next(
            (loop_expression for loop_expression in node.expressions() if isinstance(loop_expression, LoopExpression)),
            None,
        )
        if expression is None or not isinstance(expression.iterable, PathExpression):
            return ()
        source = self.resolved(_whole(expression.iterable))
        return (*source, ELEMENT) if source else ()

    def resolved(self, path: Path) -> Path:
        """Give a path from where the data begins; empty where that isn't known."""
        for scope in reversed(self.scopes):
            if path and path[0] in scope:
                start = scope[str(path[0])]
                return (*start, *path[1:]) if start else ()
        return path

    def expressions(self, node: Node) -> None:
        tests = _tested_by(node) if _is_test(node) else set()
        with self.guard(tests):
            for expression in node.expressions():
                self.expression(expression, bare=isinstance(node, OutputNode))

    def children(self, node: Node) -> None:
        for child, tests in guarded_children(node, self.context):
            looping = isinstance(node, ForNode | TablerowNode) and child is node.block
            self.loops += looping
            with self.guard(tests):
                self.visit(child)
            self.loops -= looping

    def expression(self, expression: Expression, *, bare: bool = False) -> None:
        if isinstance(expression, FilteredExpression):
            self.filtered(expression, bare=bare)
        elif isinstance(expression, PathExpression):
            self.path(expression, (), bare=bare)
        else:
            with self.block({str(name): () for name in expression.scope() or ()}):
                for child in expression.children():
                    self.expression(child)

    def filtered(self, expression: FilteredExpression, *, bare: bool) -> None:
        used = expression.filters or []
        if isinstance(expression.left, PathExpression):
            self.path(expression.left, tuple(call.name for call in used), bare=bare and not used)
        else:
            self.expression(expression.left)
        for filter_call in used:
            self.filter(filter_call.name, filter_call.token.start_index)
            for child in filter_call.children():
                self.expression(child)

    def filter(self, name: str, start: int) -> None:
        if name not in environment().filters:
            hint = hint_for_filter(name, environment().filters)
            raise LiquidError(f"there is no filter {name!r} in Liquid", start, hint)
        self.filters.append(FilterUse(name, start))

    def path(self, expression: PathExpression, filters: tuple[str, ...], *, bare: bool) -> None:
        for child in expression.children():
            self.expression(child)
        path = plain_path(expression)
        if any(path and path[0] in scope for scope in self.scopes):
            source = self.resolved(path)
            if source:
                macro = self.macro(expression, path, filters, bare=bare)
                proven = macro.proven + len(source) - len(path) if macro.proven else 0
                self.inner.append(replace(macro, path=source, proven=proven))
        elif path:
            self.macros.append(self.macro(expression, path, filters, bare=bare))

    def macro(self, expression: PathExpression, path: Path, filters: tuple[str, ...], *, bare: bool) -> Macro:
        start = expression.token.start_index
        text = written(self.text, start)
        guarded = "default" in filters or any(path in tests for tests in self.tested)
        computed = len(path) < len(expression.path)
        proven = max(
            (len(tested) for tests in self.tested for tested in tests if path[: len(tested)] == tested), default=0
        )
        return Macro(path, start, start + len(text), filters, bare, guarded, quotes(text), computed, proven)

    @contextmanager
    def block(self, names: dict[str, Path]) -> Iterator[None]:
        self.scopes.append(names)
        yield
        self.scopes.pop()

    @contextmanager
    def guard(self, tests: set[Path]) -> Iterator[None]:
        self.tested.append(tests)
        yield
        self.tested.pop()


def _whole(path: PathExpression) -> Path:
    """Return the path; empty where a part of it is itself a variable."""
    names = plain_path(path)
    return names if len(names) == len(path.path) else ()


def _source(expression: Expression) -> Path | None:
    """The path that an assigned name stands for; ``None`` where it is made of anything more."""
    if not isinstance(expression, FilteredExpression) or not isinstance(expression.left, PathExpression):
        return None
    names = [call.name for call in expression.filters or []]
    if names not in ([], ["first"], ["last"]):
        return None
    return (*_whole(expression.left), *names) if _whole(expression.left) else None


def _paths(expression: Expression) -> Iterator[Path]:
    if isinstance(expression, PathExpression):
        yield plain_path(expression)
    for child in expression.children():
        yield from _paths(child)


def _tested_by(node: Node) -> set[Path]:
    return set(chain.from_iterable(_paths(expression) for expression in node.expressions()))


def _is_test(node: Node) -> bool:
    return isinstance(node, (IfNode, UnlessNode, ConditionalBlockNode, CaseNode, MultiExpressionBlockNode))
