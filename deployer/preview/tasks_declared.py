"""What a checkout adds to the tasks of a record: the brand, journeys as pictures, samples to fill macros with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deployer.kinds.event_type import EventType, samples_of
from deployer.kinds.message import Message
from deployer.messages import CompileError, RenderError, event_data, render
from deployer.preview.journeys import journeys
from deployer.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.event_type.samples import Sample
    from deployer.preview.values import JourneyView
    from deployer.project import Project


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared around tasks; empty where there is no checkout.

    ``journeys`` are by address; ``samples`` by the message's id; ``minis`` are each message's words (of an email: its
    subject) for its first sample, by address.
    """

    checkout: bool = False
    brand: str = ""
    opt_out: str = ""
    short_link: str = ""
    journeys: Mapping[str, JourneyView] = field(default_factory=dict)
    samples: Mapping[str, tuple[Sample, ...]] = field(default_factory=dict)
    minis: Mapping[str, str] = field(default_factory=dict)


def declared(project: Project) -> Declared:
    """Gather it from a project in one environment. What is broken in the project is left out: nothing is raised."""
    brand = project.settings.brand
    messages = project.all(Message)
    samples = {message.id: _samples(message, project) for message in messages}
    return Declared(
        checkout=True,
        brand=brand.name,
        opt_out=brand.opt_out_text,
        short_link=brand.short_link,
        journeys={one.address: one for one in journeys(project)},
        samples=samples,
        minis={message.address: _mini(message, samples[message.id], project) for message in messages},
    )


def first(samples: tuple[Sample, ...]) -> Sample | None:
    """The sample that something is shown with: ``happy``, else the first."""
    return next((one for one in samples if one.name == "happy"), samples[0] if samples else None)


def _samples(message: Message, project: Project) -> tuple[Sample, ...]:
    event = project.find(EventType, message.event)
    return samples_of(event, project) if event else ()


def _mini(message: Message, samples: tuple[Sample, ...], project: Project) -> str:
    part = "body" if message.channel == "text" else "subject"
    sample = first(samples)
    if part not in message.parts:
        return ""
    try:
        return render(project.composed(message, part).text, event_data(sample.data if sample else {})).text
    except (CompileError, FileProblem, RenderError):
        return ""
