"""What a page needs on which other words are tried: the macros that can be written, and how long a text is with them.

Whether a macro may be written is what the rules find in it (``deployer.rules.message.tried``), what it prints is what
a message prints; the page itself only counts.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import field
from itertools import islice
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.channels import facts
from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType
from deployer.kinds.message import Message, MessageReading, additions
from deployer.messages import ATTRIBUTE, KNOWN, PROPERTY, CompileError, RenderError, deliver, gsm, macro_text, path_text
from deployer.messages.expressions import pieces_of
from deployer.preview.alphabet import ALPHABET, Alphabet
from deployer.rules.message.sms import not_scalar_in_text
from deployer.rules.message.tried import offer_severity, tried
from deployer.source.characters import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from deployer.kinds.event_type import Sample
    from deployer.messages import Composed
    from deployer.project import Project


@dataclass(frozen=True, slots=True)
class Advice:
    """What a rule finds in a macro, and what to do."""

    rule: str
    severity: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class MacroChoice:
    """A macro that can be written: its ``path`` as Attentive documents it, and what the rules find in it.

    ``values`` are what it prints for each sample, by the sample's name, as others may see it. ``offer``: it belongs to
    marketing journeys, and counts in others with this severity.
    """

    path: str
    advice: tuple[Advice, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What the rules find in what isn't a macro: in their words ``written`` stands for what someone writes."""

    written: str
    advice: tuple[Advice, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The macros that an event brings; ``unknown`` is a property that it doesn't have."""

    macros: tuple[MacroChoice, ...]
    unknown: Mistake


@dataclass(frozen=True, slots=True)
class Everywhere:
    """What holds for the texts of every event: ``others`` and ``mistakes`` of ``Drafting``."""

    others: tuple[MacroChoice, ...]
    mistakes: Mapping[str, Mistake]


@dataclass(frozen=True, slots=True)
class Drafting:
    """What trying other words in texts takes.

    ``events`` are by the event's id, ``event_of`` leads from a text's address to its event, ``others`` are macros that
    no event brings. ``mistakes`` are by what is written: an ``attribute``, a ``macro``, a name right ``below`` a root
    or below ``subscriber``, double ``quotes``, a ``filter``, a ``tag``, ``braces``, a property without its root
    (``without_custom``), a name ``inside`` a property. ``stand_ins`` are plain characters for wide ones, ``left_out``
    characters that no one sees; of letters the page knows it by itself.
    """

    alphabet: Alphabet
    stand_ins: Mapping[str, str]
    left_out: str
    opt_out: str
    events: Mapping[str, Vocabulary]
    event_of: Mapping[str, str]
    others: tuple[MacroChoice, ...]
    mistakes: Mapping[str, Mistake]


_ANY = "zzname"
"""A name that no one declares."""

_MISTAKES = {
    "attribute": ("message/unknown-attribute", _ANY, macro_text((*ATTRIBUTE, _ANY))),
    "macro": ("message/unknown-macro", _ANY, macro_text((_ANY,))),
    "subscriber": ("message/subscriber-in-text", f"subscriber.{_ANY}", macro_text(("subscriber", _ANY))),
    "below": ("message/undocumented-macro", f"{PROPERTY[0]}.{_ANY * 3}", macro_text((PROPERTY[0], _ANY * 3))),
    "quotes": (
        "message/double-quotes-in-macro",
        path_text((*PROPERTY, _ANY)),
        macro_text((*PROPERTY, _ANY)).replace("'", '"'),
    ),
    "filter": ("message/not-bare-in-text", "upcase", "{{'' | upcase}}"),
    "tag": ("message/tag-in-text", "if", "{% if true %}{% endif %}"),
    "braces": ("message/broken-macro", "}}", "}}"),
}
"""What can be written that isn't a macro: the rule that finds it, what its words name, and the words to try it with."""


_UNSEEN = {char: gsm.stand_in(char) or "" for char in UNSEEN.findall("".join(map(chr, range(0x10000))))}
_STAND_INS = {**gsm.STAND_INS, **{char: plain for char, plain in _UNSEEN.items() if plain}}
_LEFT_OUT = "".join(char for char, plain in _UNSEEN.items() if not plain)


def drafting(project: Project, events: Mapping[str, Vocabulary], everywhere: Everywhere | None) -> Drafting | None:
    """What a page needs to try other words in the project's texts; ``None`` where the project has no text."""
    if everywhere is None:
        return None
    return Drafting(
        ALPHABET,
        _STAND_INS,
        _LEFT_OUT,
        additions(project, media=False).opt_out,
        dict(sorted(events.items())),
        {message.address: message.event for message in _texts(project)},
        everywhere.others,
        everywhere.mistakes,
    )


def tried_in(project: Project) -> tuple[Message, ...]:
    """The texts from which ``everywhere`` is made: the first one, and the first whose event has a property."""
    texts = _texts(project)
    return (*texts[:1], *islice((message for message in texts if _properties(message, project)), 1))


def everywhere(project: Project) -> Everywhere | None:
    """What holds for the texts of every event; ``None`` where there is no text."""
    first, *readers = tried_in(project) or (None,)
    if first is None:
        return None
    mistakes = {kind: _mistake(first, project, *attempt) for kind, attempt in _MISTAKES.items()}
    for reader in readers:
        mistakes |= _about_properties(reader, project)
    return Everywhere(tuple(_others(first, project)), mistakes)


def first_texts(project: Project) -> dict[str, Message]:
    """The first text of each event, in which its macros are tried, by the event's id."""
    return {message.event: message for message in reversed(_texts(project))}


def _texts(project: Project) -> list[Message]:
    return [message for message in project.all(Message) if facts(message.channel).segments and message.parts]


def vocabulary(message: Message, project: Project) -> Vocabulary:
    """The macros that a text's event brings, with what the rules find when each is tried in that text."""
    unknown = _mistake(message, project, "message/unknown-property", _ANY, macro_text((*PROPERTY, _ANY)))
    paths = [(*PROPERTY, name) for name in _properties(message, project)]
    reading = MessageReading(message, project)
    printed = _printed(reading, paths, reading.samples) if paths else {}
    return Vocabulary(tuple(_choice(message, path, project, printed) for path in paths), unknown)


def _properties(message: Message, project: Project) -> tuple[str, ...]:
    event = project.find(EventType, message.event)
    return tuple(event.properties) if event else ()


def _about_properties(message: Message, project: Project) -> dict[str, Mistake]:
    """Mistakes with a property that exists; the message's event must have one."""
    key = _properties(message, project)[0]
    bare, inner = (PROPERTY[0], key), (*PROPERTY, key, _ANY)
    return {
        "without_custom": _mistake(
            message, project, "message/property-without-custom", path_text(bare), macro_text(bare)
        ),
        "inside": _mistake(message, project, not_scalar_in_text.id, key, macro_text(inner)),
    }


def _choice(
    message: Message, path: tuple[str, ...], project: Project, printed: Mapping[str, Mapping[str, str]]
) -> MacroChoice:
    written = path_text(path)
    advice = _advice(message, macro_text(path), project)
    can = _printable(advice)
    values = {sample: by_macro[written] for sample, by_macro in printed.items() if can and written in by_macro}
    return MacroChoice(written, advice, values)


def prints(reading: MessageReading, project: Project, sample: Sample) -> dict[str, str]:
    """What each macro of the event prints that a text can have, by its path; nothing where the message is no text."""
    if not facts(reading.message.channel).segments:
        return {}
    paths = [(*PROPERTY, name) for name in _properties(reading.message, project)]
    can = [path for path in paths if _printable(_advice(reading.message, macro_text(path), project))]
    return _printed(reading, can, (sample,)).get(sample.name, {})


def _printable(advice: Iterable[Advice]) -> bool:
    return all(one.rule != not_scalar_in_text.id for one in advice)


def _printed(
    reading: MessageReading, paths: Iterable[tuple[str, ...]], samples: Iterable[Sample]
) -> dict[str, dict[str, str]]:
    """What each macro prints, for each sample that can be filled in."""
    words = "".join(map(macro_text, paths))
    by_sample = {}
    for sample in samples:
        with suppress(RenderError):  # a made sample may hold what can't be printed; it is reported where it is shown
            delivered = deliver(words, sample.data, reading.additions, mask=reading.mask)
            by_sample[sample.name] = {run.macro: run.text for run in delivered.runs if run.macro and run.text}
    return by_sample


def _others(message: Message, project: Project) -> Iterator[MacroChoice]:
    """The macros that Attentive documents, and the brand's attributes."""
    severity = offer_severity(project, message)
    for known in KNOWN.values():
        offer = severity.value if known.offer and severity else ""
        yield MacroChoice(known.name, _advice(message, macro_text(known.name.split(".")), project), offer=offer)
    for attribute in project.all(CustomAttribute):
        path = (*ATTRIBUTE, attribute.name)
        yield MacroChoice(path_text(path), _advice(message, macro_text(path), project))


def _mistake(message: Message, project: Project, rule: str, written: str, words: str) -> Mistake:
    return Mistake(written, tuple(advice for advice in _advice(message, words, project, rule) if advice.rule == rule))


def _advice(message: Message, words: str, project: Project, only: str = "") -> tuple[Advice, ...]:
    problems = tried(project, message, words, only)
    return tuple(Advice(problem.rule, problem.severity.value, problem.message, problem.hint) for problem in problems)


def expressions(author: str, composed: Composed, compile_: Callable[[str], Composed]) -> tuple[tuple[str, str], ...]:
    """The pieces of a composer text that ``[[ … ]]`` made, in their order, each with the expression that made it.

    Empty where more than expressions makes words: then a piece may mean another thing in another place.
    """
    pieces = pieces_of(author)
    if pieces is None:
        return ()
    try:
        compiled_pieces = [(compile_(piece.text).text if piece.expression else piece.text, piece) for piece in pieces]
    except CompileError:
        return ()
    alone = "".join(text for text, _ in compiled_pieces)
    pairs = tuple((text, piece.text) for text, piece in compiled_pieces if piece.expression and text)
    return pairs if alone.rstrip() == composed.text.rstrip() else ()
