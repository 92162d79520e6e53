"""Defaults whose words are known, and what filters behind them make of these words: Liquid itself says what is left.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from liquid import Environment
from liquid.exceptions import LiquidError

from deployer.messages import liquid_filters
from deployer.messages.flows.forms import GAP, NONE, Constant, Form, Reason, Value

if TYPE_CHECKING:
    from deployer.messages.flows.filters import Arguments

_LONGEST = 300
_WORK = 20_000
"""What filters may make of one default until it counts as unknown: a text may hold thousands of them."""

_BY_THE_CLOCK = "date"
_MISSING = Reason("made", "its `default` prints nothing")


def constants(name: str, value: Value, arguments: Arguments, result: Value) -> Value:
    """The result of a filter with what it makes of known defaults, which is a gap where nothing is left of one."""
    kept = [*_after(name, value.constants, arguments)]
    lost = [constant for constant in kept if _is_empty(constant.written)]
    if lost:
        why = (reason for constant in lost for reason in constant.why)
        note = f"`{name}` leaves nothing of its `default`: write `default` behind it, or other words"
        result = replace(
            result, forms=result.forms | Form.EMPTY, why=tuple(dict.fromkeys((*result.why, *why))), note=note
        )
    begun = _begun(value, arguments) if name == "default" else ()
    return replace(result, constants=tuple(dict.fromkeys((*kept, *begun))))


def _begun(value: Value, arguments: Arguments) -> tuple[Constant, ...]:
    """The words that a default prints in place of what may be missing or empty."""
    words = _quoted(arguments.literal(0))
    replaced = value.forms & (GAP | Form.VOID | Form.FALSE) != NONE
    return (Constant(words, value.why or (_MISSING,)),) if words and replaced else ()


def _after(name: str, before: tuple[Constant, ...], arguments: Arguments) -> list[Constant]:
    """The words behind one more filter; what isn't known before it is sent is left out."""
    plain = [_quoted(arguments.literal(index)) for index in range(len(arguments.values))]
    if not all(plain) or arguments.named or name == _BY_THE_CLOCK:
        return []
    call = f"{name}: {', '.join(plain)}" if plain else name
    after = (replace(constant, written=f"{constant.written} | {call}") for constant in before)
    return [constant for constant in after if len(constant.written) <= _LONGEST]


def _quoted(literal: str | int | None) -> str:
    """Words or a number as Liquid writes them; empty where there are none, or it can't."""
    if not isinstance(literal, str):
        return "" if literal is None else str(literal)
    quote = next((mark for mark in "'\"" if mark not in literal), "")
    return f"{quote}{literal}{quote}" if quote and "}}" not in literal else ""


@lru_cache(maxsize=1024)
def _is_empty(written: str) -> bool:
    """Whether nothing is printed; what can't be rendered is another rule's matter."""
    liquid_filters.start(_WORK)
    try:
        return not _environment().from_string("{{ " + written + " }}").render()
    except (LiquidError, ArithmeticError, LookupError, TypeError, ValueError):
        return False


@cache
def _environment() -> Environment:
    environment = Environment()
    liquid_filters.install(environment)
    return environment
