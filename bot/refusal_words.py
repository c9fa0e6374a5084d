"""Why something is not done with money or goods, in plain English for the people at the desk."""

import re
from collections.abc import Mapping
from typing import Final

from bot.amounts import format_money
from bot.casework.decisions import Rule
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
NUMBER: Final = re.compile(r"\d+")
ZERO_FIRST: Final = re.compile(r"^0 \+ ")


def say_refusal(refusal: Refusal, currency: str) -> str:
    """A sentence, with the numbers that were compared where they tell something."""
    sentence = SENTENCES.get(refusal.reason, str(refusal.reason))
    numbers = say_numbers(refusal.reason, refusal.compared, currency)

    return f"{sentence} {numbers}".strip()


def say_numbers(reason: str, compared: str, currency: str) -> str:
    """What was compared, with money in words; empty where it is not money."""
    if reason not in MONEY:
        return ""
    name, _, numbers = compared.rpartition(": ")
    if not NUMBER.search(numbers):
        return f"{numbers[0].upper()}{numbers[1:]}." if numbers else ""
    told = NUMBER.sub(lambda found: _money(found[0], currency), ZERO_FIRST.sub("", numbers))
    where = f" {CAPS[name]}" if name in CAPS else ""

    return f"({told}{where})"


def say_rule(rule: Rule, currency: str) -> str:
    """Why a rule of the ledger stopped something, as a sentence."""
    reason = rule.name.rpartition(".")[2]
    reason = {"four_eyes_above": str(RefusalReason.FOUR_EYES)}.get(reason, reason)
    if reason not in SENTENCES:
        return f"{rule.name.replace('_', ' ').replace('.', ': ')}: {rule.compared}"
    if reason == RefusalReason.OVER_YOUR_LIMIT:
        return f"More than whoever asked may give. {say_numbers(reason, rule.compared, currency)}"
    numbers = say_numbers(reason, rule.compared, currency)

    return f"{SENTENCES[reason]} {numbers}".strip()


def _money(minor: str, currency: str) -> str:
    return format_money(Money(min(int(minor), MAX_MINOR), currency), LOCALE)
