"""What the catalog's search looks through: an entry a declaration, with the words of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.views.journey_svg import sends

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.app.cataloging import Catalog
    from deployer.preview.events import EventView, PropertyView
    from deployer.preview.values import JourneyView, MessageView, OptInView, StepView
    from deployer.views.pages.catalog_links import Links

_OTHERS = {"webhook": "Webhook", "segment": "Segment", "custom_attribute": "Custom attribute"}


def entries(shown: Catalog, links: Links) -> list[dict[str, str]]:
    """An entry for each journey, event, message, opt-in source, shared property and whatever else is declared."""
    preview = shown.preview
    words = {one.address: " ".join(_read(one)) for one in preview.messages}
    titles = {one.channel: one.title for one in preview.channels}
    found: list[tuple[str, str, Iterable[str]]] = [
        *((one.address, "Journey", _journey(one, words)) for one in preview.journeys),
        *((one.address, "Event", _event(one)) for one in shown.events),
        *((one.address, titles[one.channel], _message(one, words)) for one in preview.messages),
        *((one.address, "Opt-in source", _opt_in(one)) for one in preview.opt_ins),
        *((one.address, "Shared property", _property(one.definition)) for one in shown.shared),
        *((one.address, _OTHERS[one.kind], (one.owner,)) for one in shown.items if one.kind in _OTHERS),
    ]
    return [{**links.to(address), "kind": kind, "words": _joined((*texts, address))} for address, kind, texts in found]


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
    for one in view.properties:
        yield from _property(one)
    yield from view.reserved


def _property(one: PropertyView) -> Iterator[str]:
    yield from (one.path, one.description, one.type, *one.limits)
    yield "optional" if one.optional else ""
    yield "personal" if one.personal else ""


def _read(view: MessageView) -> Iterator[str]:
    """What a customer reads of a message for its usual sample; an email's HTML isn't searched."""
    sample = view.usual()
    for name, runs in sample.parts.items() if sample else ():
        if name != "html":
            yield "".join(run.text for run in runs)


def _opt_in(view: OptInView) -> tuple[str, ...]:
    return (view.disclosure, view.placement, view.control, view.subscription_type, f"{view.channel} opt-in")


def _joined(texts: Iterable[str]) -> str:
    return " ".join(" ".join(texts).split())
