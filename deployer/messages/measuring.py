"""Rewrites Jinja templates so that the sandbox measures whatever they build, join, compare and loop over.

Import this module only where a text needs it: Jinja is slow to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.visitor import NodeTransformer

if TYPE_CHECKING:
    from collections.abc import Sequence


class Measuring(NodeTransformer):
    """Puts a call of the sandbox around whatever a text builds, joins, compares and loops over."""

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 - the visitor's protocol
        """Keep the names of our own calls from being taken."""
        if node.ctx != "load":
            _refuse_own(node.name, node.lineno)
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802 - as above
        """A macro may not take our names either."""
        _refuse_own(node.name, node.lineno)
        return self.generic_visit(node)

    def visit_FromImport(self, node: nodes.FromImport) -> nodes.Node:  # noqa: N802 - as above
        """Nor may an imported one."""
        for name in node.names:
            _refuse_own(name if isinstance(name, str) else name[1], node.lineno)
        return self.generic_visit(node)

    def visit_Import(self, node: nodes.Import) -> nodes.Node:  # noqa: N802 - as above
        """Nor a module."""
        _refuse_own(node.target, node.lineno)
        return self.generic_visit(node)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - as above
        """Count what a loop goes through."""
        self.generic_visit(node)
        if not node.recursive:
            node.iter = _calling("each", [node.iter], node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - as above
        """Measure what is joined."""
        self.generic_visit(node)
        return _calling("concatenated", node.nodes, node.lineno)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 - as above
        """Measure what is compared."""
        self.generic_visit(node)
        node.expr = _calling("measured", [node.expr], node.lineno)
        for operand in node.ops:
            operand.expr = _calling("measured", [operand.expr], node.lineno)
        return node

    def visit_Pair(self, node: nodes.Pair) -> nodes.Node:  # noqa: N802 - as above
        """Measure a key before it is looked up."""
        self.generic_visit(node)
        node.key = _calling("measured", [node.key], node.lineno)
        return node

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802 - as above
        """Measure a list that is built."""
        self.generic_visit(node)
        return _calling("measured", [node], node.lineno)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802 - as above
        """Measure an object that is built."""
        self.generic_visit(node)
        return _calling("measured", [node], node.lineno)


def _calling(name: str, arguments: Sequence[nodes.Node], line: int) -> nodes.Expr:
    return nodes.Call(nodes.EnvironmentAttribute(name), list(arguments), [], None, None, lineno=line)


def _refuse_own(name: str, line: int) -> None:
    if name.startswith("_deployer"):
        raise TemplateSyntaxError("names that begin with `_deployer` are taken", line)
