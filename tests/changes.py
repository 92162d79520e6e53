"""Changes and plans of the engine as values, about a webhook that is recorded and live."""

from __future__ import annotations

from typing import Any, cast

from deployer.engine.changes import Action, ApiChange, Reason
from deployer.engine.desired import ApiDesired, kind_of
from deployer.engine.plan import Mode, Plan
from deployer.kinds.base import LiveObject, Wanted
from deployer.source.secret import Sealer
from deployer.state import Entry

URL = "https://hooks.northwind.example/{}".format
FIELDS = {"app": "orders", "url": URL(1), "events": ["sms.sent"]}
SECRET = {**FIELDS, "url": {"$env": "HOOK_URL"}}
SEALER = Sealer("lineage", {"HOOK_URL": URL(1)})
LIVE = LiveObject("7", FIELDS)
HOOK = Entry("Webhook", "api", id="7", app="orders", fields=FIELDS)


def change(action: Action, address: str = "webhook.a", **more: Any) -> ApiChange:
    """A change of a webhook, or of what the address names."""
    kind = kind_of(address)
    assert kind is not None
    return ApiChange(address=address, kind=kind.name, action=action, reason=Reason.CHANGED, **more)


def wanted(address: str, fields: Any, **more: Any) -> ApiDesired:
    """What the YAML wants of an address."""
    kind = kind_of(address)
    assert kind is not None
    assert kind.api is not None
    about = Wanted(address, kind.name, "api", fields=fields, **more)
    return ApiDesired(about, kind, {}, retired=False, api=kind.api, resource=cast("Any", None))


def plan(*changes: Any, seen: str = "then", **more: Any) -> Plan:
    """A plan of these changes."""
    return Plan("production", Mode.LIVE, "lineage", "config", seen=seen, changes=changes, **more)
