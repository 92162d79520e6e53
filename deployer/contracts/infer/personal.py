"""What looks like personal data, by a property's key or a value's form, and made-up values to show instead."""

from __future__ import annotations

import re

from deployer.latin import latin

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"\+[0-9][0-9 ().-]{6,}[0-9]|\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}")
_BEFORE_NUMBER = frozenset("+(0123456789")
"""How a text begins that may be a phone number: to look is quicker than to match."""

_MADE = {
    "email": "alex.example@example.com",
    "mail": "alex.example@example.com",
    "phone": "+12065550100",
    "mobile": "+12065550100",
    "tel": "+12065550100",
    "telephone": "+12065550100",
    "cell": "+12065550100",
    "sms": "+12065550100",
    "address": "1 Example Street, Exampletown",
    "street": "1 Example Street",
    "zip": "00000",
    "postcode": "00000",
    "postal": "00000",
    "city": "Exampletown",
    "birthday": "2000-01-01",
    "birthdate": "2000-01-01",
    "birth": "2000-01-01",
    "dob": "2000-01-01",
    "recipient": "Alex Example",
    "firstname": "Alex",
    "lastname": "Example",
    "surname": "Example",
    "fullname": "Alex Example",
    "ssn": "000-00-0000",
    "gender": "unknown",
    "ip": "203.0.113.1",
    "latitude": "0",
    "longitude": "0",
    "password": "example",
    "token": "example",
}
"""Words in a key that make it personal (or secret), and what is in examples instead."""

_PEOPLE = ("agent", "contact", "driver", "employee", "guest", "passenger", "patient", "stylist", "technician")
_MADE |= dict.fromkeys(_PEOPLE, "Alex Example")  # words such as these hold names, which a list of values would repeat

_THINGS = frozenset({"app", "brand", "campaign", "carrier", "category", "channel", "collection", "color", "event"})
_THINGS |= {"file", "item", "journey", "merchant", "plan", "product", "program", "property", "service", "shop", "size"}
_THINGS |= {"sku", "store", "template", "tier", "type", "variant", "vendor", "warehouse"}
"""Words beside ``name`` or ``address`` that make it the name of a thing."""

_NAMES = {"first": "Alex", "last": "Example", "given": "Alex", "family": "Example"}


def words(key: str) -> tuple[str, ...]:
    """The words of a key, small: ``firstName``, ``First Name`` and ``first_name`` are two words each."""
    return tuple(word.lower() for word in _WORD.findall(latin(key)))


def stand_in(key: str) -> str | None:
    """What an example shows instead of a real value, where the key sounds personal; ``None`` where it doesn't."""
    parts = words(key)
    if _THINGS & set(parts):
        return None
    if "name" in parts:
        return next((example for word, example in _NAMES.items() if word in parts), "Alex Example")
    return next((_MADE[word] for word in parts if word in _MADE), None)


def looks_personal(text: str) -> bool:
    """Whether a value has the form of an email address or of a phone number."""
    if "@" in text:
        return _EMAIL.fullmatch(text) is not None
    return text[:1] in _BEFORE_NUMBER and _PHONE.fullmatch(text) is not None
