"""Segments as declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.kinds.existing import Existing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.kinds.base import Session

DESCRIBED_BY_ATTENTIVE = "Manual Segment Upload Public API V2"
"""What Attentive writes where a segment was made without a description (its OpenAPI file v2, POST /v2/segments)."""


class SegmentImports:
    """Segments belong to the company, so that one key shows them all."""

    shared = True

    def existing(self, session: Session, app: str, named: str) -> Iterator[Existing]:
        """Every segment that isn't archived, by its external id."""
        for segment in sorted(session.client(app).segments(), key=lambda segment: segment.external_id):
            body: dict[str, Any] = {"name": segment.name, "external_id": segment.external_id}
            if segment.description not in {"", DESCRIBED_BY_ATTENTIVE}:
                body["description"] = segment.description
            fields = {"name": segment.name, "external_id": segment.external_id, "description": segment.description}
            yield Existing(segment.external_id, segment.name, fields, {**({"app": named} if named else {}), **body})
