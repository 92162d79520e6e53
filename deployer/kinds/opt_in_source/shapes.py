"""The shapes of what is recorded of an opt-in source."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from deployer.kinds.shapes import Recorded, TaskShape


class Consent(TypedDict):
    """How someone consents."""

    control: str
    pre_checked: bool
    disclosure: str


class Placed(Consent):
    """What customers see, and where."""

    placement: str


class Reviewed(Consent):
    """What Attentive reviews."""

    channel: str
    subscription_type: str
    screenshot: NotRequired[str]


class Issued(TypedDict):
    """The ID that Attentive gives."""

    sign_up_source_id: str


class Retired(TypedDict):
    """The end of an opt-in, with what customers saw of it."""

    status: str
    was: NotRequired[Placed | None]


class Context(TypedDict):
    """What the instructions tell beyond a task's value."""

    screenshot: NotRequired[str]
    placement: NotRequired[str]
    name: NotRequired[str]


class Addressed(Context):
    """A context that names the resource."""

    address: str


class WithEnvironment(TypedDict):
    """A context that names the resource and the environment."""

    address: str
    environment: str


RECORDED = Recorded(
    slots={"design": Placed, "place": Placed, "review": Reviewed, "id": Issued},
    tasks={
        "design": TaskShape(Placed, Addressed),
        "place": TaskShape(Placed, Context),
        "review": TaskShape(Reviewed, Context),
        "id": TaskShape(Issued, WithEnvironment),
        "retire": TaskShape(Retired, Context),
    },
)
"""Everything that is recorded of an opt-in source."""
