"""What the schemas say about a place in a text that an editor holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds import KINDS
from deployer.source import schema
from deployer.source.described import Described, described
from deployer.source.root import SETTINGS_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.editor.text import Text


def described_at(text: Text, line: int, path: Sequence[str | int]) -> Described:
    """What describes the place that a path leads to, in the document that a line is in."""
    here = _top(text, line)
    for step in path:
        here = here.child(step) if isinstance(step, str) else here.item()
    return here


def _top(text: Text, line: int) -> Described:
    if text.path in SETTINGS_NAMES:
        return described(schema("deployer"), resource=False)
    kind = KINDS.get(text.field(line, "kind"))
    if kind is None:
        return described({"properties": {"kind": {"enum": list(KINDS)}}}, resource=False)
    return described(schema(kind.snake), resource=True)
