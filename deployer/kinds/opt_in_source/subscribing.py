"""Subscribing someone through an opt-in source, after a look at their eligibility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from deployer.attentive import NotFound, Refused, User
from deployer.kinds.base import GuardError
from deployer.kinds.channels import facts

if TYPE_CHECKING:
    from deployer.kinds.base import Session
    from deployer.kinds.opt_in_source.model import OptInSource


def subscribe(session: Session, source: OptInSource, user: User, *, reviewed: bool) -> Literal["subscribed", "already"]:
    """Subscribe a person, or find that there is nothing to do.

    Eligible already is nothing to do: Attentive would text them "already subscribed" (OpenAPI file, POST
    /v1/subscriptions). ``reviewed`` says whether Attentive's review of the source is confirmed: consent that was
    collected on a page that wasn't reviewed may not hold. Not eligible on the channel is refused without override:
    they may have said STOP. Raises ``GuardError``, also where Attentive refuses the subscription; ``AttentiveError``
    where a call fails, the one for the eligibility too.
    """
    if not source.sign_up_source_id:
        hint = "Attentive provides it after its review; `deployer tasks` shows what is missing"
        raise GuardError("no-sign-up-source", f"`{source.address}` has no sign_up_source_id yet", hint)
    reach = _reach(source, user)
    if not reviewed:
        hint = f"confirm `{source.address}/review` when Attentive has approved it; for a source that runs already: "
        hint += f"`deployer baseline {source.address}`"
        raise GuardError("not-reviewed", f"Attentive's review of `{source.address}` isn't confirmed", hint)
    client = session.client("")
    type_, channel = source.subscription_type.upper(), source.channel.upper()
    known = [eligibility for eligibility in client.eligibilities(reach) or () if eligibility.channel == channel]
    if any(eligibility.eligible for eligibility in known if eligibility.type == type_):
        return "already"
    if any(not eligibility.eligible for eligibility in known):
        raise GuardError(
            "not-eligible",
            f"at Attentive this person isn't eligible for {source.subscription_type} {source.channel} messages",
            "they may have opted out, or not have replied Y yet; only they can opt in",
        )
    try:
        client.subscribe(reach, sign_up_source_id=source.sign_up_source_id)
    except (Refused, NotFound) as error:
        raise _refused(source, error) from error
    return "subscribed"


def _refused(source: OptInSource, error: Refused | NotFound) -> GuardError:
    """The ID is what a declaration can have wrong. The answer's own words aren't shown: they may echo the person."""
    return GuardError(
        "sign-up-source-refused",
        f"Attentive refused the subscription through the sign-up unit {source.sign_up_source_id} of "
        f"`{source.address}` (status {error.status})",
        "compare `sign_up_source_id` with the ID column of Attentive's Sign-up Units tab: it must be an API unit "
        f"for {source.subscription_type} {source.channel} messages, in the company that the key belongs to",
    )


def _reach(source: OptInSource, user: User) -> User:
    needed = facts(source.channel)
    reach = User(phone=user.phone) if needed.person == "phone" else User(email=user.email)
    if not reach.phone and not reach.email:
        hint = f"name a recipient with {needed.needs}"
        raise GuardError("bad-recipient", f"`{source.address}` subscribes people to {facts(source.channel).many}", hint)
    return reach
