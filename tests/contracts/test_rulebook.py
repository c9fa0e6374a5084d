"""The rulebook that we ship: it says what AFTER_SALES.md says, and nobody goes around it."""

import ast
from decimal import Decimal

import pytest

from bot.casework.orders import BuyerType, Fulfilment, Marketplace
from bot.casework.remedies import RemedyKind
from bot.casework.rulebook import FAQ_TOPICS, Rulebook
from bot.rulebook import load_rulebook
from bot.rulebook.advice import find_advice, find_unread, zero_caps
from bot.settings import ROOT
from tests.factories import an_order

FOLDER = ROOT / "rulebook"


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    """What a seller starts with."""
    return load_rulebook(FOLDER)


def test_there_is_nothing_to_look_at(rules: Rulebook) -> None:
    """
    Who has changed nothing is not told to change something.
    """
    assert find_advice(rules) == ()
    assert find_unread(FOLDER) == ()
    assert zero_caps(rules) == ()


def test_the_desk_has_a_limit_in_every_currency_that_caps_have(rules: Rulebook) -> None:
    """
    And two people decide above more than a lead may give alone, in each of them.
    """
    desk, capped = rules.desk, set(rules.caps.per_remedy)

    assert set(desk.limits) == {"agent", "lead"}
    for amounts in (*desk.limits.values(), desk.four_eyes_above):
        assert set(amounts) == capped
    for currency in capped:
        agent, lead = desk.limits["agent"][currency], desk.limits["lead"][currency]
        assert agent < lead <= desk.four_eyes_above[currency]


# Section 2: clocks and marks

CLOCKS = {
    "hand_over_days": 2,
    "tracking_visible_days": 3,
    "delivered_days": 14,
    "complaint_hours": 24,
    "ticket_hours": 48,
}
MARKS = {
    "valid_tracking_at_least": Decimal(95),
    "late_shipment_at_most": Decimal(10),
    "rating_at_least": Decimal(4),
    "refund_rate_at_most": Decimal(10),
    "counterfeit_rate_at_most": Decimal("0.5"),
}


@pytest.mark.parametrize(("clock", "number"), CLOCKS.items())
def test_wishs_clocks(rules: Rulebook, clock: str, number: int) -> None:
    """
    Days from the order to the carrier, tracking and door; hours for complaints and tickets.
    """
    assert getattr(rules.marketplaces[Marketplace.WISH].clocks, clock) == number


@pytest.mark.parametrize(("mark", "number"), MARKS.items())
def test_wishs_marks(rules: Rulebook, mark: str, number: Decimal) -> None:
    """
    What an honest store keeps to.
    """
    assert getattr(rules.marketplaces[Marketplace.WISH].marks, mark) == number


def test_what_is_not_known_is_not_guessed(rules: Rulebook) -> None:
    """
    The articles name Wish's numbers only.
    """
    for name in set(Marketplace) - {Marketplace.WISH}:
        place = rules.marketplaces[name]
        assert not any(getattr(place.clocks, clock) for clock in CLOCKS), name
        assert not any(getattr(place.marks, mark) for mark in MARKS), name


def test_a_complaints_clock(rules: Rulebook) -> None:
    """
    Within 24 hours, at Wish and where nothing is known.
    """
    for name in Marketplace:
        assert rules.complaint_hours(an_order(marketplace=name)) == 24


# Section 3: wrong goods


def test_who_settles(rules: Rulebook) -> None:
    """
    What a marketplace fulfils its own front desk settles; a shop has none.
    """
    for name in Marketplace:
        order = an_order(marketplace=name, fulfilment=Fulfilment.MARKETPLACE)
        assert rules.front_desk_settles(order) is (name is not Marketplace.SHOP)


def test_three_to_five_percent(rules: Rulebook) -> None:
    """
    Of the wrong goods, the lower share first.
    """
    wrong = rules.problems["wrong_item"]

    assert (wrong.first_discount_percent, wrong.discount_percent) == (3, 5)
    assert wrong.percent(wrong.ladder, 0) == 3
    assert wrong.percent(wrong.ladder, 1) == 5
    assert wrong.ask_photo


def test_cheapest_acceptable_first(rules: Rulebook) -> None:
    """
    A discount, the next order's price, the right goods, the money.
    """
    ladder = rules.problems["wrong_item"].ladder
    places = {kind: place for place, kinds in reversed(list(enumerate(ladder))) for kind in kinds}

    assert ladder[0] == (RemedyKind.DISCOUNT,)
    assert places[RemedyKind.COUPON] < places[RemedyKind.EXCHANGE] < places[RemedyKind.RETURN]
    assert {RemedyKind.RETURN, RemedyKind.REFUND} == set(ladder[-1])


def test_who_buys_and_where(rules: Rulebook) -> None:
    """
    Wholesale is offered the discount first, a project the goods; a developed country both.
    """

    def first(**changes: object) -> set[RemedyKind]:
        return set(rules.rounds("wrong_item", an_order(**changes))[1][0])

    assert first(country="KZ") == {RemedyKind.DISCOUNT}
    assert first(buyer_type=BuyerType.WHOLESALE, country="DE") == {RemedyKind.DISCOUNT}
    assert RemedyKind.DISCOUNT not in first(buyer_type=BuyerType.PROJECT)
    assert RemedyKind.REPLACEMENT in first(buyer_type=BuyerType.PROJECT)
    assert RemedyKind.EXCHANGE in first(country="DE")


def test_what_is_under_way_is_called_back(rules: Rulebook) -> None:
    """
    By express and by sea (3.5).
    """
    assert rules.problems["wrong_item"].before_arrival[0] == (RemedyKind.INTERCEPT,)
    assert set(rules.intercept) == {"express", "sea"}


# Section 5 and 7: Wildberries and Amazon


def test_wildberries_names_its_states() -> None:
    """
    Where a seller who knows them by name looks for them.
    """
    text = (FOLDER / "marketplaces" / "wildberries.yml").read_text()
    states = (
        "waiting sorted sold canceled canceled_by_client declined_by_client defect "
        "ready_for_pickup new confirm complete cancel"
    )

    for state in states.split():
        assert state in text


def test_a_claim_is_answered_by_its_own_actions(rules: Rulebook) -> None:
    """
    Only what the seller's API knows, and never a refusal.
    """
    known = {"approve1", "approve2", "autorefund1"}
    actions = rules.marketplaces[Marketplace.WILDBERRIES].claim_actions

    assert actions == {RemedyKind.REFUND: "autorefund1", RemedyKind.RETURN: "approve2"}
    assert set(actions.values()) <= known


def test_amazon_hears_of_no_promotion_and_no_link(rules: Rulebook) -> None:
    """
    Its messaging to buyers forbids both.
    """
    amazon = rules.marketplaces[Marketplace.AMAZON]
    order = an_order(marketplace=Marketplace.AMAZON)

    assert (amazon.promotions, amazon.outside_links) == (False, False)
    assert RemedyKind.COUPON not in amazon.may_offer
    assert set(amazon.may_offer) == set(RemedyKind) - {RemedyKind.COUPON}
    assert rules.card(order).tracking_link == ""
    assert rules.card(an_order()).tracking_link.startswith("https://")


def test_only_the_card_shows_a_tracking_link() -> None:
    """
    `Rulebook.card` leaves it out where it is forbidden; who built the link alone would not.
    """
    for path in (*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")):
        if path == ROOT / "bot" / "casework" / "rulebook.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            built = isinstance(called, ast.Attribute) and called.attr == "tracking_link"
            assert not built, f"{path}:{node.lineno}"


def test_every_general_question_is_answered_in_the_demo_shop(rules: Rulebook) -> None:
    """
    Where newcomers try it.
    """
    for topic in FAQ_TOPICS:
        assert rules.answer(topic, "demo", "en")


def test_the_sellers_file_is_for_no_programmer() -> None:
    """
    Every line fits a screen, and each of the seller's keys is explained beside or above it.
    """
    lines = (FOLDER / "seller.yml").read_text().splitlines()

    assert max(map(len, lines)) <= 140
    top = [place for place, line in enumerate(lines) if line[:1].isalpha()]
    for place in top:
        near = [lines[place], lines[place - 1], *lines[place + 1 : place + 2]]
        assert any("#" in line for line in near), lines[place]


def test_the_page_for_sellers_names_every_file() -> None:
    """
    docs/RULEBOOK.md is what they read first.
    """
    page = (ROOT / "docs" / "RULEBOOK.md").read_text()

    for path in sorted(FOLDER.rglob("*.yml")):
        assert path.name in page, path.name
    for kind in RemedyKind:
        assert f"`{kind}`" in page, kind
