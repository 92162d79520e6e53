"""``POST /v1/identity-resolution/user-identifiers`` as Attentive's OpenAPI file describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.sandbox.calls import Call, answer, refuse
from deployer.sandbox.people import contacts, external, resolve

if TYPE_CHECKING:
    from deployer.sandbox.model import Response

LENGTH = 100


def post_user_identifiers(call: Call) -> Response:
    """Tie identifiers to each other; a client or custom identifier needs one more identifier beside it."""
    body = call.body()
    identifiers = [*contacts(body, "The body"), *external(body, LENGTH)]
    if not identifiers:
        refuse("Send at least one identifier")
    if any(len(identifier.value) > LENGTH for identifier in identifiers):
        refuse(f"An identifier may have {LENGTH} characters")
    if len(identifiers) == 1 and identifiers[0].kind in {"client_user_id", "custom"}:
        refuse("A client user identifier or custom identifier needs at least one other identifier")
    resolve(call.db, identifiers)
    return answer(202)
