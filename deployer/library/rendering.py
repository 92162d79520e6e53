"""Messages as people would read them: composer text and rendered text of each, for a sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from deployer.kinds.event_type import EventType, complete_sample
from deployer.kinds.message import Message
from deployer.library.workspace import UsageError
from deployer.messages import SEPARATOR, Count, count, event_data, render
from deployer.source import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.project import Project

RULE_SETS: tuple[Literal["attentive", "carrier"], ...] = ("attentive", "carrier")
"""How segments are counted: Attentive's published multiples, and carriers' concatenation. Both are estimates."""


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """One message for one sample.

    ``composer`` and ``rendered`` lead from a part (``body``; ``subject``, ``preheader``, ``html``, ``plain``) to its
    text, without the ``brand`` that Attentive puts in front of a text (empty: none). ``counts`` are by rule set, for
    texts only, the brand included; ``holes`` the macros that the sample leaves empty.
    """

    address: str
    channel: str
    sample: str
    composer: Mapping[str, str]
    rendered: Mapping[str, str]
    counts: tuple[tuple[str, Count], ...] = ()
    holes: tuple[str, ...] = ()
    brand: str = ""

    def reads(self, part: str) -> str:
        """What a person reads of a part: a text begins with the brand."""
        text = self.rendered[part]
        return f"{self.brand}{SEPARATOR}{text}" if self.brand and self.channel == "text" else text


def render_messages(project: Project, message: str = "", sample: str = "") -> tuple[RenderedMessage, ...]:
    """Render one message (by id or address) or all of them, for one sample of each event (``happy`` by default).

    Raises ``UsageError`` for a name that isn't there, ``CompileError``, ``FileProblem`` and ``RenderError`` for words
    that can't be read (a checked project has none of these).
    """
    chosen = _chosen(project, message)
    return tuple(_rendered(project, one, sample, asked=bool(message)) for one in chosen)


def _chosen(project: Project, message: str) -> Sequence[Message]:
    if not message:
        return project.all(Message)
    wanted = message.removeprefix("message.")
    found = project.find(Message, wanted)
    if found is None:
        known = [one.id for one in project.all(Message)]
        near = suggest(wanted, known)
        hint = f"did you mean `{near}`?" if near else f"declared: {', '.join(known) or 'none'}"
        raise UsageError(f"there is no message `{message}`", hint)
    return (found,)


def _rendered(project: Project, message: Message, sample: str, *, asked: bool) -> RenderedMessage:
    name, data = _data(project, message, sample, asked=asked)
    composer = {part: project.composed(message, part).text for part in message.parts}
    results = {part: render(text, data) for part, text in composer.items()}
    words = {part: result.text for part, result in results.items()}
    holes = [hole.expression for result in results.values() for hole in result.holes]
    brand, media = project.settings.brand.name, bool(message.media_property or message.media_file)
    counts: tuple[tuple[str, Count], ...] = ()
    if message.channel == "text":
        counts = tuple((rules, count(words["body"], brand=brand, rules=rules, media=media)) for rules in RULE_SETS)
    unfilled = tuple(dict.fromkeys(holes))
    return RenderedMessage(message.address, message.channel, name, composer, words, counts, unfilled, brand)


def _data(project: Project, message: Message, sample: str, *, asked: bool) -> tuple[str, Mapping[str, Any]]:
    """The sample's name and its data in the shape that Attentive gives it."""
    event = project.find(EventType, message.event)
    if event is None:
        return "", event_data({})
    wanted = sample or ("happy" if "happy" in event.samples else next(iter(event.samples), ""))
    if sample and sample not in event.samples:
        if asked:
            known = ", ".join(event.samples) or "none"
            raise UsageError(f"`{event.id}` has no sample `{sample}`", f"its samples: {known}")
        wanted = "happy" if "happy" in event.samples else next(iter(event.samples), "")
    if not wanted:
        return "(from the schema)", event_data(complete_sample(event, project)[0])
    return wanted, event_data(event.samples[wanted])
