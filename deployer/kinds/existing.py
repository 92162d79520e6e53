"""One object at Attentive, ready to be declared."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.base import Fields


@dataclass(frozen=True, slots=True)
class Existing:
    """An object that the API lists, and its declaration.

    ``id`` is Attentive's; ``title`` what our id is made of; ``fields`` as the API reports them; ``body`` the
    declaration without ``kind`` and ``id``; ``secret`` the field that must not be written in clear; ``remark`` what a
    reader of the YAML should know; ``problem`` why it can't be declared.
    """

    id: str
    title: str
    fields: Fields = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)
    secret: Secret | None = None
    remark: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Secret:
    """A field that is written as ``{env: NAME}``: its key, the variable's ending, and what helps to recognize it."""

    key: str
    ending: str
    description: str
