"""Lines that are decoded many at once, and checked so, are what they are one by one."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import deployer
from deployer.contracts import batches, captured
from deployer.contracts.batches import decoded, in_batches
from deployer.contracts.infer.inference import Wish
from deployer.contracts.strict_json import DEEPEST, loads

NUMBER = int("1" * 19)
FINE = '{"type": "Order Shipped", "user": {"phone": "+12065550100"}, "properties": {"Order Id": "17", "weight": 1.5}}'
LONG = {
    "many digits": f'{{"a": {"9" * 5000}}}',
    "deep": '{"a":' * (DEEPEST + 1) + "1" + "}" * (DEEPEST + 1),
    "deeper": "[" * 2000,
}
"""Lines that are too long to be shown where a test fails."""

LINES = st.sampled_from(
    [
        FINE,
        f"  {FINE}\r",
        '{"a": "x: y", "b": {"c": [1, {"d": 2}]}, "e": "\\"\\\\"}',
        '{"a": 1}, {"b": 2}',
        f'{{"a": 1}},{NUMBER},{{"b": 2}}',
        f'{{"a": {NUMBER}}}',
        str(NUMBER),
        f"{NUMBER}.0",
        '{"a": [{"b": 1}',
        '{"c": 2}]}',
        '{"a": "b',
        'c"}',
        "[1",
        "2]",
        '{"a": 1, "a": 2}',
        '{"a": {"b": 1}, "a": {"b": 2, "c": 3}}',
        '{"a": 1, "a": ":"}',
        '{"a" : 1, "a": 2}',
        '{"a"\t: 1, "b": 2, "b": 3}',
        '{"a"\r: 1, "\\u0061": 2, "c": ":"}',
        '{"a": "\\":", "\\u0061": 2}',
        '{"a": NaN}',
        '{"a": 1e999}',
        "many digits",
        '{"a": "\\ud83d"}',
        '{"a": "\\u0000"}',
        '{"a": "\\ud83d\\ude00"}',
        "\ufeff{}",
        "",
        "null",
        "17",
        "deep",
        "deeper",
    ]
)
"""Lines that are payloads, that are none, and that together look like others than they are."""


@given(st.lists(LINES, min_size=1, max_size=8))
@example(['{"a": 1}, {"b": 2}', '{"a": [{"b": 1}', '{"c": 2}]}'])
@example(['{"a": 1}, 1111111111111111111, {"b": 2}', '{"a": "b', 'c"}'])
@example(['{"a" : 1, "a": 2}', '{"b": ":"}'])
def test_lines_at_once_are_the_lines_one_by_one(lines) -> None:
    """What comes of lines at once is what comes of each; where one of them isn't read, nothing does."""
    texts = [LONG.get(line, line) for line in lines]
    values = decoded("".join(f"{text}\n" for text in texts).encode())
    if values is not None:
        assert values == [loads(text) for text in texts]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_sound_lines_are_decoded_at_once(end) -> None:
    """Objects within objects, lists, numbers, escapes: what captures hold isn't read line by line."""
    lines = [FINE, '{"a": [{"b": 1}, {"b": "\\ud83d\\ude00 \\n"}], "c": {}, "d": "x: {[y]}"}', "17"]
    assert decoded("".join(f"{line}{end}" for line in lines).encode()) == [json.loads(line) for line in lines]


@given(st.text("ab\n", max_size=80))
def test_batches_are_the_lines_that_have_their_ends(text) -> None:
    """Put together they are everything up to the last line's end, and each ends where a line does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "BATCH", 10)
        parts = list(in_batches(text.encode()))
    assert b"".join(parts) == text[: text.rfind("\n") + 1].encode()
    assert all(part.endswith(b"\n") for part in parts)


TIER = '{"type": "Tier Changed", "user": {"phone": "+12065550100"}, "properties": {"tier": "Gold"}}'
BODY = '{"type": "Order Shipped", "user": {"phone": "+12065550100"}, "properties": {}}'
PAYLOADS = LINES | st.sampled_from(
    [
        TIER,
        TIER.replace("Gold", ""),
        BODY.replace("{}", '{"Order Id": "17", "tracking_url": "https://tea.example/t/17"}'),
        BODY.replace("{}", '{"Order Id": "17", "tracking_url": "https://tea.example/t/17", "Carrier": "UPS"}'),
        '{"Order Id": "17", "tracking_url": "https://tea.example/t/17"}',
        f'{{"body": [{TIER}]}}',
        '{"type": ["Tier Changed"]}',
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(PAYLOADS, max_size=12), event=st.sampled_from([None, "order_shipped", "tier_changed"]))
@pytest.mark.parametrize("at", [(), ("body", "0")])
def test_a_report_is_the_same_however_lines_are_read(lines, event, at, project, tmp_path_factory) -> None:
    """Every count, place and row is that of a file whose lines are read and asked for one by one."""
    file = tmp_path_factory.mktemp("captured") / "captured.ndjson"
    file.write_text("\n".join([TIER, *(LONG.get(line, line) for line in lines)]), encoding="utf-8", newline="")
    files = deployer.payload_files((str(file),))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(captured, "PAYS", 0)
        at_once = deployer.check_payloads(project, event, files, at=at)
        patch.setattr(captured, "decoded", lambda _text: None)
        one_by_one = deployer.check_payloads(project, event, files, at=at)
    assert at_once == one_by_one


VALUES = st.recursive(
    st.sampled_from(["", "a", "b", "17", "1.5", "+12065550100", "a@tea.example", "https://tea.example/t", "2026-05-10"])
    | st.integers(-2, 2)
    | st.sampled_from([0.5, 2.0, True, None])
    | st.sampled_from("abcdefghij").map(lambda letter: letter * 7)
    | st.just("x" * 50),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("pqr"), inner, max_size=2),
    max_leaves=4,
)
SENT = st.builds(
    lambda name, user, values: {"type": name, "user": user, "properties": values},
    st.sampled_from(["Order Shipped", "Tier Changed", "Bread Baked", "Bread Baked", "Tea Brewed", "ce", "", 5]),
    st.sampled_from([{"phone": "+12065550100"}, {"email": "a@tea.example"}, {}, None]),
    st.dictionaries(st.sampled_from(["tier", "Order Id", "name", "k1", "k2", "k3"]), VALUES, max_size=3) | st.just([]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.lists(SENT, max_size=25), event=st.sampled_from([{}, {"event": "tier_changed"}, {"type": "Bread Baked"}])
)
def test_the_same_is_inferred_however_lines_are_read(sent, event, shop, tmp_path_factory) -> None:
    """The YAML, what is remarked and what is in the way are those of payloads that are looked at one by one."""
    file = tmp_path_factory.mktemp("captured") / "captured.ndjson"
    first = {"type": event.get("type", "Tier Changed"), "user": {}, "properties": {"tier": "Gold"}}
    file.write_text("".join(f"{json.dumps(body)}\n" for body in [first, *sent]), encoding="utf-8")
    files, workspace = deployer.payload_files((str(file),)), deployer.load(shop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(captured, "PAYS", 0)
        at_once = deployer.infer_events(workspace, None, files, Wish(**event))
        patch.setattr(captured, "decoded", lambda _text: None)
        one_by_one = deployer.infer_events(workspace, None, files, Wish(**event))
    assert at_once == one_by_one
