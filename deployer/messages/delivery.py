"""A part of a message for one sample as a customer gets it: filled in, with all that Attentive adds, and counted.

This is the one place that composes and counts: rules, renderings, previews, tasks and comments show what it gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.messages.counting import OPT_OUT_SEPARATOR, SEPARATOR, Count, count, shortened
from deployer.messages.pieces import render_pieces
from deployer.messages.rendered import Hole, RenderError, TextRun
from deployer.messages.rendering import event_data, render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deployer.messages.counting import Rules
    from deployer.source import JSON, Body

Mask: TypeAlias = "Callable[[Body], Body]"
"""Replaces the values of an event's data that others may not see."""

RULE_SETS: tuple[Rules, ...] = ("attentive", "carrier")
"""How segments are counted: Attentive's published multiples, and carriers' concatenation. Both are estimates."""


@dataclass(frozen=True, slots=True)
class Additions:
    """What Attentive does to a text beside filling it in.

    ``brand`` goes in front, ``opt_out`` behind (for some subscribers), a URL that an event's property brings becomes
    ``short_link`` (empty: its length isn't known, so URLs stay as they are), and ``media`` makes it an MMS.
    """

    brand: str = ""
    opt_out: str = ""
    short_link: str = ""
    media: bool = False

    def around(self, runs: tuple[TextRun, ...]) -> tuple[TextRun, ...]:
        """Put the brand's name in front, and the opt-out text behind what isn't empty."""
        front = (TextRun("platform", self.brand + SEPARATOR),) if self.brand else ()
        behind = (TextRun("platform", OPT_OUT_SEPARATOR + self.opt_out),) if self.opt_out and words_of(runs) else ()
        return (*front, *runs, *behind)

    def shorten(self, properties: Body) -> Body:
        """Replace the URLs among an event's properties that Attentive shortens."""
        links = frozenset(shortened(properties.values())) if self.short_link else frozenset()
        if not links:
            return properties
        return {
            key: self.short_link if isinstance(value, str) and value in links else value
            for key, value in properties.items()
        }


@dataclass(frozen=True, slots=True)
class Delivered:
    """A part of a message for one sample.

    ``text`` are the words of the author and the data, URLs as the event brings them; ``runs`` are what a customer
    reads, with what Attentive adds. In both, what is masked is masked. ``added`` is ``None`` for a part that Attentive
    adds nothing to and that isn't counted, such as an email's subject.
    """

    text: str
    holes: tuple[Hole, ...]
    runs: tuple[TextRun, ...]
    added: Additions | None
    _words: str

    @property
    def reads(self) -> str:
        """What a customer reads."""
        return "".join(run.text for run in self.runs)

    def count(self, rules: Rules = "attentive") -> Count:
        """Count the text as a customer gets it. An estimate: Attentive's composer decides."""
        added = self.added or Additions()
        return count(self._words, brand=added.brand, rules=rules, media=added.media, opt_out=added.opt_out)


def deliver(
    text: str,
    properties: Mapping[str, JSON],
    added: Additions | None = None,
    *,
    subscriber: Body | None = None,
    attributes: Body | None = None,
    mask: Mask | None = None,
    traced: bool = True,
) -> Delivered:
    """Fill composer text in with an event's properties, and add what Attentive adds. Raises ``RenderError``.

    ``subscriber`` and ``attributes`` are what macros read of the person, where one is known (``event_data``).
    ``mask`` replaces the properties that aren't to be shown by others of the same length; they are counted as they are.
    Without ``traced`` all words are one run of the author's, which is enough for what is looked at as a picture.
    """
    rendered = render(text, event_data(properties, subscriber, attributes))
    sent = added.shorten(properties) if added else properties
    words = rendered.text if sent is properties else render(text, event_data(sent, subscriber, attributes)).text
    masked = mask(sent) if mask else sent
    shown_data = event_data(masked, subscriber, attributes)
    runs = _runs(text, shown_data, words, hidden=masked is not sent, traced=traced)
    if mask is None:
        shown = rendered.text
    elif sent is properties:
        shown = words_of(runs)
    else:  # the URL's own length is what is shown as the event brings it
        own = event_data(mask(properties), subscriber, attributes)
        shown = words_of(_runs(text, own, rendered.text, hidden=True, traced=False))
    return Delivered(shown, rendered.holes, added.around(runs) if added else runs, added, words)


def words_of(runs: tuple[TextRun, ...]) -> str:
    """The words of runs that Attentive doesn't add."""
    return "".join(run.text for run in runs if run.origin != "platform")


def _runs(text: str, data: Body, words: str, *, hidden: bool, traced: bool) -> tuple[TextRun, ...]:
    if not traced and not hidden:
        return (TextRun("author", words),)
    try:
        return render_pieces(text, data) if traced else (TextRun("author", render(text, data).text),)
    except RenderError:
        if not hidden:
            raise
        return (TextRun("data", "*" * len(words)),)  # a filter that can't take the masked value: nothing of it is shown
