"""What changes within a resource, field by field: old and new, long texts as differences, and how the old is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.engine.changes import Provenance
from deployer.views.notation import NOTHING, arrow, difference, is_long, leaves, notation
from deployer.views.outline import Diff, Entry, Run, Tone, counted, entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from deployer.engine.changes import FieldChange
    from deployer.views.notation import Leaf

WHOLE = 12
"""Lines of a text that is new or gone as a whole that a plan shows unless it is asked for all."""


def field_nodes(fields: Sequence[FieldChange], *, drop: str = "", verbose: bool = False) -> tuple[Entry, ...]:
    """Show field changes; ``drop`` is left out at the beginning of each path (the task that the fields belong to).

    Where everything is new, or everything goes, the short values are together on one line.
    """
    new = all(_absent(one.old) and one.provenance is not Provenance.UNKNOWN for one in fields)
    gone = not new and all(_absent(one.new) for one in fields)
    if new:
        return tuple(_together(fields, drop, lambda leaf: leaf.new, verbose=verbose))
    if gone:
        return tuple(_together(fields, drop, lambda leaf: leaf.old, verbose=verbose, word="until now "))
    return tuple(node for one in fields for node in _apart(one, drop, verbose=verbose))


def _absent(value: Any) -> bool:
    return value is None


def _together(
    fields: Sequence[FieldChange], drop: str, side: Callable[[Leaf], Any], *, verbose: bool, word: str = ""
) -> Iterator[Entry]:
    found = [(leaf, _path(one, drop, leaf)) for one in fields for leaf in leaves(one.old, one.new)]
    short = [(path, notation(side(leaf))) for leaf, path in found if not is_long(side(leaf))]
    if short:
        parts = [run for path, value in short for run in (Run(f"{path}: {value}", code=True), ", ")]
        yield entry(word, *parts[:-1])
    for leaf, path in found:
        if is_long(side(leaf)):
            yield _long(f"{word}{path}:", leaf, "", verbose=verbose)


def _apart(one: FieldChange, drop: str, *, verbose: bool) -> Iterator[Entry]:
    for leaf in leaves(one.old, one.new):
        path, known = _path(one, drop, leaf), _provenance(one, leaf)
        if is_long(leaf.old) or is_long(leaf.new):
            yield _long(f"{path}:", leaf, known, verbose=verbose)
        else:
            yield entry(f"{path}: ", Run(arrow(leaf.old, leaf.new), code=True), Run(known, Tone.DIM))


def _path(one: FieldChange, drop: str, leaf: Leaf) -> str:
    """The path of a leaf without what everyone sees above it."""
    within = one.path.removeprefix(drop).removeprefix(".") if one.path.startswith(drop) else one.path
    return ".".join(part for part in (within, leaf.path) if part) or "value"


def _provenance(one: FieldChange, leaf: Leaf) -> str:
    """Where the old value is known from, unless that is Attentive itself or there is none."""
    if one.provenance is Provenance.LIVE or (leaf.old is None and one.provenance is not Provenance.UNKNOWN):
        return ""
    return f" ({one.provenance.value})"


def _long(label: str, leaf: Leaf, known: str, *, verbose: bool) -> Entry:
    rows = difference(leaf.old, leaf.new)
    whole = leaf.old is None or leaf.new is None
    shown = rows if verbose or not whole or len(rows) <= WHOLE + 1 else rows[:WHOLE]
    more = f"… {counted(len(rows) - len(shown), 'more line')} (`plan -v` shows all)"
    rest = (entry(Run(more, Tone.DIM)),) if len(shown) < len(rows) else ()
    gone = f" {NOTHING} now" if leaf.new is None else ""
    return entry(f"{label}{gone}", Run(known, Tone.DIM), children=(Diff(shown), *rest))
