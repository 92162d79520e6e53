"""What changes within a resource, field by field: old and new, long texts as differences, and how the old is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.engine.changes import Provenance
from deployer.nouns import counted
from deployer.views.notation import NOTHING, arrow, difference, is_long, leaves, notation
from deployer.views.outline import Diff, Entry, Run, Tone, entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from deployer.engine.changes import FieldChange
    from deployer.views.notation import Leaf

WHOLE = 12
"""Lines of a text that is new or gone as a whole that a plan shows unless it is asked for all."""

_WORDS = {"keys": "properties", "outline": "order of the steps"}
"""What a recorded field is called where its name isn't the one in the YAML."""

_ALL = "(`plan -v` shows all)"
_COMMA = Run(", ")


def _in_no_file(address: str, path: str) -> str:
    del address, path
    return ""


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is shown of long texts that are new or gone as a whole: with ``verbose`` all of them.

    Else a file is named where ``file_of`` knows the one that a text is in, by address and field.
    """

    verbose: bool = False
    file_of: Callable[[str, str], str] = _in_no_file


BRIEF = Detail()
"""Long new texts cut, with no file known."""


@dataclass(frozen=True, slots=True)
class _Field:
    """A value that differs, within a field of ``address``; ``within`` is the field's path as it is shown."""

    leaf: Leaf
    within: str
    field: FieldChange
    address: str
    detail: Detail

    @property
    def path(self) -> str:
        """Its path in words."""
        first, dot, rest = _joined(self.within, self.leaf.path).partition(".")
        return f"{_WORDS.get(first, first)}{dot}{rest}" or "value"

    @property
    def file(self) -> str:
        """The file that it is the text of; searched for where it is shown, as most values are in none."""
        return self.detail.file_of(self.address, _joined(self.field.path, self.leaf.path))


def field_nodes(
    fields: Sequence[FieldChange], *, address: str = "", drop: str = "", detail: Detail = BRIEF
) -> tuple[Entry, ...]:
    """Show the field changes of an address; ``drop`` (their task) is left out at the beginning of each path.

    Where everything is new, or everything goes, the short values are together on one line.
    """
    new = all(_absent(field.old) and field.provenance is not Provenance.UNKNOWN for field in fields)
    gone = not new and all(_absent(field.new) for field in fields)
    shown = [(field, tuple(_fields(field, address, drop, detail))) for field in fields]
    if new:
        return tuple(_together(shown, lambda leaf: leaf.new))
    if gone:
        return tuple(_together(shown, lambda leaf: leaf.old, word="until now "))
    return tuple(node for field_change, within in shown for node in _apart(field_change, within))


def _fields(field_change: FieldChange, address: str, drop: str, detail: Detail) -> Iterator[_Field]:
    """The values of a field that differ; ``drop`` goes from its path, as everyone sees it above."""
    path = field_change.path
    within = path.removeprefix(drop).removeprefix(".") if path.startswith(drop) else path
    for leaf in leaves(field_change.old, field_change.new):
        yield _Field(leaf, within, field_change, address, detail)


def _absent(value: Any) -> bool:
    return value is None


def _together(
    shown: Sequence[tuple[FieldChange, Sequence[_Field]]], side: Callable[[Leaf], Any], *, word: str = ""
) -> Iterator[Entry]:
    long: list[_Field] = []
    texts: list[str] = []
    for _, within in shown:
        short: list[_Field] = []
        for field in within:
            (long if is_long(side(field.leaf)) else short).append(field)
        texts += _flow(short, side)
    if texts:
        parts = [run for text in texts for run in (Run(text, code=True), _COMMA)]
        yield entry(word, *parts[:-1])
    for field in long:
        yield _long(f"{word}{field.path}:", field, "")


def _flow(fields: Sequence[_Field], side: Callable[[Leaf], Any]) -> list[str]:
    """Short values of one field with their names; the values of a mapping are between braces."""
    if len(fields) < 2:  # noqa: PLR2004 - one value needs no braces
        return [f"{field.path}: {notation(side(field.leaf))}" for field in fields]
    path = fields[0].path.removesuffix(f".{fields[0].leaf.path}")
    first, *rest = (f"{field.leaf.path}: {notation(side(field.leaf))}" for field in fields)
    return [f"{path}: {{{first}", *rest[:-1], f"{rest[-1]}}}"]


def _apart(field_change: FieldChange, within: Sequence[_Field]) -> Iterator[Entry]:
    for field in within:
        leaf, known = field.leaf, _provenance(field_change, field.leaf)
        if is_long(leaf.old) or is_long(leaf.new):
            yield _long(f"{field.path}:", field, known)
        else:
            yield entry(f"{field.path}: ", Run(arrow(leaf.old, leaf.new), code=True), Run(known, Tone.DIM))


def _joined(path: str, rest: str) -> str:
    return f"{path}.{rest}" if path and rest else path or rest


def _provenance(field_change: FieldChange, leaf: Leaf) -> str:
    """Where the old value is known from, unless that is Attentive itself or there is none."""
    if field_change.provenance is Provenance.LIVE or (
        leaf.old is None and field_change.provenance is not Provenance.UNKNOWN
    ):
        return ""
    return f" ({field_change.provenance.value})"


def _long(label: str, field: _Field, known: str) -> Entry:
    leaf = field.leaf
    rows = difference(leaf.old, leaf.new)
    whole = leaf.old is None or leaf.new is None
    cut = whole and not field.detail.verbose and len(rows) > WHOLE + 1
    file = field.file if cut and leaf.old is None else ""
    if file:
        return entry(f"{label} ", Run(file, code=True), Run(f", {counted(len(rows), 'line')} {_ALL}", Tone.DIM))
    shown = rows[:WHOLE] if cut else rows
    rest = (entry(Run(f"… {counted(len(rows) - len(shown), 'more line')} {_ALL}", Tone.DIM)),) if cut else ()
    gone = f" {NOTHING} now" if leaf.new is None else ""
    return entry(f"{label}{gone}", Run(known, Tone.DIM), children=(Diff(shown), *rest))
