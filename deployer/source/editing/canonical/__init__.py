"""The canonical form of a file: keys in the order of their schema, one way to quote, texts as people read them.

What a file says stays: its values, the bytes of every text, its comments, and what those suppress. The result is read
back and compared; where anything else would come out, the file is left as it is, with the reason.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from deployer.source.described import Described
from deployer.source.editing.canonical.comments import comments_of, written_comments
from deployer.source.editing.canonical.tree import CantWriteError, pages
from deployer.source.editing.canonical.writing import page_lines
from deployer.source.positions import nodes
from deployer.source.source_file import SourceFile
from deployer.source.suppressing import suppressions
from deployer.source.values import canonical
from deployer.source.yaml_files import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from deployer.source.documents import Document
    from deployer.source.editing.canonical.tree import Page
    from deployer.source.positions import Node

__all__ = ["CantWriteError", "canonical_text"]


def canonical_text(file: SourceFile, place: Callable[[Document], Described]) -> str:
    """Return a file's text in the canonical form; ``place`` gives what describes a document.

    The file is known to be sound. Raises ``CantWriteError`` where it can't be written without losing something.
    """
    documents, problems = compose(file)
    if problems:
        raise CantWriteError(f"it isn't sound: {problems[0].message}", problems[0].position.line)
    places = {document.index: place(document) for document in documents}
    all_pages = pages(file.text)
    all_comments = written_comments(file.text, all_pages)
    written: list[str] = []
    for number, page in enumerate(all_pages):
        mine = [written_comment for written_comment in all_comments if _is_of(all_pages, number, written_comment.start)]
        comments = comments_of(file.text, page, mine)
        written += page_lines(page, comments, places.get(number) or Described({}), first=not number)
    newline = "\r\n" if "\r\n" in file.text else "\n"
    text = newline.join([*written, ""]) if written else file.text
    _check_same(file, SourceFile(file.path, text), documents)
    return text


def _is_of(all_pages: Sequence[Page], number: int, start: int) -> bool:
    """Whether a place belongs to a document: from its `---` on, for the first one from the file's beginning."""
    begins = all_pages[number].start if number else 0
    return begins <= start and (number + 1 == len(all_pages) or start < all_pages[number + 1].start)


def _check_same(before: SourceFile, after: SourceFile, documents: Sequence[Document]) -> None:
    """Raise ``CantWriteError`` where a file doesn't say what it said."""
    again, problems = compose(after)
    if problems or [canonical(document.value) for document in documents] != [
        canonical(document.value) for document in again
    ]:
        raise CantWriteError("its values can't be written in this form", _differing(documents, again))
    lost = _comments(before) - _comments(after)
    if lost:
        raise CantWriteError("a comment has no place in this form", _line_of(before, next(iter(lost))))
    about = zip(suppressions(before), _suppressed(before, documents), _suppressed(after, again), strict=True)
    line = next((suppression.line for suppression, values, others in about if values != others), 0)
    if line:
        raise CantWriteError("its comment that leaves out findings would be about other values", line)


def _comments(file: SourceFile) -> Counter[str]:
    return Counter(written_comment.text for written_comment in written_comments(file.text, pages(file.text)))


def _differing(documents: Sequence[Document], again: Sequence[Document]) -> int:
    pairs = zip(documents, again, strict=False)
    document = next((old for old, new in pairs if canonical(old.value) != canonical(new.value)), documents[0])
    return document.locate(()).line


def _line_of(file: SourceFile, comment: str) -> int:
    return next((number for number, line in enumerate(file.lines(), 1) if comment and comment in line), 1)


def _suppressed(file: SourceFile, documents: Sequence[Document]) -> Iterator[frozenset[tuple[object, ...]]]:
    """The values that each comment for deployer is about."""
    all_suppressions = suppressions(file)
    places = (
        [(document.index, *place) for document in documents for place in _places(nodes(file, document.span))]
        if all_suppressions
        else []
    )
    for comment in all_suppressions:
        yield frozenset((index, *pointer) for index, pointer, line in places if comment.first <= line <= comment.last)


def _places(node: Node) -> Iterator[tuple[tuple[object, ...], int]]:
    if node.key is not None:
        yield node.pointer, node.key.line
    yield ("", *node.pointer), node.line
    for child in node.children.values():
        yield from _places(child)
