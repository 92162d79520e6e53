"""The value of a Liquid expression at one point of a text.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.expressions import Path as PathExpression
from liquid.builtin.expressions.arguments import KeywordArgument
from liquid.builtin.expressions.primitive import (
    FalseLiteral,
    FloatLiteral,
    IntegerLiteral,
    Nil,
    RangeLiteral,
    StringLiteral,
    TrueLiteral,
)

from deployer.messages.flows import filters
from deployer.messages.flows.constants import constants
from deployer.messages.flows.forms import NUMBER, UNKNOWN, Form, Reason, Value

if TYPE_CHECKING:
    from liquid.builtin.expressions.filtered import Filter
    from liquid.expression import Expression

    from deployer.messages.flows.state import State
    from deployer.messages.macros import Path


class Roots(Protocol):
    """Where data begins."""

    def root(self, name: str) -> Value:
        """The value of a first word, such as ``triggerEvent``."""
        ...


_COMPUTED = Reason("made", "which name it reads isn't known before it is sent")
_PLAIN = {TrueLiteral: Form.TRUE, FalseLiteral: Form.FALSE, FloatLiteral: Form.NUMBER, Nil: Form.NIL}


def plain_path(expression: PathExpression) -> Path:
    """The path's segments up to the first that is itself a variable."""
    path: list[str | int] = []
    for segment in expression.path:
        if isinstance(segment, PathExpression):
            break
        path.append(segment)
    return tuple(path)


def evaluate(expression: Expression, state: State, roots: Roots) -> Value:
    """What is known about the value of an expression."""
    state.work.spend()
    if isinstance(expression, FilteredExpression):
        value = evaluate(expression.left, state, roots)
        for call in expression.filters or []:
            arguments = _arguments(call, state, roots)
            value = constants(call.name, value, arguments, filters.apply(call.name, value, arguments))
        return value
    if isinstance(expression, PathExpression):
        return _path(expression, state, roots)
    return _literal(expression)


def _literal(expression: Expression) -> Value:
    if isinstance(expression, StringLiteral):
        return Value(Form.TEXT if expression.value else Form.EMPTY, literal=expression.value)
    if isinstance(expression, IntegerLiteral):
        return Value(Form.NUMBER, literal=expression.value)
    if isinstance(expression, RangeLiteral):
        return Value(Form.LIST | Form.NO_ITEMS, inside=filters.Made(NUMBER))
    return Value(_PLAIN.get(type(expression), Form.EMPTY))


def _arguments(call: Filter, state: State, roots: Roots) -> filters.Arguments:
    named = {arg.name: evaluate(arg.value, state, roots) for arg in call.args if isinstance(arg, KeywordArgument)}
    plain = tuple(evaluate(arg.value, state, roots) for arg in call.args if not isinstance(arg, KeywordArgument))
    return filters.Arguments(plain, named)


def _path(expression: PathExpression, state: State, roots: Roots) -> Value:
    first, *rest = expression.path
    if not isinstance(first, str):
        return UNKNOWN
    value = state.seen(state.names[first] if first in state.names else roots.root(first))
    for segment in rest:
        known = _segment(segment, state, roots)
        if known is None:
            return replace(_computed(value), owner=value.place)
        value = state.inside(value, known)
    return value


def _segment(segment: str | int | PathExpression, state: State, roots: Roots) -> str | int | None:
    return _path(segment, state, roots).literal if isinstance(segment, PathExpression) else segment


def _computed(owner: Value) -> Value:
    if owner.inside is None and not owner.why:
        return UNKNOWN
    listed = owner.inside.item(None) if owner.inside is not None and owner.forms & Form.LIST else None
    forms, inside = (listed.forms, listed.inside) if listed is not None else (UNKNOWN.forms, None)
    return replace(Value(forms | Form.NIL, (_COMPUTED,)), inside=inside)
