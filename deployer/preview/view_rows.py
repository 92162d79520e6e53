"""Views of messages, and the macros of their events, as JSON and back.

A value is the list of its fields, as they are declared in ``preview.values``, ``preview.drafting`` and ``messages``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deployer.kinds.channels import Channel
from deployer.messages import Count, TextRun, WideCharacter
from deployer.messages.counting import Offender
from deployer.preview.as_data import as_row
from deployer.preview.drafting import Advice, Everywhere, MacroChoice, Mistake, Vocabulary
from deployer.preview.values import (
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


def write_views(view: MessageView, vocabulary: Vocabulary | None) -> bytes | None:
    """Write a message that can be shown, and its event's macros; ``None`` where JSON can't hold a character of it.

    It has nothing yet that others say of it: who sends it, what is wrong with it, how it differs.
    """
    return _written((view, vocabulary))


def read_views(written: bytes) -> tuple[MessageView, Vocabulary | None]:
    """Read what ``write_views`` wrote."""
    view, vocabulary = json.loads(written)
    return _view(view), _vocabulary(vocabulary) if vocabulary else None


def write_everywhere(everywhere: Everywhere) -> bytes | None:
    """Write what holds for the texts of every event; ``None`` as above."""
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
    address, id_, channel, event, description, owner, spot, sender, *rest = row
    parts, samples, length, macros, picture, limit, external_design, _, _, state, _ = rest
    return MessageView(
        address,
        id_,
        Channel(channel),
        event,
        description,
        owner,
        Spot(*spot),
        Sender(*sender),
        tuple([_part(*part) for part in parts]),
        tuple([_sample(*sample) for sample in samples]),
        LengthView(*length) if length else None,
        tuple([_macro(*macro) for macro in macros]),
        Picture(*picture) if picture else None,
        limit,
        external_design,
        state=state,
    )


def _part(name: str, composer: str, spot: _Row, made: Sequence[_Row]) -> PartView:
    return PartView(name, composer, Spot(*spot), tuple([(text, expression) for text, expression in made]))


def _macro(name: str, part: str, spot: _Row, type_: str, optional: bool, values: Mapping[str, str | None]) -> MacroView:
    return MacroView(name, part, Spot(*spot), type_, optional, values)


def _sample(name: str, made: bool, parts: _Row, counts: _Row, *rest: Any) -> SampleView:
    error, over, verdict, wide, script, unusual = rest
    return SampleView(
        name,
        made,
        {part: tuple([TextRun(*run) for run in runs]) for part, runs in dict(parts).items()},
        {rules: _count(*count) for rules, count in dict(counts).items()},
        error,
        over,
        verdict,
        tuple([WideCharacter(*character) for character in wide]),
        script,
        unusual,
    )


def _count(encoding: Any, units: int, segments: int, limit: int, left: int, *rest: Sequence[Any]) -> Count:
    offenders, parts = rest
    return Count(encoding, units, segments, limit, left, tuple([Offender(*each) for each in offenders]), tuple(parts))


def _vocabulary(row: _Row) -> Vocabulary:
    macros, unknown = row
    return Vocabulary(tuple([_choice(*macro) for macro in macros]), _mistake(*unknown))


def _choice(path: str, advice: Sequence[_Row], values: Mapping[str, str], offer: str) -> MacroChoice:
    return MacroChoice(path, _advice(advice), values, offer)


def _mistake(written: str, advice: Sequence[_Row]) -> Mistake:
    return Mistake(written, _advice(advice))


def _advice(rows: Sequence[_Row]) -> tuple[Advice, ...]:
    return tuple([Advice(*row) for row in rows])
