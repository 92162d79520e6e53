"""The preview page: messages as a phone and an inbox show them, journeys as pictures, problems at their places."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from deployer.errors import UsageError
from deployer.views.pages.assemble import Written, page
from deployer.views.pages.journeys import draw_journeys, draw_live_journeys
from deployer.views.pages.opening import opening_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.preview.values import Preview
    from deployer.views.pages.assemble import Page
    from deployer.views.pages.opening import Opening

STYLES = ("base.css", "phone.css", "email.css", "diff.css", "journey.css", "preview.css", "wall.css", "trial.css")
SCRIPTS = (
    *(
        "dom.js",
        "copy.js",
        "theme.js",
        "state.js",
        "direction.js",
        "bubble.js",
        "meter.js",
        "diff.js",
        "email.js",
        "journey.js",
    ),
    *("faults.js", "problems.js", "changes.js", "optin.js", "wall.js", "count.js", "draft.js", "trywords.js"),
    *("picture.js", "message.js", "trial.js", "preview.js"),
)
LIVE_SCRIPTS = (*SCRIPTS[:-1], "tryvalues.js", "mailpictures.js", SCRIPTS[-1], "live.js", "preview_live.js")
"""Those of a page with a server, in an order in which each has what it begins with."""


def preview_data(shown: Preview, *, live: bool = False, opening: Opening | None = None) -> dict[str, Any]:
    """What the page draws: the preview, with each journey's picture in the place of its steps.

    A page with a server (``live``) asks it for timelines; one that is a file has those of all choices.
    """
    data = _data(shown, live=live, opening=opening)
    trials = data["trials"]
    return {**data, "trials": trials.data if isinstance(trials, Written) else trials}


def _data(shown: Preview, *, live: bool, opening: Opening | None) -> dict[str, Any]:
    """The same; trials with timelines are as the page has them written."""
    drawn = draw_live_journeys(shown) if live else draw_journeys(shown)
    data = {**shown.data(), "trials": drawn.trials, "opening": opening_data(opening)}
    data["drafting"] = _with_something(_once(data["drafting"], data["messages"]))
    data["characters"] = {}
    lines: dict[str, int] = {}
    for sample in (item for view in data["messages"] for item in view["samples"]):
        sample["parts"] = short_parts(sample["parts"])
        if "html" in sample["parts"]:
            sample["parts"]["html"] = [_numbered(run["text"], lines) for run in sample["parts"]["html"]]
        sample["wide"] = [_wide(item, data["characters"]) for item in sample["wide"]]
    data["lines"] = list(lines)
    for journey, picture in zip(data["journeys"], drawn.pictures, strict=True):
        del journey["steps"]
        journey["drawing"] = picture
    return data


def _once(drafting: dict[str, Any] | None, views: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """What macros print that every text of their event has among its own isn't said again."""
    if drafting is None:
        return None
    shown: dict[str, set[str]] = {}
    for view in views:
        event, names = drafting["event_of"].get(view["address"]), {macro["name"] for macro in view["macros"]}
        if event is not None:
            shown[event] = shown.get(event, names) & names
    for event, vocabulary in drafting["events"].items():
        for macro in vocabulary["macros"]:
            if macro["path"] in shown.get(event, ()):
                del macro["values"]
    return drafting


def short_parts(parts: Mapping[str, tuple[dict[str, str], ...]]) -> dict[str, Any]:
    """The parts of a sample as a page reads them, without what it doesn't."""
    return {part: _runs(part, runs) for part, runs in parts.items()}


def _wide(data: dict[str, Any], characters: dict[str, Any]) -> tuple[int, int, str]:
    """Where a wide character is; what holds for it everywhere is among the ``characters`` by its code point."""
    characters[data["codepoint"]] = {key: data[key] for key in ("text", "name", "advice", "plain")}
    return data["start"], data["end"], data["codepoint"]


def _numbered(html: str, lines: dict[str, int]) -> dict[str, list[int]]:
    """An email by the numbers of its lines, each of which is on the page once: samples and emails share most."""
    return {"lines": [lines.setdefault(line, len(lines)) for line in html.split("\n")]}


def tried_data(shown: Preview, given: Mapping[str, Any]) -> dict[str, Any]:
    """A message with other values, as the page draws it: those of a ``sample``, or any ``data``. Raises ``UsageError``.

    ``message`` is its address.
    """
    trial = shown.values.get(str(given.get("message")))
    if trial is None:
        raise UsageError("values can't be tried in this message now", "it or its event has errors")
    data = given.get("data")
    tried = trial.tried(data) if isinstance(data, dict) else trial.of_sample(str(given.get("sample")))
    fields = asdict(tried)
    fields["sample"]["parts"] = short_parts(fields["sample"]["parts"])
    return fields


def _runs(part: str, runs: tuple[dict[str, str], ...]) -> Any:
    """A part's runs as the page reads them: it shows an email's HTML whole, and only a macro's run has its macro."""
    if part == "html":
        return [{"text": "".join(run["text"] for run in runs)}]
    return [{key: value for key, value in run.items() if value or key == "text"} for run in runs]


def _with_something(value: Any) -> Any:
    """The same without what is empty: most macros have nothing to say."""
    if isinstance(value, dict):
        return {key: _with_something(item) for key, item in value.items() if item or item is None}
    return [_with_something(item) for item in value] if isinstance(value, list | tuple) else value


def preview_page(shown: Preview, *, live: bool = False, opening: Opening | None = None) -> Page:
    """Make the page, whose places lead to where they can be opened.

    With ``live`` it asks its server for news: ``events`` (server-sent), ``data.json`` beside it.
    """
    scripts = LIVE_SCRIPTS if live else SCRIPTS
    data = _data(shown, live=live, opening=opening)
    return page(f"Preview · {shown.brand or shown.project}", data, STYLES, scripts, live=live)
