"""A ladder in rounds: what a no leads to, which percentage holds, and for whom it is written."""

from decimal import Decimal

import pytest

from bot.casework.cases import Awaiting
from bot.casework.limits import CouponRules
from bot.casework.marketplaces import MarketplaceRules
from bot.casework.orders import BuyerType, Marketplace, OrderStatus
from bot.casework.problems import ProblemRules, Rounds
from bot.casework.refusals import RefusalReason
from bot.casework.remedies import Coupon, RemedyKind
from bot.casework.turns import Floor
from bot.playbooks.checks import check_remedy
from bot.playbooks.ladder import build_remedies
from bot.playbooks.steps import ConfirmRemedy, OfferRemedies, RemedyRequested
from bot.services.hand_off import HandedOff
from bot.store.tables import offers
from tests.factories import NOW, TODAY, a_case, a_line, an_order, eur, granted, the_rulebook

DISCOUNT, COUPON = RemedyKind.DISCOUNT, RemedyKind.COUPON
REPLACEMENT, REFUND = RemedyKind.REPLACEMENT, RemedyKind.REFUND
THREE_ROUNDS: Rounds = ((DISCOUNT,), (DISCOUNT,), (REPLACEMENT, REFUND))


def in_rounds(*rounds, first=Decimal(3), **changes):
    """The rulebook with that ladder for damaged goods; five percent, three before that."""
    given = {"ladder": rounds, "discount_percent": Decimal(5), "first_discount_percent": first}
    rules = ProblemRules(**(given | changes))

    return the_rulebook(problems={"damaged_item": rules})


@pytest.fixture
def offered(dialog):
    """A damaged mug, and the first round on offer."""
    chat = dialog(an_order(), rules=in_rounds(*THREE_ROUNDS))
    assert chat.says("damaged_item", photos=1) == OfferRemedies

    return chat


def kinds(chat):
    """What the last offer has."""
    rows = sorted(chat.shop.rows(offers), key=lambda row: row["made_at"])

    return [option["kind"] for option in rows[-1]["options"]]


def test_every_no_goes_one_round_down_and_the_last_brings_a_person(offered):
    """
    Three percent, five percent, the goods again or the money, somebody who decides.
    """
    chat = offered
    assert not chat.said.another
    assert chat.amounts == []
    assert [option.it.percent for option in chat.said.choices[:-1]] == [Decimal(3)]

    assert chat.says("deny") == OfferRemedies
    assert chat.said.another
    assert [option.it.percent for option in chat.said.choices[:-1]] == [Decimal(5)]

    assert chat.says("deny") == OfferRemedies
    assert kinds(chat) == ["replacement", "refund"]

    assert chat.says("deny") == HandedOff
    assert chat.handed_off_for == ["offer_declined"]
    assert chat.floor is Floor.WAITING
    assert chat.remedies == []


def test_what_is_taken_in_a_later_round_is_given(offered):
    """
    With the terms of that round.
    """
    chat = offered
    chat.says("deny")
    assert chat.presses("option:0") == ConfirmRemedy
    assert chat.presses("yes") == RemedyRequested
    assert chat.amounts == [100]


def test_no_to_the_exact_terms_is_no_to_the_round_yet(offered):
    """
    Who shrinks back from the terms is shown the same choice again.
    """
    chat = offered
    chat.presses("option:0")

    assert chat.presses("no") == OfferRemedies
    assert chat.said.again
    assert not chat.said.another


def test_who_asks_for_the_money_while_none_is_on_offer_has_said_no(offered):
    """
    "I just want my money back" under a discount leads down to where it is on offer, a round a
    time, and is taken for a choice there.
    """
    chat = offered
    assert chat.says("refund_request", "my money back please") == OfferRemedies
    assert chat.said.another

    chat.says("refund_request", "my money back please")
    assert kinds(chat) == ["replacement", "refund"]

    assert chat.says("refund_request", "my money back please") == ConfirmRemedy
    assert chat.said.remedy.kind is REFUND


def test_an_earlier_round_does_not_come_back(offered):
    """
    Neither after a silence nor when the order has changed.
    """
    chat = offered
    chat.says("deny")
    chat.waits(days=4)

    assert chat.says("affirm") == OfferRemedies
    assert chat.said.renewed
    assert [option.it.percent for option in chat.said.choices[:-1]] == [Decimal(5)]


def test_a_round_of_which_nothing_is_possible_is_passed_over(dialog):
    """
    No mug is left: after the discount comes the money, and after that a person.
    """
    rules = in_rounds((DISCOUNT,), (REPLACEMENT,), (REFUND,), first=None)
    chat = dialog(an_order(lines=(a_line(stock=0),)), rules=rules)
    chat.says("damaged_item", photos=1)
    chat.says("deny")
    assert kinds(chat) == ["refund"]

    assert chat.says("deny") == HandedOff


def test_the_rounds_that_were_passed_are_in_the_ledger(dialog):
    """
    With the reason why nothing of them was offered.
    """
    rules = in_rounds((REPLACEMENT,), (REFUND,))
    chat = dialog(an_order(lines=(a_line(stock=0),)), rules=rules)
    chat.says("damaged_item", photos=1)
    asked = [rule["name"] for rule in chat.decisions[-1]["rules"]]

    assert asked == [
        "ladder.default",
        "replacement.out_of_stock",
        "refund",
        "within_limit.refund",
    ]


def test_a_no_survives_a_question_in_between(offered):
    """
    How far down the ladder they are is part of the case.
    """
    chat = offered
    chat.says("deny")
    chat.says("order_status", order="DEMO-1003")

    assert chat.reply == OfferRemedies
    assert chat.cases[0]["known"]["round"] == 1
    assert chat.awaiting is Awaiting.CHOICE


# For whom


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [REFUND]),
        ({"country": "PL"}, [REPLACEMENT]),
        ({"buyer_type": BuyerType.WHOLESALE}, [DISCOUNT]),
        ({"buyer_type": BuyerType.WHOLESALE, "country": "PL"}, [DISCOUNT]),
    ],
)
def test_a_buyer_gets_the_ladder_that_is_written_for_them(changes, expected):
    """
    The buyer type comes before the country group, and both before the common ladder.
    """
    rules = the_rulebook(
        country_groups={"neighbours": ("PL", "CZ")},
        problems={
            "damaged_item": ProblemRules(
                ladder=((REFUND,),),
                ladders={"neighbours": ((REPLACEMENT,),), "wholesale": ((DISCOUNT,),)},
                discount_percent=Decimal(5),
            )
        },
    )
    remedies, _ = build_remedies("damaged_item", a_case(), an_order(**changes), rules, TODAY)

    assert [remedy.kind for remedy in remedies] == expected


def test_what_has_not_arrived_has_a_ladder_of_its_own():
    """
    Where the seller wrote one, and only while the buyer says that it has not come.
    """
    rules = in_rounds((DISCOUNT,), before_arrival=((REFUND,),))

    def found(arrived):
        case = a_case(arrived=arrived)
        return [
            one.kind for one in build_remedies("damaged_item", case, an_order(), rules, TODAY)[0]
        ]

    assert found(False) == [REFUND]
    assert found(True) == found(None) == [DISCOUNT]


# Where it was bought


def at_wish(**changes):
    """The rulebook with other rules for Wish."""
    wish = MarketplaceRules(name="Wish", front_desk="the app", **changes)
    rules = the_rulebook(
        coupon=CouponRules(percent=Decimal(10), valid_days=60),
        marketplaces=dict(the_rulebook().marketplaces) | {Marketplace.WISH: wish},
        problems={
            "damaged_item": ProblemRules(
                ladder=((COUPON, DISCOUNT, REFUND),), discount_percent=Decimal(5)
            )
        },
    )

    return rules, an_order(marketplace=Marketplace.WISH)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [COUPON, DISCOUNT, REFUND]),
        ({"promotions": False}, [DISCOUNT, REFUND]),
        ({"may_offer": (COUPON, REFUND)}, [COUPON, REFUND]),
        ({"may_offer": (COUPON, REFUND), "promotions": False}, [REFUND]),
        ({"may_offer": ()}, []),
    ],
)
def test_only_what_the_marketplace_allows_is_offered(changes, expected):
    """
    A coupon for the next order is a promotion, which some forbid.
    """
    rules, order = at_wish(**changes)
    remedies, looked_at = build_remedies("damaged_item", a_case(), order, rules, TODAY)

    assert [remedy.kind for remedy in remedies] == expected
    left_out = {rule.name for rule in looked_at if not rule.held}
    assert left_out == {
        f"{kind}.not_offered_there" for kind in (COUPON, DISCOUNT, REFUND) if kind not in expected
    }


def test_what_was_picked_is_checked_against_the_marketplace_again():
    """
    The rulebook may change between the offer and the yes.
    """
    rules, order = at_wish(may_offer=())
    refusal = check_remedy(
        Coupon(order_id=3, percent=Decimal(10), valid_days=60), order, rules, TODAY
    )

    assert refusal
    assert (refusal.reason, refusal.compared) == (
        RefusalReason.NOT_OFFERED_THERE,
        "coupon on wish",
    )


def test_a_coupon_says_its_terms():
    """
    Percent and days from the seller's coupon, the discount on these goods with it.
    """
    rules, order = at_wish()
    coupon = build_remedies("damaged_item", a_case(), order, rules, TODAY)[0][0]

    assert coupon == Coupon(
        order_id=3, line_id=1, quantity=1, amount=eur("1"), percent=Decimal(10), valid_days=60
    )


def test_a_cancelled_order_goes_down_no_ladder():
    """
    Whatever round the case is in.
    """
    order = an_order(status=OrderStatus.CANCELLED)
    for number in range(4):
        case = a_case(round=number)
        rules = in_rounds(*THREE_ROUNDS)
        assert build_remedies("damaged_item", case, order, rules, NOW.date())[0] == ()
    settled = an_order(granted=(granted(),))
    assert build_remedies("damaged_item", a_case(), settled, rules, TODAY)[0] == ()
