"""The values of the sandbox: a request, its response, an app with its key, a sign-up unit, and a refusal."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal, TypeAlias

from deployer.dataclass import dataclass
from deployer.errors import DeployerError, InnerError

if TYPE_CHECKING:
    from collections.abc import Mapping

ALL_SCOPES = frozenset(
    {
        "attributes:write",
        "ecommerce:write",
        "events:write",
        "identity:write",
        "offers:write",
        "privacy_requests:read",
        "privacy_requests:write",
        "product_catalogs:read",
        "product_catalogs:write",
        "segments:read",
        "segments:write",
        "subscriptions:read",
        "subscriptions:write",
        "webhooks:write",
    }
)
"""Every permission that Attentive's two OpenAPI files name."""

SubscriptionType: TypeAlias = Literal["TRANSACTIONAL", "MARKETING"]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. ``path`` and ``query`` as they were in the URL (percent-encoded), header names lower-case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; ``body`` is JSON in UTF-8, or empty."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class SandboxApp:
    """A custom app with its API key, as someone made it in Attentive's Marketplace; the key stays out of ``repr``."""

    id: str
    name: str
    key: str = field(repr=False)
    scopes: frozenset[str] = ALL_SCOPES


@dataclass(frozen=True, slots=True)
class SignUpUnit:
    """A sign-up unit as Attentive makes it after its review.

    ``channels`` are ``TEXT`` and ``EMAIL``; only units of the kind ``API`` can be used by the API.
    """

    id: str
    type: SubscriptionType
    channels: tuple[str, ...]
    language: str = "en"
    country: str = "US"
    kind: str = "API"


class RefusedError(InnerError):
    """A request that is refused: the HTTP status and the text that goes into ``{"message": …}``."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class SandboxFileError(DeployerError):
    """The sandbox's file can't be used: it isn't one, is damaged, or belongs to another company or a later version."""


class SandboxUnwritableError(SandboxFileError):
    """The machine doesn't let the sandbox's file be written; ``path`` is the file, ``why`` what the system says."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path} can't be written: {why}")
        self.path = path
        self.why = why
