"""The macros that Attentive documents, and how a macro is written."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REFERENCE = 'Attentive\'s help page "Reference Guide for Personalization Macros"'
PARTNERS = "email templates that Attentive's partners publish; Attentive's own list wasn't found whole"

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class KnownMacro:
    """A macro with a fixed name.

    ``name`` is the dotted path, ``meaning`` what it prints, ``source`` where it is documented. ``offer``: it belongs to
    an offer, which Attentive allows in marketing journeys only. ``email_only``: no source has it in a text. ``shown``
    stands in for a value that Attentive itself adds to each message; empty where the value comes from elsewhere.
    """

    name: str
    meaning: str
    source: str = REFERENCE
    offer: bool = False
    email_only: bool = False
    shown: str = ""


KNOWN: Mapping[str, KnownMacro] = MappingProxyType(
    {
        macro.name: macro
        for macro in (
            KnownMacro("subscriber.firstName", "first name"),
            KnownMacro("subscriber.lastName", "last name"),
            KnownMacro("subscriber.cartLink", "cart link"),
            KnownMacro("subscriber.signupOffer.link", "sign-up offer link", offer=True),
            KnownMacro("subscriber.signupOffer.couponScreenLink", "offer screen link", offer=True),
            KnownMacro("subscriber.signupOffer.code", "sign-up offer code", offer=True),
            KnownMacro("offer.link", "general offer link", offer=True),
            KnownMacro("offer.code", "offer code", offer=True),
            KnownMacro("offer.value", "offer value", offer=True),
            KnownMacro("triggerEvent.product.link", "product link"),
            KnownMacro("triggerEvent.checkout.checkoutLink", "checkout link"),
            KnownMacro(
                "unsubscribeLink",
                "unsubscribe link of an email",
                PARTNERS,
                email_only=True,
                shown="https://unsubscribe.example",
            ),
            KnownMacro(
                "companyAddress",
                "the company's postal address",
                PARTNERS,
                email_only=True,
                shown="[the company's postal address]",
            ),
        )
    }
)
"""Every macro with a fixed name that was found documented. Attentive's page lists more than the stored copy shows."""

GIVEN: Mapping[str, str] = MappingProxyType({macro.name: macro.shown for macro in KNOWN.values() if macro.shown})
"""What stands in for macros that Attentive fills in by itself, by their names, which have no dot."""

CUSTOM: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("triggerEvent", "custom"): "property of the custom event that started the journey",
        ("subscriber", "custom"): "custom attribute of the subscriber",
    }
)
"""Roots under which the brand's own names are found, as in ``triggerEvent.custom['Order Id']``."""

ROOTS = frozenset(name.partition(".")[0] for name in KNOWN)
"""The first words that a macro can begin with."""

LEGACY: Mapping[str, str] = MappingProxyType(
    {
        "firstName": "{{subscriber.firstName}}",
        "lastName": "{{subscriber.lastName}}",
        "fullName": "{{subscriber.firstName}} {{subscriber.lastName}}",
        "orderNumber": "",
        "orderStatusLink": "",
    }
)
"""Macros of older Shopify journeys, written with single braces, and what replaces them.

Empty: an event's property has to, and which one only the team knows. From Attentive's help page "Best practices:
Transactional message copy" (an old copy).
"""


NEWER_FILTERS = frozenset({"find", "find_index", "has", "reject", "squish", "sum"})
"""Filters that came after Liquid 5.4 (2022), the version that texts are held against: an older engine hasn't them."""


def is_known(path: Sequence[str | int]) -> bool:
    """Whether Attentive documents a macro: one of ``KNOWN``, or a name under one of the ``CUSTOM`` roots.

    Whether the brand declares that name, this can't tell.
    """
    if tuple(path[:2]) in CUSTOM:
        return len(path) > len(("root", "custom"))
    return ".".join(str(segment) for segment in path) in KNOWN


def suggest_macro(path: Sequence[str | int]) -> str:
    """Return the name of the known macro that was probably meant; empty where none is near."""
    from deployer.source import suggest  # noqa: PLC0415 - only a mistake needs it

    return suggest(".".join(str(segment) for segment in path), KNOWN) or ""


def path_text(path: Sequence[str | int]) -> str:
    """Write a path as Attentive documents it: dots for its own names, single quotes for the brand's.

    ``("triggerEvent", "custom", "Order Id")`` is ``triggerEvent.custom['Order Id']``.
    """
    return "".join(_segment(index, path) for index in range(len(path)))


def macro_text(path: Sequence[str | int]) -> str:
    """Write a bare macro: ``{{triggerEvent.custom['Order Id']}}``."""
    return "{{" + path_text(path) + "}}"


def _segment(index: int, path: Sequence[str | int]) -> str:
    segment = path[index]
    if isinstance(segment, int):
        return f"[{segment}]"
    own = index > 1 and tuple(path[:2]) in CUSTOM
    if own or not _WORD.fullmatch(segment):
        quote = '"' if "'" in segment else "'"
        return f"[{quote}{segment}{quote}]"
    return segment if index == 0 else f".{segment}"
