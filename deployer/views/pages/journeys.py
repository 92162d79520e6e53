"""A page's journeys: each one's picture and timelines, from the cache or made on every core."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from deployer.cores import in_chunks
from deployer.dataclass import dataclass
from deployer.views.journey_svg import journey_element, sends
from deployer.views.pages.assemble import Written, embedded
from deployer.views.pages.trials import played, unplayed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.preview.message_values import MessageView
    from deployer.preview.values import JourneyView, Preview

PAYS = 40
"""The fewest journeys that other cores draw: with fewer, starting processes takes longer than they save."""

_TOGETHER = 10
"""Journeys that a process is given at a time."""


@dataclass(frozen=True, slots=True)
class Journeys:
    """The journeys' pictures in their order, and what can be tried of each, by address."""

    pictures: tuple[str, ...]
    trials: Mapping[str, Any] | Written


def draw_journeys(shown: Preview) -> Journeys:
    """Draw the journeys of a preview with the timelines of all that can be tried; what is known isn't made again."""
    journeys = shown.journeys
    pieces = [shown.known.find(view.address) if shown.known else None for view in journeys]
    missing = [number for number, piece in enumerate(pieces) if piece is None]
    made = _made(shown, [journeys[number] for number in missing])
    for number, piece in zip(missing, made, strict=True):
        pieces[number] = piece
        if shown.known:
            shown.known.add(journeys[number].address, piece)
    drawn = [piece.decode().split("\t") for piece in pieces if piece is not None]
    texts = {view.address: text for view, (_, text) in zip(journeys, drawn, strict=True) if text}
    return Journeys(tuple(json.loads(picture) for picture, _ in drawn), Written.by_name(texts))


def _made(shown: Preview, journeys: Sequence[JourneyView]) -> Iterator[bytes]:
    """The piece of each journey: its picture and, after a tab, what can be tried of it (empty: nothing)."""
    views, words = {view.id: view for view in shown.messages}, _words(shown)

    def piece(view: JourneyView) -> bytes:
        trial = shown.trials.get(view.address)
        return f"{embedded(_picture(view, words))}\t{embedded(played(trial, views)) if trial else ''}".encode()

    def part(first: int, last: int) -> list[bytes]:
        return [piece(view) for view in journeys[first:last]]

    for _, chunk in in_chunks(part, len(journeys), least=PAYS, chunk=_TOGETHER):
        yield from chunk


def draw_live_journeys(shown: Preview) -> Journeys:
    """The same for a page that asks its server for timelines."""
    words = _words(shown)
    pictures = tuple(_picture(view, words) for view in shown.journeys)
    return Journeys(pictures, {address: unplayed(trial) for address, trial in shown.trials.items()})


def _words(shown: Preview) -> dict[str, str]:
    return {view.address: usual_words(view, shown) for view in shown.messages}


def _picture(view: JourneyView, words: Mapping[str, str]) -> str:
    return journey_element(view, {step.id: words.get(step.message, "") for step in sends(view.steps)})


def usual_words(view: MessageView, shown: Preview) -> str:
    """What a message reads for its usual sample."""
    lead = next(channel.lead for channel in shown.channels if channel.channel == view.channel)
    sample = view.usual()
    return "".join(run.text for run in sample.parts.get(lead, ())) if sample else ""
