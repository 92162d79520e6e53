"""What a message costs, by the prices that a project writes down: Attentive's aren't public."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from deployer.dataclass import dataclass
from deployer.kinds.channels import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from deployer.source.settings import Prices


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of a currency, such as 0.0285 USD."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """The amount without zeros at its end, and the currency."""
        return f"{plain(self.amount)} {self.currency}"


def plain(amount: Decimal) -> str:
    """An amount in digits: neither an exponent nor zeros at its end."""
    return f"{amount.normalize():f}"


def cost(channel: Channel, segments: int, prices: Prices | None, *, picture: bool) -> Money | None:
    """What one message costs; ``None`` where a price that it needs isn't written down.

    A text with a picture is one MMS with the first of its ``segments``; the others are texts (Attentive's help page
    “How message character counts are calculated in text messages”).
    """
    if prices is None:
        return None
    parts = _billed(channel, segments, prices, picture=picture)
    amounts = [None if price is None else price * number for price, number in parts if number]
    known = [amount for amount in amounts if amount is not None]
    return Money(sum(known, start=prices.zero), prices.currency) if len(known) == len(amounts) else None


def _billed(
    channel: Channel, segments: int, prices: Prices, *, picture: bool
) -> tuple[tuple[Decimal | None, int], ...]:
    """The prices that a message costs, each with how often."""
    match channel:
        case Channel.EMAIL:
            return ((prices.email, 1),)
        case Channel.TEXT if picture:
            return ((prices.mms, 1), (prices.segment, segments - 1))
        case Channel.TEXT:
            return ((prices.segment, segments),)
    assert_never(channel)


def total(costs: Iterable[Money | None]) -> Money | None:
    """What several messages cost together, as far as their costs are known; ``None`` where none is."""
    known = [money for money in costs if money is not None]
    if not known:
        return None
    return Money(sum((money.amount for money in known[1:]), start=known[0].amount), known[0].currency)
