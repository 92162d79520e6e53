"""Which clock counts for a subscriber."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from deployer.simulation.clock import zone

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from deployer.simulation.people import Subscriber

_US = "+1"


def zone_of(person: Subscriber, company: str) -> tuple[ZoneInfo, str]:
    """The subscriber's time zone, and where it is known from.

    Attentive's help page “Quiet hours”: by the IP address, else by a US area code, else the company's.
    """
    if person.time_zone:
        return zone(person.time_zone), "the subscriber"
    found = area_code_zone(person.phone) if person.phone.startswith(_US) else ""
    if found:
        return zone(found), f"the area code {person.phone[2:5]}"
    return zone(company), "the company"


@lru_cache(maxsize=4096)
def area_code_zone(phone: str) -> str:
    """The one time zone of a phone's area code; empty where there is none or several."""
    import phonenumbers  # noqa: PLC0415 - its tables are needed only where nothing else tells the zone
    from phonenumbers.timezone import time_zones_for_number  # noqa: PLC0415 - as above

    try:
        zones = time_zones_for_number(phonenumbers.parse(phone, None))
    except phonenumbers.NumberParseException:
        return ""
    return zones[0] if len(zones) == 1 and zones[0] != "Etc/Unknown" else ""
