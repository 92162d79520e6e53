"""The report of an apply: printed whatever happened, with what to do about failures."""

import json
from dataclasses import replace

from deployer.engine.report import ApplyReport
from deployer.views.report import report_json, report_markdown, report_text, unplanned_text


def test_a_report_reads_well_at_80_columns(report, golden):
    """Each change stands under what became of it; the count and the next command stand last."""
    golden("report.txt", report_text(report))


def test_a_report_is_a_comment_in_markdown(report, golden):
    """The markdown begins with the count."""
    golden("report.md", report_markdown(report))


def test_a_report_that_did_nothing_says_so():
    """An apply without changes isn't silent."""
    assert report_text(ApplyReport("staging", ())) == "Apply to staging done: nothing was changed"


def test_an_interrupted_report_says_how_to_go_on(report):
    """After Ctrl-C the report says what holds and what to do."""
    text = report_text(replace(report, interrupted=True), width=120)
    assert "Apply to production was interrupted: 1 done" in text
    assert "apply again to go on" in text


def test_a_problem_of_the_whole_run_has_its_hint():
    """What stopped the run as a whole is told with what to do, and the run counts as failed."""
    text = report_text(ApplyReport("staging", (), problem="the state can't be written", hint="free the disk"))
    assert text.startswith(
        "Apply to staging failed: nothing was changed\nerror: the state can't be written\n  hint: free"
    )


def test_what_a_saved_plan_lacks_is_named_with_why(report):
    """Changes that only a plan made now has, and the addresses that a plan was made for, are in the report."""
    unplanned = (report.outcomes[1].change,)
    text = report_text(replace(report, only=("webhook.receipts",), unplanned=unplanned), width=200)
    assert "\nnot in the plan: update webhook.receipts (a plan made now has this; it came up after" in text
    assert "\nonly: webhook.receipts: the plan was made for this and what it needs\n" in text
    assert unplanned_text(unplanned, width=200) in text
    assert unplanned_text(()) == ""


def test_a_report_is_json(report):
    """The JSON has the outcomes in the order of the run."""
    data = json.loads(report_json(report))
    assert [one["status"] for one in data["outcomes"]] == [outcome.status.value for outcome in report.outcomes]
    assert data["ok"] is False
