"""A project's settings as values: its brand, its apps and the environments that it is deployed to."""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.source.secret import Secret
    from deployer.source.values import JSON

Target: TypeAlias = Literal["sandbox", "attentive"]


@dataclass(frozen=True, slots=True)
class App:
    """A custom app at Attentive. ``vendor``: a partner's, whose events are described here and never sent by us."""

    id: str
    description: str = ""
    vendor: bool = False


@dataclass(frozen=True, slots=True)
class AppBinding:
    """An app in one environment: its name at Attentive and its key (None for a vendor's app)."""

    app: str
    name: str
    api_key: Secret | None = None


@dataclass(frozen=True, slots=True)
class TestContact:
    """A person whom the environment may message: a phone in E.164, an email, or both."""

    __test__ = False  # no test case, whatever pytest makes of the name

    phone: str | Secret | None = None
    email: str | Secret | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """What the brand pays for messages, in one currency; ``None``: no price is written down.

    ``segment`` is of one segment of a text, ``mms`` of a text with a picture and its first segment.
    """

    zero: ClassVar = Decimal()

    currency: str
    segment: Decimal | None = None
    mms: Decimal | None = None
    email: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Environment:
    """An Attentive account, or the sandbox.

    ``apps`` is by app id; ``state`` is ``git``, ``file:PATH`` (relative to the project), ``s3://…``, ``gs://…`` or
    ``az://…``; ``base_url`` is empty for the target's own; ``adopt`` leads from an address to Attentive's id;
    ``inherits`` are the environments that this one inherits from, the nearest first. ``prices`` are its own, else those
    of the nearest of these that has some, else the project's.
    """

    name: str
    target: Target
    company_id: str = ""
    apps: Mapping[str, AppBinding] = field(default_factory=dict)
    test_contacts: tuple[TestContact, ...] = ()
    state: str = ""
    protected: bool = False
    base_url: str = ""
    adopt: Mapping[str, str] = field(default_factory=dict)
    inherits: tuple[str, ...] = ()
    prices: Prices | None = None

    @property
    def is_sandbox(self) -> bool:
        """Whether it is the embedded sandbox, where no one is messaged, rather than an Attentive account."""
        return self.target == "sandbox"


@dataclass(frozen=True, slots=True)
class Brand:
    """The brand: ``name`` is in front of each text; ``values`` is the whole mapping, for templates."""

    name: str
    support_url: str = ""
    values: Mapping[str, JSON] = field(default_factory=dict)

    @property
    def opt_out_text(self) -> str:
        """What Attentive appends for AT&T where the brand sends from a toll-free number; empty where it doesn't."""
        return str(self.values.get("opt_out_text", ""))

    @property
    def short_link(self) -> str:
        """One link as Attentive shortened it, which shows how long they are; empty where no one looked."""
        return str(self.values.get("short_link", ""))


@dataclass(frozen=True, slots=True)
class Move:
    """A resource that got another address."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one apply may remove: a number of resources, and a share in percent of what is recorded."""

    remove: int = 3
    remove_percent: float = 30


@dataclass(frozen=True, slots=True)
class Confirmations:
    """How old, in days, a confirmation may be until ``status`` lists it; 0: it never grows old."""

    max_age_days: int = 0


@dataclass(frozen=True, slots=True)
class WordList:
    """How a project changes a list of words that ships with the rules: words that it adds, words that it takes out."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """How much a rule matters in a project: ``error``, ``warning``, ``info`` or ``off``, empty where nothing is said.

    ``paths`` leads from glob patterns to what holds for the files that they name; the last that matches counts.
    """

    severity: str = ""
    paths: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompatAllow:
    """A change that the compatibility gate lets through: ``change`` is its id in the matrix.

    ``property`` narrows it to one key of the event type; ``until`` is the last day (``2026-12-01``), empty for none.
    """

    address: str
    change: str
    reason: str
    property: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class CompatSettings:
    """The compatibility gate: where it fails (``breaking`` or ``risky``), and what it lets through."""

    fail_on: str = "breaking"
    allow: tuple[CompatAllow, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What ``deployer.yaml`` says.

    ``rules`` is by a rule's id, or by ``FAMILY/*``; ``bases`` are the environments that are only inherited from.
    ``assumptions`` are the project's answers to what Attentive's documents leave open, by name. ``hand_to`` is to whom
    a colleague sends what is done at Attentive; empty where the project doesn't say.
    """

    project: str
    brand: Brand
    time_zone: str = "UTC"
    apps: Mapping[str, App] = field(default_factory=dict)
    environments: Mapping[str, Environment] = field(default_factory=dict)
    moved: tuple[Move, ...] = ()
    forget: tuple[str, ...] = ()
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    limits: Limits = Limits()
    confirmations: Confirmations = Confirmations()
    promotional_words: WordList = WordList()
    ignore: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    compat: CompatSettings = CompatSettings()
    assumptions: Mapping[str, JSON] = field(default_factory=dict)
    hand_to: str = ""

    @property
    def environment_names(self) -> tuple[str, ...]:
        """Every name that a resource may write: the environments, and those that are only inherited from."""
        return (*self.environments, *self.bases)

    @property
    def default_environment(self) -> str | None:
        """``sandbox`` if that is one, else the only sandbox there is, else None: an account is never the default."""
        sandboxes = [name for name, environment in self.environments.items() if environment.is_sandbox]
        if "sandbox" in sandboxes:
            return "sandbox"
        return sandboxes[0] if len(sandboxes) == 1 else None
