"""An answer on its way out of the sandbox, and the manner in which it reaches the client."""

from __future__ import annotations

from enum import Enum

from deployer.dataclass import dataclass
from deployer.sandbox.model import Response

NO_ANSWER = Response(0)
"""What is in a delivery whose answer never reaches the client."""


class Manner(Enum):
    """How an answer reaches the client."""

    WHOLE = "whole"
    CUT = "cut"
    """Half of it, then the connection ends; of an answer without a body, half of its head."""
    RESET = "reset"
    """Not at all: the connection is reset."""
    SILENT = "silent"
    """Not at all: the connection stays open."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An answer and its manner. ``seconds`` pass before a whole answer; for so long at most there is silence."""

    response: Response
    manner: Manner = Manner.WHOLE
    seconds: float = 0.0
