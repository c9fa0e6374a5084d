"""Which remedies the rulebook's ladder and the facts allow, with exact terms."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from bot.casework.cases import Case
from bot.casework.decisions import Rule
from bot.casework.money import Money, total
from bot.casework.orders import Order
from bot.casework.problems import Rounds
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import (
    Cancellation,
    Coupon,
    Discount,
    Exchange,
    Intercept,
    Refund,
    Remedy,
    RemedyKind,
    Replacement,
    Return,
)
from bot.casework.rulebook import Rulebook
from bot.casework.telling import Came
from bot.playbooks.checks import check_caps, check_remedy, check_worth, goods_of, worth_of
from bot.playbooks.prices import find_variant, price_of_piece, settle_difference


def build_remedies(
    problem: str, case: Case, order: Order, rules: Rulebook, today: date
) -> tuple[tuple[Remedy, ...], tuple[Rule, ...]]:
    """
    What the first round of the ladder has that the facts allow, and every rule that was asked.

    Rounds that the buyer has declined (`case.round`) are passed over, and so are those of which
    nothing is allowed. What needs a person's approval is allowed: the buyer is told so.
    """
    audience, rounds = ladder_of(problem, case, order, rules)
    looked_at = [_audience_rule(audience, order, rules)]
    for place in range(case.round, len(rounds)):
        allowed, asked = _build_round(problem, rounds, place, case, order, rules, today)
        looked_at += asked
        if allowed:
            return allowed, tuple(looked_at)

    return (), tuple(looked_at)


def ladder_of(problem: str, case: Case, order: Order, rules: Rulebook) -> tuple[str, Rounds]:
    """The ladder that holds for this case, and for whom or when it was written."""
    before = rules.problems[problem].before_arrival
    if before and case.arrived is False:
        return "before_arrival", before

    return rules.rounds(problem, order)


def _audience_rule(audience: str, order: Order, rules: Rulebook) -> Rule:
    """For whom or when the ladder was written, and by what it was taken."""
    compared = f"buyer_type {order.buyer_type}, country_group {rules.country_group(order)}"
    if audience == "before_arrival":
        compared = f"{order.status}, not arrived"
    elif audience == order.buyer_type:
        compared = f"buyer_type {order.buyer_type}"
    elif audience != "default":
        compared = f"country_group {audience}: {order.country}"

    return Rule(f"ladder.{audience}", held=True, compared=compared)


def next_round(case: Case, order: Order, rules: Rulebook, today: date) -> int:
    """
    The round after the one that is on offer now; more than there are if that is the last.

    Rounds of which nothing was allowed had been passed over.
    """
    _, rounds = ladder_of(case.playbook, case, order, rules)
    for place in range(case.round, len(rounds)):
        if _build_round(case.playbook, rounds, place, case, order, rules, today)[0]:
            return place + 1

    return len(rounds)


def look_at_round(
    problem: str, place: int, case: Case, order: Order, rules: Rulebook, today: date
) -> tuple[tuple[Remedy, ...], tuple[Rule, ...]]:
    """What one round of the case's ladder has that the facts allow, and every rule asked."""
    _, rounds = ladder_of(problem, case, order, rules)
    allowed, asked = _build_round(problem, rounds, place, case, order, rules, today)

    return allowed, tuple(asked)


def _build_round(
    problem: str,
    rounds: Rounds,
    place: int,
    case: Case,
    order: Order,
    rules: Rulebook,
    today: date,
) -> tuple[tuple[Remedy, ...], list[Rule]]:
    allowed: list[Remedy] = []
    looked_at: list[Rule] = []
    percent = rules.problems[problem].percent(rounds, place)
    for kind in rounds[place]:
        if kind is RemedyKind.EXCHANGE and case.line_id is None:
            looked_at.append(Rule(f"{kind}.whole_order", held=False, compared="no line"))
            continue
        remedy = BUILD[kind](percent, case, order, rules)
        refusal = check_remedy(remedy, order, rules, today)
        if refusal is None and problem in ARRIVED:
            refusal = _check_goods(remedy, rounds, case, order, rules)
        if refusal is None and kind in UNFIT.get(case.reason, ()):
            refusal = Refusal(RefusalReason.EXCLUDED, f"{kind} for {case.reason}")
        if refusal:
            looked_at.append(
                Rule(f"{kind}.{refusal.reason}", held=False, compared=refusal.compared)
            )
            continue
        looked_at.append(Rule(str(kind), held=True, compared=_terms(remedy)))
        looked_at += rules_of_caps(remedy, order, rules)
        allowed.append(remedy)

    return tuple(allowed), looked_at


def rules_of_caps(remedy: Remedy, order: Order, rules: Rulebook) -> tuple[Rule, ...]:
    """Whether the bot may give it by itself, as lines of the ledger; none if it costs nothing."""
    if over := check_caps(remedy, order, rules):
        return (Rule(f"{remedy.kind}.{over.reason}", held=False, compared=over.compared),)
    worth, limit = worth_of(remedy, order), rules.limit(rules.caps.per_remedy, order.currency)
    compared = f"per_remedy: {worth.minor} <= {limit.minor}"
    if not worth.minor:
        return ()

    return (Rule(f"within_limit.{remedy.kind}", held=True, compared=compared),)


ARRIVED = frozenset({"damaged_item", "defective_item", "wrong_item", "not_as_described"})
"""Problems with goods in the buyer's hands, where it matters whether they come back."""


KEEPS_GOODS = frozenset({RemedyKind.DISCOUNT, RemedyKind.COUPON, RemedyKind.REFUND})


def _check_goods(
    remedy: Remedy, rounds: Rounds, case: Case, order: Order, rules: Rulebook
) -> Refusal | None:
    """
    Whether the goods that came may stay, or have to come back.

    Somebody else's parcel is nobody's to keep and goes back, whatever it is worth. Where the
    ladder can exchange, dear goods are not left with the buyer and sent again as well.
    """
    if case.came == Came.ANOTHER_PARCEL:
        if remedy.kind in KEEPS_GOODS:
            return Refusal(RefusalReason.SOMEBODY_ELSES, case.came)
        return None
    if remedy.kind is RemedyKind.REPLACEMENT:
        limit = rules.limit(rules.refund_without_return_up_to, order.currency)
        worth = goods_of(remedy, order)
        swaps = any(RemedyKind.EXCHANGE in kinds for kinds in rounds)
        if swaps and not worth <= limit:
            compared = f"{worth.minor} > {limit.minor}"
            return Refusal(RefusalReason.WORTH_TOO_MUCH, compared)

    return check_worth(remedy, order, rules)


NEVER_CAME = frozenset(
    {RemedyKind.DISCOUNT, RemedyKind.COUPON, RemedyKind.RETURN, RemedyKind.EXCHANGE}
)
UNFIT: dict[str, frozenset[RemedyKind]] = {
    "empty": NEVER_CAME,
    "item": NEVER_CAME,
    "part": frozenset({RemedyKind.REFUND}),
}
"""
By what is missing, the remedies that make no sense: goods that never came are neither kept for
less nor sent back, and those that only lack a part are not paid back whole and kept.
"""


def affected(case: Case, order: Order) -> tuple[int, Money]:
    """How many pieces of the case's line, and their price; never more than were ordered."""
    line = order.line(case.line_id or 0)
    quantity = min(case.quantity or line.quantity, line.quantity)

    return quantity, line.unit_price.times(quantity)


def _discount(percent: Decimal, case: Case, order: Order, _rules: Rulebook) -> Remedy:
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


def _coupon(percent: Decimal, case: Case, order: Order, rules: Rulebook) -> Remedy:
    """A coupon for the next order, and the discount on these goods with it."""
    coupon = rules.coupon
    if coupon is None:
        raise ValueError("the rulebook's ladder has a coupon, but no coupon is set")
    now_back = _discount(percent, case, order, rules)

    return Coupon(
        order_id=order.id,
        line_id=now_back.line_id,
        quantity=now_back.quantity,
        amount=now_back.amount if percent else None,
        percent=coupon.percent,
        valid_days=coupon.valid_days,
    )


def _exchange(_percent: Decimal, case: Case, order: Order, _rules: Rulebook) -> Remedy:
    """The right goods for the wrong ones, or the variant that the buyer chose."""
    line = order.line(case.line_id or 0)
    quantity, price = affected(case, order)
    sku = case.sku or line.sku
    chosen = find_variant(sku, line, order)
    new_price = price_of_piece(sku, line, order) or line.unit_price
    back, surcharge = settle_difference(
        price, new_price.times(quantity), order.left_to_refund(line.id)
    )

    return Exchange(
        order_id=order.id,
        line_id=line.id,
        quantity=quantity,
        sku=sku,
        variant=chosen.variant if chosen else line.variant,
        amount=back,
        surcharge=surcharge,
    )


def _replacement(_percent: Decimal, case: Case, order: Order, _rules: Rulebook) -> Remedy:
    quantity = affected(case, order)[0] if case.line_id is not None else None

    return Replacement(order_id=order.id, line_id=case.line_id, quantity=quantity)


def _intercept(_percent: Decimal, _case: Case, order: Order, _rules: Rulebook) -> Remedy:
    """A parcel is turned back whole, whichever of its goods the case is about."""
    return Intercept(order_id=order.id, amount=order.left_to_refund())


def _money_back(kind: type[Return] | type[Refund]) -> "Build":
    def build(_percent: Decimal, case: Case, order: Order, _rules: Rulebook) -> Remedy:
        if case.line_id is None:
            return kind(order_id=order.id, amount=order.left_to_refund())
        quantity, price = affected(case, order)
        # Who paid less than the lines cost (a coupon) gets back no more than they paid.
        amount = min(price, order.left_to_refund(case.line_id))
        return kind(order_id=order.id, line_id=case.line_id, quantity=quantity, amount=amount)

    return build


def _cancellation(_percent: Decimal, _case: Case, order: Order, _rules: Rulebook) -> Remedy:
    return Cancellation(order_id=order.id, amount=order.left_to_refund())


Build = Callable[[Decimal, Case, Order, Rulebook], Remedy]
BUILD: dict[RemedyKind, Build] = {
    RemedyKind.DISCOUNT: _discount,
    RemedyKind.COUPON: _coupon,
    RemedyKind.REPLACEMENT: _replacement,
    RemedyKind.EXCHANGE: _exchange,
    RemedyKind.RETURN: _money_back(Return),
    RemedyKind.REFUND: _money_back(Refund),
    RemedyKind.INTERCEPT: _intercept,
    RemedyKind.CANCELLATION: _cancellation,
}


def _terms(remedy: Remedy) -> str:
    return f"{remedy.amount.minor} {remedy.amount.currency}" if remedy.amount else "no money"
