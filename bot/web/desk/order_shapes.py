"""What the desk's API sends of an order."""

from datetime import datetime
from typing import Any

import msgspec

from bot.casework.orders import Buyer, Order, OrderLine
from bot.casework.remedies import RemedyState
from bot.casework.turns import Floor
from bot.desk_words import (
    INTENTS,
    masked_email,
    masked_name,
    say_intent,
    say_remedy,
    say_state,
)
from bot.refusal_words import say_refusal
from bot.services.order_desk import GivenRemedy, OrderOnDesk
from bot.services.wanted_remedies import GRANTABLE
from bot.web.desk.remedy_shapes import Said, plain, shown, to_said


class Product(msgspec.Struct):
    """
    One line of the order.

    `left` is what may still go back for it, `left_plain` the same as it is typed; `given` is what
    was given for it, in words; `stock` None where nobody knows it.
    """

    id: int
    sku: str
    title: str
    variant: str
    quantity: int
    unit_price: str
    price: str
    stock: int | None
    left: str
    left_plain: str
    given: list[str]


class Paid(msgspec.Struct):
    """One payment."""

    amount: str
    at: datetime
    way: str


class OrderRemedy(msgspec.Struct):
    """A remedy of the order; `decided_by` is empty where the rulebook allowed it."""

    id: str
    text: str
    product: str
    state: RemedyState
    state_text: str
    reason: str
    decided_by: str
    reference: str
    said: list[Said]
    at: datetime


class Claimed(msgspec.Struct):
    """What the seller may claim from a partner."""

    against: str
    reason: str
    at: datetime


class TalkOfOrder(msgspec.Struct):
    """A conversation about it; `theirs` says that a remedy may be told there."""

    id: str
    at: datetime
    floor: Floor
    language: str
    theirs: bool


class Address(msgspec.Struct):
    """Who bought it; masked until somebody asks, which is written down."""

    name: str
    email: str
    phone: str
    lines: list[str]
    revealed: bool


class OrderWhole(msgspec.Struct):
    """
    An order with everything at hand.

    `limit` is what whoever asks may give for it in all, empty without a limit, `before` what of it
    they gave already; `no_grant` why they can give nothing.
    """

    id: int
    number: str
    store: str
    marketplace: str
    fulfilment: str
    status: str
    placed_at: datetime
    expected_by: str
    country: str
    currency: str
    buyer: Address
    card: Any
    products: list[Product]
    shipping: str
    payments: list[Paid]
    paid: str
    given_back: str
    left: str
    left_plain: str
    remedies: list[OrderRemedy]
    claims: list[Claimed]
    conversations: list[TalkOfOrder]
    kinds: list[str]
    limit: str
    before: str
    no_grant: str
    now: datetime


def to_order(found: OrderOnDesk) -> OrderWhole:
    """The order in words."""
    order = found.order
    left = order.left_to_refund()

    return OrderWhole(
        id=order.id,
        number=order.number,
        store=order.store,
        marketplace=order.marketplace,
        fulfilment=order.fulfilment,
        status=order.status,
        placed_at=order.placed_at,
        expected_by=found.shown.expected_by.isoformat(),
        country=order.country,
        currency=order.currency,
        buyer=masked(order),
        card=found.card,
        products=[_to_product(line, order) for line in order.goods],
        shipping=shown(order.shipping_price) if order.shipping_price.minor else "",
        payments=[Paid(shown(one.amount), one.paid_at, one.way) for one in order.payments],
        paid=shown(order.paid),
        given_back=shown(order.money_back()),
        left=shown(left),
        left_plain=plain(left),
        remedies=[_to_remedy(one, order) for one in found.remedies],
        claims=[Claimed(one.against, one.reason, one.recorded_at) for one in found.claims],
        conversations=[
            TalkOfOrder(one.id, one.began_at, one.floor, one.locale, one.theirs)
            for one in found.talks
        ],
        kinds=[kind.value for kind in GRANTABLE],
        limit=shown(found.limit) if found.limit else "",
        before=shown(found.before),
        no_grant=say_refusal(found.no_grant, order.currency) if found.no_grant else "",
        now=found.now,
    )


def masked(order: Order) -> Address:
    """Enough of the buyer to tell two of them apart."""
    phone = order.buyer.phone

    return Address(
        name=masked_name(order.buyer.name),
        email=masked_email(order.buyer.email),
        phone=f"•••{phone[-2:]}" if phone else "",
        lines=[line for line in (order.country,) if line],
        revealed=False,
    )


def revealed(buyer: Buyer, lines: tuple[str, ...]) -> Address:
    """The buyer as they are."""
    return Address(
        name=buyer.name, email=buyer.email, phone=buyer.phone, lines=list(lines), revealed=True
    )


def _to_product(line: OrderLine, order: Order) -> Product:
    left = order.left_to_refund(line.id)
    given = (one for one in order.granted if one.line_id in (None, line.id))

    return Product(
        id=line.id,
        sku=line.sku,
        title=line.title,
        variant=line.variant,
        quantity=line.quantity,
        unit_price=shown(line.unit_price),
        price=shown(line.price),
        stock=line.stock,
        left=shown(left),
        left_plain=plain(left),
        given=[
            " ".join(
                part
                for part in (
                    say_intent(one.kind),
                    shown(one.amount) if one.amount else "",
                    f"({say_state(one.state)})",
                )
                if part
            )
            for one in given
        ],
    )


def _to_remedy(one: GivenRemedy, order: Order) -> OrderRemedy:
    row = one.row
    line = next((it for it in order.lines if it.id == row.remedy.line_id), None)

    return OrderRemedy(
        id=row.id,
        text=say_remedy(row.remedy),
        product=line.title if line else "",
        state=row.state,
        state_text=say_state(row.state),
        reason=say_intent(row.reason) if row.reason in INTENTS else row.reason,
        decided_by=row.approved_by,
        reference=row.reference,
        said=to_said(one.said),
        at=row.created_at,
    )
