"""Attentive's API and nothing else: the client, its limits and its errors. It knows no kind, no project, no plan."""

from deployer.attentive.client import BASE_URL, Client
from deployer.attentive.clock import SYSTEM_CLOCK, Clock, SystemClock
from deployer.attentive.errors import (
    AttentiveError,
    MissingScope,
    NoAnswer,
    NotFound,
    Refused,
    ServerFailed,
    TooMany,
    Unreadable,
    WrongKey,
)
from deployer.attentive.values import JSON, Eligibility, Event, Me, Segment, Subscription, User, Webhook

__all__ = [
    "BASE_URL",
    "JSON",
    "SYSTEM_CLOCK",
    "AttentiveError",
    "Client",
    "Clock",
    "Eligibility",
    "Event",
    "Me",
    "MissingScope",
    "NoAnswer",
    "NotFound",
    "Refused",
    "Segment",
    "ServerFailed",
    "Subscription",
    "SystemClock",
    "TooMany",
    "Unreadable",
    "User",
    "Webhook",
    "WrongKey",
]
