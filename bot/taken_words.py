"""What was decided, in plain English: asked, told, offered, given, handed over."""

from collections.abc import Mapping
from typing import Final

from bot.casework.cases import Awaiting, CaseState
from bot.casework.past import Taken
from bot.casework.remedies import Remedy
from bot.remedy_words import either, say_terms

ASKED: Final[Mapping[str, str]] = {
    Awaiting.NOTHING: "a question",
    Awaiting.ORDER_NUMBER: "for the order number",
    Awaiting.PROOF: "for a proof that the order is theirs",
    Awaiting.LINE: "which product it is about",
    Awaiting.QUANTITY: "how many pieces it is about",
    Awaiting.PHOTO: "for a photo",
    Awaiting.REASON: "for the reason",
    Awaiting.ARRIVAL: "whether the parcel has come",
    Awaiting.SEARCH: "to look around for the parcel",
    Awaiting.WHAT_CAME: "what came instead",
    Awaiting.WHAT_IS_MISSING: "what is missing",
    Awaiting.ADDRESS: "for the new address",
    Awaiting.ADDRESS_CHECK: "whether the address is right",
    Awaiting.VARIANT: "which size, colour or kind is wanted instead",
    Awaiting.DETAIL: "to describe it more closely",
    Awaiting.DIFFERENCE: "how it differs from its description",
    Awaiting.CHOICE: "to choose from what was offered",
    Awaiting.CONFIRMATION: "for a clear yes to the exact terms",
}
"""What follows "asked", and "the buyer was asked"."""

STATES: Final[Mapping[str, str]] = {
    CaseState.OPEN: "open",
    CaseState.SETTLED: "settled",
    CaseState.DROPPED: "dropped by the buyer",
    CaseState.HANDED_OFF: "handed over to a person",
    CaseState.REMEMBERED: "taken up later",
    CaseState.APPROVAL: "waits for a colleague's yes",
}

TOLD: Final[Mapping[str, str]] = {
    "AddressLacksNumber": "that the address seems to lack a number",
    "AlreadyChanged": "that the order was changed before",
    "AlreadyOff": "that the order is off already",
    "AlreadySettled": "that something was given for this already",
    "ApprovalAsked": "that a colleague has to agree",
    "AskForPhoto": "that a photo is needed",
    "AskNewAddress": "that the new address is needed",
    "CancelledAndPaid": "that the order was cancelled, and what had been paid",
    "ComesBack": "what happens to a refused parcel",
    "ConfirmRemedy": "the exact terms",
    "CouponsComeWithOrders": "that a coupon comes with an order",
    "CourierIsAsked": "that somebody asks the courier",
    "Dropped": "that the matter rests",
    "FrontDesk": "where the marketplace settles it",
    "GladItCame": "that it is good to hear that it came",
    "HasCoupon": "that this order has its coupon already",
    "HasItCome": "that it matters whether the parcel has come",
    "HowMany": "that the number of pieces matters",
    "HowManyInAll": "that the number of pieces matters",
    "HowToRefuse": "how to refuse the parcel at the door",
    "HowToTrack": "how to follow the parcel",
    "IsAddressRight": "where the parcel went",
    "KeepItForUs": "to keep the goods and send photos",
    "LateButComing": "that the parcel is late, and from when on it is made good",
    "LeftAsItIs": "that all stays as it is",
    "LookAround": "where parcels often turn up",
    "NoCouponThen": "that it is fine without the coupon",
    "NoDiscount": "politely that there is no discount",
    "NoRefundYet": "that no money is on its way, and how to ask for it",
    "NoVariantInStock": "that nothing else of it is in stock",
    "NotLateYet": "that the parcel is still in time",
    "NotLostYet": "from when on the parcel counts as lost",
    "NotPackedYet": "that the order has not left and can be stopped or changed",
    "NotSentYet": "that this order has not left yet",
    "NotThereYet": "that it can be exchanged once it is there",
    "NothingAllowed": "that a person decides",
    "OfferRemedies": "what can be done",
    "OfferToStop": "that the parcel can be called back",
    "OfferToTurnBack": "that the parcel can be turned back or refused",
    "OnlyWhole": "that only the whole order can be cancelled",
    "OrderFacts": "the facts of the order",
    "OrderIsOff": "that the order was cancelled or refused",
    "OrderOverview": "what was ordered and paid",
    "PaymentsOnRecord": "which payments are on record",
    "PhotoOfParcel": "that a photo of the parcel is needed",
    "PriceNotKnown": "that a person looks up the price",
    "RefusedParcel": "that a person settles the money of the refused parcel",
    "RemedyRequested": "that it is on its way",
    "StockNotKnown": "that a person looks up the stock",
    "TooLateForAddress": "that it is too late for another address",
    "TooLateToChange": "that it is too late to change the order",
    "TooLateToReturn": "that the time for returns is over",
    "WaitForIt": "to wait for the parcel, and that it is made good then",
    "WentElsewhere": "that a person finds out where the parcel went",
    "WhatCame": "that it matters what came",
    "WhatDiffers": "that it matters what differs",
    "WhatHappens": "that it matters what happens",
    "WhatIsMissing": "what was sent",
    "WhatWasOrdered": "what was ordered",
    "WhenItComes": "when the order comes",
    "WhereItIs": "where the order is",
    "WhereMoneyIs": "where the money is",
    "WhichLine": "which products the order has",
    "WhichPart": "that it matters which part",
    "WhichVariant": "what else is in stock",
    "WhyRefund": "that it matters why",
    "WhyRefused": "that it matters why",
    "WhyReturn": "that it matters why",
}
"""By the name of what was said: what follows "told the buyer"."""

KINDS: Final[Mapping[str, str]] = {
    "Ask": "asked the buyer something",
    "Say": "told the buyer something",
    "Propose": "made an offer",
    "Perform": "gave a remedy",
    "HandOff": "handed over to a person",
    "Close": "answered the buyer",
    "Approve": "approved the remedy",
    "FirstYes": "approved the remedy as the first of two",
    "Deny": "did not approve the remedy",
    "Change": "put other terms in its place",
    "AskBuyer": "asked the buyer whether other terms are all right",
    "Done": "the remedy was carried out",
    "Failed": "the remedy could not be carried out",
    "Accepted": "the shop's system has taken the remedy on",
    "Listed": "the remedy is on the seller's list",
    "Retry": "the remedy is sent once more",
    "Unknown": "it is not known whether the remedy was carried out",
    "Lost": "the shop's system does not know the remedy any more",
    "Person": "a person has to find out what became of the remedy",
    "New": "the remedy is to be sent",
    "Sending": "the remedy is being sent",
}
"""Kinds of decisions, of the bot and of people, where no more of them is on record."""


def say_taken(taken: Taken | None, *, agreed_to: Remedy | None = None) -> str:
    """
    What was decided, without a capital letter and a full stop.

    `agreed_to` are the terms that a yes is asked for, where they are on record.
    """
    if taken is None:
        return "asked again"
    if taken.kind == "Ask":
        asked = f"asked {ASKED[taken.awaiting or Awaiting.NOTHING]}"
        sure = taken.awaiting is Awaiting.CONFIRMATION and agreed_to
        return f"{asked}, {say_terms(agreed_to)}" if sure and agreed_to else asked
    if taken.kind == "Propose":
        return f"offered {either(map(say_terms, taken.options))}" if taken.options else "offered"
    if taken.remedy:
        return _gave(taken.remedy, waits=taken.needs_approval)
    if taken.kind in ("Close", "Say"):
        return f"told the buyer {say_told(taken.reply)}"

    return KINDS.get(taken.kind, taken.kind)


def say_told(reply: str) -> str:
    """What a reply of that name tells."""
    return TOLD.get(reply, "the answer")


def _gave(remedy: Remedy, *, waits: bool) -> str:
    terms = say_terms(remedy)

    return f"agreed on {terms}, if a colleague says yes" if waits else f"arranged {terms}"
