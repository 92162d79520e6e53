"""Rules about segments: lengths as Attentive counts them, after it cut off white space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.segment import Segment
from deployer.rules.place import Finding
from deployer.rules.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.rules.subject import Subject

NAME = (1, 240)
DESCRIPTION = (2, 500)
EXTERNAL_ID = (1, 255)


@rule("segment/name-length", "a segment's name is too short or too long", fix="write 1 to 240 characters")
def name_length(subject: Subject) -> Iterator[Finding]:
    """Attentive takes 1 to 240 characters and doesn't count white space around them (OpenAPI file v2, /v2/segments)."""
    for segment in subject.each(Segment):
        yield from _length(subject, segment, "name", segment.name, NAME)


@rule(
    "segment/description-length",
    "a segment's description is too short or too long",
    fix="write 2 to 500 characters, or leave the description out",
)
def description_length(subject: Subject) -> Iterator[Finding]:
    """Attentive takes 2 to 500 characters and doesn't count white space around them (OpenAPI file v2, /v2/segments)."""
    for segment in subject.each(Segment):
        if "description" in subject.resource(segment).body:
            yield from _length(subject, segment, "description", segment.description, DESCRIPTION)


@rule("segment/external-id-length", "a segment's external id is too short or too long", fix="write 1 to 255 characters")
def external_id_length(subject: Subject) -> Iterator[Finding]:
    """Attentive takes 1 to 255 characters and doesn't count white space around them (OpenAPI file v2, /v2/segments)."""
    for segment in subject.each(Segment):
        yield from _length(subject, segment, "external_id", segment.external_id, EXTERNAL_ID)


def _length(subject: Subject, segment: Segment, field: str, value: str, limits: tuple[int, int]) -> Iterator[Finding]:
    least, most = limits
    if not least <= len(value) <= most:
        message = f"Attentive takes {least} to {most} characters here and counts {len(value)}"
        yield Finding(subject.at(segment, field), message, "white space at the beginning and end doesn't count")
