"""
Past cases under the same rulebook and under others.

The ledger is written by real dialogues, on every way that tests/playbooks knows.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from bot.casework.authority import at_the_console
from bot.casework.cases import Awaiting
from bot.casework.decisions import Reason
from bot.casework.limits import CouponRules
from bot.casework.orders import Order, OrderStatus
from bot.casework.past import PastCase
from bot.casework.remedies import RemedyKind
from bot.casework.rulebook import Rulebook
from bot.playbooks import PLAYBOOKS
from bot.services import replay as replaying
from bot.services.approvals import do_approve
from bot.services.replay import CaseReplay, Verdict, replay, replay_case
from bot.services.replay_totals import Totals
from bot.store.database import writing
from bot.store.tables import decisions, remedies
from tests.conftest import BeginDialog
from tests.dialog import Dialog, Shop
from tests.factories import PROBLEMS, a_line, an_order, eur, the_caps, the_rulebook, with_ladder
from tests.playbooks.test_every_playbook import ON_SALE, at_every_question, go_on, order_for


@pytest.fixture
def dialog(dialog: BeginDialog) -> BeginDialog:
    """Begins a conversation in a shop that sells more than was ordered."""

    def begin(*orders: Order, **options: Any) -> Dialog:
        chat = dialog(*orders, **options)
        chat.shop.sells(*ON_SALE)
        return chat

    return begin


def replayed(shop: Shop, rules: Rulebook | None = None, **chosen: object) -> list[CaseReplay]:
    """Every case of the shop once more."""
    with shop.house.units.reading() as unit:
        return list(replay(unit, rules or shop.rules, **chosen))


def past(shop: Shop) -> list[PastCase]:
    """Every case as the ledger has it."""
    with shop.house.units.reading() as unit:
        return list(unit.past.cases(store=None, since=None, limit=None))


def verdicts(cases: list[CaseReplay]) -> list[Verdict]:
    """What came out of them."""
    return [case.verdict for case in cases]


ENDINGS: dict[str, Callable[[Dialog], object]] = {
    "agrees": go_on,
    "declines": lambda chat: [chat.says("deny") for _ in range(3)],
    "lets it go": lambda chat: chat.says("never_mind"),
    "wants a person": lambda chat: chat.says("human_agent"),
    "is not understood": lambda chat: [chat.says("nlu_fallback", "hmm") for _ in range(2)],
    "asks something else": lambda chat: (chat.says("order_status", "where is it?"), go_on(chat)),
    "comes back too late": lambda chat: (chat.waits(hours=73), go_on(chat)),
    "is silent": lambda _: None,
    "wants money": lambda chat: (chat.says("refund_request", "a refund please"), go_on(chat)),
}


def answered_at_once(dialog, intent: str) -> Dialog:
    """A conversation that tells everything with its first message, a photo too."""
    chat = dialog(order_for(intent))
    chat.says(intent, "the blue mug", order="DEMO-1003", photos=1)

    return chat


# The same rulebook


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("intent", PLAYBOOKS)
def test_under_the_same_rulebook_nothing_differs(dialog, intent, ending) -> None:
    """
    Every playbook, left at every question in every way.
    """
    for chat in (*at_every_question(dialog, intent), answered_at_once(dialog, intent)):
        ENDINGS[ending](chat)

        cases = replayed(chat.shop)
        assert cases
        assert verdicts(cases) == [Verdict.SAME] * len(cases)
        assert all(case.then == case.now for case in cases)


@pytest.mark.parametrize("intent", PLAYBOOKS)
def test_a_case_that_goes_its_own_way_hears_what_was_heard_then(
    dialog, intent, monkeypatch
) -> None:
    """
    With every answer translated from the first on, and the same rules, it ends as it did.
    """
    step = replaying._Run._as_then

    def leave(run, row, seen) -> None:
        step(run, row, seen)
        if row.step != "find_order":
            run.in_step = False

    chat = dialog(order_for(intent))
    chat.says(intent, order="DEMO-1003")
    go_on(chat)
    monkeypatch.setattr(replaying._Run, "_as_then", leave)

    [case] = replayed(chat.shop)
    assert (case.verdict, case.now) == (Verdict.SAME, case.then)


def test_an_anonymous_buyer_with_a_proof_is_replayed(dialog) -> None:
    """
    The search for the order is taken as it was.
    """
    chat = dialog(order_for("damaged_item"), email=None)
    chat.says("damaged_item")
    chat.says("provide_details", order="DEMO-1003")
    chat.says("provide_details", "ada@example.com")
    go_on(chat)

    assert verdicts(replayed(chat.shop)) == [Verdict.SAME]


def test_an_approval_is_taken_as_it_was(dialog) -> None:
    """
    A person's yes is no decision of a rulebook.
    """
    chat = dialog(an_order(), rules=the_rulebook(needs_approval=(RemedyKind.REFUND,)))
    chat.says("damaged_item", photos=1)
    chat.says("refund_request", "refund")
    chat.presses("yes")
    do_approve(chat.shop.house, str(chat.shop.rows(remedies)[0]["id"]), at_the_console("Eve"))

    [same] = replayed(chat.shop)
    assert same.verdict is Verdict.SAME
    assert same.then[0].needs_approval
    [other] = replayed(chat.shop, the_rulebook())
    assert (other.verdict, other.now[0].needs_approval) == (Verdict.DIFFERENT, False)


def test_the_chosen_offer_counts_though_an_answer_came_late(dialog) -> None:
    """
    Offers hold for as long as the rulebook of the replay says.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)
    chat.waits(hours=30)
    go_on(chat)

    [case] = replayed(chat.shop, the_rulebook(offer_expires_after_hours=24))
    assert case.difference
    assert case.difference.then.awaiting is Awaiting.CONFIRMATION
    assert case.difference.now
    assert case.difference.now.kind == "Propose"


# Other rulebooks


def settled(dialog, *options: str, rules: Rulebook | None = None) -> Dialog:
    """A damaged mug, made good as the buyer chose."""
    chat = dialog(an_order(), rules=rules)
    chat.says("damaged_item", photos=1)
    for option in options:
        chat.presses(option)
    chat.presses("yes")
    assert len(chat.remedies) == 1

    return chat


def with_discount(percent: int, **changes: object) -> Rulebook:
    """The rulebook with another discount for damaged goods."""
    rules = replace(PROBLEMS["damaged_item"], discount_percent=Decimal(percent))

    return the_rulebook(problems={"damaged_item": rules}, **changes)


def test_another_discount_is_other_money(dialog) -> None:
    """
    Who took five per cent takes ten; the offer is the first decision that differs.
    """
    chat = settled(dialog, "option:0")

    [case] = replayed(chat.shop, with_discount(10))
    assert case.verdict is Verdict.DIFFERENT
    assert [one.remedy.amount for one in case.then] == [eur("1")]
    assert [one.remedy.amount for one in case.now] == [eur("2")]
    assert case.difference
    assert (case.difference.then.kind, case.difference.step_now) == ("Propose", "choose_remedy")


def test_a_choice_is_the_kind_that_was_taken_not_its_place(dialog) -> None:
    """
    The third option of then is the first of now.
    """
    chat = settled(dialog, "option:2")
    assert chat.remedies == ["refund"]

    [case] = replayed(chat.shop, with_ladder("damaged_item", RemedyKind.REFUND))
    assert case.verdict is Verdict.DIFFERENT
    assert [one.remedy.kind for one in case.now] == ["refund"]


def test_what_is_not_on_offer_any_more_is_not_guessed(dialog) -> None:
    """
    Who took the discount and is offered a refund only would have to choose anew.
    """
    chat = settled(dialog, "option:0")

    [case] = replayed(chat.shop, with_ladder("damaged_item", RemedyKind.REFUND))
    assert case.verdict is Verdict.ANEW
    assert case.awaiting is Awaiting.CHOICE
    assert case.now == ()
    assert [one.remedy.kind for one in case.then] == ["discount"]


def test_a_no_to_more_is_a_no_to_less_and_not_the_other_way_round(dialog) -> None:
    """
    Who declined discount and refund declines the discount alone; of a return nobody knows.
    """
    both = with_ladder("damaged_item", RemedyKind.DISCOUNT, RemedyKind.REFUND)
    chat = dialog(an_order(), rules=both)
    chat.says("damaged_item", photos=1)
    chat.says("deny")
    assert chat.handed_off_for == ["offer_declined"]

    [less] = replayed(chat.shop, with_ladder("damaged_item", RemedyKind.DISCOUNT))
    assert (less.verdict, less.now[0].reason) == (Verdict.DIFFERENT, Reason.OFFER_DECLINED)
    [other] = replayed(chat.shop, with_ladder("damaged_item", RemedyKind.REPLACEMENT))
    assert (other.verdict, other.now) == (Verdict.ANEW, ())


def test_a_question_that_was_not_asked_then_has_no_answer(dialog) -> None:
    """
    A photo is wanted now: nobody knows whether one would have come.
    """
    asked = PROBLEMS["damaged_item"]
    rules = the_rulebook(problems={"damaged_item": replace(asked, ask_photo=False)})
    chat = dialog(an_order(), rules=rules)
    chat.says("damaged_item")
    go_on(chat)
    assert len(chat.remedies) == 1

    [case] = replayed(chat.shop, the_rulebook())
    assert (case.verdict, case.awaiting, case.now) == (Verdict.ANEW, Awaiting.PHOTO, ())


def test_a_question_that_is_not_asked_any_more_costs_nothing(dialog) -> None:
    """
    The photo that came then answers nothing now, and the choice after it counts.
    """
    chat = dialog(an_order())
    chat.says("damaged_item")
    go_on(chat)
    asked = PROBLEMS["damaged_item"]

    rules = the_rulebook(problems={"damaged_item": replace(asked, ask_photo=False)})
    [case] = replayed(chat.shop, rules)
    assert case.verdict is Verdict.DIFFERENT
    assert case.now == case.then


def test_a_lower_cap_asks_for_approval(dialog) -> None:
    """
    And says which number was compared.
    """
    chat = settled(dialog, "option:2")
    low = the_rulebook(caps=the_caps(per_remedy={"EUR": Decimal(5), "JPY": Decimal(5)}))

    [case] = replayed(chat.shop, low)
    assert [one.needs_approval for one in case.then + case.now] == [False, True]
    assert case.difference
    assert [rule.compared for rule in case.difference.rules_now] == ["per_remedy: 0 + 2000 > 500"]


def test_a_longer_grace_period_makes_nothing_good_yet(dialog) -> None:
    """
    The case would have been closed with the facts.
    """
    chat = dialog(an_order(overdue=True))
    chat.says("late_delivery")
    go_on(chat)

    [case] = replayed(chat.shop, the_rulebook(late_grace_days=60))
    assert case.verdict is Verdict.DIFFERENT
    assert [one.kind for one in case.now] == ["Close"]


def test_less_patience_hands_over_earlier_and_more_patience_is_not_guessed(dialog) -> None:
    """
    One miss and an agreement, two misses and a person: under another number of misses.
    """
    patient = dialog(an_order())
    patient.says("damaged_item")
    patient.says("nlu_fallback", "hmm")
    go_on(patient)
    [earlier] = replayed(patient.shop, the_rulebook(hand_off_after_misses=1))
    assert earlier.verdict is Verdict.DIFFERENT
    assert [one.reason for one in earlier.now] == [Reason.NOT_UNDERSTOOD]

    lost = dialog(an_order())
    lost.says("damaged_item")
    for _ in range(2):
        lost.says("nlu_fallback", "hmm")
    assert lost.handed_off_for == ["not_understood"]
    [later] = replayed(lost.shop, the_rulebook(hand_off_after_misses=3))
    assert (later.verdict, later.now) == (Verdict.ANEW, ())


def test_what_is_decided_without_an_order_is_decided_again(dialog) -> None:
    """
    A rulebook with coupons on request, and one that says no to everybody.
    """
    coupon = CouponRules(percent=Decimal(10), valid_days=30, on_request=True)
    asking = dialog(an_order(), email=None, rules=the_rulebook(coupon=coupon))
    asking.says("discount_request")

    assert verdicts(replayed(asking.shop)) == [Verdict.SAME]
    [case] = replayed(asking.shop, the_rulebook())
    assert case.difference
    assert (case.verdict, case.difference.step_now) == (Verdict.DIFFERENT, "say_no")

    refused = dialog(an_order(), rules=the_rulebook())
    refused.says("discount_request")
    assert verdicts(replayed(refused.shop)) == [Verdict.SAME]
    assert verdicts(replayed(refused.shop, the_rulebook(coupon=coupon))) == [Verdict.ANEW]


def test_an_address_that_was_confirmed_is_not_in_the_ledger(dialog) -> None:
    """
    And yet it is known on a replay that it was.
    """
    chat = dialog(order_for("not_received"))
    chat.says("not_received", order="DEMO-1003")
    go_on(chat)

    assert "Ackerstr" not in str([row["seen"] for row in chat.decisions])
    assert verdicts(replayed(chat.shop)) == [Verdict.SAME]


# What cannot be replayed, what is chosen, what it comes to


def test_rows_that_do_not_say_what_was_seen_are_not_replayed(dialog) -> None:
    """
    Such as those of the first version.
    """
    chat = settled(dialog, "option:0")
    with writing(chat.shop.engine) as db:
        db.execute(sa.update(decisions).values(seen=None))

    assert verdicts(replayed(chat.shop)) == [Verdict.NOT_REPLAYABLE]


def test_a_snapshot_of_another_shape_is_not_replayed(dialog) -> None:
    """
    A version that writes something else down must not read this one's as if it were its own.
    """
    chat = settled(dialog, "option:0")
    row = chat.shop.rows(decisions)[0]
    with writing(chat.shop.engine) as db:
        seen = {**row["seen"], "order": {"id": 3}}
        db.execute(sa.update(decisions).where(decisions.c.id == row["id"]).values(seen=seen))

    assert verdicts(replayed(chat.shop)) == [Verdict.NOT_REPLAYABLE]


def test_a_playbook_that_is_no_more_is_not_replayed(dialog, monkeypatch) -> None:
    """
    Nobody can say what it would decide.
    """
    chat = settled(dialog, "option:0")
    monkeypatch.delitem(replaying.BY_NAME, "damaged_item")

    [case] = past(chat.shop)
    assert replay_case(case, the_rulebook()).verdict is Verdict.NOT_REPLAYABLE


def test_cases_are_chosen_by_day_store_and_number(shop) -> None:
    """
    The newest first.
    """
    opened = shop(*(an_order(number=f"DEMO-{n}") for n in range(3)))
    for number in range(3):
        chat = Dialog(opened, "ada@example.com")
        chat.says("damaged_item", order=f"DEMO-{number}")
        chat.waits(days=1)

    assert [case.order_number for case in replayed(opened)] == ["DEMO-2", "DEMO-1", "DEMO-0"]
    assert [case.order_number for case in replayed(opened, limit=1)] == ["DEMO-2"]
    since = past(opened)[1].opened_at
    assert [case.order_number for case in replayed(opened, since=since)] == ["DEMO-2", "DEMO-1"]
    assert replayed(opened, store="other") == []


def test_the_totals_are_kept_apart_by_what_is_known(shop) -> None:
    """
    Money of cases with two known ends is compared; that of the others is told by itself.
    """
    opened = shop(*(an_order(number=f"DEMO-{n}", lines=(a_line(stock=9),)) for n in range(3)))
    for number, option in enumerate(("option:0", "option:0", "option:3")):
        chat = Dialog(opened, "ada@example.com")
        chat.says("damaged_item", order=f"DEMO-{number}", photos=1)
        chat.presses(option if option in chat.buttons else "option:2")
        chat.presses("yes")
    totals = Totals()
    rules = with_discount(10)
    kinds = replace(rules.problems["damaged_item"], ladder=((RemedyKind.DISCOUNT,),))
    for case in replayed(
        opened, replace(rules, problems={**rules.problems, "damaged_item": kinds})
    ):
        totals.add(case)

    assert totals.verdicts == {Verdict.DIFFERENT: 2, Verdict.ANEW: 1}
    assert totals.then.remedies == totals.now.remedies == Counter(discount=2)
    assert (totals.then.money, totals.now.money) == (Counter(EUR=200), Counter(EUR=400))
    assert totals.then_of_anew.money == Counter(EUR=2000)


def test_an_order_that_was_cancelled_is_replayed(dialog) -> None:
    """
    Its terms are no option of an offer, and the yes to them counts.
    """
    chat = dialog(an_order(status=OrderStatus.PENDING))
    chat.says("cancel_order")
    chat.presses("yes")

    [case] = replayed(chat.shop, the_rulebook(needs_approval=(RemedyKind.CANCELLATION,)))
    assert case.verdict is Verdict.DIFFERENT
    assert [one.needs_approval for one in case.now] == [True]
