"""The messages that a pull request changes, a row each: the words that went and came, what a text costs, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from deployer.dataclass import dataclass
from deployer.kinds.channels import facts
from deployer.messages import Piece, near_changes, word_diff
from deployer.nouns import counted
from deployer.simulation.pricing import cost
from deployer.views import markdown
from deployer.views.markdown_words import cell, marked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from deployer.messages import TextRun
    from deployer.preview.message_values import MessageChange, MessageView
    from deployer.preview.values import Preview
    from deployer.source.settings import Prices

HEAD = "| message | segments |\n|---|---|"
"""A message and its words share a cell: on a phone a column in front of the words would push them out of sight."""
LONGEST = 6_000
"""Characters of one row; a longer one is shown in short, so that it doesn't push the others out."""
_TEXT = 400
"""Characters of a text up to which all of it is shown around its changes."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where people see the commit's files: ``url`` ends with a slash or is empty; ``prefix`` leads to the project.

    ``preview`` is where the preview page of what was looked at can be opened; empty where no one knows.
    """

    url: str = ""
    prefix: str = ""
    preview: str = ""

    def to(self, path: str, line: int, text: str) -> str:
        """A link in markdown to a line of a file of the project; without an address its name and line."""
        if not self.url or not path:
            place = f"{path}:{line}" if line else path
            return f"{text} {markdown.code(place)}" if place else text
        mark = f"#L{line}" if line else ""
        return f"[{text}]({self.url}{quote(self.prefix + path)}{mark})"

    def page_at(self, address: str) -> str:
        """A link in markdown to a message on the preview page, behind a comma; empty where the page isn't known."""
        return f", [preview]({self.preview}#{urlencode({'at': address})})" if self.preview else ""


def segments_line(preview: Preview) -> str:
    """How many texts take more segments at worst than before, and how many fewer; empty where none does."""
    numbers = [view.change.more_segments for view in preview.messages if view.change is not None]
    rows = (("more", sum(number > 0 for number in numbers)), ("fewer", sum(number < 0 for number in numbers)))
    return ", ".join(f"{counted(number, 'text')} with {way} segments" for way, number in rows if number)


@dataclass(frozen=True, slots=True)
class Row:
    """A message's row of the table, in full and in short."""

    full: str
    short: str


def message_rows(
    preview: Preview, running: Collection[str], links: Links, prices: Prices | None = None
) -> tuple[Row, ...]:
    """A row for each message that differs, the most important first, with what a text costs where ``prices`` are known.

    That is one that a journey sends that customers get now (``running``), then what another journey sends, then what
    costs more than before, then what changed most.
    """
    changed = [(view, view.change) for view in preview.messages if view.change is not None]
    ordered = sorted(changed, key=lambda row: (*_rank(row[0], row[1], running), row[0].address))
    return tuple(_row(view, change, links, prices) for view, change in ordered)


def _rank(view: MessageView, change: MessageChange, running: Collection[str]) -> tuple[int, int, int]:
    journeys = {use.journey for use in view.uses}
    sent = 0 if journeys.intersection(running) else 1 if journeys else 2
    return sent, -change.more_segments, -_changed(change)


def _changed(change: MessageChange) -> int:
    """How many characters went or came."""
    return sum(len(piece.text) for pieces in change.parts.values() for piece in pieces if piece.op != "same")


def _row(view: MessageView, change: MessageChange, links: Links, prices: Prices | None) -> Row:
    name = markdown.code(view.address)
    files = (part.spot.file for part in view.parts if part.name in change.parts and not part.spot.line)
    file = next(files, view.spot.file)
    line = view.spot.line if file == view.spot.file else 0
    segments = _segments(view, change, prices)
    words = "<br>".join(_words(view, change))
    about = f"{links.to(file, line, name)}, {_sent(view)}{links.page_at(view.address)}"
    full = _line(f"{about}<br>{words}", segments)
    place = markdown.code(f"{file}:{line}" if line else file)
    short = _line(f"{name} {place}: {_in_short(change)}", segments)
    return Row(full if len(full) <= LONGEST else short, short)


def _line(*cells: str) -> str:
    return f"| {' | '.join(map(cell, cells))} |"


def _in_short(change: MessageChange) -> str:
    if change.kind != "changed":
        return _KINDS[change.kind]
    return f"{counted(_changed(change), 'character')} changed" if change.parts else markdown.plain(change.note)


_KINDS = {"added": "**new**", "changed": "", "unknown": "**could not be compared**"}


def _sent(view: MessageView) -> str:
    """Which journeys send it, for a reader who wants to know what it touches."""
    journeys = list(dict.fromkeys(use.journey for use in view.uses))
    return f"sent by {', '.join(map(markdown.code, journeys))}" if journeys else "sent by no journey"


def _segments(view: MessageView, change: MessageChange, prices: Prices | None) -> str:
    """How long the text is over all samples, by Attentive's published rule, and what one costs at worst."""
    if not facts(view.channel).segments:
        return ""
    now = view.segments()
    text = "can't be counted" if now is None else _span(now)
    if change.segments and change.segments[0] != change.segments[1]:
        text = f"{_span(change.segments[0])} → **{_span(change.segments[1])}**"
    over = f"<br>**{markdown.plain(view.length.verdict)}**" if view.length and view.length.over else ""
    price = cost(view.channel, now[1], prices, picture=view.picture is not None) if now else None
    return f"{text}{over}" + (f"<br>at worst {markdown.plain(str(price))}" if price else "")


def _span(counts: tuple[int, int]) -> str:
    fewest, most = counts
    return str(most) if fewest == most else f"{fewest} to {most}"


def _words(view: MessageView, change: MessageChange) -> Iterator[str]:
    """What reads differently: a text as a customer reads it, other parts as they are written."""
    if change.kind != "changed":
        yield _KINDS[change.kind]
    if change.note:
        yield markdown.plain(change.note)
    reading = _reading(view, change)
    if reading is not None:
        name, pieces = reading
        yield f"<sub>sample {markdown.code(name)}</sub> {marked(_near(pieces))}"
        return
    for part, pieces in _parts(change):
        yield f"<sub>{markdown.plain(part)}</sub> {marked(_near(pieces))}"


def _reading(view: MessageView, change: MessageChange) -> tuple[str, tuple[Piece, ...]] | None:
    """A text's first sample that reads differently; ``None`` for an email, and where none does."""
    for sample in view.samples if change.kind != "unknown" else ():
        if "body" not in sample.parts:
            continue
        after = _text(sample.parts["body"])
        if change.kind == "added":
            return sample.name, (Piece("new", after),) if after else ()
        before = _text(change.before[sample.name]) if sample.name in change.before else ""
        if before and before != after:
            return sample.name, word_diff(before, after)
    return None


def _parts(change: MessageChange) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    """The parts as they are written; of an email's two bodies the one that people can read."""
    for part, pieces in change.parts.items():
        if part != "html" or "plain" not in change.parts:
            yield part, pieces


def _near(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """All of a short text, and what is near the changes of a long one."""
    whole = sum(len(piece.text) for piece in pieces)
    return tuple(pieces) if whole <= _TEXT else near_changes(pieces)


def _text(runs: Sequence[TextRun]) -> str:
    return "".join(run.text or ("«nothing»" if run.macro else "") for run in runs)
