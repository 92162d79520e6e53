"""What a kind is: the seam between the engine, which names no kind, and the packages beside this file.

A kind parses its declaration into a model, says what it refers to, and says for one environment how it is brought about
at Attentive: by the API (``Wanted.fields``) or by a person (``Wanted.units``). The engine compares that with what is
recorded and live, and calls back ``Kind.api`` or ``Kind.person``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar

from deployer.dataclass import dataclass
from deployer.errors import DeployerError
from deployer.state.tasks import Effect

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from deployer.attentive import Client
    from deployer.attentive import User as Contact
    from deployer.kinds.values import Carried
    from deployer.messages import Composed
    from deployer.source import Environment, Pointer, Settings


class GuardError(DeployerError):
    """Something that must hold doesn't; nothing was written. ``code`` is stable; ``hint`` says what to do."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.code = code


By: TypeAlias = Literal["api", "person"]
Fields: TypeAlias = Mapping[str, Any]
"""A resource's normalized fields. A secret is written ``{"$env": NAME}`` until the moment it is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A parsed declaration. ``address`` is kind in snake_case, dot, id; ``protect``: removal takes two applies."""

    address: str
    id: str
    description: str = ""
    owner: str = ""
    protect: bool = False


M = TypeVar("M", bound=Model)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention of another resource at ``pointer``; ``target`` is its address."""

    target: str
    pointer: Pointer


@dataclass(frozen=True, slots=True)
class UniqueName:
    """A value that may exist once at Attentive within ``space`` (such as ``event type``); compared exactly."""

    space: str
    value: str
    pointer: Pointer


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that a person brings about and confirms.

    ``key`` is stable within the resource (``send.text``); ``slot`` is where the record keeps its value (the key,
    unless two units settle one thing: ``turn_off`` settles ``turn_on``); ``value`` is what should exist there
    (``None``: nothing). ``needs`` are keys of units of the same resource, or ids of tasks elsewhere. ``again``: to
    be confirmed again though the record holds the same value; ``lasting``: once asked it then stays asked until it
    is confirmed. ``new_object``: to be done even where the record holds the same value, because the object at Attentive
    is a new one. ``context`` is shown in the instructions but isn't part of the task's identity. ``confirmable`` is
    False where the YAML, not a click, ends the task; ``proof`` marks the last task, which shows that the rest
    works. ``composer`` is the text that is in Attentive's composer when it is done, ``source`` the address that
    the text comes from; ``texts`` is everything that a person can copy out of the composer, by the key that it has
    in ``value``. ``begins``: doing it begins an object at Attentive. ``hidden`` are fields of the value that mean
    nothing to a reader.
    """

    key: str
    title: str
    value: Any
    effect: Effect = Effect.DRAFT
    slot: str = ""
    review: bool = False
    confirmable: bool = True
    new_object: bool = False
    again: bool = False
    lasting: bool = False
    needs: tuple[str, ...] = ()
    snapshot: Fields | None = None
    context: Fields = field(default_factory=dict)
    proof: bool = False
    composer: str = ""
    source: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    begins: bool = False
    hidden: tuple[str, ...] = ()

    @property
    def settles(self) -> str:
        """The slot that the unit's value goes to."""
        return self.slot or self.key


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the YAML says for one resource in one environment, ready to be compared.

    ``carries`` is what its events carry, of a resource that is an event. A resource without a presence of its own (a
    property, a message) has no Wanted.
    """

    address: str
    kind: str
    by: By
    app: str = ""
    fields: Fields = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    protect: bool = False
    carries: Carried | None = None


@dataclass(frozen=True, slots=True)
class LiveObject:
    """One object as the API reports it now."""

    id: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of a write: Attentive's id and the fields to record."""

    id: str
    fields: Fields


class Scope(Protocol):
    """What a kind may ask of the project that it is in (one environment)."""

    @property
    def settings(self) -> Settings:
        """The project's ``deployer.yaml``."""

    @property
    def environment(self) -> Environment:
        """The environment that the project is looked at in."""

    def find(self, model: type[M], id: str) -> M | None:  # noqa: A002 - the field's name in the file format
        """The resource of a kind with this id, if it is declared for the environment."""

    def all(self, model: type[M]) -> Sequence[M]:
        """Every resource of a kind, by address."""

    def text(self, path: str) -> str:
        """A text file of the project (``FileProblem`` where it can't be read)."""

    def file_digest(self, path: str) -> str:
        """SHA-256 of a project file, in hex (``FileProblem`` where it can't be read)."""

    def composed(self, model: Model, part: str) -> Composed:
        """The composer text of a message's part (``body``, ``subject``, ``preheader``, ``html``, ``plain``)."""

    def app_name(self, app: str) -> str:
        """The name at Attentive of an app in this environment; its id where the environment binds no name."""

    def known(self, what: str, message: Model, make: Callable[[], T]) -> T:
        """Give what ``make`` makes of a message's words, perhaps as an earlier run made it; ``what`` names it.

        It is JSON that no one changes, of nothing but the message, its event, attributes, settings and their files.
        """

    def once(self, what: str, of: tuple[object, ...], make: Callable[[], T]) -> T:
        """Give what ``make`` makes of models and the like, once for all environments in which they are the same.

        ``of`` are the values that it depends on beside settings and files; ``what`` names it.
        """


class Session(Protocol):
    """What a kind may use to read and write at Attentive."""

    def client(self, app: str) -> Client:
        """The client that holds an app's key; ``""``: the environment's first app."""

    @property
    def apps(self) -> tuple[str, ...]:
        """The ids of the apps that have a key in this environment."""

    @property
    def company_id(self) -> str:
        """The company that the keys belong to."""

    @property
    def test_contact(self) -> Contact:
        """The environment's first test contact, with its secrets resolved."""

    def reveal(self, value: Any) -> Any:
        """The value with every secret reference in it replaced by what the environment variable holds."""

    def now(self) -> datetime:
        """The time now, in UTC."""


@dataclass(frozen=True, slots=True)
class Write:
    """One write to carry out: the fields as wanted (secrets unresolved), what was before, and Attentive's id."""

    address: str
    app: str
    id: str
    fields: Fields
    before: Fields
    payload: Fields = field(default_factory=dict)


Block: TypeAlias = tuple[Literal["step", "text", "note", "field"], str, str]
"""A part of an instruction: what to do, text to copy (title, text), a remark, or a labelled value (label, value)."""


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a person does for one task, as blocks that every view can show."""

    title: str
    blocks: tuple[Block, ...]
