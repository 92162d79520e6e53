"""A file's YAML to documents: plain YAML is read line by line, and PyYAML parses what isn't plain.

PyYAML takes as long to import as a small project takes to read: most files don't need it.
"""

from __future__ import annotations

import marshal
from functools import lru_cache
from typing import TYPE_CHECKING

from deployer.source.documents import Document
from deployer.source.plain_flow import plain_flow
from deployer.source.plain_yaml import UnusualError, goes_beyond, plain_yaml
from deployer.source.source_file import SourceFile

if TYPE_CHECKING:
    from deployer.source.problems import Problem
    from deployer.source.values import JSON

_LINES = 4_096
"""How many values in brackets are cached: events declare many properties in the same words."""

_KEY = "key"


def compose(file: SourceFile) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """Give the documents of a file, and what is wrong with the others.

    A document without content (only comments) is neither. Never raises for what a file may hold.
    """
    plainly = plain_yaml(file.text, on_one_line)
    if plainly is not None:
        return tuple(Document(file, index, *each) for index, each in enumerate(plainly) if each.value), ()
    return _parsed(file)


def _parsed(file: SourceFile) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    from deployer.source.parsed_yaml import parsed  # noqa: PLC0415 - PyYAML is slow to import, and most files are plain

    return parsed(file)


def on_one_line(written: str) -> JSON:
    """Read a value that is on one line. Raises ``UnusualError`` where it isn't whole there.

    Each line that reads so gets a value of its own: what is known of a value is known by its identity.
    """
    known = _marshalled(written)
    if known is None:
        raise UnusualError
    return marshal.loads(known)  # noqa: S302 - it was made below


@lru_cache(maxsize=_LINES)
def _marshalled(written: str) -> bytes | None:
    if goes_beyond(written):
        return None
    plain = plain_flow(written)
    if plain is not None:
        return marshal.dumps(plain)
    documents, problems = _parsed(SourceFile("", f"{_KEY}: {written}\n"))
    if problems or len(documents) != 1 or documents[0].value.keys() != {_KEY}:
        return None
    return marshal.dumps(documents[0].value[_KEY])  # interned words stay so
