"""Something else came than was ordered, or is about to: every branch of AFTER_SALES.md, 3."""

from decimal import Decimal

import pytest

from bot.casework.cases import CaseState
from bot.casework.limits import CouponRules
from bot.casework.orders import BuyerType, OrderStatus, ShipMode
from bot.casework.problems import ProblemRules
from bot.casework.remedies import RemedyKind
from bot.casework.rulebook import Rulebook
from bot.playbooks.steps import (
    AlreadySettled,
    ApprovalAsked,
    AskForPhoto,
    ConfirmRemedy,
    FrontDesk,
    HowMany,
    NothingAllowed,
    OfferRemedies,
    OrderIsOff,
    RemedyRequested,
    WhichLine,
)
from bot.playbooks.wrong_item import HasItCome, NotPackedYet, OfferToStop, WaitForIt, WhatCame
from bot.services.case_work import NotQuite
from bot.services.hand_off import HandedOff
from bot.store.tables import claims
from tests.factories import (
    a_lamp,
    a_line,
    a_parcel,
    an_order,
    an_order_by_marketplace,
    days_ago,
    eur,
    the_caps,
    the_rulebook,
    with_ladder,
)

DISCOUNT, COUPON = RemedyKind.DISCOUNT, RemedyKind.COUPON
REPLACEMENT, EXCHANGE = RemedyKind.REPLACEMENT, RemedyKind.EXCHANGE
RETURN, REFUND = RemedyKind.RETURN, RemedyKind.REFUND
DEAR = (a_lamp(id=1),)


def the_rules(**changes) -> Rulebook:
    """
    All that section 3 knows: rounds, ladders for some buyers, a warehouse, intercepts.

    Goods for Germany are packed by the seller, those for the USA by the overseas warehouse.
    """
    wrong_item = ProblemRules(
        ladder=((DISCOUNT,), (DISCOUNT, COUPON), (REPLACEMENT, EXCHANGE), (RETURN, REFUND)),
        ladders={
            "project": ((REPLACEMENT,), (RETURN, REFUND)),
            "wholesale": ((DISCOUNT,), (RETURN, REFUND)),
            "developed": ((REPLACEMENT, EXCHANGE, RETURN, REFUND), (DISCOUNT,)),
        },
        before_arrival=((RemedyKind.INTERCEPT,),),
        ask_photo=True,
        first_discount_percent=Decimal(3),
        discount_percent=Decimal(5),
    )
    given = {
        "problems": {"wrong_item": wrong_item},
        "coupon": CouponRules(percent=Decimal(10), valid_days=90),
        "country_groups": {"overseas": ("US",), "developed": ("CH",)},
        "packed_by_warehouse": ("overseas",),
    }

    return the_rulebook(**(given | changes))


def under_way(mode: ShipMode = ShipMode.EXPRESS, **changes):
    """An order on its way to the buyer."""
    return an_order(**({"status": OrderStatus.SHIPPED, "ship_mode": mode} | changes))


def at_the_offer(dialog, *orders, rules: Rulebook | None = None, came: str = "another_product"):
    """A conversation that has come to its first offer."""
    chat = dialog(*(orders or (an_order(),)), rules=rules or the_rules())
    chat.says("wrong_item", "I received the wrong thing", photos=1)
    chat.presses(f"came:{came}")

    return chat


def claimed(chat) -> list[tuple[object, object]]:
    """Against whom claims stand, and why."""
    return [(row["against"], row["reason"]) for row in chat.shop.rows(claims)]


# The way through


def test_wrong_goods_are_made_good_after_what_came_a_photo_and_a_yes(dialog):
    """
    One apology, whose mistake, a photo, an offer, an explicit yes, and the promise to do better.
    """
    chat = dialog(an_order())

    assert chat.says("wrong_item", "this is not my mug", order="DEMO-1003") == WhatCame
    assert not chat.said.apologised
    assert chat.labels == ["came_another_product", "came_another_variant", "came_another_parcel"]
    assert chat.presses("came:another_product") == AskForPhoto
    assert chat.said.again  # no second apology
    assert chat.sends_photo() == OfferRemedies
    assert (chat.said.problem, chat.said.apologised) == ("wrong_item", True)
    assert chat.says("choose_option", "please send the right one, a replacement") == ConfirmRemedy
    assert chat.says("affirm") == RemedyRequested
    assert chat.said.never_again
    assert chat.remedies == ["replacement"]


def test_broken_goods_come_with_no_such_promise(dialog):
    """
    What breaks on its way may break again.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.said.never_again is False


def test_what_came_is_not_asked_if_it_was_told(dialog):
    """
    A plain opening says it; then the request for a photo brings the apology.
    """
    chat = dialog(an_order())

    assert chat.says("wrong_item", "I got the wrong colour") == AskForPhoto
    assert not chat.said.again
    assert chat.cases[0]["known"]["came"] == "another_variant"


@pytest.mark.parametrize("intent", ["wrong_item", "provide_details", "out_of_scope", "deny"])
def test_what_came_may_be_written(dialog, intent):
    """
    Whatever the model takes the answer for.
    """
    chat = dialog(an_order())
    chat.says("wrong_item", "this is not my mug")

    assert chat.says(intent, "a red mug instead of a blue one") == AskForPhoto
    assert chat.cases[0]["known"]["came"] == "another_variant"
    assert len(chat.cases) == 1


def test_what_came_is_asked_again_once(dialog):
    """
    Then a person takes over.
    """
    chat = dialog(an_order())
    chat.says("wrong_item")

    assert chat.says("provide_details", "hm, something with a handle") == WhatCame
    assert chat.replies == [NotQuite, WhatCame]
    assert chat.said.again
    assert chat.says("provide_details", "with a handle I said") == HandedOff


@pytest.mark.parametrize("no", ["no_photo", "deny"])
def test_who_cannot_take_a_photo_goes_on(dialog, no):
    """
    The offer is made without one.
    """
    chat = dialog(an_order())
    chat.says("wrong_item")
    chat.presses("came:another_product")

    assert chat.says(no) == OfferRemedies
    assert chat.said.photos == 0


def test_a_seller_may_do_without_photos(dialog):
    """
    Then the offer follows what came.
    """
    rules = the_rulebook(problems={"wrong_item": ProblemRules(ladder=((REPLACEMENT,),))})
    chat = dialog(an_order(), rules=rules)
    chat.says("wrong_item")

    assert chat.presses("came:another_variant") == OfferRemedies


def test_its_ladder_is_its_own(dialog):
    """
    The seller may make good a wrong item in another way than a broken one.
    """
    chat = at_the_offer(dialog, rules=with_ladder("wrong_item", REFUND, REPLACEMENT))

    assert chat.labels == ["refund_option", "replacement_option", "person"]


def test_a_wrong_line_and_the_number_of_pieces_are_asked_for(dialog):
    """
    Of two products one was wrong, and of its three pieces one.
    """
    chat = dialog(an_order(lines=(a_line(quantity=3), a_lamp())))

    assert chat.says("wrong_item") == WhichLine
    assert chat.presses("line:1") == HowMany
    assert chat.says("provide_details", "one") == WhatCame
    chat.presses("came:another_variant")
    chat.presses("no_photo")
    chat.presses("option:0")
    chat.presses("yes")
    assert chat.amounts == [100]


def test_a_colour_tells_the_line_apart(dialog):
    """
    Two mugs in two colours: the word for one of them is enough.
    """
    green = a_line(id=2, sku="MUG-2", variant="green")
    chat = dialog(an_order(lines=(a_line(), green)))

    assert chat.says("wrong_item", "instead of the green mug I got a cup") == AskForPhoto
    assert chat.said.line.sku == "MUG-2"


# Whose mistake it was


def test_wrong_goods_of_the_overseas_warehouse_are_claimed_from_it(dialog):
    """
    On record with the remedy: it usually pays in time (AFTER_SALES.md, 3.6).
    """
    chat = at_the_offer(dialog, an_order(country="US"), came="another_variant")
    assert claimed(chat) == []
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.remedies == ["discount"]
    assert claimed(chat) == [("warehouse", "another variant packed, country group overseas")]
    assert chat.decisions[-1]["rules"][-1]["name"] == "claim.warehouse"


def test_wrong_goods_that_the_seller_packed_are_claimed_from_nobody(dialog):
    """
    It was the seller's own mistake.
    """
    chat = at_the_offer(dialog, an_order(country="DE"))
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.remedies == ["discount"]
    assert claimed(chat) == []


@pytest.mark.parametrize("country", ["US", "DE"])
def test_somebody_elses_parcel_is_the_carriers_mistake(dialog, country):
    """
    Whoever packed it.
    """
    chat = at_the_offer(dialog, an_order(country=country), came="another_parcel")
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.remedies == ["replacement"]
    assert claimed(chat) == [("carrier", "somebody else's parcel was delivered")]


@pytest.mark.parametrize("lines", [(a_line(),), DEAR])
def test_somebody_elses_parcel_is_nobodys_to_keep(dialog, lines):
    """
    No discount, coupon or refund for keeping it, cheap or dear; what came goes back.
    """
    kinds = []
    chat = at_the_offer(dialog, an_order(lines=lines), came="another_parcel")
    while chat.awaiting == "choice":
        kinds += [label for label in chat.labels if label != "person"]
        chat.says("deny", "no")

    assert kinds == ["replacement_option", "exchange_option", "return_option"]
    assert chat.handed_off_for == ["offer_declined"]


def test_the_claim_stands_even_if_a_person_settles(dialog):
    """
    The buyer wants nothing of what is offered; the warehouse packed it wrong all the same.
    """
    rules = the_rules(
        problems={"wrong_item": ProblemRules(ladder=((REPLACEMENT,),))},
    )
    chat = at_the_offer(dialog, an_order(country="US"), rules=rules)

    assert chat.says("deny") == HandedOff
    assert claimed(chat) == [("warehouse", "another product packed, country group overseas")]


def test_the_claim_stands_even_if_nothing_can_be_offered(dialog):
    """
    Nothing in stock, and only a replacement is in the ladder.
    """
    rules = the_rules(problems={"wrong_item": ProblemRules(ladder=((REPLACEMENT,),))})
    chat = at_the_offer(dialog, an_order(country="US", lines=(a_line(stock=0),)), rules=rules)

    assert chat.replies == [NothingAllowed, HandedOff]
    assert [against for against, _ in claimed(chat)] == ["warehouse"]


def test_what_a_person_has_to_approve_is_claimed_as_well(dialog):
    """
    The claim does not wait for the approval.
    """
    rules = the_rules(caps=the_caps(per_remedy={"EUR": Decimal("0.50")}))
    chat = at_the_offer(dialog, an_order(country="US"), rules=rules)
    chat.presses("option:0")

    assert chat.presses("yes") == ApprovalAsked
    assert [against for against, _ in claimed(chat)] == ["warehouse"]


# What is offered: worth, rounds, who buys


def test_cheap_goods_stay_round_by_round(dialog):
    """
    3 percent, 5 percent or a coupon with them, the right one, the money; then a person.
    """
    chat = at_the_offer(dialog)

    assert chat.labels == ["discount_option", "person"]
    assert chat.answers[-1]["text"].count("another': False") == 1
    chat.says("deny", "no")
    assert chat.said.another
    assert chat.labels == ["discount_option", "coupon_option", "person"]
    chat.says("deny", "no")
    assert chat.labels == ["replacement_option", "person"]
    chat.says("deny", "no")
    assert chat.labels == ["refund_option", "person"]
    chat.says("deny", "no")
    assert chat.handed_off_for == ["offer_declined"]
    assert chat.remedies == []


@pytest.mark.parametrize(("declined", "cents"), [(0, 60), (1, 100)])
def test_the_discount_grows_after_a_no(dialog, declined, cents):
    """
    3 percent of 20 euros first, 5 then (AFTER_SALES.md, 3.4).
    """
    chat = at_the_offer(dialog)
    for _ in range(declined):
        chat.says("deny", "no")
    chat.presses("option:0")
    chat.presses("yes")

    assert (chat.remedies, chat.amounts) == (["discount"], [cents])


def test_the_next_order_may_be_cheaper_instead(dialog):
    """
    A coupon for the next order, and the discount on the wrong goods with it.
    """
    chat = at_the_offer(dialog)
    chat.says("deny", "no")

    assert chat.presses("option:1") == ConfirmRemedy
    assert (chat.said.remedy.percent, chat.said.remedy.valid_days) == (10, 90)
    chat.presses("yes")
    assert (chat.remedies, chat.amounts) == (["coupon"], [100])


def test_dear_goods_go_back_before_the_right_ones_or_the_money_follow(dialog):
    """
    Worth more than their way back: exchanged or returned, and not sent again for nothing.
    """
    rules = the_rules(return_to={"overseas": "Warehouse 7, Newark"})
    chat = at_the_offer(dialog, an_order(lines=DEAR, country="US"), rules=rules)
    chat.says("deny", "no")
    chat.says("deny", "no")

    assert chat.labels == ["exchange_option", "person"]
    assert chat.presses("option:0") == ConfirmRemedy
    assert (chat.said.remedy.sku, chat.said.remedy.amount) == ("LAMP-1", None)
    assert chat.said.return_to == "Warehouse 7, Newark"
    chat.presses("no")
    chat.says("deny", "no")
    assert chat.labels == ["return_option", "person"]
    chat.presses("option:0")
    assert chat.presses("yes") == RemedyRequested
    assert chat.said.return_to == "Warehouse 7, Newark"
    assert (chat.remedies, chat.amounts) == (["return"], [6000])


def test_an_exchange_takes_the_right_goods_from_stock(dialog):
    """
    They leave before the wrong ones are back.
    """
    rules = with_ladder("wrong_item", EXCHANGE)
    chat = at_the_offer(dialog, an_order(lines=DEAR), rules=rules)
    chat.presses("option:0")
    chat.presses("yes")

    assert chat.remedies == ["exchange"]
    assert chat.shop.stock("LAMP-1") == 0


def test_a_project_gets_the_right_goods_first(dialog):
    """
    The buyer's own work waits for them, so they are sent whatever they are worth.
    """
    chat = at_the_offer(dialog, an_order(lines=DEAR, buyer_type=BuyerType.PROJECT))

    assert chat.labels == ["replacement_option", "person"]


def test_wholesale_is_offered_a_discount_first(dialog):
    """
    They can resell what came.
    """
    chat = at_the_offer(dialog, an_order(buyer_type=BuyerType.WHOLESALE, country="CH"))

    assert chat.labels == ["discount_option", "person"]
    chat.says("deny", "no")
    assert chat.labels == ["refund_option", "person"]


def test_developed_countries_are_offered_the_right_goods_or_the_money_first(dialog):
    """
    Nobody there wants unwanted goods for a little less.
    """
    chat = at_the_offer(dialog, an_order(country="CH"))

    assert chat.labels == ["replacement_option", "refund_option", "person"]


@pytest.mark.parametrize(
    ("changes", "name", "compared"),
    [
        ({}, "ladder.default", "buyer_type retail, country_group default"),
        ({"buyer_type": BuyerType.WHOLESALE}, "ladder.wholesale", "buyer_type wholesale"),
        ({"country": "CH"}, "ladder.developed", "country_group developed: CH"),
    ],
)
def test_the_ledger_says_whose_ladder_it_was(dialog, changes, name, compared):
    """
    As a rule beside the remedies that it names.
    """
    chat = at_the_offer(dialog, an_order(**changes))

    rule = chat.decisions[-1]["rules"][0]
    assert rule == {"name": name, "held": True, "compared": compared}


# Before it arrives


@pytest.mark.parametrize("mode", [ShipMode.EXPRESS, ShipMode.SEA])
@pytest.mark.parametrize("told", [True, False])
def test_noticed_under_way_it_is_stopped(dialog, mode, told):
    """
    By express the courier, by sea the forwarder; asked if it came, or told before (3.5).
    """
    chat = dialog(under_way(mode, country="US"), rules=the_rules())
    if told:
        answer = chat.says("wrong_item", "it has not arrived yet but the wrong size was packed")
    else:
        assert chat.says("wrong_item", "the wrong size was packed") == HasItCome
        assert chat.said.card
        answer = chat.says("deny", "no, not yet")

    assert answer == OfferToStop
    assert chat.said.by_sea is (mode is ShipMode.SEA)
    assert chat.labels == ["intercept_option", "person"]
    assert chat.says("affirm") == ConfirmRemedy
    assert chat.remedies == []
    assert chat.says("affirm") == RemedyRequested
    assert (chat.remedies, chat.amounts) == (["intercept"], [2000])
    assert claimed(chat) == [("warehouse", "wrong goods packed, country group overseas")]


def test_the_ledger_says_that_it_had_not_arrived(dialog):
    """
    Another ladder held for it.
    """
    chat = dialog(under_way(), rules=the_rules())
    chat.says("wrong_item", "it has not arrived yet")

    assert chat.decisions[-1]["rules"][0]["name"] == "ladder.before_arrival"
    assert chat.decisions[-1]["rules"][0]["compared"] == "shipped, not arrived"


def test_a_parcel_is_stopped_whole(dialog):
    """
    The lamp travels back with the wrong mug, so its price goes back as well.
    """
    chat = dialog(under_way(lines=(a_line(), a_lamp())), rules=the_rules())
    chat.says("wrong_item", "the mug is the wrong one, it has not arrived yet")
    chat.presses("option:0")
    chat.presses("yes")

    assert (chat.remedies, chat.amounts) == (["intercept"], [8000])


@pytest.mark.parametrize("mode", [ShipMode.POST, ShipMode.AIR])
def test_what_cannot_be_stopped_is_waited_for(dialog, mode):
    """
    When it is there, the buyer writes again and is helped.
    """
    order = under_way(mode)
    chat = dialog(order, rules=the_rules())

    assert chat.says("wrong_item", "it has not arrived yet") == WaitForIt
    assert chat.said.expected_by == order.promised_by
    assert not chat.said.declined
    assert chat.buttons == ["person"]
    chat.shop.take_in(an_order())
    assert chat.says("wrong_item", "I got the wrong colour") == AskForPhoto


def test_a_rulebook_without_a_ladder_for_it_waits_too(dialog):
    """
    Nothing of the other ladder is given away for goods that nobody has seen.
    """
    chat = dialog(under_way())

    assert chat.says("wrong_item", "it has not arrived yet") == WaitForIt


def test_who_would_rather_have_it_come_waits(dialog):
    """
    A no to stopping it needs no person.
    """
    chat = dialog(under_way(promised_by=days_ago(1).date()), rules=the_rules())
    chat.says("wrong_item", "it has not arrived yet")

    assert chat.says("deny", "no, let it come") == WaitForIt
    assert chat.said.declined
    assert chat.said.expected_by is None  # no day that is over already is promised
    assert chat.floor == "BOT"
    assert chat.remedies == []


@pytest.mark.parametrize("how", ["photo", "photo later", "yes", "words", "told", "answer"])
def test_who_has_it_already_goes_on(dialog, how):
    """
    Tracking is often a day behind: a photo, a yes or the story itself says that it came.
    """
    chat = dialog(under_way(), rules=the_rules())
    if how == "photo":
        answer = chat.says("wrong_item", "look", photos=1)
    elif how == "told":
        answer = chat.says("wrong_item", "I received a cup")
    else:
        assert chat.says("wrong_item", "a cup, really") == HasItCome
        answer = {
            "photo later": chat.sends_photo,
            "yes": lambda: chat.presses("yes"),
            "words": lambda: chat.says("affirm", "yes it is here"),
            "answer": lambda: chat.says("wrong_item", "a cup is here and no mug"),
        }[how]()

    assert answer == WhatCame
    assert len(chat.cases) == 1
    asked_before = how in ("yes", "words", "answer", "photo later")
    assert chat.said.apologised is asked_before


def test_a_parcel_that_comes_meanwhile_is_made_good_as_any_other(dialog):
    """
    The yes to stopping it comes too late, and stops nothing.
    """
    chat = dialog(under_way(), rules=the_rules())
    chat.says("wrong_item", "it has not arrived yet")
    chat.presses("option:0")
    chat.shop.take_in(an_order(ship_mode=ShipMode.EXPRESS))

    assert chat.presses("yes") == WhatCame
    chat.presses("came:another_variant")
    chat.sends_photo()
    assert chat.reply == OfferRemedies
    assert chat.labels == ["discount_option", "person"]
    assert chat.remedies == []


def test_what_has_not_left_can_still_be_stopped(dialog):
    """
    Nothing wrong of it can have come; cancelling it is one button away (AFTER_SALES.md, 3.5).
    """
    chat = dialog(an_order(status=OrderStatus.PROCESSING))

    assert chat.says("wrong_item") == NotPackedYet
    assert chat.buttons == ["intent:cancel_order", "person"]
    assert chat.presses("intent:cancel_order") == ConfirmRemedy
    chat.presses("yes")
    assert chat.remedies == ["cancellation"]


# When it cannot be


def test_the_marketplace_settles_what_it_sent(dialog):
    """
    Goods fulfilled by the marketplace: its front desk does all after-sales (AFTER_SALES.md, 3.3).
    """
    chat = dialog(an_order_by_marketplace(country="US"), rules=the_rules())

    assert chat.says("wrong_item", photos=1) == FrontDesk
    assert chat.said.marketplace == "Amazon"
    assert claimed(chat) == []


@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.REFUSED])
def test_an_order_that_is_off_has_brought_nothing(dialog, status):
    """
    It must be another one.
    """
    chat = dialog(an_order(status=status))

    assert chat.says("wrong_item") == OrderIsOff


def test_after_the_time_for_returns_dear_goods_do_not_come_back(dialog):
    """
    Neither for the right ones nor for the money; a person decides beyond the discount.
    """
    parcel = a_parcel(shipped_at=days_ago(50), delivered_at=days_ago(40))
    order = an_order(lines=DEAR, parcel=parcel, placed_at=days_ago(60))
    chat = at_the_offer(dialog, order)
    chat.says("deny", "no")
    chat.says("deny", "no")

    assert chat.handed_off_for == ["offer_declined"]


@pytest.mark.parametrize("first", ["damaged_item", "wrong_item"])
def test_two_complaints_about_one_mug_get_one_remedy(dialog, first):
    """
    Wrong and broken at once: whatever settles the one has settled the other, without a word more.
    """
    second = {"damaged_item": "wrong_item", "wrong_item": "damaged_item"}[first]
    chat = dialog(an_order())
    chat.says(first, "it is another product than I ordered")
    chat.says(second, "another product, and it is broken", photos=1)
    chat.presses("option:1")

    chat.presses("yes")
    assert chat.replies == [RemedyRequested]
    assert [case["state"] for case in chat.cases] == [CaseState.SETTLED, CaseState.SETTLED]
    assert chat.says(first) == AlreadySettled
    assert chat.remedies == ["replacement"]


def test_the_terms_follow_an_order_that_changes(dialog):
    """
    The shop corrects the price: the old offer falls, and the new one is of the new price.
    """
    chat = at_the_offer(dialog)
    chat.presses("option:0")
    chat.shop.take_in(an_order(lines=(a_line(unit_price=eur("10")),)))

    assert chat.presses("yes") == OfferRemedies
    assert chat.said.renewed
    chat.presses("option:0")
    chat.presses("yes")
    assert chat.amounts == [30]
