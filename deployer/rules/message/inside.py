"""A rule about what stands inside of lists and objects, and may be missing there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.event_type import definition
from deployer.messages import ELEMENT, path_text
from deployer.rules.message.names import PROPERTY
from deployer.rules.rule import Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from deployer.messages import Macro
    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text

KEY_AT = len(PROPERTY)
_COMPUTED = frozenset({"size", "first", "last"})
"""What Liquid itself knows of a value."""


@rule(
    "message/missing-inside",
    "an email prints what may be missing inside a list or an object",
    fix="write `| default: '…'` behind it, put an `if` around it, or take `optional: true` out of its definition",
)
def missing_inside(subject: Subject) -> Iterator[Finding]:
    """A transactional email is sent even with a value missing, and so the gap reaches the customer.

    Attentive's help page "Fine-tune email message personalization with Liquid". Followed are paths into objects and
    lists, the variables of loops, and names that are assigned from them.
    """
    for text in subject.texts.read:
        if text.is_sms or not subject.transactional(text.message):
            continue
        for macro in (*text.scan.macros, *text.scan.inner):
            reason = why_missing(subject, text, macro)
            if reason and not macro.guarded and (macro.bare or macro.filters):
                written = text.composed.text[macro.start : macro.end]
                message = f"`{written}` may have nothing to print: {reason}"
                yield Finding(text.at(macro), message)


def why_missing(subject: Subject, text: Text, macro: Macro) -> str:
    """Why what a macro reads inside of a property may be missing; empty where it can't be, or isn't known."""
    if macro.path[:KEY_AT] != PROPERTY or len(macro.path) <= KEY_AT + 1 or not text.event:
        return ""
    item = text.event.properties.get(str(macro.path[KEY_AT]))
    if item is None or not subject.defined(item):
        return ""
    schema: Mapping[str, Any] = definition(item, subject.project)
    return _within(schema, macro.path, macro.proven)


def _within(schema: Mapping[str, Any], path: Sequence[str | int], proven: int) -> str:
    """Go down a path; its first part that may be missing, and that no condition proves, is the reason."""
    owner = f"`{path_text(path[: KEY_AT + 1])}`"
    for index, segment in enumerate(path[KEY_AT + 1 :], KEY_AT + 2):
        known = index <= proven
        if segment == ELEMENT:
            schema = schema.get("items", {})
        elif "items" in schema and (isinstance(segment, int) or segment in {"first", "last"}):
            if not known and schema.get("minItems", 0) <= (abs(segment) if isinstance(segment, int) else 0):
                return f"the list {owner} may have no such element"
            schema = schema["items"]
        elif not schema.get("properties") or segment in _COMPUTED:
            return ""
        elif segment not in schema["properties"]:
            return f"`{segment}` isn't declared in {owner}"
        elif not known and segment not in schema.get("required", ()):
            return f"`{segment}` is optional in {owner}"
        else:
            schema = schema["properties"][segment]
        owner = f"each element of {owner}" if segment == ELEMENT else f"`{segment}`"
    return ""
