"""Renaming a declaration's id: everywhere it is mentioned, with ``moved`` in the settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.editor.looking import uses
from deployer.editor.mentions import Declared, meant
from deployer.editor.values import TextEdit
from deployer.errors import UsageError
from deployer.source.editing.items import ItemsError, NewItem, replace_items
from deployer.source.editing.values import flow

if TYPE_CHECKING:
    from deployer.editor.desk import Desk
    from deployer.editor.values import Place, Span

_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def renamable(desk: Desk, path: str, place: Place) -> Span | None:
    """The id at a place, if one is there that can be renamed."""
    declared = meant(desk, path, place)
    return declared.span if isinstance(declared, Declared) else None


def rename(desk: Desk, path: str, place: Place, name: str) -> tuple[TextEdit, ...]:
    """The changes that give a declaration another id. Raises ``UsageError`` where that can't be.

    ``moved`` in the settings leads from the old address to the new one, so that what is recorded is kept.
    """
    declared = meant(desk, path, place)
    if not isinstance(declared, Declared):
        raise UsageError("there is no id of a declaration here", "place the cursor on an id")
    snake, _, old = declared.address.partition(".")
    if not _ID.fullmatch(name):
        raise UsageError(f"`{name}` can't be an id", "write it in snake_case, such as order_shipped")
    if any(f"{snake}.{name}" in linked.project.resources for linked in desk.all_linked()):
        raise UsageError(f"`{snake}.{name}` is declared already", "choose another id")
    changes = tuple(TextEdit(span, name) for span in uses(desk, path, place))
    return (*changes, *_moved(desk, f"{snake}.{old}", f"{snake}.{name}")) if old != name else ()


def _moved(desk: Desk, old: str, new: str) -> tuple[TextEdit, ...]:
    document = desk.workspace.sources.settings
    if document is None:
        return ()
    text = desk.text(document.file.path)
    entry = {"from": old, "to": new}
    known = document.value.get("moved") or []
    if not known:
        end = "" if text.text.endswith("\n") else "\n"
        return (TextEdit(text.span(len(text.text), len(text.text)), f"{end}moved:\n  - {flow(entry)}\n"),)
    items = [*(NewItem(number, item, changed=False) for number, item in enumerate(known)), NewItem(None, entry)]
    try:
        return (TextEdit(text.whole, replace_items(document, ("moved",), items)),)
    except ItemsError as error:
        raise UsageError(f"{document.file.path}: {error.message}", error.hint) from error
