"""Which values hold something where each branch of a text is reached, by the conditions in front of it.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from liquid.builtin.tags.case_tag import MultiExpressionBlockNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode

from deployer.messages.flows.conditions import proven, proven_equal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liquid import RenderContext
    from liquid.ast import Node

    from deployer.messages.macros import Path


def guarded_children(node: Node, context: RenderContext) -> Iterator[tuple[Node, set[Path]]]:
    """Each child of a node with the paths that hold something where it is reached."""
    if isinstance(node, IfNode | UnlessNode):
        yield from _branches(node)
        return
    for child in node.children(context, include_partials=False):
        yield child, _cased(child) if isinstance(child, MultiExpressionBlockNode) else set()


def _branches(node: IfNode | UnlessNode) -> Iterator[tuple[Node, set[Path]]]:
    """The branches of an ``if`` or ``unless``: a later one is reached where the conditions before it don't hold."""
    first = isinstance(node, IfNode)
    yield node.consequence, proven(node.condition, yes=first)
    before = proven(node.condition, yes=not first)
    for branch in node.alternatives:
        yield branch, before | proven(branch.expression, yes=True)
        before |= proven(branch.expression, yes=False)
    if node.default:
        yield node.default, before


def _cased(child: MultiExpressionBlockNode) -> set[Path]:
    """What a ``when`` proves: the value of its ``case`` equals one of those listed."""
    first, *others = [proven_equal(child.expression.left, expression) for expression in child.expression.expressions]
    return first.intersection(*others)
