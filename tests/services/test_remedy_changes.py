"""Other terms in place of what waits: not behind the buyer's back, and not raised alone."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.casework.agents import Agent, Role
from bot.casework.cases import CaseState
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import (
    Coupon,
    Discount,
    Refund,
    Remedy,
    RemedyState,
    Replacement,
    Return,
)
from bot.casework.turns import Floor
from bot.playbooks.steps import AlreadySettled, ApprovalAsked
from bot.services.approvals import do_approve
from bot.services.grants import do_grant
from bot.services.remedy_changes import Changed, do_change, is_as_good
from bot.services.turn_queue import NotAcceptable
from bot.store.ledger_check import check_ledger
from bot.store.tables import approvals, audit, decisions, messages, outbox, remedies
from tests.dialog import Dialog
from tests.factories import a_line, a_refund, an_order, eur, the_caps, the_rulebook
from tests.staff import hire

STRICT = the_rulebook(caps=the_caps(per_remedy={"EUR": Decimal(10)}))


@pytest.fixture
def waiting(dialog):
    """A return of three mugs for 240 euros: agreed with the buyer, over the cap."""
    mugs = a_line(quantity=3, unit_price=eur("80"))
    chat = dialog(an_order(lines=(mugs,)), rules=STRICT)
    chat.says("damaged_item", photos=1)
    chat.presses("quantity:3")
    chat.says("choose_option", "return it")
    chat.presses("yes")
    assert chat.reply == ApprovalAsked

    return chat


def one_of(chat: Dialog, state: str) -> dict[str, object]:
    """The only remedy in that state."""
    (row,) = [row for row in chat.shop.rows(remedies) if row["state"] == state]

    return row


def terms(chat: Dialog) -> Return:
    """What waits, as it was agreed."""
    waits = str(one_of(chat, "approval")["id"])
    with chat.shop.house.units.reading() as unit:
        return unit.remedies.get(waits).remedy


def change(chat: Dialog, new: Remedy, agent: Agent, **more) -> Refusal | Changed:
    """Other terms in place of what waits."""
    waits = str(one_of(chat, "approval")["id"])

    return do_change(
        chat.shop.house, waits, new, agent=agent, **({"reason": "two are enough"} | more)
    )


def unasked(chat: Dialog) -> list[str]:
    """What was said to the buyer that answered nothing."""
    rows = [row for row in chat.shop.rows(messages) if row["reply"] and row["answers"] is None]

    return [str(row["reply"]) for row in sorted(rows, key=lambda row: row["seq"])]


def less(chat: Dialog) -> Return:
    """One mug less."""
    return replace(terms(chat), quantity=2, amount=eur("160"))


def test_less_than_was_agreed_is_put_to_the_buyer_first(waiting):
    """
    They read the exact new terms; what waits stays on hold, and a person hears the answer.
    """
    chat = waiting
    new, kim = less(chat), hire(chat.shop, "Kim")

    asked = change(chat, new, kim)
    assert asked == Changed(
        remedy_id=one_of(chat, "approval")["id"], state=RemedyState.APPROVAL, asked=True
    )
    assert unasked(chat) == ["remedy_changes.change_asked", "steps.confirm_remedy"]
    assert chat.said.remedy == new
    assert chat.outbox == 0
    assert chat.floor is Floor.WAITING
    assert chat.handed_off_for == ["over_limit"]
    assert chat.cases[0]["state"] == CaseState.APPROVAL
    assert chat.decisions[-1]["decision"] == "AskBuyer"
    assert chat.shop.rows(audit)[-1]["action"] == "remedy.ask_buyer"


def test_with_the_buyers_yes_it_takes_the_others_place(waiting):
    """
    The old one ends as replaced, the new one goes out; both are on record, and nothing twice.
    """
    chat = waiting
    new, kim = less(chat), hire(chat.shop, "Kim")

    changed = change(chat, new, kim, buyer_agreed=True)
    old, made = one_of(chat, "replaced"), one_of(chat, "requested")
    assert changed == Changed(remedy_id=made["id"], state=RemedyState.REQUESTED)
    assert (made["amount"], made["quantity"], made["approved_by"]) == (16000, 2, kim.name)
    assert made["idempotency_key"] != old["idempotency_key"]
    assert [row["remedy_id"] for row in chat.shop.rows(outbox)] == [made["id"]]
    assert unasked(chat) == ["remedy_changes.changed_by_person", "steps.remedy_requested"]
    assert chat.cases[0]["state"] == CaseState.SETTLED
    line = chat.decisions[-1]
    assert (line["step"], line["decision"], line["amount"]) == ("change", "Change", 16000)
    facts = line["facts"]
    assert (facts["instead_of"], facts["amount_before"], facts["buyer_agreed"]) == (
        old["id"],
        24000,
        True,
    )
    assert {(row["remedy_id"], row["verdict"]) for row in chat.shop.rows(approvals)} == {
        (old["id"], "replaced"),
        (made["id"], "granted"),
    }
    (done,) = chat.shop.rows(audit)
    assert (done["action"], done["before"]["amount"], done["after"]["amount"]) == (
        "remedy.change",
        24000,
        16000,
    )
    found = check_ledger(chat.shop.engine, ["demo"], anchor=None, progress=lambda _: None)
    assert next(iter(found)).findings == []


def test_it_is_changed_once(waiting):
    """
    The second click finds that it waits no more.
    """
    chat, kim = waiting, hire(waiting.shop, "Kim")
    new, waits = less(chat), str(one_of(chat, "approval")["id"])
    again = {"agent": kim, "reason": "two", "buyer_agreed": True}
    do_change(chat.shop.house, waits, new, **again)

    assert do_change(chat.shop.house, waits, new, **again).reason is RefusalReason.NOT_WAITING
    assert do_approve(chat.shop.house, waits, kim).reason is RefusalReason.NOT_WAITING
    assert len(chat.shop.rows(remedies)) == 2
    assert chat.outbox == 1


def test_as_good_as_agreed_needs_no_yes(waiting):
    """
    The money without sending the mugs back is better, and costs the seller no more.
    """
    chat, old = waiting, terms(waiting)
    refund = Refund(
        order_id=old.order_id, line_id=old.line_id, quantity=old.quantity, amount=old.amount
    )

    assert change(chat, refund, hire(chat.shop, "Kim")).state is RemedyState.REQUESTED
    assert one_of(chat, "requested")["kind"] == "refund"


def test_more_than_was_agreed_needs_somebody_else(waiting):
    """
    A lead who raises it does not say yes to it as well.
    """
    chat = waiting
    kim = hire(chat.shop, "Kim")
    chat.shop.take_in(an_order(lines=(a_line(quantity=5, unit_price=eur("80")),)))
    more = replace(terms(chat), quantity=5, amount=eur("400"))

    changed = change(chat, more, kim)
    assert changed.state is RemedyState.APPROVAL
    assert not changed.asked
    assert chat.outbox == 0
    assert chat.decisions[-1]["rules"] == [
        {"name": "raised", "held": False, "compared": "40000 > 24000"}
    ]
    assert unasked(chat) == ["remedy_changes.changed_by_person", "steps.approval_asked"]
    assert do_approve(chat.shop.house, changed.remedy_id, kim).reason is RefusalReason.OWN_REQUEST
    lee = hire(chat.shop, "Lee")
    assert do_approve(chat.shop.house, changed.remedy_id, lee) is RemedyState.REQUESTED


def test_an_owner_raises_alone(waiting):
    """
    Below four eyes.
    """
    chat = waiting
    chat.shop.take_in(an_order(lines=(a_line(quantity=5, unit_price=eur("80")),)))
    more = replace(terms(chat), quantity=5, amount=eur("400"))

    olga = hire(chat.shop, "Olga", Role.OWNER)
    assert change(chat, more, olga).state is RemedyState.REQUESTED


def test_over_the_limit_of_the_role_it_waits_on(waiting):
    """
    An agent lowers 240 to 160, which is still more than they may give.
    """
    chat, kim = waiting, hire(waiting.shop, "Kim", Role.AGENT)

    changed = change(chat, less(chat), kim, buyer_agreed=True)
    assert changed.state is RemedyState.APPROVAL
    assert one_of(chat, "approval")["amount"] == 16000
    assert chat.cases[0]["state"] == CaseState.APPROVAL
    assert do_approve(chat.shop.house, changed.remedy_id, hire(chat.shop, "Lee")) is (
        RemedyState.REQUESTED
    )


def test_goods_instead_of_goods_count_what_was_set_aside(dialog):
    """
    All five mugs are set aside; two of them are enough for the new terms.
    """
    chat = dialog(an_order(lines=(a_line(quantity=5, stock=5),)), rules=STRICT)
    chat.says("damaged_item", photos=1)
    chat.presses("quantity:5")
    chat.presses("option:1")
    chat.presses("yes")
    assert chat.shop.stock("MUG-1") == 0
    two = replace(terms(chat), quantity=2)

    changed = change(chat, two, hire(chat.shop, "Kim"), buyer_agreed=True)
    assert changed.state is RemedyState.REQUESTED
    assert chat.shop.stock("MUG-1") == 3


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        ({"amount": eur("240.01")}, RefusalReason.MORE_THAN_PAID),
        ({"amount": eur("0")}, RefusalReason.NOTHING_TO_REFUND),
        ({}, RefusalReason.NO_CHANGE),
        ({"order_id": 99}, RefusalReason.NO_CHANGE),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(waiting, new, reason):
    """
    The same checks as everywhere.
    """
    chat = waiting
    before = (chat.shop.rows(remedies), chat.shop.rows(decisions), chat.shop.rows(messages))

    refusal = change(chat, replace(terms(chat), **new), hire(chat.shop, "Kim"), buyer_agreed=True)
    assert refusal.reason is reason
    after = (chat.shop.rows(remedies), chat.shop.rows(decisions), chat.shop.rows(messages))
    assert after == before


def test_who_may_not_decide_changes_nothing(waiting):
    """
    One's own order, and a trainer.
    """
    chat, new = waiting, less(waiting)
    me = hire(chat.shop, "Ada", Role.OWNER, email="ada@example.com")

    assert change(chat, new, me).reason is RefusalReason.OWN_ORDER
    assert change(chat, new, hire(chat.shop, "Tim", Role.TRAINER)).reason is (
        RefusalReason.NOT_ALLOWED
    )


def test_a_change_needs_a_reason(waiting):
    """
    It is on record.
    """
    with pytest.raises(NotAcceptable):
        change(waiting, less(waiting), hire(waiting.shop, "Kim"), reason="")


def test_the_bot_gives_nothing_on_top(waiting):
    """
    The new terms stand for the goods like any others.
    """
    chat = waiting
    change(chat, less(chat), hire(chat.shop, "Kim"), buyer_agreed=True)

    other = Dialog(chat.shop, "ada@example.com")
    assert other.says("damaged_item", photos=1) == AlreadySettled
    assert other.said.amount == eur("160")


def test_what_no_buyer_heard_of_is_changed_without_asking(shop):
    """
    A refund that a person asked for outside of any talk.
    """
    one = shop(an_order(lines=(a_line(unit_price=eur("300")),)))
    with one.house.units.reading() as unit:
        order = unit.orders.find("demo", "DEMO-1003")
    whole = Refund(order_id=order.id, line_id=order.lines[0].id, quantity=1, amount=eur("300"))
    kim = hire(one, "Kim", Role.AGENT)
    (waits,) = do_grant(one.house, [whole], agent=kim, reason="x", request_id="r").remedies
    part = replace(whole, amount=eur("90"))

    changed = do_change(one.house, waits, part, agent=kim, reason="less will do")
    assert changed.state is RemedyState.REQUESTED
    assert [row["amount"] for row in one.rows(remedies) if row["state"] == "requested"] == [9000]


REFUND = a_refund()
DISCOUNT = Discount(order_id=3, line_id=1, quantity=2, amount=eur("2"), percent=Decimal(5))
RETURN = Return(order_id=3, line_id=1, quantity=1, amount=eur("20"))
COUPON = Coupon(order_id=3, line_id=1, percent=Decimal(10), valid_days=90)
AGAIN = Replacement(order_id=3, line_id=1, quantity=2)


@pytest.mark.parametrize(
    ("new", "old", "good"),
    [
        (replace(REFUND, amount=eur("20.01")), REFUND, True),
        (replace(REFUND, amount=eur("19.99")), REFUND, False),
        (replace(REFUND, quantity=2), REFUND, True),
        (replace(REFUND, line_id=2), REFUND, False),
        (replace(REFUND, line_id=None, quantity=None), REFUND, False),
        (REFUND, replace(REFUND, quantity=None), False),
        (REFUND, RETURN, True),
        (RETURN, REFUND, False),
        (replace(DISCOUNT, quantity=1), DISCOUNT, False),
        (replace(AGAIN, quantity=3), AGAIN, True),
        (replace(AGAIN, quantity=1), AGAIN, False),
        (AGAIN, REFUND, False),
        (REFUND, AGAIN, False),
        (replace(COUPON, percent=Decimal(5)), COUPON, False),
        (replace(COUPON, amount=eur("1")), COUPON, True),
    ],
)
def test_what_a_buyer_can_only_be_better_off_with(new, old, good):
    """
    More of the same, or money without sending back; any other kind is for the buyer to choose.
    """
    assert is_as_good(new, old) is good
