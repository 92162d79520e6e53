"""Running the rules: severities that a project sets, settings as documents, environments."""

from __future__ import annotations

import pytest

from deployer import load
from deployer.rules import check
from deployer.source import Position, Severity
from tests.paid_email import PAID_EMAIL

SEGMENT = "kind: Segment\nid: testers\nname: Testers\nexternal_id: testers\ndescription: Ours.\n"
ELSEWHERE = f"{SEGMENT}---\n{SEGMENT.replace('testers', 'staff').replace('Testers', 'Staff')}environments: [other]\n"
PLAIN_HOOK = "kind: Webhook\nid: plain\napp: orders\nurl: http://acme.example/\nevents: [sms.sent]\nstatus: enabled\n"


def rules(problems):
    """List the ids of problems."""
    return [problem.rule for problem in problems]


@pytest.mark.parametrize("level", ["error", "warning", "info"])
def test_a_project_sets_the_severity_of_a_rule(checked, level):
    """Under `rules`, a rule's problems get the severity that stands there."""
    [problem] = checked(PLAIN_HOOK, f"rules: {{ webhook/not-https: {level} }}\n", pin="webhook/not-https")
    assert (problem.rule, problem.severity) == ("webhook/not-https", Severity(level))


def test_a_rule_that_is_off_finds_nothing(checked):
    """If a rule is off, what it would find isn't reported."""
    assert checked(PLAIN_HOOK, "rules: { webhook/not-https: off }\n", pin="webhook/not-https") == ()


def test_an_unknown_rule_is_a_problem_of_its_own(checked):
    """If `rules` names a rule that doesn't exist, the problem points to it and says what was meant."""
    [problem] = checked(SEGMENT, "rules: { webhook/no-https: off }\n", pin="settings")
    assert problem.rule == "settings/unknown-rule"
    assert problem.hint == "did you mean `webhook/not-https`?"
    assert problem.excerpt[problem.position.column - 1 :].startswith("webhook/no-https")


def test_without_the_settings_document_only_the_file_is_named(checked):
    """If the caller has no document of deployer.yaml, problems about settings have no line, but are reported."""
    [problem] = checked(SEGMENT, "forget: [segment.testers]\n", with_sources=False, pin="settings")
    assert (problem.rule, problem.position.path, problem.position.line) == (
        "settings/forget-declared",
        "deployer.yaml",
        0,
    )


def test_an_address_of_another_environment_is_declared(checked):
    """If an address moved to a resource that exists in another environment only, nothing is wrong."""
    moved = "moved: [{ from: segment.pilot, to: segment.staff }]\n"
    assert checked(ELSEWHERE, moved, pin="settings") == ()
    assert checked(ELSEWHERE, moved, environment="other", pin="settings") == ()


def test_without_the_documents_only_this_environment_is_known(checked):
    """If the caller gives no documents, what other environments declare can't be told."""
    moved = "moved: [{ from: segment.pilot, to: segment.staff }]\n"
    assert rules(checked(ELSEWHERE, moved, with_sources=False, pin="settings")) == ["settings/moved-undeclared"]


def test_a_chain_of_moves_may_end_at_what_is_declared(checked):
    """If an address moved twice, the address between needn't be declared."""
    moved = "moved: [{ from: segment.a, to: segment.b }, { from: segment.b, to: segment.testers }]\n"
    assert checked(SEGMENT, moved, pin="settings") == ()


def test_a_macro_files_mistake_is_reported_once(checked):
    """If two messages use a macro file with a mistake in it, there is one problem, in that file."""
    event = "kind: EventType\nid: paid\nname: Paid\napp: orders\nproperties: {}\n"
    message = "---\nkind: Message\nid: {}\nchannel: text\nevent: paid\nbody: '[[ hello() ]]'\n"
    macro = "[% macro hello() %]\nHello {{subscriber.firstName}}[% endmacro %]\n"
    text = event + message.format("first") + message.format("second")
    [problem] = checked(text, files={"macros/hello.jinja": macro}, pin="message/subscriber-in-text")
    assert problem.rule == "message/subscriber-in-text"
    assert (problem.position.path, problem.position.line, problem.position.column) == ("macros/hello.jinja", 2, 9)
    assert problem.excerpt == "Hello {{subscriber.firstName}}[% endmacro %]"


SETTINGS = """\
version: 1
project: case
brand: { name: Acme }
apps: { orders: {} }
environments: { sandbox: { target: sandbox } }
"""
ABSENT = """\
kind: Message
id: shipped
channel: text
event: gone
body: 'BODY'
---
kind: Journey
id: shipped
name: Shipped
category: marketing
trigger: gone
opt_in: []
re_entry: { cooldown: none }
steps:
  - { id: text, send_text: { message: shipped, quiet_hours: respect, smart_sending: respect } }
status: draft
"""


@pytest.mark.parametrize(
    ("body", "found"), [('[[ prop("url") ]]', []), ('[[ prop("url") ]] [[ prp() ]]', ["message/compile-error"])]
)
def test_an_event_that_is_absent_is_one_problem(tmp_path, body, found):
    """If a message's event can't be read, nobody says that it lacks a property; a slip of the words is told still."""
    (tmp_path / "deployer.yaml").write_text(SETTINGS, "utf-8")
    (tmp_path / "resources.yaml").write_text(ABSENT.replace("BODY", body), "utf-8")
    assert rules(load(tmp_path).check()) == ["reference/unknown", *found, "reference/unknown"]


def test_a_patchs_mistake_is_found_in_the_patch(checked):
    """If the environment's patch brings the mistake in, the problem points into the patch."""
    hook = PLAIN_HOOK.replace("http:", "https:") + "per_environment:\n  other: { url: http://acme.example/other }\n"
    assert checked(hook, pin="webhook/not-https") == ()
    [problem] = checked(hook, environment="other", pin="webhook/not-https")
    assert (problem.position.line, problem.position.column) == (8, 17)


def test_the_order_is_that_of_files_and_lines(checked):
    """Problems come by path, line, column and rule, whatever rule found them."""
    webhooks = "---\n".join(PLAIN_HOOK.replace("plain", f"plain_{n}").replace("example/", f"x/{n}") for n in range(3))
    problems = checked(webhooks.replace("sms.sent", "sms.snt"))
    assert rules(problems) == ["webhook/not-https", "webhook/unknown-event"] * 3
    assert list(problems) == sorted(problems, key=lambda problem: problem.sort_key)


MAYBE_LONG = """\
kind: EventType
id: paid
name: Paid
app: orders
properties:
  words: { type: string, minLength: 1, maxLength: 400 }
samples:
  happy: { words: short }
---
kind: Message
id: paid
channel: text
event: paid
body: "{{triggerEvent.custom['words']}}"
limits: { segments: 1 }
"""


def test_a_made_sample_is_called_made(checked):
    """Where a finding rests on a sample that nobody declared, it says so; a declared one is only named."""
    (maybe,) = [one for one in checked(MAYBE_LONG) if one.rule == "message/may-go-over-limit"]
    assert "sample `longest` (made from the schema) makes 3 segments" in maybe.message
    longer = MAYBE_LONG.replace("words: short", f"words: {'a' * 300}")
    (sure,) = [one for one in checked(longer) if one.rule == "message/over-limit"]
    assert "sample `happy` makes 2 segments" in sure.message


EVENT = "kind: EventType\nid: paid\nname: Paid\napp: orders\nidentify_by: [email]\nregistered_by: producer\n"
MAIL = """\
kind: Message
id: mail
channel: email
event: paid
from: orders@acme.example
subject: Paid
html: { file: mail.html }
"""


@pytest.mark.parametrize(
    ("rule", "piece"), [("message/broken-macro", "}} "), ("message/foreign-placeholder", "*|FNAME|* ")]
)
def test_thousands_of_one_mistake_are_few_findings(checked, rule, piece):
    """If a text repeats a mistake thousands of times, a few places are named, and the last says how many more."""
    found = [one for one in checked(EVENT + "---\n" + MAIL, files={"mail.html": piece * 8_000}) if one.rule == rule]
    assert len(found) == 50
    assert "(7,950 more in this text)" in found[-1].message
    assert [one.position.column for one in found] == [len(piece) * number + 1 for number in range(50)]
    few = [one for one in checked(EVENT + "---\n" + MAIL, files={"mail.html": piece * 50}) if one.rule == rule]
    assert not any("more in this text" in one.message for one in few)


@pytest.mark.parametrize(("channel", "words", "refused"), [("text", "body", 1), ("email", "html", 0)])
def test_a_text_that_no_carrier_takes_is_not_counted(checked, channel, words, refused):
    """A text of a hundred thousand characters is one problem at its field; an email may have as many."""
    subject = "subject: Hello, from: a@acme.example, " if channel == "email" else ""
    message = (
        f"{PAID}{{kind: Message, id: one, channel: {channel}, event: paid, {subject}{words}: {{file: long.txt}}}}\n"
    )
    found = checked(message, files={"long.txt": "\u00a0" * 100_000}, pin="message/compile-error")
    assert ["200,000 bytes" in one.message for one in found] == [True] * refused


PAID = "kind: EventType\nid: paid\nname: Paid\napp: orders\nproperties: {v: {type: string, examples: [x]}}\n---\n"


@pytest.mark.parametrize(
    "written",
    [
        *("{order-id}", "[orderId]", "##ORDER ID##", "{orderId}", "[First Name]", "$[order]", "$[Order Id]"),
        *("::order::", "::order_id::", "{~order~}", "{~ order.id ~}", "|ORDER|", "|ORDER_ID|"),
        *(
            "-orderId-",
            "-order_id-",
            "-ORDER_ID-",
            "(First Name)",
            "(first_name)",
            "*ORDER_ID*",
            "!ORDER_ID!",
            "~ORDER~",
            "^ORDER_ID^",
        ),
        *("{#order_id}", "{:order}", "{|order|}", "%{order_id}", "$(order_id)", "@@order@@", "$$order$$", "[*order*]"),
        *("&lt;order_id&gt;", "&#123;orderId&#125;", "%7BorderId%7D", "&#37;&#37;order&#37;&#37;"),
        *("&lt;%= order.id %&gt;", "&lt;?= $order ?&gt;", "&lt;&lt;order_id&gt;&gt;", "&laquo;order_id&raquo;"),
    ],
)
@pytest.mark.parametrize("channel", ["text", "email"])
def test_a_name_as_a_program_writes_it_is_a_placeholder(checked, channel, written):
    """A name in other brackets than two braces is found where no one writes it but as a placeholder."""
    words = {"text": f"body: 'Hello {written}'", "email": f"subject: 'Hello {written}', from: a@a.example, html: x"}
    message = f"{PAID}{{kind: Message, id: one, channel: {channel}, event: paid, {words[channel]}}}\n"
    [problem] = checked(message, pin="message/foreign-placeholder")
    assert f"`{written}`" in problem.message


@pytest.mark.parametrize(
    "written",
    [
        *(
            "(order-id)",
            "(order_id)",
            "(non_refundable)",
            "(v)",
            "(Order now)",
            "f(order_id)",
            "[sic]",
            "## 5 ##",
            "[1]",
            "[Gift](https://acme.example)",
            "$[5]",
            "US$ 5 [gift]",
        ),
        *("Mon | Tue | Wed", "S|M|L|XL", "|S|M|L|XL|", "|SIZE|PRICE|TOTAL|", "| ORDER | TOTAL |", "|SALE| ends soon"),
        *("-iPhone-", "-on sale-", "pre-order-now", "*ORDER*", "!SALE!", "(macOS)", "(iPhone)", "~SALE~", "$(5)"),
        *("~10~", "2^10^2", ":) -x-", "a_b", "snake_case_word", "(order)", "@@", "$$", "50% {off}", "-- ORDER --"),
        *("Mon |TUE| Wed", "|ORDER|TOTAL|", "Sizes: |M|", "|Order| Track", "Terms|EMAIL|Help", "-order-id-", "~order~"),
        *("open 10::30", "std::order::total", "::order::create", ":: order ::", "::note::", "a::before", "{~}"),
        *("$5 ~ $10", "&lt;10% off&gt;", "&lt;&lt; more &gt;&gt;", "&laquo;Gift&raquo;", "&lt; 10% &gt; 3"),
        "&lt;b&gt;order&lt;/b&gt;",
    ],
)
def test_what_people_write_in_brackets_is_none(checked, written):
    """A word in parentheses, a footnote, a heading or a link in Markdown isn't taken for a placeholder."""
    message = f"{PAID}{{kind: Message, id: one, channel: text, event: paid, body: 'Hello {written}'}}\n"
    assert checked(message, pin="message/foreign-placeholder") == ()


LINES = """\
kind: EventType
id: paid
name: Paid
app: orders
properties: { lines: { type: array, items: { type: object, properties: { name: { type: string, minLength: 1 } } } } }
samples: { happy: { lines: [{ name: Mug }] } }
"""
NAME = "{{triggerEvent.custom['lines'][0].name}}"
JOINED = "{{triggerEvent.custom['lines'] | map: 'name' | join: ', '}}"


@pytest.mark.parametrize("prints", [NAME, JOINED])
def test_a_list_that_may_be_empty_is_mended_as_its_hint_says(checked, prints):
    """The hint names the list's size and `minItems`, and each of them ends the problem; an `if` on the list doesn't."""

    def found(prints, resources=LINES):
        return checked(resources + PAID_EMAIL.replace("PRINTS", prints), pin="message/missing-inside")

    [problem] = found(prints)
    assert "`size`" in problem.hint
    assert "`minItems`" in problem.hint
    assert found(f"{{% if triggerEvent.custom['lines'].size > 0 %}}{prints}{{% endif %}}") == ()
    assert found(prints, LINES.replace("type: array,", "type: array, minItems: 1,")) == ()
    assert len(found(f"{{% if triggerEvent.custom['lines'] %}}{prints}{{% endif %}}")) == 1


@pytest.mark.parametrize("name", ["deployer.yaml", "deployer.yml"])
def test_a_finding_about_settings_names_their_file(tmp_path, name):
    """Without the settings' document a finding about them names the file that the project has."""
    settings = "version: 1\nproject: tea\nbrand: {name: Tea}\napps: {}\nenvironments: {sandbox: {target: sandbox}}\n"
    (tmp_path / name).write_text(f"{settings}forget: [segment.gone, nothing.gone]\n", encoding="utf-8")
    (tmp_path / "testers.yaml").write_text("kind: Segment\nid: testers\nname: Testers\n", encoding="utf-8")
    found = check(load(tmp_path).linked().project)
    assert {problem.position for problem in found if problem.rule.startswith("settings/")} == {Position(name)}
