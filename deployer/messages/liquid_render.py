"""Rendering by python-liquid, which notes each macro that had nothing to print.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from liquid import Undefined
from liquid.exceptions import LiquidError as ParserError

from deployer.messages.render import Hole, Rendered, RenderError
from deployer.messages.tree import Limited, offset_of, parse, sentence, written

if TYPE_CHECKING:
    from liquid import Environment, Token

    from deployer.source import JSON


def render_tree(text: str, data: Mapping[str, JSON]) -> Rendered:
    """Render with the parser. Raises ``LiquidError`` where the text isn't valid, ``RenderError`` where it fails."""
    holes: dict[int, str] = {}
    template = parse(text, _environment(text, holes))
    try:
        rendered = template.render(_without_nulls(data))
    except ParserError as error:
        raise RenderError(sentence(error), offset_of(error, text)) from None
    except RecursionError:
        raise RenderError("the Liquid calls itself without end", 0) from None
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise RenderError(f"a filter can't work with this value: {error}", 0) from None
    return Rendered(rendered, tuple(Hole(expression, start) for start, expression in sorted(holes.items())))


def _environment(text: str, holes: dict[int, str]) -> Environment:
    """Liquid whose undefined values note themselves in ``holes`` (by offset) at the moment they are printed."""

    class Noted(Undefined):
        __slots__ = ()

        def __str__(self) -> str:
            note(self.name, self.token)
            return ""

    def note(name: str, token: Token | None) -> None:
        start = token.start_index if token else 0
        holes[start] = written(text, start) if token else name

    return Limited(undefined=Noted)


def _without_nulls(value: JSON) -> JSON:
    """Drop nulls from data: null and absence both print nothing, and so both are holes."""
    if isinstance(value, Mapping):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
