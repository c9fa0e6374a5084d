"""
Marked delivered, but the buyer has nothing (AFTER_SALES.md, 7).

Confirm the address, ask for a look with the neighbours and at the pick-up point, wait a short set
time after the mark; then claim it from the carrier and make it good. Sooner would often mean
paying for a parcel that turns up the next day.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.casework.cases import Awaiting, Case
from bot.casework.decisions import Ask, Close, Decision, HandOff, Reason, Rule
from bot.casework.orders import Order, OrderStatus
from bot.casework.replies import Choice, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.hearing import ARRIVAL_INTENTS, WRONG_ADDRESS, right_address
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import (
    NO,
    YES,
    choose_remedy,
    confirm_remedy,
    go_down_ladder,
    lead_to_front_desk,
    stop_if_off,
    stop_if_settled,
)

FOUND = Choice("found", "found")
SEARCHED = Choice("searched", "searched")


@dataclass(frozen=True, kw_only=True)
class IsAddressRight(Reply):
    """The carrier says that it was delivered; was it sent to the right place?"""

    order_number: str
    delivered_on: date | None
    carrier: str
    address: str
    postal_code: str
    city: str


@dataclass(frozen=True, kw_only=True)
class LookAround(Reply):
    """Neighbours, the door, the pick-up point: is it anywhere there?"""

    order_number: str
    carrier: str


@dataclass(frozen=True, kw_only=True)
class GladItCame(Reply):
    """The buyer has it after all."""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class WentElsewhere(Reply):
    """The buyer says that the address is not right; a person clears up where the parcel is."""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class NotLostYet(Reply):
    """It was marked only a short while ago; from `makes_good_from` on it is made good."""

    order_number: str
    delivered_on: date | None
    makes_good_from: date


def go_by_arrival(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """Under way it is late; found, or found to be broken, it has come."""
    if order.status is not OrderStatus.DELIVERED:
        return replace(case, playbook="late_delivery")
    if case.reason in ARRIVAL_INTENTS:
        return replace(case, playbook=case.reason, detail="")
    if case.arrived:
        return Close(reply=GladItCame(order_number=order.number))

    return None


def ask_if_address_is_right(
    case: Case, order: Order, _turn: Turn, rules: Rulebook, _now: datetime
) -> Decision | None:
    """Show back where it went; a parcel at a wrong address is nothing that a machine settles."""
    if case.reason == WRONG_ADDRESS:
        return HandOff(reason=Reason.ORDER_STATE, reply=WentElsewhere(order_number=order.number))
    if case.detail == right_address(order) or not order.address:
        return None
    delivered = order.parcel.delivered_at if order.parcel else None

    return Ask(
        reply=IsAddressRight(
            order_number=order.number,
            delivered_on=delivered.date() if delivered else None,
            carrier=order.parcel.carrier if order.parcel else "",
            address=order.address,
            postal_code=order.postal_code,
            city=order.city,
            choices=(YES, NO),
            card=rules.card(order),
        ),
        awaiting=Awaiting.ADDRESS_CHECK,
    )


def ask_for_search(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """Most parcels that were marked delivered are with somebody near by."""
    if case.searched:
        return None

    return Ask(
        reply=LookAround(
            order_number=order.number,
            carrier=order.parcel.carrier if order.parcel else "",
            choices=(FOUND, SEARCHED),
        ),
        awaiting=Awaiting.SEARCH,
    )


def wait_after_delivery(
    _case: Case, order: Order, _turn: Turn, rules: Rulebook, now: datetime
) -> Decision | None:
    """
    Say from which day on it is made good, while that day has not come.

    Where nobody wrote down when it was delivered, the day that it was expected counts.
    """
    parcel = order.parcel
    delivered = parcel.delivered_at.date() if parcel and parcel.delivered_at else None
    since = delivered or rules.expected_by(order)
    makes_good_from = since + timedelta(days=rules.not_received_wait_days)
    today = now.date()
    if today >= makes_good_from:
        return None

    return Close(
        reply=NotLostYet(
            order_number=order.number,
            delivered_on=delivered,
            makes_good_from=makes_good_from,
        ),
        rules=(Rule("not_received_wait", held=False, compared=f"{today} < {makes_good_from}"),),
    )


NOT_RECEIVED = Playbook(
    name="not_received",
    has_ladder=True,
    steps=(
        lead_to_front_desk,
        stop_if_off,
        stop_if_settled,
        go_by_arrival,
        ask_if_address_is_right,
        ask_for_search,
        wait_after_delivery,
        go_down_ladder,
        choose_remedy,
        confirm_remedy,
    ),
)
