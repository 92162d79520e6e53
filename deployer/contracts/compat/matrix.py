"""The matrix: every kind of change, what it means for those who send and those who read, and why.

One table: the comparison takes its verdicts from it, ``docs/compat.md`` shows it, and the tests execute it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from deployer.contracts.compat.verdict import Verdict
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

S, R, B = Verdict.SAFE, Verdict.RISKY, Verdict.BREAKING

HOLE = "leaves a hole in"
MAY = "may leave a hole in"
OTHER = "changes what is read in"
STOPS = "no longer starts"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of change.

    ``producers``: for those that still send the old shape. ``readers``: for messages and journeys that read the new
    one; ``guarded``: where a default or a condition stands for the value; without a reader it is safe for readers.
    ``effect`` says what becomes of a reader, ``way_out`` names the recipe.
    """

    change: str
    title: str
    producers: Verdict
    readers: Verdict
    guarded: Verdict
    why: str
    effect: str = OTHER
    way_out: str = ""


_SENT = "A payload key that isn't declared is a violation, and senders still send it."
_HOLE = "Attentive sends a transactional message even where a value is missing (help page on Liquid in email)."
_CASE = "Event types and property keys are case-sensitive at Attentive (OpenAPI file, POST /v1/events/custom)."
_WIDER = "Everything that was sent still fits; texts may get longer, and conditions may not know a new value."
_NARROWER = "Something that senders may send today no longer fits."
_LIST = "Lists and objects can be used in emails only (Attentive's OpenAPI file, POST /v1/events/custom)."
_TYPE = (
    "Values that were sent before may not fit the new type, and Attentive doesn't document how other types are printed."
)

_ROWS = (
    Row("property-added-required", "a required property is added", B, B, S, f"Senders don't send it yet. {_HOLE}",
        HOLE, "require"),
    Row("property-added-optional", "an optional property is added", S, R, S,
        "Events may leave it out; a message may read it only behind a default or a condition.", MAY),
    Row("property-removed", "a property is removed", B, B, R, f"{_SENT} {_HOLE}", HOLE, "remove"),
    Row("property-removed-reserved", "a property is removed and its key reserved", R, B, R,
        f"The key may never come back with another meaning. {_SENT} Attentive itself takes it.", HOLE, "remove"),
    Row("property-renamed", "a property is renamed (probably: same definition, one gone, one new)", B, B, R,
        f"For senders and texts it is a removal and an addition. {_HOLE}", HOLE, "replace"),
    Row("property-case-changed", "a key is written in other letters, or with other separators", B, B, R, _CASE, HOLE,
        "replace"),
    Row("property-returned", "a reserved key is declared again", B, B, R,
        "Senders and journeys that people still go through use the key with its former meaning.", OTHER, "return"),
    Row("reservation-lifted", "a key is taken out of `reserved`", R, S, S,
        "Nothing keeps the key from coming back with another meaning."),
    Row("property-made-required", "an optional property becomes required", B, S, S,
        "Senders that leave it out break the new declaration.", OTHER, "require"),
    Row("property-made-optional", "a required property becomes optional", S, B, S, _HOLE, MAY, "reader"),
    Row("value-may-be-empty", "a text that never was empty may be", S, B, S,
        f"An empty value leaves the same gap as a missing one. {_HOLE}", MAY, "reader"),
    Row("value-not-scalar", "a single value may now be a list or an object", S, B, B, _LIST, MAY, "reader"),
    Row("pii-marked", "a property is marked as personal data", S, S, S,
        "Renderings, pages and comments show asterisks in its place."),
    Row("pii-unmarked", "a property is no longer marked as personal data", R, S, S,
        "Its values show in renderings, pages and comments."),
    Row("property-deprecated", "a property is marked as deprecated", S, S, S, "Nothing that is sent or read changes."),
    Row("field-added-required", "a required key is added to an object", B, B, S, f"Senders don't send it yet. {_HOLE}",
        HOLE, "require"),
    Row("field-added-optional", "an optional key is added to an object", S, R, S,
        "Objects may leave it out; an email may read it only behind a default or a condition.", MAY),
    Row("field-removed", "a key of an object is removed", B, B, R, f"{_SENT} {_HOLE}", HOLE, "remove"),
    Row("field-made-required", "an optional key of an object becomes required", B, S, S,
        "Senders that leave it out break the new declaration.", OTHER, "require"),
    Row("field-made-optional", "a required key of an object becomes optional", S, B, S, _HOLE, MAY, "reader"),
    Row("other-keys-allowed", "an object may hold keys that aren't declared", S, S, S,
        "Everything that was sent still fits."),
    Row("other-keys-refused", "an object may no longer hold keys that aren't declared", B, S, S, _NARROWER, OTHER,
        "require"),
    Row("type-widened", "a type is widened (integer to number, one type to several)", S, R, R, _WIDER),
    Row("type-narrowed", "a type is narrowed", B, S, S, _NARROWER, OTHER, "require"),
    Row("type-changed", "a type is changed", B, B, B, _TYPE, OTHER, "replace"),
    Row("null-allowed", "a value may be null", S, B, S, f"Null prints nothing. {_HOLE}", MAY, "reader"),
    Row("null-refused", "a value may no longer be null", B, S, S, _NARROWER, OTHER, "require"),
    Row("enum-added", "a list of values is added", B, S, S, _NARROWER, OTHER, "require"),
    Row("enum-removed", "a list of values is removed", S, R, R, _WIDER),
    Row("enum-grown", "a list of values grows", S, R, R, _WIDER),
    Row("enum-shrunk", "a list of values shrinks", B, S, S, _NARROWER, OTHER, "require"),
    Row("enum-changed", "a list of values loses some and gains others", B, R, R, _NARROWER, OTHER, "require"),
    Row("const-added", "a value becomes fixed", B, S, S, _NARROWER, OTHER, "require"),
    Row("const-removed", "a value is no longer fixed", S, R, R, _WIDER),
    Row("const-changed", "a fixed value becomes another", B, R, R, _NARROWER, OTHER, "replace"),
    Row("format-added", "a format is added", B, S, S, _NARROWER, OTHER, "require"),
    Row("format-removed", "a format is removed", S, R, R, _WIDER),
    Row("format-changed", "a format becomes another", B, R, R, _NARROWER, OTHER, "replace"),
    Row("pattern-added", "a pattern is added", B, S, S, _NARROWER, OTHER, "require"),
    Row("pattern-removed", "a pattern is removed", S, R, R, _WIDER),
    Row("pattern-changed", "a pattern becomes another (breaking where a sample no longer fits)", R, R, R,
        "Whether one pattern includes the other can't be decided in general.", OTHER, "require"),
    Row("length-tightened", "the length of a text is bounded more tightly", B, S, S, _NARROWER, OTHER, "require"),
    Row("length-loosened", "the length of a text is bounded less tightly", S, R, R, _WIDER),
    Row("range-tightened", "the range of a number is bounded more tightly", B, S, S, _NARROWER, OTHER, "require"),
    Row("range-loosened", "the range of a number is bounded less tightly", S, R, R, _WIDER),
    Row("step-tightened", "a number must be a multiple of more", B, S, S, _NARROWER, OTHER, "require"),
    Row("step-loosened", "a number must be a multiple of less, or of nothing", S, R, R, _WIDER),
    Row("count-tightened", "the number of elements is bounded more tightly", B, S, S, _NARROWER, OTHER, "require"),
    Row("count-loosened", "the number of elements is bounded less tightly", S, R, R, _WIDER),
    Row("unique-added", "the elements of a list must differ", B, S, S, _NARROWER, OTHER, "require"),
    Row("unique-removed", "the elements of a list may be the same", S, R, R, _WIDER),
    Row("event-added", "an event type is added", S, S, S, "Nothing sends or reads it yet."),
    Row("event-removed", "an event type is removed", B, B, B,
        "It can't be deleted at Attentive: senders still send it, and journeys that run still start with it, "
        "without a declaration.", "has lost the declaration of what starts", "retire-event"),
    Row("event-removed-deprecated", "an event type that was deprecated is removed", R, B, B,
        "Senders had notice. It can't be deleted at Attentive.", "has lost the declaration of what starts",
        "retire-event"),
    Row("event-renamed", "the name of an event type changes", B, B, B,
        "Another name is another event type at Attentive: journeys stay bound to the former one.", STOPS, "new-event"),
    Row("event-case-changed", "the name of an event type is written in other letters or separators", B, B, B, _CASE,
        STOPS, "new-event"),
    Row("event-moved-to-app", "an event type moves to another app", B, B, B,
        "A type belongs for ever to the app that first sent it (Attentive's OpenAPI file, POST /v1/events/custom).",
        STOPS, "new-event"),
    Row("event-id-changed", "an event type gets another id here, its name stays", S, S, S,
        "At Attentive nothing changes; `moved` in deployer.yaml takes the state along."),
    Row("event-deprecated", "an event type is marked as deprecated", S, S, S, "Nothing that is sent or read changes."),
    Row("identifier-removed", "customers are no longer identified by phone, or by email", B, B, B,
        "Events that name the customer by it alone break the new declaration. A text needs a phone, an email an "
        "address.", "no longer reaches customers through", "reader"),
    Row("identifier-added", "customers may be identified by phone, or by email, instead", S, R, R,
        "Every event has at least one of the ways in `identify_by`: one that names the customer by the new way alone "
        "is reached by no message of the other channel.", "may no longer reach customers through"),
    Row("trigger-changed", "a journey gets another trigger", S, B, B,
        "A journey's trigger is fixed once it is created at Attentive: it has to be built again, and events of the "
        "former trigger no longer start it.", "has to be built again:", "trigger"),
    Row("attribute-added", "an attribute is added", S, S, S, "Nothing sends or reads it yet."),
    Row("attribute-removed", "an attribute is removed", R, B, R,
        f"It can't be deleted at Attentive, and it is no longer declared who fills it. {_HOLE}", MAY, "attribute"),
    Row("attribute-renamed", "the name of an attribute changes", B, B, R,
        f"Another name is another attribute at Attentive. {_HOLE}", HOLE, "attribute"),
    Row("attribute-case-changed", "the name of an attribute is written in other letters or separators", B, B, R,
        "Attribute names are case-sensitive at Attentive (OpenAPI file, POST /v1/attributes/custom).", HOLE,
        "attribute"),
    Row("attribute-type-changed", "the type of an attribute changes", B, R, R,
        "Attentive locks an attribute's type on its first value and refuses values of another "
        "(OpenAPI file, POST /v1/attributes/custom).", OTHER, "attribute"),
    Row("environment-removed", "an environment with an Attentive account is removed, or gets another name", B, S, S,
        "Nothing that was declared there can be compared, and what is recorded stays under the former name.", OTHER,
        "environment"),
)  # fmt: skip

MATRIX: Mapping[str, Row] = MappingProxyType({row.change: row for row in _ROWS})
"""Every row by the id of its change, in the order of the page in the docs."""
