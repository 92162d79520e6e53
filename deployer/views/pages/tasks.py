"""The task page: what people do at Attentive, for the colleague who works in its pages and not in git."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.views.pages.assemble import page

if TYPE_CHECKING:
    from deployer.preview.tasks_values import TaskPage
    from deployer.views.pages.assemble import Page

STYLES = ("base.css", "phone.css", "diff.css", "journey.css", "preview.css", "tasks.css")
SCRIPTS = (
    *("dom.js", "copy.js", "theme.js", "bubble.js", "diff.js", "journey.js"),
    *("count.js", "worddiff.js", "compare.js", "marks.js", "paste.js", "taskwords.js", "taskcard.js"),
    *("taskgroup.js", "taskoverview.js", "tray.js"),
)


def tasks_page(shown: TaskPage, *, live: bool = False) -> Page:
    """Make the page. With ``live`` it confirms by its server (``confirm``) and asks it for news (``events``)."""
    scripts = (*SCRIPTS, "tasks_live.js", "tasks.js") if live else (*SCRIPTS, "tasks.js")
    return page(f"Tasks · {shown.environment}", {**shown.data(), "live": live}, STYLES, scripts, live=live)
