"""Who reads what: messages as they are declared, and texts that customers get now as they are recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.kinds.journey import Journey, SendStep, walk
from deployer.kinds.message import Message
from deployer.messages import CompileError, LiquidError, scan
from deployer.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.contracts.compat.verdict import Standing
    from deployer.project import Project

PROPERTY = ("triggerEvent", "custom")
ATTRIBUTE = ("subscriber", "custom")


@dataclass(frozen=True, slots=True)
class Read:
    """One mention of a value: ``path`` below ``root``; ``guarded`` by a default or a condition.

    ``whole``: whatever stands below the path may be read too.
    """

    root: tuple[str, ...]
    path: tuple[str, ...]
    guarded: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """A text and what it reads.

    ``message`` is its address (empty where only the record knows the text), ``event`` the id of its event type;
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
        own = [read for read in self.reads if read.root == root]
        inside = {read.path for read in own}
        return tuple(read for read in own if _meets(read, path, inside))


EVERYTHING = (Read(PROPERTY, (), whole=True), Read(ATTRIBUTE, (), whole=True))
"""What a text counts as reading whose words aren't known."""


def _meets(read: Read, path: tuple[str, ...], others: Iterable[tuple[str, ...]]) -> bool:
    """Whether a read is of what changed or of something in it, or of something around it that is used as a whole."""
    if read.path[: len(path)] == path:
        return True
    if path[: len(read.path)] != read.path:
        return False
    deeper = any(len(other) > len(read.path) and other[: len(read.path)] == read.path for other in others)
    return read.whole or not deeper


def reads_of(text: str) -> tuple[Read, ...]:
    """What composer text reads of events and attributes. Text that isn't valid Liquid counts as reading everything."""
    try:
        found = scan(text)
    except LiquidError:
        return EVERYTHING
    return tuple(
        Read(root, tuple("*" if isinstance(one, int) else one for one in macro.path[2:]), macro.guarded, macro.computed)
        for macro in (*found.macros, *found.inner)
        for root in (PROPERTY, ATTRIBUTE)
        if macro.path[:2] == root
    )


def declared_readers(project: Project) -> Iterator[Reader]:
    """Every message of a project with what it reads; one whose words can't be composed counts as reading everything."""
    senders = _senders(project)
    for message in project.all(Message):
        reads = _reads(project, message)
        media = (Read(PROPERTY, (message.media_property,)),) if message.media_property else ()
        journeys = tuple(senders.get(message.id, ()))
        found = (*(EVERYTHING if reads is None else reads), *media)
        yield Reader(message.address, message.channel, message.event, found, journeys, broken=reads is None)


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
    found: dict[str, dict[str, None]] = {}
    for journey in project.all(Journey):
        for placed in walk(journey):
            if isinstance(placed.step, SendStep):
                found.setdefault(placed.step.message, {})[journey.address] = None
    return found
