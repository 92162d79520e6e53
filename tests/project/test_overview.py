"""A project as a whole: lists, one declaration with its places, and the way from a property to a message."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

import deployer
from deployer.errors import UsageError
from deployer.project.overview import Uses, Wanted, address_of, declaration, graph, listed
from deployer.views.overview import graph_dot, graph_mermaid

ROOT = Path(__file__).resolve().parents[2]
NORTHWIND = ROOT / "examples" / "northwind"


@pytest.fixture(scope="module")
def project():
    """The example shop."""
    return deployer.load(NORTHWIND).project("production")


def test_everything_is_listed_with_its_place(project) -> None:
    """Each resource of the environment once, at the line of its id."""
    items = listed(project, Wanted())
    assert {one.address for one in items} == set(project.resources)
    for one in items:
        line = (NORTHWIND / one.place.path).read_text(encoding="utf-8").splitlines()[one.place.line - 1]
        assert line == f"id: {one.address.partition('.')[2]}"


def test_uses_and_used_by_are_the_same_arrows(project) -> None:
    """What uses another is listed from both ends, and every reference is there."""
    items = {one.address: one for one in listed(project, Wanted())}
    for address, one in items.items():
        assert set(one.uses) == {
            ref.target for ref in project.resources[address].kind.references(project.resources[address].model)
        }
        assert all(address in items[other].used_by for other in one.uses)
        assert all(address in items[other].uses for other in one.used_by)


@pytest.mark.parametrize(
    ("wanted", "addresses"),
    [
        (Wanted(kind="webhook"), {"webhook.receipts"}),
        (Wanted(uses="order_shipped_text", kind="journey"), {"journey.order_shipped"}),
        (Wanted(used_by="message.order_shipped_text"), {"event_type.order_shipped"}),
        (Wanted(kind="property", used_by="event_type.tier_changed", owner="nobody"), None),
        (Wanted(owner="stores", kind="message"), {"message.pickup_ready_text"}),
        (Wanted(uses="webhook.receipts"), set()),
    ],
)
def test_a_list_is_narrowed(wanted, addresses, project) -> None:
    """Filters hold together; an owner whom nobody names is refused."""
    if addresses is None:
        with pytest.raises(UsageError, match="no declaration names the owner"):
            listed(project, wanted)
    else:
        assert {one.address for one in listed(project, wanted)} == addresses


def test_each_value_of_a_declaration_has_the_place_where_it_is_written(project) -> None:
    """If an environment changes a value, the place is in its patch; every value stands in the line that is named."""
    shown = {one.path: one for one in declaration(project, "checkout").values}
    assert shown["sign_up_source_id"].value == "241654"
    for address in project.resources:
        for one in declaration(project, address).values:
            line = (NORTHWIND / one.place.path).read_text(encoding="utf-8").splitlines()[one.place.line - 1]
            assert one.path.rpartition(".")[2] in line or str(one.value) in line or not isinstance(one.value, str)


def test_the_values_are_the_whole_declaration(project) -> None:
    """Put together again they are the body: nothing is left out, nothing made up; personal values are asterisks."""
    for address, resource in project.resources.items():
        shown = [str(one.value) for one in declaration(project, address).values]
        written = list(map(str, leaves(resource.body)))
        masked = sorted(len(text) for text in shown if set(text) == {"*"})
        missing = Counter(written) - Counter(shown)
        assert Counter(shown) - Counter(written) == Counter("*" * length for length in masked)
        examples = resource.body.get("schema", {}).get("examples", []) if personal(resource.body) else []
        assert sorted(map(len, missing.elements())) == sorted([*masked, *map(len, examples)])


def personal(body) -> bool:
    """Whether a declaration is of personal data as a whole: its examples are left out then."""
    return bool(body.get("schema", {}).get("pii") or body.get("pii"))


def leaves(value):
    """The scalars and empty collections of a value."""
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if not within:
        yield value
        return
    for one in within:
        yield from leaves(one)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("order_shiped_text", "did you mean `order_shipped_text`?"),
        ("order_shipped", "write one of event_type.order_shipped, journey.order_shipped"),
        ("journey.order_shiped", "did you mean `journey.order_shipped`?"),
    ],
)
def test_an_address_that_is_none_is_refused_with_the_way(text, says, project) -> None:
    """An id of several, and a slip of the keys."""
    with pytest.raises(UsageError) as error:
        address_of(project, text)
    assert error.value.hint == says


def test_the_graph_leads_from_properties_to_messages(project) -> None:
    """Every message is reached from its event type, and every edge joins two nodes."""
    drawn = graph(project)
    assert all(set(edge) <= set(drawn.nodes) for edge in drawn.edges)
    assert {one for one in drawn.nodes if one.startswith("message.")} <= {after for _, after in drawn.edges}
    assert ("property.order_id", "event_type.order_shipped") in drawn.edges
    assert ("event_type.order_shipped", "journey.order_shipped") in drawn.edges
    assert ("journey.order_shipped", "message.order_shipped_text") in drawn.edges
    assert ("event_type.order_shipped", "message.order_shipped_text") not in drawn.edges


def test_a_graph_around_a_node_holds_its_way_only(project) -> None:
    """What leads to it and what it leads to, and nothing beside."""
    drawn = graph(project, "order_shipped_text")
    assert "journey.order_shipped" in drawn.nodes
    assert "property.order_id" in drawn.nodes
    assert not [one for one in drawn.nodes if "tier_changed" in one]


def test_names_of_any_signs_are_drawn_as_text(tmp_path: Path) -> None:
    """If a name holds quotes, brackets or markup, it stays within its label in both languages."""
    name = 'A "quoted"] --> <b>x</b>; \\ end #1 `y`'
    (tmp_path / "deployer.yaml").write_text(
        "version: 1\nproject: x\nbrand: {name: X}\napps: {shop: {}}\nenvironments: {sandbox: {target: sandbox}}\n"
    )
    body = {"kind": "Segment", "id": "s", "name": name, "external_id": "s"}
    (tmp_path / "s.yaml").write_text(yaml.safe_dump(body))
    linked = deployer.load(tmp_path).linked().project
    drawn = graph(linked, "segment.s")
    (label,) = re.findall(
        r'^  segment__s\["([^"<>`\\;]*(?:(?:#\d+;|<br>)[^"<>`\\;]*)*)"\]$', graph_mermaid(drawn), re.MULTILINE
    )
    assert unescaped(label.split("<br>")[0]) == name
    (dot,) = re.findall(r'^  "segment\.s" \[label="((?:[^"\\]|\\.)*)"\];$', graph_dot(drawn), re.MULTILINE)
    assert re.sub(r"\\(.)", r"\1", dot.replace("\\n", "\n")).split("\n") == [name, "segment.s"]


def unescaped(label: str) -> str:
    """A label of Mermaid as it is read."""
    return re.sub(r"#(\d+);", lambda match: chr(int(match[1])), label)


def test_uses_of_a_project_are_read_once_from_its_references(project) -> None:
    """Both directions hold the same pairs."""
    uses = Uses.among(project)
    forth = {(one, other) for one, others in uses.of.items() for other in others}
    assert forth == {(one, other) for other, users in uses.by.items() for one in users}
