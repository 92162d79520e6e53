"""Checking values against JSON Schemas: jsonschema-rs decides, jsonschema explains what it refused.

Formats are asserted by one implementation: where jsonschema explains, it asks jsonschema-rs about each format,
pattern and multiple, so that the two can't disagree.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from deployer.source.schemas import schema
from deployer.source.values import canonical, content, of_content
from deployer.source.violations import Violation, compiled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.source.values import JSON


class Gate:
    """A compiled JSON Schema (2020-12) with formats asserted. References to other files are refused."""

    __slots__ = ("_validator", "schema")

    def __init__(self, schema: dict[str, JSON]) -> None:
        self.schema = schema
        self._validator = compiled(schema)

    @classmethod
    def of(cls, schema: Mapping[str, JSON]) -> Gate:
        """Give the gate of a schema; the same schema gives the same gate. Raises ``SchemaError``."""
        return _compiled(content(schema))

    @staticmethod
    def named(name: str) -> Gate:
        """Give the gate of a schema that ships with the package (``schema``)."""
        return _named(name)

    def valid(self, value: JSON) -> bool:
        """Tell whether the value fits."""
        return bool(self._validator.is_valid(value))

    def violations(self, value: JSON) -> tuple[Violation, ...]:
        """Say why the value doesn't fit; empty where it does, and only there."""
        if self.valid(value):
            return ()
        from deployer.source.explaining import explain  # noqa: PLC0415 - words are needed only for what failed
        from deployer.source.python_engine import from_python  # noqa: PLC0415 - so is jsonschema

        return explain(from_python(self.schema, value), self.schema) or self._as_reported(value)

    def _as_reported(self, value: JSON) -> tuple[Violation, ...]:
        """Explain what jsonschema-rs found, where jsonschema sees nothing wrong."""
        from deployer.source.explaining import explain  # noqa: PLC0415 - words are needed only for what failed
        from deployer.source.mismatch import from_rust  # noqa: PLC0415 - so are mismatches

        return explain(from_rust(self._validator.iter_errors(value), self.schema, value), self.schema)


@cache
def _named(name: str) -> Gate:
    return Gate(schema(name))


@lru_cache(maxsize=1024)
def _compiled(of: bytes) -> Gate:
    return Gate(json.loads(canonical(of_content(of))))  # sorted, so that it explains in the same order wherever it is
