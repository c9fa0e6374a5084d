"""
Which remedies the rulebook and the facts allow, with exact terms.

The same checks run when an offer is made and again, under the order's lock, when the buyer's
yes is carried out: between the two another case may have spent the money or the stock.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from bot.casework.cases import Case
from bot.casework.decisions import Rule
from bot.casework.money import Money, total
from bot.casework.orders import Order, OrderLine, OrderStatus
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import (
    Cancellation,
    Discount,
    Intercept,
    Refund,
    Remedy,
    RemedyKind,
    Replacement,
    Return,
)
from bot.casework.rulebook import Rulebook


def build_remedies(
    problem: str, case: Case, order: Order, rules: Rulebook, today: date
) -> tuple[tuple[Remedy, ...], tuple[Rule, ...]]:
    """The remedies of the problem's ladder that are allowed, and every rule that was asked."""
    allowed: list[Remedy] = []
    looked_at: list[Rule] = []
    for kind in rules.problems[problem].ladder:
        remedy = BUILD[kind](problem, case, order, rules)
        refusal = check_remedy(remedy, order, rules, today)
        if refusal is None and problem in ARRIVED:
            refusal = check_worth(remedy, order, rules)
        if refusal:
            looked_at.append(
                Rule(f"{kind}.{refusal.reason}", held=False, compared=refusal.compared)
            )
        else:
            looked_at.append(Rule(str(kind), held=True, compared=_terms(remedy)))
            allowed.append(remedy)

    return tuple(allowed), tuple(looked_at)


ARRIVED = ("damaged_item", "wrong_item")
"""Problems with goods in the buyer's hands, where it matters whether they come back."""


def check_remedy(remedy: Remedy, order: Order, rules: Rulebook, today: date) -> Refusal | None:
    """Why the bot may not do this by itself, or None if it may."""
    for check in CHECKS:
        if refusal := check(remedy, order, rules, today):
            return refusal

    return None


def check_marketplace(remedy: Remedy, order: Order, _: Rulebook, __: date) -> Refusal | None:
    """A marketplace-fulfilled order is settled by the marketplace alone."""
    if order.by_marketplace:
        return Refusal(RefusalReason.MARKETPLACE_SETTLES, f"{remedy.kind} on {order.marketplace}")

    return None


def check_twice(remedy: Remedy, order: Order, _: Rulebook, __: date) -> Refusal | None:
    """Remedies exclude each other: no refund and reship of one line, nothing after an end."""
    for granted in order.granted:
        if remedy.line_id is None or granted.line_id in (None, remedy.line_id):
            return Refusal(RefusalReason.ALREADY_REMEDIED, f"{granted.kind} stands")

    return None


def check_money(remedy: Remedy, order: Order, _: Rulebook, __: date) -> Refusal | None:
    """
    Never more than was paid and is left.

    Only a cancellation may move nothing: an order that cost nothing can be stopped too.
    """
    if remedy.amount is None:
        return None
    if not remedy.amount.minor and remedy.kind is not RemedyKind.CANCELLATION:
        return Refusal(RefusalReason.NOTHING_TO_REFUND, "0")
    left = order.left_to_refund(remedy.line_id)
    if not remedy.amount <= left:
        return Refusal(RefusalReason.MORE_THAN_PAID, f"{remedy.amount.minor} > {left.minor}")

    return None


def check_limit(remedy: Remedy, order: Order, rules: Rulebook, _: date) -> Refusal | None:
    """No more than the bot may give by itself: in money, or in goods sent again."""
    worth = remedy.amount or total(
        [line.unit_price.times(pieces) for line, pieces in pieces_to_resend(remedy, order)],
        order.currency,
    )
    limit = rules.limit(rules.money_without_person_up_to, order.currency)
    if not worth <= limit:
        return Refusal(RefusalReason.OVER_LIMIT, f"{worth.minor} > {limit.minor}")

    return None


def check_stock(remedy: Remedy, order: Order, _: Rulebook, __: date) -> Refusal | None:
    """A replacement is promised only from stock that is known to be there."""
    if remedy.kind is not RemedyKind.REPLACEMENT:
        return None
    wanted: Counter[str] = Counter()  # two lines of one product share its stock
    for line, pieces in pieces_to_resend(remedy, order):
        wanted[line.sku] += pieces
        if line.stock is None:
            return Refusal(RefusalReason.STOCK_UNKNOWN, line.sku)
        if line.stock < wanted[line.sku]:
            compared = f"{line.sku}: {line.stock} < {wanted[line.sku]}"
            return Refusal(RefusalReason.OUT_OF_STOCK, compared)

    return None


def pieces_to_resend(remedy: Remedy, order: Order) -> tuple[tuple[OrderLine, int], ...]:
    """What a replacement takes from stock: its line, or the whole order."""
    if remedy.line_id is None:
        return tuple((line, line.quantity) for line in order.lines)
    line = order.line(remedy.line_id)

    return ((line, remedy.quantity or line.quantity),)


def check_way(remedy: Remedy, order: Order, rules: Rulebook, today: date) -> Refusal | None:
    """A cancellation before hand-over, an intercept under way, a return within its time."""
    if order.status is OrderStatus.CANCELLED:
        return Refusal(RefusalReason.NOT_ON_THIS_WAY, str(order.status))
    if remedy.kind is RemedyKind.CANCELLATION and order.shipped:
        return Refusal(RefusalReason.ALREADY_SHIPPED, str(order.status))
    if remedy.kind not in (RemedyKind.CANCELLATION, RemedyKind.DISCOUNT) and not order.shipped:
        return Refusal(RefusalReason.NOT_ON_THIS_WAY, str(order.status))
    if remedy.kind is RemedyKind.INTERCEPT and (
        order.status is not OrderStatus.SHIPPED or order.ship_mode not in rules.intercept
    ):
        return Refusal(RefusalReason.NOT_ON_THIS_WAY, f"{order.status}, {order.ship_mode}")
    if remedy.kind is RemedyKind.RETURN and (last := last_day_to_return(order, rules)) < today:
        return Refusal(RefusalReason.OUT_OF_TIME, f"{today} > {last}")

    return None


def check_worth(remedy: Remedy, order: Order, rules: Rulebook) -> Refusal | None:
    """Whether sending the goods back is worth it (AFTER_SALES.md, 3.4)."""
    if remedy.amount is None:
        return None
    limit = rules.limit(rules.refund_without_return_up_to, order.currency)
    cheap = remedy.amount <= limit
    compared = f"{remedy.amount.minor} {'<=' if cheap else '>'} {limit.minor}"
    if remedy.kind is RemedyKind.REFUND and not cheap:
        return Refusal(RefusalReason.WORTH_TOO_MUCH, compared)
    if remedy.kind is RemedyKind.RETURN and cheap:
        return Refusal(RefusalReason.NOT_WORTH_RETURNING, compared)

    return None


Check = Callable[[Remedy, Order, Rulebook, date], Refusal | None]
CHECKS: tuple[Check, ...] = (
    check_marketplace,
    check_twice,
    check_money,
    check_stock,
    check_limit,
    check_way,
)


def last_day_to_return(order: Order, rules: Rulebook) -> date:
    """
    The last day of the return window; far ahead while the goods have not arrived.

    Where nobody wrote down when they did, the day they were expected counts.
    """
    if order.status is not OrderStatus.DELIVERED:
        return date.max
    delivered = order.parcel.delivered_at if order.parcel else None
    arrived = delivered.date() if delivered else rules.expected_by(order)

    return arrived + timedelta(days=rules.return_within_days)


def affected(case: Case, order: Order) -> tuple[int, Money]:
    """How many pieces of the case's line, and their price; never more than were ordered."""
    line = order.line(case.line_id or 0)
    quantity = min(case.quantity or line.quantity, line.quantity)

    return quantity, line.unit_price.times(quantity)


def _discount(problem: str, case: Case, order: Order, rules: Rulebook) -> Remedy:
    percent = rules.problems[problem].discount_percent
    if case.line_id is None:
        goods = total([line.price for line in order.lines], order.currency)
        return Discount(order_id=order.id, amount=goods.percent(percent), percent=percent)
    quantity, price = affected(case, order)

    return Discount(
        order_id=order.id,
        line_id=case.line_id,
        quantity=quantity,
        amount=price.percent(percent),
        percent=percent,
    )


def _replacement(_problem: str, case: Case, order: Order, _rules: Rulebook) -> Remedy:
    quantity = affected(case, order)[0] if case.line_id is not None else None

    return Replacement(order_id=order.id, line_id=case.line_id, quantity=quantity)


def _money_back(kind: type[Return] | type[Refund] | type[Intercept]) -> "Build":
    def build(_problem: str, case: Case, order: Order, _rules: Rulebook) -> Remedy:
        if case.line_id is None:
            return kind(order_id=order.id, amount=order.left_to_refund())
        quantity, price = affected(case, order)
        # Who paid less than the lines cost (a coupon) gets back no more than they paid.
        amount = min(price, order.left_to_refund(case.line_id))
        return kind(order_id=order.id, line_id=case.line_id, quantity=quantity, amount=amount)

    return build


def _cancellation(_problem: str, _case: Case, order: Order, _rules: Rulebook) -> Remedy:
    return Cancellation(order_id=order.id, amount=order.left_to_refund())


Build = Callable[[str, Case, Order, Rulebook], Remedy]
BUILD: dict[RemedyKind, Build] = {
    RemedyKind.DISCOUNT: _discount,
    RemedyKind.REPLACEMENT: _replacement,
    RemedyKind.RETURN: _money_back(Return),
    RemedyKind.REFUND: _money_back(Refund),
    RemedyKind.INTERCEPT: _money_back(Intercept),
    RemedyKind.CANCELLATION: _cancellation,
}


def _terms(remedy: Remedy) -> str:
    return f"{remedy.amount.minor} {remedy.amount.currency}" if remedy.amount else "no money"
