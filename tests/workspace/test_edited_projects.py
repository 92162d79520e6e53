"""After any edit a check and a plan print what they print where nothing is known, however they are known in part."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import example, given, settings
from hypothesis import strategies as st

from deployer.rules import check
from deployer.workspace.answers import OWN, Answers
from deployer.workspace.loading import load
from tests.workspace.test_answers import put, told
from tests.workspace.test_answers_of_commands import TRIED, printed
from tests.workspace.test_facts import EMAIL, EVENT, JOURNEY, PROJECT, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable

Edit: TypeAlias = "Callable[[Path], None]"

ENVIRONMENTS = """\
environments:
  sandbox: {target: sandbox}
  other: {target: sandbox}
  north:
    target: attentive
    company_id: north
    apps: {orders: {name: Shop, api_key: {env: TEA_KEY}}}
    test_contacts: [{phone: {env: TEA_PHONE}, email: {env: TEA_EMAIL}}]
    state: "file:north.json"
"""
THREE = SETTINGS[: SETTINGS.index("environments:")] + ENVIRONMENTS
WEBHOOK = """\
kind: Webhook
id: shop
app: orders
url: https://localhost/hook
events: [sms.sent]
status: enabled
"""
SEGMENT = """\
kind: Segment
id: testers
name: Testers
external_id: tea_testers
description: People who try journeys first.
"""
BRANCH = """\
  - id: who
    branch:
      cases:
        - when: {segment: testers}
          steps: [{id: picture, send_text: {message: picture, quiet_hours: respect, smart_sending: ignore}}]
      else: []
status: active
"""
SECOND = {
    "second/event.yaml": EVENT.replace("order_shipped", "order_paid").replace("Order Shipped", "Order Paid"),
    "second/mail.yaml": EMAIL.replace("id: mail", "id: paid").replace("event: order_shipped", "event: order_paid"),
    "second/journey.yaml": JOURNEY.replace("order_shipped", "order_paid")
    .replace("Order shipped", "Order paid")
    .replace("message: mail", "message: paid")
    .replace("  - {id: text, send_text: {message: shipped, quiet_hours: respect, smart_sending: ignore}}\n", "")
    .replace("status: active\n", BRANCH),
    "second/segment.yaml": SEGMENT,
}
PICTURE = """\
kind: Message
id: picture
channel: text
event: order_paid
body: "Paid: {{triggerEvent.custom['order_id']}}. [[ thanks() ]]"
media: {file: checkout.png}
"""
TRIAL = """\
kind: JourneyTest
id: shipped
start: 2026-03-02 10:00
subscriber: {subscriptions: {text: [transactional]}}
events: [{event: order_shipped, sample: happy}]
expect: [{sent: {step: text, message: shipped}}]
"""
FILES = {
    **PROJECT,
    **SECOND,
    "hook.yaml": WEBHOOK,
    "second/picture.yaml": PICTURE,
    "trial.yaml": TRIAL,
    "deployer.yaml": THREE,
}
DOCUMENTS = tuple(path for path in sorted(FILES) if path.endswith(".yaml") and path != "deployer.yaml")

SETTINGS_OF = (
    THREE.replace("  other: {target: sandbox}\n", ""),
    THREE.replace("other: {target: sandbox}", "other: {inherits: sandbox, adopt: {event_type.order_paid: x}}"),
    THREE.replace("target: attentive", "target: sandbox"),
    THREE.replace("apps: {orders:", "apps: {shop:"),
    THREE.replace("{description: The shop sends with this app.}", "{managed_by: vendor}"),
    THREE.replace("company_id: north", "company_id: south\n    adopt: {webhook.shop: hook_1, message.gone: x}"),
    THREE.replace("rules: {", "rules: {event/no-owner: error, "),
    THREE + "moved: [{from: message.mail, to: message.paid}]\n",
    THREE + "forget: [message.old]\nignore: [second]\n",
    THREE.replace("environments:", "environments: ["),
    THREE,
)
ENDS = (
    "x-note: 1\n",
    "# a remark\n",
    "owner: growth\n",
    "environments: [sandbox]\n",
    "environments: [other, nort]\n",
    "per_environment: {other: {description: There}}\n",
    "per_environment: {other: {name: Elsewhere}, sandbox: {id: here}}\n",
    "unknown: key\n",
    "a: [\n",
    "---\nkind: Message\n",
    "---\na: document of another tool\n",
    "---\nkind: Property\nid: more\ndescription: More.\nschema: {type: string, minLength: 1}\n",
    "deprecated: true\n",
    "identify_by: [email]\n",
    "registered_by: producer\n",
    "protect: true\n",
)
OTHER_WORDS = (
    ("type: string", "type: number"),
    ("type: string, minLength: 1, maxLength: 9", "type: integer"),
    ("city:", "town:"),
    ("use: order_id", "type: string"),
    ("id: order_shipped", "id: order_sent"),
    ("name: Order Paid", "name: Order Shipped"),
    ("event: order_shipped", "event: order_paid"),
    ("category: transactional", "category: marketing"),
    ("status: active", "status: paused"),
    ("kind: Message", "kind: Mesage"),
    ("fresh", "50% off"),
    ("app: orders", "app: order"),
    ("https:", "http:"),
    ("trigger: order_shipped", "trigger: order_paid"),
    ("message: mail", "message: shipped"),
    ("message: shipped", "message: gone"),
    ("opt_in: [checkout]", "opt_in: [check_out]"),
    ("subscription_type: transactional", "subscription_type: marketing"),
    ("channel: text", "channel: email"),
    ("status: active", "status: draft"),
    ("id: mail", "id: shipped"),
    ("id: text", "id: mail"),
    ("file: checkout.png", "file: gone.png"),
    ("[[ thanks() ]]", "[% include 'texts/shipped.txt' %]"),
    ("preheader: It is on its way.\n", ""),
    ("name: Testers", "name: Everyone"),
    ("status: active", "status: inactive"),
)


def _append(root: Path, path: str, end: str) -> None:
    file = root / path
    if file.exists():
        file.write_text(file.read_text("utf-8") + end, "utf-8")


def _replace(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    if file.exists():
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


def _rename(root: Path, path: str) -> None:
    if (root / path).exists():
        (root / path).rename(root / path.replace("/", "_").replace(".yaml", ".moved.yml"))


def _copy(root: Path, path: str, old: str, new: str) -> None:
    put(root, f"copies/{path}", FILES[path].replace(old, new))


def _put(root: Path, path: str, content: str | None) -> None:
    put(root, path, content)


def _edit(make: Callable[..., None], *of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.tuples(st.just(make), *of)


documents = st.sampled_from(DOCUMENTS)
edits = st.lists(
    st.one_of(
        _edit(_append, documents, st.sampled_from(ENDS)),
        _edit(_replace, documents, *map(st.just, ("id: ", "id: other_"))),
        st.tuples(st.just(_replace), documents, st.sampled_from(OTHER_WORDS)).map(lambda of: (*of[:2], *of[2])),
        _edit(_rename, documents),
        st.tuples(st.just(_copy), documents, st.sampled_from((("id: ", "id: more_"), ("", "")))).map(
            lambda of: (*of[:2], *of[2])
        ),
        _edit(_put, documents, st.none()),
        documents.map(lambda path: (_put, path, FILES[path])),
        _edit(_put, st.just("deployer.yaml"), st.sampled_from(SETTINGS_OF)),
        _edit(_put, st.just("texts/shipped.txt"), st.sampled_from(("50% off", "Soon. [[ thanks() ]]", "{{", None))),
        _edit(_put, st.just("macros/all.jinja"), st.sampled_from(("[% macro thanks() %]50% off[% endmacro %]", "[%"))),
        _edit(_put, st.just("checkout.png"), st.sampled_from((None, "another picture"))),
    ),
    min_size=1,
    max_size=4,
)
COMMANDS = (
    ("plan", "--offline"),
    ("plan", "--offline", "-v"),
    ("plan", "--offline", "--all-envs"),
    ("plan", "--offline", "--env", "north"),
    ("plan", "--offline", "--format", "json"),
    ("plan", "--offline", "--format", "markdown"),
    ("validate",),
    ("validate", "--format", "json"),
    ("validate", "--env", "other"),
)


def _begin(root: Path) -> None:
    for path, content in FILES.items():
        put(root, path, content)


def test_it_begins_with_a_project_that_can_be_planned(tmp_path):
    """What is edited has no error, and a plan of it shows texts, emails, journeys and events."""
    _begin(tmp_path)
    code, text, error = printed(tmp_path, "", ("plan", "--offline"))
    assert (code, error) == (0, "")
    assert all(address in text for address in ("journey.order_paid", "event_type.order_shipped"))


@settings(deadline=None, max_examples=TRIED)
@given(edits, st.lists(st.sampled_from(COMMANDS), min_size=4, max_size=4), st.integers(0, 9_999))
@example([(_replace, "event.yaml", "name: Order Shipped", "name: Order Sent")], [COMMANDS[0]] * 4, 7)
@example([(_put, "checkout.png", "another picture")], [COMMANDS[4]] * 4, 7)
@example([(_replace, "second/segment.yaml", "name: Testers", "name: Everyone")], [COMMANDS[4]] * 4, 7)
@example([(_put, "deployer.yaml", SETTINGS_OF[4])], [COMMANDS[4]] * 4, 7)
@example([(_append, "second/event.yaml", "registered_by: producer\n")], [COMMANDS[4]] * 4, 7)
def test_an_edited_project_prints_the_same(made, commands, place):
    """Known in part after each edit, and damaged: two commands print the bytes that they print without a cache."""
    with TemporaryDirectory() as name:
        root, cache = Path(name, "tea"), Path(name, "cache")
        _begin(root)
        printed(root, "", ("plan", "--offline"))  # what a first run makes, such as the sandbox's account, is there
        for words in commands:
            printed(root, str(cache), words)
        for (make, *of), words in zip(made, commands, strict=False):
            make(root, *of)
            cold = printed(root, "", words)
            assert printed(root, str(cache), words) == cold
            assert printed(root, str(cache), words) == cold
        for number, file in enumerate(sorted((cache / OWN).iterdir())):
            whole = file.read_bytes()
            at = (place + number) % len(whole)
            file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert printed(root, str(cache), words) == cold


@settings(deadline=None, max_examples=TRIED)
@given(edits)
@example([(_replace, "hook.yaml", "https:", "http:"), (_append, "mail.yaml", ENDS[3])])
def test_environments_together_are_what_each_is_alone(made):
    """What environments share while they are linked and checked after an edit is what each comes to on its own."""
    with TemporaryDirectory() as name:
        root = Path(name, "tea")
        _begin(root)
        for make, *of in made:
            make(root, *of)
            together = load(root)
            about = together.sources.settings, together.sources.documents
            everything = {problem.sort_key for problem in together.check()}
            for environment in together.environments() if together.settings else ():
                linked, alone = together.linked(environment), load(root).linked(environment)
                assert (linked.problems, linked.absences) == (alone.problems, alone.absences)
                assert list(linked.project.resources) == list(alone.project.resources)
                assert linked.project.resources == alone.project.resources
                found = check(alone.project, about[0], documents=about[1])
                assert everything >= {problem.sort_key for problem in found}


@settings(deadline=None, max_examples=max(5, TRIED // 5))
@given(edits)
def test_runs_side_by_side_after_an_edit_find_the_same(made):
    """Checks that run at once after an edit, and keep what they find in one folder, find what one alone finds."""
    with TemporaryDirectory() as name:
        root = Path(name, "tea")
        _begin(root)
        kept = Answers(Path(name, "cache"), root)
        told(root, kept)
        for make, *of in made:
            make(root, *of)
            cold = told(root)
            with ThreadPoolExecutor(3) as crew:
                assert list(crew.map(lambda _: told(root, kept), range(3))) == [cold] * 3
