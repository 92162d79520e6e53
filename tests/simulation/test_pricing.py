"""What a message costs, by the prices that are written down."""

from __future__ import annotations

from decimal import Decimal

import pytest

from deployer.simulation import Channel
from deployer.simulation.pricing import Money, cost, plain, total
from deployer.source import parse_settings, read
from deployer.source.settings import Prices

ALL = Prices("USD", Decimal("0.0095"), Decimal("0.03"), Decimal("0.0008"))
NO_SEGMENT = Prices("USD", mms=Decimal("0.03"))


@pytest.mark.parametrize(
    ("channel", "segments", "picture", "prices", "amount"),
    [
        ("text", 1, False, ALL, "0.0095"),
        ("text", 3, False, ALL, "0.0285"),
        ("text", 1, True, ALL, "0.03"),
        ("text", 3, True, ALL, "0.049"),
        ("text", 1, True, NO_SEGMENT, "0.03"),
        ("text", 2, True, NO_SEGMENT, None),
        ("text", 1, False, NO_SEGMENT, None),
        ("email", 0, False, ALL, "0.0008"),
        ("email", 0, False, NO_SEGMENT, None),
        ("email", 0, False, None, None),
        ("text", 1, False, Prices("USD", Decimal(0)), "0"),
    ],
)
def test_the_cost_of_a_message(channel, segments, picture, prices, amount):
    """Texts cost their segments, a picture the first of them, emails one each; a price that is missing is no zero."""
    found = cost(Channel(channel), segments, prices, picture=picture)
    assert (found and str(found)) == (amount and f"{amount} USD")


def test_amounts_are_exact():
    """Costs add up as money does, and are written in digits."""
    tenths = [Money(Decimal("0.1"), "USD")] * 3
    assert str(total([None, *tenths])) == "0.3 USD"
    assert total([None]) is None
    assert [plain(Decimal(one)) for one in ("10", "0.10", "1E-7", "0")] == ["10", "0.1", "0.0000001", "0"]


def test_prices_of_an_ancestor(tmp_path):
    """An environment takes the prices of the nearest that it inherits from, whole, before the project's."""
    (tmp_path / "deployer.yaml").write_text(
        "version: 1\nproject: shop\nbrand: {name: Shop}\nprices: {currency: USD, segment: 0.01}\nenvironments:\n"
        "  base: {abstract: true, target: sandbox, prices: {currency: EUR, email: 0.001}}\n"
        "  one: {inherits: base}\n  two: {inherits: one, prices: {currency: GBP, mms: 0.2, x-note: free}}\n"
        "  three: {inherits: two}\n  other: {target: sandbox}\n"
    )
    settings, problems = parse_settings(read(tmp_path))
    assert problems == ()
    assert {name: one.prices for name, one in settings.environments.items()} == {
        "one": Prices("EUR", email=Decimal("0.001")),
        "two": Prices("GBP", mms=Decimal("0.2")),
        "three": Prices("GBP", mms=Decimal("0.2")),
        "other": Prices("USD", segment=Decimal("0.01")),
    }
