"""
The buyer has the goods and wants another size or colour of them.

Within the time for returns, piece for piece, from what is in stock; a price difference is settled
explicitly (AFTER_SALES.md, 7). Broken and wrong goods are made good instead.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.cases import Case
from bot.casework.decisions import Close, Decision
from bot.casework.orders import Order, OrderStatus
from bot.casework.remedies import Exchange
from bot.casework.replies import Choice, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.changes import leave_as_it_is
from bot.playbooks.hearing import ARRIVAL_INTENTS
from bot.playbooks.ladder import affected
from bot.playbooks.playbook import Playbook
from bot.playbooks.prices import find_variant, price_of_piece, settle_difference
from bot.playbooks.return_item import stop_if_out_of_time
from bot.playbooks.steps import (
    PERSON,
    ask_how_many,
    ask_which_line,
    confirm_remedy,
    lead_to_front_desk,
    stop_if_off,
    stop_if_settled,
)
from bot.playbooks.variants import (
    ask_which_variant,
    hand_off_without_price,
    take_variant_from_opening,
)

IT_IS_BROKEN = Choice("reason:damaged_item", "reason_damaged_item")


@dataclass(frozen=True, kw_only=True)
class NotThereYet(Reply):
    """It is on its way; once it is there, it can be exchanged."""

    order_number: str


def go_by_status(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """What has not left is changed; what is under way has to arrive first."""
    if not order.shipped:
        return replace(case, playbook="change_item")
    if order.status is not OrderStatus.DELIVERED:
        return Close(reply=NotThereYet(order_number=order.number, choices=(PERSON,)))

    return None


def make_good_instead(
    case: Case, _order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Case | None:
    """Broken or wrong goods are our fault, and nobody pays a difference for them."""
    return replace(case, playbook=case.reason) if case.reason in ARRIVAL_INTENTS else None


def ask_what_for(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """Which variant; who wants the same one again has got a broken one."""
    line = order.line(case.line_id or 0)
    quantity, _ = affected(case, order)

    return ask_which_variant(case, line, order, quantity, (IT_IS_BROKEN,))


def settle_exchange(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """The exact exchange, with what goes back or is to be paid; a yes to other terms falls."""
    line = order.line(case.line_id or 0)
    quantity, before = affected(case, order)
    price = price_of_piece(case.sku, line, order)
    if price is None:
        return hand_off_without_price(case.sku, line, order)
    back, surcharge = settle_difference(
        before, price.times(quantity), order.left_to_refund(line.id)
    )
    chosen = find_variant(case.sku, line, order)
    terms = Exchange(
        order_id=order.id,
        line_id=line.id,
        quantity=quantity,
        sku=case.sku,
        variant=chosen.variant if chosen else line.variant,
        amount=back,
        surcharge=surcharge,
    )

    return None if case.picked == terms else replace(case, picked=terms, confirmed=False)


EXCHANGE_ITEM = Playbook(
    name="exchange_item",
    steps=(
        lead_to_front_desk,
        stop_if_off,
        go_by_status,
        make_good_instead,
        leave_as_it_is,
        ask_which_line,
        stop_if_settled,
        stop_if_out_of_time,
        ask_how_many,
        take_variant_from_opening,
        ask_what_for,
        settle_exchange,
        confirm_remedy,
    ),
)
