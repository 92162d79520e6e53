"""One kind of resource, as the engine and the rules see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deployer.kinds.actions import ApiActions, PersonActions
    from deployer.kinds.base import Fields, Model, Reference, Scope, UniqueName, Wanted
    from deployer.kinds.shapes import Recorded
    from deployer.kinds.values import AppUse, Mention
    from deployer.source import Body, Pointer
    from deployer.source.settings import Environment


class Kind(Protocol):
    """One kind of resource; each package beside this file has one."""

    @property
    def name(self) -> str:
        """As in YAML: ``EventType``."""

    @property
    def snake(self) -> str:
        """As in addresses and schema files: ``event_type``."""

    @property
    def model(self) -> type[Model]:
        """What its declarations become."""

    @property
    def rank(self) -> int:
        """Order among kinds that don't depend on each other: lower comes first."""

    @property
    def launch_step(self) -> int:
        """The step of Attentive's launch checklist (1 to 6) that it is part of; 0: none."""

    @property
    def permission(self) -> str:
        """What an app needs for it, in the words of Attentive's Permissions; empty: nothing."""

    @property
    def api(self) -> ApiActions | None:
        """What the API does for it; ``None``: nothing."""

    @property
    def person(self) -> PersonActions | None:
        """What a person does for it; ``None``: nothing."""

    @property
    def app_use(self) -> AppUse:
        """Which apps its declarations may name under ``app``."""

    @property
    def definitions(self) -> tuple[tuple[str, ...], ...]:
        """Where its declarations hold definitions of values, as pointers; ``*`` is any key."""

    @property
    def recorded(self) -> Recorded:
        """The shapes of what may be recorded of it."""

    def parse(self, address: str, id: str, body: Body) -> Model:  # noqa: A002 - the field's name in the file format
        """Build the model from a body that the kind's schema accepted."""

    def readable(
        self,
        address: str,
        id: str,  # noqa: A002 - as above
        body: Body,
        mistakes: Sequence[Pointer],
    ) -> tuple[Model, Body] | None:
        """The model and the body without what the ``mistakes`` are in; ``None`` where the rest means too little."""

    def references(self, model: Any) -> Iterable[Reference]:
        """Every mention of another resource."""

    def names(self, model: Any) -> Iterable[UniqueName]:
        """Names at Attentive that may be declared once."""

    def wanted(self, model: Any, scope: Scope) -> Wanted | None:
        """What should be at Attentive; ``None`` for a resource without a presence of its own."""

    def retired(self, model: Any) -> bool:
        """Whether it is declared only because it exists: where nothing uses it, it isn't begun in a new account."""

    def fixed(self, recorded: Fields, model: Any, scope: Scope) -> str:
        """Why what is recorded (fields, or slots) can't become what is declared, with the way out; empty: it can."""

    def carried(self, recorded: Fields) -> Mapping[str, str]:
        """The keys, with their types, that events are known to have carried, from recorded fields or slots."""

    def mentions(self, model: Any, scope: Scope, path: str) -> Iterable[Mention]:
        """Where the wanted value of a plan's field (such as ``send.text.text``) is written, the nearest first."""

    def unfit(self, fields: Fields, environment: Environment) -> str:
        """Why fields can't be written as they are to an environment, secrets revealed; without their values.

        Empty: they can.
        """

    def payload(self, model: Any, scope: Scope) -> Fields:
        """What a ``send`` carries besides the fields (a complete sample), else nothing."""
