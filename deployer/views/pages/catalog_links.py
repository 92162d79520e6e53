"""Where each declaration is in a catalog, and what it is called there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.views.journey_svg import titled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.app.cataloging import Catalog

Link: TypeAlias = dict[str, str]
"""A link as the pages' script takes it: ``title``, and ``href`` from the folder's top, empty for words alone."""

_PAGES = {"event_type": "events/", "journey": "journeys/", "message": "messages/"}
"""The folder of the kinds that have a page for each declaration."""
_SECTIONS = {"opt_in_source": "opt-in.html", "property": "properties.html"}
"""The page of the kinds whose declarations share one; all others are on that of what is live."""


def kind_of(address: str) -> str:
    """The kind of an address, in snake_case."""
    return address.partition(".")[0]


def id_of(address: str) -> str:
    """The id in an address, which a shared page uses as an anchor."""
    return address.partition(".")[2]


_ORDER = ("journey", "event_type", "opt_in_source", "webhook", "segment", "custom_attribute")
"""The kinds in the order of how near they are to customers; others follow."""
_NOUNS = {"event_type": "Event", "opt_in_source": "Opt-in source", "property": "Shared property"}
"""What a kind is called, where that isn't its name in words."""


def noun_of(kind: str) -> str:
    """What one declaration of a kind is called, with a capital."""
    return _NOUNS.get(kind) or kind.replace("_", " ").capitalize()


def rank_of(address: str) -> int:
    """Where its kind comes among the kinds."""
    kind = kind_of(address)
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


@dataclass(frozen=True, slots=True)
class Links:
    """A link for each address of a catalog."""

    titles: Mapping[str, str]
    hrefs: Mapping[str, str]

    @classmethod
    def of(cls, shown: Catalog) -> Links:
        """Name everything that is declared, and what is only recorded; a test of a journey has no place here."""
        names = {item.address: item.name for item in shown.items}
        addresses = [address for address in dict.fromkeys((*names, *shown.live)) if kind_of(address) != "journey_test"]
        titles = {address: names.get(address) or titled(address) for address in addresses}
        return cls(titles, {address: _href(address, declared=address in names) for address in addresses})

    def to(self, address: str, **more: str) -> Link:
        """A link to a declaration; words alone where the catalog doesn't have it."""
        return {"title": self.titles.get(address) or titled(address), "href": self.hrefs.get(address, ""), **more}


def _href(address: str, *, declared: bool) -> str:
    kind, name = kind_of(address), id_of(address)
    if declared and kind in _PAGES:
        return f"{_PAGES[kind]}{name}.html"
    return f"{_SECTIONS[kind]}#{name}" if declared and kind in _SECTIONS else f"live.html#{address}"
