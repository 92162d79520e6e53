"""Trying other words in a text on its page: counted, looked up and copied as the project itself would do it."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.kinds.message import Message
from deployer.messages import gsm, wide
from deployer.preview.previewer import preview
from deployer.rules.message.tried import tried
from deployer.views.pages.assemble import asset
from deployer.views.pages.preview import preview_data
from tests.many import write_many
from tests.views.pages.conftest import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Seen
    from playwright.sync_api import Browser, Page

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "northwind"
TEXT = "#at=message.order_shipped_text"
SCOPE = """({ data, asked }) => {
  const RULES = { attentive: "", carrier: "" };
  const channelOf = (view) => data.channels.find((one) => one.channel === view.channel);
  const viewOf = (address) => data.messages.find((one) => one.address === address);
  const journeysOf = (view) => view.uses.map((use) => data.journeys.find((one) => one.address === use.journey));
  %s
  return %s;
}"""
ALL_UNCHANGED = """data.messages.filter((view) => data.drafting.event_of[view.address]).map((view) => {
  const { samples, length } = draftView(view, view.parts[0].composer);
  return { address: view.address, samples, length };
})"""
"""Each text with its own words, as the page counts them."""


class Drafter:
    """The page's own script for trying words, in a browser, with the data of one project's page."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.project = deployer.load(folder).linked().project
        self.data = preview_data(preview(deployer.load(folder)))

    def __repr__(self) -> str:
        return f"the page of {self.project.settings.project}"

    def run(self, expression: str, asked: Any = None) -> Any:
        """What an expression of the page's script gives."""
        scripts = asset("bubble.js") + asset("count.js") + asset("draft.js")
        return self.page.evaluate(SCOPE % (scripts, expression), {"data": self.data, "asked": asked})


@pytest.fixture(scope="module")
def blank(chromium: Browser) -> Iterator[Page]:
    """An empty page to run the page's scripts in."""
    with chromium.new_context(offline=True) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def northwind(blank: Page) -> Drafter:
    """The example shop's page."""
    return Drafter(blank, EXAMPLE)


@pytest.fixture(scope="module")
def many(blank: Page, tmp_path_factory: pytest.TempPathFactory) -> Drafter:
    """The page of a large project in five scripts."""
    return Drafter(blank, write_many(tmp_path_factory.mktemp("many") / "meridian"))


@pytest.mark.parametrize("which", ["northwind", "many"])
def test_unchanged_words_count_as_declared(which: str, request: pytest.FixtureRequest) -> None:
    """The words as they are declared have on the page the runs, counts and verdicts that Python gives them."""
    drafter: Drafter = request.getfixturevalue(which)
    views = {one["address"]: one for one in drafter.data["messages"]}
    found = drafter.run(ALL_UNCHANGED)
    assert len(found) >= 6
    for drafted in found:
        declared = plain(views[drafted["address"]])
        assert {**drafted["length"], "remark": ""} == {**declared["length"], "remark": ""}
        for one, other in zip(drafted["samples"], declared["samples"], strict=True):
            for counts in (*one["counts"].values(), *other["counts"].values()):
                del counts["offenders"]
            same = ("counts", "parts", "over", "verdict", "script")
            assert {key: one[key] for key in same} == {key: other[key] for key in same}, drafted["address"]


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def test_a_letter_has_the_stand_in_that_python_names(northwind: Drafter) -> None:
    """What the page writes instead of a wide letter is what the library writes, and it knows nearly as many."""
    wide = [chr(code) for code in range(0x80, 0x3000) if unicodedata.category(chr(code)).startswith("L")]
    letters = [*(one for one in wide if not gsm.units(one)), *gsm.STAND_INS]
    known = "new Set(data.drafting.alphabet.basic + data.drafting.alphabet.extension)"
    found = northwind.run(f"asked.map((one) => standInFor(one, {known}) ?? null)", letters)
    expected = [gsm.stand_in(one) for one in letters]
    assert [one for one in zip(letters, found, expected, strict=True) if one[1] not in (None, one[2])] == []
    assert sum(one is None for one in found) - sum(one is None for one in expected) <= 20


TYPED = st.sampled_from(
    [
        *(
            "Order ",
            "é",
            "e\u0301",
            "n\u0303",
            "ñ",
            "\u00a0",
            "\u202f",
            "\u3000",
            "\u200b",
            "\ufeff",
            "\u2060",
            "\u2028",
        ),
        *(
            "\u2764\ufe0f",
            "\U0001f44d\U0001f3fd",
            "\U0001f469\u200d\U0001f469\u200d\U0001f467",
            "\U0001f1e9\U0001f1ea",
            "\U0001f600",
        ),
        *(
            "καλημέρα",
            "доставка",
            "д",
            "β",
            "ሰላምታ",
            "配達",
            "はい",
            "カード",
            "배송",
            "طلب",
            "हम",
            "ก",
            "→",
            "½",
            "“x”",
        ),
    ]
)
LOOKED_AT = """asked.map((text) => {
  const count = counter(data.drafting.alphabet);
  const { offenders } = count(text, { brand: "", media: false, opt_out: "", rules: "attentive" });
  const script = scriptIn(offenders);
  return { script, wide: script ? [] : wideIn(offenders, text, 0) };
})"""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(texts=st.lists(st.lists(TYPED, min_size=1, max_size=6).map("".join), min_size=2, max_size=12))
def test_what_makes_a_text_wide_is_what_python_finds(northwind: Drafter, texts: list[str]) -> None:
    """Scripts, characters as a reader sees them, and what to write instead: the page says what the library says."""
    for text, found in zip(texts, northwind.run(LOOKED_AT, texts), strict=True):
        looked = wide(text)
        assert found["script"] == looked.sentence, text
        same = ("text", "start", "end", "codepoint", "plain", "advice")
        assert [[one[key] for key in same] for one in found["wide"]] == [
            [getattr(one, key) for key in same] for one in looked.characters
        ], text


PIECES = st.sampled_from(
    [
        *("Order ", " is on its way. ", "{{triggerEvent.custom['Order Id']}}", "{{ triggerEvent.custom['carrier'] }}"),
        *("{{triggerEvent.custom['order id']}}", '{{triggerEvent.custom["Order Id"]}}', "{{triggerEvent.order_id}}"),
        *("{{triggerEvent.custom['nothing']}}", "{{subscriber.firstName}}", "{{subscriber.nickname}}"),
        *("{{subscriber.custom['Loyalty Tier']}}", "{{subscriber.custom['Tier']}}", "{{subscriber.loyalty_tier}}"),
        *("{{order.number}}", "{{triggerEvent.product.link}}", "{{triggerEvent.order.total}}", "{{trackingUrl}}"),
        *("{{triggerEvent.custom['carrier'] | upcase}}", "{% if true %}now{% endif %}", "}}"),
        *("{{triggerEvent.custom['tracking_url'].host}}", "{{ triggerEvent.custom.delivery_date }}"),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(texts=st.lists(st.lists(PIECES, min_size=1, max_size=4).map("".join), min_size=2, max_size=8))
def test_the_page_finds_what_the_rules_find(northwind: Drafter, texts: list[str]) -> None:
    """Whatever macros a text has: the page's findings are those of the rules, word for word, each once."""
    message = northwind.project.find(Message, "order_shipped_text")
    assert message is not None
    expression = "asked.map((text) => draftFindings(text, viewOf('message.order_shipped_text')))"
    for text, found in zip(texts, northwind.run(expression, texts), strict=True):
        expected = {(one.rule, one.severity.value, one.message) for one in tried(northwind.project, message, text)}
        assert {(one["rule"], one["severity"], one["message"]) for one in found} == expected, text


@pytest.mark.parametrize(("set_to", "expected"), [("warning", ["warning"]), ("off", [])])
def test_an_offer_counts_as_the_project_sets_it(blank: Page, shop: Path, set_to: str, expected: list[str]) -> None:
    """An offer that is tried in a transactional journey's text has the severity that the rule has in the project."""
    with (shop / "deployer.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"\nrules: {{message/offer-in-transactional: {set_to}}}\n")
    drafter = Drafter(blank, shop)
    found = drafter.run(
        "draftFindings(asked, data.messages.find((one) => one.id === 'order_shipped_text'))",
        "{{subscriber.signupOffer.link}}",
    )
    assert [one["severity"] for one in found if one.get("rule") == "message/offer-in-transactional"] == expected


def test_what_no_rule_can_read_is_found_too(northwind: Drafter) -> None:
    """Braces that are open, an expression of deployer's, and no words at all have a finding."""
    texts = ["Order {{triggerEvent.custom['Order Id'] is here", "{{}}", "[[ brand.name ]]", "[% if x %]", " \n"]
    found = northwind.run("asked.map((text) => draftFindings(text, viewOf('message.order_shipped_text')))", texts)
    assert [bool(one) for one in found] == [True] * len(texts)


WRITTEN = st.text(
    st.sampled_from("aZ 9\n\t{}'\"\\:#-|>é\u2019\u0085\u00a0\u2028\ufeff\U0001f600[]"), max_size=60
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(texts=st.lists(WRITTEN, min_size=3, max_size=12))
def test_a_copied_field_is_read_as_what_was_typed(northwind: Drafter, texts: list[str]) -> None:
    """Whatever is typed, YAML reads the copied field as these words; only its line end at the very end isn't theirs."""
    for text, written in zip(texts, northwind.run("asked.map((text) => yamlField('body', text))", texts), strict=True):
        assert yaml.safe_load(written)["body"].removesuffix("\n") == text.removesuffix("\n"), written


def test_an_expression_is_kept_where_its_words_are(northwind: Drafter) -> None:
    """Words around what an expression made change, the expression stays; where its own words change it is gone."""
    message = northwind.project.find(Message, "order_shipped_text")
    assert message is not None
    view = next(one for one in northwind.data["messages"] if one["address"] == message.address)
    before = view["parts"][0]["composer"]
    texts = [before.replace("is on its way", "has left"), before.replace("Track it:", "Follow it:"), f"[{before}"]
    made = "viewOf('message.order_shipped_text').parts[0].made"
    written = northwind.run(f"asked.map((text) => authorText(text, {made}))", texts)
    assert ["[[ track(" in one for one in written] == [True, False, True]
    for text, author in zip(texts, written, strict=True):
        composed = northwind.project.words.composed(author, northwind.project.names(message), 32_768)
        assert composed.text == text


def test_words_are_typed_in_the_phone(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """Each character shows in the bubble, the length and the findings; a file is left as it is."""
    seen = look(write_page(shop) + TEXT)
    seen.page.get_by_role("button", name="Try words").click()
    field = seen.page.get_by_label("Composer text to try")
    expect(field).to_be_focused()
    card = seen.page.locator(".try-words")
    expect(card).to_contain_text("as in the file")
    field.fill("Order {{triggerEvent.custom['Order ID']}} \N{EN DASH} on its way. " + "Long words. " * 20)
    expect(card).to_contain_text("`order_shipped` has no property `Order ID`".replace("`", ""))
    expect(card).to_contain_text("did you mean {{triggerEvent.custom['Order Id']}}?")
    expect(seen.page.locator(".bubble .hole")).to_have_count(1)
    expect(seen.page.locator(".meter")).to_contain_text("over the limit of 2")
    expect(seen.page.locator(".wide-list")).to_contain_text("U+2013")
    field.fill("Order ")
    seen.page.get_by_label("Insert a macro").select_option(label="Order Id")
    expect(field).to_have_value("Order {{triggerEvent.custom['Order Id']}}")
    expect(seen.page.locator(".bubble")).to_contain_text("Northwind: Order 54321")
    expect(card).to_contain_text("Every macro is one that Attentive fills in.")
    seen.page.get_by_role("button", name="Next").click()
    seen.page.get_by_role("button", name="Previous").click()
    expect(seen.page.get_by_label("Composer text to try")).to_have_value("Order {{triggerEvent.custom['Order Id']}}")
    seen.page.get_by_role("button", name="Start over").click()
    expect(card).to_contain_text("as in the file")
    seen.reads(".bubble", "is on its way")
