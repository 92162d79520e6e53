"""Views of messages, and the macros of their events, as JSON and back.

A value is written as the list of its fields, in the order in which its class declares them (``as_data.as_row``).
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from deployer.kinds.channels import Channel
from deployer.messages import Count, TextRun, WideCharacter
from deployer.messages.counting import Offender
from deployer.preview.as_data import as_row
from deployer.preview.drafting import Advice, Everywhere, MacroChoice, Mistake, Vocabulary
from deployer.preview.message_values import (
    LengthView,
    MacroView,
    MessageView,
    PartView,
    Picture,
    SampleView,
    Sender,
    Spot,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_Row = list[Any]

_VIEW = tuple(field.name for field in fields(MessageView))
_SAMPLE = tuple(field.name for field in fields(SampleView))
_COUNT = tuple(field.name for field in fields(Count))


def write_views(view: MessageView, vocabulary: Vocabulary | None) -> bytes | None:
    """Write a message that can be shown, and its event's macros; ``None`` where JSON can't hold a character of it.

    What the rest of the project says of the message (``uses``, ``faults``, ``change``) isn't kept: it is added later.
    """
    return _written((view, vocabulary))


def read_views(written: bytes) -> tuple[MessageView, Vocabulary | None]:
    """Read what ``write_views`` wrote."""
    view, vocabulary = json.loads(written)
    return _view(view), _vocabulary(vocabulary) if vocabulary else None


def write_everywhere(everywhere: Everywhere) -> bytes | None:
    """Write what holds for the texts of every event; ``None`` where JSON can't hold a character of it."""
    return _written(everywhere)


def read_everywhere(written: bytes) -> Everywhere:
    """Read what ``write_everywhere`` wrote."""
    others, mistakes = json.loads(written)
    return Everywhere(
        tuple([_choice(*choice) for choice in others]), {kind: _mistake(*row) for kind, row in mistakes.items()}
    )


def _written(value: Any) -> bytes | None:
    try:
        return json.dumps(as_row(value), ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half of a character, which JSON may join with its other half
        return None


def _view(row: _Row) -> MessageView:
    view = dict(zip(_VIEW, row, strict=True))
    length, picture = view["length"], view["picture"]
    read = {
        "channel": Channel(view["channel"]),
        "spot": Spot(*view["spot"]),
        "sender": Sender(*view["sender"]),
        "parts": tuple([_part(*part) for part in view["parts"]]),
        "samples": tuple([_sample(sample) for sample in view["samples"]]),
        "length": LengthView(*length) if length else None,
        "macros": tuple([_macro(*macro) for macro in view["macros"]]),
        "picture": Picture(*picture) if picture else None,
        "uses": (),
        "faults": (),
        "change": None,
    }
    return MessageView(**{**view, **read})


def _part(name: str, composer: str, spot: _Row, made: Sequence[_Row]) -> PartView:
    return PartView(name, composer, Spot(*spot), tuple([(text, expression) for text, expression in made]))


def _macro(name: str, part: str, spot: _Row, type_: str, optional: bool, values: Mapping[str, str | None]) -> MacroView:
    return MacroView(name, part, Spot(*spot), type_, optional, values)


def _sample(row: _Row) -> SampleView:
    sample = dict(zip(_SAMPLE, row, strict=True))
    read = {
        "parts": {part: tuple([TextRun(*run) for run in runs]) for part, runs in sample["parts"].items()},
        "counts": {rules: _count(count) for rules, count in sample["counts"].items()},
        "wide": tuple([WideCharacter(*character) for character in sample["wide"]]),
    }
    return SampleView(**{**sample, **read})


def _count(row: _Row) -> Count:
    count = dict(zip(_COUNT, row, strict=True))
    read = {"offenders": tuple([Offender(*each) for each in count["offenders"]]), "parts": tuple(count["parts"])}
    return Count(**{**count, **read})


def _vocabulary(row: _Row) -> Vocabulary:
    macros, unknown = row
    return Vocabulary(tuple([_choice(*macro) for macro in macros]), _mistake(*unknown))


def _choice(path: str, advice: Sequence[_Row], values: Mapping[str, str], offer: str) -> MacroChoice:
    return MacroChoice(path, _advice(advice), values, offer)


def _mistake(written: str, advice: Sequence[_Row]) -> Mistake:
    return Mistake(written, _advice(advice))


def _advice(rows: Sequence[_Row]) -> tuple[Advice, ...]:
    return tuple([Advice(*row) for row in rows])
