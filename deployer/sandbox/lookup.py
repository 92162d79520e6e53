"""The query of the two GETs about one person: exactly one of ``phone`` and ``email``."""

from __future__ import annotations

from deployer.sandbox.calls import Call, refuse
from deployer.sandbox.people import Identifier, email, find, phone


def queried_person(call: Call) -> int | None:
    """Find the person that the query names, ``None`` where no one is known by it; refuse another query."""
    query = call.query()
    sent = [(name, value) for name in ("phone", "email") for value in query.get(name, [])]
    if len(sent) != 1:
        refuse("Send exactly one query parameter: phone or email")
    name, value = sent[0]
    return find(call.db, Identifier(name, "", phone(value) if name == "phone" else email(value)))
