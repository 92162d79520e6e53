"""What commands print as JSON is what its published schema says, in every state that a project goes through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from deployer.cli import exits
from deployer.source import schema, schema_names
from tests.cli.test_every_exit_code import LEAVES, formats
from tests.published import misfits, mistakes, schemas_by_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands import Done

    Deployer = Callable[..., Done]
    Edit = Callable[[Path, str, str], None]

STATE = Path(".deployer", "state", "sandbox.json")


def fits(name: str, data: Any) -> None:
    """Hold data against a schema, every mistake told."""
    assert mistakes(name, data) == []


def test_every_command_that_prints_json_has_its_schema() -> None:
    """If a command gets a format of JSON, a schema's description names it, and none names what isn't there."""
    printing = {name for name in LEAVES if "json" in formats(name)}
    assert set(schemas_by_command()) == printing


def test_a_finding_is_the_same_in_every_schema() -> None:
    """Schemas need no other file, so what a problem is stands in several: as in that of `validate`."""
    names = [name for name in schema_names() if "problem" in schema(name).get("$defs", {}) and name != "infer"]
    assert len(names) > 1
    for part in ("problem", "proposal"):
        assert {json.dumps(schema(name)["$defs"][part]) for name in names} == {
            json.dumps(schema("findings")["$defs"][part])
        }


@pytest.fixture
def look(deployer: Deployer) -> Callable[..., None]:
    """Hold what every command prints about a project against its schema; ``apply`` is run where it is named."""

    def check(project: Path, *also: str) -> None:
        for name in ("validate", "plan", "drift", "status", "tasks", *also):
            more = ["--yes"] if name == "apply" else []
            done = deployer(name, *more, "--project", project, "--format", "json")
            assert done.code in {exits.DONE, exits.FAILED}, done.err
            assert misfits(name, done.data) == []

    return check


def test_a_small_shop_from_nothing_to_live(tea: Path, deployer: Deployer, look, tokens, edit: Edit) -> None:
    """Before and after each apply and confirmation, every output fits."""
    look(tea, "apply")
    look(tea)
    asked = tokens(tea / STATE)
    deployer("confirm", asked["journey.shipped/review.text"], "--submitted", "--project", tea)
    look(tea)
    deployer("confirm", *asked.values(), "--project", tea)
    look(tea)
    edit(tea / "resources.yaml", "is on its way", "left")
    edit(tea / "resources.yaml", "  tracking_url: {type: string, format: uri, minLength: 1}\n", "")
    edit(tea / "resources.yaml", ', tracking_url: "https://tea.example/t/17"', "")
    edit(tea / "resources.yaml", " {{triggerEvent.custom['tracking_url']}}", "")
    look(tea, "apply")
    look(tea)


def test_problems_fit(tea: Path, deployer: Deployer, edit: Edit) -> None:
    """A project that is in error gives findings with and without a place."""
    edit(tea / "resources.yaml", "trigger: order_shipped", "trigger: nothing")
    (tea / "broken.yaml").write_text("kind: Segment\na: [", encoding="utf-8")
    done = deployer("validate", "--project", tea, "--format", "json")
    assert done.code == exits.FAILED
    fits("findings", done.data)


def test_northwind_in_every_state(launched: Path, look, deployer: Deployer) -> None:
    """Launched, changed, pruned, changed at Attentive, and not yet begun: every output fits."""
    look(launched, "apply")
    files = [path for path in launched.rglob("*.yaml") if "kind: Segment" in path.read_text(encoding="utf-8")]
    for path in files:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("\nname: ", "\nname: Another "), encoding="utf-8")
    look(launched, "apply")
    for command in (("plan", "--prune"), ("plan", "--offline")):
        fits("plan", deployer(*command, "--project", launched, "--format", "json").data)
    (launched / STATE).unlink()
    look(launched)


@pytest.mark.parametrize(
    "name", ["order_delivered", "order_shipped", "out_for_delivery", "tier_changed", "pickup_ready"]
)
@pytest.mark.parametrize("subscribed", ["both", "transactional", "nothing"])
def test_every_timeline_fits(launched: Path, deployer: Deployer, name: str, subscribed: str) -> None:
    """Whatever happens to whichever subscriber, at night as well, the timeline is what its schema says."""
    for at in ("2026-05-10 12:00", "2026-05-10 23:30"):
        call = ("simulate", name, "--subscribed", subscribed, "--at", at, "--project", launched, "--format", "json")
        fits("timeline", deployer(*call).data)


def test_results_of_tests_fit(launched: Path, deployer: Deployer, edit: Edit) -> None:
    """Tests that pass and that fail, with and without coverage, are what their schema says."""
    fits("test_results", deployer("test", "--project", launched, "--format", "json").data)
    edit(launched / "tests" / "orders.yaml", "Northwind: Thank you!", "Northwind: Thanks!")
    failed = deployer("test", "--coverage", "--project", launched, "--format", "json")
    assert failed.code == exits.FAILED
    fits("test_results", failed.data)


def test_a_saved_plan_fits(tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """A plan file is what the schema of plans says."""
    saved = tmp_path / "plan.json"
    deployer("plan", "--out", saved, "--project", tea)
    fits("plan", json.loads(saved.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "name", sorted({name for names in schemas_by_command().values() for name in names} - {"state_file"})
)
def test_the_schema_command_knows_the_outputs(name: str, deployer: Deployer) -> None:
    """Whoever reads an output can ask for its schema by name."""
    assert name in deployer("schema").out.split("\n")
    assert deployer("schema", name).data["properties"]["version"]["const"] == 1


def test_every_address_of_northwind_is_explained(launched: Path, deployer: Deployer, edit: Edit) -> None:
    """Whatever is declared can be explained, changed or not; what isn't there is answered with what was meant."""
    edit(launched / "webhooks" / "receipts.yaml", "sms.sent", "sms.sent, email.opened")
    state = json.loads((launched / STATE).read_text(encoding="utf-8"))
    for address in [*state["entries"], "message.order_shipped_text", "property.order_id"]:
        done = deployer("plan", "--explain", address, "--project", launched, "--format", "json")
        assert done.code == exits.DONE
        fits("explanation", done.data)
        assert done.data["verdict"] == {"webhook.receipts": "changes"}.get(address, done.data["verdict"])
    missed = deployer("plan", "--explain", "webhook.reciepts", "--project", launched)
    assert missed.code == exits.USAGE
    assert "did you mean `webhook.receipts`?" in missed.err
