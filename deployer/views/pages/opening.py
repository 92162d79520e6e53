"""Where a place in the project's files is opened from a page: in an editor on this machine, on the forge's own page."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.forge.edit_pages import EditPage


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of the project's surroundings.

    ``folder`` is where the project is on the machine on which the page is looked at, ``None`` for a page that is sent
    around; ``edit_page`` is where the forge lets people edit its files, ``None`` where no forge is known.
    """

    folder: Path | None = None
    edit_page: EditPage | None = None


def opening_data(opening: Opening | None) -> dict[str, Any]:
    """The same as values that JSON can hold: what a path of the project is put behind."""
    data: dict[str, Any] = {}
    if opening and opening.folder:
        data["editor"] = f"vscode://file/{quote(opening.folder.resolve().as_posix().lstrip('/'))}/"
    if opening and opening.edit_page:
        data["edit_page"] = asdict(opening.edit_page)
    return data
