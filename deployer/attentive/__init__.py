"""Attentive's API and nothing else: the client, its limits and its errors. It knows no kind, no project, no plan."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

_ON_DEMAND = {
    "BASE_URL": "client",
    "Client": "client",
    "SYSTEM_CLOCK": "clock",
    "Clock": "clock",
    "SystemClock": "clock",
    "AttentiveError": "errors",
    "MissingScope": "errors",
    "NoAnswer": "errors",
    "NotFound": "errors",
    "Refused": "errors",
    "ServerFailed": "errors",
    "TooMany": "errors",
    "Unreadable": "errors",
    "WrongKey": "errors",
    "JSON": "values",
    "Eligibility": "values",
    "Event": "values",
    "Me": "values",
    "Segment": "values",
    "Subscription": "values",
    "User": "values",
    "Webhook": "values",
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


def __getattr__(name: str) -> Any:
    """Load the client when it is first used: a check of a project needs none."""
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ON_DEMAND[name]}"), name)
