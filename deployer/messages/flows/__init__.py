"""What every output of a text prints, whatever its event holds: data flow over the whole text.

Each way through the tags is followed, with what the conditions on it prove, as Liquid really evaluates them. The
result doesn't depend on samples. ``forms`` holds the values, ``shapes`` the data by its JSON Schema, ``filters`` what
filters make of a value, ``state`` one point of a text; ``conditions``, ``evaluating`` and ``walk`` read python-liquid's
tree and are imported only where a text needs a parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.messages.flows.filters import Arguments, apply
from deployer.messages.flows.forms import GAP, Form, Reason, Value
from deployer.messages.flows.shapes import Data
from deployer.messages.flows.state import State, Work
from deployer.messages.liquid_loading import load_liquid
from deployer.messages.scanning import plain, segments

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from deployer.messages.macros import Path

__all__ = ["Data", "Form", "Printed", "Reason", "flow"]

STEPS = 4_000_000
"""Steps that are spent on one text: thousands of times what an email needs."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What an output prints: ``start`` up to ``end`` is what it reads, ``forms`` what that may be.

    ``why`` says why it may be a gap; empty where it can't be, or where the author wants it so. ``note`` is what to do
    instead of something that was tried.
    """

    start: int
    end: int
    forms: Form
    why: tuple[Reason, ...]
    note: str

    @property
    def gap(self) -> bool:
        """Whether it may print nothing, or a text that lacks a part."""
        return bool(self.why and self.forms & GAP)

    @property
    def void(self) -> bool:
        """Whether it may print nothing because what was sent is an empty text."""
        return Form.VOID in self.forms and Form.ANY not in self.forms

    @property
    def dump(self) -> bool:
        """Whether it may print a list or an object as a program writes it."""
        return Form.ANY not in self.forms and bool(self.forms & (Form.LIST | Form.OBJECT | Form.DUMP))


def flow(text: str, payload: Mapping[str, object] | None) -> tuple[Printed, ...]:
    """What each output of valid composer text prints, in the order of the text.

    ``payload`` is the JSON Schema of the event's properties, ``None`` where the event is unknown. Raises
    ``LiquidError`` where the text isn't valid Liquid.
    """
    data, state = Data(payload), State(Work(STEPS))
    matches = plain(text)
    if matches is None:
        load_liquid()
        from deployer.messages.flows.parsed import followed  # noqa: PLC0415 - python-liquid is slow to import

        outcome = followed(text, data, state)
    else:
        outcome = {match.start("path"): (match.end("path"), _plain(match, data, state)) for match in matches}
    return tuple(
        Printed(start, end, value.forms, value.why, value.note) for start, (end, value) in sorted(outcome.items())
    )


def _plain(match: re.Match[str], data: Data, state: State) -> Value:
    path: Path = segments(match["path"])
    value = state.seen(data.root(str(path[0])))
    for segment in path[1:]:
        value = state.inside(value, segment)
    if match["filter"]:
        words = match["value"][1:-1]
        value = apply("default", value, Arguments((Value(Form.TEXT if words else Form.EMPTY, literal=words),)))
    return value
