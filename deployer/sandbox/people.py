"""Who a request is about: phone numbers, emails and external identifiers, and the people that they lead to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from deployer.sandbox.calls import refuse

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

PHONE = re.compile(r"\+[1-9]\d{1,14}", re.ASCII)
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


class Identifier(NamedTuple):
    """One way to find a person: ``kind`` such as ``phone``; ``name`` is the namespace of a custom one, else empty."""

    kind: str
    name: str
    value: str


PLAIN = {"clientUserId": "client_user_id", "shopifyId": "shopify_id", "klaviyoId": "klaviyo_id"}


def contacts(user: Any, where: str = "user") -> list[Identifier]:
    """Read ``phone`` and ``email`` of an object, either or both or none."""
    if not isinstance(user, dict):
        refuse(f"{where} must be an object")
    identifiers = []
    if "phone" in user:
        identifiers.append(Identifier("phone", "", phone(user["phone"])))
    if "email" in user:
        identifiers.append(Identifier("email", "", email(user["email"])))
    return identifiers


def phone(value: Any) -> str:
    """Read a phone number in E.164 (``+13115552368``), refuse anything else."""
    if not isinstance(value, str) or not PHONE.fullmatch(value):
        refuse("phone must be in E.164 format, such as +13115552368")
    return value


def email(value: Any) -> str:
    """Read an email address, in lower case so that it is found however it was typed; refuse anything else."""
    if not isinstance(value, str) or not EMAIL.fullmatch(value):
        refuse("email must be an email address")
    return value.lower()


def external(value: Any, limit: int | None = None) -> list[Identifier]:
    """Read external identifiers; ``customIdentifiers`` is a list of ``{name, value}``, never an object."""
    if not isinstance(value, dict):
        refuse("externalIdentifiers must be an object")
    identifiers = [Identifier(kind, "", _text(value[key], key, limit)) for key, kind in PLAIN.items() if key in value]
    custom = value.get("customIdentifiers", [])
    if not isinstance(custom, list) or not all(isinstance(item, dict) for item in custom):
        refuse("customIdentifiers must be a list of objects with name and value")
    for item in custom:
        name = _text(item.get("name"), "customIdentifiers.name", limit)
        identifiers.append(Identifier("custom", name, _text(item.get("value"), "customIdentifiers.value", limit)))
    return identifiers


def _text(value: Any, where: str, limit: int | None) -> str:
    """Read an identifier's text; Attentive advises against null and empty ones, the sandbox refuses them."""
    if not isinstance(value, str) or not value.strip():
        refuse(f"{where} must be a text that isn't empty")
    if limit is not None and len(value) > limit:
        refuse(f"{where} may have {limit} characters")
    return value


def visitor(db: sqlite3.Connection, user: Any) -> int:
    """Find the person behind the ``user`` of an event or attribute, made where the contact is new.

    Attentive's OpenAPI file allows ``phone``, ``email`` and ``externalIdentifiers`` and no other field, at least one of
    them. External identifiers alone need to have been tied to a phone or an email through the Identity API.
    """
    reached = contacts(user)
    if unknown := sorted(set(user) - {"phone", "email", "externalIdentifiers"}):
        refuse(f"user has an unknown field: {unknown[0]}")
    others = external(user["externalIdentifiers"]) if "externalIdentifiers" in user else []
    if not reached and not others:
        refuse("user needs a phone, an email or an external identifier")
    if not reached and not any(_has_contact(db, owner) for owner in owners(db, others)):
        refuse("The external identifier isn't associated with a phone or an email: use the Identity API first")
    return resolve(db, [*reached, *others])


def find(db: sqlite3.Connection, identifier: Identifier) -> int | None:
    """Find the person that an identifier leads to, if any."""
    row = db.execute("SELECT person_id FROM identifier WHERE (kind, name, value) = (?, ?, ?)", identifier).fetchone()
    return None if row is None else int(row["person_id"])


def owners(db: sqlite3.Connection, identifiers: Iterable[Identifier]) -> list[int]:
    """Find the people that identifiers lead to, each once, in the identifiers' order."""
    numbers = [find(db, identifier) for identifier in identifiers]
    return list(dict.fromkeys(owner for owner in numbers if owner is not None))


def resolve(db: sqlite3.Connection, identifiers: Sequence[Identifier]) -> int:
    """Find or make the one person behind identifiers that were sent together.

    Who was two people becomes one, as Attentive warns, except that a person has one phone at most: two known phones
    stay two people, and the phone that was sent decides between them.
    """
    known = owners(db, identifiers)
    person = _chosen(db, identifiers, known)
    for identifier in identifiers:
        db.execute("INSERT OR IGNORE INTO identifier VALUES (?, ?, ?, ?)", (*identifier, person))
    for other in known:
        if other != person and not (_has(db, other, "phone") and _has(db, person, "phone")):
            _merge(db, other, person)
    return person


def _chosen(db: sqlite3.Connection, identifiers: Sequence[Identifier], known: list[int]) -> int:
    sent = [identifier for identifier in identifiers if identifier.kind == "phone"]
    if sent:
        known = owners(db, sent) or [owner for owner in known if not _has(db, owner, "phone")]
    if known:
        return known[0]
    return int(db.execute("INSERT INTO person DEFAULT VALUES").lastrowid or 0)


def _has(db: sqlite3.Connection, person: int, kind: str) -> bool:
    row = db.execute("SELECT 1 FROM identifier WHERE (person_id, kind) = (?, ?)", (person, kind)).fetchone()
    return row is not None


def _has_contact(db: sqlite3.Connection, person: int) -> bool:
    return _has(db, person, "phone") or _has(db, person, "email")


def _merge(db: sqlite3.Connection, other: int, person: int) -> None:
    """Hand everything of one person to another; what both have stays as the other has it."""
    both = (person, other)
    db.execute("UPDATE identifier SET person_id = ? WHERE person_id = ?", both)
    db.execute("UPDATE event SET person_id = ? WHERE person_id = ?", both)
    db.execute("UPDATE message SET person_id = ? WHERE person_id = ?", both)
    db.execute("UPDATE reply SET person_id = ? WHERE person_id = ?", both)
    db.execute("UPDATE OR IGNORE attribute_value SET person_id = ? WHERE person_id = ?", both)
    db.execute("UPDATE OR IGNORE subscription SET person_id = ? WHERE person_id = ?", both)
    db.execute("UPDATE OR IGNORE member SET person_id = ? WHERE person_id = ?", both)
    db.execute("DELETE FROM person WHERE id = ?", (other,))
