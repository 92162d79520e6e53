"""Resources of files that an earlier run read and found sound: a body is read when something looks at it."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

from deployer.kinds import BY_SNAKE
from deployer.project.model import Resource
from deployer.source.environments import everywhere

if TYPE_CHECKING:
    from deployer.kinds.base import Model
    from deployer.kinds.kind import Kind
    from deployer.source import Body, Document

_reading = RLock()
"""Of two threads, one reads a resource: a model is known by its identity."""


class KnownResource(Resource):
    """A declaration that is the same in each environment and has no mistake (``addresses.ADDRESS``)."""

    __slots__ = ("_read",)
    _read: tuple[Body, Model] | None
    environment = ""
    inherits = ()
    mistakes = ()

    def __init__(self, address: str, document: Document) -> None:
        put = object.__setattr__
        put(self, "address", address)
        put(self, "document", document)
        put(self, "facts", document.facts)
        put(self, "_read", None)

    @property
    def kind(self) -> Kind:
        """Its kind, which is in its address."""
        return BY_SNAKE[self.address.partition(".")[0]]

    @property
    def body(self) -> Body:
        """The resource as it is in each environment."""
        return self._reading()[0]

    @property
    def model(self) -> Model:
        """What its kind makes of it."""
        return self._reading()[1]

    def _reading(self) -> tuple[Body, Model]:
        if self._read is not None:
            return self._read
        with _reading:
            if self._read is None:
                body = everywhere(self.document.value)
                object.__setattr__(self, "_read", (body, self.kind.parse(self.address, body["id"], body)))
            return self._reading()
