"""What a buyer had with the shop before: orders, and what was given for them."""

from dataclasses import dataclass
from datetime import datetime

from bot.casework.money import Money
from bot.casework.orders import Marketplace, OrderStatus
from bot.casework.remedies import Remedy, RemedyState


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOrder:
    """One of their orders in short; `paid` is all that was paid for it."""

    id: int
    number: str
    marketplace: Marketplace
    status: OrderStatus
    placed_at: datetime
    paid: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRemedy:
    """Something that was given to them, or was to be."""

    id: str
    order_id: int
    order_number: str
    remedy: Remedy
    state: RemedyState
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerHistory:
    """
    All that the shop knows of a buyer, the newest first.

    `orders` and `remedies` are as many as one looks at; `order_count` and `remedy_count` how many
    there are. `given` is how many of the remedies were given or are on their way, `back` the money
    of those, by currency.
    """

    orders: tuple[PastOrder, ...] = ()
    order_count: int = 0
    remedies: tuple[PastRemedy, ...] = ()
    remedy_count: int = 0
    given: int = 0
    back: tuple[Money, ...] = ()


NOTHING_BEFORE = BuyerHistory()
"""Of somebody whom the shop does not know: what an anonymous buyer claims shows nothing."""
