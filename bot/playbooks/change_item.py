"""
The buyer wants another size, colour or number of pieces before the order leaves.

Once, the same product only, from what is in stock; a price difference is settled explicitly
(AFTER_SALES.md, 7). What has arrived already is exchanged.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.casework.cases import Awaiting, Case
from bot.casework.changing import is_about_quantity, wanted_pieces
from bot.casework.decisions import Ask, Close, Decision, HandOff, Reason, Rule
from bot.casework.orders import Order, OrderLine, OrderStatus
from bot.casework.remedies import ItemChange, RemedyKind
from bot.casework.replies import Choice, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Turn
from bot.playbooks.changes import leave_as_it_is, stop_if_changed, stop_if_ended
from bot.playbooks.hearing import ANOTHER_QUANTITY
from bot.playbooks.playbook import Playbook
from bot.playbooks.prices import (
    find_variant,
    price_of_piece,
    settle_difference,
    variants_of,
)
from bot.playbooks.steps import (
    PERSON,
    ask_which_line,
    confirm_remedy,
    lead_to_front_desk,
    stop_if_off,
)
from bot.playbooks.variants import (
    StockNotKnown,
    ask_which_variant,
    hand_off_without_price,
    take_variant_from_opening,
)

OTHER_NUMBER = Choice(ANOTHER_QUANTITY, "another_quantity")


@dataclass(frozen=True, kw_only=True)
class TooLateToChange(Reply):
    """It has left as it was ordered; once it is there, it can be exchanged."""

    order_number: str


@dataclass(frozen=True, kw_only=True)
class HowManyInAll(Reply):
    """How many pieces shall it be instead? `most` is named when more were wanted than that."""

    line: OrderLine
    most: int | None = None


def go_by_status(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """Goods in hand are exchanged; what is under way stays as it is."""
    if order.status is OrderStatus.DELIVERED:
        return replace(case, playbook="exchange_item")
    if order.shipped:
        return Close(reply=TooLateToChange(order_number=order.number, choices=(PERSON,)))

    return None


def take_quantity_from_opening(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Case | None:
    """
    "Make it three" says all; "change the quantity" says what the question is.

    With a variant it is not taken: "one of them in red" is no change of all to one.
    """
    if case.sku or case.reason or case.line_id is None:
        return None
    line = order.line(case.line_id)
    if pieces := wanted_pieces(case.opening, line.quantity):
        return replace(case, quantity=pieces, reason=ANOTHER_QUANTITY)
    if is_about_quantity(case.opening) or not variants_of(line, order):
        return replace(case, reason=ANOTHER_QUANTITY)

    return None


def ask_what_instead(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """Another variant for all pieces of the line, unless it is about their number."""
    if case.reason == ANOTHER_QUANTITY and not case.sku:
        return None
    line = order.line(case.line_id or 0)

    return ask_which_variant(case, line, order, case.quantity or line.quantity, (OTHER_NUMBER,))


def ask_how_many_in_all(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | None:
    """More pieces come from stock that is known to be there; fewer always can be."""
    if case.sku:
        return None
    line = order.line(case.line_id or 0)
    if not case.quantity or case.quantity == line.quantity:
        return _ask_number(line)
    if case.quantity < line.quantity:
        return None
    if line.stock is None:
        return HandOff(
            reason=Reason.NO_REMEDY,
            reply=StockNotKnown(line=line, variant=line.variant),
            rules=(Rule("stock", held=False, compared=f"{line.sku}: not known"),),
        )
    most = line.quantity + line.stock
    if case.quantity > most:
        return _ask_number(line, most, f"{line.sku}: {most} < {case.quantity}")

    return None


def settle_terms(
    case: Case, order: Order, _turn: Turn, _rules: Rulebook, _now: datetime
) -> Decision | Case | None:
    """The exact change, with what goes back or is to be paid; a yes to other terms falls."""
    line = order.line(case.line_id or 0)
    sku, pieces = case.sku or line.sku, case.quantity or line.quantity
    price = price_of_piece(sku, line, order)
    if price is None:
        return hand_off_without_price(sku, line, order)
    back, surcharge = settle_difference(
        line.price, price.times(pieces), order.left_to_refund(line.id)
    )
    chosen = find_variant(sku, line, order)
    terms = ItemChange(
        order_id=order.id,
        line_id=line.id,
        quantity=pieces,
        sku=sku,
        variant=chosen.variant if chosen else line.variant,
        amount=back,
        surcharge=surcharge,
    )

    return None if case.picked == terms else replace(case, picked=terms, confirmed=False)


def _ask_number(line: OrderLine, most: int | None = None, compared: str = "") -> Ask:
    numbers = [n for n in range(1, 5) if n != line.quantity and (most is None or n <= most)]

    return Ask(
        reply=HowManyInAll(
            line=line,
            most=most,
            choices=(*(Choice(f"quantity:{n}", "quantity", n) for n in numbers), PERSON),
        ),
        awaiting=Awaiting.QUANTITY,
        rules=(Rule("stock", held=False, compared=compared),) if compared else (),
    )


CHANGE_ITEM = Playbook(
    name="change_item",
    steps=(
        lead_to_front_desk,
        stop_if_off,
        go_by_status,
        stop_if_ended,
        stop_if_changed(RemedyKind.ITEM_CHANGE),
        leave_as_it_is,
        ask_which_line,
        take_variant_from_opening,
        take_quantity_from_opening,
        ask_what_instead,
        ask_how_many_in_all,
        settle_terms,
        confirm_remedy,
    ),
)
