"""``deployer init`` and ``deployer new`` as people run them: from an empty folder to nothing left to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from deployer.authoring.templates import Pipeline, Template
from deployer.cli import exits
from deployer.cli.commands.init import PIPELINES, TEMPLATES
from deployer.cli.kind_words import KINDS
from deployer.kinds import BY_SNAKE
from deployer.views.problems import cell_width
from tests.commands import git

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands import Done

    Deployer = Callable[..., Done]

CAPTURED = Path(__file__).resolve().parents[1] / "authoring" / "appointments.ndjson"


def test_every_template_and_forge_can_be_chosen() -> None:
    """If a template or a forge is added, the command offers it; every kind can be declared."""
    assert set(TEMPLATES) == {one.value for one in Template if one.offered}
    assert set(PIPELINES) == {one.value for one in Pipeline}
    assert set(KINDS.values()) == set(BY_SNAKE)


@pytest.mark.parametrize("words", [*(("--template", one) for one in TEMPLATES), ("--from", CAPTURED)], ids=str)
def test_from_an_empty_folder_to_nothing_left_to_do(words, forked: Deployer, tokens) -> None:
    """Each template goes through validate, test, plan, apply and confirm in the sandbox, as its last words say."""
    begun = forked("init", "shop", "--yes", *words)
    assert (begun.code, begun.err) == (exits.DONE, "")
    assert "cd shop && deployer render" in begun.out
    assert max(map(cell_width, begun.out.splitlines())) <= 80
    for line in (("validate", "--strict"), ("test",), ("render",), ("plan",), ("apply", "--yes")):
        done = forked(*line, "--project", "shop")
        assert done.code == exits.DONE, done.out + done.err
    every = tokens(Path("shop/.deployer/state/sandbox.json")).values()
    assert forked("confirm", *every, "--project", "shop").code == exits.DONE
    assert forked("plan", "--detailed-exitcode", "--project", "shop").code == exits.DONE


def test_a_project_below_the_top_of_a_repository_has_its_workflow_there(deployer: Deployer) -> None:
    """GitHub reads workflows of the repository's top only: each of two projects gets its own, about its own folder."""
    git(Path(), "init", "-q")
    for folder in ("clinic", "shops/tea"):
        assert deployer("init", folder, "--yes", "--ci", "github").code == exits.DONE
    workflows = {path.stem: yaml.safe_load(path.read_text()) for path in Path(".github/workflows").iterdir()}
    assert {name: one["env"]["PROJECT"] for name, one in workflows.items()} == {
        "attentive-clinic": "clinic",
        "attentive-tea": "shops/tea",
    }
    assert {one["name"] for one in workflows.values()} == {"Attentive clinic", "Attentive tea"}
    assert not list(Path("clinic").glob(".github"))
    again = deployer("init", "other", "--yes", "--ci", "github", "--name", "clinic")
    assert "left as it is: ../.github/workflows/attentive-clinic.yml" in again.out


def test_a_project_below_the_top_of_a_repository_is_included_on_gitlab(deployer: Deployer) -> None:
    """GitLab reads the top's file only: the last words say what to write there, and jobs of two projects differ."""
    git(Path(), "init", "-q")
    for folder in ("clinic", "tea"):
        begun = deployer("init", folder, "--yes", "--ci", "gitlab")
        assert f"`include: {folder}/.gitlab-ci.yml`" in " ".join(begun.out.split())
        (job,) = yaml.safe_load(Path(folder, ".gitlab-ci.yml").read_text()).items()
        assert (job[0], job[1]["variables"]) == (f"attentive-{folder}", {"PROJECT": folder})


@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_at_the_top_of_a_repository_the_workflow_is_beside_the_project(deployer: Deployer, ci: str) -> None:
    """Where the project is the repository's top, or in none, nothing is moved or included."""
    git(Path(), "init", "-q")
    begun = deployer("init", "--yes", "--ci", ci, "--name", "shop")
    assert "include" not in begun.out
    path = ".github/workflows/attentive.yml" if ci == "github" else ".gitlab-ci.yml"
    assert "PROJECT: ." in Path(path).read_text()


def test_it_asks_on_a_terminal_and_takes_what_is_valid(start) -> None:
    """Each question has a default; an answer that isn't valid is asked for again."""
    asked = start("init", "clinic", "--ci", "none", columns=80)
    asked.until("project called? [clinic]")
    asked.type("My Clinic")
    asked.until("isn't written so")
    asked.type("harbor")
    asked.until("each text? [Harbor]")
    asked.type("Harbor Clinic")
    asked.until("(minimal, orders, appointments) [minimal]")
    asked.type("appointments")
    asked.until("[America/New_York]")
    asked.type("America/Chicago")
    assert asked.end() == exits.DONE
    settings = Path("clinic/deployer.yaml").read_text(encoding="utf-8")
    assert "project: harbor\nbrand: { name: Harbor Clinic }" in settings
    assert 'time_zone: "America/Chicago"' in settings or "time_zone: America/Chicago" in settings
    assert Path("clinic/events/appointment_booked.yaml").is_file()


def test_without_a_terminal_it_asks_nothing(deployer: Deployer) -> None:
    """If there is nobody to ask, --yes is needed, and nothing is written without it."""
    done = deployer("init", "shop")
    assert done.code == exits.USAGE
    assert "--yes" in done.err
    assert not Path("shop").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--name", "My Shop"),
        ("--time-zone", "Mars/Olympus"),
        ("--brand", " "),
        ("--template", "orders", "--from", str(CAPTURED)),
        ("--template", "captured"),
    ],
)
def test_a_wrong_answer_exits_with_64(words, deployer: Deployer) -> None:
    """If an option isn't valid, nothing is written."""
    assert deployer("init", "shop", "--yes", *words).code == exits.USAGE
    assert not Path("shop").exists()


def test_a_capture_that_cannot_be_read_in_full_exits_with_1(deployer: Deployer) -> None:
    """If some payload isn't one, what could be read is written, and the exit code says that somebody has to look."""
    Path("captured.ndjson").write_text(CAPTURED.read_text(encoding="utf-8") + "{oops\n", encoding="utf-8")
    done = deployer("init", "shop", "--yes", "--from", "captured.ndjson")
    assert done.code == exits.FAILED
    assert "captured.ndjson:4" in done.err


def test_a_capture_of_what_attentive_refuses_is_named_by_its_file(deployer: Deployer) -> None:
    """If payloads hold what can't be declared, their file and type are named, and no file that isn't written."""
    body = {"type": "Shipped", "user": {"phone": "+12125550123"}, "properties": {"with{brace": "x"}}
    Path("captured.ndjson").write_text(json.dumps(body), encoding="utf-8")
    done = deployer("init", "shop", "--yes", "--from", "captured.ndjson")
    assert done.code == exits.FAILED
    assert not Path("shop").exists()
    assert "“Shipped”: Attentive refuses `{` in a property's key [event/forbidden-key-character]" in done.err
    assert "--> captured.ndjson\n" in done.err
    assert ".yaml" not in done.err


def test_a_name_that_no_id_can_be_made_of(deployer: Deployer) -> None:
    """If nothing in a name can be spelled in ASCII, init says which id it made up, and new how to name one."""
    bodies = [{"type": name, "user": {"phone": "+12125550123"}, "properties": {"a": "x"}} for name in ("注文", "Заказ")]
    Path("captured.ndjson").write_text("\n".join(json.dumps(body) for body in bodies), encoding="utf-8")
    done = deployer("init", "shop", "--yes", "--from", "captured.ndjson", "--format", "json")
    remarks = [each["what"] for each in done.data["to_do"] if "made-up id" in each["what"]]
    assert len(remarks) == 1
    assert "`event` is a made-up id, since nothing in “注文” can be spelled" in remarks[0]
    assert Path("shop/journeys/zakaz.yaml").exists()
    refused = deployer("new", "event", "จัดส่งแล้ว", "--project", "shop")
    assert refused.code == exits.USAGE
    assert "pass an id in snake_case" in refused.err


def test_new_prints_what_it_wrote(deployer: Deployer) -> None:
    """The YAML is shown with its file; with --dry-run nothing is written."""
    deployer("init", "--yes")
    shown = deployer("new", "event", "Order Delivered", "--dry-run")
    assert "Would write event_type.order_delivered to events/order_delivered.yaml" in shown.out
    assert not Path("events/order_delivered.yaml").exists()
    done = deployer("new", "event", "Order Delivered")
    assert done.code == exits.DONE
    written = Path("events/order_delivered.yaml").read_text(encoding="utf-8")
    assert written.partition("\n")[2] in done.out
    assert deployer("validate", "--strict").code == exits.DONE


def test_new_says_what_an_option_belongs_to(deployer: Deployer) -> None:
    """If --event is given to a kind that is about none, it isn't ignored."""
    deployer("init", "--yes")
    done = deployer("new", "segment", "vip", "--event", "order_shipped")
    assert done.code == exits.USAGE
    assert "--event belongs to: property, message, journey, test" in done.err
