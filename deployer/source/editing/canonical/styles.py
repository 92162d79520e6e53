"""How a text is written: plain where every reader of YAML takes it for the same text, else in quotes or on lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from deployer.source.scalars import reads_as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.source.editing.canonical.tree import Scalar

WIDTH = 120
"""The longest line that is written, where there is a choice."""

FILLED = 100
"""Columns that the lines of a folded text fill."""

_NOT_TEXT_FOR_SOME = frozenset({"y", "Y", "n", "N"})
_STRING = "tag:yaml.org,2002:str"
_RESOLVER = yaml.resolver.Resolver()
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\x1b": "\\e"}
_UNSEEN = re.compile("[\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]")
_LAST_OF_ONE_BYTE = 0xFF
_UNSEEN_KEPT = frozenset("\u200d\xa0")
"""The joiner within emoji, and the space at which no line ends: common in texts, and shown by editors."""
_WORDS = re.compile(r"(?:\{\{.*?\}\}|\{%.*?%\}|\[\[.*?\]\]|\[%.*?%\]|[^ ])+")
_ANCHOR = re.compile(r"&\S+\s+")


def inline(scalar: Scalar) -> str:
    """Write a scalar on one line: a text in quotes keeps them, another one gets them where readers disagree."""
    if scalar.style:
        return quoted(scalar.value)
    if scalar.value == "<<" or not reads_as_text(scalar.value) or _agreed(scalar.value):
        return scalar.value
    return quoted(scalar.value)


def _agreed(plain: str) -> bool:
    """Whether readers of YAML 1.1 take an unquoted text for a text, too: `NO`, `20:50` and dates are something else."""
    tag = _RESOLVER.resolve(yaml.ScalarNode, plain, (True, False))  # type: ignore[no-untyped-call]  # the stubs' gap
    return plain not in _NOT_TEXT_FOR_SOME and tag == _STRING


def quoted(value: str) -> str:
    """Write a text in double quotes, or in single ones where those need fewer signs in it."""
    doubled = value.count('"') + value.count("\\")
    if doubled > value.count("'") and not _hides(value) and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    return '"' + _UNSEEN.sub(_escaped, re.sub(r'["\\]', lambda match: _ESCAPES[match[0]], value)) + '"'


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    if character in _UNSEEN_KEPT:
        return character
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\x{code:02x}" if code <= _LAST_OF_ONE_BYTE else f"\\u{code:04x}")


def lines(scalar: Scalar, column: int, room: int) -> Sequence[str] | None:
    """Write a text as a block: its header, and its lines without indentation; None where it is better on one line.

    ``column`` is that of the entry in the file as it is, ``room`` what is left of a line for the text.
    """
    ways = []
    if scalar.style == ">":
        ways.append(_folded(scalar, column))
    if scalar.style in ("|", ">") or ("\n" in scalar.value and not _hides(scalar.value)):
        ways.append(_literal(scalar.value))
    elif len(inline(scalar)) > room:
        ways.append(_filled(scalar.value))
    return next((way for way in ways if way and _reads_as(way, scalar.value)), None)


def _hides(value: str) -> bool:
    """Whether a text holds characters that only an escape shows."""
    return any(match[0] not in _UNSEEN_KEPT for match in _UNSEEN.finditer(value.replace("\n", "")))


def _literal(value: str) -> list[str]:
    body = value.split("\n")
    if body[-1] == "":
        body.pop()
    return _block("|", value, body)


def _folded(scalar: Scalar, column: int) -> list[str]:
    """The lines of a folded text as their author broke them."""
    header, *rows = _ANCHOR.sub("", scalar.raw, count=1).splitlines()
    given = re.search(r"[1-9]", header.partition("#")[0])
    first = next((row for row in rows if row.strip()), "")
    indent = column + int(given[0]) if given else len(first) - len(first.lstrip(" "))
    body = [row[indent:] if row.strip() else "" for row in rows]
    while body and not body[-1] and "+" not in header.partition("#")[0]:
        body.pop()
    return _block(">", scalar.value, body)


def _filled(value: str) -> list[str]:
    """A long text on several lines, none of which begins or ends in the middle of a macro."""
    words = _WORDS.findall(value)
    if " ".join(words) != value:
        return []
    rows = [words[0]]
    for word in words[1:]:
        if len(rows[-1]) + 1 + len(word) <= FILLED:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return [">-", *rows] if len(rows) > 1 else []


def _block(sign: str, value: str, body: list[str]) -> list[str]:
    if not value.strip("\n") or body[-1].isspace():  # blanks at the end: no one sees them, and they look like a gap
        return []
    chomping = "-" if not value.endswith("\n") else "+" if value.endswith("\n\n") else ""
    first = next(row for row in body if row)
    indicator = "2" if first.startswith((" ", "\t")) else ""
    return [f"{sign}{indicator}{chomping}", *body]


def _reads_as(way: Sequence[str], value: str) -> bool:
    """Whether a block holds a text: so no way has to be right about everything that YAML does to one."""
    from deployer.source.source_file import SourceFile  # noqa: PLC0415 - parses YAML, for blocks only
    from deployer.source.yaml_files import compose  # noqa: PLC0415 - parses YAML, for blocks only

    header, *body = way
    text = "\n".join([f"k: {header}", *(f"  {row}" if row else "" for row in body), ""])
    documents, problems = compose(SourceFile("", text))
    return not problems and len(documents) == 1 and documents[0].value == {"k": value}
