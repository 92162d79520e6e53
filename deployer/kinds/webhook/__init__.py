"""``Webhook``: a URL that Attentive tells about sends, clicks and subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, NotRequired, TypedDict
from urllib.parse import urlsplit

from deployer.dataclass import dataclass
from deployer.kinds.base import Fields, LiveObject, Model, Scope, Session, UniqueName, Wanted, Write, Written
from deployer.kinds.defaults import Defaults, common
from deployer.kinds.shapes import Recorded
from deployer.kinds.values import AppUse, Unique
from deployer.net import is_loopback
from deployer.source.secret import Secret
from deployer.state.marks import Rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from deployer.attentive import Client
    from deployer.attentive import Webhook as RemoteWebhook
    from deployer.source import Body
    from deployer.source.settings import Environment

__all__ = ["KIND", "Webhook", "tried_here"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook(Model):
    """A webhook: ``url`` is text, or ``{"env": NAME}`` where it holds a token; ``events`` are Attentive's names."""

    app: str
    url: Any
    events: tuple[str, ...]
    enabled: bool = True


class WebhookApi:
    """Webhooks are listed, created, changed and deleted with the key of their app."""

    sends = False
    irreversible = ""
    unique = (Unique("url", within=("app",)),)
    alike = ("app", "url", "events")  # a webhook has no id of ours

    def locked(self, changed: Collection[str]) -> str:
        """A webhook belongs to the app whose key made it."""
        if "app" not in changed:
            return ""
        return "a webhook stays with the app that made it; declare another resource for the new app and remove this"

    def aim(self, wanted: Fields, existing: Fields) -> Fields:
        """What is wanted is what will exist."""
        del existing
        return wanted

    def read(self, session: Session, wanted: Sequence[Wanted]) -> Iterable[LiveObject]:
        """Every webhook of each app that has one declared or recorded."""
        for app in sorted({each.app for each in wanted}):
            for webhook in session.client(app).webhooks():
                yield LiveObject(webhook.id, fields_of(webhook, app))

    def own_id(self, wanted: Fields) -> str:
        """Attentive gives a webhook its id."""
        del wanted
        return ""

    def create(self, session: Session, write: Write) -> Written:
        """Create it, and disable it at once where the YAML says so (the create call can't)."""
        client, fields = session.client(write.app), session.reveal(write.fields)
        webhook = client.create_webhook(fields["url"], fields["events"])
        if fields["status"] == "disabled":
            webhook = _disabled(client, webhook)
        return Written(webhook.id, fields_of(webhook, write.app))

    def update(self, session: Session, write: Write) -> Written:
        """Replace URL, events and status."""
        fields = session.reveal(write.fields)
        changed = session.client(write.app).update_webhook(
            write.id, fields["url"], fields["events"], disabled=fields["status"] == "disabled"
        )
        return Written(changed.id, fields_of(changed, write.app))

    def delete(self, session: Session, write: Write) -> None:
        """Delete it; Attentive stops its retries."""
        session.client(write.app).delete_webhook(write.id)


def _disabled(client: Client, remote_webhook: RemoteWebhook) -> RemoteWebhook:
    """Disable what was just made. If that fails, it exists all the same: the error has to say so."""
    from deployer.attentive import AttentiveError  # noqa: PLC0415 - the client is needed by a write only

    try:
        return client.update_webhook(remote_webhook.id, remote_webhook.url, remote_webhook.events, disabled=True)
    except AttentiveError as error:
        error.may_have_happened = True
        raise


def fields_of(webhook: RemoteWebhook, app: str) -> Fields:
    status = "disabled" if webhook.disabled else "enabled"
    return {"app": app, "url": webhook.url, "events": sorted(webhook.events), "status": status}


SecretUrl = Annotated[Any, Rule("a URL or a secret", lambda url: isinstance(url, str | Mapping))]


def tried_here(url: str, environment: Environment) -> bool:
    """Whether a URL leads to this machine from the sandbox, which posts to http there: a service can be tried."""
    return environment.is_sandbox and is_loopback(url)


def _is_url(url: str, scheme: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == scheme and bool(parts.hostname) and url.isprintable() and not set(url) & set(" \t")


class _Recorded(TypedDict):
    """A webhook as it was written or seen; a secret URL is an object."""

    app: NotRequired[str]
    url: SecretUrl
    events: tuple[str, ...]
    status: str


class WebhookKind(Defaults):
    """Webhooks depend on nothing but their app's key."""

    name = "Webhook"
    snake = "webhook"
    model = Webhook
    rank = 20
    permission = "Webhooks"
    app_use = AppUse.OURS
    api = WebhookApi()
    recorded = Recorded(fields=_Recorded)
    stand_ins = MappingProxyType({"app": "", "url": "", "events": (), "status": "enabled"})

    def parse(self, address: str, id: str, body: Body) -> Webhook:  # noqa: A002 - the field's name in the file format
        """Build the model from a checked body."""
        return Webhook(
            **common(address, id, body),
            app=body["app"],
            url=body["url"],
            events=tuple(body["events"]),
            enabled=body.get("status", "enabled") == "enabled",
        )

    def names(self, model: Webhook) -> Iterable[UniqueName]:
        """A URL in clear is declared once; a secret one is compared when its value is known."""
        if isinstance(model.url, str):
            yield UniqueName("webhook URL", model.url, ("url",))

    def unfit(self, fields: Fields, environment: Environment) -> str:
        """Attentive posts to https only (its page "Create and manage webhooks"); the sandbox to this machine too."""
        url = fields["url"]
        if tried_here(url, environment) and _is_url(url, "http"):
            return ""
        return "" if _is_url(url, "https") else "its URL isn't an https URL with a host, as Attentive wants it"

    def wanted(self, model: Webhook, scope: Scope) -> Wanted:
        """App, URL (by reference where secret), events in order, status."""
        del scope
        url = model.url if isinstance(model.url, str) else Secret.of(model.url).reference
        status = "enabled" if model.enabled else "disabled"
        fields = {"app": model.app, "url": url, "events": sorted(model.events), "status": status}
        return Wanted(model.address, self.name, "api", model.app, fields, protect=model.protect)


KIND = WebhookKind()
