"""The matrix, executed: a case is a file in ``tests/compat-cases``, and every row has one.

A case says what stands before and after: of the one property ``value`` (``property``), of the event (``event``, a merge
patch), or as whole resources (``also``); ``reads`` is written behind the property's macro. Each is tried with a text
that reads the value bare, with an email that has a default for it, and with a text that doesn't read it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from deployer.contracts.compat import MATRIX, ContractChange, Sides, Verdict, compare, environment_removed
from deployer.source import merge_patch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deployer.project import Project

    Build = Callable[..., Project]

CASES = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parents[2] / "compat-cases").glob("*.yaml"))
}
MODES = ("bare", "guarded", "unread")


def event(case: Mapping[str, Any], side: str) -> dict[str, Any]:
    """The event of one side; what the later side says is on top of the earlier one."""
    body: Any = {
        "kind": "EventType",
        "id": "order_shipped",
        "name": "Order Shipped",
        "app": "shop",
        "properties": {"other": {"type": "string", "minLength": 1}},
    }
    for each in ("before", "after") if side == "after" else ("before",):
        body = merge_patch(body, case.get("event", {}).get(each, {}))
    value = case.get("property", {}).get(side)
    return {**body, "properties": {**body["properties"], "value": value}} if value else body


def message(case: Mapping[str, Any], mode: str, started: str) -> dict[str, Any]:
    """The message, which reads the value in one of the ways."""
    path = "subscriber.custom['Tier']" if case.get("attribute") else f"triggerEvent.custom['value']{case.get('reads')}"
    macro = path.replace("None", "")
    if mode == "guarded":
        body = f"<p>{{{{{macro} | default: 'x'}}}}</p>"
        inside = {"channel": "email", "from": "a@tea.example", "subject": "Tea", "html": body, "plain": "Tea"}
    else:
        inside = {"channel": "text", "body": f"It left. {{{{{macro}}}}}" if mode == "bare" else "It left."}
    return {"kind": "Message", "id": "note", "event": started, **inside}


def journey(mode: str, started: str) -> dict[str, Any]:
    """The journey that sends the message."""
    channel = "email" if mode == "guarded" else "text"
    sends = {"message": "note", "quiet_hours": "respect", "smart_sending": "ignore"}
    return {
        "kind": "Journey",
        "id": "shipped",
        "name": "Shipped",
        "category": "transactional",
        "trigger": started,
        "re_entry": {"cooldown": "none"},
        "steps": [{"id": "send", f"send_{channel}": sends}],
        "status": "active",
    }


def changes(case: Mapping[str, Any], mode: str, build: Build) -> tuple[ContractChange, ...]:
    """Compare the two sides of a case; nothing is known of what is live."""
    sides = []
    for side in ("before", "after"):
        declared = event(case, side)
        also = case.get("also", {}).get(side, [])
        sides.append(build([declared, message(case, mode, declared["id"]), journey(mode, declared["id"]), *also]))
    return compare(Sides(*sides))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", CASES)
def test_case_is_judged_as_it_says(name: str, mode: str, project: Build) -> None:
    """The changes of a case are those that it expects, each with its verdicts."""
    case = CASES[name]
    found = {one.change: (one.producers.word, one.readers.word) for one in changes(case, mode, project)}
    wanted = {change: (verdicts["producers"], verdicts[mode]) for change, verdicts in case["expect"].items()}
    assert found == wanted, case["why"]


def test_every_row_has_a_case() -> None:
    """A row without a case would be a claim that nobody tried; a case has one environment, which it can't lose."""
    tried = {change for case in CASES.values() for change in case["expect"]}
    assert tried | {"environment-removed"} == set(MATRIX)


def test_a_lost_environment_is_judged_as_its_row_says(project: Build) -> None:
    """What can't be compared breaks: nothing says what became of what was declared there."""
    people = {"kind": "Segment", "id": "people", "name": "People", "external_id": "people"}
    found = environment_removed(project([people]))
    assert (found.address, found.verdict) == ("environment.sandbox", Verdict.BREAKING)


def test_every_case_says_why() -> None:
    """A case without a reason can't be judged by whoever has to change it."""
    assert all(case["why"].endswith(".") for case in CASES.values())
