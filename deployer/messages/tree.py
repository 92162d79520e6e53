"""Liquid read by python-liquid's parser: the limits that it runs under, and a walk that finds every reference.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TextIO

from liquid import BoundTemplate, Environment, RenderContext
from liquid.ast import BlockNode, ConditionalBlockNode, Node
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.expressions import Path as PathExpression
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.exceptions import LiquidError as ParserError
from liquid.exceptions import TemplateNotFoundError
from liquid.output import LimitedStringIO

from deployer.messages.scan import FilterUse, LiquidError, Macro, Path, Scan, TagUse, quotes
from deployer.source import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import StringIO

    from liquid.expression import Expression

_WORD = r"\w[\w\-]*\??"
_BRACKET = r"(?:\[\s*'.*?'\s*\]|\[\s*\".*?\"\s*\]|\[(?:[^\[\]'\"]|'[^']*'|\"[^\"]*\"|\[[^\]]*\])*\])"
_WRITTEN = re.compile(rf"(?:{_WORD}|{_BRACKET})(?:\s*\.\s*{_WORD}|\s*{_BRACKET})*", re.DOTALL)
_UNPARSED = re.compile(r"\{%-?\s*(raw|doc)\s*-?%\}")
_CLOSE_TAGS = "close each tag, as in {% if … %} … {% endif %}"
_INNER = (BlockNode, ConditionalBlockNode, MultiExpressionBlockNode)


OUTPUT_LIMIT = 4 * 1024 * 1024
"""Bytes that a rendered text may have: an email is far smaller."""


def _buffer(limit: int) -> StringIO:
    """A buffer for output that keeps a carriage return as it is: it is a character that counts."""
    return LimitedStringIO(limit=limit, newline="\n")


class ExactContext(RenderContext):
    """A render context whose buffers keep line endings; python-liquid's own make one of each kind."""

    def get_buffer(self, buf: TextIO | None = None) -> StringIO:
        """A buffer for a part of the output, within what is left of the limit."""
        carry = buf.size if isinstance(buf, LimitedStringIO) else 0
        return _buffer(OUTPUT_LIMIT - carry)


class ExactTemplate(BoundTemplate):
    """A template whose output keeps line endings."""

    context_class = ExactContext

    def _get_buffer(self) -> StringIO:
        return _buffer(OUTPUT_LIMIT)


class Limited(Environment):
    """Liquid with bounds: a mistake in a loop must not hang a check."""

    loop_iteration_limit = 100_000
    output_stream_limit = OUTPUT_LIMIT
    local_namespace_limit = 16 * 1024 * 1024
    template_class = ExactTemplate


@cache
def environment() -> Environment:
    """Return the one environment to parse with."""
    return Limited()


def parse(text: str, parser: Environment | None = None) -> BoundTemplate:
    """Parse a text. Raises ``LiquidError`` with the offset of what can't be understood."""
    try:
        return (parser or environment()).from_string(text)
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
    """Where python-liquid found it; the text's end where it doesn't say."""
    token = error.token
    if token is None or not 0 <= token.start_index <= len(text):
        return len(text)
    return token.start_index


def written(text: str, start: int) -> str:
    """Read a path as it stands in the text."""
    match = _WRITTEN.match(text, start)
    return match[0] if match else ""


def scan_tree(text: str) -> Scan:
    """Find what ``scan`` finds, with the parser; old single-brace macros aside. Raises ``LiquidError``."""
    walk = _Walk(text, RenderContext(parse(text)))
    walk.template()
    walk.tags += (TagUse(match[1], match.start(1)) for match in _UNPARSED.finditer(text))
    return Scan(_ordered(walk.macros), _ordered(walk.tags), _ordered(walk.filters))


def _ordered(found: list[Any]) -> tuple[Any, ...]:
    return tuple(sorted(found, key=lambda one: one.start))


def _hint(error: ParserError, text: str) -> str:
    token = error.token
    message = sentence(error)
    if token is not None and "tag" in message and token.kind == "tag":
        return did_you_mean(token.value, [name for name in environment().tags if name.isalpha()]) or _CLOSE_TAGS
    if message.startswith("expected tag end"):
        return _CLOSE_TAGS
    if "}}" in message or text.count("{{") != text.count("}}"):
        return "close each macro with }}"
    return ""


@dataclass(slots=True)
class _Walk:
    """One walk over a parsed text: names in scope and paths that an enclosing condition tests."""

    text: str
    context: RenderContext
    macros: list[Macro] = field(default_factory=list)
    tags: list[TagUse] = field(default_factory=list)
    filters: list[FilterUse] = field(default_factory=list)
    scopes: list[set[str]] = field(default_factory=lambda: [set()])
    tested: list[set[Path]] = field(default_factory=list)

    def template(self) -> None:
        for node in self.context.template.nodes:
            self.visit(node)

    def visit(self, node: Node) -> None:
        if node.token.kind == "tag" and not isinstance(node, _INNER):
            self.tags.append(TagUse(node.token.value, node.token.start_index))
        self.expressions(node)
        self.scopes[0].update(str(name) for name in node.template_scope())
        with self.block({str(name) for name in node.block_scope()}):
            self.children(node)

    def expressions(self, node: Node) -> None:
        tests = _tested_by(node) if _is_test(node) else set()
        with self.guard(tests):
            for expression in node.expressions():
                self.expression(expression, bare=isinstance(node, OutputNode))

    def children(self, node: Node) -> None:
        for child, tests in _guarded_children(node, self.context):
            with self.guard(tests):
                self.visit(child)

    def expression(self, expression: Expression, *, bare: bool = False) -> None:
        if isinstance(expression, FilteredExpression):
            self.filtered(expression, bare=bare)
        elif isinstance(expression, PathExpression):
            self.path(expression, (), bare=bare)
        else:
            with self.block({str(name) for name in expression.scope() or ()}):
                for child in expression.children():
                    self.expression(child)

    def filtered(self, expression: FilteredExpression, *, bare: bool) -> None:
        used = expression.filters or []
        if isinstance(expression.left, PathExpression):
            self.path(expression.left, tuple(one.name for one in used), bare=bare and not used)
        else:
            self.expression(expression.left)
        for one in used:
            self.filter(one.name, one.token.start_index)
            for child in one.children():
                self.expression(child)

    def filter(self, name: str, start: int) -> None:
        if name not in environment().filters:
            hint = did_you_mean(name, sorted(environment().filters))
            raise LiquidError(f"there is no filter {name!r} in Liquid", start, hint)
        self.filters.append(FilterUse(name, start))

    def path(self, expression: PathExpression, filters: tuple[str, ...], *, bare: bool) -> None:
        for child in expression.children():
            self.expression(child)
        path = _plain(expression)
        if path and path[0] not in set().union(*self.scopes):
            self.macros.append(self.macro(expression, path, filters, bare=bare))

    def macro(self, expression: PathExpression, path: Path, filters: tuple[str, ...], *, bare: bool) -> Macro:
        start = expression.token.start_index
        text = written(self.text, start)
        guarded = "default" in filters or any(path in tests for tests in self.tested)
        computed = len(path) < len(expression.path)
        return Macro(path, start, start + len(text), filters, bare, guarded, quotes(text), computed)

    @contextmanager
    def block(self, names: set[str]) -> Iterator[None]:
        self.scopes.append(names)
        yield
        self.scopes.pop()

    @contextmanager
    def guard(self, tests: set[Path]) -> Iterator[None]:
        self.tested.append(tests)
        yield
        self.tested.pop()


def _plain(expression: PathExpression) -> Path:
    """Return the path's segments up to the first that is itself a variable."""
    path: list[str | int] = []
    for segment in expression.path:
        if isinstance(segment, PathExpression):
            break
        path.append(segment)
    return tuple(path)


def _paths(expression: Expression) -> Iterator[Path]:
    if isinstance(expression, PathExpression):
        yield _plain(expression)
    for child in expression.children():
        yield from _paths(child)


def _tested_by(node: Node) -> set[Path]:
    return set(chain.from_iterable(_paths(expression) for expression in node.expressions()))


def _is_test(node: Node) -> bool:
    return isinstance(node, (IfNode, UnlessNode, ConditionalBlockNode, CaseNode, MultiExpressionBlockNode))


def _guarded_children(node: Node, context: RenderContext) -> Iterator[tuple[Node, set[Path]]]:
    """Each child with the paths that hold something where it is reached; an ``else`` or ``unless`` promises nothing."""
    for child in node.children(context, include_partials=False):
        if isinstance(node, IfNode) and child is node.consequence:
            yield child, set(_paths(node.condition))
        elif isinstance(node, ConditionalBlockNode) or isinstance(child, MultiExpressionBlockNode):
            yield child, _tested_by(node)
        else:
            yield child, set()
