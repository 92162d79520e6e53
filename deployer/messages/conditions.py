"""What a Liquid condition proves: which values are there where it holds, and where it doesn't.

In Liquid a missing value is false, equals ``nil``, contains nothing, is neither more nor less than anything, and
differs from every text: ``{% if x != '' %}`` lets a missing ``x`` through. Whether it equals ``blank`` differs between
implementations of Liquid, and which one Attentive runs isn't documented, so ``x != blank`` proves nothing.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from liquid.builtin.expressions import Path as PathExpression
from liquid.builtin.expressions.logical import (
    BooleanExpression,
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalNotExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import Literal, Nil
from liquid.builtin.tags.case_tag import MultiExpressionBlockNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liquid import RenderContext
    from liquid.ast import Node
    from liquid.expression import Expression

    from deployer.messages.macros import Path

_ORDERED = (GeExpression, GtExpression, LeExpression, LtExpression)


def plain_path(expression: PathExpression) -> Path:
    """Return the path's segments up to the first that is itself a variable."""
    path: list[str | int] = []
    for segment in expression.path:
        if isinstance(segment, PathExpression):
            break
        path.append(segment)
    return tuple(path)


def guarded_children(node: Node, context: RenderContext) -> Iterator[tuple[Node, set[Path]]]:
    """Each child of a node with the paths that hold something where it is reached."""
    if isinstance(node, IfNode | UnlessNode):
        yield from _lanes(node)
        return
    for child in node.children(context, include_partials=False):
        yield child, _cased(child) if isinstance(child, MultiExpressionBlockNode) else set()


def _lanes(node: IfNode | UnlessNode) -> Iterator[tuple[Node, set[Path]]]:
    """The lanes of an ``if`` or ``unless``: a later one is reached where the conditions before it don't hold."""
    first = isinstance(node, IfNode)
    yield node.consequence, proven(node.condition, holds=first)
    before = proven(node.condition, holds=not first)
    for lane in node.alternatives:
        yield lane, before | proven(lane.expression, holds=True)
        before |= proven(lane.expression, holds=False)
    if node.default:
        yield node.default, before


def _cased(child: MultiExpressionBlockNode) -> set[Path]:
    """What a ``when`` proves: the value of its ``case`` equals one of those listed, if these are written out."""
    listed = child.expression.expressions
    return _path(child.expression.left) if all(isinstance(one, Literal) for one in listed) else set()


def proven(expression: Expression, *, holds: bool) -> set[Path]:
    """The paths that hold something where the condition holds (or, with ``holds`` False, where it doesn't)."""
    if isinstance(expression, BooleanExpression):
        return proven(expression.expression, holds=holds)
    if isinstance(expression, LogicalNotExpression):
        return proven(expression.right, holds=not holds)
    if isinstance(expression, LogicalAndExpression | LogicalOrExpression):
        both = isinstance(expression, LogicalAndExpression) == holds
        sides = [proven(side, holds=holds) for side in (expression.left, expression.right)]
        return sides[0] | sides[1] if both else sides[0] & sides[1]
    if isinstance(expression, EqExpression | NeExpression):
        return _equal(expression, equal=isinstance(expression, EqExpression) == holds)
    return _tested(expression) if holds else set()


def _tested(expression: Expression) -> set[Path]:
    """The paths without which a comparison, or a value on its own, isn't true."""
    if isinstance(expression, ContainsExpression):
        return _path(expression.left)
    if isinstance(expression, _ORDERED):
        return _path(expression.left) | _path(expression.right)
    return _path(expression)


def _equal(expression: EqExpression | NeExpression, *, equal: bool) -> set[Path]:
    sides = (expression.left, expression.right)
    nothing = any(isinstance(side, Nil) for side in sides)
    something = any(isinstance(side, Literal) for side in sides)
    if (equal and something) or (not equal and nothing):
        return reduce(set.union, map(_path, sides))
    return set()


def _path(expression: Expression) -> set[Path]:
    return {plain_path(expression)} if isinstance(expression, PathExpression) else set()
