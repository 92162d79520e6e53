"""Rendering by python-liquid that notes which node wrote what.

Every node writes to a buffer. Here the buffer keeps what was written in runs, and the nodes for an author's own words
and for ``{{ … }}`` say which of the two they are. What is captured into a variable goes to a buffer of its own, so that
it is data when it is printed.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, ClassVar, TextIO

from liquid.builtin.content import ContentNode, Literal
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.expressions import Path as PathExpression
from liquid.builtin.output import Output, OutputNode
from liquid.builtin.tags.echo_tag import EchoNode, EchoTag
from liquid.output import LimitedStringIO

from deployer.messages.liquid_render import KEPT, failures, without_nulls
from deployer.messages.rendered import TextRun
from deployer.messages.tree import OUTPUT_LIMIT, Limited, parse, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from liquid import BoundTemplate, RenderContext

    from deployer.source import JSON


def trace_tree(text: str, data: Mapping[str, JSON]) -> list[TextRun]:
    """Render with the parser, in runs as they were written. Raises ``RenderError``."""
    buffer = _Buffer()
    with failures(text):
        template = _template(text)
        context = template.context_class(template, globals=template.make_globals(without_nulls(data)))
        template.render_with_context(context, buffer)
    return buffer.runs


class _Buffer(LimitedStringIO):
    """Output in runs. What no node of ours writes was made by Liquid: a cycle, a counter, the rows of a table."""

    def __init__(self) -> None:
        super().__init__(limit=OUTPUT_LIMIT, newline="\n")
        self.runs: list[TextRun] = []
        self.writer = _LIQUID

    def write(self, text: str) -> int:
        self.runs.append(TextRun(self.writer.origin, text, self.writer.macro))
        return super().write(text)


_LIQUID = TextRun("data", "")
_AUTHOR = TextRun("author", "")


@contextmanager
def _under(buffer: TextIO, writer: TextRun) -> Iterator[None]:
    """Let what is written be the writer's, where the output is noted."""
    if not isinstance(buffer, _Buffer):
        yield
        return
    buffer.writer = writer
    try:
        yield
    finally:
        buffer.writer = _LIQUID


class _Content(ContentNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        with _under(buffer, _AUTHOR):
            return super().render_to_output(context, buffer)


class _Output(OutputNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        with _under(buffer, TextRun("data", "", _macro(self))):
            return super().render_to_output(context, buffer)


class _Echo(EchoNode):
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        with _under(buffer, TextRun("data", "", _macro(self))):
            return super().render_to_output(context, buffer)


def _macro(node: OutputNode) -> str:
    """The path that an output prints, as it is in the text; empty where it prints something else."""
    expression = node.expression
    first = expression.left if isinstance(expression, FilteredExpression) else expression
    return written(first.token.source, first.token.start_index) if isinstance(first, PathExpression) else ""


class _ContentTag(Literal):
    node_class = _Content


class _OutputTag(Output):
    node_class = _Output


class _EchoTag(EchoTag):
    node_class = _Echo


class _Traced(Limited):
    """Liquid whose nodes say what they write."""

    OWN: ClassVar = (_ContentTag, _OutputTag, _EchoTag)

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        for tag in self.OWN:
            self.add_tag(tag)


@lru_cache(maxsize=KEPT)
def _template(text: str) -> BoundTemplate:
    return parse(text, _environment())


@cache
def _environment() -> _Traced:
    return _Traced()
