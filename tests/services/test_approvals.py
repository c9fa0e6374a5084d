"""What is over the seller's caps: an honest interim word, an agent's yes or no, once."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.casework.cases import Awaiting, CaseState
from bot.casework.orders import OrderStatus
from bot.casework.refusals import RefusalReason
from bot.casework.remedies import RemedyKind
from bot.casework.turns import Floor
from bot.playbooks.steps import AlreadySettled, ApprovalAsked, ConfirmRemedy, RemedyRequested
from bot.services.approvals import do_approve, do_deny
from bot.store.tables import handoffs, messages, outbox, products, remedies
from tests.dialog import Dialog
from tests.factories import a_lamp, a_line, an_order, eur, the_caps, the_rulebook

STRICT = the_rulebook(caps=the_caps(per_remedy={"EUR": Decimal(10)}))


@pytest.fixture
def waiting(dialog):
    """A new mug, worth more than the cap: agreed with the buyer, not approved yet."""
    chat = dialog(an_order(), rules=STRICT)
    chat.says("damaged_item", photos=1)
    chat.presses("option:1")
    assert chat.reply == ConfirmRemedy
    assert chat.said.needs_approval
    chat.presses("yes")

    return chat


def remedy_of(chat: Dialog) -> str:
    """The id of the only remedy."""
    (row,) = chat.shop.rows(remedies)

    return str(row["id"])


def said_since(chat: Dialog, seq: int) -> list[str]:
    """Replies of the bot after that message."""
    rows = [row for row in chat.shop.rows(messages) if row["seq"] > seq and row["reply"]]

    return [str(row["reply"]) for row in sorted(rows, key=lambda row: row["seq"])]


def test_the_buyer_hears_an_honest_interim_word(waiting):
    """
    On record, held back from stock, but nothing goes out; the bot keeps the floor.
    """
    chat = waiting

    assert chat.reply == ApprovalAsked
    (row,) = chat.shop.rows(remedies)
    assert (row["state"], row["approved_by"]) == ("approval", "")
    assert chat.outbox == 0
    assert chat.shop.stock("MUG-1") == 4
    assert chat.cases[0]["state"] == CaseState.APPROVAL
    assert chat.floor is Floor.BOT
    assert chat.awaiting is Awaiting.NOTHING


def test_meanwhile_nothing_more_is_given_for_the_same_goods(waiting):
    """
    Who asks again hears how far it is.
    """
    assert waiting.says("damaged_item", photos=1) == AlreadySettled
    assert waiting.said.state == "approval"
    assert len(waiting.remedies) == 1


def test_a_yes_sends_it_out_and_tells_the_buyer(waiting):
    """
    With the agent's name on the remedy and in the ledger.
    """
    chat = waiting
    last = max(row["seq"] for row in chat.shop.rows(messages))

    assert do_approve(chat.shop.house, remedy_of(chat), "Kim") is None
    (row,) = chat.shop.rows(remedies)
    assert (row["state"], row["approved_by"]) == ("requested", "Kim")
    assert chat.outbox == 1
    assert said_since(chat, last) == ["approvals.approved", "steps.remedy_requested"]
    assert chat.cases[0]["state"] == CaseState.SETTLED
    decision = chat.decisions[-1]
    assert (decision["step"], decision["decision"], decision["decided_by"]) == (
        "approve",
        "Approve",
        "Kim",
    )


def test_a_no_takes_everything_back_and_a_person_goes_on(waiting):
    """
    The stock is there again, the goods may be made good otherwise, the reason is on record.
    """
    chat = waiting
    last = max(row["seq"] for row in chat.shop.rows(messages))

    assert do_deny(chat.shop.house, remedy_of(chat), "Kim", "third this month") is None
    (row,) = chat.shop.rows(remedies)
    assert (row["state"], row["approved_by"]) == ("denied", "Kim")
    assert chat.outbox == 0
    assert chat.shop.stock("MUG-1") == 5
    assert said_since(chat, last) == ["approvals.not_approved"]
    assert chat.floor is Floor.WAITING
    assert chat.handed_off_for == ["denied"]
    assert chat.decisions[-1]["rules"] == [
        {"name": "approval", "held": False, "compared": "third this month"}
    ]


@pytest.mark.parametrize("first", [do_approve, lambda h, r, a: do_deny(h, r, a, "no")])
@pytest.mark.parametrize("second", [do_approve, lambda h, r, a: do_deny(h, r, a, "no")])
def test_a_decision_stands(waiting, first, second):
    """
    Two agents at one remedy: the second is told that it waits no more, and changes nothing.
    """
    chat, remedy = waiting, remedy_of(waiting)
    first(chat.shop.house, remedy, "Kim")
    before = (chat.shop.rows(remedies), chat.shop.rows(outbox), chat.shop.rows(products))

    assert second(chat.shop.house, remedy, "Lee").reason is RefusalReason.NOT_WAITING
    assert (chat.shop.rows(remedies), chat.shop.rows(outbox), chat.shop.rows(products)) == before


def test_what_the_shop_has_changed_meanwhile_is_not_approved(waiting):
    """
    The order was cancelled in the shop: even an agent's yes sends no second mug.
    """
    chat = waiting
    chat.shop.take_in(an_order(status=OrderStatus.CANCELLED))

    assert do_approve(chat.shop.house, remedy_of(chat), "Kim").reason is (
        RefusalReason.NOT_ON_THIS_WAY
    )
    assert chat.outbox == 0


def test_money_that_was_paid_back_elsewhere_is_not_approved(dialog):
    """
    A return of 20 euros waits; the shop's file now says that only 5 were paid.
    """
    order = an_order(lines=(a_line(unit_price=eur("60")),))
    chat = dialog(order, rules=STRICT)
    chat.says("damaged_item", photos=1)
    chat.says("choose_option", "return it")
    chat.presses("yes")
    assert chat.reply == ApprovalAsked
    less = replace(order.payments[0], amount=eur("5"))
    chat.shop.take_in(replace(order, payments=(less,)))

    refusal = do_approve(chat.shop.house, remedy_of(chat), "Kim")
    assert refusal.reason is RefusalReason.MORE_THAN_PAID
    assert refusal.compared == "6000 > 500"


def test_after_a_no_the_same_may_be_granted_once_more(waiting):
    """
    A denied remedy stands in nobody's way: its second attempt has a key of its own.
    """
    chat = waiting
    do_deny(chat.shop.house, remedy_of(chat), "Kim", "no photo")
    other = Dialog(chat.shop, "ada@example.com")
    other.says("damaged_item", photos=1)
    other.presses("option:1")
    other.presses("yes")

    assert other.reply == ApprovalAsked
    assert [row["state"] for row in chat.shop.rows(remedies)].count("approval") == 1


def test_within_the_caps_nobody_is_asked(dialog):
    """
    The interim word is for what needs it only.
    """
    chat = dialog(an_order())
    chat.says("damaged_item", photos=1)
    chat.presses("option:1")
    chat.presses("yes")

    assert chat.reply == RemedyRequested
    assert chat.shop.rows(handoffs) == []


def test_terms_that_the_shop_has_overtaken_are_not_approved(dialog):
    """
    A cancellation of all that was paid waits; the order has grown since, so it is not all.
    """
    order = an_order(status=OrderStatus.PENDING)
    chat = dialog(order, rules=the_rulebook(needs_approval=(RemedyKind.CANCELLATION,)))
    chat.says("cancel_order")
    chat.says("affirm")
    assert chat.reply == ApprovalAsked
    more = replace(order.payments[0], amount=eur("80"))
    chat.shop.take_in(replace(order, lines=(a_line(), a_lamp()), payments=(more,)))

    refusal = do_approve(chat.shop.house, remedy_of(chat), "Kim")
    assert refusal.reason is RefusalReason.ORDER_CHANGED
    assert refusal.compared == "2000 agreed, 8000 left"
    assert chat.outbox == 0


def test_just_what_was_taken_from_stock_is_put_back(dialog):
    """
    Two mugs were set aside; that the order holds three by now does not matter.
    """
    order = an_order(lines=(a_line(quantity=2, stock=5),))
    chat = dialog(order, rules=STRICT)
    chat.says("damaged_item", photos=1)
    chat.presses("quantity:2")
    chat.presses("option:1")
    chat.presses("yes")
    assert (chat.reply, chat.shop.stock("MUG-1")) == (ApprovalAsked, 3)
    chat.shop.take_in(replace(order, lines=(a_line(quantity=3, stock=3),)))

    assert do_deny(chat.shop.house, remedy_of(chat), "Kim", "no") is None
    assert chat.shop.stock("MUG-1") == 5
