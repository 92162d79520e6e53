"""An outline as markdown (GitHub's flavour), for comments and issues: users' text is never read as markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.views.outline import Command, Copy, Diff, Entry, Heading, Inline, Node, Quote, Run, Tone
from deployer.views.problems import visible
from deployer.views.terminal import ESCAPED, copyable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CODE = re.compile(r"(`[^`]+`)")
_MARKUP = re.compile(r"[\\`*<&\[\]~#]|(?<![^\W_])_|_(?![^\W_])")
_MENTION = re.compile(r"((?<![\w`])@\w[\w/-]*)")
_AT_START = re.compile(r"^([-+>]|\d+(?=[.)]))")
_STEP = re.compile(r"\d+\.")
_TICKS = {"[x]", "[ ]"}


def write(nodes: Iterable[Node]) -> str:
    """Write an outline as markdown, without a newline at the end."""
    lines: list[str] = []
    listed = False
    for node in nodes:
        item = isinstance(node, Command) or (isinstance(node, Entry) and bool(node.marker or node.children))
        if lines and not (item and listed):
            lines.append("")
        lines += _item(node) if item else _block(node)
        listed = item
    return "\n".join(lines)


def _block(node: Node) -> Iterator[str]:
    """A node by itself."""
    match node:
        case Heading():
            yield f"{'#' * node.level} {_inline(node.text, strong=False)}"
        case Entry():
            yield _inline(node.text)
        case Diff():
            yield from _fence("diff", [sign + visible(line) for sign, line in node.rows])
        case Quote():
            yield from _fence("", copyable(node.text).split("\n"))
        case Copy():
            yield f"{plain(node.title)}:"
            yield ""
            yield from _copy(node)
        case Command():
            yield _command(node)


def _item(node: Node) -> Iterator[str]:
    """A node within a list; what belongs to it is indented as far as its text."""
    match node:
        case Entry():
            bullet = _bullet(node.marker)
            yield f"{bullet} {_inline(node.text)}"
            indent = " " * (len(bullet) + 1 if bullet[0].isdigit() else 2)
            yield from (f"{indent}{line}" if line else "" for child in node.children for line in _item(child))
        case Copy():
            yield f"- {plain(node.title)}:"
            yield from (f"  {line}" if line else "" for line in _copy(node))
        case Command():
            yield f"- {_command(node)}"
        case _:
            yield from _block(node)


def _bullet(marker: str) -> str:
    if _STEP.fullmatch(marker):
        return marker
    return f"- {marker}" if marker in _TICKS else "-"


def _command(node: Command) -> str:
    return f"{plain(node.label)}: {code(node.command)}"


def _copy(node: Copy) -> Iterator[str]:
    text = copyable(node.text)
    if text != node.text:
        yield f"_{plain(ESCAPED)}_"
        yield ""
    yield from _fence("", text.split("\n"))


def _fence(language: str, lines: list[str]) -> Iterator[str]:
    """A fenced block whose fence is longer than any run of backticks within it."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (f"{fence}{language}", *lines, fence)


def _inline(text: Inline, *, strong: bool = True) -> str:
    parts = (code(run.text) if run.code else plain(run.text) for run in text)
    return _at_start(
        "".join(_bold(part, run) if strong else part for part, run in zip(parts, text, strict=True)).lstrip()
    )


def _bold(part: str, run: Run) -> str:
    """Bold, with the white space at its ends outside, as markdown wants it."""
    inner = part.strip()
    return part.replace(inner, f"**{inner}**", 1) if run.tone is Tone.STRONG and inner else part


def _at_start(line: str) -> str:
    """Keep a text from beginning a list or a quotation of its own."""
    return _AT_START.sub(lambda match: _unlist(match[1]), line)


def _unlist(begin: str) -> str:
    return f"&#{ord(begin[0])};{begin[1:]}" if begin[0].isdigit() else f"\\{begin}"


def plain(text: str) -> str:
    """Prose without any markup but code spans in backticks, which our own sentences use for commands."""
    parts = _CODE.split(visible(text))
    return "".join(part if number % 2 else literal(part) for number, part in enumerate(parts))


def literal(text: str) -> str:
    """A user's text without any markup. A mention becomes code, so that no one is called whose name a text holds."""
    parts = _MENTION.split(text)
    return "".join(code(part) if number % 2 else _MARKUP.sub(r"\\\g<0>", part) for number, part in enumerate(parts))


def code(text: str) -> str:
    """A code span, whatever backticks the text holds."""
    shown = visible(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown[:1] == "`" or shown[-1:] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown else ""
