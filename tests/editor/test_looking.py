"""Hover, definitions and mentions: what is meant at a place of a file that may not be saved."""

from __future__ import annotations

from deployer.editor.desk import Desk
from deployer.editor.looking import definitions, hover, uses
from tests.editor.conftest import JOURNEY, TEXTS

ORDER_ID = "triggerEvent.custom['Order Id']"


def test_a_property_in_a_macro_leads_to_its_event(at) -> None:
    """A property's key in a macro is explained with its samples, and leads to the event that declares it."""
    place = at.place(TEXTS, ORDER_ID, "Order")
    found = hover(at.desk, TEXTS, place)
    assert found is not None
    assert "**Order Id** of `order_shipped`" in found.markdown
    assert "- happy: `54321`" in found.markdown
    (span,) = definitions(at.desk, TEXTS, place)
    assert (span.path, at.words(span)) == ("events/order_shipped.yaml", "Order Id")
    assert {one.path for one in uses(at.desk, TEXTS, place)} == {TEXTS, "events/order_shipped.yaml"}


def test_an_id_leads_to_its_declaration_from_wherever_it_is(at) -> None:
    """The id of a message in a journey leads to the message; its mentions are those in journeys and tests too."""
    place = at.place(JOURNEY, "message: order_shipped_text", "order")
    (span,) = definitions(at.desk, JOURNEY, place)
    assert (span.path, at.words(span)) == (TEXTS, "order_shipped_text")
    found = hover(at.desk, JOURNEY, place)
    assert found is not None
    assert "> Order 54321 is on its way" in found.markdown
    everywhere = uses(at.desk, TEXTS, span.start)
    assert {one.path for one in everywhere} == {TEXTS, JOURNEY, "tests/delivered.yaml", "tests/parcels.yaml"}
    assert {at.words(one) for one in everywhere} == {"order_shipped_text"}


def test_a_macro_leads_to_its_file_and_back(at) -> None:
    """A call leads to the macro's file; the macro's mentions are its calls in every message."""
    (span,) = definitions(at.desk, TEXTS, at.place(TEXTS, "[[ track(", "tra"))
    assert (span.path, at.words(span)) == ("macros/links.jinja", "track")
    calls = uses(at.desk, span.path, span.start)
    assert {at.words(one) for one in calls} == {"track"}
    assert len(calls) == 1 + at.desk.text(TEXTS).text.count("[[ track(") + sum(
        at.desk.text(path).text.count("[[ track(")
        for path in at.desk.workspace.sources.files.paths()
        if path.startswith("messages/") and path != TEXTS
    )


def test_a_file_that_is_named_opens(at) -> None:
    """The path of an email's HTML leads to that file."""
    (span,) = definitions(at.desk, "messages/delivered.yaml", at.place("messages/delivered.yaml", ".html", ".h"))
    assert span.path.endswith(".html")


def test_a_key_is_explained_as_its_schema_says(at) -> None:
    """The words of the schema appear on a key, in braces too."""
    found = hover(at.desk, JOURNEY, at.place(JOURNEY, "quiet_hours", "quiet"))
    assert found is not None
    assert "Attentive's quiet hours" in found.markdown
    assert at.words(found.span) == "quiet_hours"


def test_what_is_typed_counts_before_it_is_saved(at) -> None:
    """A mention that was typed just now is found; a file that is broken on the way leaves the others answering."""
    at.type("events/order_shipped.yaml", "id: order_shipped\n", "id: order_sent\n")
    at.type(TEXTS, "event: order_shipped\n", "event: order_sent\n")
    (span,) = definitions(at.desk, TEXTS, at.place(TEXTS, "event: order_sent"))
    assert (span.path, at.words(span)) == ("events/order_shipped.yaml", "order_sent")
    at.type("segments/testers.yaml", "id: testers", "id: [")
    assert definitions(at.desk, TEXTS, at.place(TEXTS, "event: order_sent")) == (span,)


def test_work_that_is_used_again_answers_as_work_done_anew(at) -> None:
    """Whatever is typed where, the findings are those of a project that is read for the first time."""
    changes = [
        (TEXTS, "custom['Order Id']", "custom['Order ID']"),
        ("macros/links.jinja", "macro track(key)", "macro trace(key)"),
        (TEXTS, "custom['Order ID']", "custom['Order Id']"),
        ("macros/links.jinja", "macro trace(key)", "macro track(key)"),
        ("deployer.yaml", "name: Northwind", "name: A brand with a name that is so long that texts take more"),
        ("events/order_shipped.yaml", "tracking_url:", "tracking:"),
        ("emails/delivered.html", "triggerEvent", "triggerEvents"),
        (JOURNEY, "status: active", "status: actve"),
    ]
    for path, old, new in changes:
        at.type(path, old, new)
        fresh = Desk(at.desk.root)
        for name, text in at.desk.open.items():
            fresh.write(name, text)
        assert at.desk.problems() == fresh.problems(), (path, new)


def test_files_of_others_say_nothing(at) -> None:
    """A workflow, a file of another tool and a hidden one can be open and changed: no more is found than on disk."""
    (at.desk.root / "docker-compose.yml").write_text("services: {}\n")
    for path in (".github/workflows/ci.yml", "docker-compose.yml", "notes/new.yaml"):
        at.desk.write(path, "services: {web: {image: shop}}\nversion: 3\n")
    at.desk.write("segments/mixed.yaml", "apiVersion: v1\nkind: Deployment\n")
    at.desk.write("emails/new.html", "<p>")
    assert {one.rule for found in at.desk.problems().values() for one in found} == {"file/passed-over"}


def test_a_new_file_counts_before_it_is_saved(at) -> None:
    """A declaration in a file that isn't on disk yet is found, and can be used."""
    new = "kind: Segment\nid: vips\nname: VIPs\nexternal_id: vips\napp: orders\n"
    at.desk.write("segments/vips.yaml", new)
    assert [span.path for span in uses(at.desk, "segments/vips.yaml", at.place("segments/vips.yaml", "id: vips"))] == [
        "segments/vips.yaml"
    ]
    at.desk.write("segments/vips.yaml", new.replace("external_id: vips\n", ""))
    assert [one.rule for one in at.desk.problems()["segments/vips.yaml"]] == ["schema/missing-key"]


def test_a_partial_leads_to_and_from_what_includes_it(at) -> None:
    """A partial's path leads to the file and to all that name it; macros and properties in it are found from there."""
    partial = "emails/part.html"
    words = "[% macro bye() %]Bye[% endmacro %]<i>{{triggerEvent.custom['Order Id']}}</i>\n"
    (at.desk.root / partial).write_text(words, "utf-8")
    at.desk.refresh()
    email = "emails/delivered.html"
    at.type(email, "[[ brand.name ]]", f'[% include "{partial}" %][% from "{partial}" import bye %][[ bye() ]]')
    (span,) = definitions(at.desk, email, at.place(email, partial, "part"))
    assert span.path == partial
    named = uses(at.desk, email, at.place(email, partial, "part"))
    assert [(one.path, at.words(one)) for one in named] == [(email, partial)] * 2
    (span,) = definitions(at.desk, email, at.place(email, "[[ bye", "by"))
    assert (span.path, at.words(span)) == (partial, "bye")
    (span,) = definitions(at.desk, partial, at.place(partial, "custom['Order Id"))
    assert span.path == "events/order_delivered.yaml"
    assert partial in {one.path for one in uses(at.desk, span.path, span.start)}
