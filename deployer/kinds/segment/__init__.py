"""``Segment``: an empty member-list segment (Attentive's v2 API), whose members others add."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NotRequired, TypedDict

from deployer.dataclass import dataclass
from deployer.kinds.base import (
    Fields,
    GuardError,
    LiveObject,
    Model,
    Scope,
    Session,
    UniqueName,
    Wanted,
    Write,
    Written,
)
from deployer.kinds.defaults import Defaults, common
from deployer.kinds.shapes import Recorded
from deployer.kinds.values import AppUse, Unique

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from deployer.attentive import Refused
    from deployer.attentive import Segment as RemoteSegment
    from deployer.source import Body

__all__ = ["KIND", "Segment"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment(Model):
    """A segment: ``name`` as people see it, ``external_id`` as the API knows it (ours unless declared)."""

    name: str
    external_id: str
    app: str = ""


ARCHIVED = "Attentive archives a segment and may restore it, so that its external id stays taken"
"""Why removing a segment frees nothing (OpenAPI file for version 2, ``DELETE``: "can be restored if needed")."""


class SegmentApi:
    """Segments are fully readable and writable; deleting archives them."""

    sends = False
    irreversible = ""
    alike = ("external_id",)  # it is ours
    unique = (Unique("external_id", known=True, kept=ARCHIVED), Unique("name"))

    def locked(self, changed: Collection[str]) -> str:
        """The external id is how the API knows the segment."""
        if "external_id" not in changed:
            return ""
        return "a segment keeps its external id; declare another resource for the new one and remove this"

    def aim(self, wanted: Fields, existing: Fields) -> Fields:
        """What is wanted is what will exist."""
        del existing
        return wanted

    def read(self, session: Session, wanted: Sequence[Wanted]) -> Iterable[LiveObject]:
        """Every segment that the API lists, page by page."""
        for app in sorted({each.app for each in wanted}):
            for segment in session.client(app).segments():
                yield LiveObject(segment.external_id, _fields(segment))

    def own_id(self, wanted: Fields) -> str:
        """The external id is ours."""
        return str(wanted["external_id"])

    def create(self, session: Session, write: Write) -> Written:
        """Create the empty segment under its external id; raises ``GuardError`` where an archived one may hold it."""
        from deployer.attentive import Refused  # noqa: PLC0415 - the client is needed by a write only

        fields, client = write.fields, session.client(write.app)
        try:
            segment = client.create_segment(
                name=fields["name"], description=fields.get("description", ""), external_id=fields["external_id"]
            )
        except Refused as error:
            if client.segment(fields["external_id"]) is None:
                raise _perhaps_archived(write, error) from error
            raise
        return Written(segment.external_id, _fields(segment))

    def update(self, session: Session, write: Write) -> Written:
        """Change name and description."""
        fields = write.fields
        changed = session.client(write.app).update_segment(
            write.id, name=fields["name"], description=fields.get("description")
        )
        return Written(changed.external_id, _fields(changed))

    def delete(self, session: Session, write: Write) -> None:
        """Archive the segment."""
        session.client(write.app).archive_segment(write.id)


def _perhaps_archived(write: Write, error: Refused) -> GuardError:
    """Deleting a segment archives it, and no list shows an archived one (Attentive's OpenAPI file v2, /v2/segments)."""
    external_id = write.fields["external_id"]
    return GuardError(
        "archived-segment",
        f"Attentive refuses to create the segment “{external_id}”; an archived one may hold that id ({error})",
        "have it restored in Attentive and adopt it (`deployer import`), or declare it with another external_id",
    )


def _fields(segment: RemoteSegment) -> Fields:
    return {"name": segment.name, "external_id": segment.external_id, "description": segment.description}


class _Recorded(TypedDict):
    """A segment as it was written or seen."""

    name: str
    external_id: str
    description: NotRequired[str]


class SegmentKind(Defaults):
    """Segments come before the journeys that branch on them."""

    name = "Segment"
    snake = "segment"
    model = Segment
    rank = 15
    permission = "Segments"
    app_use = AppUse.OURS
    api = SegmentApi()
    recorded = Recorded(fields=_Recorded)
    stand_ins = MappingProxyType({"name": "", "external_id": "", "app": ""})

    def parse(self, address: str, id: str, body: Body) -> Segment:  # noqa: A002 - the field's name in the file format
        """Build the model from a checked body; Attentive trims white space, so it is trimmed here."""
        return Segment(
            **{**common(address, id, body), "description": body.get("description", "").strip()},
            name=body["name"].strip(),
            external_id=body.get("external_id", id).strip(),
            app=body.get("app", ""),
        )

    def names(self, model: Segment) -> Iterable[UniqueName]:
        """Name and external id are each one segment's."""
        yield UniqueName("segment", model.name, ("name",))
        yield UniqueName("segment external id", model.external_id, ("external_id",))

    def wanted(self, model: Segment, scope: Scope) -> Wanted:
        """Name, external id, and the description where one is declared (Attentive fills in its own otherwise)."""
        del scope
        fields = {"name": model.name, "external_id": model.external_id}
        if model.description:
            fields["description"] = model.description
        return Wanted(model.address, self.name, "api", model.app, fields, protect=model.protect)


KIND = SegmentKind()
