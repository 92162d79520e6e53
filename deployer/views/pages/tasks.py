"""The task page: what people do at Attentive, for the colleague who works in its pages and not in git."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.kinds.journey.model import SENDS
from deployer.views.journey_svg import journey_element
from deployer.views.pages.assemble import page

if TYPE_CHECKING:
    from deployer.preview.tasks_values import TaskPage
    from deployer.views.pages.assemble import Page

STYLES = ("base.css", "phone.css", "diff.css", "journey.css", "preview.css", "tasks.css")
SCRIPTS = (
    *("dom.js", "copy.js", "theme.js", "direction.js", "bubble.js", "diff.js", "journey.js"),
    *("count.js", "worddiff.js", "compare.js", "marks.js", "paste.js", "taskwords.js", "taskcard.js"),
    *("taskgroup.js", "taskoverview.js", "tray.js", "tasks.js"),
)


def tasks_data(shown: TaskPage, *, live: bool) -> dict[str, Any]:
    """What the page draws: the tasks, with each journey's picture in the place of its steps."""
    data = {**shown.data(), "live": live}
    for group, view in zip(data["groups"], shown.groups, strict=True):
        minis = {slot.removeprefix(SENDS): words for slot, words in group.pop("minis").items()}
        picture = group.pop("picture")
        group["drawing"] = journey_element(view.picture, minis) if picture and view.picture else ""
    return data


def tasks_page(shown: TaskPage, *, live: bool = False) -> Page:
    """Make the page. With ``live`` it confirms by its server (``confirm``) and asks it for news (``events``)."""
    scripts = (*SCRIPTS, "live.js", "tasks_live.js") if live else SCRIPTS
    return page(f"Tasks · {shown.environment}", tasks_data(shown, live=live), STYLES, scripts, live=live)
