"""A plan on a terminal, as markdown and as JSON."""

import io
import json
import string
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.engine.changes import Action, ApiChange, FieldChange, PropertyHold, Provenance, Reason
from deployer.engine.plan import Mode, Plan
from deployer.views.notation import difference
from deployer.views.plan import plan_json, plan_markdown, plan_text

EMPTY = Plan("production", Mode.LIVE, "lineage", "config")


def shown(*fields, action=Action.UPDATE, **options):
    """Show one API change with these fields, and give the lines under it."""
    change = ApiChange(address="segment.vips", kind="Segment", action=action, reason=Reason.CHANGED, fields=fields)
    text = plan_text(replace(EMPTY, changes=(change,)), **options)
    return text.split("segment.vips\n")[1].rpartition("\n\n")[0].split("\n")


def test_a_plan_reads_well_at_80_columns(plan, golden):
    """Removals, tasks, the API's work, what waits, notes, what is irreversible, and the summary stand in this order."""
    golden("plan.txt", plan_text(plan))


def test_a_verbose_plan_tells_ids_samples_and_dependencies(plan, golden):
    """Verbose adds what only somebody who looks closely wants to know."""
    golden("plan_verbose.txt", plan_text(plan, verbose=True, width=100))


def test_a_plan_is_a_comment_in_markdown(plan, golden):
    """The markdown tells the same as the terminal, with differences in fenced blocks."""
    golden("plan.md", plan_markdown(plan))


def test_a_plan_comes_back_from_its_json(plan):
    """What is written as JSON is the same plan when it is read, and the same bytes when it is written again."""
    text = plan_json(plan)
    again = Plan.from_json(json.loads(text))
    assert plan_json(again) == text
    assert again.changes[0] == plan.changes[0]
    assert text.isascii()


def test_an_empty_plan_says_what_waits(plan):
    """Nothing to do is said in these words, with the tasks that were asked before."""
    assert plan_text(EMPTY) == "Nothing to do."
    waiting = plan_text(replace(EMPTY, waiting=plan.waiting[:1]))
    assert waiting.endswith("\n\nNothing to do. 1 task waits for people: `deployer tasks --env production`")
    assert "5erg5gk" in waiting


def test_an_offline_plan_says_that_it_did_not_look():
    """A plan that didn't look at Attentive says so, also when it is empty."""
    assert "offline: Attentive was not looked at" in plan_text(replace(EMPTY, mode=Mode.OFFLINE), width=120)


@pytest.mark.parametrize("width", [40, 80])
def test_a_secret_is_its_variables_name(width):
    """Secrets show as the name of their variable, and a changed one says that it changed."""
    sealed = {"$secret": "HOOK_URL"}
    [new] = shown(FieldChange("url", None, {"$env": "HOOK_URL"}), width=width)
    assert new == "  url: (secret $HOOK_URL)"
    changed = " ".join(
        line.strip() for line in shown(FieldChange("url", sealed | {"hash": "5ea1"}, sealed), width=width)
    )
    assert changed == "url: (secret $HOOK_URL) → (secret $HOOK_URL), another value (recorded)"


def test_provenance_is_told_where_it_is_not_live():
    """A value that Attentive showed needs no word; one from the record does, and nothing came from nowhere."""
    fields = (
        FieldChange("a", 1, 2, Provenance.LIVE),
        FieldChange("b", 1, 2, Provenance.RECORDED),
        FieldChange("c", 1, 2, Provenance.OBSERVED),
        FieldChange("d", None, 2, Provenance.UNKNOWN),
        FieldChange("e", None, 2, Provenance.RECORDED),
    )
    assert shown(*fields) == [
        "  a: 1 → 2",
        "  b: 1 → 2 (recorded)",
        "  c: 1 → 2 (observed)",
        "  d: (nothing) → 2 (unknown)",
        "  e: (nothing) → 2",
    ]


def test_texts_are_quoted_and_other_values_are_not():
    """The text "true" and the truth value don't look the same."""
    assert shown(FieldChange("a", "true", True, Provenance.LIVE)) == ['  a: "true" → true']


def test_a_long_text_is_a_difference_of_its_lines():
    """Only the lines that changed are signed; spaces at an end show."""
    old = "one\ntwo\nthree"
    assert shown(FieldChange("text", old, "one\ntwo \nthree", Provenance.LIVE)) == [
        "  text:",
        "      one",
        "    - two",
        "    + two\\x20",
        "      three",
    ]


def test_a_last_newline_is_a_difference():
    """A text that only gained its last newline doesn't look unchanged."""
    assert "    +" in shown(FieldChange("text", "one\ntwo", "one\ntwo\n", Provenance.LIVE))


def test_a_difference_far_down_says_where_it_is():
    """Where a difference isn't at the beginning, its place is told."""
    old = [f"line {number}" for number in range(40)]
    new = [*old[:30], "other", *old[31:]]
    assert "    @ @@ -28,7 +28,7 @@" in shown(FieldChange("text", "\n".join(old), "\n".join(new), Provenance.LIVE))


def test_a_wrapped_row_says_that_it_goes_on():
    """A backslash at the end of a row says that the next row is part of the same line."""
    lines = shown(FieldChange("text", "short\none", "word " * 19 + "word", Provenance.LIVE), width=60)
    added = [line for line in lines if line.startswith("    +")]
    assert [line.endswith("\\") for line in added] == [True, False]


def test_a_new_long_text_is_cut_unless_all_is_asked_for():
    """A whole new text shows its first lines and how many follow; verbose shows all, and a change is never cut."""
    text = "\n".join(f"line {number}" for number in range(40))
    assert "    … 28 more lines (`plan -v` shows all)" in shown(FieldChange("html", None, text))
    assert not any("more line" in line for line in shown(FieldChange("html", None, text), verbose=True))
    assert not any("more line" in line for line in shown(FieldChange("html", "old\n" * 20, text)))


def test_irreversible_is_told_once_at_the_end(plan):
    """Every change without a way back is named at the end, behind its reason, which isn't repeated."""
    text = plan_text(plan, width=160)
    assert text.count("a journey's trigger and category are fixed") == 1
    end = text.partition("\nirreversible\n")[2]
    assert "! journey.pickup_ready, journey.order_shipped: a journey's trigger and category are fixed" in end


def test_a_blocked_change_is_counted_as_blocked(plan):
    """What can't be done isn't counted as work."""
    last = " ".join(plan_text(plan).split("\n\n")[-1].split())
    assert "3 by the API" in last
    assert "1 blocked" in last


def test_without_utf_8_signs_are_ascii(plan, monkeypatch):
    """On a terminal that doesn't speak UTF-8 the signs are ASCII."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    text = plan_text(plan)
    assert text.isascii()
    assert "-> send event_type.pickup_ready" in text


def test_markdown_is_not_markup_of_its_users():
    """Names and texts with markup, backticks or HTML in them stay what they are."""
    hostile = FieldChange("text", "<script>\n```", "a ```` b\n<b>", Provenance.LIVE)
    change = ApiChange(
        address="segment.vips",
        kind="Segment",
        action=Action.UPDATE,
        reason=Reason.CHANGED,
        fields=(hostile,),
        blocked="<i> *x* [y](z)",
    )
    text = plan_markdown(replace(EMPTY, changes=(change,)))
    assert "\\<i> \\*x\\* \\[y\\](z)" in text
    assert text.count("`````") == 2


def test_tasks_that_were_asked_before_are_not_new(plan):
    """Of a change's tasks those that nobody was asked are shown as its own; the others wait already."""
    [change] = [one for one in plan.changes if one.address == "journey.order_shipped"]
    known = change.tasks[0]
    again = replace(EMPTY, changes=(replace(change, asked_before=(known.token,)),), waiting=(known,))
    text = plan_text(again, width=100)
    asked, _, waits = text.partition("waiting for people")
    assert known.token not in asked
    assert known.token in waits
    assert f"{len(change.tasks) - 1} tasks on 1 resource" in text.rpartition("\n")[2]


def test_what_waits_for_a_confirmation_is_counted_apart():
    """A change that waits for a person isn't work that an apply would do; it says what it waits for."""
    field = FieldChange("keys.day", "string", None)
    change = PropertyHold(address="event_type.shipped", kind="EventType", by="api", fields=(field,))
    text = plan_text(replace(EMPTY, changes=(replace(change, waits_for=("journey.shipped/turn_on",)),)), width=100)
    assert text.endswith("\nproduction: 1 waits for people")
    assert "waits for: journey.shipped/turn_on" in text
    assert "live journeys still show it" in text


@given(st.lists(st.text(string.ascii_letters + "@+- ", max_size=6).map(str.rstrip), min_size=1, max_size=5))
def test_a_text_that_is_new_or_gone_has_its_own_lines(lines):
    """Of a text that comes or goes as a whole each line is shown, whatever it begins with."""
    text = "\n".join(lines)
    assert difference(None, text) == difference([], text) == tuple(("+", line) for line in lines)
    assert difference(text, None) == tuple(("-", line) for line in lines)
    assert difference(f"{text}\nend", f"{text}\nend!")[-2:] == (("-", "end"), ("+", "end!"))
