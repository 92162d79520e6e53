"""Tasks for people: steps, texts to copy, and the commands that confirm them."""

import json
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from deployer.engine.confirm import Confirmed
from deployer.engine.tasks import OpenTask
from deployer.kinds.base import Instruction
from deployer.state.model import TaskRecord, TaskStatus
from deployer.views.tasks import confirmed_json, confirmed_text, tasks_json, tasks_markdown, tasks_text
from tests.engine.test_growth import steps

TASK = TaskRecord("journey.order_shipped/send.text", "k3f9xq2", "Set the text", "send.text", {})
RULE = re.compile("-{40,}")
composer_texts = st.lists(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]))).map("\n".join)


def with_text(text):
    """Make an open task with one text to copy."""
    return OpenTask(TASK, Instruction("", (("step", "Paste it.", ""), ("text", "Composer text", text))), ())


def test_tasks_read_well_at_80_columns(open_tasks, golden):
    """Each task has its steps, what to choose, what to copy, and the command that confirms it."""
    golden("tasks.txt", tasks_text(open_tasks, environment="production"))


def test_tasks_are_an_issue_in_markdown(open_tasks, golden):
    """The same as markdown, texts to copy in fenced blocks."""
    golden("tasks.md", tasks_markdown(open_tasks, environment="production"))


def test_no_task_is_said():
    """An empty list says that it is empty."""
    assert tasks_text((), environment="staging") == "No task waits for a person in staging."


@given(composer_texts)
def test_a_text_to_copy_stands_between_two_rules_as_it_is(text):
    """Between the rules stands the text line by line, however long, with nothing added; no line of it is a rule."""
    lines = tasks_text([with_text(text)], environment="production", width=40).split("\n")
    first = lines.index("   Composer text:") + 1
    last = lines.index(lines[first], first + 1)
    assert RULE.fullmatch(lines[first])
    assert "\n".join(lines[first + 1 : last]) == text


@given(st.text(st.sampled_from("`~ \na<"), max_size=40))
def test_a_fence_is_longer_than_any_backticks_in_its_text(text):
    """The fenced block holds exactly the text, whatever backticks are in it."""
    lines = tasks_markdown([with_text(text)], environment="production").split("\n")
    first = lines.index("   - Composer text:") + 1
    last = lines.index(lines[first], first + 1)
    assert [line.removeprefix(" " * 5) for line in lines[first + 1 : last]] == text.split("\n")
    assert lines[last + 1].startswith("- when it is done")


def test_unseen_characters_of_a_text_are_escaped_and_said():
    """What would steer the terminal is escaped, and where to copy the text instead is told."""
    text = tasks_text([with_text("a\x1b[2Jb\tc")], environment="production")
    assert "a\\x1b[2Jb\tc" in text
    assert "--format json" in text
    blocks = json.loads(tasks_json([with_text("a\x1b[2Jb\tc")], environment="production"))["tasks"][0]["blocks"]
    assert blocks[1] == {"type": "text", "title": "Composer text", "text": "a\x1b[2Jb\tc"}


def test_a_step_names_the_tasks_own_token(open_tasks):
    """Where instructions say TOKEN the task's own stands, so that the command can be copied."""
    text = tasks_text(open_tasks, environment="production", width=120)
    assert "`deployer confirm z7w4pqd --env production --submitted`" in text
    assert "TOKEN" not in text


def test_commands_follow_the_review(open_tasks):
    """A reviewed task can be submitted, rejected and approved; one that the YAML ends has no command."""
    text, review, source_id = json.loads(tasks_json(open_tasks, environment="production"))["tasks"]
    assert text["commands"] == {"done": "deployer confirm a5c2ncm --env production"}
    assert set(review["commands"]) == {"submitted", "rejected", "approved"}
    assert source_id["commands"] == {}


def test_a_rejected_task_says_why():
    """The reason of a rejection stands with the task."""
    rejected = replace(TASK, status=TaskStatus.REJECTED, note="no emoji", by="ana", at="2026-05-10")
    text = tasks_text([OpenTask(rejected, Instruction("", ()), ())], environment="production")
    assert "rejected by ana at 2026-05-10: no emoji" in text


def test_tasks_are_grouped_by_address(open_tasks):
    """Each address is a heading once, also where its tasks don't follow each other."""
    text = tasks_text([open_tasks[0], open_tasks[2], open_tasks[1]], environment="production")
    assert text.count("\njourney.order_shipped\n") == 1


def of_so_many_addresses(size):
    """Show a list of one task of each of so many journeys."""
    blocks = OpenTask(TASK, Instruction("", ()), ())
    listed = [
        replace(blocks, task=replace(TASK, id=f"journey.j{number}/send.text", token=f"k3f{number}"))
        for number in range(size)
    ]
    return lambda: tasks_text(listed, environment="production", width=80)


def test_twice_the_addresses_take_twice_the_steps():
    """If four times as many journeys have tasks, the list takes four times the steps, and not five."""
    of_so_many_addresses(8)()  # what is prepared once
    assert steps(of_so_many_addresses(160)) < 5 * steps(of_so_many_addresses(40))


def test_a_confirmation_is_one_line_a_task(open_tasks):
    """What was confirmed is told with its status, token and id."""
    done = replace(open_tasks[0].task, status=TaskStatus.DONE)
    lines = confirmed_text([Confirmed(done), Confirmed(open_tasks[1].task)]).split("\n")
    assert lines == [
        "done  a5c2ncm  journey.order_shipped/send.text",
        "submitted  z7w4pqd  journey.order_shipped/review.text",
    ]
    assert json.loads(confirmed_json([Confirmed(done)]))["tasks"][0]["status"] == "done"


def test_a_confirmation_of_what_was_superseded_says_so(open_tasks):
    """It names the environment, what the token was about, and how many tasks wait after it."""
    late = replace(open_tasks[0].task, status=TaskStatus.DONE, superseded=True)
    text = " ".join(confirmed_text([Confirmed(late)], environment="production", waiting=1).split())
    assert "superseded or withdrawn" in text
    assert text.endswith("recorded in production; 1 task still waits: deployer tasks --env production")
    assert confirmed_text([Confirmed(late)], environment="live", waiting=0).endswith("no task waits there now")
    assert json.loads(confirmed_json([Confirmed(late)]))["tasks"][0]["superseded"] is True


def test_what_was_confirmed_before_says_by_whom_and_when(open_tasks):
    """A token that is confirmed again names the first confirmation, as text and as JSON."""
    done = replace(open_tasks[0].task, status=TaskStatus.DONE, by="ana", at="2026-05-10T12:00:00+00:00", note="")
    text = confirmed_text([Confirmed(done, repeated=True)], environment="production", waiting=0)
    assert text.startswith(f"already done  {done.token}")
    assert "confirmed by ana at 2026-05-10T12:00:00+00:00" in text
    assert text.endswith("nothing new to record in production; no task waits there now")
    again, new = json.loads(confirmed_json([Confirmed(done, repeated=True), Confirmed(done)]))["tasks"]
    assert again == {**new, "already": {"by": "ana", "at": "2026-05-10T12:00:00+00:00"}}
    mixed = confirmed_text([Confirmed(done, repeated=True), Confirmed(done)], environment="production")
    assert mixed.endswith("\nrecorded in production")
