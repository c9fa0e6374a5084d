"""The way of a case as it is explained: the one that a conversation takes, and nothing written."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.casework.decisions import Close, HandOff, Perform, Propose, Reason
from bot.casework.marketplaces import MarketplaceRules
from bot.casework.orders import BuyerType, Marketplace, Order, OrderStatus
from bot.casework.remedies import Coupon, RemedyKind
from bot.casework.rulebook import Rulebook
from bot.playbooks import PLAYBOOKS
from bot.playbooks.steps import AlreadySettled, FrontDesk
from bot.replies import Templates
from bot.rulebook import load_rulebook
from bot.services.explain import Explanation, explain
from bot.settings import ROOT
from tests.factories import (
    NOW,
    a_lamp,
    a_line,
    an_order,
    an_order_by_marketplace,
    days_ago,
    eur,
    granted,
    the_caps,
    the_rulebook,
    with_ladder,
)
from tests.playbooks.test_every_playbook import order_for

PROBLEMS = [intent for intent, playbook in PLAYBOOKS.items() if playbook.has_ladder]
STATES = {
    "pending": an_order(status=OrderStatus.PENDING),
    "under way": an_order(status=OrderStatus.SHIPPED),
    "overdue": an_order(overdue=True),
    "delivered": an_order(),
    "refused": an_order(status=OrderStatus.REFUSED),
    "cancelled": an_order(status=OrderStatus.CANCELLED),
    "of two lines": an_order(lines=(a_line(quantity=2), a_lamp(stock=9))),
    "made good": an_order(granted=(granted(),)),
    "by the marketplace": an_order_by_marketplace(),
}
EVERY = pytest.mark.parametrize("intent", PLAYBOOKS)
EVERY_STATE = pytest.mark.parametrize("state", STATES)


def last(explanation: Explanation) -> object:
    """The last decision of the way."""
    return explanation.turns[-1].decision


@EVERY
@EVERY_STATE
def test_every_case_can_be_explained(intent: str, state: str) -> None:
    """
    To an end, whatever the order is like.
    """
    explained = explain(STATES[state], intent, the_rulebook(), NOW)

    assert explained.turns
    if not explained.stuck:
        assert isinstance(last(explained), Perform | HandOff | Close)


@pytest.mark.parametrize("intent", PROBLEMS)
def test_the_way_is_the_one_that_a_conversation_takes(dialog, intent: str) -> None:
    """
    What the explained buyer says, said to the bot: the same decisions, the same remedy.
    """
    chat = dialog(order_for(intent))
    with chat.shop.house.units.reading() as unit:
        order = unit.orders.find("demo", "DEMO-1003")
    assert order
    explained = explain(order, intent, chat.shop.rules, chat.shop.now)
    chat.says(intent, order="DEMO-1003")
    for turn in (one.turn for one in explained.turns[1:]):
        if turn.photos:
            chat.sends_photo()
        elif turn.choice:
            chat.presses(turn.choice)
        else:
            chat.says(turn.intent, turn.text)

    assert [row["step"] for row in chat.decisions] == [one.decided_by for one in explained.turns]
    decision = last(explained)
    assert isinstance(decision, Perform)
    amount = decision.remedy.amount
    assert chat.remedies == [decision.remedy.kind]
    assert chat.amounts == [amount.minor if amount else None]


def test_each_step_says_what_it_found() -> None:
    """
    A refund request that turns out to be a late parcel goes on as one.
    """
    explained = explain(an_order(overdue=True), "refund_request", the_rulebook(), NOW)
    steps = explained.turns[0].steps

    handed_over = next(step for step in steps if step.found)
    assert (handed_over.playbook, handed_over.step) == ("refund_request", "go_by_status")
    assert handed_over.found == ("playbook: refund_request -> late_delivery",)
    assert steps[-1].playbook == "late_delivery"
    assert explained.ladder
    assert explained.ladder.problem == "late_delivery"


def test_every_round_is_looked_at() -> None:
    """
    Also those that an agreeable buyer never sees, with what is left out and why.
    """
    rules = load_rulebook(ROOT / "rulebook")
    explained = explain(an_order(country="KZ", lines=(a_line(stock=0),)), "wrong_item", rules, NOW)

    assert explained.ladder
    assert explained.ladder.audience == "default"
    assert len(explained.ladder.rounds) == len(rules.problems["wrong_item"].ladder)
    by_kind = {one.kind: one for kinds in explained.ladder.rounds[2:] for one in kinds}
    assert by_kind[RemedyKind.REPLACEMENT].remedy is None
    assert [(rule.name, rule.compared) for rule in by_kind[RemedyKind.REPLACEMENT].because] == [
        ("replacement.out_of_stock", "MUG-1: 0 < 1")
    ]
    refund = by_kind[RemedyKind.REFUND]
    assert refund.remedy
    assert refund.remedy.amount == eur("20")
    assert not refund.needs_approval


def test_both_percentages_are_shown() -> None:
    """
    3 % in the first round, 5 % after a no.
    """
    rules = load_rulebook(ROOT / "rulebook")
    explained = explain(an_order(country="KZ"), "wrong_item", rules, NOW)
    assert explained.ladder
    amounts = [
        one.remedy.amount
        for kinds in explained.ladder.rounds[:2]
        for one in kinds
        if one.kind is RemedyKind.DISCOUNT and one.remedy
    ]

    assert amounts == [eur("0.60"), eur("1")]


def test_what_needs_a_persons_yes_is_offered_and_says_so() -> None:
    """
    Over a cap: agreed with the buyer, then approved.
    """
    rules = the_rulebook(caps=the_caps(per_remedy={"EUR": Decimal(0)}))
    explained = explain(an_order(), "damaged_item", rules, NOW)

    assert explained.ladder
    discount = explained.ladder.rounds[0][0]
    assert discount.needs_approval
    assert discount.because[0].compared == "per_remedy: 0 + 100 > 0"
    decision = last(explained)
    assert isinstance(decision, Perform)
    assert decision.needs_approval


def test_the_audience_is_named() -> None:
    """
    A project has the ladder that was written for projects.
    """
    rules = load_rulebook(ROOT / "rulebook")
    explained = explain(an_order(buyer_type=BuyerType.PROJECT), "wrong_item", rules, NOW)

    assert explained.ladder
    assert explained.ladder.audience == "project"


def test_nothing_to_offer_shows_the_ladder_too() -> None:
    """
    Why a person has to decide is the very question then.
    """
    rules = with_ladder("damaged_item", RemedyKind.RETURN, return_within_days=0)
    order = an_order(lines=(a_line(unit_price=eur("90")),))
    explained = explain(order, "damaged_item", rules, NOW + timedelta(days=400))

    decision = last(explained)
    assert isinstance(decision, HandOff)
    assert decision.reason is Reason.NO_REMEDY
    assert explained.ladder
    ((only,),) = explained.ladder.rounds
    assert only.remedy is None
    assert only.because[0].name == "return.out_of_time"


def test_a_front_desk_ends_it_at_once() -> None:
    """
    No ladder is come to.
    """
    explained = explain(an_order_by_marketplace(), "damaged_item", the_rulebook(), NOW)

    assert isinstance(explained.turns[0].decision, Close)
    assert isinstance(explained.turns[0].decision.reply, FrontDesk)
    assert explained.turns[0].decided_by == "lead_to_front_desk"
    assert explained.ladder is None


def test_what_stands_already_ends_it() -> None:
    """
    The order is taken as it is now, with what was granted.
    """
    explained = explain(an_order(granted=(granted(),)), "damaged_item", the_rulebook(), NOW)

    assert isinstance(explained.turns[-1].decision.reply, AlreadySettled)


# What a marketplace forbids is not said there


@pytest.fixture(scope="module")
def words() -> Templates:
    """The bot's words."""
    return Templates(ROOT / "templates")


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    """Our own rulebook, with a coupon for whoever asks: nobody shall hear of it at Amazon."""
    rules = load_rulebook(ROOT / "rulebook")
    assert rules.coupon

    return replace(rules, coupon=replace(rules.coupon, on_request=True))


@EVERY
@EVERY_STATE
def test_amazons_buyers_hear_of_no_link_and_no_coupon(
    intent: str, state: str, shipped: Rulebook, words: Templates
) -> None:
    """
    In no reply, on no card, on no button, in no round of a ladder.
    """
    order = replace(STATES[state], marketplace=Marketplace.AMAZON)
    explained = explain(order, intent, shipped, NOW)
    desk = shipped.marketplaces[Marketplace.AMAZON].front_desk_url

    for turn in explained.turns:
        if turn.decision.reply is None:
            continue
        spoken = words.render(turn.decision.reply, "en", variant="0", now=NOW)
        said = f"{spoken.text} {spoken.choices} {spoken.card}".replace(desk, "").lower()
        assert "://" not in said
        assert "coupon" not in said
        assert "next order" not in said
        if isinstance(turn.decision, Propose):
            assert not any(isinstance(one, Coupon) for one in turn.decision.offer.options)
    if explained.ladder:
        offered = [one.remedy for kinds in explained.ladder.rounds for one in kinds]
        assert not any(isinstance(one, Coupon) for one in offered)


def test_a_shops_buyers_hear_of_both(shipped: Rulebook, words: Templates) -> None:
    """
    The test before this one looks at something.
    """
    tracked = explain(an_order(overdue=True), "tracking_link", shipped, NOW).turns[0].decision
    assert tracked.reply
    spoken = words.render(tracked.reply, "en", variant="0", now=NOW)
    assert "https://www.dhl.com" in f"{spoken.text} {spoken.card}"

    wrong = explain(an_order(country="KZ"), "wrong_item", shipped, NOW)
    assert wrong.ladder
    offered = [one.remedy for kinds in wrong.ladder.rounds for one in kinds]
    assert any(isinstance(one, Coupon) for one in offered)


def test_a_remedy_that_is_not_allowed_there_is_in_no_round() -> None:
    """
    `may_offer` holds for every kind.
    """
    places = the_rulebook().marketplaces
    only_refunds = MarketplaceRules(
        name="Wish", front_desk="the app", may_offer=(RemedyKind.REFUND,)
    )
    rules = the_rulebook(marketplaces=dict(places) | {Marketplace.WISH: only_refunds})
    order: Order = an_order(marketplace=Marketplace.WISH, placed_at=days_ago(9))
    explained = explain(order, "damaged_item", rules, NOW)

    assert explained.ladder
    offered = [one.kind for kinds in explained.ladder.rounds for one in kinds if one.remedy]
    assert offered == [RemedyKind.REFUND]
