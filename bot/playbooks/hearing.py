"""
What a buyer's turn adds to a case: the answer to its open question.

Only what was asked is heard: a stray "yes" while a photo is awaited confirms nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.casework.cases import Awaiting, Case
from bot.casework.choosing import is_plain_yes, is_refusal, named_place, typed_quantity
from bot.casework.orders import Order
from bot.casework.reading import money_back_option, named_line, named_option
from bot.casework.remedies import Remedy
from bot.casework.telling import Came, Refused, told_came, told_reason
from bot.casework.turns import Turn


def hear(case: Case, order: Order, turn: Turn) -> Case:
    """
    The case with what this turn answers of its open question.

    A turn that answers nothing gives an equal case back; the caller counts that as a miss.
    """
    if turn.photos:
        case = replace(case, photos=(*case.photos, *turn.photos))
    answer = ANSWERS.get(case.awaiting)

    return answer(case, order, turn) if answer else case


def _hear_line(case: Case, order: Order, turn: Turn) -> Case:
    if turn.choice and turn.choice.startswith("line:"):
        line_id = int(turn.choice.removeprefix("line:"))
        known = line_id in {line.id for line in order.goods}
        return replace(case, line_id=line_id) if known else case
    line = named_line(turn.text, order.goods)
    if line is None and (place := named_place(turn.text, len(order.goods))) is not None:
        line = order.goods[place]

    return replace(case, line_id=line.id) if line else case


def _hear_quantity(case: Case, order: Order, turn: Turn) -> Case:
    if case.line_id is None:
        return case
    most = order.line(case.line_id).quantity
    said = turn.choice.removeprefix("quantity:") if turn.choice else turn.text
    quantity = typed_quantity(said, most)

    return replace(case, quantity=quantity) if quantity else case


def _hear_photo(case: Case, _order: Order, turn: Turn) -> Case:
    if turn.choice == "no_photo" or turn.intent in ("no_photo", "deny"):
        return replace(case, no_photo=True)

    return case


def _hear_reason(case: Case, _order: Order, turn: Turn) -> Case:
    if turn.choice and turn.choice.startswith("reason:"):
        return replace(case, reason=turn.choice.removeprefix("reason:"))
    if case.playbook == "refuse_delivery" and (told := told_reason(turn.text)):
        return replace(case, reason=told)
    intents = reason_intents(case)

    return replace(case, reason=intents[turn.intent]) if turn.intent in intents else case


def reason_intents(case: Case) -> Mapping[str, str]:
    """What a buyer says when this case asks them why, and which reason it is."""
    return REFUSAL_INTENTS if case.playbook == "refuse_delivery" else REASON_INTENTS


REASON_INTENTS = {
    "damaged_item": "damaged_item",
    "wrong_item": "wrong_item",
    "late_delivery": "late_delivery",
    "cancel_order": "changed_mind",
}
"""The same, when they want money back."""

REFUSAL_INTENTS = {
    "damaged_item": Refused.QUALITY,
    "defective_item": Refused.QUALITY,
    "wrong_item": Refused.QUALITY,
    "not_as_described": Refused.QUALITY,
    "counterfeit_item": Refused.QUALITY,
    "exchange_item": Refused.SIZE,
    "change_item": Refused.SIZE,
    "late_delivery": Refused.DELIVERY,
    "cancel_order": Refused.CHANGED_MIND,
    "return_item": Refused.CHANGED_MIND,
}
"""The same, when they will not take the parcel."""


def _hear_arrival(case: Case, _order: Order, turn: Turn) -> Case:
    """Whether the parcel came; who says that the goods in it are broken or wrong has it."""
    said = turn.choice or turn.intent
    if said in ("yes", "affirm"):
        return replace(case, arrived=True)
    if said in ("no", "deny", "late_delivery"):
        return replace(case, arrived=False)

    return replace(case, reason=said) if said in ARRIVAL_INTENTS else case


ARRIVAL_INTENTS = ("damaged_item", "wrong_item")


def _hear_what_came(case: Case, _order: Order, turn: Turn) -> Case:
    said = turn.choice.removeprefix("came:") if turn.choice else ""
    came = Came(said) if said in set(Came) else told_came(turn.text, asked=True)

    return replace(case, came=came) if came else case


CAME_INTENTS = ("not_as_described", "exchange_item", "change_item")
"""What "size L instead of M" may be taken for, when it answers what came."""


def _hear_choice(case: Case, _order: Order, turn: Turn) -> Case:
    if case.offer is None:
        return case
    picked = _picked(case.offer.options, turn)
    if picked is None and turn.intent == "deny":
        return replace(case, declined=True)

    return replace(case, picked=picked) if picked else case


def _picked(options: tuple[Remedy, ...], turn: Turn) -> Remedy | None:
    """The option that was pressed or named; "no, the refund" names one too."""
    if turn.choice and turn.choice.startswith("option:"):
        place = turn.choice.removeprefix("option:")
        return options[int(place)] if place.isdecimal() and int(place) < len(options) else None
    # "Do I have to pay for the return?" asks about an option, it does not take it.
    if "?" not in turn.text and (named := named_option(turn.text, options)):
        return named
    if turn.intent == "refund_request" and not is_refusal(turn.text) and "?" not in turn.text:
        return money_back_option(options)

    return options[0] if turn.intent == "affirm" and len(options) == 1 else None


def _hear_confirmation(case: Case, _order: Order, turn: Turn) -> Case:
    """
    A yes to the terms that were shown, and to no others.

    "Yes, but rather the refund" under a discount is no yes to the discount: the refund's terms
    are shown next.
    """
    said = turn.choice or turn.intent
    options = case.offer.options if case.offer else ()
    if not turn.choice and said in CHANGES_CHOICE:
        other = _picked(options, turn) if len(options) > 1 else None
        if other and other != case.picked:
            return replace(case, picked=other)
    if said == "yes" or (said == "affirm" and is_plain_yes(turn.text)):
        return replace(case, confirmed=True)
    if said in ("no", "deny") or (said in PLAYBOOK_WORDS and is_refusal(turn.text)):
        return replace(case, picked=None, declined=case.offer is None)

    return case


PLAYBOOK_WORDS = ("cancel_order", "refund_request", "choose_option")
"""Intents that "please don't cancel" may be taken for."""


CHANGES_CHOICE = ("affirm", "deny", "choose_option", "refund_request")
"""What a buyer who has chosen may mean when they name another option after all."""


ANSWERS: dict[Awaiting, Callable[[Case, Order, Turn], Case]] = {
    Awaiting.LINE: _hear_line,
    Awaiting.QUANTITY: _hear_quantity,
    Awaiting.PHOTO: _hear_photo,
    Awaiting.REASON: _hear_reason,
    Awaiting.ARRIVAL: _hear_arrival,
    Awaiting.WHAT_CAME: _hear_what_came,
    Awaiting.CHOICE: _hear_choice,
    Awaiting.CONFIRMATION: _hear_confirmation,
}
