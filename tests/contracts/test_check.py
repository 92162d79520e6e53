"""Captured payloads held against what is declared: every violation with its place, and all of them counted."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.contracts import EventCheck
from deployer.contracts.tally import MOST_ROWS
from deployer.errors import UsageError
from deployer.source import Gate, pointer_text
from deployer.views.contracts import check_json, check_text


def said(report):
    """Kinds with pointers of what was found."""
    return [(one.fault.kind, pointer_text(one.fault.pointer)) for one in report.findings]


def test_payloads_that_fit_are_counted_by_what_they_were_taken_for(check, captured, make) -> None:
    """Whole request bodies and properties alone may stand in one file, and the report says how many were which."""
    report = check(captured(make.good, make.body(), make.body(occurredAt="2026-05-10T12:30:00-04:00")))
    assert not report.failed
    (file,) = report.files
    assert (file.payloads, file.bodies, file.properties_alone, file.faulty) == (3, 2, 1, 0)
    assert "2 as whole request bodies, 1 as properties alone" in " ".join(check_text(report, values=False).split())


@pytest.mark.parametrize(
    ("change", "kind", "pointer", "hint"),
    [
        ({"Order Id": 17}, "type", "/Order Id", "in quotes"),
        ({"Order Id": None}, "type", "/Order Id", "leave the key out"),
        ({"Order Id": ""}, "minLength", "/Order Id", "leave the key out"),
        ({"Order Id": "1" * 13}, "maxLength", "/Order Id", ""),
        ({"tracking_url": "not a link"}, "format", "/tracking_url", ""),
        ({"carrier": "ups"}, "enum", "/carrier", "did you mean `UPS`?"),
        ({"weight": -1}, "minimum", "/weight", ""),
        ({"weight": "1"}, "type", "/weight", "without quotes"),
        ({"Carrier": "UPS"}, "undeclared", "/Carrier", "did you mean `carrier`?"),
        ({"trackingUrl": "x"}, "undeclared", "/trackingUrl", "reserved"),
        ({"lines": [{"sku": "a"}, {"sku": 1}]}, "type", "/lines/1/sku", "in quotes"),
        ({"lines": [{"sku": "a", "Sku": "b"}]}, "undeclared", "/lines/0/Sku", ""),
        ({"lines": [{}]}, "missing", "/lines/0/sku", ""),
    ],
)
def test_each_violation_of_properties(change, kind, pointer, hint, check, captured, make) -> None:
    """It has its kind, the pointer to it, and a hint; in a whole body the pointer leads through `properties`."""
    alone, whole = {**make.good, **change}, make.body({**make.good, **change})
    report = check(captured(alone, whole))
    assert said(report) == [(kind, pointer), (kind, f"/properties{pointer}")]
    assert [one.line for one in report.findings] == [1, 2]
    assert all(hint in one.fault.hint for one in report.findings)


@pytest.mark.parametrize("part", [{"properties": "none"}, {"properties": None, "user": []}, {"user": []}])
def test_a_body_with_broken_parts_is_a_body_still(part, check, captured, make) -> None:
    """If `properties` or `user` isn't an object, the payload is still taken for a request body, and that is said."""
    report = check(captured({**make.body(make.good), **part}))
    assert report.files[0].bodies == 1
    assert sorted(said(report)) == [("type", f"/{name}") for name in sorted(part)]


def test_a_misspelt_key_is_said_once(check, captured, make) -> None:
    """If a key differs from the declared one by case, that it is missing isn't said as well."""
    payload = {"Order Id": "17", "Tracking_URL": make.good["tracking_url"]}
    report = check(captured(payload))
    assert said(report) == [("undeclared", "/Tracking_URL")]
    assert "`tracking_url`" in report.findings[0].fault.hint


@pytest.mark.parametrize(
    ("change", "kind", "pointer"),
    [
        ({"type": "Order shipped"}, "other-type", "/type"),
        ({"user": {}}, "user", "/user"),
        ({"user": {"email": "a@tea.example"}}, "user", "/user"),
        ({"user": {"phone": "444-444-4444"}}, "pattern", "/user/phone"),
        ({"user": {"externalIdentifiers": {}}}, "user", "/user/externalIdentifiers"),
        (
            {"user": {"externalIdentifiers": {"customIdentifiers": []}}},
            "minItems",
            "/user/externalIdentifiers/customIdentifiers",
        ),
        ({"user": "+12065550100"}, "type", "/user"),
        ({"user": {"phone": "+12065550100", "name": "x"}}, "undeclared", "/user/name"),
        ({"occurredAt": "2026-05-10 12:30"}, "format", "/occurredAt"),
        ({"externalEventId": ""}, "minLength", "/externalEventId"),
        ({"userId": "x"}, "undeclared", "/userId"),
        ({"properties": []}, "type", "/properties"),
    ],
)
def test_each_violation_of_what_stands_around_the_properties(change, kind, pointer, check, captured, make) -> None:
    """The type is exact, the user can be reached as the event says, times have an offset, other keys are refused."""
    assert said(check(captured(make.body(**change)))) == [(kind, pointer)]


def test_the_type_ce_is_explained(check, captured, make) -> None:
    """If the name stands among the properties, that is said rather than that a key isn't declared."""
    wrong = make.body({**make.good, "$event_name": "Order shipped"}, type="ce")
    for event in ("order_shipped", None):
        report = check(captured(wrong), event=event)
        assert said(report) == [("name-in-properties", "/properties/$event_name")]
        assert '"type": "Order Shipped"' in report.findings[0].fault.hint


def test_all_picks_the_event_by_its_type(check, captured, make) -> None:
    """With no event named, `type` decides, exactly; a type that nobody declared suggests the nearest."""
    tier = {"type": "Tier Changed", "user": make.user, "properties": {"tier": ""}}
    report = check(captured(make.body(), tier, {**tier, "type": "tier changed"}, make.good, [1]), event=None)
    assert [(one.event, one.fault.kind) for one in report.findings] == [
        ("tier_changed", "minLength"),
        ("", "unknown-type"),
        ("", "missing"),
        ("", "not-an-object"),
    ]
    assert "`Tier Changed`" in report.findings[1].fault.hint


def test_the_place_is_that_of_the_value_or_its_key(check, make, tmp_path) -> None:
    """If a payload goes over several lines, line and column are those of what is wrong in it."""
    path = tmp_path / "pretty.json"
    path.write_text(json.dumps([make.good, {**make.good, "carrier": "DHL", "Weight": 1}], indent=2), encoding="utf-8")
    report = check(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    starts = [lines[one.line - 1][one.column - 1 :] for one in report.findings]
    assert [start.split(",")[0].strip() for start in starts] == ['"DHL"', '"Weight": 1']


def test_lines_that_are_not_json_are_reported_and_passed(check, captured, make) -> None:
    """A payload that isn't JSON gives its line, counts as no payload, and doesn't end the run."""
    report = check(captured(make.good, '{"Order Id": ', make.good))
    assert [(one.fault.kind, one.line) for one in report.findings] == [("not-json", 2)]
    assert (report.payloads, report.files[0].unreadable, report.failed) == (2, 1, True)


def test_no_payload_is_a_failure(check, captured) -> None:
    """If a file that was named holds nothing, nothing was checked, and that isn't success."""
    report = check(captured())
    assert report.failed
    assert said(report) == [("unreadable-file", "")]
    assert "nothing was checked" in check_text(report, values=False)


def test_folders_and_gzip(check, captured, make, tmp_path) -> None:
    """A folder gives its payload files, packed or not, hidden ones left out; an empty one among them is no failure."""
    captured(make.good, name="logs/a.ndjson")
    captured(make.good, make.good, name="logs/b/c.jsonl.gz")
    captured(name="logs/empty.ndjson")
    captured({}, name="logs/.hidden.json")
    captured("no json", name="logs/notes.txt")
    report = check(tmp_path / "logs")
    assert not report.failed
    assert [one.payloads for one in report.files] == [1, 0, 2]
    assert check(captured(make.good, name="packed.gz")).payloads == 1


def test_gzip_that_ends_too_early(check, captured, make) -> None:
    """What was cut off is said, and the payloads in front of the cut count."""
    path = captured(*[{**make.good, "Order Id": str(number)} for number in range(5000)], name="cut.gz")
    path.write_bytes(path.read_bytes()[:-2000])
    report = check(path)
    assert said(report)[-1] == ("unreadable-file", "")
    assert report.payloads > 0


def test_names_that_lead_nowhere(tmp_path) -> None:
    """A file that isn't there, a folder without payloads, and standard input twice are wrong usage."""
    (tmp_path / "empty").mkdir()
    for names in (["missing.ndjson"], [str(tmp_path / "empty")], ["-", "-"], []):
        with pytest.raises(UsageError):
            deployer.payload_files(names)


def test_an_event_is_found_by_id_address_and_name(project) -> None:
    """And a misspelt one suggests the nearest."""
    for name in ("order_shipped", "event_type.order_shipped", "Order Shipped"):
        assert deployer.event_named(project, name).id == "order_shipped"
    with pytest.raises(UsageError) as refused:
        deployer.event_named(project, "order_shiped")
    assert "order_shipped" in refused.value.hint


def test_only_so_many_are_kept_and_all_are_counted(check, captured, make) -> None:
    """The summary has every violation, by property and kind, the most frequent first."""
    bad = [{**make.good, "carrier": "DHL"}] * 7 + [{**make.good, "lines": [{"sku": 1}, {"sku": 2}]}]
    report = check(captured(*bad), keep=2)
    assert (len(report.findings), report.violations, report.faulty) == (2, 9, 8)
    assert [(row.pointer, row.kind, row.count) for row in report.rows] == [
        ("/carrier", "enum", 7),
        ("/lines/*/sku", "type", 2),
    ]
    assert "0 fine, 8 with 9 violations, 2 of them shown" in " ".join(check_text(report, values=False).split())


def test_keys_that_are_never_the_same_do_not_fill_the_memory(check, captured, make) -> None:
    """If each payload has other keys, the rows of the summary are bounded and the rest is counted."""
    report = check(captured(*[{**make.good, f"key {number}": 1} for number in range(MOST_ROWS + 50)]), keep=0)
    assert (len(report.rows), report.uncounted, report.violations) == (MOST_ROWS, 50, MOST_ROWS + 50)


SECRETS = ("Zebedee Quux", "zebedee@quux.example", "+12065550177")


@pytest.mark.parametrize("values", [False, True])
def test_values_are_shown_only_to_those_who_ask(values, check, captured, make) -> None:
    """No text, JSON or hint repeats what stands in a payload, in whatever way it is wrong, unless it is asked for."""
    changes = [
        {key: secret} for key in ("Order Id", "tracking_url", "carrier", "weight", "lines") for secret in SECRETS
    ]
    changes += [{"user": {"phone": secret.lstrip("+")}} for secret in SECRETS]
    bodies = [make.body(**one) if "user" in one else make.body({**make.good, **one}) for one in changes]
    report = check(captured(*bodies, *SECRETS, f'{{"name": {SECRETS[0]}}}'))
    assert report.violations >= len(changes) - 3
    shown = check_text(report, values=values) + check_json(report, values=values)
    assert any(secret in shown for secret in SECRETS) == values


def test_the_json_tells_everything(check, captured, make) -> None:
    """Counts, places and kinds are there for a program, with a version."""
    data = json.loads(check_json(check(captured({**make.good, "carrier": "DHL"})), values=False))
    assert (data["version"], data["payloads"], data["faulty"], data["violations"], data["failed"]) == (1, 1, 1, 1, True)
    (listed,), (row,), (file,) = data["listed"], data["summary"], data["files"]
    assert (listed["line"], listed["pointer"], listed["kind"]) == (1, "/carrier", "enum")
    assert (row["count"], row["first"]["line"]) == (1, 1)
    assert (file["form"], file["properties_alone"]) == ("ndjson", 1)


SOME = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "17", "UPS", "https://tea.example/t"])
PROPERTIES = st.dictionaries(
    st.sampled_from(["Order Id", "tracking_url", "carrier", "weight", "Carrier", "trackingUrl"]), SOME
)


@given(payload=PROPERTIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_payload_has_faults_exactly_where_its_schema_refuses_it(payload, project) -> None:
    """The words never disagree with the schema: what it refuses has a fault, what it takes has none."""
    event = deployer.event_named(project, "order_shipped")
    verdict = EventCheck(event, project).verdict(payload)
    schema = deployer.export_events(project, ["order_shipped"])["order_shipped.schema.json"]
    assert bool(verdict.faults) != Gate.of(json.loads(schema)).valid(payload)


def test_the_summary_counts_what_is_not_read_too(check, captured, make) -> None:
    """If lines aren't JSON, they are among the payloads that aren't fine."""
    report = check(captured(make.good, {**make.good, "carrier": "DHL"}, '{"Order Id": '))
    shown = " ".join(check_text(report, values=False).split())
    assert "order_shipped: 3 payloads, 1 fine, 2 with 2 violations" in shown
    data = json.loads(check_json(report, values=False))
    assert (data["payloads"], data["fine"], data["faulty"], data["unreadable"]) == (2, 1, 1, 1)
