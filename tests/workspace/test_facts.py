"""After an edit only what it touches is looked at again, and what is found is what a check of everything finds."""

from __future__ import annotations

import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployer.kinds.message import reading
from deployer.messages import library
from deployer.project import words as project_words
from deployer.rules import Sound, check, texts
from deployer.source import known_yaml
from deployer.source.known_yaml import KnownDocument
from deployer.workspace import facts as module
from deployer.workspace.answers import OWN, Answers
from deployer.workspace.facts import BOUNDS, SUFFIX, Facts
from deployer.workspace.loading import load
from tests.workspace.test_answers import EMAIL as MAIL
from tests.workspace.test_answers import PROJECTS, put, told
from tests.workspace.test_answers_of_commands import TRIED, printed

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = """\
version: 1
project: tea
brand: {name: Tea}
time_zone: Europe/Berlin
apps: {orders: {description: The shop sends with this app.}}
rules: {journey/no-test: off, message/no-alt-text: off}
environments:
  sandbox: {target: sandbox}
  other: {target: sandbox}
"""
EVENT = """\
kind: EventType
id: order_shipped
name: Order Shipped
app: orders
properties:
  order_id: {use: order_id}
  city: {type: string, minLength: 1, maxLength: 20}
samples: {happy: {order_id: "54321", city: Ulm}}
"""
SHARED = """\
kind: Property
id: order_id
description: The number that the customer knows.
schema: {type: string, minLength: 1, maxLength: 9}
pii: false
"""
TEXT = """\
kind: Message
id: shipped
channel: text
event: order_shipped
body: {file: texts/shipped.txt}
limits: {segments: 1}
"""
WORDS = "Order {{triggerEvent.custom['order_id']}} is on its way to {{triggerEvent.custom['city']}}. [[ thanks() ]]"
MACROS = "[% macro thanks() %]Thanks![% endmacro %]"
EMAIL = """\
kind: Message
id: mail
channel: email
event: order_shipped
from: tea@tea.example
subject: Your order
preheader: It is on its way.
html: >-
  <p>{{triggerEvent.custom['order_id']}} {{subscriber.custom['Tier'] | default: 'gold'}} fresh</p>
  <img src="https://tea.example/a.png">
plain: Your order.
"""
ATTRIBUTE = """\
kind: CustomAttribute
id: tier
name: Tier
schema: {type: string, enum: [Silver, Gold]}
"""
JOURNEY = """\
kind: Journey
id: order_shipped
name: Order shipped
category: transactional
trigger: order_shipped
opt_in: [checkout]
re_entry: {cooldown: none}
steps:
  - {id: text, send_text: {message: shipped, quiet_hours: respect, smart_sending: ignore}}
  - {id: mail, send_email: {message: mail, quiet_hours: respect, smart_sending: ignore}}
status: active
"""
OPT_IN = """\
kind: OptInSource
id: checkout
channel: text
subscription_type: transactional
placement: checkout
consent: {control: checkbox, pre_checked: true, disclosure: "Reply HELP for help and STOP to cancel."}
screenshot: checkout.png
"""
PROJECT = {
    "deployer.yaml": SETTINGS,
    "event.yaml": EVENT,
    "shared.yaml": SHARED,
    "text.yaml": TEXT,
    "texts/shipped.txt": WORDS,
    "macros/all.jinja": MACROS,
    "mail.yaml": EMAIL,
    "tier.yaml": ATTRIBUTE,
    "journey.yaml": JOURNEY,
    "opt_in.yaml": OPT_IN,
    "checkout.png": "a picture",
}
ELSEWHERE = {
    "an event's property that becomes optional": ("event.yaml", "maxLength: 20", "maxLength: 20, optional: true"),
    "an event's property that goes": ("event.yaml", "  city: {", "  town: {"),
    "a sample that grows": ("event.yaml", "city: Ulm", f"city: {'x' * 200}"),
    "an event that goes": ("event.yaml", "id: order_shipped", "id: order_sent"),
    "an event that can't be read": ("event.yaml", "app: orders", "application: orders"),
    "a shared definition": ("shared.yaml", "minLength: 1, ", ""),
    "a shared definition that is deprecated": ("shared.yaml", "maxLength: 9", "maxLength: 9, deprecated: true"),
    "a shared definition that goes": ("shared.yaml", "id: order_id", "id: order_number"),
    "an attribute's name": ("tier.yaml", "name: Tier", "name: Level"),
    "an attribute that can't be read": ("tier.yaml", "kind: CustomAttribute", "kind: CustomAttribute\nx: 1"),
    "the brand's name": ("deployer.yaml", "name: Tea", f"name: {'Tea ' * 40}"),
    "the words that sell": ("deployer.yaml", "rules:", "promotional_words: {add: [fresh]}\nrules:"),
    "a rule's severity": ("deployer.yaml", ", message/no-alt-text: off", ""),
    "a journey's category": ("journey.yaml", "category: transactional", "category: marketing"),
    "a journey that sends nothing": ("journey.yaml", "id: order_shipped", "id: Order"),
    "words in a file": ("texts/shipped.txt", "way to", "way 🍵 to"),
    "a file that is gone": ("text.yaml", "texts/shipped.txt", "texts/gone.txt"),
    "a macro's words": ("macros/all.jinja", "Thanks!", "50% off, thanks {{ order_id }}!"),
    "a macro that can't be read": ("macros/all.jinja", "[% endmacro %]", ""),
    "a macro's name": ("macros/all.jinja", "thanks()", "thank()"),
}


OF_A_PLAN = {
    **ELSEWHERE,
    "an app that a vendor has": (
        "deployer.yaml",
        "{description: The shop sends with this app.}",
        "{managed_by: vendor}",
    ),
    "an event that its producer sends first": ("event.yaml", "app: orders", "app: orders\nregistered_by: producer"),
    "a journey that is off": ("journey.yaml", "status: active", "status: inactive"),
    "an owner": ("journey.yaml", "category:", "owner: growth\ncategory:"),
}
"""The same, and what decides about a plan besides."""

OF_FEW = {"opt_in.yaml", "tier.yaml", "shared.yaml"}
"""Files with declarations of kinds that a project has few of: they are read each time."""


def plain(root: Path) -> None:
    """A project without problems, of everything that a message depends on."""
    for path, content in PROJECT.items():
        put(root, path, content)


def edit(root: Path, path: str, old: str, new: str) -> None:
    """Write other words in the place of some in a file."""
    content = (root / path).read_text("utf-8")
    assert old in content
    put(root, path, content.replace(old, new))


@pytest.fixture
def looked_at(monkeypatch) -> Callable[[], set[str]]:
    """The messages whose words were looked at since the last question."""
    found: set[str] = set()
    gather = texts.gather

    def watched(project, messages):
        taken = tuple(messages)
        found.update(one.id for one in taken)
        return gather(project, taken)

    monkeypatch.setattr("deployer.rules.subject.gather", watched)

    def since() -> set[str]:
        taken = set(found)
        found.clear()
        return taken

    return since


@pytest.mark.parametrize("what", ELSEWHERE)
def test_a_message_is_looked_at_again_if_something_else_changed(what, tmp_path):
    """Whatever a sound message depends on: after an edit there, the check finds what it finds without facts."""
    root = tmp_path / "tea"
    plain(root)
    kept = Answers(tmp_path / "cache", root)
    sound = told(root)
    assert sound.checked.problems == ()
    assert told(root, kept) == sound
    path, old, new = ELSEWHERE[what]
    edit(root, path, old, new)
    cold = told(root)
    assert cold != sound
    assert told(root, kept) == cold
    put(root, path, PROJECT[path])
    assert told(root, kept) == sound


@pytest.mark.parametrize("what", OF_A_PLAN)
def test_a_plan_takes_no_words_that_changed(what, tmp_path):
    """Whatever a message's words depend on: after an edit there, the plan is what it is without facts."""
    root, cache, words = tmp_path / "tea", str(tmp_path / "cache"), ("plan", "--offline", "--format", "json")
    plain(root)
    planned = printed(root, "", words)
    assert [printed(root, cache, words) for _ in range(2)] == [planned, planned]
    path, old, new = OF_A_PLAN[what]
    edit(root, path, old, new)
    cold = printed(root, "", words)
    assert [printed(root, cache, words) for _ in range(2)] == [cold, cold]
    put(root, path, PROJECT[path])
    assert printed(root, cache, words) == planned


def test_a_plan_composes_and_counts_what_an_edit_touches(tmp_path, monkeypatch):
    """If one message changed since a plan, the next one takes the words and the lengths of all others as they were."""
    root, cache = tmp_path / "tea", str(tmp_path / "cache")
    plain(root)
    printed(root, cache, ("validate",))
    printed(root, cache, ("plan", "--offline"))
    put(root, "mail.yaml", EMAIL.replace("fresh", "ready"))
    printed(root, cache, ("validate",))
    composed = []
    compile_text = project_words.compile_text
    monkeypatch.setattr(project_words, "compile_text", lambda *of: composed.append(of[0]) or compile_text(*of))
    monkeypatch.setattr(reading, "counted", lambda *_: pytest.fail("it was counted"))
    assert printed(root, cache, ("plan", "--offline"))[0] == 0
    assert len(composed) == 4
    assert all("is on its way to" not in text for text in composed)


def test_words_of_other_branches_make_room(tmp_path):
    """Rows of words that no plan had a use for stay a while, and not for ever."""
    root, cache = tmp_path / "tea", str(tmp_path / "cache")
    plain(root)
    for number in range(12):
        put(root, "mail.yaml", EMAIL.replace("fresh", f"fresh {number}"))
        assert printed(root, cache, ("plan", "--offline"))[0] == 0
    assert len(Facts(tmp_path / "cache" / OWN, root).find_words()) == 32


def test_only_what_an_edit_touches_is_looked_at(tmp_path, looked_at):
    """If one message changed, its words are looked at and no others; a comment in its file touches nothing."""
    root = tmp_path / "tea"
    plain(root)
    kept = Answers(tmp_path / "cache", root)
    told(root, kept)
    assert looked_at() == {"shipped", "mail"}
    edit(root, "mail.yaml", "fresh", "ready")
    assert told(root, kept).checked.problems == ()
    assert looked_at() == {"mail"}
    put(root, "text.yaml", f"# a remark\n{TEXT}")
    assert told(root, kept).checked.problems == ()
    assert looked_at() == set()


@pytest.fixture
def read(monkeypatch) -> Callable[[], set[str]]:
    """The files whose documents were read or parsed since the last question, but for the settings."""
    found: set[str] = set()
    value, compose = KnownDocument.value, known_yaml.compose

    def of_known(document):
        found.add(document.file.path)
        return value.__get__(document)

    def of_text(file):
        found.add(file.path)
        return compose(file)

    monkeypatch.setattr(KnownDocument, "value", property(of_known))
    monkeypatch.setattr(known_yaml, "compose", of_text)

    def since() -> set[str]:
        taken = found - {"deployer.yaml"}
        found.clear()
        return taken

    return since


@pytest.mark.parametrize(
    ("path", "old", "new", "others"),
    [
        ("mail.yaml", "fresh", "ready", {"event.yaml", "journey.yaml", "text.yaml"}),
        ("texts/shipped.txt", "way to", "way  to", {"text.yaml", "event.yaml"}),
        ("event.yaml", "maxLength: 20", "maxLength: 19", {"mail.yaml", "text.yaml", "journey.yaml"}),
        ("event.yaml", "app: orders", "x-remark: 1\napp: orders", set()),
        ("event.yaml", "name: Order Shipped", "name: Order Sent", {"mail.yaml", "text.yaml", "journey.yaml"}),
        ("journey.yaml", "name: Order shipped", "name: Order sent", {"event.yaml", "mail.yaml", "text.yaml"}),
        ("second.yaml", "id: other", "id: next", set()),
    ],
)
def test_only_what_an_edit_touches_is_read(path, old, new, others, tmp_path, read):
    """If one file changed, it is parsed, what depends on it is read, and the YAML of all other files isn't."""
    root = tmp_path / "tea"
    plain(root)
    put(root, "second.yaml", EVENT.replace("id: order_shipped", "id: other").replace("Order Shipped", "Order Paid"))
    kept = Answers(tmp_path / "cache", root)
    told(root, kept)
    told(root, kept)
    read()
    edit(root, path, old, new)
    found = told(root, kept)
    assert found.checked.problems == ()
    assert read() - OF_FEW == {one for one in (path, *others) if one.endswith(".yaml")}
    assert told(root) == found


def test_a_message_with_a_finding_is_looked_at_each_time(tmp_path, looked_at):
    """A finding is never taken from what is kept."""
    root = tmp_path / "tea"
    plain(root)
    edit(root, "mail.yaml", "fresh", "50% off")
    kept = Answers(tmp_path / "cache", root)
    told(root, kept)
    looked_at()
    put(root, "text.yaml", f"# a remark\n{TEXT}")
    assert [one.rule for one in told(root, kept).checked.problems] == ["message/promotional-wording"]
    assert looked_at() == {"mail"}


@pytest.mark.parametrize("path", ["texts/shipped.txt", "macros/all.jinja"])
def test_what_another_file_brings_into_a_text_counts(path, tmp_path):
    """If the words or a macro of every message include a file, an edit of that file is seen."""
    root = tmp_path / "tea"
    plain(root)
    put(root, "texts/part.txt", "Bye.")
    where = (WORDS, f"{WORDS}[% include 'texts/part.txt' %]")
    edit(root, path, *(where if path == "texts/shipped.txt" else ("Thanks!", "[% include 'texts/part.txt' %]")))
    kept = Answers(tmp_path / "cache", root)
    assert told(root, kept).checked.problems == ()
    put(root, "texts/part.txt", "50% off.")
    assert told(root, kept) == told(root)
    assert told(root, kept).checked.problems != ()


@pytest.mark.parametrize("part", ["{{ 'now' | date: '%S' }}", "{% assign a = today %}{{ a | default: 'x' }}"])
def test_what_depends_on_the_clock_is_looked_at_each_time(part, tmp_path, looked_at):
    """A text that prints the time may be longer in a moment; the others are sound nevertheless."""
    root = tmp_path / "tea"
    plain(root)
    edit(root, "mail.yaml", "fresh", part)
    kept = Answers(tmp_path / "cache", root)
    told(root, kept)
    looked_at()
    told(root, kept)
    assert looked_at() == {"mail"}


def test_texts_that_are_too_much_together_are_found_all_the_same(tmp_path, monkeypatch):
    """The work of texts that are passed over counts: a project is refused by its whole, not by what changed in it."""
    root = tmp_path / "tea"
    plain(root)
    for number in range(6):
        body = f"[% for n in range(40) %]a[% endfor %] {number}"
        content = TEXT.replace("id: shipped", f"id: text_{number}").replace("{file: texts/shipped.txt}", f'"{body}"')
        put(root, f"text{number}.yaml", content)
    kept = Answers(tmp_path / "cache", root)
    whole = told(root)
    assert told(root, kept) == whole
    for most in (0, 50, 100, 150, 200, 250, 300, 350, 400):
        monkeypatch.setattr(library, "_MOST_WORK", most)
        for number in range(6):
            put(root, "texts/shipped.txt", f"{WORDS}{most}{number}")
            cold = told(root)
            assert told(root, kept) == cold
    assert cold != whole


PARTS = {path: [content] for path, content in PROJECT.items()}
for path_, old_, new_ in ELSEWHERE.values():
    PARTS[path_].append(PROJECT[path_].replace(old_, new_))
for name_ in ("mail.yaml", "text.yaml"):
    PARTS[name_].append(f"{PROJECT[name_]}---\n{MAIL.replace('id: mail', 'id: more').replace('SAID', '{{ now }}')}")

edits = st.lists(
    st.sampled_from(sorted(PARTS)).flatmap(
        lambda path: st.tuples(st.just(path), st.none() | st.sampled_from(PARTS[path]))
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=TRIED)
@given(edits, st.sampled_from([None, "sandbox"]))
def test_one_edited_file_of_many(made, environment):
    """After each edit of a file, what is found is what a check without any facts finds, in one environment or all."""
    with TemporaryDirectory() as name:
        root = Path(name, "tea")
        plain(root)
        everywhere = Answers(Path(name, "cache"), root)
        here = Answers(Path(name, "cache"), root, environment or "")
        told(root, everywhere)
        for path, content in made:
            put(root, path, content)
            assert told(root, here, environment) == told(root, None, environment)
            assert told(root, everywhere) == told(root)


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_what_one_environment_found_serves_the_others(folder):
    """In every environment of every example the rules find what they find where nothing is known to be sound."""
    workspace = load(folder)
    first, again = Sound(), Sound()
    for name in workspace.environments() if workspace.settings else ():
        project = workspace.linked(name).project
        look = partial(check, project, workspace.sources.settings, documents=workspace.sources.documents)
        found = look()
        assert look(sound=first) == found
        again = Sound({**again.seen, **first.seen})
        assert look(sound=again) == found


def test_damaged_facts_are_none(tmp_path):
    """Cut off anywhere or with any byte changed, no fact is used, and the next check learns them again."""
    root = tmp_path / "tea"
    plain(root)
    facts, kept = Facts(tmp_path / "cache", root), Answers(tmp_path / "cache", root)
    cold = told(root)
    told(root, kept)
    whole = facts.find()
    assert whole.sound
    [file] = (tmp_path / "cache").glob(f"*{SUFFIX}")
    written = file.read_bytes()
    chosen = random.Random(7)
    for at in (0, 1, 64, 65, 130, len(written) - 1, *(chosen.randrange(len(written)) for _ in range(40))):
        for damaged in (written[:at], written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :]):
            file.write_bytes(damaged)
            assert facts.find() == module.Learned()
    for answer in (tmp_path / "cache").glob("*.json"):
        answer.unlink()
    assert told(root, kept) == cold
    assert facts.find() == whole


def test_another_deployer_learns_again(tmp_path, monkeypatch):
    """What another version found sound isn't taken: its rules may differ."""
    root = tmp_path / "tea"
    plain(root)
    told(root, Answers(tmp_path / "cache", root))
    facts = Facts(tmp_path / "cache", root)
    assert facts.find().sound
    monkeypatch.setattr(module, "stamp", lambda: "another")
    assert facts.find() == module.Learned()


def test_facts_are_private_and_bounded(tmp_path):
    """Only their owner may read the facts; the oldest projects make room for others."""
    first = tmp_path / "tea"
    plain(first)
    for number in range(BOUNDS.most + 3):
        root = tmp_path / f"shop{number}"
        shutil.copytree(first, root)
        told(root, Answers(tmp_path / "cache", root))
    kept = list((tmp_path / "cache").glob(f"*{SUFFIX}"))
    assert len(kept) == BOUNDS.most
    assert {file.stat().st_mode & 0o777 for file in kept} == {0o600}


def test_runs_side_by_side_find_the_same(tmp_path):
    """Runs that learn and use facts at the same time, while files change between them, are all right."""
    root = tmp_path / "tea"
    plain(root)
    kept = Answers(tmp_path / "cache", root)
    for said in ("fresh", "50% off", "ready"):
        put(root, "mail.yaml", EMAIL.replace("fresh", said))
        cold = told(root)
        with ThreadPoolExecutor(4) as crew:
            assert list(crew.map(lambda _: told(root, kept), range(8))) == [cold] * 8


def test_a_plan_reads_what_an_edit_touches(tmp_path, read):
    """If a file changed since a plan, the next one reads that, and the event and the messages of its journey."""
    root, cache, words = tmp_path / "tea", str(tmp_path / "cache"), ("plan", "--offline")
    plain(root)
    put(root, "second.yaml", EVENT.replace("id: order_shipped", "id: other").replace("Order Shipped", "Order Paid"))
    edits = [("second.yaml", "maxLength: 20", "maxLength: 19"), ("mail.yaml", "fresh", "ready"), ("mail.yaml", "", "")]
    taken = []
    for path, old, new in edits:
        assert printed(root, cache, words)[0] == 0
        put(root, path, (root / path).read_text("utf-8").replace(old, new) + "x-note: 1\n" * (not old))
        read()
        assert printed(root, cache, words)[0] == 0
        taken.append(read() - OF_FEW)
    assert taken == [{"second.yaml"}, {"mail.yaml", "event.yaml", "journey.yaml", "text.yaml"}, {"mail.yaml"}]
