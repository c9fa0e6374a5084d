"""Why the bot did what it did, as people at the desk read it: whole conversations in sentences."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.casework.decisions import Rule
from bot.casework.orders import OrderStatus
from bot.casework.past import PastDecision
from bot.decision_words import say_decision
from bot.rule_words import say_rule
from tests.factories import (
    NOW,
    a_lamp,
    a_line,
    an_order,
    an_order_by_marketplace,
    days_ago,
    the_caps,
    the_rulebook,
)

PENDING = an_order(status=OrderStatus.PENDING)


def sentences(chat) -> list[str]:
    """What was decided in it, in its order."""
    return [say_decision(one) for one in decisions(chat)]


def decisions(chat) -> list[PastDecision]:
    """The same as the ledger tells it."""
    with chat.shop.house.units.reading() as unit:
        return [decision for _, decision in unit.talks.whole(chat.id).decisions]


def test_damage_from_the_first_word_to_the_remedy(dialog):
    """
    What was done and why, with the numbers.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", "the mug came in pieces")
    chat.sends_photo()
    chat.presses("option:2")
    chat.presses("yes")

    assert sentences(chat) == [
        "Asked for a photo: the shop wants to see it before anything is offered.",
        "Offered 5 % off (€1.00), a replacement or a refund of €20.00: the buyer says that it "
        "arrived damaged, 1 photo came and each is within the bot's limit of €250.00 for one "
        "remedy.",
        "Asked for a clear yes to the exact terms, a refund of €20.00: nothing is given without a "
        "clear yes and it is within the bot's limit of €250.00 for one remedy.",
        "Arranged a refund of €20.00: the buyer said yes to exactly that and it is within the "
        "bot's limit of €250.00 for one remedy.",
    ]


def test_what_is_over_the_limit_waits_and_says_by_how_much(dialog):
    """
    So that whoever approves knows why they are asked.
    """
    rules = the_rulebook(caps=the_caps(per_remedy={"EUR": Decimal(0)}))
    chat = dialog(an_order(), rules=rules)
    chat.says("damaged_item", photos=1)
    chat.presses("option:0")
    chat.presses("yes")

    assert sentences(chat)[-1] == (
        "Agreed on 5 % off (€1.00), if a colleague says yes: the buyer said yes to exactly that "
        "and a discount needs a colleague's yes: it is more than the bot may give by itself "
        "(€1.00; at most €0.00 for one remedy)."
    )


@pytest.mark.parametrize(
    ("order", "says", "sentence"),
    [
        (
            an_order(),
            "order_status",
            "Told the buyer where the order is: the buyer asked where the order is.",
        ),
        (
            an_order_by_marketplace(),
            "damaged_item",
            "Told the buyer where the marketplace settles it: Amazon sends this order itself and "
            "settles everything about it.",
        ),
        (
            an_order(lines=(a_line(), a_lamp())),
            "damaged_item",
            "Asked which product it is about: the order has several products.",
        ),
        (
            PENDING,
            "damaged_item",
            "Told the buyer that this order has not left yet: the order has not left yet.",
        ),
        (
            an_order(lines=(a_line(stock=0, quantity=1),), status=OrderStatus.CANCELLED),
            "damaged_item",
            "Told the buyer that the order was cancelled or refused: the order was cancelled.",
        ),
        (
            an_order(),
            "counterfeit_item",
            "Handed over to a person: the buyer says that it is a fake, which no machine settles.",
        ),
        (
            an_order(),
            "complaint",
            "Handed over to a person: the buyer complains.",
        ),
        (
            an_order(),
            "discount_request",
            "Told the buyer politely that there is no discount: the shop has no coupons.",
        ),
        (
            an_order(),
            "payment_problem",
            "Handed over to a person: €20.00 was paid, and the order costs €20.00.",
        ),
        (
            an_order(status=OrderStatus.SHIPPED, promised_by=NOW.date()),
            "late_delivery",
            "Told the buyer that the parcel is still in time: the parcel is not late: it is "
            "expected by 20 March 2026, and today is 20 March 2026.",
        ),
    ],
)
def test_the_first_answer_says_why(dialog, order, says, sentence):
    """
    One of each kind.
    """
    chat = dialog(order)
    chat.says(says, order="DEMO-1003")

    assert sentences(chat)[0] == sentence


def test_too_many_misses_are_counted(dialog):
    """
    In words, with both numbers.
    """
    chat = dialog(an_order(lines=(a_line(), a_lamp())))
    chat.says("damaged_item", order="DEMO-1003")
    chat.mumbles("hmpf")
    chat.mumbles("grmpf")

    assert sentences(chat)[-1] == (
        "Handed over to a person: messages in a row that did not answer the question: 2. At 2 a "
        "person takes over."
    )


def test_what_stands_in_an_old_ledger_is_still_a_sentence(dialog):
    """
    Rows of a version that did not write down what was seen.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", "the mug came in pieces")
    bare = [replace(one, seen=None) for one in decisions(chat)]

    assert [say_decision(one) for one in bare] == [
        "Asked the buyer something: the shop wants to see it before anything is offered."
    ]
    assert say_decision(replace(bare[0], step="gone", decision="Vanish")) == "Vanish."


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            Rule("bad_faith.repeats", held=True, compared="4 remedies in 90 days >= 3"),
            "This buyer got 4 remedies in 90 days; from 3 on a person looks.",
        ),
        (
            Rule("bad_faith.too_early", held=True, compared="2026-03-20 10:00 < 2026-03-20 12:30"),
            "The parcel cannot have arrived yet, at the earliest on 20 March 2026 at 12:30 (UTC).",
        ),
        (
            Rule("bad_faith.elsewhere", held=True, compared="Lyon, not Berlin"),
            "The carrier gave the parcel out in Lyon, and it was sent to Berlin.",
        ),
        (
            Rule("stock", held=False, compared="MUG-1: 7 < 8"),
            "Of MUG-1, 8 are wanted and 7 are possible.",
        ),
        (
            Rule("intercept", held=True, compared="10000 EUR"),
            "Calling the parcel back is possible (€100.00).",
        ),
        (
            Rule("intercept", held=True, compared="shipped, express"),
            "The parcel is on its way by express, where the courier can be asked.",
        ),
        (Rule("coupon", held=True, compared="no money"), "A coupon is possible."),
        (Rule("coupon", held=False, compared="no coupon is set"), "The shop has no coupons."),
        (
            Rule("refund.excluded", held=False, compared="refund for part"),
            "A refund makes no sense where a part is missing.",
        ),
        (
            Rule("return_within_days", held=False, compared="2026-13-45 > 2026-03-19"),
            "The time for returns ended on 19 March 2026; today is 2026-13-45.",
        ),
        (
            Rule("within_limit.refund", held=True, compared=f"per_remedy: {'9' * 40} <= 1"),
            "A refund costs €10,000,000,000.00, within the bot's limit of €0.01 for one remedy.",
        ),
        (
            Rule("bad_faith.handed_over", held=True, compared="2026-03-03: {kind} {0}"),
            "The carrier says that somebody took the parcel in person (3 March 2026: {kind} {0}).",
        ),
    ],
)
def test_a_rule_in_words(rule, sentence):
    """
    Days are days, money is money; whatever a carrier wrote is quoted as it is.
    """
    assert say_rule(rule, "EUR") == sentence


def test_of_late_parcels_the_numbers_are_days(dialog):
    """
    What was promised, and what day it is.
    """
    late = an_order(
        status=OrderStatus.SHIPPED, promised_by=days_ago(1).date(), placed_at=days_ago(9)
    )
    chat = dialog(late)
    chat.says("late_delivery", order="DEMO-1003")

    assert sentences(chat)[0].startswith(
        "Told the buyer that the parcel is late, and from when on it is made good: the parcel is "
        "late, but made good only from "
    )
