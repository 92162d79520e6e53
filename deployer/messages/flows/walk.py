"""Follows a parsed text from its beginning to its end, each way through its tags, and notes what every output prints.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from liquid.ast import BlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import Path as PathExpression
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.cycle_tag import CycleNode
from liquid.builtin.tags.decrement_tag import DecrementNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.ifchanged_tag import IfChangedNode
from liquid.builtin.tags.increment_tag import IncrementNode
from liquid.builtin.tags.liquid_tag import LiquidNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode

from deployer.dataclass import dataclass
from deployer.messages.flows.conditions import equal, holds
from deployer.messages.flows.evaluating import evaluate
from deployer.messages.flows.forms import (
    BLANK,
    DELIBERATE,
    GAP,
    NUMBER,
    TEXT,
    UNKNOWN,
    Form,
    Value,
    either,
    joined,
    printed,
)
from deployer.messages.flows.shapes import Pair
from deployer.messages.flows.state import EntangledError, State, meet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from liquid import BoundTemplate
    from liquid.expression import Expression

    from deployer.messages.flows.evaluating import Roots

_ROUNDS = 40
"""Times that a loop's body is gone through at most until nothing more is learned; two or three do."""


@dataclass(slots=True)
class Loop:
    """A loop that is being gone through: where ``break`` and ``continue`` were met.

    ``captures`` were open where it began: what was begun inside of it ends with it, wherever it is left.
    """

    captures: int
    broken: list[State] = field(default_factory=list)
    continued: list[State] = field(default_factory=list)


@dataclass(slots=True)
class Walk:
    """One walk over a text. ``printed`` is what each output prints, by the offset of what it reads."""

    roots: Roots
    printed: dict[int, Value] = field(default_factory=dict)
    loops: list[Loop] = field(default_factory=list)

    def template(self, template: BoundTemplate, state: State) -> None:
        """Follow the whole text."""
        self.block(template.nodes, state)

    def block(self, nodes: Iterable[Node], state: State | None) -> State | None:
        """Follow one node after the other."""
        for node in nodes:
            if state is None:
                return None
            state = self.visit(node, state)
        return state

    def visit(self, node: Node, state: State) -> State | None:
        """Follow one node; ``None`` where nothing behind it is reached."""
        state.work.spend()
        step = next((function for kind in type(node).__mro__ if (function := _STEPS.get(kind))), None)
        return step(self, node, state) if step else state

    def output(self, node: OutputNode, state: State) -> State:
        """``{{ … }}``."""
        self.prints([node.expression], state)
        return state

    def prints(self, expressions: Iterable[Expression], state: State) -> None:
        """Note what is printed, one of several; in a capture it becomes a part of the text that is made."""
        values = [(expression, printed(evaluate(expression, state, self.roots))) for expression in expressions]
        if state.made:
            whole = values[0][1]
            for _, value in values[1:]:
                whole = either(whole, value)
            state.made[-1] = joined((state.made[-1], replace(whole, place=None)))
            return
        for expression, value in values:
            start = _start(expression, state, self.roots)
            self.printed[start] = either(self.printed[start], value) if start in self.printed else value

    def content(self, node: ContentNode, state: State) -> State:
        """The author's own words."""
        if state.made and node.text:
            state.made[-1] = joined((state.made[-1], TEXT))
        return state

    def nested(self, node: BlockNode | LiquidNode | IfChangedNode, state: State) -> State | None:
        """A block of nodes."""
        inner = node if isinstance(node, BlockNode) else node.block
        return self.block(inner.nodes, state)

    def assign(self, node: AssignNode, state: State) -> State:
        """``{% assign %}``."""
        value = evaluate(node.expression, state, self.roots)
        state.assign(str(node.name), value, (f"={node.name}", node.token.start_index))
        return state

    def capture(self, node: CaptureNode, state: State) -> State | None:
        """``{% capture %}``."""
        state.made.append(DELIBERATE)
        after = self.block(node.block.nodes, state)
        if after is not None:
            value = after.made.pop()
            after.assign(str(node.name), value, (f"={node.name}", node.token.start_index))
        return after

    def condition(self, node: IfNode | UnlessNode, state: State) -> State | None:
        """``{% if %}`` and ``{% unless %}``: a later lane is reached where the conditions before it don't hold."""
        first = isinstance(node, IfNode)
        met = self.block(node.consequence.nodes, holds(node.condition, state, self.roots, yes=first))
        rest = holds(node.condition, state, self.roots, yes=not first)
        for lane in node.alternatives:
            met = meet(met, self.block(lane.block.nodes, holds(lane.expression, rest, self.roots)))
            rest = holds(lane.expression, rest, self.roots, yes=False)
        return meet(met, self.block(node.default.nodes, rest) if node.default else rest)

    def cases(self, node: CaseNode, state: State) -> State | None:
        """``{% case %}``: every ``when`` that fits is gone through, ``else`` where none did before it."""
        rest: State | None = state
        met: State | None = None
        for lane in node.blocks:
            if not isinstance(lane, MultiExpressionBlockNode):
                rest = self.block(lane.nodes, rest)
                continue
            hit = meet(self._when(lane, rest, yes=True), self._when(lane, met, yes=True))
            met = meet(self.block(lane.block.nodes, hit), self._when(lane, met, yes=False))
            rest = self._when(lane, rest, yes=False)
        return meet(met, rest)

    def _when(self, lane: MultiExpressionBlockNode, state: State | None, *, yes: bool) -> State | None:
        hit: State | None = None
        rest = state
        for expression in lane.expression.expressions:
            if rest is None:
                break
            fits, other = rest.copy(), rest.copy()
            if equal(fits, self.roots, lane.expression.left, expression, yes=True):
                hit = meet(hit, fits)
            rest = other if equal(other, self.roots, lane.expression.left, expression, yes=False) else None
        return hit if yes else rest

    def loop(self, node: ForNode | TablerowNode, state: State) -> State | None:
        """``{% for %}`` and ``{% tablerow %}``."""
        head: State | None = state
        for _ in range(_ROUNDS):
            assert head is not None
            after = self._round(node, head.copy())
            more = meet(head.copy(), after[0])
            assert more is not None
            if more.same(head):
                return self._behind(node, state, after)
            head = more
        raise EntangledError

    def _round(self, node: ForNode | TablerowNode, state: State) -> tuple[State | None, State | None]:
        """One time through the body: where it ends, and where it was left by ``break``."""
        name, place = node.expression.identifier, (f"@{node.expression.identifier}", node.token.start_index)
        counters = "forloop" if isinstance(node, ForNode) else "tablerowloop"
        outer = {word: state.names.get(word) for word in (name, counters)}
        iterable = evaluate(node.expression.iterable, state, self.roots)
        state.narrow(iterable, ~(Form.NIL | BLANK))
        state.release(place)
        state.ways.clear()  # what proved something before a loop may be otherwise in its second round
        state.names.update({name: replace(_element(iterable), place=place), counters: _COUNTERS})
        self.loops.append(Loop(len(state.made)))
        ended = self.block(node.block.nodes, state)
        left = self.loops.pop()
        for left_state in left.continued:
            ended = meet(ended, left_state)
        broken: State | None = None
        for left_state in left.broken:
            broken = meet(broken, left_state)
        return _restored(ended, outer, place), _restored(broken, outer, place)

    def _behind(
        self, node: ForNode | TablerowNode, state: State, after: tuple[State | None, State | None]
    ) -> State | None:
        iterable = evaluate(node.expression.iterable, state, self.roots)
        cut = node.expression.limit is not None or node.expression.offset is not None
        empty: State | None = state.copy() if cut or iterable.forms & (Form.NIL | BLANK) else None
        if empty is not None and not cut:
            empty.narrow(iterable, _NOT_GONE_THROUGH)
        default = getattr(node, "default", None)
        return meet(meet(after[0], after[1]), self.block(default.nodes, empty) if default else empty)

    def leave(self, node: BreakNode | ContinueNode, state: State) -> None:
        """``{% break %}`` and ``{% continue %}``."""
        if self.loops:
            left = self.loops[-1]
            del state.made[left.captures :]
            (left.broken if isinstance(node, BreakNode) else left.continued).append(state)

    def cycle(self, node: CycleNode, state: State) -> State:
        """``{% cycle %}`` prints one value after the other."""
        self.prints(node.args, state)
        return state

    def counter(self, node: IncrementNode | DecrementNode, state: State) -> State:
        """``{% increment %}`` prints a number, and makes a name unless one is assigned."""
        state.names.setdefault(str(node.name), NUMBER)
        if state.made:
            state.made[-1] = joined((state.made[-1], NUMBER))
        return state


_NOT_GONE_THROUGH = Form.NIL | Form.FALSE | Form.TRUE | Form.NUMBER | BLANK | Form.OBJECT | Form.ANY
_COUNTERS = Value(Form.OBJECT)

_STEPS: Mapping[type, Callable[..., State | None]] = {
    OutputNode: Walk.output,
    ContentNode: Walk.content,
    BlockNode: Walk.nested,
    LiquidNode: Walk.nested,
    IfChangedNode: Walk.nested,
    AssignNode: Walk.assign,
    CaptureNode: Walk.capture,
    IfNode: Walk.condition,
    UnlessNode: Walk.condition,
    CaseNode: Walk.cases,
    ForNode: Walk.loop,
    TablerowNode: Walk.loop,
    BreakNode: Walk.leave,
    ContinueNode: Walk.leave,
    CycleNode: Walk.cycle,
    IncrementNode: Walk.counter,
    DecrementNode: Walk.counter,
}


def _restored(state: State | None, outer: Mapping[str, Value | None], place: tuple[str, int]) -> State | None:
    """Give the names that a loop had for itself back to what is around it."""
    if state is None:
        return None
    state.release(place)
    for name, value in outer.items():
        if value is None:
            state.names.pop(name, None)
        else:
            state.names[name] = value
    return state


def _element(iterable: Value) -> Value:
    """What a loop's variable holds: an element, a pair of an object's, or the only value that there is."""
    if iterable.forms & (Form.LIST | Form.NO_ITEMS):
        return iterable.inside.item(None) if iterable.inside is not None else UNKNOWN
    if iterable.forms & Form.ANY:
        return UNKNOWN
    return Value(Form.LIST, inside=Pair()) if iterable.forms & Form.OBJECT else iterable.narrowed(~Form.NIL)


def _start(expression: Expression, state: State, roots: Roots) -> int:
    """Where an author looks for what is printed: at the first path that may be missing, else at the first part."""
    paths = list(_paths(expression))
    for path in paths:
        value = evaluate(path, state, roots)
        if value.why and value.forms & GAP:
            return path.token.start_index
    return paths[0].token.start_index if paths else expression.token.start_index


def _paths(expression: Expression) -> Iterable[PathExpression]:
    if isinstance(expression, PathExpression):
        yield expression
    for child in expression.children():
        yield from _paths(child)
