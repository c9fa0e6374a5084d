"""What a person at the desk wants to give, from a form or a command line, as exact terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bot.casework.money import Money, WrongMoney
from bot.casework.orders import Order, OrderLine
from bot.casework.remedies import Discount, Refund, Remedy, RemedyKind, Replacement, Return
from bot.services.turn_queue import NotAcceptable

GRANTABLE = (
    RemedyKind.REFUND,
    RemedyKind.DISCOUNT,
    RemedyKind.REPLACEMENT,
    RemedyKind.RETURN,
)
MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """
    One remedy as a person writes it; a `line_id` of None is the whole order.

    Without a `quantity` all pieces are meant, without an `amount` their price or what is left of
    it. A discount may be a `percent` instead.
    """

    kind: str
    line_id: int | None = None
    quantity: int | None = None
    amount: str | None = None
    percent: str | None = None


def to_remedies(order: Order, wanted: Sequence[Wanted]) -> tuple[Remedy, ...]:
    """Exact terms for that order; NotAcceptable says what they lack."""
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise _wrong(f"Name one remedy at least and {MOST_AT_ONCE} at most.")
    remedies = tuple(to_remedy(order, one) for one in wanted)
    if len({(one.kind, one.line_id) for one in remedies}) < len(remedies):
        raise _wrong("Name each product once.")
    if len(remedies) > 1 and any(one.line_id is None for one in remedies):
        raise _wrong("What is for the whole order stands alone.")

    return remedies


def to_remedy(order: Order, wanted: Wanted) -> Remedy:
    """The exact terms of one."""
    if wanted.kind not in GRANTABLE:
        raise _wrong(f"Choose one of {', '.join(GRANTABLE)}.")
    line = _line(order, wanted.line_id)
    pieces = _pieces(line, wanted.quantity)
    if wanted.kind == RemedyKind.REPLACEMENT:
        return Replacement(order_id=order.id, line_id=wanted.line_id, quantity=pieces)
    if wanted.kind == RemedyKind.DISCOUNT:
        return _discount(order, line, pieces, wanted)
    made = Refund if wanted.kind == RemedyKind.REFUND else Return

    return made(
        order_id=order.id,
        line_id=wanted.line_id,
        quantity=pieces,
        amount=_amount(order, line, pieces, wanted.amount),
    )


def _line(order: Order, line_id: int | None) -> OrderLine | None:
    if line_id is None:
        return None
    line = next((one for one in order.goods if one.id == line_id), None)
    if line is None:
        raise _wrong(f"Order {order.number} holds no such product.")

    return line


def _pieces(line: OrderLine | None, quantity: int | None) -> int | None:
    if line is None:
        if quantity is not None:
            raise _wrong("A number of pieces needs a product.")
        return None
    pieces = line.quantity if quantity is None else quantity
    if not 1 <= pieces <= line.quantity:
        raise _wrong(f"Of {line.title}, 1 to {line.quantity} pieces were ordered, not {pieces}.")

    return pieces


def _amount(order: Order, line: OrderLine | None, pieces: int | None, amount: str | None) -> Money:
    """The amount that was named, or the price of the pieces as far as it is left."""
    if amount is not None:
        try:
            return Money.from_text(amount, order.currency)
        except WrongMoney as error:
            raise _wrong(f"The amount: {error}.") from error
    if line is None:
        return order.left_to_refund()
    price = line.unit_price.times(pieces or line.quantity)

    return min(price, order.left_to_refund(line.id), key=lambda money: money.minor)


def _discount(order: Order, line: OrderLine | None, pieces: int | None, wanted: Wanted) -> Discount:
    if line is None:
        raise _wrong("A discount is for one product.")
    price = line.unit_price.times(pieces or line.quantity)
    if wanted.percent is not None and wanted.amount is not None:
        raise _wrong("Name the discount's amount or its percent, not both.")
    if wanted.percent is not None:
        percent = _percent(wanted.percent)
        amount = price.percent(percent)
    else:
        amount = _amount(order, line, pieces, wanted.amount)
        if not amount <= price:
            raise _wrong("A discount is not more than the price of the goods.")
        percent = round(Decimal(100 * amount.minor) / max(1, price.minor), 2)

    return Discount(
        order_id=order.id, line_id=line.id, quantity=pieces, amount=amount, percent=percent
    )


def _percent(text: str) -> Decimal:
    try:
        percent = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise _wrong("The percent is a number such as 10 or 2.5.") from error
    if not (percent.is_finite() and 0 < percent <= 100 and percent == round(percent, 2)):
        raise _wrong("The percent is more than 0, 100 at most, with two decimals at most.")

    return percent


def _wrong(text: str) -> NotAcceptable:
    return NotAcceptable("wrong_terms", text)
