"""``import``: what Attentive lists becomes YAML that adopts it, once, and nothing of a token is written."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

import deployer
from deployer.app.importing import plan_import, write_import
from deployer.attentive import Client, User
from deployer.engine.changes import Action
from deployer.engine.importing import identifier
from deployer.kinds.base import GuardError
from deployer.kinds.custom_attribute.importing import _schema
from deployer.kinds.webhook.importing import _title, is_public
from deployer.sandbox import Response, Sandbox, SandboxApp
from deployer.sandbox.transport import transport
from deployer.source import ProblemsError, SourceFile, compose
from deployer.source.editing.documents import document
from deployer.source.editing.settings import add_to_environment
from deployer.source.editing.values import flow

SECRET_URL = "https://hooks.northwind.example/s3cr3t-t0ken-91827"
PUBLIC_URL = "https://hooks.northwind.example/attentive/receipts"

SETTINGS = """\
# the shop
version: 1
project: northwind
brand: {name: Northwind}
apps:
  orders: {}
environments:
  sandbox: {target: sandbox}
  # what customers get
  production:
    target: attentive
    company_id: MDc6Q29tcGFueTI
    apps: {orders: {name: Northwind Orders, api_key: {env: ORDERS_KEY}}}
    test_contacts: [{phone: {env: TEST_PHONE}, email: {env: TEST_EMAIL}}]
    state: file:state/production.json # one file for now

# the end
limits: {remove: 3}
"""


@pytest.fixture
def account(world):
    """An account with webhooks, segments and attributes made by hand, and a project that declares nothing."""
    with _by_hand(world) as client:
        client.create_webhook(PUBLIC_URL, ["sms.sent"])
        hook = client.create_webhook(SECRET_URL, ["sms.sent", "email.opened"])
        client.update_webhook(hook.id, SECRET_URL, ["sms.sent", "email.opened"], disabled=True)
        client.create_segment("VIP: première classe", "People who buy a lot.", "vip-1")
        client.create_segment("2024 buyers", "", "SEG_2024")
        client.create_segment("2024 Buyers!", "", "SEG_2024b")
        contact = User(phone=world.environ["TEST_PHONE"], email=world.environ["TEST_EMAIL"])
        client.set_attributes(
            contact, {"Loyalty Tier": "Gold", "Visits": 24, "Since": "1986-11-16", "Mail": "a@b.example"}
        )
    world.root.mkdir(exist_ok=True)
    (world.root / "deployer.yaml").write_text(SETTINGS, encoding="utf-8")
    return world


@contextmanager
def _by_hand(world):
    """A client that works at Attentive without deployer."""
    with Client(
        world.environ["ORDERS_KEY"], base_url="https://sandbox.invalid", transport=transport(world.account)
    ) as client:
        yield client


def run(world, folder=None, *, write=True, environment="production"):
    """Import, and write unless it is a dry run."""
    workspace = deployer.load(world.root)
    planned = plan_import(
        workspace,
        environment,
        world.root / folder if folder else None,
        environ=world.environ,
        transport=transport(world.account, before=world._look),
    )
    if write:
        write_import(workspace, planned)
    return planned


def contents(root):
    """Every file of the project, in bytes."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.yaml"))}


def connected(world):
    """The project as its files say."""
    return deployer.connect(
        deployer.load(world.root), "production", environ=world.environ, transport=transport(world.account)
    )


def test_import_then_plan_adopts_and_changes_nothing(account):
    """After an import the project is valid, the plan only adopts, and applying that ends it."""
    account.forbid_writes()
    planned = run(account)
    account.before = None
    assert [one.address for one in planned.listed.declarations] == [
        "custom_attribute.loyalty_tier",
        "custom_attribute.since",
        "custom_attribute.visits",
        "segment.segment_2024_buyers",
        "segment.segment_2024_buyers_2",
        "segment.vip_premiere_classe",
        "webhook.hooks_northwind_attentive_receipts",
        "webhook.hooks_northwind",
    ]
    assert deployer.load(account.root).check() == ()
    [variable] = [one.variable for one in planned.listed.declarations if one.variable]
    assert variable.name == "HOOKS_NORTHWIND_WEBHOOK_URL"
    account.environ[variable.name] = SECRET_URL
    with connected(account) as connection:
        plan = deployer.plan(connection)
        assert {(one.action, one.fields, one.blocked) for one in plan.changes} == {(Action.ADOPT, (), "")}
        assert len(plan.changes) == 8
        before = account.account.account()
        report = deployer.apply(connection, plan)
        assert [(one.change.address, one.message) for one in report.outcomes if one.message] == []
        assert account.account.account() == before
        assert deployer.plan(connection).empty


def test_import_again_changes_nothing(account):
    """A second import, and one after an apply, finds nothing new and leaves every byte as it is."""
    run(account, "imported")
    first = contents(account.root)
    assert set(first) == {
        "deployer.yaml",
        "imported/custom_attributes.yaml",
        "imported/segments.yaml",
        "imported/webhooks.yaml",
    }
    again = run(account, "imported")
    assert (again.files, again.listed.declarations) == ({}, ())
    account.environ["HOOKS_NORTHWIND_WEBHOOK_URL"] = SECRET_URL
    with connected(account) as connection:
        deployer.apply(connection, deployer.plan(connection))
    (account.root / "deployer.yaml").write_text(SETTINGS, encoding="utf-8")  # recorded now, without adopt entries
    assert run(account).listed.declarations == ()
    assert {**contents(account.root), "deployer.yaml": first["deployer.yaml"]} == first


def test_import_goes_on_where_it_was_broken_off(account):
    """If only deployer.yaml was written, the next import declares what it adopts, and ends where the first would."""
    planned = run(account, write=False)
    (account.root / "deployer.yaml").write_text(planned.files["deployer.yaml"], encoding="utf-8")
    assert "deployer.yaml" not in run(account).files
    assert contents(account.root) == {path: text.encode() for path, text in planned.files.items()}


def test_comments_and_the_rest_of_the_settings_stay(account):
    """The adopt entries are added lines; no other line of deployer.yaml moves."""
    text = run(account).files["deployer.yaml"]
    added = [line for line in text.splitlines() if line not in SETTINGS.splitlines()]
    assert added[0] == "    adopt:"
    assert [line for line in text.splitlines() if line not in added] == SETTINGS.splitlines()
    assert text.index("adopt:") < text.index("# the end")


def test_no_token_is_written(account):
    """A URL that isn't plainly public stands in no file and in no output as it is."""
    planned = run(account, write=False)
    assert "s3cr3t" not in json.dumps(dict(planned.files))
    assert "s3cr3t" not in repr(planned)
    assert PUBLIC_URL in planned.files["webhooks.yaml"]


def test_what_looks_personal_is_left_out(account):
    """An attribute whose value is an address isn't written, and that is told."""
    planned = run(account, write=False)
    [left] = planned.listed.left
    assert (left.kind, left.title) == ("custom_attribute", "Mail")
    assert "a@b.example" not in json.dumps(dict(planned.files))


def test_a_missing_company_is_filled_in(account):
    """An environment that doesn't name its company yet gets the one of its key; everything else stays."""
    without = SETTINGS.replace("    company_id: MDc6Q29tcGFueTI\n", "")
    (account.root / "deployer.yaml").write_text(without, encoding="utf-8")
    planned = run(account)
    assert planned.company_id == "MDc6Q29tcGFueTI"
    text = (account.root / "deployer.yaml").read_text(encoding="utf-8")
    assert "    target: attentive\n    company_id: MDc6Q29tcGFueTI\n" in text
    assert deployer.load(account.root).check() == ()


def test_a_wrong_company_is_named(account):
    """Whatever was written as company_id at first: the refusal names the right one, and nothing is written."""
    text = SETTINGS.replace("MDc6Q29tcGFueTI", "anything")
    (account.root / "deployer.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(GuardError, match="MDc6Q29tcGFueTI"):
        run(account)
    assert set(contents(account.root)) == {"deployer.yaml"}


def test_names_that_two_objects_share(account):
    """Of two segments with one name the second is left out, with the reason."""
    with _by_hand(account) as client:
        client.create_segment("2024 buyers", "", "SEG_zz")
    planned = run(account)
    assert "segment.segment_2024_buyers has the same segment" in planned.listed.left[-1].why
    assert deployer.load(account.root).check() == ()


def test_what_is_declared_already_is_left_alone(account, make):
    """A declaration with the same external id isn't written twice; how to adopt it is told."""
    body = {**make.segment("mine"), "external_id": "vip-1", "name": "VIP: première classe"}
    (account.root / "mine.yaml").write_text(json.dumps(body), encoding="utf-8")
    planned = run(account)
    assert ["declared as segment.mine" in one.why for one in planned.listed.known] == [True]
    assert "vip-1" not in planned.files["segments.yaml"]


def test_a_second_account_gets_names_of_its_own(account):
    """What another environment has under the same name is declared beside it, each in its own environment."""
    two = SETTINGS.replace(
        "  # what customers get\n",
        "  staging:\n    target: attentive\n    company_id: MDc6Q29tcGFueTEx\n"
        "    apps: {orders: {name: Northwind Orders, api_key: {env: ORDERS_KEY}}}\n"
        "    test_contacts: [{phone: {env: TEST_PHONE}, email: {env: TEST_EMAIL}}]\n"
        "  # what customers get\n",
    )
    (account.root / "deployer.yaml").write_text(two, encoding="utf-8")
    run(account)
    staging = Sandbox.open(None, company_name="Staging", company_id="MDc6Q29tcGFueTEx", monotonic=lambda: 0.0)
    staging.ensure_app(SandboxApp("orders", "Northwind Orders", account.environ["ORDERS_KEY"]))
    account.account.close()
    account.account = staging
    with _by_hand(account) as client:
        client.create_segment("VIP: première classe", "", "vip-1")
    planned = run(account, environment="staging")
    assert [one.address for one in planned.listed.declarations] == ["segment.vip_premiere_classe_staging"]
    assert deployer.load(account.root).check() == ()


def test_a_kind_that_may_not_be_read(account):
    """A key without a permission leaves that kind unread and told; the rest is imported."""

    def deny(request):
        return Response(403, {}, b"{}") if request.path.startswith("/v2/segments") else None

    account.before = deny
    planned = run(account)
    assert planned.failed
    assert planned.listed.unread[0][0] == "segment (app orders)"
    assert "webhooks.yaml" in planned.files


def test_a_project_with_errors_is_not_imported_into(account):
    """Whatever else is wrong comes first."""
    (account.root / "wrong.yaml").write_text("kind: Segmnet\n", encoding="utf-8")
    with pytest.raises(ProblemsError):
        run(account)


@pytest.mark.parametrize("folder", ["../elsewhere", ".hidden"])
def test_a_folder_whose_files_are_not_read(account, folder):
    """YAML goes only where it is read again."""
    with pytest.raises(deployer.UsageError):
        run(account, folder)


def test_the_sandbox_can_be_imported_too(account, make):
    """What an environment's own sandbox holds is imported like an account."""
    body = make.event()
    (account.root / "event.yaml").write_text(json.dumps(body), encoding="utf-8")
    assert plan_import(deployer.load(account.root), "sandbox", environ={}).files == {}


@pytest.mark.parametrize(
    ("url", "public"),
    [
        (PUBLIC_URL, True),
        ("https://northwind.example/", True),
        ("https://northwind.example/hooks/v2/order-events", True),
        (SECRET_URL, False),
        ("https://northwind.example/hooks?key=1", False),
        ("https://user@northwind.example/hooks", False),
        ("https://ab12cd34ef56ab78.northwind.example/hooks", False),
        ("https://northwind.example/hooks/T024BE7LH", False),
        ("https://northwind.example/hooks/abcdefghijklmnopqrstuvwxyz", False),
        ("https://northwind.example/hooks/aBcDeFgHiJ", False),
        ("https://northwind.example/hooks/orderEvents", True),
        ("https://northwind.example/hooks#frag", False),
    ],
)
def test_urls_that_may_hold_a_token(url, public):
    """Only words in host and path make a URL plainly public."""
    assert is_public(url) is public


@given(st.text(max_size=80))
def test_ids_are_snake_case(title):
    """Whatever a name is made of, its id is one that the schema takes."""
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", identifier(title, "segment"))


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"), exclude_characters="\u2028\u2029\ufeff"),
    min_size=1,
    max_size=40,
)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3))
def test_what_is_written_reads_back_the_same(name, external, events):
    """Any text that Attentive may hold is the same when our own loader has read the YAML."""
    body = {"kind": "Segment", "id": "x", "name": name, "external_id": external, "x-list": events, "x-map": {"a": name}}
    found, problems = compose(SourceFile("segments.yaml", document(body, "a remark")))
    assert problems == ()
    assert found[0].value == body


STYLES = [
    SETTINGS,
    SETTINGS.replace("\n", "\r\n"),
    SETTINGS.rstrip("\n"),
    SETTINGS.replace(
        "    state: file:state/production.json # one file for now\n", "    x-note: |\n      two\n      lines\n\n"
    ),
    SETTINGS.replace(
        "file:state/production.json # one file for now", "file:x\n    adopt:\n      webhook.old: {id: OLD} # was"
    ),
    SETTINGS.replace(
        "file:state/production.json # one file for now", "file:x\n    adopt: {webhook.old: {id: OLD}} # was"
    ),
    "version: 1\nenvironments: {production: {target: attentive, company_id: A}} # c\nlist:\n  - a\n",
]


@pytest.mark.parametrize("text", STYLES)
@pytest.mark.parametrize("company", ["", "MDc6Q29=", "054321"])
def test_entries_are_added_in_any_style(text, company):
    """In whatever style the settings are written: the entries are there, the rest is the same, comments stay."""
    adopt = {"webhook.new": "MDc6PQ==", "segment.b": "054321", "segment.yes": "yes"}
    base = (
        text
        if not company
        else "\n".join(line for line in text.splitlines() if "company_id" not in line or "{" in line)
    )
    changed = add_to_environment(base, "production", adopt, company)
    [before], _ = compose(SourceFile("deployer.yaml", base))
    [after], problems = compose(SourceFile("deployer.yaml", changed))
    assert problems == ()
    wanted = before.value
    body = wanted["environments"]["production"]
    body["adopt"] = {**body.get("adopt", {}), **{address: {"id": one} for address, one in adopt.items()}}
    if company:
        body["company_id"] = company
    assert after.value == wanted
    assert [part for part in ("# the shop", "# what customers get", "# the end", "# was", "# c") if part in base] == [
        part for part in ("# the shop", "# what customers get", "# the end", "# was", "# c") if part in changed
    ]


@given(TEXTS)
def test_scalars_are_texts(text):
    """An id of Attentive's is a text for every reader of YAML."""
    found, problems = compose(SourceFile("x.yaml", f"a: {{id: {flow(text)}}}"))
    assert problems == ()
    assert found[0].value == {"a": {"id": text}}


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\u2029"])
def test_settings_that_hold_other_line_separators_are_added_to(separator):
    """A character that ends no line in YAML 1.2 moves no line that is put in."""
    text = f"# one{separator}two\nenvironments:\n  a:\n    target: attentive\n  b: {{target: sandbox}}\n"
    added = add_to_environment(text, "a", {"segment.x": "7"}, "abc")
    assert added == text.replace(
        "    target: attentive\n",
        '    target: attentive\n    company_id: abc\n    adopt:\n      segment.x: {id: "7"}\n',
    )


def test_no_part_of_a_secret_url_becomes_an_id():
    """If one part of the path may be a token, the others may be as well: the host alone gives the id."""
    assert _title("https://hooks.northwind.example/secretword/T024BE7LH") == "hooks northwind"
    assert _title("https://hooks.northwind.example/order/events") == "hooks northwind order events"


@pytest.mark.parametrize("value", ["Gold", "1986-11-16", "24", "true"])
def test_no_value_of_an_attribute_becomes_an_example(value):
    """What the test contact has is what is known about a person: the type is read from it, the example is made up."""
    assert str(_schema(value)["examples"][0]).lower() != value or value == "true"


@pytest.mark.parametrize(
    "value", [[["a"]], [[["a b"]]], [["a", "b"], ["c"]], [["a"], ["b"]], {"k": [["a"]]}, [[1], []]]
)
def test_a_list_of_lists_is_written_as_it_is_read(value) -> None:
    """A text in two lists isn't taken for an expression in the marks of texts."""
    found, problems = compose(SourceFile("x.yaml", f"a: {flow(value)}"))
    assert not problems
    assert found[0].value == {"a": value}
