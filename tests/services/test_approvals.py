"""What is over the seller's caps: an honest interim word, a person's yes or no, once."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from bot.casework.agents import Agent, Role
from bot.casework.approvals import Verdict
from bot.casework.authority import at_the_console
from bot.casework.cases import Awaiting, CaseState
from bot.casework.orders import OrderStatus
from bot.casework.ports.units import Missing
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import Refund, RemedyKind, RemedyState
from bot.casework.turns import Floor
from bot.playbooks.steps import AlreadySettled, ApprovalAsked, ConfirmRemedy, RemedyRequested
from bot.services.approvals import do_approve, do_deny
from bot.services.grants import do_grant
from bot.services.turn_queue import NotAcceptable
from bot.store.tables import approvals, audit, handoffs, messages, outbox, products, remedies
from tests.dialog import Dialog
from tests.factories import a_lamp, a_line, an_order, eur, the_caps, the_desk, the_rulebook
from tests.staff import hire

STRICT = the_rulebook(caps=the_caps(per_remedy={"EUR": Decimal(10)}))
SENT, STILL_WAITS = RemedyState.REQUESTED, RemedyState.APPROVAL


@pytest.fixture
def waiting(dialog):
    """A new mug, worth more than the cap: agreed with the buyer, not approved yet."""
    return agreed(dialog(an_order(), rules=STRICT))


def agreed(chat: Dialog) -> Dialog:
    """The dialogue with a replacement of the mugs that waits for a yes."""
    chat.says("damaged_item", photos=1)
    chat.presses("option:1")
    assert chat.reply == ConfirmRemedy
    assert chat.said.needs_approval
    chat.presses("yes")

    return chat


def worth(dialog, price: str, **desk) -> Dialog:
    """A replacement of a mug at that price that waits for a yes."""
    order = an_order(lines=(a_line(unit_price=eur(price)),))
    caps = the_caps(per_remedy={"EUR": Decimal(0)})

    return agreed(dialog(order, rules=the_rulebook(caps=caps, desk=the_desk(**desk))))


def kim(chat: Dialog, role: Role = Role.LEAD, **changes) -> Agent:
    """Somebody who decides."""
    return hire(chat.shop, "Kim", role, **changes)


def approve(chat: Dialog, agent: Agent, remedy: str = "") -> Refusal | RemedyState:
    """That person's yes."""
    return do_approve(chat.shop.house, remedy or remedy_of(chat), agent)


def reason_of(said: object) -> RefusalReason:
    """Why not."""
    assert isinstance(said, Refusal)

    return said.reason


def remedy_of(chat: Dialog) -> str:
    """The id of the only remedy."""
    (row,) = chat.shop.rows(remedies)

    return str(row["id"])


def said_since(chat: Dialog, seq: int) -> list[str]:
    """Replies of the bot after that message."""
    rows = [row for row in chat.shop.rows(messages) if row["seq"] > seq and row["reply"]]

    return [str(row["reply"]) for row in sorted(rows, key=lambda row: row["seq"])]


def last_seq(chat: Dialog) -> int:
    """The place of the newest message."""
    return max(int(str(row["seq"])) for row in chat.shop.rows(messages))


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
    With the person's name on the remedy and in the ledger, and their account beside it.
    """
    chat, last = waiting, last_seq(waiting)
    agent = kim(chat)

    assert approve(chat, agent) is SENT
    (row,) = chat.shop.rows(remedies)
    assert (row["state"], row["approved_by"]) == ("requested", agent.name)
    assert chat.outbox == 1
    assert said_since(chat, last) == ["approvals.approved", "steps.remedy_requested"]
    assert chat.cases[0]["state"] == CaseState.SETTLED
    decision = chat.decisions[-1]
    assert (decision["step"], decision["decision"], decision["decided_by"]) == (
        "approve",
        "Approve",
        agent.name,
    )
    (word,) = chat.shop.rows(approvals)
    assert (word["agent_id"], word["verdict"]) == (agent.id, "yes")
    (done,) = chat.shop.rows(audit)
    assert (done["agent_id"], done["action"], done["subject_id"]) == (
        agent.id,
        "remedy.approve",
        row["id"],
    )
    assert (done["before"]["state"], done["after"]["state"]) == ("approval", "requested")


def test_a_no_takes_everything_back_and_a_person_goes_on(waiting):
    """
    The stock is there again, the goods may be made good otherwise, the reason is on record.
    """
    chat, last = waiting, last_seq(waiting)
    agent = kim(chat)

    assert do_deny(chat.shop.house, remedy_of(chat), agent, " third\nthis month ") is None
    (row,) = chat.shop.rows(remedies)
    assert (row["state"], row["approved_by"]) == ("denied", agent.name)
    assert chat.outbox == 0
    assert chat.shop.stock("MUG-1") == 5
    assert said_since(chat, last) == ["approvals.not_approved"]
    assert chat.floor is Floor.WAITING
    assert chat.handed_off_for == ["denied"]
    assert chat.decisions[-1]["rules"] == [
        {"name": "approval", "held": False, "compared": "third this month"}
    ]
    (word,) = chat.shop.rows(approvals)
    assert (word["verdict"], word["reason"]) == ("no", "third this month")
    assert chat.shop.rows(audit)[0]["action"] == "remedy.deny"


@pytest.mark.parametrize("why", ["", "  \n"])
def test_a_no_needs_a_reason(waiting, why):
    """
    Whoever asks later finds one.
    """
    with pytest.raises(NotAcceptable):
        do_deny(waiting.shop.house, remedy_of(waiting), kim(waiting), why)
    assert waiting.shop.rows(remedies)[0]["state"] == "approval"


@pytest.mark.parametrize("first", [do_approve, partial(do_deny, why="no")])
@pytest.mark.parametrize("second", [do_approve, partial(do_deny, why="no")])
def test_a_decision_stands(waiting, first, second):
    """
    Two people at one remedy: the second is told that it waits no more, and changes nothing.
    """
    chat, remedy = waiting, remedy_of(waiting)
    one, other = kim(chat), hire(chat.shop, "Lee")
    first(chat.shop.house, remedy, one)
    tables = (remedies, outbox, products, approvals, messages)
    before = [chat.shop.rows(table) for table in tables]

    assert second(chat.shop.house, remedy, other).reason is RefusalReason.NOT_WAITING
    assert [chat.shop.rows(table) for table in tables] == before


def test_the_same_person_says_yes_once(waiting):
    """
    The second click of one person is told so.
    """
    agent = kim(waiting)

    assert approve(waiting, agent) is SENT
    assert reason_of(approve(waiting, agent)) is RefusalReason.ALREADY
    assert waiting.outbox == 1


def test_there_is_no_such_remedy(waiting):
    """
    An id that never was.
    """
    with pytest.raises(Missing):
        approve(waiting, kim(waiting), "nothing")


# Limits


@pytest.mark.parametrize(
    ("role", "price", "said"),
    [
        (Role.AGENT, "100", SENT),
        (Role.AGENT, "100.01", RefusalReason.OVER_YOUR_LIMIT),
        (Role.LEAD, "500", SENT),
        (Role.LEAD, "500.01", RefusalReason.OVER_YOUR_LIMIT),
        (Role.OWNER, "1000", SENT),
        (Role.OWNER, "1000.01", STILL_WAITS),
        (Role.TRAINER, "0.01", RefusalReason.NOT_ALLOWED),
    ],
)
def test_a_role_approves_up_to_its_limit(dialog, role, price, said):
    """
    To the cent; an owner has none, a trainer decides nothing, and above four eyes it takes two.
    """
    chat = worth(dialog, price)
    answer = approve(chat, kim(chat, role))

    assert (answer.reason if isinstance(answer, Refusal) else answer) is said
    assert chat.outbox == (said is SENT)
    assert chat.shop.rows(remedies)[0]["state"] == ("requested" if said is SENT else "approval")


def test_the_numbers_are_told(dialog):
    """
    Whose limit, what was given before, what this is, and how far it goes.
    """
    chat = worth(dialog, "100.01")

    assert approve(chat, kim(chat, Role.AGENT)).compared == "agent: 0 + 10001 > 10000"


def test_a_currency_that_is_not_listed_is_for_the_owner(dialog):
    """
    Whatever the amount; nothing is guessed about what it is worth.
    """
    chat = worth(dialog, "20", limits={"agent": {"EUR": Decimal(100)}, "lead": {}})

    refusal = approve(chat, kim(chat))
    assert refusal == Refusal(RefusalReason.OVER_YOUR_LIMIT, "lead: EUR is not listed")
    assert approve(chat, hire(chat.shop, "Olga", Role.OWNER)) is SENT


def test_who_was_locked_out_decides_nothing(waiting):
    """
    Not even in the minute in which their page is still open.
    """
    gone = kim(waiting, Role.OWNER, disabled=True)

    assert reason_of(approve(waiting, gone)) is RefusalReason.NOT_ALLOWED
    assert reason_of(do_deny(waiting.shop.house, remedy_of(waiting), gone, "no")) is (
        RefusalReason.NOT_ALLOWED
    )


def test_a_limit_is_not_passed_in_parts(dialog):
    """
    An agent gives 60 euros of an order, and the other 60 need somebody else.
    """
    lines = (a_lamp(id=1, stock=9), a_lamp(id=2, sku="LAMP-2", title="Floor lamp", stock=9))
    chat = dialog(an_order(lines=lines), rules=STRICT)
    for line in (1, 2):
        chat.says("damaged_item")
        chat.presses(f"line:{line}")
        chat.sends_photo()
        chat.presses("option:1")
        chat.presses("yes")
    first, second = (str(row["id"]) for row in chat.shop.rows(remedies))
    agent = kim(chat, Role.AGENT)

    assert approve(chat, agent, first) is SENT
    assert approve(chat, agent, second).compared == "agent: 6000 + 6000 > 10000"
    assert approve(chat, hire(chat.shop, "Lee", Role.AGENT), second) is SENT


# Four eyes


def test_above_four_eyes_the_second_yes_sends_it_out(dialog):
    """
    The first is on record, in the ledger too; the buyer hears of it when it is certain.
    """
    chat = worth(dialog, "1500")
    last = last_seq(chat)
    olga, pete = (hire(chat.shop, name, Role.OWNER) for name in ("Olga", "Pete"))

    assert approve(chat, olga) is STILL_WAITS
    assert chat.outbox == 0
    assert said_since(chat, last) == []
    first = chat.decisions[-1]
    assert (first["decision"], first["decided_by"]) == ("FirstYes", olga.name)
    assert first["rules"] == [
        {"name": "four_eyes_above", "held": False, "compared": "0 + 150000 > 100000"}
    ]

    assert reason_of(approve(chat, olga)) is RefusalReason.ALREADY
    assert chat.outbox == 0
    assert approve(chat, pete) is SENT
    assert chat.outbox == 1
    assert [row["agent_id"] for row in chat.shop.rows(approvals)] == [olga.id, pete.id]
    assert said_since(chat, last) == ["approvals.approved", "steps.remedy_requested"]


def test_the_second_must_be_within_their_limit_as_well(dialog):
    """
    A lead's yes to what only owners may give counts for nothing.
    """
    chat = worth(dialog, "1500")
    olga = hire(chat.shop, "Olga", Role.OWNER)

    assert approve(chat, olga) is STILL_WAITS
    assert reason_of(approve(chat, kim(chat))) is RefusalReason.OVER_YOUR_LIMIT
    assert chat.outbox == 0
    assert len(chat.shop.rows(approvals)) == 1


def test_four_eyes_are_not_passed_in_parts(dialog):
    """
    An owner who gave 900 euros of an order gives the next 200 with somebody else.
    """
    lines = (
        a_line(id=1, unit_price=eur("900")),
        a_lamp(id=2, unit_price=eur("200"), stock=9),
    )
    chat = dialog(an_order(lines=lines), rules=STRICT)
    olga = hire(chat.shop, "Olga", Role.OWNER)
    with chat.shop.house.units.reading() as unit:
        order = unit.orders.find("demo", "DEMO-1003")
    refund = Refund(order_id=order.id, line_id=order.lines[0].id, amount=eur("900"))
    do_grant(chat.shop.house, [refund], agent=olga, reason="phone", request_id="r1")
    chat.says("damaged_item")
    chat.presses("line:2")
    chat.sends_photo()
    chat.presses("option:1")
    chat.presses("yes")
    waits = next(row["id"] for row in chat.shop.rows(remedies) if row["state"] == "approval")

    assert approve(chat, olga, waits) is STILL_WAITS
    assert approve(chat, kim(chat), waits) is SENT


def test_after_a_first_yes_somebody_may_still_say_no(dialog):
    """
    Even who said yes: it has not gone out.
    """
    chat = worth(dialog, "1500")
    olga = hire(chat.shop, "Olga", Role.OWNER)
    approve(chat, olga)

    assert do_deny(chat.shop.house, remedy_of(chat), olga, "it was found") is None
    assert [row["verdict"] for row in chat.shop.rows(approvals)] == [Verdict.NO]
    assert chat.shop.rows(remedies)[0]["state"] == "denied"


def test_a_name_at_the_console_is_nobodys_second_pair_of_eyes(dialog):
    """
    Two names may be one person.
    """
    chat = worth(dialog, "1500")

    assert reason_of(approve(chat, at_the_console("Kim"))) is RefusalReason.FOUR_EYES
    assert chat.shop.rows(approvals) == []


def test_without_accounts_a_name_decides_as_before(waiting):
    """
    On record by name; the list of deeds names no account.
    """
    assert approve(waiting, at_the_console("Kim")) is SENT
    assert waiting.shop.rows(remedies)[0]["approved_by"] == "Kim"
    (done,) = waiting.shop.rows(audit)
    assert (done["agent_id"], done["who"]) == (None, "Kim")


# One's own


@pytest.mark.parametrize("email", ["ada@example.com", "ADA@Example.com"])
def test_nobody_decides_about_their_own_order(waiting, email):
    """
    An owner neither; however the e-mail is written.
    """
    me = replace(kim(waiting, Role.OWNER), email=email)

    assert reason_of(approve(waiting, me)) is RefusalReason.OWN_ORDER
    no = do_deny(waiting.shop.house, remedy_of(waiting), me, "no")
    assert reason_of(no) is RefusalReason.OWN_ORDER
    assert waiting.outbox == 0


# What has changed meanwhile


def test_what_the_shop_has_changed_meanwhile_is_not_approved(waiting):
    """
    The order was cancelled in the shop: even a person's yes sends no second mug.
    """
    chat = waiting
    chat.shop.take_in(an_order(status=OrderStatus.CANCELLED))

    assert reason_of(approve(chat, kim(chat))) is RefusalReason.NOT_ON_THIS_WAY
    assert chat.outbox == 0


def test_money_that_was_paid_back_elsewhere_is_not_approved(dialog):
    """
    A return of 60 euros waits; the shop's file now says that only 5 were paid.
    """
    order = an_order(lines=(a_line(unit_price=eur("60")),))
    chat = dialog(order, rules=STRICT)
    chat.says("damaged_item", photos=1)
    chat.says("choose_option", "return it")
    chat.presses("yes")
    assert chat.reply == ApprovalAsked
    less = replace(order.payments[0], amount=eur("5"))
    chat.shop.take_in(replace(order, payments=(less,)))

    refusal = approve(chat, kim(chat))
    assert refusal.reason is RefusalReason.MORE_THAN_PAID
    assert refusal.compared == "6000 > 500"
    assert chat.shop.rows(approvals) == []


def test_an_order_that_was_refunded_elsewhere_is_refused_at_the_second_yes_too(dialog):
    """
    Between the first yes and the second somebody paid it back in the shop.
    """
    order = an_order(lines=(a_line(unit_price=eur("1500")),))
    chat = dialog(order, rules=STRICT)
    chat.says("damaged_item", photos=1)
    chat.says("choose_option", "return it")
    chat.presses("yes")
    olga, pete = (hire(chat.shop, name, Role.OWNER) for name in ("Olga", "Pete"))
    assert approve(chat, olga) is STILL_WAITS
    nothing = replace(order.payments[0], amount=eur("0"))
    chat.shop.take_in(replace(order, payments=(nothing,)))

    assert approve(chat, pete) == Refusal(RefusalReason.MORE_THAN_PAID, "150000 > 0")
    assert chat.outbox == 0


def test_an_order_that_is_in_another_money_now_is_not_approved(waiting):
    """
    Whatever the amounts are.
    """
    chat, order = waiting, an_order()
    line = a_line(unit_price=replace(order.lines[0].unit_price, currency="USD"))
    chat.shop.take_in(an_order(lines=(line,)))

    refusal = approve(chat, kim(chat))
    assert refusal == Refusal(RefusalReason.ORDER_CHANGED, "EUR agreed, USD now")


def test_after_a_no_the_same_may_be_granted_once_more(waiting):
    """
    A denied remedy stands in nobody's way: its second attempt has a key of its own.
    """
    chat = waiting
    do_deny(chat.shop.house, remedy_of(chat), kim(chat), "no photo")
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

    refusal = approve(chat, kim(chat))
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

    assert do_deny(chat.shop.house, remedy_of(chat), kim(chat), "no") is None
    assert chat.shop.stock("MUG-1") == 5
