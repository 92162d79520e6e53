"""``OptInSource``: where people agree to messages; placed by people, reviewed by Attentive, used by its ID."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from deployer.kinds.base import Scope, UniqueName, Wanted
from deployer.kinds.channels import Channel
from deployer.kinds.defaults import Defaults, common, with_stand_ins
from deployer.kinds.opt_in_source.actions import OptInSourcePerson
from deployer.kinds.opt_in_source.model import OptInSource
from deployer.kinds.opt_in_source.shapes import RECORDED
from deployer.kinds.values import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deployer.source import Body, Pointer

__all__ = ["KIND", "OptInSource"]


_NO_CONSENT: Mapping[str, Any] = MappingProxyType({"control": "", "disclosure": ""})


class OptInSourceKind(Defaults):
    """Attentive's launch checklist begins with the opt-in unit, so tasks for it come early."""

    name = "OptInSource"
    snake = "opt_in_source"
    model = OptInSource
    rank = 8
    permission = "Subscribers"
    launch_step = 1
    person = OptInSourcePerson()
    recorded = RECORDED
    stand_ins = MappingProxyType(
        {
            "name": "",
            "channel": Channel.EMAIL.value,
            "subscription_type": "",
            "placement": "",
            "consent": _NO_CONSENT,
            "screenshot": "",
            "sign_up_source_id": "",
        }
    )

    def parse(self, address: str, id: str, body: Body) -> OptInSource:  # noqa: A002 - the field's name in the file format
        """Build the model from a checked body."""
        consent: Mapping[str, Any] = body["consent"]
        disclosure = consent.get("disclosure", "")
        in_file = not isinstance(disclosure, str)
        return OptInSource(
            **common(address, id, body),
            name=body.get("name", ""),
            channel=Channel(body["channel"]),
            subscription_type=body["subscription_type"],
            placement=body["placement"],
            control=consent["control"],
            pre_checked=consent.get("pre_checked", False),
            disclosure="" if in_file else disclosure,
            disclosure_file=disclosure["file"] if in_file else "",
            screenshot=body.get("screenshot", ""),
            sign_up_source_id=body.get("sign_up_source_id", ""),
        )

    def readable(
        self,
        address: str,
        id: str,  # noqa: A002 - the field's name in the file format
        body: Body,
        mistakes: Sequence[Pointer],
    ) -> tuple[OptInSource, Body] | None:
        """The source with the parts of its consent that have no mistake, and what stands in for other fields."""
        parts = {str(pointer[1]) for pointer in mistakes if len(pointer) > 1 and pointer[0] == "consent"}
        others = [pointer for pointer in mistakes if len(pointer) == 1 or pointer[0] != "consent"]
        if parts:
            kept = {key: value for key, value in body["consent"].items() if key not in parts}
            body = {**body, "consent": {**_NO_CONSENT, **kept}}
        rest = with_stand_ins(self, body, others)
        return None if rest is None else (self.parse(address, id, rest), rest)

    def mentions(self, model: OptInSource, scope: Scope, path: str) -> Iterable[Mention]:
        """A task's field is one of the declaration or of its consent; a long disclosure is in its file."""
        del scope
        name = path.partition(".")[2] or path
        consent = name in {"control", "pre_checked", "disclosure"}
        yield Mention(model.address, ("consent", name) if consent else (name,))
        if name == "disclosure" and model.disclosure_file:
            yield Mention(file=model.disclosure_file, whole=True)

    def names(self, model: OptInSource) -> Iterable[UniqueName]:
        """A sign-up unit's ID belongs to one source."""
        if model.sign_up_source_id:
            yield UniqueName("sign-up source", model.sign_up_source_id, ("sign_up_source_id",))

    def wanted(self, model: OptInSource, scope: Scope) -> Wanted:
        """Everything about it is a person's work."""
        del scope
        return Wanted(model.address, self.name, "person", protect=model.protect)


KIND = OptInSourceKind()
