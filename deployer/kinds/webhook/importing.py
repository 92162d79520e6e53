"""Webhooks as declarations. A URL that may hold a token is never written in clear."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from deployer.kinds.existing import Existing, Secret
from deployer.kinds.webhook import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.attentive import Webhook as RemoteWebhook
    from deployer.kinds.base import Session

_WORD = re.compile(r"[A-Z]?[a-z]{1,15}([-_.][A-Z]?[a-z]{1,15}|[A-Z][a-z]{2,15}){0,3}|v\d{1,2}")
"""A part of a path that people wrote: words, or a version."""

_LABEL = re.compile(r"[a-z]{1,24}\d{0,2}(-[a-z]{1,24}\d{0,2}){0,3}")
"""A part of a host name that people wrote."""


class WebhookImports:
    """Each app sees its own webhooks."""

    shared = False

    def existing(self, session: Session, app: str, named: str) -> Iterator[Existing]:
        """Every webhook of one app, by Attentive's id."""
        del named  # a webhook always names its app
        for webhook in sorted(session.client(app).webhooks(), key=lambda webhook: webhook.id):
            yield _existing(webhook, app)


def _existing(webhook: RemoteWebhook, app: str) -> Existing:
    fields = fields_of(webhook, app)
    body = {"app": app, "url": webhook.url, "events": list(fields["events"]), "status": fields["status"]}
    host = urlsplit(webhook.url).hostname or ""
    secret = None if is_public(webhook.url) else Secret("url", "WEBHOOK_URL", f"the URL at {host}")
    return Existing(webhook.id, _title(webhook.url), fields, body, secret)


def is_public(url: str) -> bool:
    """Whether a URL is plainly public: words and nothing that could be a token, in its host as in its path."""
    parts = urlsplit(url)
    if parts.query or parts.fragment or parts.username or parts.password or parts.port:
        return False
    labels = (parts.hostname or "").split(".")
    return all(map(_LABEL.fullmatch, labels)) and all(map(_WORD.fullmatch, _path(url)))


def _path(url: str) -> list[str]:
    return [part for part in urlsplit(url).path.split("/") if part]


def _title(url: str) -> str:
    """Words of the host, and of the path where the URL is plainly public: a token may be made of letters alone."""
    labels = [label for label in (urlsplit(url).hostname or "").split(".") if _LABEL.fullmatch(label)]
    return " ".join([*(labels[:-1] or labels), *(_path(url) if is_public(url) else ())])
