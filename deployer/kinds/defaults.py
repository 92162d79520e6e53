"""What most kinds have in common: fields of every declaration, and answers that say "nothing of that sort"."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from deployer.kinds.shapes import Recorded
from deployer.kinds.values import AppUse, Mention, Switch
from deployer.source import schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from deployer.kinds.actions import ApiActions, PersonActions
    from deployer.kinds.base import Fields, Model, Reference, Scope, UniqueName, Unit, Wanted
    from deployer.source import Body, Pointer
    from deployer.source.settings import Environment


def common(address: str, id: str, body: Body) -> dict[str, Any]:  # noqa: A002 - the field's name in the file format
    """The fields of ``Model``, from any kind's checked body."""
    return {
        "address": address,
        "id": id,
        "description": body.get("description", ""),
        "owner": body.get("owner", ""),
        "protect": body.get("protect", False),
    }


class PersonDefaults:
    """What people bring about and no one can stop: it either exists or it doesn't; kinds override the rest."""

    reaches = ""
    switch: Switch | None = None

    def stop(self, existing: Fields) -> tuple[Unit, ...]:
        """Nothing of it runs."""
        del existing
        return ()

    def running(self, model: Any) -> Any:
        """It is what it is."""
        return model

    def reads(self, live: Fields, event: str, keys: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """It shows customers nothing of an event."""
        del live, event, keys
        return {}

    def triggers(self, live: Fields) -> frozenset[str]:
        """It runs on no event."""
        del live
        return frozenset()

    def observed(self, live: Fields) -> Fields:
        """No slot follows from another."""
        return live


_ABOUT = ("description", "owner", "protect")
"""What every declaration may say of itself, and nothing else depends on."""


class _Read(Protocol):
    """A kind, as far as a declaration with mistakes is read with it."""

    @property
    def snake(self) -> str:
        """As in addresses."""

    @property
    def stand_ins(self) -> Mapping[str, Any]:
        """What fields with mistakes are read as."""

    def parse(self, address: str, id: str, body: Body) -> Model:  # noqa: A002 - the field's name in the file format
        """Build the model."""


def with_stand_ins(kind: _Read, body: Body, mistakes: Sequence[Pointer]) -> Body | None:
    """The body with values that mean nothing in place of those with mistakes; ``None`` where the kind has none."""
    wrong = {str(pointer[0]) for pointer in mistakes if pointer}
    known = wrong & {*schema(kind.snake)["properties"]} - {*_ABOUT}
    if not all(mistakes) or not known <= kind.stand_ins.keys():
        return None
    kept = {key: value for key, value in body.items() if key not in wrong}
    return kept | {key: kind.stand_ins[key] for key in known}


class Defaults:
    """A kind without references, and without a name or presence of its own at Attentive; kinds override the rest."""

    launch_step = 0
    permission = ""
    app_use = AppUse.NONE
    definitions: tuple[tuple[str, ...], ...] = ()
    api: ApiActions | None = None
    recorded: Recorded = Recorded()
    stand_ins: Mapping[str, Any] = MappingProxyType({})
    """What a field with a mistake is read as: a value that nothing follows from. Without the others no one can tell."""

    @property
    def person(self) -> PersonActions | None:
        """No one does anything for it."""
        return None

    def readable(
        self: _Read,
        address: str,
        id: str,  # noqa: A002 - the field's name in the file format
        body: Body,
        mistakes: Sequence[Pointer],
    ) -> tuple[Model, Body] | None:
        """The declaration with values that mean nothing in place of those with mistakes."""
        rest = with_stand_ins(self, body, mistakes)
        return None if rest is None else (self.parse(address, id, rest), rest)

    def references(self, model: Any) -> Iterable[Reference]:
        """Refer to nothing."""
        del model
        return ()

    def names(self, model: Any) -> Iterable[UniqueName]:
        """Have no name at Attentive."""
        del model
        return ()

    def wanted(self, model: Any, scope: Scope) -> Wanted | None:
        """Want nothing at Attentive."""
        del model, scope
        return None

    def mentions(self, model: Any, scope: Scope, path: str) -> Iterable[Mention]:
        """A plan's field is a field of the declaration, under the same name."""
        del scope
        yield Mention(model.address, (path.partition(".")[0],))

    def retired(self, model: Any) -> bool:
        """Be declared to be used."""
        del model
        return False

    def fixed(self, recorded: Fields, model: Any, scope: Scope) -> str:
        """Be changed as any field can."""
        del recorded, model, scope
        return ""

    def carried(self, recorded: Fields) -> Mapping[str, str]:
        """Be no event."""
        del recorded
        return {}

    def unfit(self, fields: Fields, environment: Environment) -> str:
        """Take any value."""
        del fields, environment
        return ""

    def payload(self, model: Any, scope: Scope) -> Fields:
        """Carry nothing besides the fields."""
        del model, scope
        return {}
