"""Changing the files that a user wrote: comments, order and every other byte stay.

Everything that rewrites a file of the project goes through this room: the text of a message (``texts``), entries of a
mapping (``mappings``), the settings (``settings``), whole documents (``documents``), and ``save``, which replaces the
file at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.atomic import write_file

if TYPE_CHECKING:
    from deployer.source.files import ProjectFiles


def save(files: ProjectFiles, path: str, content: str | bytes) -> None:
    """Replace a file of the project, or write a new one, with the folders above it.

    A text keeps the encoding that the file has now. Raises ``FileProblem`` where the path leads out of the project,
    ``OSError`` where the file can't be written; it is then as it was.
    """
    target = files.resolve(path)
    if isinstance(content, str):
        content = files.encoded(path, content) if target.exists() else content.encode()
    write_file(target, content)
