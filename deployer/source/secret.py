"""Secrets: named in YAML as ``{env: NAME}``, read from the process's environment when they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.errors import DeployerError

if TYPE_CHECKING:
    from deployer.source.values import JSON


class MissingSecret(DeployerError):  # noqa: N818 - it names what is missing; the command line makes a message of it
    """The environment variable ``env`` isn't set, or is empty."""

    def __init__(self, env: str) -> None:
        super().__init__(f"the environment variable {env} is not set", "`deployer validate` shows where")
        self.env = env


@dataclass(frozen=True, slots=True)
class Secret:
    """A reference to a secret: ``env`` names the variable. The value is never kept, so no ``repr`` can show it."""

    env: str

    def resolve(self, environ: Mapping[str, str]) -> str:
        """Give the secret's value. Raises ``MissingSecret`` where it isn't set or is empty."""
        value = environ.get(self.env, "")
        if not value:
            raise MissingSecret(self.env)
        return value


def is_secret(value: JSON) -> bool:
    """Tell whether a JSON value is a reference to a secret: a mapping of nothing but ``env`` to text."""
    return isinstance(value, Mapping) and set(value) == {"env"} and isinstance(value["env"], str)
