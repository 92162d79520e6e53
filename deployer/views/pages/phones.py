"""The sandbox's page: phones and inboxes side by side, the events that came, journeys under way, posts to webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.views.pages.assemble import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.views.pages.assemble import Page

STYLES = ("base.css", "phone.css", "email.css", "phones.css")
SCRIPTS = ("dom.js", "theme.js", "direction.js", "email.js", "phones.js")


def phones_page(shown: Mapping[str, Any]) -> Page:
    """Make the page of an account's overview; it asks its server for what is new, and tells it what a phone replies."""
    return page(f"Sandbox · {shown['company']}", shown, STYLES, SCRIPTS, live=True)
