"""Facts from the shop: what was ordered, paid, sent and already made good."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.casework.money import Money, total
from bot.casework.remedies import Granted, RemedyKind


class Marketplace(StrEnum):
    """Where the order was placed."""

    WISH = "wish"
    AMAZON = "amazon"
    WILDBERRIES = "wildberries"
    SHOP = "shop"


class OrderStatus(StrEnum):
    """How far the order is."""

    PENDING = "pending"
    PROCESSING = "processing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class Fulfilment(StrEnum):
    """Who stores, sends and looks after the goods."""

    SELLER = "seller"
    MARKETPLACE = "marketplace"


class ShipMode(StrEnum):
    """How the parcel travels; an intercept depends on it."""

    EXPRESS = "express"
    AIR = "air"
    SEA = "sea"
    POST = "post"


class BuyerType(StrEnum):
    """Who buys: wholesale can resell, a project waits for the right goods."""

    RETAIL = "retail"
    WHOLESALE = "wholesale"
    PROJECT = "project"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One product of an order; `stock` is what is left to send again, None if not known."""

    id: int
    sku: str
    title: str
    variant: str = ""
    quantity: int
    unit_price: Money
    stock: int | None = None

    @property
    def price(self) -> Money:
        """What the whole line cost."""
        return self.unit_price.times(self.quantity)


EVENT_HANDED_OVER = "Handed to the carrier"
EVENT_DELIVERED = "Delivered"
"""What an order file's own days are called among a carrier's events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingEvent:
    """One scan of a parcel, in the carrier's words."""

    at: datetime
    label: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What travels, and when it was handed over and delivered."""

    carrier: str
    tracking_number: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    events: tuple[TrackingEvent, ...] = ()


ORDER_FILE = "order file"
"""The method of a payment that the shop's order file states without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that the buyer paid for the order; `method` is where the shop told it from."""

    amount: Money
    paid_at: datetime
    method: str = ""

    @property
    def way(self) -> str:
        """How it was paid, in a buyer's eyes; empty where only the order file tells of it."""
        return "" if self.method == ORDER_FILE else self.method


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who ordered, as the order names them."""

    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A product of the same title as one of the order's; `price` is None where not known."""

    sku: str
    title: str
    variant: str
    price: Money | None
    stock: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """
    What was given lately, beyond this order: by it the seller's caps are kept.

    Money is of the order's currency, None where nothing was given. `remedies` counts those of
    this buyer within the days that the rulebook looks back for bad faith. `asked` are the line
    and kind of every remedy that was chosen for this order in another conversation, whatever
    became of it.
    """

    to_buyer: Money | None = None
    by_store_today: Money | None = None
    remedies: int = 0
    asked: frozenset[tuple[int | None, RemedyKind]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """
    An order with all that a playbook may ask about it.

    `revision` counts changes from the shop's side: an offer made on an older revision is void.
    `granted` are the remedies that stand already, of every case; `variants` are what else the
    store sells under the titles of its lines.
    """

    id: int
    store: str
    number: str
    marketplace: Marketplace
    placed_at: datetime
    status: OrderStatus
    fulfilment: Fulfilment
    ship_mode: ShipMode
    buyer: Buyer
    buyer_type: BuyerType
    country: str
    postal_code: str
    city: str
    address: str
    currency: str
    shipping_price: Money
    lines: tuple[OrderLine, ...]
    parcel: Parcel | None
    payments: tuple[Payment, ...]
    promised_by: date | None
    revision: int = 1
    granted: tuple[Granted, ...] = ()
    variants: tuple[Variant, ...] = ()
    history: History = History()

    @property
    def goods(self) -> tuple[OrderLine, ...]:
        """The lines that are in it now; one that the shop took out stays with a quantity of 0."""
        return tuple(line for line in self.lines if line.quantity)

    @property
    def paid(self) -> Money:
        """All that was paid for the order."""
        return total([payment.amount for payment in self.payments], self.currency)

    @property
    def shipped(self) -> bool:
        """
        Whether it has left for the buyer.

        A shop may give the day of hand-over before it changes the status.
        """
        left = (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.REFUSED)
        handed_over = self.parcel is not None and self.parcel.shipped_at is not None

        return self.status in left or handed_over

    def line(self, line_id: int) -> OrderLine:
        """The line of that id; KeyError if it is not this order's."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise KeyError(line_id)

    def stock(self, sku: str) -> int | None:
        """How many pieces of one of its products, or of a variant, are left; None: not known."""
        for line in self.lines:
            if line.sku == sku:
                return line.stock

        return next((one.stock for one in self.variants if one.sku == sku), None)

    def money_back(self, line_id: int | None = None) -> Money:
        """What was granted back already, for one line or for the whole order."""
        return total(
            [
                granted.amount
                for granted in self.granted
                if granted.amount is not None and line_id in (None, granted.line_id)
            ],
            self.currency,
        )

    def left_to_refund(self, line_id: int | None = None) -> Money:
        """
        What may still go back, for one line or for the whole order.

        Never more than was paid: neither for the line nor for the order in all. What was given
        for the whole order counts for each line by its share of the goods' price.
        """
        of_order = self._less(self.paid, self.money_back())
        if line_id is None:
            return of_order
        given = self.money_back(line_id) + self._share_of_whole(line_id)
        of_line = self._less(self.paid_for(line_id), given)

        return min(of_order, of_line, key=lambda money: money.minor)

    def paid_for(self, line_id: int) -> Money:
        """
        What was paid for the line: its price, or its share of what was paid where that is less.

        Who paid 50 for goods of 60 and 40 paid 30 for the first.
        """
        price = self.line(line_id).price
        due = total([*(line.price for line in self.goods), self.shipping_price], self.currency)
        if due <= self.paid:
            return price

        return Money(price.minor * self.paid.minor // due.minor, self.currency)

    def _share_of_whole(self, line_id: int) -> Money:
        """The line's share, rounded up, of the money that was given for the whole order."""
        whole = sum(
            granted.amount.minor
            for granted in self.granted
            if granted.amount is not None and granted.line_id is None
        )
        goods = sum(line.price.minor for line in self.goods)
        if not whole or not goods:
            return Money(0, self.currency)

        return Money(-(-whole * self.line(line_id).price.minor // goods), self.currency)

    def has_granted(self, *kinds: RemedyKind, line_id: int | None = None) -> bool:
        """Whether a remedy of these kinds stands for that line or for the whole order."""
        return any(
            granted.kind in kinds and (line_id is None or granted.line_id in (None, line_id))
            for granted in self.granted
        )

    def _less(self, whole: Money, part: Money) -> Money:
        return whole - part if part <= whole else Money(0, self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSummary:
    """Enough of an order to let the buyer choose it from a list."""

    id: int
    number: str
    placed_at: datetime
    status: OrderStatus
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCard:
    """An order as it is shown to its buyer, with what the rulebook knows about its way."""

    order: Order
    expected_by: date
    tracking_link: str
