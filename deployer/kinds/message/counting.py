"""How many segments a message is for one event, with all that Attentive adds to its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.kinds.event_type import EventType, samples_of
from deployer.messages import Count, RenderError, count, event_data, render, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from deployer.kinds.base import Scope
    from deployer.kinds.message import Message


def count_message(
    message: Message,
    scope: Scope,
    text: str,
    properties: Mapping[str, Any],
    rules: Literal["attentive", "carrier"] = "attentive",
) -> Count:
    """Count a rendered text message: brand and opt-out text of the settings, its picture, links that are shortened.

    ``text`` is what its body reads for an event with these ``properties``. An estimate: Attentive's composer decides.
    """
    brand = scope.settings.brand
    return count(
        text,
        brand=brand.name,
        rules=rules,
        media=bool(message.media_property or message.media_file),
        opt_out=brand.opt_out_text,
        links=shortened(properties.values()) if brand.short_link else (),
        short_link=brand.short_link,
    )


def estimate(message: Message, scope: Scope) -> tuple[int, ...]:
    """Give the fewest and the most segments of a text over all samples of its event, by Attentive's published rules.

    Empty where the event isn't declared or no sample can be rendered. Raises ``CompileError`` (messages) or
    ``FileProblem`` (source) where the words can't be composed.
    """
    event = scope.find(EventType, message.event)
    text = scope.composed(message, "body").text
    found: set[int] = set()
    for sample in samples_of(event, scope) if event else ():
        try:
            rendered = render(text, event_data(sample.data))
        except RenderError:
            continue
        found.add(count_message(message, scope, rendered.text, sample.data).segments)
    return (min(found), max(found)) if found else ()
