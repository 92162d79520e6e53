"""Attentive's API and nothing else: the client, its limits and its errors. It knows no kind, no project, no plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.on_demand import on_demand

if TYPE_CHECKING:
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

_MODULES = {
    "client": ("BASE_URL", "Client"),
    "clock": ("SYSTEM_CLOCK", "Clock", "SystemClock"),
    "errors": (
        "AttentiveError",
        "MissingScope",
        "NoAnswer",
        "NotFound",
        "Refused",
        "ServerFailed",
        "TooMany",
        "Unreadable",
        "WrongKey",
    ),
    "values": ("JSON", "Eligibility", "Event", "Me", "Segment", "Subscription", "User", "Webhook"),
}

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

if not TYPE_CHECKING:  # a type checker would take every name for one of the package's, mistyped ones too
    __getattr__ = on_demand(__name__, _MODULES)
