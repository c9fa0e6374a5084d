"""
What may be done about an order, and what needs a person: checks that every remedy passes.

They run when an offer is made and again, under the order's lock, when the buyer's yes is carried
out or an agent grants something: between the two another case may have spent the money or the
stock.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.casework.money import Money, total
from bot.casework.orders import Order, OrderLine, OrderStatus
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import CHANGES, Exchange, Granted, ItemChange, Remedy, RemedyKind
from bot.casework.rulebook import Rulebook
from bot.playbooks.prices import find_variant, price_of_piece


def check_remedy(remedy: Remedy, order: Order, rules: Rulebook, today: date) -> Refusal | None:
    """
    Why this cannot be done, or None if it can.

    Whether the bot may do it by itself is `check_caps`.
    """
    for check in CHECKS:
        if refusal := check(remedy, order, rules, today):
            return refusal

    return None


def check_still(remedy: Remedy, order: Order, rules: Rulebook, today: date) -> Refusal | None:
    """
    Why a remedy that stands on record cannot be carried out any more, or None if it can.

    `order` is looked at without it; what it needs from stock was taken for it already.
    """
    for check in (check_marketplace, check_exclusive, check_money, check_way):
        if refusal := check(remedy, order, rules, today):
            return refusal

    return None


def check_terms_stand(
    remedy: Remedy, worth: Money, order: Order, rules: Rulebook, today: date
) -> Refusal | None:
    """
    Whether terms that a buyer agreed to still fit the order, which the shop may have changed.

    `worth` is what they were reckoned to cost. A price difference, all that was paid, and
    everything that was sent must be what they were then.
    """
    if refusal := check_difference(remedy, order, rules, today):
        return refusal
    if remedy.line_id is not None:
        return None
    left = order.left_to_refund()
    if remedy.kind in PRICE_BACK and remedy.amount != left:
        named = remedy.amount.minor if remedy.amount else 0
        return Refusal(RefusalReason.ORDER_CHANGED, f"{named} agreed, {left.minor} left")
    now_worth = worth_of(remedy, order)
    if remedy.kind in GOODS_AGAIN and now_worth != worth:
        compared = f"{worth.minor} agreed, {now_worth.minor} now"
        return Refusal(RefusalReason.ORDER_CHANGED, compared)

    return None


def check_agents_remedy(
    remedy: Remedy, order: Order, rules: Rulebook, today: date
) -> Refusal | None:
    """
    Why not even an agent can do this, or None.

    An agent decides beyond the seller's caps and may give twice for one line, but never more
    than was paid, never goods and their price, never what the marketplace settles.
    """
    return check_still(remedy, order, rules, today) or check_stock(remedy, order, rules, today)


def check_exclusive(remedy: Remedy, order: Order, _: Rulebook, __: date) -> Refusal | None:
    """
    No goods again and their price back for one line; no more pieces sent than were ordered.

    After a cancellation nothing more, because the order is none any more.
    """
    same = [
        granted
        for granted in order.granted
        if remedy.line_id is None or granted.line_id in (None, remedy.line_id)
    ]
    for granted in same:
        kinds = {granted.kind, remedy.kind}
        if granted.kind is RemedyKind.CANCELLATION or (kinds & PRICE_BACK and kinds & GOODS_AGAIN):
            return Refusal(RefusalReason.EXCLUDED, f"{granted.kind} stands")
    if remedy.kind not in GOODS_AGAIN:
        return None
    sent = [granted for granted in same if granted.kind in GOODS_AGAIN]
    if remedy.line_id is None or any(granted.line_id is None for granted in sent):
        return Refusal(RefusalReason.EXCLUDED, f"{sent[0].kind} stands") if sent else None
    line = order.line(remedy.line_id)
    before = sum(granted.quantity or line.quantity for granted in sent)
    now = remedy.quantity or line.quantity
    if before + now > line.quantity:
        return Refusal(RefusalReason.EXCLUDED, f"{before} + {now} > {line.quantity}")

    return None


PRICE_BACK = frozenset(
    {RemedyKind.REFUND, RemedyKind.RETURN, RemedyKind.CANCELLATION, RemedyKind.INTERCEPT}
)
GOODS_AGAIN = frozenset({RemedyKind.REPLACEMENT, RemedyKind.EXCHANGE})


def check_marketplace(remedy: Remedy, order: Order, rules: Rulebook, _: date) -> Refusal | None:
    """A marketplace-fulfilled order is settled by the marketplace alone."""
    if rules.front_desk_settles(order):
        return Refusal(RefusalReason.MARKETPLACE_SETTLES, f"{remedy.kind} on {order.marketplace}")
    if not rules.marketplace(order).allows(remedy.kind):
        return Refusal(RefusalReason.NOT_OFFERED_THERE, f"{remedy.kind} on {order.marketplace}")

    return None


def check_twice(remedy: Remedy, order: Order, rules: Rulebook, _: date) -> Refusal | None:
    """
    Remedies exclude each other: no refund and reship of one line, nothing after an end.

    A change before the order left (of the address, of an item) stands in nobody's way later, but
    is not made again and again; what leaves the order to be sent as it is stands in its way
    neither.
    """
    if remedy.kind in CHANGES:
        before = [granted for granted in order.granted if granted.kind is remedy.kind]
        if len(before) >= rules.changes_before_shipping:
            compared = f"{len(before)} >= {rules.changes_before_shipping}"
            return Refusal(RefusalReason.ALREADY_CHANGED, compared)
    for granted in order.granted:
        of_line = granted.line_id in (None, remedy.line_id)
        if remedy.kind in CHANGES and granted.kind in STILL_SENT:
            if of_line and remedy.amount and granted.amount:
                # The price that was already given back for these pieces would go back twice.
                return Refusal(RefusalReason.ALREADY_REMEDIED, f"{granted.kind} stands")
            continue
        changed = granted.kind is RemedyKind.ITEM_CHANGE
        if changed and remedy.kind in GOODS_AGAIN and (remedy.line_id is None or of_line):
            # Which and how many pieces were sent, only the shop knows.
            return Refusal(RefusalReason.EXCLUDED, f"{granted.kind} stands")
        if granted.settles and (
            remedy.line_id is None or granted.line_id in (None, remedy.line_id)
        ):
            return Refusal(RefusalReason.ALREADY_REMEDIED, f"{granted.kind} stands")

    return None


STILL_SENT = frozenset({RemedyKind.DISCOUNT, RemedyKind.COUPON})
"""Remedies after which an order that has not left is sent as if nothing had been."""


def check_same_product(remedy: Remedy, order: Order, _: Rulebook, __: date) -> Refusal | None:
    """Only another variant of the same product is sent instead (AFTER_SALES.md, 7)."""
    if not isinstance(remedy, Exchange | ItemChange):
        return None
    line = order.line(remedy.line_id or 0)
    if remedy.sku == line.sku or find_variant(remedy.sku, line, order):
        return None

    return Refusal(RefusalReason.OTHER_PRODUCT, f"{remedy.sku} for {line.sku}")


def check_difference(remedy: Remedy, order: Order, _: Rulebook, __: date) -> Refusal | None:
    """
    A price difference is settled explicitly (AFTER_SALES.md, 7).

    What is dearer is paid for in full, what is cheaper gives back no more than the difference;
    a price that is not known is neither, and one that changed meanwhile voids the terms.
    """
    if not isinstance(remedy, Exchange | ItemChange):
        return None
    line = order.line(remedy.line_id or 0)
    price, pieces = price_of_piece(remedy.sku, line, order), remedy.quantity or line.quantity
    if price is None:
        return Refusal(RefusalReason.PRICE_UNKNOWN, remedy.sku)
    replaced = line.quantity if isinstance(remedy, ItemChange) else pieces
    before, after = line.unit_price.times(replaced), price.times(pieces)
    due = after - before if before < after else None
    back = before - after if after < before else Money(0, order.currency)
    if remedy.surcharge != due or (remedy.amount is not None and not remedy.amount <= back):
        return Refusal(RefusalReason.ORDER_CHANGED, f"{before.minor} before, {after.minor} after")

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


def check_caps(remedy: Remedy, order: Order, rules: Rulebook) -> Refusal | None:
    """
    Why a person has to approve this; None if the bot may do it by itself.

    Counted are money and goods sent again: of this remedy, of this order, of this buyer in the
    days that the rulebook looks back, and of the store since the day began (UTC).
    """
    if remedy.kind in rules.needs_approval:
        return Refusal(RefusalReason.NEEDS_APPROVAL, f"{remedy.kind} always")
    worth = worth_of(remedy, order)
    if not worth.minor:
        return None
    nothing, caps, history = Money(0, order.currency), rules.caps, order.history
    for name, amounts, before in (
        ("per_remedy", caps.per_remedy, nothing),
        ("per_order", caps.per_order, _given(order)),
        ("per_buyer", caps.per_buyer, history.to_buyer or nothing),
        ("per_store_and_day", caps.per_store_and_day, history.by_store_today or nothing),
    ):
        limit = rules.limit(amounts, order.currency)
        if not before + worth <= limit:
            compared = f"{name}: {before.minor} + {worth.minor} > {limit.minor}"
            return Refusal(RefusalReason.OVER_LIMIT, compared)

    return None


def worth_of(remedy: Remedy, order: Order) -> Money:
    """What the remedy costs the seller: its money, and the price of goods that are sent again."""
    back = remedy.amount or Money(0, order.currency)

    return back + goods_of(remedy, order) if remedy.kind in GOODS_AGAIN else back


def _given(order: Order) -> Money:
    """What the order's remedies have cost, with the price of goods that were sent again."""
    spent = [order.money_back()]
    for granted in order.granted:
        if granted.kind in GOODS_AGAIN and granted.line_id is None:
            spent += [line.price for line in order.goods]
        elif granted.kind in GOODS_AGAIN and granted.line_id is not None:
            line = order.line(granted.line_id)
            spent.append(line.unit_price.times(granted.quantity or line.quantity))

    return total(spent, order.currency)


def check_stock(remedy: Remedy, order: Order, _: Rulebook, __: date) -> Refusal | None:
    """What is sent is promised only from stock that is known to be there."""
    wanted: Counter[str] = Counter()  # two lines of one product share its stock
    for sku, pieces in pieces_to_send(remedy, order):
        wanted[sku] += pieces
        stock = order.stock(sku)
        if stock is None:
            return Refusal(RefusalReason.STOCK_UNKNOWN, sku)
        if stock < wanted[sku]:
            return Refusal(RefusalReason.OUT_OF_STOCK, f"{sku}: {stock} < {wanted[sku]}")

    return None


def pieces_to_send(remedy: Remedy, order: Order) -> tuple[tuple[str, int], ...]:
    """What the remedy takes from stock, by SKU."""
    if isinstance(remedy, Exchange):
        line = order.line(remedy.line_id or 0)
        return ((remedy.sku, remedy.quantity or line.quantity),)
    if isinstance(remedy, ItemChange):
        # What the order holds of that product is set aside for it already.
        line = order.line(remedy.line_id or 0)
        held = line.quantity if remedy.sku == line.sku else 0
        more = (remedy.quantity or line.quantity) - held
        return ((remedy.sku, more),) if more > 0 else ()
    if remedy.kind is not RemedyKind.REPLACEMENT:
        return ()

    return tuple((line.sku, pieces) for line, pieces in pieces_to_resend(remedy, order))


def after_remedy(remedy: Remedy, order: Order) -> Order:
    """The order as it is once this remedy stands: its money and its goods are spoken for."""
    taken: Counter[str] = Counter()
    for sku, pieces in pieces_to_send(remedy, order):
        taken[sku] += pieces
    granted = Granted(
        kind=remedy.kind, line_id=remedy.line_id, amount=remedy.amount, quantity=remedy.quantity
    )

    return with_stock(replace(order, granted=(*order.granted, granted)), taken, more=False)


def with_stock(order: Order, pieces: Mapping[str, int], *, more: bool) -> Order:
    """The order with so many more or fewer pieces of these products in stock."""

    def changed(sku: str, stock: int | None) -> int | None:
        by = pieces.get(sku, 0)
        return None if stock is None else stock + (by if more else -by)

    return replace(
        order,
        lines=tuple(replace(one, stock=changed(one.sku, one.stock)) for one in order.lines),
        variants=tuple(replace(one, stock=changed(one.sku, one.stock)) for one in order.variants),
    )


def pieces_to_resend(remedy: Remedy, order: Order) -> tuple[tuple[OrderLine, int], ...]:
    """What a replacement takes from stock: its line, or the whole order."""
    if remedy.line_id is None:
        return tuple((line, line.quantity) for line in order.goods)
    line = order.line(remedy.line_id)

    return ((line, remedy.quantity or line.quantity),)


def check_way(remedy: Remedy, order: Order, rules: Rulebook, today: date) -> Refusal | None:
    """A cancellation before hand-over, an intercept under way, a return within its time."""
    if order.status is OrderStatus.CANCELLED:
        return Refusal(RefusalReason.NOT_ON_THIS_WAY, str(order.status))
    if remedy.kind is RemedyKind.CANCELLATION and order.shipped:
        return Refusal(RefusalReason.ALREADY_SHIPPED, str(order.status))
    if remedy.kind in CHANGES:
        return Refusal(RefusalReason.ALREADY_SHIPPED, str(order.status)) if order.shipped else None
    if remedy.kind not in BEFORE_IT_LEFT and not order.shipped:
        return Refusal(RefusalReason.NOT_ON_THIS_WAY, str(order.status))
    if remedy.kind is RemedyKind.INTERCEPT and (
        order.status is not OrderStatus.SHIPPED or order.ship_mode not in rules.intercept
    ):
        return Refusal(RefusalReason.NOT_ON_THIS_WAY, f"{order.status}, {order.ship_mode}")
    if remedy.kind in COME_BACK and (last := last_day_to_return(order, rules)) < today:
        return Refusal(RefusalReason.OUT_OF_TIME, f"{today} > {last}")

    return None


BEFORE_IT_LEFT = (RemedyKind.CANCELLATION, RemedyKind.DISCOUNT, RemedyKind.COUPON)
COME_BACK = (RemedyKind.RETURN, RemedyKind.EXCHANGE)


def check_worth(remedy: Remedy, order: Order, rules: Rulebook) -> Refusal | None:
    """Whether sending the goods back is worth it (AFTER_SALES.md, 3.4)."""
    worth = goods_of(remedy, order) if remedy.kind is RemedyKind.EXCHANGE else remedy.amount
    if worth is None:
        return None
    limit = rules.limit(rules.refund_without_return_up_to, order.currency)
    cheap = worth <= limit
    compared = f"{worth.minor} {'<=' if cheap else '>'} {limit.minor}"
    if remedy.kind is RemedyKind.REFUND and not cheap:
        return Refusal(RefusalReason.WORTH_TOO_MUCH, compared)
    if remedy.kind in COME_BACK and cheap:
        return Refusal(RefusalReason.NOT_WORTH_RETURNING, compared)

    return None


def goods_of(remedy: Remedy, order: Order) -> Money:
    """The price of the goods that the remedy is about."""
    return total(
        [line.unit_price.times(pieces) for line, pieces in pieces_to_resend(remedy, order)],
        order.currency,
    )


Check = Callable[[Remedy, Order, Rulebook, date], Refusal | None]
CHECKS: tuple[Check, ...] = (
    check_marketplace,
    check_twice,
    check_same_product,
    check_difference,
    check_money,
    check_stock,
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
