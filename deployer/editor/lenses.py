"""Small print above messages: how many segments a text takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.editor.mentions import declarations
from deployer.editor.values import Lens
from deployer.errors import TextError
from deployer.kinds.message import Message, estimate
from deployer.messages import RenderError
from deployer.nouns import counted
from deployer.source import FileProblem

if TYPE_CHECKING:
    from deployer.editor.desk import Desk


def lenses(desk: Desk, path: str) -> tuple[Lens, ...]:
    """A line for each message of a file; of one that can't be rendered there is none."""
    linked = desk.linked()
    shown = []
    for declaration in declarations(desk) if linked else ():
        resource = linked.project.resources.get(declaration.address) if linked else None
        if declaration.span.path == path and linked and resource and isinstance(resource.model, Message):
            try:
                counts = estimate(resource.model, linked.project)
            except (TextError, FileProblem, RenderError):
                continue
            shown.append(Lens(declaration.span, _title(counts), declaration.address))
    return tuple(shown)


def _title(counts: tuple[int, ...]) -> str:
    if not counts:
        return "preview"
    fewest, most = counts
    number = counted(fewest, "segment") if fewest == most else f"segments {fewest}\N{EN DASH}{most}"
    return f"{number} · preview"
