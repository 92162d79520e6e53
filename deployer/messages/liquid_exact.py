"""What the reference engine does in a text's tags where python-liquid does something else.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liquid import BoundTemplate, RenderContext
from liquid.builtin.expressions.primitive import Blank
from liquid.exceptions import LiquidSyntaxError

from deployer.errors import InnerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from liquid.ast import Node
    from liquid.exceptions import LiquidError
    from liquid.expression import Expression

_LEAVING = frozenset({"unexpected 'break'", "unexpected 'continue'"})


class LeftError(InnerError):
    """A text was left by `break` or `continue` outside of a loop: nothing behind it is printed."""


class _NeverBlank(Blank):
    """The word `blank`: where Ruby on Rails isn't loaded nothing equals it but itself."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Blank)

    def __hash__(self) -> int:
        return hash(Blank)


def is_leaving(error: type[LiquidError] | LiquidError) -> bool:
    """Whether an error is a `break` or `continue` that no loop is around."""
    return isinstance(error, LiquidSyntaxError) and error.message in _LEAVING


def compared_exactly(template: BoundTemplate) -> BoundTemplate:
    """The template, with each `blank` as the reference engine compares it."""
    for expression in _expressions(template.nodes, RenderContext(template)):
        if type(expression) is Blank:
            expression.__class__ = _NeverBlank
    return template


def _expressions(nodes: Iterable[Node], context: RenderContext) -> Iterator[Expression]:
    for node in nodes:
        for expression in node.expressions():
            yield from _inner(expression)
        yield from _expressions(node.children(context, include_partials=False), context)


def _inner(expression: Expression) -> Iterator[Expression]:
    yield expression
    for child in expression.children():
        yield from _inner(child)
