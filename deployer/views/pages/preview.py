"""The preview page: messages as a phone and an inbox show them, journeys as pictures, problems at their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.views.pages.assemble import page

if TYPE_CHECKING:
    from deployer.preview.values import Preview
    from deployer.views.pages.assemble import Page

STYLES = ("base.css", "phone.css", "email.css", "diff.css", "journey.css", "preview.css")
SCRIPTS = (
    *("dom.js", "copy.js", "theme.js", "state.js", "bubble.js", "meter.js", "diff.js", "email.js", "journey.js"),
    *("faults.js", "problems.js", "message.js", "preview.js"),
)


def preview_page(shown: Preview, *, live: bool = False) -> Page:
    """Make the page. With ``live`` it asks its server for news: ``events`` (server-sent), ``data.json`` beside it."""
    scripts = (*SCRIPTS, "live.js") if live else SCRIPTS
    return page(f"Preview · {shown.brand or shown.project}", shown.data(), STYLES, scripts, live=live)
