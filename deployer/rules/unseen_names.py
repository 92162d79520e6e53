"""A rule about names that hold what no one sees: they look like other names, and aren't them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from deployer.rules.place import Field, Finding
from deployer.rules.rule import rule
from deployer.source import UNSEEN, Severity, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.rules.subject import Subject
    from deployer.source import JSON, Body, Document, Pointer

_NAMES = frozenset({"name", "external_id"})
"""Fields whose text is a name at Attentive or in a journey."""

_JOINED = re.compile("(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])")
"""The joiner within an emoji of several, such as that of a family."""
_KEYS = "properties"
"""The field whose keys are names: of an event's properties, and of those of an object."""


@rule(
    "project/unseen-in-name",
    "a name holds a character that can't be seen",
    severity=Severity.WARNING,
    fix="write a plain blank, or delete the character; keep it only where the sender really sends it",
)
def unseen_in_name(subject: Subject) -> Iterator[Finding]:
    """A no-break space or a mark of no width makes a name that looks like another one and isn't it.

    Attentive compares names by character, and an event type or attribute can't be renamed once it is registered.
    """
    for resource in subject.declared_open():
        if not _may_hold_one(resource.document):
            continue
        for pointer, name, key, character in subject.project.once(
            "unseen in names", (resource.body,), partial(_unseen, resource.body)
        ):
            message = f"the name `{UNSEEN.sub('·', name)}` holds {named(character)}, shown as `·`"
            yield Finding(Field(resource, pointer, key=key), message)


def _may_hold_one(document: Document) -> bool:
    """Whether a document is written with more than plain letters, or with escapes, which may be such a character."""
    text = document.file.text
    return text.find("\\", *document.span) >= 0 or not text.isascii()


def _unseen(body: Body) -> tuple[tuple[Pointer, str, bool, str], ...]:
    """The names of a declaration that hold such a character, each with the first one."""
    looked = ((pointer, name, key, UNSEEN.search(_JOINED.sub("", name))) for pointer, name, key in _names(body))
    return tuple((pointer, name, key, match[0]) for pointer, name, key, match in looked if match)


def _names(value: JSON, at: Pointer = ()) -> Iterator[tuple[Pointer, str, bool]]:
    """Every name in a declaration, with its place and whether it is a key; samples repeat the keys."""
    children = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for key, child in children:
        here = (*at, key)
        if isinstance(key, str) and at[-1:] == (_KEYS,):
            yield here, key, True
        elif key in _NAMES and isinstance(child, str):
            yield here, child, False
        if key != "samples" and not str(key).startswith("x-"):
            yield from _names(child, here)
