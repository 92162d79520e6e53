"""Unquoted texts that lost their end to a comment: of ``name: Order #2 Shipped`` YAML reads ``Order``.

A comment behind a value is common and welcome, so a tail is reported only where the field would take the whole text,
and where the tail reads on: a number or a macro behind the ``#``, a word right behind it, a bracket that the text
leaves open, a noun that wants a number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.source.documents import quoted
from deployer.source.gate import Gate
from deployer.source.hint import Correction, Hint
from deployer.source.plain_yaml import plain_yaml
from deployer.source.scalars import NotJsonNumberError, resolve_plain
from deployer.source.yaml_files import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.source.documents import Document
    from deployer.source.positions import Node
    from deployer.source.problems import Problem
    from deployer.source.values import JSON, Pointer

_HASH = re.compile(r"[ \t]#|\n[ \t]*#[{\[0-9]")
_ANCHOR = re.compile(r"&(?P<name>[^\s,\[\]{}]+)(?=\s|\Z)")
_TAIL = re.compile(r"(?P<gap>[ \t]+)(?P<tail>#[^\r\n]*)")
_NEXT_LINE = re.compile(r"(?P<gap>[ \t]*\r?\n(?P<indent>[ \t]+))(?P<tail>#[{\[0-9][^\r\n]*)")
_MACRO = re.compile(r"\{\{|\{%|\[\[|\[%")
_DIRECTIVE = re.compile(
    r"(?i)[ \t]*(deployer:|todo|fixme|xxx|hack|note\b|noqa|nosec|yamllint|prettier|type:|region|endregion|pragma)"
)
_WANTS_NUMBER = re.compile(
    r"(?i)\b(order|no\.?|nr\.?|number|item|ticket|invoice|parcel|package|tracking|shipment|case|issue|reference|ref\.?|room|table|locker|unit|suite|gate|flight|dock|bay|receipt|booking|serial)\Z"
)
_UNFINISHED = re.compile(
    r"(?i)(?:[,;:&+/\u2013\u2014-]|\b(?:and|or|of|at|the|a|an|for|with|to|in|on|by|from|our|your|my|per|via))\Z"
)
"""What no name and no sentence ends with."""

_TITLE = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}\s*\Z")
"""A few words in capitals, as in a name: `Bike # Sold`."""

_KEY_CUT = re.compile(r"#[^\s:]*(?: [^\s:]+)*:(?:\s|\Z)")
"""The end of a key that a `#` cut off, with its colon."""

_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"), ("«", "»"))
_REMARKED = re.compile(
    r" *(?:- +)?(?:(?P<key>[A-Za-z_][\w.-]*(?: [\w.-]+)*):(?= ))? *?(?P<value>(?:[^ ].*?)?)(?P<gap> +)(?P<tail>#.*)",
    re.ASCII,
)
"""A line of plain YAML with a comment behind its value, or with nothing else."""
_ENCLOSED = frozenset("[{\"'")
"""What a value begins with that has an end of its own: a comment behind it is one."""
_BELOW = frozenset("{[0123456789")
"""What is behind the `#` on a line of its own that a text may go on with."""
_REMARK = re.compile(r"[ \t]+#(?=\s)")
"""Where a comment begins within a tail."""
_PROSE = frozenset({"name", "description", "subject", "preheader", "body", "disclosure"})
"""Fields whose text may well go on with a number behind `# `."""
_ONE_WORD = "owner"
"""The field whose text is a word of colleagues, behind which a remark is more likely."""
_RULED = frozenset("#!-=*~_/")
"""Signs behind a `#` that draw a line or belong to a program."""
_ONE_BLANK = " "


def lost_tails(document: Document, schema: dict[str, JSON]) -> Iterator[tuple[Pointer, Problem]]:
    """Find the unquoted texts of a document whose end became a comment, each with its place in the document."""
    text, span = document.file.text, document.span
    if text.find("#", *span) < 0 and text.find("&", *span) < 0:  # much quicker than the expressions
        return
    if not _HASH.search(text, *span) and not _ANCHOR.search(text, *span):
        return
    if not _may_have_lost(text[slice(*span)]):
        return
    from deployer.source.positions import nodes  # noqa: PLC0415 - PyYAML is slow to import, and few documents need it

    for node in _scalars(nodes(document.file, document.span)):
        words = _words_of_anchor(document, node)
        if words and _takes(schema, schema, _unpatched(node.pointer), words):
            yield node.pointer, _anchor_problem(document, node, words)
            continue
        match = _tail(document.file.text, node) if node.style == "" else None
        if match is None or not _is_text(node.text):
            continue
        if _is_cut_key(node, match["tail"]) and not _takes(schema, schema, _unpatched(node.pointer), node.text):
            yield node.pointer, _key_problem(document, node, match)
            continue
        if not _continues(node.text, node.pointer[-1] if node.pointer else None, match["gap"], match["tail"]):
            continue
        whole = f"{node.text} {_REMARK.split(match['tail'])[0].rstrip()}".strip()
        if _takes(schema, schema, _unpatched(node.pointer), whole):
            yield node.pointer, _problem(document, node, match, whole)


def _may_have_lost(text: str) -> bool:
    """Whether a document may have such a text; false where it is plain YAML, and no comment in it goes on.

    There a value is on one line, or it is a text behind ``|`` or ``>``, whose lines are taken for values too.
    """
    if plain_yaml(text, on_one_line) is None:
        return True
    for line in text.split("\n"):
        match = _REMARKED.match(line)
        if match is None or match["value"][:1] in _ENCLOSED:
            continue
        words = match["value"]
        if not words and match["key"] is None:
            if match["tail"][1:2] in _BELOW:
                return True
        elif _is_text(words) and _continues(words, match["key"], match["gap"], match["tail"]):
            return True
    return False


def _problem(document: Document, node: Node, match: re.Match[str], whole: str) -> Problem:
    read = f"only `{node.text}` is read" if node.text else "nothing is read"
    key = f"{node.pointer[-1]}: " if isinstance(node.pointer[-1], str) else "- "
    comment = "put it on a separate line" if match["tail"][1:2].isspace() else "write a blank behind its `#`"
    hint = Hint(
        f"quote the text: `{key}{quoted(whole)}`; if it is a comment, {comment}",
        *_quoting(document, node, match, whole),
    )
    line, column = document.file.place(match.start("tail"))
    return document.file.problem(
        "yaml/comment-in-text",
        f"` #` begins a comment, so that {read} here",
        line,
        column,
        hint=hint,
        length=len(match["tail"].rstrip()),
    )


def _words_of_anchor(document: Document, node: Node) -> str:
    """A text whose first word became an anchor, with that word; empty without one, or where an alias repeats it."""
    match = _ANCHOR.match(document.file.text, node.start, node.end) if node.style == "" else None
    if match is None or re.search(
        rf"\*{re.escape(match['name'])}(?![^\s,\[\]{{}}])", document.file.text[slice(*document.span)]
    ):
        return ""
    return f"&{match['name']} {node.text}".strip()


def _anchor_problem(document: Document, node: Node, words: str) -> Problem:
    anchor = words.partition(" ")[0]
    line, column = document.file.place(node.start)
    key = f"{node.pointer[-1]}: " if isinstance(node.pointer[-1], str) else "- "
    read = f"only `{node.text}` is read" if node.text else "nothing is read"
    hint = Hint(f"quote the text: `{key}{quoted(words)}`; if it is an anchor, delete it: no alias repeats it")
    message = f"`{anchor}` names the value behind it in YAML, so that {read} here"
    return document.file.problem("yaml/anchor-in-text", message, line, column, hint=hint, length=len(anchor))


def _is_cut_key(node: Node, tail: str) -> bool:
    """Whether a word on a line below its key, with the rest behind a `#`, is a key and its colon."""
    return node.key is not None and node.line > node.key.line and _KEY_CUT.match(tail) is not None


def _key_problem(document: Document, node: Node, match: re.Match[str]) -> Problem:
    cut = match["tail"].partition(":")[0].rstrip()
    line, column = document.file.place(match.start("tail"))
    return document.file.problem(
        "yaml/comment-in-text",
        f"` #` begins a comment, so that only `{node.text}` of this key is read, and no colon",
        line,
        column,
        hint=Hint(f"quote the key: `{quoted(f'{node.text} {cut}')}:`"),
        length=len(match["tail"].rstrip()),
    )


def _quoting(document: Document, node: Node, match: re.Match[str], whole: str) -> Iterator[Correction]:
    """The text in quotes, in the place of its words and of what became a comment."""
    begin = node.start if node.text else match.start("tail")
    end = match.start("tail") + len(_REMARK.split(match["tail"])[0].rstrip())
    words = document.file.text[begin:end]
    if "\n" not in words and "\r" not in words:
        yield Correction(words, quoted(whole))


def _scalars(node: Node) -> Iterator[Node]:
    if node.style is not None:
        yield node
    for child in node.children.values():
        yield from _scalars(child)


def _tail(text: str, node: Node) -> re.Match[str] | None:
    """The comment behind a value, or below it where its text could go on."""
    below = _NEXT_LINE.match(text, node.end)
    column = node.key.column if node.key else node.column
    return _TAIL.match(text, node.end) or (below if below and len(below["indent"]) >= column else None)


def _is_text(text: str) -> bool:
    """Whether a value is a text, or nothing at all because everything became a comment."""
    try:
        return not text or isinstance(resolve_plain(text), str)
    except NotJsonNumberError:
        return False


def _continues(text: str, key: str | int | None, gap: str, tail: str) -> bool:
    """Whether a comment reads as the rest of the text in front of it, which is the value of a key or an item."""
    body = tail[1:]
    if _DIRECTIVE.match(body):
        return False
    finished = gap != _ONE_BLANK and text.endswith((".", "!", "?"))
    if (body[:1].isdigit() and not finished) or _MACRO.match(body.lstrip()):
        return True
    if gap != _ONE_BLANK:
        return False
    if _MACRO.search(body) or any(text.count(opening) > text.count(closing) for opening, closing in _PAIRS):
        return True
    if not body or body[0].isspace():
        return _WANTS_NUMBER.search(text) is not None or (key in _PROSE and _reads_on(text, key, body.strip()))
    return body[0] not in _RULED and (" " in text or key != _ONE_WORD)


def _reads_on(text: str, key: str | int | None, words: str) -> bool:
    """Whether words behind a `# ` read as the rest of a name or sentence: a number, or what the text waits for."""
    named = key == "name" and text.istitle() and " " not in text
    return words[:1].isdigit() or _UNFINISHED.search(text) is not None or (named and bool(_TITLE.match(words)))


def _unpatched(pointer: Pointer) -> Pointer:
    """Leave out the way to an environment's patch, whose fields are those of the resource."""
    return pointer[2:] if pointer[:1] == ("per_environment",) else pointer


def _takes(schema: JSON, root: dict[str, JSON], pointer: Pointer, text: str) -> bool:
    """Whether the field at ``pointer`` could hold a text, as far as its form goes; its length doesn't matter."""
    if not isinstance(schema, dict):
        return schema is not False
    if reference := schema.get("$ref"):
        return not reference.startswith("#/") or _takes(_at(root, reference), root, pointer, text)
    if not all(_takes(part, root, pointer, text) for part in schema.get("allOf", ())):
        return False
    ways = schema.get("anyOf") or schema.get("oneOf") or ()
    if ways and not any(_takes(part, root, pointer, text) for part in ways):
        return False
    if pointer:
        return _takes(_part(schema, pointer[0]), root, pointer[1:], text)
    own = {keyword: schema[keyword] for keyword in ("type", "enum", "const", "pattern", "format") if keyword in schema}
    return Gate.of(own).valid(text)


def _part(schema: dict[str, JSON], step: str | int) -> JSON:
    if isinstance(step, int):
        return schema.get("items", True)
    part = schema.get("properties", {}).get(step)
    others = next(iter(schema.get("patternProperties", {}).values()), True)
    return part if part is not None else schema.get("additionalProperties", others) or others


def _at(root: dict[str, JSON], reference: str) -> JSON:
    value: JSON = root
    for part in reference.removeprefix("#/").split("/"):
        value = value[part]
    return value
