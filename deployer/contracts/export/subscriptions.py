"""The call that subscribes a customer (POST /v1/subscriptions), for the shop's developers: its body and its builders.

The sign-up source ID is an argument: it is another one in each environment, and comes from Attentive after its review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.contracts.body import PHONE
from deployer.contracts.export.naming import one_line
from deployer.kinds.channels import facts
from deployer.kinds.opt_in_source import OptInSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.project import Project


def opt_in_sources(project: Project) -> tuple[OptInSource, ...]:
    """The opt-in sources of a project, in the order of their ids."""
    return tuple(sorted(project.all(OptInSource), key=lambda source: source.id))


def way(source: OptInSource) -> str:
    """By what the call names a customer of a source: ``phone`` or ``email``."""
    return facts(source.channel).person


def about(source: OptInSource) -> str:
    """What a builder's comment says."""
    call = f"Make the body of POST /v1/subscriptions for the opt-in source {source.id}"
    return one_line(f"{call} ({source.subscription_type}, {source.channel}). {source.description}")


def subscription_schema(sources: Sequence[OptInSource], project: Project) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the call's body, as Attentive's OpenAPI file describes it."""
    ways = {
        "phone": {"type": "string", "pattern": PHONE},
        "email": {"type": "string", "format": "email"},
    }
    used = {person: ways[person] for person in ways if person in {way(source) for source in sources}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:deployer:{project.settings.project}:subscription:body",
        "title": "A subscription (POST /v1/subscriptions)",
        "type": "object",
        "properties": {
            "user": {"type": "object", "properties": used, "minProperties": 1, "additionalProperties": False},
            "signUpSourceId": {"type": "string", "minLength": 1},
        },
        "required": ["user", "signUpSourceId"],
        "additionalProperties": False,
    }


def python_builder(source: OptInSource, name: str) -> str:
    """A function of Python that makes the body."""
    return f"""\
# {about(source)}
def {name}(user: User, sign_up_source_id: str) -> dict[str, Any]:
    return _subscription({way(source)!r}, user, sign_up_source_id)
"""


PYTHON_HEAD = """\
def _subscription(way: str, user: User, sign_up_source_id: str) -> dict[str, Any]:
    given = dict(user)
    if not given.get(way):
        raise ValueError(f"a subscription needs the user's {way}")
    if not sign_up_source_id:
        raise ValueError("the sign-up source ID comes from Attentive, after its review")
    return {"user": {way: given[way]}, "signUpSourceId": sign_up_source_id}
"""


def typescript_builder(source: OptInSource, name: str) -> str:
    """A function of TypeScript that makes the body."""
    comment = about(source).replace("*/", "*\\/")
    return f"""\
/** {comment} */
export function {name}(user: IdentifiedBy<"{way(source)}">, signUpSourceId: string): Subscription {{
  return {{ user: {{ {way(source)}: user.{way(source)} }}, signUpSourceId }};
}}
"""


TYPESCRIPT_HEAD = """\
/** A request body of POST /v1/subscriptions. The ID comes from Attentive, after its review. */
export interface Subscription {
  user: User;
  signUpSourceId: string;
}
"""
