"""
The buyer wants the delivery address, name or phone of an order changed.

Once, before hand-over, and only after a yes to the words as they will be passed on. Afterwards
only a courier who can be reached may still be asked, which is a person's business
(AFTER_SALES.md, 3.5 and 7).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.addresses import address_in, lacks_number
from bot.casework.cases import Awaiting, Case
from bot.casework.decisions import Ask, Close, Decision, HandOff, Reason, Rule
from bot.casework.orders import Order, OrderStatus
from bot.casework.remedies import AddressChange, RemedyKind
from bot.casework.replies import Choice, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.changes import leave_as_it_is, stop_if_changed, stop_if_ended
from bot.playbooks.hearing import AS_IT_IS
from bot.playbooks.playbook import Playbook
from bot.playbooks.steps import PERSON, confirm_remedy, lead_to_front_desk, stop_if_off


@dataclass(frozen=True, kw_only=True)
class AskNewAddress(Reply):
    """What is the new address, name or phone? `shipped`: the courier may still be asked."""

    order_number: str
    shipped: bool


@dataclass(frozen=True, kw_only=True)
class AddressLacksNumber(Reply):
    """No house number or postcode is in it: is it complete?"""

    new_address: str


@dataclass(frozen=True, kw_only=True)
class TooLateForAddress(Reply):
    """It has left for the old address, or arrived there, and nobody can turn it."""

    order_number: str
    delivered: bool


@dataclass(frozen=True, kw_only=True)
class CourierIsAsked(Reply):
    """A person asks the courier to take it to the new address, which may not succeed."""

    order_number: str
    new_address: str


def explain_after_hand_over(
    _case: Case, order: Order, _turn: Turn, rules: Rulebook, _now: datetime
) -> Decision | None:
    """What has left keeps its address, unless the courier can be asked on its way."""
    if not order.shipped or _courier_can_be_asked(order, rules):
        return None

    return Close(
        reply=TooLateForAddress(
            order_number=order.number,
            delivered=order.status is OrderStatus.DELIVERED,
            choices=(PERSON,),
        ),
        rules=(Rule("intercept", held=False, compared=f"{order.status}, {order.ship_mode}"),),
    )


def ask_for_address(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """The new address as the buyer writes it; a missing number is asked about once."""
    if not case.address:
        if found := address_in(case.opening, order.number, case.claimed):
            return replace(case, address=found)
        reply: Reply = AskNewAddress(order_number=order.number, shipped=order.shipped)
        return Ask(reply=reply, awaiting=Awaiting.ADDRESS)
    if case.detail == AS_IT_IS or not lacks_number(case.address, case.opening):
        return None
    reply = AddressLacksNumber(
        new_address=case.address, choices=(Choice(AS_IT_IS, "address_as_it_is"), PERSON)
    )

    return Ask(reply=reply, awaiting=Awaiting.ADDRESS)


def have_courier_asked(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """Under way: a person calls the courier, with the new address noted."""
    if not order.shipped:
        return None

    return HandOff(
        reason=Reason.ORDER_STATE,
        reply=CourierIsAsked(order_number=order.number, new_address=case.address),
        rules=(Rule("intercept", held=True, compared=f"{order.status}, {order.ship_mode}"),),
    )


def change_before_hand_over(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Case | None:
    """Exactly these words are passed on; a yes to other ones does not count."""
    terms = AddressChange(order_id=order.id, address=case.address)

    return None if case.picked == terms else replace(case, picked=terms, confirmed=False)


def _courier_can_be_asked(order: Order, rules: Rulebook) -> bool:
    return (
        order.status is not OrderStatus.DELIVERED
        and order.ship_mode in rules.intercept
        and rules.marketplace(order).allows(RemedyKind.INTERCEPT)
    )


CHANGE_ADDRESS = Playbook(
    name="change_address",
    steps=(
        lead_to_front_desk,
        stop_if_off,
        stop_if_ended,
        stop_if_changed(RemedyKind.ADDRESS_CHANGE),
        leave_as_it_is,
        explain_after_hand_over,
        ask_for_address,
        have_courier_asked,
        change_before_hand_over,
        confirm_remedy,
    ),
)
