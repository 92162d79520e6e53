"""The data of each page of a catalog: what its script draws."""

from __future__ import annotations

from dataclasses import asdict, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.app.launched import Presence
from deployer.dataclass import dataclass
from deployer.views.graph_svg import LABEL, TITLE
from deployer.views.journey_svg import journey_element, sends
from deployer.views.pages.catalog_links import id_of, kind_of, noun_of, rank_of
from deployer.views.pages.journeys import usual_words
from deployer.views.pages.preview import short_parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.app.cataloging import Catalog
    from deployer.preview.events import EventView, PropertyView
    from deployer.preview.message_values import MessageView
    from deployer.preview.values import ChannelView, JourneyView, OptInView
    from deployer.views.pages.catalog_links import Links

Tags: TypeAlias = tuple[tuple[str, str], ...]
"""A tone (``good``, ``warn``; empty: none) and a word for each tag beside a title."""


@dataclass(frozen=True, slots=True)
class CatalogPage:
    """A page: its path in the folder, which function of the script draws it, and of what.

    ``tags`` are a tone and a text each; ``badges`` say where it is live.
    """

    path: str
    kind: str
    title: str
    page: Mapping[str, Any]
    description: str = ""
    tags: Tags = ()
    badges: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Pages:
    """Makes the pages of one catalog."""

    shown: Catalog
    links: Links

    def overview(self) -> CatalogPage:
        """Every journey, event and message in a line, with the way to its page."""
        page = {
            "live": [self._sum(environment) for environment in self.shown.environments],
            "journeys": [self._journey_row(journey) for journey in self.shown.preview.journeys],
            "events": [self._event_row(event) for event in self.shown.events],
            "messages": [self._message_row(message) for message in self.shown.preview.messages],
        }
        return CatalogPage("index.html", "overview", f"What {self._brand} sends", page)

    def event(self, view: EventView) -> CatalogPage:
        """An event: its properties, an example, who sends and who reads it."""
        data = {
            **asdict(view),
            "properties": [self._property(property_view) for property_view in view.properties],
            "journeys": [self.links.to(journey) for journey in view.journeys],
            "messages": [self.links.to(message) for message in view.messages],
        }
        tags = (("", "Event"), *((("warn", "deprecated"),) if view.deprecated else ()))
        return self._of(view.address, "event", view.name, {"view": data}, view.description, tags)

    def journey(self, view: JourneyView) -> CatalogPage:
        """A journey: its picture, and each message that it sends."""
        step_views = list(sends(view.steps))
        words = {step.id: self._words(step.message) for step in step_views}
        sent = dict.fromkeys(step.message for step in step_views)
        page = {
            "view": {**_without(view, "steps", "faults"), "drawing": journey_element(view, words)},
            "trigger": self.links.to(self._triggers.get(view.address, view.trigger)),
            "opt_in": [self.links.to(f"opt_in_source.{source}") for source in view.opt_in],
            "messages": [self._message(self._messages[address]) for address in sent if address in self._messages],
        }
        return self._of(view.address, "journey", view.name, page, view.description, (("", "Journey"),))

    def message(self, view: MessageView) -> CatalogPage:
        """A message for each sample, and the journeys that send it."""
        journeys = [
            {"link": self.links.to(use.journey), "step": use.step, "live": self._live(use.journey)} for use in view.uses
        ]
        page = {"view": self._message(view), "event": self.links.to(self._event_of(view)), "journeys": journeys}
        title = self.links.to(view.address)["title"]
        return self._of(view.address, "message", title, page, view.description, (("", self._kind(view)),))

    def opt_in(self) -> CatalogPage:
        """Every opt-in source with what people read there."""
        sources = [self._source(opt_in) for opt_in in self.shown.preview.opt_ins]
        return CatalogPage("opt-in.html", "opt_in", "How people opt in", {"sources": sources})

    def shared(self) -> CatalogPage:
        """The definitions that events share."""
        rows = [
            {
                "id": id_of(shared_view.address),
                "definition": self._property(shared_view.definition),
                "events": [self.links.to(event) for event in shared_view.events],
            }
            for shared_view in self.shown.shared
        ]
        description = "Definitions that several events use: what is written once is the same everywhere."
        return CatalogPage("properties.html", "properties", "Shared properties", {"shared": rows}, description)

    def live(self) -> CatalogPage:
        """What is live where, since when, and by whose word."""
        rows = sorted(self.shown.live, key=lambda address: (rank_of(address), address))
        groups = [
            {"title": f"{noun_of(kind)}s", "rows": [self._live_row(address) for address in addresses]}
            for kind, addresses in groupby(rows, key=kind_of)
        ]
        about = "As deployer's record has it: what it wrote through the API, and what colleagues confirmed."
        return CatalogPage("live.html", "live", "What is live", {"groups": groups}, about)

    def graph(self, drawing: str) -> CatalogPage:
        """The way from each property to the messages."""
        links = [[node, self.links.hrefs[node]] for node in self.shown.graph.nodes]
        page = {"drawing": drawing, "label": LABEL, "links": links}
        return CatalogPage("graph.html", "graph", TITLE, page)

    def _of(self, address: str, kind: str, title: str, page: Mapping[str, Any], about: str, tags: Tags) -> CatalogPage:
        live = self._live(address)
        path = self.links.hrefs[address]
        return CatalogPage(path, kind, title, {**page, "live": live}, about, tags, live)

    @property
    def _brand(self) -> str:
        return self.shown.preview.brand or self.shown.preview.project

    @cached_property
    def _messages(self) -> Mapping[str, MessageView]:
        return {message.address: message for message in self.shown.preview.messages}

    @cached_property
    def _channels(self) -> Mapping[str, ChannelView]:
        return {channel.channel: channel for channel in self.shown.preview.channels}

    @cached_property
    def _triggers(self) -> Mapping[str, str]:
        """The address of the event type that begins each journey."""
        return {journey: event.address for event in self.shown.events for journey in event.journeys}

    @cached_property
    def _written_for(self) -> Mapping[str, str]:
        """The address of the event type that each message is written for."""
        return {message: event.address for event in self.shown.events for message in event.messages}

    def _event_of(self, view: MessageView) -> str:
        return self._written_for.get(view.address, view.event)

    def _live(self, address: str) -> list[dict[str, Any]]:
        """Where it is live."""
        return [asdict(place) for place in self.shown.live.get(address, ())]

    def _sum(self, environment: str) -> dict[str, Any]:
        """How many journeys are live in an environment, of all that are declared or recorded there."""
        journeys = (places for address, places in self.shown.live.items() if kind_of(address) == "journey")
        here = [place for places in journeys for place in places if place.environment == environment]
        live = sum(place.presence is Presence.LIVE for place in here)
        return {"environment": environment, "all": len(here), "live": live}

    def _journey_row(self, view: JourneyView) -> dict[str, Any]:
        return {
            "link": self.links.to(view.address),
            "description": view.description,
            "trigger": self.links.to(self._triggers.get(view.address, view.trigger)),
            "sends": len({step.message for step in sends(view.steps)}),
            "owner": view.owner,
            "live": self._live(view.address),
        }

    def _event_row(self, view: EventView) -> dict[str, Any]:
        return {
            "link": self.links.to(view.address),
            "description": view.description,
            "deprecated": view.deprecated,
            "producer": view.producer.name,
            "owner": view.owner,
            "readers": len(view.messages),
            "live": self._live(view.address),
        }

    def _message_row(self, view: MessageView) -> dict[str, Any]:
        return {
            "link": self.links.to(view.address),
            "kind": self._kind(view),
            "event": self.links.to(self._event_of(view)),
            "journeys": [self.links.to(journey) for journey in dict.fromkeys(use.journey for use in view.uses)],
        }

    def _live_row(self, address: str) -> dict[str, Any]:
        owner = self._owners.get(address, "")
        return {"id": address, "link": self.links.to(address), "owner": owner, "live": self._live(address)}

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        return {item.address: item.owner for item in self.shown.items}

    def _kind(self, view: MessageView) -> str:
        return "MMS" if view.picture else self._channels[view.channel].title

    def _words(self, address: str) -> str:
        view = self._messages.get(address)
        return usual_words(view, self.shown.preview) if view else ""

    def _message(self, view: MessageView) -> dict[str, Any]:
        channel = self._channels[view.channel]
        shown = _without(view, "parts", "faults", "change", "uses")
        for sample in shown["samples"]:
            sample["parts"] = short_parts(sample["parts"])
        macros = {macro.name: macro for macro in reversed(view.macros)}
        shown["macros"] = [asdict(macro) for macro in reversed(macros.values())]
        shown |= {"kind": self._kind(view), "look": channel.look, "lead": channel.lead}
        return {**shown, "link": self.links.to(view.address)}

    def _property(self, property_view: PropertyView) -> dict[str, Any]:
        return {
            **asdict(property_view),
            "shared": self.links.to(property_view.shared) if property_view.shared else None,
            "readers": [self.links.to(reader) for reader in property_view.readers],
        }

    def _source(self, view: OptInView) -> dict[str, Any]:
        name = id_of(view.address)
        journeys = [self.links.to(journey.address) for journey in self.shown.preview.journeys if name in journey.opt_in]
        return {"id": name, "view": asdict(view), "journeys": journeys, "live": self._live(view.address)}


def _without(view: JourneyView | MessageView, *names: str) -> dict[str, Any]:
    return {key: value for key, value in asdict(view).items() if key not in names}
