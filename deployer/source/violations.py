"""How a value breaks its schema, as values; which values fit: jsonschema-rs decides."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import DeployerError
from deployer.source.documents import QUOTE_IT
from deployer.source.values import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

    import jsonschema_rs

    from deployer.source.documents import Document
    from deployer.source.values import JSON, Pointer


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a value breaks its schema, in words.

    ``keyword`` is JSON Schema's; ``at_key`` says that the key at ``pointer`` is at fault, not its value; ``missing``
    are the keys of which one is missing; ``meant`` is the known key that one at fault probably stands for; ``null``
    says that nothing was read where a text belongs.
    """

    pointer: Pointer
    message: str
    hint: str = ""
    keyword: str = ""
    at_key: bool = False
    missing: tuple[str, ...] = ()
    meant: str = ""
    null: bool = False

    def hint_in(self, document: Document, pointer: Pointer) -> str:
        """The hint for the value at ``pointer``: a word that YAML reads as null is quoted, where one is written."""
        return QUOTE_IT if self.null and document.written(pointer) else self.hint


class SchemaError(DeployerError, ValueError):
    """A JSON Schema that isn't one: ``message`` says why, ``pointer`` where in the schema."""

    def __init__(self, message: str, pointer: Pointer) -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer


def compiled(schema: dict[str, JSON]) -> jsonschema_rs.Draft202012Validator:
    """Compile a schema (2020-12), formats asserted, references to other files refused. Raises ``SchemaError``."""
    import jsonschema_rs  # noqa: PLC0415 - it brings libraries for mail and for sockets along

    try:
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, retriever=_refuse)
    except jsonschema_rs.ValidationError as error:
        raise SchemaError(error.message, tuple(error.instance_path)) from None


def fits(schema: Mapping[str, JSON], value: JSON) -> bool:
    """Tell whether a value fits a schema; each schema is compiled once."""
    return bool(_known(canonical(schema)).is_valid(value))


@lru_cache(maxsize=1024)
def _known(schema: str) -> jsonschema_rs.Draft202012Validator:
    return compiled(json.loads(schema))


def _refuse(uri: str) -> JSON:
    raise ValueError(f"a schema can't refer to {uri}: only to its own parts, such as #/$defs/NAME")
