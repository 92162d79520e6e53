"""How much the value of an expression may be: characters, elements and bits, foreseen where they can be.

Limits of the Jinja that a text may use (``messages.sandbox``). What goes beyond one raises Jinja's own error, which is
shown at its place.
"""

from __future__ import annotations

from typing import Any

from jinja2.exceptions import TemplateRuntimeError

from deployer.messages.bounds import BITS, DIGITS, LARGEST

_ELEMENT = 10
"""What an element that isn't a text weighs, in characters."""

ITEMS = LARGEST // _ELEMENT
"""Elements that a list which is made on the fly may have."""

_TOO_LARGE = f"what an expression makes is too long: more than {LARGEST:,} characters or elements"


def weight(value: Any) -> int:
    """Characters and elements of a value, those of its elements included. Raises where it is too large."""
    if isinstance(value, str):
        return _small(len(value))
    if isinstance(value, int):
        return _few_bits(value.bit_length())
    if not isinstance(value, list | tuple | dict | set):
        return 1
    return _deep_weight(value)


def _deep_weight(value: Any) -> int:
    total, left = 0, [value]
    while left:
        item = left.pop()
        if isinstance(item, list | tuple | set):
            left += item
        elif isinstance(item, dict):
            left += [*item, *item.values()]
        total += len(item) if isinstance(item, str) else _ELEMENT
        _small(total + _ELEMENT * len(left))
    return total


def _small(size: int) -> int:
    if size > LARGEST:
        raise TemplateRuntimeError(_TOO_LARGE)
    return size


def check_elements(elements: int) -> None:
    """Refuse to go through too many elements."""
    if elements > ITEMS:
        raise TemplateRuntimeError(f"an expression goes through more than {ITEMS:,} elements")


def foresee_round(precision: object = 0, *_others: object) -> None:
    """Refuse a ``round`` to more digits than a number has."""
    if isinstance(precision, int) and abs(precision) > DIGITS:
        raise TemplateRuntimeError(f"`round` keeps up to {DIGITS} digits")


def _few_bits(bits: int) -> int:
    if bits > BITS:
        raise TemplateRuntimeError("an expression makes too large a number")
    return 1


def checked_text(text: str) -> str:
    """Give the text back, unless it is too long."""
    _small(len(text))
    return text


def foresee_replace(values: list[Any]) -> None:
    """Refuse a ``replace`` that makes too long a text."""
    text, old, new = (str(value) for value in (*values, "", "", "")[:3])
    _small(len(text) + (text.count(old) if old else len(text) + 1) * len(new))


def foresee_join(values: list[Any]) -> None:
    """Refuse a ``join`` that makes too long a text."""
    parts = list(values[0]) if values and hasattr(values[0], "__len__") else []
    separators = [value for value in values[1:] if isinstance(value, str)]
    _small(sum(weight(part) for part in parts) + len(parts) * sum(map(len, separators)))


def foresee_operator(operator: str, left: Any, right: Any) -> None:
    """Refuse an operator that makes too long a text or list, or too large a number."""
    sizes = [len(value) if isinstance(value, str | list | tuple) else value for value in (left, right)]
    sequence = any(isinstance(value, str | list | tuple) for value in (left, right))
    if not all(isinstance(size, int) for size in sizes):
        return
    if sequence:
        _small(sizes[0] * sizes[1] if operator == "*" else 0)
        _small(weight(left) * max(right, 0) if operator == "*" and isinstance(right, int) else 0)
        _small(weight(right) * max(left, 0) if operator == "*" and isinstance(left, int) else 0)
        _small(weight(left) + weight(right) if operator == "+" else 0)
    elif operator == "**":
        if left.bit_length() * max(right, 0) > BITS:
            raise TemplateRuntimeError(f"powers go up to numbers of {BITS:,} bits")
    elif operator == "*":
        _few_bits(left.bit_length() + right.bit_length())
