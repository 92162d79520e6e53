"""Rules about webhooks: their URL and the events that Attentive knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.webhook import Webhook, tried_here
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Correction, Hint, Severity, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.rules.subject import Subject

EVENTS = (
    "sms.subscribed",
    "sms.sent",
    "sms.message_link_click",
    "email.subscribed",
    "email.unsubscribed",
    "email.message_link_click",
    "email.opened",
    "custom_attribute.set",
)
"""What the create call documents (Attentive's OpenAPI file, POST /v1/webhooks)."""

ELSEWHERE = ("sms.inbound_message", "email.sent", "sms.unsubscribed")
"""Named by other pages of Attentive's documentation of webhooks, not by the create call."""

FORMERLY = {"phone.subscribed": "sms.subscribed", "phone.unsubscribed": "sms.unsubscribed"}
"""Old names that linger in Attentive's examples, and today's."""


@rule(
    "webhook/not-https",
    "a webhook's URL isn't https",
    fix="write an https URL, or `{env: NAME}` if it holds a token",
    by_environment=True,
)
def not_https(subject: Subject) -> Iterator[Finding]:
    """Attentive posts to https URLs only (its page "Create and manage webhooks"); bodies hold personal data.

    The sandbox posts to http on this machine too, so that a service can be tried there.
    """
    for webhook in subject.each(Webhook):
        if not isinstance(webhook.url, str) or tried_here(webhook.url, subject.project.environment):
            continue
        if not webhook.url.lower().startswith("https://"):
            yield Finding(subject.at(webhook, "url"), "Attentive posts to https only", "write a URL with https://")


@rule("webhook/unknown-event", "a webhook listens to an event that doesn't exist", fix="use one of Attentive's names")
def unknown_event(subject: Subject) -> Iterator[Finding]:
    """Attentive refuses names that it doesn't know; they are case-sensitive (OpenAPI file, POST /v1/webhooks)."""
    for webhook in subject.each(Webhook):
        for index, name in enumerate(webhook.events):
            if name not in EVENTS + ELSEWHERE:
                yield Finding(
                    subject.at(webhook, "events", index), f"Attentive has no event `{name}`", _event_meant(name)
                )


def _event_meant(name: str) -> str:
    if now := FORMERLY.get(name):
        return Hint(f"it is called `{now}` now", Correction(name, now))
    return did_you_mean(name, EVENTS + ELSEWHERE) or f"the events are {', '.join(EVENTS)}"


@rule(
    "webhook/undocumented-event",
    "a webhook listens to an event that the create call doesn't document",
    severity=Severity.WARNING,
    fix="try it in a test account first; `apply` shows whether Attentive accepts it",
)
def undocumented_event(subject: Subject) -> Iterator[Finding]:
    """Other pages of Attentive name these events, but the call that creates a webhook doesn't list them."""
    for webhook in subject.each(Webhook):
        for index, name in enumerate(webhook.events):
            if name in ELSEWHERE:
                message = f"Attentive's API doesn't list `{name}` among the events of a webhook"
                hint = "only other pages name it, so creating the webhook may fail"
                yield Finding(subject.at(webhook, "events", index), message, hint)
