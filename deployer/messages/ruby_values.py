"""Values that print themselves as the reference engine of Liquid prints them."""

from __future__ import annotations

from typing import Any


class RubyHash(dict[str, Any]):
    """An object of the data, which prints as the reference engine prints it: ``{"city"=>"Portland"}``."""

    def __str__(self) -> str:
        return inspected(self)


class RubyList(list[Any]):
    """A list of the data, which prints its elements without anything between them where it is an element itself."""

    def __str__(self) -> str:
        return inspected(self)


class RubyFloat(float):
    """A very large or small number, which prints as the reference engine prints it: ``1.0e+20``."""

    def __str__(self) -> str:
        mantissa, exponent = repr(float(self)).split("e")
        return f"{mantissa}{'' if '.' in mantissa else '.0'}e{exponent}"


def as_printed(value: Any) -> Any:
    """A value that prints itself as the reference engine prints it; only some numbers don't."""
    return RubyFloat(value) if type(value) is float and "e" in repr(value) else value


def inspected(value: Any) -> str:
    """A value as Ruby's ``inspect`` writes it."""
    if isinstance(value, range):
        return f"{value.start}..{value.stop - 1}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inspected(key)}=>{inspected(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inspected, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if value is None or type(value).__name__ == "_Null":  # python-liquid's element without the key that `map` asks for
        return "nil"
    return str(value).lower() if isinstance(value, bool) else str(value)
