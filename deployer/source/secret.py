"""Secrets, in every form that one has: this is the one place that knows them.

A secret is ``{env: NAME}`` in YAML, ``{"$env": NAME}`` in wanted fields, and ``{"$secret": NAME, "hash": …}`` where it
is compared or recorded: its value is only ever compared by a keyed hash, and shown by its variable's name. The key is
the state's lineage, so that a hash means nothing across environments.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.errors import DeployerError
from deployer.source.values import as_bytes

if TYPE_CHECKING:
    from deployer.source.values import JSON

WRITTEN = "env"
"""The key of a secret in YAML."""

REFERENCE = "$env"
"""The key of a secret in wanted fields."""

SEALED = "$secret"
"""The key of a secret that is compared or recorded; ``hash`` is beside it."""

_TEXT_OR_NONE = frozenset({str, type(None)})
"""The classes of most values: whether they are a mapping needn't be tested, which takes long."""


class MissingSecret(DeployerError):  # noqa: N818 - it names what is missing; the command line makes a message of it
    """The environment variable ``env`` isn't set, or is empty."""

    def __init__(self, env: str) -> None:
        super().__init__(f"the environment variable {env} is not set", "`deployer validate` shows where")
        self.env = env


@dataclass(frozen=True, slots=True)
class Secret:
    """A reference to a secret: ``env`` names the variable. The value is never kept, so no ``repr`` can show it."""

    env: str

    @property
    def written(self) -> dict[str, str]:
        """The form in YAML."""
        return {WRITTEN: self.env}

    @property
    def reference(self) -> dict[str, str]:
        """The form in wanted fields."""
        return {REFERENCE: self.env}

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Secret:
        """Read the form in YAML."""
        return cls(value[WRITTEN])

    def resolve(self, environ: Mapping[str, str]) -> str:
        """Give the secret's value. Raises ``MissingSecret`` where it isn't set or is empty."""
        value = environ.get(self.env, "")
        if not value:
            raise MissingSecret(self.env)
        return value


def is_secret(value: JSON) -> bool:
    """Tell whether a JSON value is a reference to a secret: a mapping of nothing but ``env`` to text."""
    return isinstance(value, Mapping) and set(value) == {WRITTEN} and isinstance(value[WRITTEN], str)


@dataclass(frozen=True, slots=True)
class Sealer:
    """Replaces secrets by ``{"$secret": NAME, "hash": …}``; the hash is empty where the value isn't known."""

    key: str = field(repr=False)
    environ: Mapping[str, str] = field(repr=False)

    def wanted(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Seal the references in wanted fields."""
        return {name: self._seal(value) for name, value in fields.items()}

    def like(self, live: Mapping[str, Any], wanted: Mapping[str, Any], recorded: Mapping[str, Any]) -> dict[str, Any]:
        """Seal the fields of a live object wherever the wanted ones are secret, or the recorded ones were."""
        secret = {name for name, value in wanted.items() if is_reference(value)}
        secret |= {name for name, value in recorded.items() if is_sealed(value)}
        return {
            name: {SEALED: "", "hash": self._hash(str(value))} if name in secret else value
            for name, value in live.items()
        }

    def mark(self, value: Any) -> str:
        """A value by its keyed hash, so that a secret compares with one in clear; empty where it isn't known."""
        if is_sealed(value):
            return str(value["hash"])
        return "" if value is None else self._hash(str(value))

    def _seal(self, value: Any) -> Any:
        if not is_reference(value):
            return value
        plain = self.environ.get(value[REFERENCE], "")
        return {SEALED: value[REFERENCE], "hash": self._hash(plain) if plain else ""}

    def _hash(self, plain: str) -> str:
        return hmac.new(as_bytes(self.key), as_bytes(plain), hashlib.sha256).hexdigest()[:32]


def is_reference(value: Any) -> bool:
    """Whether a wanted value is a reference to a secret."""
    return type(value) not in _TEXT_OR_NONE and isinstance(value, Mapping) and set(value) == {REFERENCE}


def is_sealed(value: Any) -> bool:
    """Whether a value is a sealed secret."""
    return type(value) not in _TEXT_OR_NONE and isinstance(value, Mapping) and SEALED in value


def references(value: Any) -> Iterator[str]:
    """The names of every environment variable that a value refers to."""
    if is_reference(value):
        yield value[REFERENCE]
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from references(item)


def reveal(value: Any, environ: Mapping[str, str]) -> Any:
    """The value with every reference replaced; ``KeyError`` names a variable that isn't set."""
    if is_reference(value):
        return environ[value[REFERENCE]]
    if isinstance(value, Mapping):
        return {name: reveal(item, environ) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [reveal(item, environ) for item in value]
    return value


def same(wanted: Any, existing: Any) -> bool | None:
    """Whether two values agree, secrets by hash; ``None`` where a secret's value isn't known here."""
    if is_sealed(wanted):
        if not wanted["hash"]:
            return None
        return is_sealed(existing) and bool(hmac.compare_digest(wanted["hash"], existing["hash"]))
    return bool(wanted == existing)


def name_of(value: Any) -> str | None:
    """The variable that a secret in fields names, empty where it isn't known; ``None`` for any other value."""
    if isinstance(value, str) or not isinstance(value, Mapping):  # nearly all are texts: a fast test
        return None
    return next((str(value[key]) for key in (REFERENCE, SEALED) if key in value), None)


def visible(value: Any) -> Any:
    """A value as it may be shown: of a secret the variable's name, without its hash."""
    return {SEALED: value[SEALED]} if is_sealed(value) else value
