"""
Asks for a coupon, a discount, a lower price: the seller may say no, politely.

A coupon is given along with an order, once, and only where the rulebook says that asking for it
is enough. Marketplaces such as Amazon forbid promotions (AFTER_SALES.md, 7).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.casework.cases import Case
from bot.casework.decisions import Close, Decision, Rule
from bot.casework.orders import Order
from bot.casework.remedies import Coupon, RemedyKind
from bot.casework.replies import Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.checks import check_remedy
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import confirm_remedy


@dataclass(frozen=True, kw_only=True)
class NoDiscount(Reply):
    """A polite no; `forbidden_by` is the marketplace whose rules say so, if it is theirs."""

    forbidden_by: str = ""


@dataclass(frozen=True, kw_only=True)
class CouponsComeWithOrders(Reply):
    """A coupon can be had, but the buyer has no order that we know of."""

    percent: Decimal
    valid_days: int


@dataclass(frozen=True, kw_only=True)
class HasCoupon(Reply):
    """One was given with this order already."""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class NoCouponThen(Reply):
    """The buyer does not want it after all."""


def say_no(_case: Case, _turn: Turn, rules: Rulebook, _now: datetime) -> Decision | None:
    """The rulebook's no needs no order number."""
    if rules.coupon and rules.coupon.on_request:
        return None
    compared = "on_request: false" if rules.coupon else "no coupon is set"

    return Close(reply=NoDiscount(), rules=(Rule("coupon", held=False, compared=compared),))


def say_how(_case: Case, _turn: Turn, rules: Rulebook, _now: datetime) -> Decision | None:
    """Who has not ordered yet hears how a coupon is had, instead of being asked for a number."""
    coupon = rules.coupon
    if coupon is None:
        return None

    return Close(reply=CouponsComeWithOrders(percent=coupon.percent, valid_days=coupon.valid_days))


def stop_if_not_wanted(
    case: Case, _order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """A no to the coupon is the end of it."""
    return Close(reply=NoCouponThen()) if case.declined else None


def stop_if_given(
    _case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """One coupon an order."""
    if order.has_granted(RemedyKind.COUPON):
        return Close(reply=HasCoupon(order_number=order.number))

    return None


def give_coupon(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | Case | None:
    """Put the rulebook's coupon to the buyer, where the marketplace and the order allow it."""
    coupon = rules.coupon
    if coupon is None:
        return None
    terms = Coupon(order_id=order.id, percent=coupon.percent, valid_days=coupon.valid_days)
    if refusal := check_remedy(terms, order, rules, now.date()):
        marketplace = rules.marketplace(order)
        return Close(
            reply=NoDiscount(
                forbidden_by="" if marketplace.allows(terms.kind) else marketplace.name
            ),
            rules=(Rule(f"{terms.kind}.{refusal.reason}", held=False, compared=refusal.compared),),
        )

    return None if case.picked == terms else replace(case, picked=terms, confirmed=False)


DISCOUNT_REQUEST = Playbook(
    name="discount_request",
    before_order=(say_no,),
    without_order=(say_how,),
    steps=(stop_if_not_wanted, stop_if_given, give_coupon, confirm_remedy),
)
