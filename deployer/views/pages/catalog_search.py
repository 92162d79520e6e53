"""What the catalog's search looks through: an entry a declaration, with the words of its page."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from deployer.messages import COMMENTS, ELEMENTS, UNREAD, masked
from deployer.views.journey_svg import sends
from deployer.views.pages.catalog_links import kind_of, noun_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.app.cataloging import Catalog
    from deployer.preview.events import EventView, PropertyView
    from deployer.preview.message_values import MessageView
    from deployer.preview.values import JourneyView, OptInView, StepView
    from deployer.views.pages.catalog_links import Links


def entries(shown: Catalog, links: Links) -> list[dict[str, str]]:
    """An entry for each journey, event, message, opt-in source, shared property and whatever else is declared."""
    preview = shown.preview
    words = {message.address: " ".join(_read(message)) for message in preview.messages}
    titles = {channel.channel: channel.title for channel in preview.channels}
    pages: list[tuple[str, str, Iterable[str]]] = [
        *((journey.address, "", _journey(journey, words)) for journey in preview.journeys),
        *((event.address, "", _event(event)) for event in shown.events),
        *((message.address, titles[message.channel], _message(message, words)) for message in preview.messages),
        *((opt_in.address, "", _opt_in(opt_in)) for opt_in in preview.opt_ins),
        *((shared.address, "", _property(shared.definition)) for shared in shown.shared),
    ]
    met = {address for address, _, _ in pages}
    pages += [(item.address, "", (item.owner,)) for item in shown.items if item.address in links.hrefs.keys() - met]
    return [
        {**links.to(address), "kind": kind or noun_of(kind_of(address)), "words": _joined((*texts, address))}
        for address, kind, texts in pages
    ]


def _message(view: MessageView, words: dict[str, str]) -> tuple[str, ...]:
    return (view.description, words[view.address], f"for the event {view.event}", view.owner)


def _journey(view: JourneyView, words: dict[str, str]) -> Iterator[str]:
    yield from (view.description, f"begins with {view.trigger}", view.category, view.owner)
    yield from _steps(view.steps)
    yield from (words.get(step.message, "") for step in sends(view.steps))


def _steps(steps: tuple[StepView, ...]) -> Iterator[str]:
    for step in steps:
        yield from (step.title, *step.details)
        for lane in step.lanes:
            yield lane.name
            yield from _steps(lane.steps)


def _event(view: EventView) -> Iterator[str]:
    yield from (view.description, f"sent by {view.producer.name}", view.producer.description, view.owner)
    for property_view in view.properties:
        yield from _property(property_view)
    yield from view.reserved


def _property(property_view: PropertyView) -> Iterator[str]:
    yield from (property_view.path, property_view.description, property_view.type, *property_view.limits)
    yield "optional" if property_view.optional else ""
    yield "personal" if property_view.personal else ""


def _read(view: MessageView) -> Iterator[str]:
    """What a customer reads of a message for its usual sample; of an email's HTML the words between its tags."""
    sample = view.usual()
    for name, runs in sample.parts.items() if sample else ():
        text = "".join(run.text for run in runs)
        yield html.unescape(masked(text, (*COMMENTS, *UNREAD, *ELEMENTS))) if name == "html" else text


def _opt_in(view: OptInView) -> tuple[str, ...]:
    return (view.disclosure, view.placement, view.control, view.subscription_type, f"{view.channel} opt-in")


def _joined(texts: Iterable[str]) -> str:
    return " ".join(" ".join(texts).split())
