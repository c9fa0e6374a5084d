"""What stands in tables and enums, in plain English for the people at the desk."""

from collections.abc import Mapping
from typing import Final

from bot.amounts import format_money
from bot.casework.decisions import Reason
from bot.casework.intents import NO_INTENTS, Intents
from bot.casework.orders import Marketplace
from bot.casework.remedies import Remedy, RemedyKind, RemedyState

LOCALE: Final = "en"
REASONS: Final[Mapping[str, str]] = {
    Reason.ASKED_FOR: "asked for a person",
    Reason.COMPLAINT: "complains",
    Reason.NOT_UNDERSTOOD: "was not understood",
    Reason.NO_REPLY: "got no answer in time",
    Reason.FAILED: "met an error of ours",
    Reason.LOCKED: "could not prove the order",
    Reason.NO_REMEDY: "no remedy is allowed",
    Reason.OVER_LIMIT: "over the limit",
    Reason.OFFER_DECLINED: "declined every offer",
    Reason.ORDER_STATE: "unusual state of the order",
    Reason.OUT_OF_TIME: "too late for the usual rules",
    Reason.COUNTERFEIT: "says that it is a fake",
    Reason.PAYMENT: "a problem with the payment",
    Reason.BAD_FAITH: "worth a second look",
    Reason.CARRIER_CLAIM: "to be cleared up with the carrier",
    Reason.PRICE_DIFFERENCE: "a difference in price",
    Reason.DENIED: "a remedy was not approved",
    Reason.REMEDY_FAILED: "a remedy could not be carried out",
    Reason.NO_ANSWER_KNOWN: "asked what the bot does not know",
    Reason.PASSED_ON: "was passed on by a colleague",
}
STATES: Final[Mapping[str, str]] = {
    RemedyState.APPROVAL: "waits for approval",
    RemedyState.REQUESTED: "on its way",
    RemedyState.DONE: "done",
    RemedyState.DENIED: "denied",
    RemedyState.REPLACED: "replaced by other terms",
    RemedyState.FAILED: "failed",
}
KINDS: Final[Mapping[str, str]] = {
    RemedyKind.RETURN: "return for a refund",
    RemedyKind.INTERCEPT: "calling the parcel back",
}
INTENTS: Final[Mapping[str, str]] = {
    "nlu_fallback": "not understood",
    "out_of_scope": "none of the shop's business",
    "faq_shipping": "question about shipping",
    "faq_returns": "question about returns",
    "faq_payment": "question about payment",
    "faq_product": "question about a product",
    "human_agent": "wants a person",
    "affirm": "yes",
    "deny": "no",
    "greet": "greeting",
    "goodbye": "goodbye",
    "thanks": "thanks",
    "ask_bot": "asks whether it is a bot",
    "never_mind": "never mind",
    "no_photo": "has no photo",
    "photo_sent": "photo sent",
    "choose_option": "button pressed",
    "provide_details": "details, such as a number",
    "order_questions": "question about an order",
    "order_status": "order status",
    "order_details": "order details",
    "tracking_link": "tracking link",
    "delivery_time": "delivery time",
    "invoice": "invoice",
    "cancel_order": "cancel order",
    "change_address": "change address",
    "change_item": "change item",
    "late_delivery": "late delivery",
    "not_received": "not received",
    "damaged_item": "damaged item",
    "defective_item": "defective item",
    "wrong_item": "wrong item",
    "missing_item": "missing item",
    "not_as_described": "not as described",
    "counterfeit_item": "counterfeit item",
    "refund_request": "refund request",
    "return_item": "return item",
    "exchange_item": "exchange item",
    "refuse_delivery": "refuse delivery",
    "refund_status": "refund status",
    "payment_problem": "payment problem",
    "discount_request": "discount request",
    "complaint": "complaint",
    "agent": "a person's own decision",
}
PROBLEMS: Final[Mapping[str, str]] = {
    "order_questions": "asked about the order",
    "order_status": "asked where the order is",
    "order_details": "asked what was ordered",
    "tracking_link": "asked how to follow the parcel",
    "delivery_time": "asked when the order comes",
    "invoice": "asked for an invoice",
    "cancel_order": "wants to cancel the order",
    "change_address": "wants another address for the order",
    "change_item": "wants something else, or another number of it, to be sent",
    "late_delivery": "says that the parcel is late",
    "not_received": "says that a parcel marked as delivered never came",
    "damaged_item": "says that it arrived damaged",
    "defective_item": "says that it does not work",
    "wrong_item": "says that the wrong thing came",
    "missing_item": "says that something is missing from the parcel",
    "not_as_described": "says that it is not as described",
    "counterfeit_item": "says that it is a fake",
    "refund_request": "wants the money back",
    "return_item": "wants to send goods back",
    "exchange_item": "wants another size, colour or kind of it",
    "refuse_delivery": "does not want to accept the parcel",
    "refund_status": "asked where the money is",
    "payment_problem": "has a problem with a payment",
    "discount_request": "asked for a discount",
    "complaint": "complains",
    "agent": "was given something by a colleague",
}
"""What follows "the buyer", by playbook, and by intent where one playbook answers several."""
MARKETPLACES: Final[Mapping[str, str]] = {
    Marketplace.WISH: "Wish",
    Marketplace.AMAZON: "Amazon",
    Marketplace.WILDBERRIES: "Wildberries",
    Marketplace.SHOP: "own shop",
}


def say_reason(reason: str) -> str:
    """Why a conversation was handed to a person, as what follows "The buyer" or stands alone."""
    return REASONS.get(reason, reason.replace("_", " "))


def say_intent(intent: str, intents: Intents = NO_INTENTS) -> str:
    """An intent, or a playbook, in words; an added one by its title."""
    return INTENTS.get(intent) or intents.title(intent, LOCALE) or intent.replace("_", " ")


def say_problem(playbook: str, intent: str = "") -> str:
    """What a case is about, as what follows "the buyer"."""
    return PROBLEMS.get(intent) or PROBLEMS.get(playbook, "wrote about an order")


def say_state(state: str) -> str:
    """How far a remedy is."""
    return STATES.get(state, state)


def say_remedy(remedy: Remedy) -> str:
    """Kind, pieces and money of a remedy."""
    words = [KINDS.get(remedy.kind, remedy.kind.replace("_", " "))]
    if remedy.quantity:
        words.append(f"{remedy.quantity} piece{'' if remedy.quantity == 1 else 's'}")
    if remedy.amount:
        words.append(format_money(remedy.amount, LOCALE))

    return ", ".join(words)


def masked_name(name: str) -> str:
    """Enough of a buyer's name to tell two of them apart: Ada L."""
    first, *others = name.split() or [""]

    return f"{first} {others[-1][0]}." if others else first


def masked_email(email: str) -> str:
    """The first letter and the domain: a•••@example.com."""
    name, at, domain = email.partition("@")

    return f"{name[:1]}•••{at}{domain}" if at else ""
