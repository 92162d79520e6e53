"""How a kind's resources come to be at Attentive: through the API, or by a person in Attentive's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from deployer.kinds.base import Fields, Instruction, LiveObject, Scope, Session, Unit, Wanted, Write, Written
    from deployer.kinds.values import Switch, Unique


class ApiActions(Protocol):
    """How a kind is brought about by the API."""

    @property
    def sends(self) -> bool:
        """True where the API takes and never shows (events, attributes): actions are ``send``, nothing is deleted."""

    @property
    def irreversible(self) -> str:
        """Why creating it can't be undone, for the plan; empty where it can."""

    @property
    def unique(self) -> tuple[Unique, ...]:
        """The fields whose value may exist once at Attentive."""

    def locked(self, changed: Collection[str]) -> str:
        """Why these fields can't change together once they are at Attentive, with the way out; empty where they can."""

    def aim(self, wanted: Fields, existing: Fields) -> Fields:
        """What will exist after the change: usually ``wanted``, or a union where nothing can be taken away."""

    @property
    def read(self) -> Callable[[Session, Sequence[Wanted]], Iterable[LiveObject]] | None:
        """List the objects that exist (GET only), or ``None`` where the API shows nothing of this kind."""

    @property
    def alike(self) -> tuple[str, ...]:
        """The fields that together tell an object from all others of its kind.

        By them a live object is recognized as the one that is declared, or that an interrupted create was about. Empty
        where nothing is listed, so that nothing is recognized.
        """

    def own_id(self, wanted: Fields) -> str:
        """The id that a new object will have where we choose it; empty where Attentive does."""

    def create(self, session: Session, write: Write) -> Written:
        """Create or send; raises ``AttentiveError``."""

    def update(self, session: Session, write: Write) -> Written:
        """Change or send again; raises ``AttentiveError``."""

    def delete(self, session: Session, write: Write) -> None:
        """Remove; raises ``AttentiveError``."""


class PersonActions(Protocol):
    """How a kind is brought about by a person in Attentive's pages."""

    @property
    def irreversible(self) -> str:
        """Why its creation can't be undone; empty where it can."""

    def units(self, model: Any, scope: Scope, existing: Fields) -> tuple[Unit, ...]:
        """Everything that should exist, given what exists; the engine drops the units that agree with the record."""

    def removal(self, existing: Fields) -> tuple[Unit, ...]:
        """What a person does when the resource is no longer declared."""

    def reads(self, live: Fields, event: str, keys: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Which of these keys of the events called ``event`` reach customers through what is live, by slot.

        Empty where nothing of it runs. A slot whose words aren't known, such as a design in Attentive's own editor,
        counts as reading them all.
        """

    def triggers(self, live: Fields) -> frozenset[str]:
        """The names of the events on which what is live runs, former versions too: only of these ``reads`` has any."""

    @property
    def reaches(self) -> str:
        """The slot whose confirmation brings something to customers; empty where Attentive only knows of it."""

    @property
    def switch(self) -> Switch | None:
        """How it is turned on and off; ``None`` where it doesn't run by itself, so that nothing can be stopped."""

    def stop(self, existing: Fields) -> tuple[Unit, ...]:
        """What a person does to stop at once what exists; nothing where it isn't known to run."""

    def running(self, model: Any) -> Any:
        """The model as it is when it runs, whatever the YAML says that it should do."""

    def observed(self, live: Fields) -> Fields:
        """What is live after someone saw a change in it: the slots that follow from others are brought in line."""

    def instruction(self, key: str, before: Any, value: Any, context: Fields) -> Instruction:
        """The exact clicks from what exists to what is wanted. Pure: nothing but the arguments is read."""
