"""Reading a project's folder and its settings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from deployer.source import RuleSetting, Secret, parse_settings, read

PACKAGE = Path(__file__).resolve().parents[2]
MINIMAL = "version: 1\nproject: shop\nbrand: {name: Shop}\nenvironments: {sandbox: {target: sandbox}}\n"
ACCOUNT = """\
version: 1
project: shop
brand: {name: Shop, support_url: "https://shop.example/help", tone: dry}
time_zone: America/New_York
apps:
  orders: {description: the order service}
  loyalty: {managed_by: vendor}
x-note: free
environments:
  sandbox: {target: sandbox}
  production:
    target: attentive
    company_id: abc
    apps:
      orders: {name: Shop Orders, api_key: {env: ORDERS_KEY}}
      loyalty: {name: Loyal}
    test_contacts: [{phone: {env: TEST_PHONE}, email: me@shop.example}]
    state: git
    protected: true
    base_url: http://127.0.0.1:8080/v1
    adopt: {webhook.receipts: {id: "77"}}
moved: [{from: journey.a, to: journey.b}]
forget: [segment.old]
rules: {text/attribute: warning}
limits: {remove: 5, remove_percent: 10}
ignore: ["ci/*.yml", "notes"]
"""


def project(root, **files):
    """Write files into a project folder (`__` is `/`, `_Y` the suffix) and read it."""
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_Y", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(root)


def rules(problems):
    """Path and rule of each problem."""
    return [(problem.position.path, problem.rule) for problem in problems]


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ('{"kind": "EventType", "id": "x"}', True),
        ('[{"id": "{{x}} \\" {", "kind": "EventType"}]', True),
        ('{"entries": {"event_type.x": {"by": "person", "kind": "EventType"}}}', False),
        ('{"note": "\\"kind\\": \\"EventType\\"", "cut', False),
    ],
)
def test_only_a_resource_in_json_is_remarked_on(tmp_path, text, ours):
    """A state that is kept in the project's folder names kinds inside it, and nobody should rename it to YAML."""
    project(tmp_path, deployer_Y=MINIMAL)
    (tmp_path / "live.json").write_text(text, encoding="utf-8")
    found = read(tmp_path, kinds={"EventType": frozenset({"kind", "id"})}).problems
    assert (("live.json", "file/not-read") in rules(found)) is ours


def test_every_yaml_file_is_read(tmp_path):
    """Files of any folder are read in order of their path; hidden and foreign folders aren't."""
    one = "kind: A\n---\nkind: B\n"
    for folder in (".git", ".venv", "venv", "node_modules/x", "__pycache__"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "no.yaml").write_text("- no")
    (tmp_path / ".pre-commit-config.yaml").write_text("- no")
    (tmp_path / "b.yml").write_text(one)
    sources = project(tmp_path, deployer_Y=MINIMAL, a__z_Y=one, a__b__c_Y="\ufeffkind: C\n")
    assert sources.problems == ()
    assert [(found.file.path, found.index, found.value["kind"]) for found in sources.documents] == [
        ("a/b/c.yaml", 0, "C"),
        ("a/z.yaml", 0, "A"),
        ("a/z.yaml", 1, "B"),
        ("b.yml", 0, "A"),
        ("b.yml", 1, "B"),
    ]
    assert sources.settings.value["project"] == "shop"


def test_ignored_files_are_left_out(tmp_path):
    """The settings' globs and the caller's leave files and whole folders out."""
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "build.yml").write_text("- step")
    sources = project(tmp_path, deployer_Y=ACCOUNT, notes__deep__a_Y="- x", a_Y="kind: A\n", b_Y="- b")
    assert rules(sources.problems) == [("b.yaml", "yaml/not-a-mapping")]
    again = read(tmp_path, ignore=["b.yaml"])
    assert again.problems == ()
    assert len(again.documents) == 1


def test_a_file_that_is_shared_with_another_tool_is_not_left_out(tmp_path):
    """Beside a resource another tool's document is moved: leaving the file out would lose the resource."""
    event, pod = "kind: EventType\nid: x\n", "apiVersion: v1\nkind: Pod\n"
    project(tmp_path, deployer_Y=MINIMAL, both_Y=f"{pod}---\n{event}", other_Y=pod)
    found = read(tmp_path, kinds={"EventType": frozenset({"kind", "id"})})
    assert [one.value["id"] for one in found.documents] == ["x"]
    hints = {one.position.path: one.hint for one in found.problems}
    assert 'ignore: ["other.yaml"]' in hints["other.yaml"]
    assert "both.yaml" not in hints["both.yaml"]
    assert "without resources" in hints["both.yaml"]


def test_projects_that_are_none_are_one_problem(tmp_path):
    """A missing folder, missing settings and a project without a resource have a problem each."""
    assert [problem.rule for problem in read(tmp_path / "nowhere").problems] == ["project/not-found"]
    assert rules(project(tmp_path).problems) == [("deployer.yaml", "project/no-settings")]
    assert rules(project(tmp_path, deployer_Y=MINIMAL).problems) == [("deployer.yaml", "project/empty")]


def test_a_project_whose_only_file_is_broken_isnt_called_empty(tmp_path):
    """A file that can't be read is the problem, not that nothing is left."""
    assert rules(project(tmp_path, deployer_Y=MINIMAL, a_Y="a: @\n").problems) == [("a.yaml", "yaml/syntax")]


def test_settings_are_one_document(tmp_path):
    """Empty settings, two documents in them, and two settings files are problems."""
    assert rules(project(tmp_path, deployer_Y="# nothing\n", a_Y="kind: A\n").problems) == [
        ("deployer.yaml", "settings/empty")
    ]
    two = project(tmp_path, deployer_Y=MINIMAL + "---\nkind: A\n")
    assert [(problem.rule, problem.position.line) for problem in two.problems] == [("settings/several-documents", 6)]
    assert two.settings is None
    (tmp_path / "deployer.yml").write_text(MINIMAL)
    assert rules(project(tmp_path, deployer_Y=MINIMAL).problems) == [("deployer.yml", "project/two-settings")]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"\x89PNG\r\n\x00\x00", "file/not-text"),
        (b"a: caf\xe9\n", "file/not-text"),
        (b"#" * (4 * 1024 * 1024 + 1), "file/too-large"),
    ],
)
def test_files_that_are_no_yaml_are_one_problem(tmp_path, data, rule):
    """A binary file, another encoding and a huge file are a problem each, and the other files are read."""
    sources = project(tmp_path, deployer_Y=MINIMAL, a_Y="kind: A\n", b_Y=data)
    assert rules(sources.problems) == [("b.yaml", rule)]
    assert len(sources.documents) == 1


def test_utf_16_is_read(tmp_path):
    """A file with a UTF-16 byte order mark is YAML like any other."""
    sources = project(tmp_path, deployer_Y=MINIMAL, a_Y="kind: é\n".encode("utf-16"))
    assert [found.value for found in sources.documents] == [{"kind": "é"}]


def test_links_out_of_the_project_are_problems(tmp_path):
    """A linked file or folder outside the project is a problem; a linked folder inside is read once."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.yaml").write_text("kind: X\n")
    root = tmp_path / "project"
    root.mkdir()
    (root / "folder").symlink_to("../other")
    (root / "file.yaml").symlink_to("../other/x.yaml")
    (root / "loop").symlink_to(".")
    sources = project(root, deployer_Y=MINIMAL, a_Y="kind: A\n")
    assert rules(sources.problems) == [("file.yaml", "file/outside-project"), ("folder", "file/outside-project")]
    assert len(sources.documents) == 1


def test_a_link_to_a_hidden_folder_is_passed_over_like_it(tmp_path):
    """A link such as `env -> .venv` is no problem: nothing is read there."""
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "x.yaml").write_text("kind: X\n")
    (tmp_path / "env").symlink_to(".venv")
    sources = project(tmp_path, deployer_Y=MINIMAL, a_Y="kind: A\n")
    assert rules(sources.problems) == []
    assert len(sources.documents) == 1


def test_settings_are_parsed(tmp_path):
    """Every field of the settings is there with its type, and secrets stay references."""
    settings, problems = parse_settings(project(tmp_path, deployer_Y=ACCOUNT, a_Y="kind: A\n"))
    assert problems == ()
    production = settings.environments["production"]
    assert (settings.project, settings.time_zone, settings.brand.name) == ("shop", "America/New_York", "Shop")
    assert (settings.brand.support_url, settings.brand.values["tone"]) == ("https://shop.example/help", "dry")
    assert [(app.id, app.vendor) for app in settings.apps.values()] == [("orders", False), ("loyalty", True)]
    assert production.apps["orders"].api_key == Secret("ORDERS_KEY")
    assert production.apps["loyalty"].api_key is None
    assert (production.test_contacts[0].phone, production.test_contacts[0].email) == (
        Secret("TEST_PHONE"),
        "me@shop.example",
    )
    assert (production.state, production.protected, production.target) == ("git", True, "attentive")
    assert production.adopt == {"webhook.receipts": "77"}
    assert settings.environments["sandbox"].state == "file:.deployer/state/sandbox.json"
    assert (settings.moved[0].old, settings.moved[0].new, settings.forget) == (
        "journey.a",
        "journey.b",
        ("segment.old",),
    )
    assert (settings.limits.remove, settings.limits.remove_percent) == (5, 10)
    assert (settings.rules, settings.ignore) == ({"text/attribute": RuleSetting("warning")}, ("ci/*.yml", "notes"))


@pytest.mark.parametrize(
    ("environments", "default"),
    [
        ("{sandbox: {target: sandbox}, other: {target: sandbox}}", "sandbox"),
        ("{play: {target: sandbox}}", "play"),
        ("{one: {target: sandbox}, two: {target: sandbox}}", None),
    ],
)
def test_the_default_environment_is_a_sandbox(tmp_path, environments, default):
    """The sandbox is the default, or the only one of its kind; otherwise there is none."""
    text = MINIMAL.replace("{sandbox: {target: sandbox}}", environments)
    settings, _ = parse_settings(project(tmp_path, deployer_Y=text))
    assert settings.default_environment == default


@pytest.mark.parametrize(
    ("old", "new", "rule", "place"),
    [
        ("target: sandbox}", "target: sandbox}\n  y: {target: attentive}", "settings/missing-key", (11, 6)),
        ("America/New_York", "America/NewYork", "settings/time-zone", (4, 12)),
        ("America/New_York", "../../etc/passwd", "settings/time-zone", (4, 12)),
        ("loyalty: {name: Loyal}", "loyalt: {name: Loyal}", "settings/unknown-app", (16, 7)),
        ("{name: Loyal}", "{name: Loyal, api_key: {env: X}}", "settings/vendor-key", (16, 30)),
        (", api_key: {env: ORDERS_KEY}", "", "settings/missing-api-key", (15, 7)),
        ("http://127.0.0.1:8080/v1", "http://shop.example", "settings/base-url", (20, 15)),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1.example", "settings/base-url", (20, 15)),
        ("http://127.0.0.1:8080/v1", "http://localhost:x", "settings/base-url", (20, 15)),
        ("state: git", "state: file:state/p.json", "settings/protected-local-state", (19, 16)),
        ("state: git\n    protected: true", "state: file:../p.json", "settings/state-path", (18, 12)),
        ("project: shop", "projet: shop", "settings/unknown-key", (2, 1)),
        ("limits: {remove: 5,", "limits: {remove: many,", "settings/wrong-type", (25, 18)),
        ("target: sandbox", "target: attentiv", "settings/unknown-value", (10, 21)),
    ],
)
def test_settings_that_dont_hold_are_problems(tmp_path, old, new, rule, place):
    """Each mistake in the settings is one problem at its place."""
    assert old in ACCOUNT
    _, problems = parse_settings(project(tmp_path, deployer_Y=ACCOUNT.replace(old, new), a_Y="kind: A\n"))
    assert [problem.rule for problem in problems] == [rule] * len(problems)
    assert (problems[0].position.line, problems[0].position.column) == place


def test_two_environments_of_one_company_are_refused(tmp_path):
    """Two environments that name one company are a problem at the second one."""
    apps = "apps: {orders: {name: O, api_key: {env: K}}}"
    twin = f"  twin:\n    {{target: attentive, company_id: abc, {apps}, test_contacts: [{{phone: {{env: P}}}}]}}\n"
    twin = ACCOUNT.replace("moved:", twin + "moved:")
    _, problems = parse_settings(project(tmp_path, deployer_Y=twin, a_Y="kind: A\n"))
    assert [(problem.rule, problem.position.line) for problem in problems] == [("settings/same-company", 23)]


def test_a_project_without_environments_is_a_problem(tmp_path):
    """There must be an environment to deploy to."""
    text = MINIMAL.replace("{sandbox: {target: sandbox}}", "{}")
    _, problems = parse_settings(project(tmp_path, deployer_Y=text))
    assert [problem.rule for problem in problems] == ["settings/no-environment"]


@pytest.mark.parametrize(
    "written", ["sk_live_1234567", "{env: sk-live-1234567}", "[sk_live_1234567]", "{sk_live_1234567: x}"]
)
def test_a_key_in_the_settings_isnt_repeated(tmp_path, written):
    """An API key that stands in the file is refused, and no part of the problem shows it."""
    text = ACCOUNT.replace("{env: ORDERS_KEY}", written)
    settings, problems = parse_settings(project(tmp_path, deployer_Y=text, a_Y="kind: A\n"))
    assert settings is None
    assert [problem.rule for problem in problems] == ["settings/api-key"]
    assert "1234567" not in repr(problems)


def test_the_room_is_cheap_to_import():
    """Importing the package or the room loads neither a YAML parser nor a validator."""
    code = (
        "import sys, deployer.source; print([m for m in ('yaml', 'jsonschema', 'jsonschema_rs') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(PACKAGE)}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
