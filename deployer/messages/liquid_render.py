"""Rendering by python-liquid, which notes each macro that had nothing to print.

Import this module only where a text needs a parser: python-liquid takes a while to import.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from liquid import Undefined
from liquid.exceptions import LiquidError as ParserError

from deployer.messages import liquid_filters
from deployer.messages.macros import LiquidError
from deployer.messages.rendered import Hole, Rendered, RenderError
from deployer.messages.ruby_values import RubyHash, RubyList, as_printed
from deployer.messages.tree import Limited, offset_of, parse, sentence, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from liquid import BoundTemplate

    from deployer.source import JSON


KEPT = 16
"""Parsed texts that are kept: a text is rendered for one sample after the other, and parsing takes longest."""

_HOLES: ContextVar[dict[int, str]] = ContextVar("holes")
"""What the rendering that goes on has found without a value: the path as written, by its offset."""


def render_tree(text: str, data: Mapping[str, JSON]) -> Rendered:
    """Render with the parser. Raises ``RenderError``, also where the text isn't valid Liquid."""
    holes: dict[int, str] = {}
    token = _HOLES.set(holes)
    try:
        with failures(text):
            rendered = _template(text).render(without_nulls(data))
    finally:
        _HOLES.reset(token)
    return Rendered(rendered, tuple(Hole(expression, start) for start, expression in sorted(holes.items())))


@lru_cache(maxsize=KEPT)
def _template(text: str) -> BoundTemplate:
    return parse(text, _environment())


@contextmanager
def failures(text: str) -> Iterator[None]:
    """Raise ``RenderError``, with its offset in ``text``, for what can go wrong while Liquid is read and rendered."""
    liquid_filters.start()
    try:
        yield
    except LiquidError as error:
        raise RenderError(error.message, error.offset, error.hint) from None
    except ParserError as error:
        raise RenderError(sentence(error), offset_of(error, text)) from None
    except RecursionError:
        raise RenderError("the Liquid calls itself without end", 0) from None
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise RenderError(f"a filter can't work with this value: {error}", 0) from None


class _Noted(Undefined):
    """An undefined value that notes itself at the moment it is printed."""

    __slots__ = ()

    def __str__(self) -> str:
        start = self.token.start_index if self.token else 0
        _HOLES.get()[start] = written(self.token.source, start) if self.token else self.name
        return ""


@cache
def _environment() -> Limited:
    return Limited(undefined=_Noted)


def without_nulls(value: JSON) -> JSON:
    """Drop nulls from data: null and absence both print nothing, and so both are holes."""
    if isinstance(value, Mapping):
        kept = {key: without_nulls(item) for key, item in value.items() if item is not None}
        return RubyHash(kept)
    if isinstance(value, list):
        return RubyList(without_nulls(item) for item in value)
    return as_printed(value)
