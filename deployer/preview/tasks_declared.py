"""What a checkout adds to the tasks of a record: the brand, and samples to fill macros with."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.event_type import USUAL
from deployer.kinds.message import Message, MessageReading, additions
from deployer.messages import Additions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.event_type.samples import Sample
    from deployer.messages import Mask
    from deployer.project import Project


@dataclass(frozen=True, slots=True)
class Filling:
    """A sample that texts are filled in with, and how others may see it: personal data is masked."""

    sample: Sample
    mask: Mask

    @property
    def name(self) -> str:
        """The sample's name."""
        return self.sample.name


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared around tasks; empty where there is no checkout.

    ``additions`` are what Attentive puts around a text; ``samples`` are by the message's id. ``hand_to`` is to whom
    what is done is sent, ``time_zone`` the company's.
    """

    checkout: bool = False
    additions: Additions = field(default_factory=Additions)
    samples: Mapping[str, tuple[Filling, ...]] = field(default_factory=dict)
    hand_to: str = ""
    time_zone: str = "UTC"

    def usual(self, message: str) -> Filling | None:
        """The sample that a message's text is shown with."""
        known = self.samples.get(message, ())
        return next((filling for filling in known if filling.name == USUAL), known[0] if known else None)


def declared(project: Project) -> Declared:
    """Gather it from a project in one environment. What is broken in the project is left out: nothing is raised."""
    readings = [MessageReading(message, project) for message in project.all(Message)]
    return Declared(
        checkout=True,
        additions=additions(project, media=False),
        samples={
            reading.message.id: tuple(Filling(sample, reading.mask) for sample in reading.samples)
            for reading in readings
        },
        hand_to=project.settings.hand_to,
        time_zone=project.settings.time_zone,
    )
