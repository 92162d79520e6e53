"""One reading: validate, render, the preview and the task page agree on every count and every verdict."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.kinds.channels import Channel, facts
from deployer.kinds.journey import Journey, SendStep, walk
from deployer.kinds.journey.units import units
from deployer.kinds.message import Message
from deployer.preview.previewer import preview
from deployer.preview.rendering import ALL, render_messages
from deployer.preview.tasks import task_page
from deployer.preview.tasks_declared import declared
from deployer.state import Entry, State, TaskRecord
from deployer.views.render import render_json
from deployer.workspace.loading import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.project import Project
    from deployer.workspace.workspace import Workspace

EXAMPLES = sorted((Path(deployer.__file__).parents[1] / "examples").glob("*/deployer.yaml"))
OVER, MAY = "message/over-limit", "message/may-go-over-limit"


def rendered(project: Project) -> dict[tuple[str, str], dict[str, Any]]:
    """What ``render --format json`` says of each text, by address and sample."""
    found = json.loads(render_json(render_messages(project, sample=ALL)))["messages"]
    return {(one["address"], one["sample"]): one for one in found if facts(Channel(one["channel"])).segments}


def asked(project: Project) -> State:
    """A record in which everything that a project's journeys want is asked of people."""
    entries = {}
    for journey in project.all(Journey):
        made = [
            TaskRecord(
                f"{journey.address}/{unit.key}",
                f"{journey.id}{n}",
                unit.title,
                unit.settles,
                unit.value,
                context=unit.context,
            )
            for n, unit in enumerate(units(journey, project, {}))
        ]
        entries[journey.address] = Entry(kind="Journey", by="person", tasks={one.token: one for one in made})
    return State(project.environment.name, entries=entries)


def on_tasks(project: Project) -> Iterator[tuple[str, Any]]:
    """Each task that sets a message, with the message's address."""
    page = task_page(asked(project), declared=declared(project))
    sends = {
        f"{journey.address}/{placed.step.key}": f"message.{placed.step.message}"
        for journey in project.all(Journey)
        for placed in walk(journey)
        if isinstance(placed.step, SendStep)
    }
    yield from ((sends[task.id], task) for task in page.tasks if task.id in sends)


def agree(workspace: Workspace) -> int:
    """Hold what each of them says of each text and sample against the others; how many there were."""
    project = workspace.linked().project
    problems = {(one.rule, one.address): one for one in workspace.check(project.environment.name)}
    by_render = rendered(project)
    texts = [one for one in project.all(Message) if facts(one.channel).segments]
    shown = {one.address: one for one in preview(workspace).messages}
    for message in texts:
        view = shown[message.address]
        samples = {one.name: one for one in view.samples if not one.error}
        assert set(samples) == {sample for address, sample in by_render if address == message.address}
        for name, sample in samples.items():
            one = by_render[message.address, name]
            assert {rules: count.segments for rules, count in sample.counts.items()} == {
                rules: count["segments"] for rules, count in one["counts"].items()
            }
            assert (sample.over, sample.verdict) == (one["over"], one["verdict"])
            assert "".join(run.text for run in sample.parts["body"]) == one["reads"]["body"]
        over = [one for one in samples.values() if one.over]
        assert ((OVER, message.address) in problems) == any(not one.made for one in over)
        assert ((MAY, message.address) in problems) == (bool(over) and all(one.made for one in over))
        assert view.length is not None
        assert view.length.over == bool(over)
        for rule in (OVER, MAY):
            if (rule, message.address) in problems:
                worst = by_render[message.address, next(iter(samples))]["worst"]
                longest = max((one for one in over if one.made == (rule == MAY)), key=size)
                said = problems[rule, message.address].message
                assert f"`{longest.name}`" in said
                assert longest.verdict in said
                assert worst["over"]
    for address, task in on_tasks(project):
        for one in task.samples:
            also = by_render[address, one.name]
            assert dict(one.segments) == {rules: count["segments"] for rules, count in also["counts"].items()}
            assert (one.over, one.verdict) == (also["over"], also["verdict"])
        if task.bubble is not None:
            reads = "".join(run.text for run in task.bubble.runs)
            assert reads == by_render[address, task.bubble.sample]["reads"]["body"]
            assert task.estimate == (shown[address].length.fewest, shown[address].length.most)
    return len(by_render)


def size(sample: Any) -> tuple[int, int]:
    """What makes a sample longer than another."""
    count = sample.counts["attentive"]
    return count.segments, count.units


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_the_examples_agree(path: Path) -> None:
    """Over every example, nothing says of a text what another thing doesn't."""
    assert agree(load(path.parent)) > 0


def project_of(case: dict[str, Any]) -> dict[str, Any]:
    """The files of a project of one event, one text and one journey."""
    keys = {"name": {"type": "string", "minLength": 1, **case["bounds"]}, "url": {"type": "string", "format": "uri"}}
    keys["name"] |= {"pii": case["pii"]}
    event = {"kind": "EventType", "id": "paid", "name": "Paid", "app": "orders", "properties": keys}
    event |= {"samples": {"happy": {"name": case["name"], "url": "https://acme.example/" + "a" * case["path"]}}}
    text = {"kind": "Message", "id": "one", "channel": "text", "event": "paid", "body": case["body"]}
    text |= {"limits": {"segments": case["limit"]}} if case["limit"] else {}
    toggles = {"message": "one", "quiet_hours": "respect", "smart_sending": "ignore"}
    journey = {"kind": "Journey", "id": "j", "name": "J", "category": "transactional", "trigger": "paid"}
    journey |= {"steps": [{"id": "a", "send_text": toggles}], "status": "active", "re_entry": {"cooldown": "none"}}
    brand = {"name": case["brand"], "opt_out_text": case["opt_out"], "short_link": case["short_link"]}
    deployer_yaml = {
        "version": 1,
        "project": "p",
        "brand": {key: value for key, value in brand.items() if value},
        "apps": {"orders": {}},
        "environments": {"sandbox": {"target": "sandbox"}},
    }
    return {"deployer.yaml": deployer_yaml, "event.yaml": event, "text.yaml": text, "journey.yaml": journey}


CASES = st.fixed_dictionaries(
    {
        "name": st.text(st.sampled_from("aZ é\u2019😀"), min_size=1, max_size=90).filter(str.strip),
        "bounds": st.sampled_from([{}, {"maxLength": 200}]),
        "pii": st.booleans(),
        "path": st.sampled_from([0, 40, 300, 1100]),
        "body": st.lists(
            st.sampled_from(
                [
                    "Hello {{triggerEvent.custom['name']}}",
                    " see {{triggerEvent.custom['url']}}",
                    " words " * 12,
                    "it\u2019s ",
                    "https://acme.example/",
                ]
            ),
            min_size=1,
            max_size=5,
        ).map("".join),
        "limit": st.sampled_from([None, 1, 2, 3]),
        "brand": st.sampled_from(["Acme", "Zoë\u2019s"]),
        "opt_out": st.sampled_from(["", "Reply STOP to end"]),
        "short_link": st.sampled_from(["", "https://acme.attn.tv/l/a/b"]),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(CASES)
def test_generated_projects_agree(tmp_path_factory: pytest.TempPathFactory, case: dict[str, Any]) -> None:
    """Whatever the words, the values, the brand and the limit are, nothing disagrees."""
    folder = tmp_path_factory.mktemp("project")
    for name, body in project_of(case).items():
        (folder / name).write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    assert agree(load(folder)) > 0
