"""``deployer list``, ``show`` and ``graph`` as people run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.cli import exits
from deployer.views.problems import cell_width

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands import Done

    Deployer = Callable[..., Done]


def test_list_has_one_line_a_resource(tea: Path, deployer: Deployer) -> None:
    """At 80 columns each address with its place, then how many."""
    done = deployer("list", "--project", tea)
    lines = done.out.splitlines()
    assert done.code == exits.DONE
    assert lines[0] == "custom_attribute.tier     resources.yaml:46"
    assert lines[-1] == "7 resources"
    assert max(map(cell_width, lines)) <= 80


def test_show_says_who_confirmed(tea: Path, deployer: Deployer, tokens) -> None:
    """After an apply and a confirmation: the values with their places, the record, and who said what."""
    assert "Nothing is recorded of it in sandbox." in deployer("show", "journey.shipped", "--project", tea).out
    deployer("apply", "--yes", "--project", tea)
    token = tokens(tea / ".deployer" / "state" / "sandbox.json")["journey.shipped/create"]
    deployer("confirm", token, "--project", tea)
    shown = deployer("show", "shipped", "--project", tea)
    assert "- trigger: order_shipped  resources.yaml:21" in shown.out
    assert "who confirmed" in shown.out
    data = deployer("show", "shipped", "--project", tea, "--format", "json").data
    assert data["uses"] == ["event_type.order_shipped", "message.shipped_text", "opt_in_source.checkout"]
    assert data["recorded"]["confirmations"]


def test_graph_around_one(tea: Path, deployer: Deployer) -> None:
    """The way to one message, in Mermaid."""
    done = deployer("graph", "shipped_text", "--project", tea)
    assert done.out.startswith("flowchart LR\n")
    assert "  journey__shipped --> message__shipped_text\n" in done.out


def test_what_is_not_declared_exits_with_64(tea: Path, deployer: Deployer) -> None:
    """If an address is mistyped, the nearest one is suggested."""
    for line in (("show", "shiped"), ("graph", "shiped"), ("list", "--uses", "shiped")):
        done = deployer(*line, "--project", tea)
        assert done.code == exits.USAGE
        assert "did you mean `shipped`?" in done.err
