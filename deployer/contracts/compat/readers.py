"""Who reads what: messages as they are declared, and texts that customers get now as they are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.journey import Journey, SendStep, walk
from deployer.kinds.message import Message
from deployer.messages import EVERYTHING, PROPERTY, CompileError, Read, reads_of, touched
from deployer.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.contracts.compat.verdict import Standing
    from deployer.project import Project


@dataclass(frozen=True, slots=True)
class Reader:
    """A text and what it reads.

    ``message`` is its address (empty where only the record knows the text), ``channel`` is empty where it isn't known,
    ``event`` the id of its event type;
    ``journeys`` are the addresses of those that send it. ``standing``: it is live there now. ``broken``: its words
    can't be composed, so that it counts as reading everything.
    """

    message: str
    channel: str
    event: str
    reads: tuple[Read, ...]
    journeys: tuple[str, ...] = ()
    standing: Standing | None = None
    broken: bool = False

    def touches(self, root: tuple[str, ...], path: tuple[str, ...]) -> tuple[Read, ...]:
        """The reads that a change at ``path`` below ``root`` meets."""
        return touched(self.reads, root, path)


def declared_readers(project: Project) -> Iterator[Reader]:
    """Every message of a project with what it reads; one whose words can't be composed counts as reading everything."""
    senders = _senders(project)
    for message in project.all(Message):
        reads = _reads(project, message)
        media = (Read(PROPERTY, (message.media_property,)),) if message.media_property else ()
        journeys = tuple(senders.get(message.id, ()))
        texts = (*(EVERYTHING if reads is None else reads), *media)
        yield Reader(message.address, message.channel, message.event, texts, journeys, broken=reads is None)


def _reads(project: Project, message: Message) -> tuple[Read, ...] | None:
    """What the parts of a message read; ``None`` where one can't be composed."""
    design = EVERYTHING if message.external_design else ()
    try:
        texts = [project.composed(message, part).text for part in message.parts]
    except (CompileError, FileProblem):
        return None
    return (*(read for text in texts for read in reads_of(text)), *design)


def _senders(project: Project) -> dict[str, dict[str, None]]:
    """The addresses of the journeys that send a message, by the message's id."""
    senders: dict[str, dict[str, None]] = {}
    for journey in project.all(Journey):
        for placed in walk(journey):
            if isinstance(placed.step, SendStep):
                senders.setdefault(placed.step.message, {})[journey.address] = None
    return senders
