"""
What a buyer's turn adds to a case: the answer to its open question.

Only what was asked is heard: a stray "yes" while a photo is awaited confirms nothing.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from bot.casework.addresses import is_written_address, typed_address
from bot.casework.cases import Awaiting, Case
from bot.casework.changing import MOST_PIECES, named_variant, wanted_pieces
from bot.casework.choosing import is_plain_yes, is_refusal, named_place, typed_quantity
from bot.casework.describing import (
    DIFFERENCES,
    MISSING,
    has_found,
    has_looked,
    what_differs,
    what_is_missing,
    words_in,
)
from bot.casework.orders import Order
from bot.casework.reading import money_back_option, named_line, named_option
from bot.casework.remedies import AddressChange, Exchange, ItemChange, Remedy
from bot.casework.telling import Came, Refused, told_came, told_reason
from bot.casework.turns import Turn
from bot.playbooks.prices import variants_of


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
    ordered = order.line(case.line_id).quantity
    said = turn.choice.removeprefix("quantity:") if turn.choice else turn.text
    if case.reason == ANOTHER_QUANTITY:
        quantity = wanted_pieces(said, ordered) or typed_quantity(said, MOST_PIECES)
        return replace(case, quantity=quantity) if quantity else _hear_no(case, turn)
    quantity = typed_quantity(said, ordered)

    return replace(case, quantity=quantity) if quantity else case


ANOTHER_QUANTITY = "another_quantity"
"""The reason of a change that is about how many pieces, not about which."""


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
    "defective_item": "defective_item",
    "wrong_item": "wrong_item",
    "missing_item": "missing_item",
    "not_as_described": "not_as_described",
    "late_delivery": "late_delivery",
    "not_received": "not_received",
    "cancel_order": "changed_mind",
    "return_item": "changed_mind",
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
    if said in ("no", "deny", *NOT_THERE):
        return replace(case, arrived=False)

    return replace(case, reason=said) if said in ARRIVAL_INTENTS else case


ARRIVAL_INTENTS = (
    "damaged_item",
    "wrong_item",
    "defective_item",
    "missing_item",
    "not_as_described",
)
"""Who says one of these of the goods has them."""
NOT_THERE = ("late_delivery", "not_received")
"""Who says one of these has nothing, whatever the carrier says."""


def _hear_address_check(case: Case, order: Order, turn: Turn) -> Case:
    """
    Whether the address that was shown is right; another one in its place says that it is not.

    Only a plain yes is one: "yes, but without the flat's number" is asked again.
    """
    said = turn.choice or turn.intent
    if said == "yes" or (said == "affirm" and is_plain_yes(turn.text)):
        return replace(case, detail=right_address(order))
    if said in ("no", "deny", *ANOTHER_ADDRESS):
        return replace(case, reason=WRONG_ADDRESS, detail=turn.text)

    return replace(case, reason=said) if said in ARRIVAL_INTENTS else case


ANOTHER_ADDRESS = ("change_address", "provide_details")
WRONG_ADDRESS = "wrong_address"


def right_address(order: Order) -> str:
    """The detail of a case whose buyer said that this very address is right."""
    return f"The address is right: {order.address}"


def _hear_search(case: Case, _order: Order, turn: Turn) -> Case:
    """Whether the buyer has looked for the parcel, and found it."""
    said = turn.choice or turn.intent
    if said == "found" or (not turn.choice and has_found(turn.text)):
        return replace(case, arrived=True)
    if said in ARRIVAL_INTENTS:
        return replace(case, reason=said)
    if said in ("searched", "deny", *NOT_THERE) or has_looked(turn.text):
        return replace(case, searched=True)

    return case


def _hear_what_is_missing(case: Case, order: Order, turn: Turn) -> Case:
    """All, an item or a part; who names one of several products says which item."""
    if turn.choice:
        what = turn.choice.removeprefix("missing:")
        return replace(case, reason=what) if what in MISSING else case
    line = named_line(turn.text, order.goods) if len(order.goods) > 1 else None
    told = what_is_missing(turn.text) or ("item" if line else "")
    if not told:
        return case
    line_id = line.id if line and told != "empty" else case.line_id

    return replace(case, reason=told, detail=turn.text, line_id=line_id)


def _hear_difference(case: Case, _order: Order, turn: Turn) -> Case:
    told = turn.choice.removeprefix("differs:") if turn.choice else what_differs(turn.text)
    if told not in DIFFERENCES:
        return case

    return replace(case, reason=told, detail=turn.text)


def _hear_detail(case: Case, _order: Order, turn: Turn) -> Case:
    """
    The buyer's own words, as they are; "no" and the button say that there are none.

    One word that was not understood ("hmm") is no answer, nor is a mere "ok".
    """
    if turn.choice:
        return replace(case, detail=NOT_TOLD) if turn.choice == "skip" else case
    told = words_in(turn.text) >= FEWEST_WORDS or (turn.text and turn.intent not in SAYS_NOTHING)

    return replace(case, detail=turn.text) if told else case


NOT_TOLD = "(not told)"
FEWEST_WORDS = 3
SAYS_NOTHING = (
    "affirm", "choose_option", "photo_sent", "refund_request", "nlu_fallback", "out_of_scope",
)  # fmt: skip


def _hear_address(case: Case, order: Order, turn: Turn) -> Case:
    """A new address; one that was doubted is taken as it is when it is said again."""
    if turn.choice == AS_IT_IS or (case.address and turn.intent == "affirm"):
        return replace(case, detail=AS_IT_IS)
    if address := typed_address(turn, order.number, case.claimed):
        return replace(case, address=address, detail=AS_IT_IS if case.address else case.detail)

    return _hear_no(case, turn)


AS_IT_IS = "as_it_is"
"""The detail of an address that was asked about once; it is not asked about again."""


def _hear_variant(case: Case, order: Order, turn: Turn) -> Case:
    """Which variant instead, or another number of pieces, or what is wrong with this one."""
    said = turn.choice or ""
    if case.line_id is None:
        return case
    if said == ANOTHER_QUANTITY:
        return replace(case, reason=ANOTHER_QUANTITY)
    if said.startswith("reason:") or turn.intent in ARRIVAL_INTENTS:
        return replace(case, reason=said.removeprefix("reason:") or turn.intent)
    line = order.line(case.line_id)
    variants = variants_of(line, order)
    if said.startswith("variant:"):
        sku = said.removeprefix("variant:")
        return replace(case, sku=sku) if sku in {one.sku for one in variants} else case
    if variant := named_variant(turn.text, line, variants):
        return replace(case, sku=variant.sku)
    if pieces := wanted_pieces(turn.text, line.quantity):
        return replace(case, quantity=pieces, reason=ANOTHER_QUANTITY)

    return _hear_no(case, turn)


def _hear_no(case: Case, turn: Turn) -> Case:
    return replace(case, declined=True) if turn.intent == "deny" else case


def _hear_other_terms(case: Case, order: Order, turn: Turn) -> Case | None:
    """Another address or variant than the one that was shown for a yes; None if none is named."""
    terms = case.picked
    if turn.choice or case.offer:
        return None
    if isinstance(terms, AddressChange):
        address = typed_address(turn, order.number, case.claimed)
        if is_written_address(turn.text) and address and address != case.address:
            return replace(case, address=address, picked=None)
    if isinstance(terms, Exchange | ItemChange):
        line = order.line(terms.line_id or 0)
        variant = named_variant(turn.text, line, variants_of(line, order))
        if variant and variant.sku != case.sku:
            return replace(case, sku=variant.sku, picked=None)

    return None


def is_answer_in_words(case: Case, turn: Turn) -> bool:
    """
    Whether free words can hardly be anything but what the case waits for.

    "Rue des Lilas 27, 75020 Paris" may be heard as anything; it is an address.
    """
    wants_address = case.awaiting is Awaiting.ADDRESS or isinstance(case.picked, AddressChange)

    return wants_address and is_written_address(turn.text, case.claimed)


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


def _hear_confirmation(case: Case, order: Order, turn: Turn) -> Case:
    """
    A yes to the terms that were shown, and to no others.

    "Yes, but rather the refund" under a discount is no yes to the discount: the refund's terms
    are shown next.
    """
    if other_terms := _hear_other_terms(case, order, turn):
        return other_terms
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


PLAYBOOK_WORDS = (
    "cancel_order",
    "refund_request",
    "choose_option",
    "change_address",
    "change_item",
    "exchange_item",
    "return_item",
)
"""Intents that "please don't cancel" may be taken for."""


CHANGES_CHOICE = ("affirm", "deny", "choose_option", "refund_request")
"""What a buyer who has chosen may mean when they name another option after all."""


ANSWERS: dict[Awaiting, Callable[[Case, Order, Turn], Case]] = {
    Awaiting.LINE: _hear_line,
    Awaiting.QUANTITY: _hear_quantity,
    Awaiting.PHOTO: _hear_photo,
    Awaiting.REASON: _hear_reason,
    Awaiting.ARRIVAL: _hear_arrival,
    Awaiting.ADDRESS: _hear_address,
    Awaiting.VARIANT: _hear_variant,
    Awaiting.WHAT_CAME: _hear_what_came,
    Awaiting.ADDRESS_CHECK: _hear_address_check,
    Awaiting.SEARCH: _hear_search,
    Awaiting.WHAT_IS_MISSING: _hear_what_is_missing,
    Awaiting.DIFFERENCE: _hear_difference,
    Awaiting.DETAIL: _hear_detail,
    Awaiting.CHOICE: _hear_choice,
    Awaiting.CONFIRMATION: _hear_confirmation,
}


def heard_as(case: Case) -> Collection[str]:
    """Problems that the answer to the case's open question may sound like."""
    if case.awaiting is Awaiting.REASON:
        return reason_intents(case)

    return HEARD_AS.get(case.awaiting, frozenset())


HEARD_AS: dict[Awaiting, frozenset[str]] = {
    Awaiting.ARRIVAL: frozenset((*ARRIVAL_INTENTS, *NOT_THERE)),
    Awaiting.WHAT_CAME: frozenset(CAME_INTENTS),
    Awaiting.ADDRESS_CHECK: frozenset((*ARRIVAL_INTENTS, *NOT_THERE, "change_address")),
    Awaiting.SEARCH: frozenset((*ARRIVAL_INTENTS, *NOT_THERE)),
    Awaiting.WHAT_IS_MISSING: frozenset(ARRIVAL_INTENTS),
    Awaiting.DIFFERENCE: frozenset(ARRIVAL_INTENTS),
    Awaiting.DETAIL: frozenset(ARRIVAL_INTENTS),
}
"""Problems that the answer to a question may sound like, and is not."""
