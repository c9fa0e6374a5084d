"""Why something is not done with money or goods, in plain English for the people at the desk."""

import re
from collections.abc import Mapping
from typing import Final

from bot.amounts import format_money
from bot.casework.money import MAX_MINOR, Money
from bot.casework.refusals import Refusal, RefusalReason
from bot.desk_words import LOCALE

SENTENCES: Final[Mapping[str, str]] = {
    RefusalReason.ALREADY_REMEDIED: "Something was given for these goods already.",
    RefusalReason.MORE_THAN_PAID: "That is more than is left of what was paid.",
    RefusalReason.OVER_LIMIT: "It is more than the bot may give by itself.",
    RefusalReason.OUT_OF_STOCK: "There are not enough pieces in stock.",
    RefusalReason.STOCK_UNKNOWN: "It is not known how many pieces are in stock.",
    RefusalReason.MARKETPLACE_SETTLES: "The marketplace itself settles this order.",
    RefusalReason.ALREADY_SHIPPED: "The order has left already.",
    RefusalReason.WORTH_TOO_MUCH: "The goods are worth too much to leave them with the buyer.",
    RefusalReason.NOTHING_TO_REFUND: "There is nothing left to give back.",
    RefusalReason.NOT_ON_THIS_WAY: "The order is not where that would be possible.",
    RefusalReason.NOT_WORTH_RETURNING: "The goods are not worth being sent back.",
    RefusalReason.OUT_OF_TIME: "The time for returns is over.",
    RefusalReason.NOT_OFFERED_THERE: "The marketplace does not allow that.",
    RefusalReason.ALREADY_CHANGED: "The order was changed before.",
    RefusalReason.OTHER_PRODUCT: "That is another product than the one that was ordered.",
    RefusalReason.PRICE_UNKNOWN: "The price of that product is not known.",
    RefusalReason.NEEDS_APPROVAL: "The rulebook wants a person's yes to this kind of remedy.",
    RefusalReason.SOMEBODY_ELSES: "The buyer in this conversation has not proven that order.",
    RefusalReason.EXCLUDED: "It does not go together with what was given for these goods before.",
    RefusalReason.ORDER_CHANGED: "The order has changed since, so the terms do not fit any more.",
    RefusalReason.NOT_WAITING: "It waits for nobody any more: somebody was quicker.",
    RefusalReason.NOT_ALLOWED: "Your role may not decide about remedies.",
    RefusalReason.OVER_YOUR_LIMIT: "It is more than you may give for one order.",
    RefusalReason.FOUR_EYES: "Two people have to agree to so much.",
    RefusalReason.OWN_ORDER: "It is about an order of your own, so somebody else decides.",
    RefusalReason.OWN_REQUEST: "You asked for it yourself, so somebody else has to say yes.",
    RefusalReason.ALREADY: "You have said yes already. If it still waits, it takes somebody else.",
    RefusalReason.RAISED: "It is more than was agreed, so somebody else has to say yes.",
    RefusalReason.NO_CHANGE: "These are the terms that were agreed already.",
}  # fmt: skip
CAPS: Final[Mapping[str, str]] = {
    "per_remedy": "for one remedy",
    "per_order": "for one order",
    "per_buyer": "for one buyer in these days",
    "per_store_and_day": "for the whole store today",
}
MONEY: Final = frozenset(
    {
        RefusalReason.MORE_THAN_PAID,
        RefusalReason.OVER_LIMIT,
        RefusalReason.WORTH_TOO_MUCH,
        RefusalReason.NOT_WORTH_RETURNING,
        RefusalReason.OVER_YOUR_LIMIT,
        RefusalReason.FOUR_EYES,
        RefusalReason.RAISED,
    }
)
"""Where the numbers that were compared are money."""
LIMITS: Final[Mapping[str, str]] = {
    RefusalReason.MORE_THAN_PAID: "left is {}",
    RefusalReason.NOT_WORTH_RETURNING: "only above {}",
    RefusalReason.FOUR_EYES: "alone at most {}",
    RefusalReason.RAISED: "agreed was {}",
}
"""What the second number is, where it is not what may be given at most."""
COMPARED: Final = re.compile(r"(?:(?P<before>\d+) \+ )?(?P<worth>\d+) (?:>|<=) (?P<limit>\d+)")


def say_refusal(refusal: Refusal, currency: str) -> str:
    """A sentence, with the numbers that were compared where they tell something."""
    return say_why_not(refusal.reason, refusal.compared, currency)


def say_why_not(reason: str, compared: str, currency: str) -> str:
    """The sentence for a reason, with what was compared in brackets where that is money."""
    sentence = SENTENCES.get(reason, reason.replace("_", " "))
    numbers = say_numbers(reason, compared, currency)

    return f"{sentence.removesuffix('.')} ({numbers})." if numbers else sentence


def say_numbers(reason: str, compared: str, currency: str) -> str:
    """What was compared, with money in words; empty where it is not money."""
    if reason not in MONEY:
        return ""
    name, _, numbers = compared.rpartition(": ")
    found = COMPARED.fullmatch(numbers)
    if not found:
        return numbers if "not listed" in numbers else ""
    worth, limit = _money(found["worth"], currency), _money(found["limit"], currency)
    if int(found["before"] or 0):
        worth = f"{_money(found['before'], currency)} before and {worth} now"
    told = LIMITS.get(reason, "at most {}").format(limit)
    where = f" {CAPS[name]}" if name in CAPS else ""

    return f"{worth}; {told}{where}"


def _money(minor: str, currency: str) -> str:
    return format_money(Money(min(int(minor), MAX_MINOR), currency), LOCALE)
