"""Suppressing findings: what is left out, for how long, and what the report says of the comments themselves."""

from __future__ import annotations

from datetime import date

import pytest

from deployer import load
from deployer.source import Severity

SETTINGS = """\
version: 1
project: case
brand: { name: Acme }
apps: { orders: {} }
environments: { sandbox: { target: sandbox }, pilot: { target: sandbox } }
"""
HOOK = """\
kind: Webhook
id: {id}
app: orders
url: https://acme.example/{id}
events: [email.sent]{comment}
status: enabled
"""
IGNORE = " # deployer: ignore[webhook/undocumented-event] tried in the test account"
EMAIL = """\
kind: EventType
id: paid
name: Paid
app: orders
properties: {{}}
---
kind: Message
id: receipt
channel: email
event: paid
from: a@acme.example
subject: Your receipt
preheader: Thank you.
html: {{ file: emails/receipt.html }}{comment}
"""


@pytest.fixture
def shop(tmp_path):
    """Write a project and load it on a day."""

    def write(resources, more="", files=(), today=date(2026, 11, 3)):
        (tmp_path / "deployer.yaml").write_text(SETTINGS + more, "utf-8")
        (tmp_path / "resources.yaml").write_text(resources, "utf-8")
        for path, text in dict(files).items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
        return load(tmp_path, today=today)

    return write


def ids(problems):
    """The rules of problems."""
    return [problem.rule for problem in problems]


def test_a_suppressed_finding_is_left_out_and_kept_apart(shop):
    """If a comment suppresses a finding, it is no problem any more, and the check hands it over with its reason."""
    checked = shop(HOOK.format(id="a", comment=IGNORE)).checked()
    assert checked.problems == ()
    [one] = checked.suppressed
    assert (one.problem.rule, one.by.reason) == ("webhook/undocumented-event", "tried in the test account")


def test_the_last_day_is_part_of_the_time(shop):
    """On its last day a suppression holds; on the next the finding is back, and the comment is reported as ended."""
    text = HOOK.format(id="a", comment=IGNORE + " until 2026-11-03")
    assert shop(text).check() == ()
    assert ids(shop(text, today=date(2026, 11, 4)).check()) == ["webhook/undocumented-event", "suppression/ended"]


def test_a_suppression_without_a_reason_has_no_effect(shop):
    """If nobody says why, the finding stays, and the comment is in error."""
    text = HOOK.format(id="a", comment=" # deployer: ignore[webhook/undocumented-event]")
    assert ids(shop(text).check()) == ["webhook/undocumented-event", "suppression/no-reason"]


def test_what_suppresses_nothing_is_told(shop):
    """If a suppression isn't needed, it is reported; of several ids only those that were of no use."""
    text = HOOK.format(id="a", comment=IGNORE.replace("]", ", webhook/not-https]"))
    [problem] = shop(text).check()
    assert (problem.rule, problem.severity) == ("suppression/unused", Severity.WARNING)
    assert "`webhook/not-https`" in problem.message


def test_a_rule_that_is_off_needs_no_suppression(shop):
    """If the settings switch the rule off, the comment is unused for that reason, not because nothing breaks it."""
    [problem] = shop(HOOK.format(id="a", comment=IGNORE), "rules: { webhook/undocumented-event: off }\n").check()
    assert problem.rule == "suppression/unused"
    assert problem.message.startswith("`rules` switches `webhook/undocumented-event` off here")


def test_one_environment_can_not_tell_what_is_unused(shop):
    """If a finding is another environment's, its suppression isn't called unused where that wasn't checked."""
    text = HOOK.format(id="a", comment=IGNORE) + "environments: [pilot]\n"
    assert shop(text).check("sandbox") == ()
    assert shop(text).check() == ()


def test_nothing_is_called_unused_where_something_could_not_be_read(shop):
    """If a document is broken, rules didn't see it, so a suppression may be of use once it is mended."""
    text = HOOK.format(id="a", comment=IGNORE) + "colour: red\n"
    assert ids(shop(text).check()) == ["schema/unknown-key"]


def test_a_file_of_words_is_suppressed_where_the_yaml_names_it(shop):
    """If the finding stands in an email's file, the comment stands where the message names that."""
    files = {"emails/receipt.html": '<img src="https://acme.example/a.png">\n'}
    comment = " # deployer: ignore[message/no-alt-text] decoration"
    assert ids(shop(EMAIL.format(comment=""), files=files).check()) == ["message/no-alt-text"]
    assert shop(EMAIL.format(comment=comment), files=files).check() == ()


def test_settings_are_suppressed_in_their_own_file(shop):
    """If the finding is about deployer.yaml, the comment stands there."""
    more = "forget: [webhook.a] # deployer: ignore[settings/forget-declared] taken over by the agency next week\n"
    assert shop(HOOK.format(id="a", comment=IGNORE), more).check() == ()


@pytest.mark.parametrize("rule", ["schema/unknown-key", "reference/unknown", "yaml/tab", "suppression/unused"])
def test_what_can_not_be_relaxed_can_not_be_suppressed(shop, rule):
    """If a comment names a rule that stays an error, it says so."""
    comment = IGNORE.replace("webhook/undocumented-event", rule)
    found = {one.rule: one for one in shop(HOOK.format(id="a", comment=comment)).check()}
    assert f"`{rule}` can't be suppressed" in found["suppression/unknown-rule"].message


def test_a_project_weighs_suppressions_too(shop):
    """If `rules` switches unused suppressions off, they aren't reported."""
    text = HOOK.format(id="a", comment=IGNORE).replace("email.sent", "sms.sent")
    assert ids(shop(text).check()) == ["suppression/unused"]
    assert shop(text, "rules: { suppression/unused: off }\n").check() == ()


def test_a_suppressed_error_does_not_stop_a_plan(shop):
    """If an error is suppressed, the project can be used."""
    text = HOOK.format(id="a", comment="").replace("email.sent", "sms.sent").replace("https", "http")
    text = text.replace("/a\n", "/a # deployer: ignore[webhook/not-https] a rig without a certificate\n")
    assert shop(text).project("sandbox").resources


LEVELS = [
    ("rules: { webhook/undocumented-event: error }\n", ["error", "error"]),
    ("rules: { webhook/*: error }\n", ["error", "error"]),
    ("rules: { webhook/*: error, webhook/undocumented-event: info }\n", ["info", "info"]),
    ('rules: { webhook/undocumented-event: { paths: { "old/**": off } } }\n', ["warning"]),
    ('rules: { webhook/undocumented-event: { severity: error, paths: { "old/**": info } } }\n', ["info", "error"]),
    ('rules: { webhook/undocumented-event: { severity: off, paths: { "old/**": info } } }\n', ["info"]),
    ('rules: { webhook/*: { paths: { "**": off, "old/*": error } } }\n', ["error"]),
    ("rules: { webhook/*: off }\n", []),
]


@pytest.mark.parametrize(("more", "levels"), LEVELS)
def test_severities_hold_by_rule_family_and_path(shop, more, levels):
    """An id counts before its family, a path before the rest, and of paths the last that matches."""
    old = HOOK.format(id="b", comment="")
    found = shop(HOOK.format(id="a", comment=""), more, {"old/hooks.yaml": old}).check()
    assert [one.severity.value for one in found] == levels


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("webhok/*", "`webhok/*` is not a rule that can be set", "did you mean `webhook/*`?"),
        ("yaml/*", "`yaml/*` can't be relaxed", "mend it"),
        ("schema/unknown-key", "`schema/unknown-key` can't be relaxed", "mend it"),
        ("nothing/near", "`nothing/near` is not a rule that can be set", "`deployer explain` lists every rule"),
    ],
)
def test_a_rule_that_can_not_be_set_is_told(shop, name, message, hint):
    """If `rules` names no rule, or one that stays an error, the problem says which of the two."""
    [problem] = shop(HOOK.format(id="a", comment=IGNORE), f"rules: {{ {name}: off }}\n").check()
    assert problem.rule == "settings/unknown-rule"
    assert problem.message == message
    assert problem.hint.startswith(hint)
    assert problem.position.line == 6
