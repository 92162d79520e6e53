"""An opt-in source's declaration: where people agree to messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.base import Model

if TYPE_CHECKING:
    from deployer.kinds.channels import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class OptInSource(Model):
    """A sign-up source. ``name`` is what Attentive's team calls its unit (may be empty).

    ``sign_up_source_id`` comes from Attentive after its review: empty means waiting.
    """

    name: str = ""
    channel: Channel
    subscription_type: str
    placement: str
    control: str
    pre_checked: bool
    disclosure: str = ""
    disclosure_file: str = ""
    screenshot: str = ""
    sign_up_source_id: str = ""
