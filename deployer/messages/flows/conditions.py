"""What a Liquid condition proves where it holds, and where it doesn't.

In Liquid a missing value is false, equals ``nil``, contains nothing, is neither more nor less than anything, and
differs from every text: ``{% if x != '' %}`` lets a missing ``x`` through. So do ``x != empty`` and, in the reference
engine, ``x != blank``: nothing is blank there (nil and empty texts are where Ruby on Rails is loaded too; which of the
two Attentive runs isn't documented, so that neither is relied on).

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

from dataclasses import replace
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
from liquid.builtin.expressions.primitive import Blank, Empty, Nil

from deployer.messages.flows.evaluating import evaluate, plain_path
from deployer.messages.flows.forms import ALL, BLANK, FALSY, FILLED, TEXTS, WORDS, Form
from deployer.messages.flows.shapes import Anything
from deployer.messages.flows.state import EntangledError, State, Work, meet
from deployer.messages.known import path_text

if TYPE_CHECKING:
    from liquid.expression import Expression

    from deployer.messages.flows.evaluating import Roots
    from deployer.messages.flows.forms import Value
    from deployer.messages.macros import Path

_ORDERED = (GeExpression, GtExpression, LeExpression, LtExpression)
_WRITTEN: dict[type, str] = {Blank: "blank", Empty: "empty"}
_STEPS = 100_000
"""Steps that are spent on one condition."""


def proven(expression: Expression, *, yes: bool) -> set[Path]:
    """The paths that hold something where the condition holds (or, with ``yes`` False, doesn't), whatever the data is.

    Nothing where that can't be, or where the condition is too entangled to be followed.
    """
    try:
        return _there(holds(expression, State(Work(_STEPS)), Anything(), yes=yes))
    except EntangledError:
        return set()


def proven_equal(left: Expression, right: Expression) -> set[Path]:
    """The paths that hold something where two values are equal, whatever the data is."""
    state = State(Work(_STEPS))
    return _there(state if equal(state, Anything(), left, right, yes=True) else None)


def _there(state: State | None) -> set[Path]:
    return {place for place, forms in state.known.items() if Form.NIL not in forms} if state else set()


def holds(expression: Expression, state: State | None, roots: Roots, *, yes: bool = True) -> State | None:
    """The state where the condition holds (or, with ``yes`` False, doesn't); ``None`` where that can't be."""
    if state is None:
        return None
    state.work.spend()
    if isinstance(expression, BooleanExpression):
        return holds(expression.expression, state, roots, yes=yes)
    if isinstance(expression, LogicalNotExpression):
        return holds(expression.right, state, roots, yes=not yes)
    if isinstance(expression, LogicalAndExpression | LogicalOrExpression):
        return _both(expression, state, roots, yes=yes)
    state = state.copy()
    return state if _narrowed(expression, state, roots, yes=yes) else None


def _both(
    expression: LogicalAndExpression | LogicalOrExpression, state: State, roots: Roots, *, yes: bool
) -> State | None:
    left, right = expression.left, expression.right
    if isinstance(expression, LogicalAndExpression) == yes:
        return holds(right, holds(left, state, roots, yes=yes), roots, yes=yes)
    other = holds(right, holds(left, state, roots, yes=not yes), roots, yes=yes)
    return meet(holds(left, state, roots, yes=yes), other)


def _narrowed(expression: Expression, state: State, roots: Roots, *, yes: bool) -> bool:
    if isinstance(expression, EqExpression | NeExpression):
        same = isinstance(expression, EqExpression) == yes
        return equal(state, roots, expression.left, expression.right, yes=same)
    if isinstance(expression, ContainsExpression):
        return _contains(expression, state, roots) if yes else True
    if isinstance(expression, _ORDERED):
        return _ordered(expression, state, roots) if yes else True
    return state.narrow(evaluate(expression, state, roots), ~FALSY if yes else FALSY)


def _contains(expression: ContainsExpression, state: State, roots: Roots) -> bool:
    sought = evaluate(expression.right, state, roots)
    keep = ~FALSY & ~BLANK if sought.literal else ~FALSY
    return state.narrow(evaluate(expression.left, state, roots), keep) and state.narrow(sought, ~FALSY)


def _ordered(expression: Expression, state: State, roots: Roots) -> bool:
    """Nothing is more or less than nothing; a size that is more than a number is the size of something."""
    assert isinstance(expression, _ORDERED)
    small, large = evaluate(expression.left, state, roots), evaluate(expression.right, state, roots)
    if isinstance(expression, GtExpression | GeExpression):
        small, large = large, small
    strict = isinstance(expression, GtExpression | LtExpression)
    if large.measure is not None and isinstance(small.literal, int) and small.literal >= (0 if strict else 1):
        _fill(state, large)
    return state.narrow(small, ~Form.NIL) and state.narrow(large, ~Form.NIL)


def _fill(state: State, size: Value) -> None:
    assert size.measure is not None
    state.keep(size.measure, state.known.get(size.measure, ALL) & FILLED)


def equal(state: State, roots: Roots, left: Expression, right: Expression, *, yes: bool) -> bool:
    """Take it that two values are equal (or aren't); whether they can be."""
    for expression, other in ((left, right), (right, left)):
        kept = _kept(expression, evaluate(expression, state, roots), yes=yes)
        if kept is not None:
            value = evaluate(other, state, roots)
            if not yes:
                _differs(state, other)
                _note(state, expression, value, other)
            elif value.measure is not None and isinstance(evaluate(expression, state, roots).literal, int):
                _sized(state, value, evaluate(expression, state, roots).literal)
            return state.narrow(value, kept)
    first, second = evaluate(left, state, roots), evaluate(right, state, roots)
    if not yes:
        return True
    return state.narrow(first, second.forms | _alike(second.forms)) and state.narrow(
        second, first.forms | _alike(first.forms)
    )


def _differs(state: State, tested: Expression) -> None:
    """A name that differs from some words is taken not to be its default, which its author tells apart."""
    name = tested.path[0] if isinstance(tested, PathExpression) and len(tested.path) == 1 else None
    if isinstance(name, str) and name in state.names:
        state.names[name] = replace(state.names[name], constants=())


def _sized(state: State, size: Value, number: object) -> None:
    if isinstance(number, int) and number > 0:
        _fill(state, size)


def _alike(forms: Form) -> Form:
    """Texts that lack a part, or were sent empty, equal other texts."""
    return TEXTS if forms & TEXTS else Form(0)


def _kept(expression: Expression, value: Value, *, yes: bool) -> Form | None:
    """The forms of what equals (or differs from) a value that is written out; ``None`` where it isn't."""
    if isinstance(expression, Nil):
        return Form.NIL if yes else ~Form.NIL
    if isinstance(expression, Blank):
        return BLANK | FALSY | WORDS | Form.OBJECT | Form.ANY if yes else ALL
    if isinstance(expression, Empty):
        return BLANK | Form.OBJECT | Form.ANY if yes else ~BLANK
    if isinstance(expression, PathExpression) or len(value.forms) != 1 or value.place is not None:
        return None
    return _literal(value, yes=yes)


def _literal(value: Value, *, yes: bool) -> Form | None:
    if value.forms in {Form.TRUE, Form.FALSE}:
        # Whether nil equals false isn't the same in every engine.
        same = value.forms | (Form.NIL if value.forms is Form.FALSE else Form(0))
        return same if yes else ~value.forms
    if value.forms is Form.EMPTY:
        return Form.EMPTY | Form.VOID if yes else ~(Form.EMPTY | Form.VOID)
    if value.forms is Form.TEXT:
        return WORDS if yes else ALL
    return Form.NUMBER if yes else ALL


def _note(state: State, written: Expression, value: Value, other: Expression) -> None:
    """Note a test that looks like a guard and isn't one: what is missing differs from ``''``, `empty` and `blank`."""
    if value.place is None or Form.NIL not in value.forms or isinstance(written, Nil):
        return
    usual = "''" if getattr(written, "value", None) == "" else ""
    name = next((word for kind, word in _WRITTEN.items() if isinstance(written, kind)), usual)
    if name:
        path = path_text(plain_path(other)) if isinstance(other, PathExpression) else str(other)
        what = "an empty text" if name == "''" else name
        state.weak[value.place] = (
            f"a missing value differs from `{name}`: nil isn't {what} in Liquid; write `{{% if {path} %}}`"
        )
