"""What is at Attentive as declarations: the seam between ``deployer import`` and the kinds that the API lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from deployer.kinds.custom_attribute.importing import CustomAttributeImports
from deployer.kinds.existing import Existing
from deployer.kinds.segment.importing import SegmentImports
from deployer.kinds.webhook.importing import WebhookImports

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.kinds.base import Session

__all__ = ["IMPORTS", "Existing", "Imports"]


class Imports(Protocol):
    """How one kind's objects are read and declared."""

    @property
    def shared(self) -> bool:
        """Whether the key of any one app shows every object of the company."""

    def existing(self, session: Session, app: str, named: str) -> Iterable[Existing]:
        """Every object that an app's key shows (GET only); ``named`` is the app to write into the YAML, if any.

        Raises ``AttentiveError``.
        """


IMPORTS: Mapping[str, Imports] = {
    "CustomAttribute": CustomAttributeImports(),
    "Segment": SegmentImports(),
    "Webhook": WebhookImports(),
}
"""How each kind that the API lists is imported, by its name."""
