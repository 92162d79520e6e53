"""The flow through a text that needs Liquid's parser.

Import this module only where a text needs one: python-liquid takes a while to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.messages.flows.forms import Form, Reason, Value
from deployer.messages.flows.state import EntangledError
from deployer.messages.flows.walk import Walk
from deployer.messages.tree import parse, written

if TYPE_CHECKING:
    from deployer.messages.flows.evaluating import Roots
    from deployer.messages.flows.state import State

_ENTANGLED = Value(Form.NIL, (Reason("made", "the text's tags are too entangled to be followed"),))


def followed(text: str, roots: Roots, state: State) -> dict[int, tuple[int, Value]]:
    """What each output prints: by where what it reads begins, where that ends and its value."""
    walk = Walk(roots)
    try:
        walk.template(parse(text), state)
    except (EntangledError, RecursionError):
        return {0: (1, _ENTANGLED)}
    return {start: (start + max(len(written(text, start)), 1), value) for start, value in walk.printed.items()}
