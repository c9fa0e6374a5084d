"""What a person gives by themselves: beyond the caps, never beyond what was paid or their limit."""

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.casework.agents import Agent, Role
from bot.casework.authority import at_the_console
from bot.casework.money import Money, WrongMoney
from bot.casework.orders import Fulfilment, Marketplace
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import Cancellation, Discount, Refund, RemedyState, Replacement
from bot.casework.turns import Floor
from bot.playbooks.steps import AlreadySettled
from bot.services.approvals import do_approve, do_deny
from bot.services.grants import Given, do_grant
from bot.services.hand_off import HandedOff
from bot.services.turn_queue import NotAcceptable
from bot.store.tables import approvals, audit, cases, decisions, messages, outbox, remedies
from tests.dialog import Dialog
from tests.factories import a_lamp, a_line, an_order, eur, the_caps, the_rulebook
from tests.staff import hire


def order_id(one) -> int:
    """The id under which the shop stored its only order."""
    with one.house.units.reading() as unit:
        return unit.orders.find("demo", "DEMO-1003").id


def line_id(one, sku: str = "MUG-1") -> int:
    """The id of that product's line."""
    with one.house.units.reading() as unit:
        order = unit.orders.find("demo", "DEMO-1003")
    return next(line.id for line in order.lines if line.sku == sku)


def refund(one, amount: str, **changes) -> Refund:
    """So much money back for the mug."""
    given = {"order_id": order_id(one), "line_id": line_id(one), "amount": eur(amount)}

    return Refund(**(given | changes))


KIM = at_the_console("Kim")


def grant(one, remedy, request: str = "r1", *, agent: Agent = KIM, **more) -> Refusal | Given:
    """Granted by Kim."""
    remedies = remedy if isinstance(remedy, list) else [remedy]
    more = {"reason": "promised by phone", "request_id": request} | more

    return do_grant(one.house, remedies, agent=agent, **more)


def sent(given: object) -> bool:
    """Whether it is on its way."""
    return isinstance(given, Given) and given.state is RemedyState.REQUESTED


def waits(given: object) -> bool:
    """Whether it is on record and waits for somebody's yes."""
    return isinstance(given, Given) and given.state is RemedyState.APPROVAL


def test_a_partial_refund_and_another_up_to_what_was_paid(shop):
    """
    Two parts of twenty euros; the third would be too much, and says by how much.
    """
    one = shop(an_order())

    assert sent(grant(one, refund(one, "15"), "r1"))
    assert sent(grant(one, refund(one, "5"), "r2"))
    assert grant(one, refund(one, "0.01"), "r3") == Refusal(RefusalReason.MORE_THAN_PAID, "1 > 0")
    assert [row["amount"] for row in one.rows(remedies)] == [1500, 500]
    assert len(one.rows(outbox)) == 2
    assert {row["decided_by"] for row in one.rows(decisions)} == {"Kim"}


def test_the_same_request_grants_once(shop):
    """
    However often the browser sends it.
    """
    one = shop(an_order())
    first = grant(one, refund(one, "5"))

    assert grant(one, refund(one, "5")) == first
    assert len(one.rows(remedies)) == 1


def test_an_agent_is_not_bound_by_the_caps(shop):
    """
    The caps are the bot's.
    """
    one = shop(an_order(), rules=the_rulebook(caps=the_caps(per_remedy={"EUR": Decimal(1)})))

    assert sent(grant(one, refund(one, "20")))
    assert one.rows(remedies)[0]["state"] == "requested"


@pytest.mark.parametrize("money_first", [True, False])
def test_goods_and_their_price_exclude_each_other(shop, money_first):
    """
    In either order.
    """
    one = shop(an_order())
    both = [
        refund(one, "20"),
        Replacement(order_id=order_id(one), line_id=line_id(one), quantity=1),
    ]
    first, second = both if money_first else reversed(both)

    assert sent(grant(one, first, "r1"))
    assert grant(one, second, "r2").reason in (
        RefusalReason.EXCLUDED,
        RefusalReason.MORE_THAN_PAID,
    )
    assert len(one.rows(remedies)) == 1


def test_no_more_pieces_are_sent_again_than_were_ordered(shop):
    """
    Two of three, then one; a fourth is refused.
    """
    one = shop(an_order(lines=(a_line(quantity=3, stock=9),)))
    which = {"order_id": order_id(one), "line_id": line_id(one)}

    assert sent(grant(one, Replacement(**which, quantity=2), "r1"))
    assert sent(grant(one, Replacement(**which, quantity=1), "r2"))
    assert grant(one, Replacement(**which, quantity=1), "r3") == Refusal(
        RefusalReason.EXCLUDED, "3 + 1 > 3"
    )
    assert one.stock("MUG-1") == 6


def test_another_line_is_another_matter(shop):
    """
    A refund of the mug leaves the lamp's money where it is.
    """
    one = shop(an_order(lines=(a_line(), a_lamp())))
    lamp = refund(one, "60", line_id=line_id(one, "LAMP-1"))

    assert sent(grant(one, refund(one, "20"), "r1"))
    assert sent(grant(one, lamp, "r2"))


def test_what_the_marketplace_settles_no_agent_settles(shop):
    """
    A seller who refunds such an order loses twice.
    """
    one = shop(an_order(marketplace=Marketplace.AMAZON, fulfilment=Fulfilment.MARKETPLACE))

    assert grant(one, refund(one, "20")).reason is RefusalReason.MARKETPLACE_SETTLES


def test_a_delivered_order_is_not_cancelled(shop):
    """
    Nor by an agent: the goods are gone.
    """
    one = shop(an_order())
    whole = Cancellation(order_id=order_id(one), amount=eur("20"))

    assert grant(one, whole).reason is RefusalReason.ALREADY_SHIPPED


def test_foreign_money_cannot_be_granted(shop):
    """
    Dollars for an order in euros are a mistake, not a rate.
    """
    one = shop(an_order())

    with pytest.raises(WrongMoney):
        grant(one, replace(refund(one, "5"), amount=Money(500, "USD")))
    assert one.rows(remedies) == []


def test_the_bot_gives_nothing_on_top_of_an_agents_refund(shop):
    """
    One record for both.
    """
    one = shop(an_order())
    grant(one, refund(one, "5"))
    chat = Dialog(one, "ada@example.com")

    assert chat.says("damaged_item", photos=1) == AlreadySettled


def test_a_discount_of_an_agents_choosing(shop):
    """
    Counted against what was paid like any other money.
    """
    one = shop(an_order())
    half = Discount(
        order_id=order_id(one), line_id=line_id(one), amount=eur("10"), percent=Decimal(50)
    )

    assert sent(grant(one, half, "r1"))
    assert grant(one, refund(one, "10.01"), "r2").reason is RefusalReason.MORE_THAN_PAID


# In a talk


def talk_about(one) -> Dialog:
    """Ada has asked for a person about her order."""
    chat = Dialog(one, "ada@example.com")
    chat.says("order_status", order="DEMO-1003")
    chat.says("human_agent")

    return chat


def replies_to(one, conversation_id: str) -> list[str]:
    """What was said there unasked."""
    rows = [row for row in one.rows(messages) if row["conversation_id"] == conversation_id]
    unasked = [row for row in rows if row["reply"] and row["answers"] is None]

    return [str(row["reply"]) for row in sorted(unasked, key=lambda row: row["seq"])]


def test_the_buyer_reads_the_exact_terms_in_their_talk(shop):
    """
    The record is the talk's, the account stands beside it, and a person keeps the floor.
    """
    one = shop(an_order())
    chat, kim = talk_about(one), hire(one, "Kim")

    given = grant(one, refund(one, "15"), agent=kim, conversation_id=chat.id)
    assert sent(given)
    assert replies_to(one, chat.id) == ["grants.granted_by_person", "steps.remedy_requested"]
    assert chat.said.remedy.amount == eur("15")
    assert chat.remedies == ["refund"]
    assert chat.floor is Floor.WAITING
    (word,) = one.rows(approvals)
    assert (word["agent_id"], word["verdict"]) == (kim.id, "granted")
    (done,) = one.rows(audit)
    assert (done["agent_id"], done["action"], done["subject_id"]) == (
        kim.id,
        "remedy.grant",
        given.remedies[0],
    )
    assert done["after"] == {
        "kind": "refund",
        "line_id": line_id(one),
        "quantity": None,
        "amount": 1500,
        "currency": "EUR",
        "order": "DEMO-1003",
        "reason": "promised by phone",
    }


def test_the_same_request_is_said_once(shop):
    """
    A second click neither gives nor says anything.
    """
    one = shop(an_order())
    chat, kim = talk_about(one), hire(one, "Kim")
    first = grant(one, refund(one, "15"), agent=kim, conversation_id=chat.id)
    said = len(one.rows(messages))

    assert grant(one, refund(one, "15"), agent=kim, conversation_id=chat.id) == first
    assert len(one.rows(messages)) == said
    assert len(one.rows(remedies)) == len(one.rows(cases)) - 1 == 1


def test_the_bot_goes_on_with_the_talk_afterwards(shop):
    """
    Whatever the buyer says then; the person's case is none that waits for an answer.
    """
    one = shop(an_order())
    chat, kim = Dialog(one, "ada@example.com"), hire(one, "Kim")
    chat.says("order_status", order="DEMO-1003")
    grant(one, refund(one, "15"), agent=kim, conversation_id=chat.id)

    assert chat.says("damaged_item") == AlreadySettled
    for intent in ("thanks", "affirm", "deny", "refund_status", "never_mind", "cancel_order"):
        chat.says(intent)
        assert chat.floor is Floor.BOT
    assert chat.says("complaint", "this is a disgrace") == HandedOff


def test_nothing_is_said_of_an_order_in_somebody_elses_talk(shop):
    """
    Eve's talk hears nothing of Ada's order, nor is anything given there.
    """
    one = shop(an_order())
    eve, kim = Dialog(one, "eve@example.com"), hire(one, "Kim")
    anonymous = Dialog(one, None)

    for chat in (eve, anonymous):
        said = grant(one, refund(one, "15"), agent=kim, conversation_id=chat.id)
        assert said == Refusal(RefusalReason.SOMEBODY_ELSES, "DEMO-1003")
    assert one.rows(remedies) == []
    assert replies_to(one, eve.id) == []


def test_a_proven_order_is_theirs(shop):
    """
    By its e-mail, without the shop's sign-in.
    """
    one = shop(an_order())
    chat, kim = Dialog(one, None), hire(one, "Kim")
    chat.says("order_status", "ada@example.com", order="DEMO-1003")

    assert sent(grant(one, refund(one, "15"), agent=kim, conversation_id=chat.id))


# Limits


@pytest.mark.parametrize(
    ("role", "amount", "goes_out", "verdict"),
    [
        (Role.AGENT, "100", True, "granted"),
        (Role.AGENT, "100.01", False, "asked"),
        (Role.LEAD, "500.01", False, "asked"),
        (Role.OWNER, "1000", True, "granted"),
        (Role.OWNER, "1000.01", False, "granted"),
    ],
)
def test_over_the_limit_it_waits_for_somebody_else(shop, role, amount, goes_out, verdict):
    """
    It is asked for instead of given; an owner's word above four eyes is the first yes.
    """
    one = shop(an_order(lines=(a_line(unit_price=eur("2000")),)))
    given = grant(one, refund(one, amount), agent=hire(one, "Kim", role))

    assert (sent(given), waits(given)) == (goes_out, not goes_out)
    assert len(one.rows(outbox)) == goes_out
    assert one.rows(approvals)[0]["verdict"] == verdict
    assert one.rows(remedies)[0]["approved_by"] == ("Kim Reed" if goes_out else "")


def test_who_asks_for_it_does_not_approve_it(shop):
    """
    A second person does; the buyer reads the interim word, then that it is approved.
    """
    one = shop(an_order(lines=(a_line(unit_price=eur("300")),)))
    chat, kim = talk_about(one), hire(one, "Kim", Role.AGENT)
    given = grant(one, refund(one, "300"), agent=kim, conversation_id=chat.id)
    assert waits(given)
    assert replies_to(one, chat.id)[-1] == "steps.approval_asked"
    (remedy,) = given.remedies

    promoted = replace(kim, role=Role.OWNER)
    assert do_approve(one.house, remedy, promoted).reason is RefusalReason.OWN_REQUEST
    assert do_approve(one.house, remedy, hire(one, "Lee")) is RemedyState.REQUESTED
    assert replies_to(one, chat.id)[-2:] == ["approvals.approved", "steps.remedy_requested"]
    assert len(one.rows(outbox)) == 1


def test_over_the_limit_and_above_four_eyes_two_others_agree(shop):
    """
    Whoever asked is neither of them.
    """
    one = shop(an_order(lines=(a_line(unit_price=eur("2000")),)))
    given = grant(one, refund(one, "2000"), agent=hire(one, "Kim"))
    (remedy,) = given.remedies
    olga, pete = (hire(one, name, Role.OWNER) for name in ("Olga", "Pete"))

    assert do_approve(one.house, remedy, olga) is RemedyState.APPROVAL
    assert do_approve(one.house, remedy, pete) is RemedyState.REQUESTED


def test_an_owners_grant_above_four_eyes_needs_one_more(shop):
    """
    And not their own.
    """
    one = shop(an_order(lines=(a_line(unit_price=eur("2000")),)))
    olga, pete = (hire(one, name, Role.OWNER) for name in ("Olga", "Pete"))
    (remedy,) = grant(one, refund(one, "2000"), agent=olga).remedies

    assert do_approve(one.house, remedy, olga).reason is RefusalReason.ALREADY
    assert do_approve(one.house, remedy, pete) is RemedyState.REQUESTED


def test_parts_count_like_the_whole(shop):
    """
    Sixty and sixty are more than an agent's hundred; another agent's are their own.
    """
    one = shop(an_order(lines=(a_line(unit_price=eur("300")),)))
    kim, lee = (hire(one, name, Role.AGENT) for name in ("Kim", "Lee"))

    assert sent(grant(one, refund(one, "60"), "r1", agent=kim))
    assert waits(grant(one, refund(one, "60"), "r2", agent=kim))
    assert sent(grant(one, refund(one, "60"), "r3", agent=lee))


def test_what_was_denied_counts_no_more(shop):
    """
    Of a limit only what stands is used up.
    """
    one = shop(an_order(lines=(a_line(unit_price=eur("3000")),)))
    olga, pete = (hire(one, name, Role.OWNER) for name in ("Olga", "Pete"))
    (remedy,) = grant(one, refund(one, "1500"), "r1", agent=olga).remedies
    assert do_deny(one.house, remedy, pete, "too much") is None

    assert sent(grant(one, refund(one, "900"), "r2", agent=olga))


def test_a_part_of_the_whole_orders_price_is_approved_as_it_is(shop):
    """
    That it is not all of it is meant, where a person has named it.
    """
    one = shop(an_order(lines=(a_line(unit_price=eur("3000")),)))
    part = Refund(order_id=order_id(one), amount=eur("700"))
    (remedy,) = grant(one, part, agent=hire(one, "Kim")).remedies

    assert do_approve(one.house, remedy, hire(one, "Olga", Role.OWNER)) is RemedyState.REQUESTED


def test_nobody_gives_for_their_own_order(shop):
    """
    Nor does a trainer for any.
    """
    one = shop(an_order())
    me = hire(one, "Ada", Role.OWNER, email="ada@example.com")
    trainer = hire(one, "Tim", Role.TRAINER)

    assert grant(one, refund(one, "5"), agent=me).reason is RefusalReason.OWN_ORDER
    assert grant(one, refund(one, "5"), agent=trainer).reason is RefusalReason.NOT_ALLOWED
    assert one.rows(remedies) == one.rows(audit) == []


def test_nothing_is_given_without_a_reason(shop):
    """
    Not even a cent.
    """
    one = shop(an_order())

    with pytest.raises(NotAcceptable):
        grant(one, refund(one, "0.01"), reason=" ")
    assert one.rows(remedies) == []


# Several at once


def test_several_lines_at_once_are_given_together(shop):
    """
    One decision a line, one case, one word to the buyer each.
    """
    one = shop(an_order(lines=(a_line(), a_lamp())))
    chat, kim = talk_about(one), hire(one, "Kim")
    both = [refund(one, "20"), refund(one, "60", line_id=line_id(one, "LAMP-1"))]

    given = grant(one, both, agent=kim, conversation_id=chat.id)
    assert sent(given)
    assert len(given.remedies) == len(one.rows(outbox)) == len(one.rows(approvals)) == 2
    assert replies_to(one, chat.id) == [
        "grants.granted_by_person",
        "steps.remedy_requested",
        "steps.remedy_requested",
    ]


def test_all_of_it_or_nothing(shop):
    """
    The lamp's refund would be too much, so the mug's is not given either.
    """
    one = shop(an_order(lines=(a_line(), a_lamp())))
    both = [refund(one, "20"), refund(one, "60.01", line_id=line_id(one, "LAMP-1"))]

    assert grant(one, both).reason is RefusalReason.MORE_THAN_PAID
    assert one.rows(remedies) == one.rows(decisions) == []


def test_together_they_are_looked_at_as_one_after_the_other(shop):
    """
    Each alone would do; of one stock, one payment and one limit they are too much.
    """
    twin = a_line(id=2, variant="green")
    one = shop(an_order(lines=(a_line(stock=1), replace(twin, stock=1))))
    with one.house.units.reading() as unit:
        ids = [line.id for line in unit.orders.find("demo", "DEMO-1003").lines]
    again = [Replacement(order_id=order_id(one), line_id=each, quantity=1) for each in ids]

    assert grant(one, again).reason is RefusalReason.OUT_OF_STOCK
    assert one.rows(remedies) == []


def test_their_worth_counts_together(shop):
    """
    Twenty and ninety are over an agent's hundred, so both wait.
    """
    lines = (a_line(), a_lamp(unit_price=eur("90")))
    one = shop(an_order(lines=lines))
    both = [refund(one, "20"), refund(one, "90", line_id=line_id(one, "LAMP-1"))]

    assert waits(grant(one, both, agent=hire(one, "Kim", Role.AGENT)))
    assert one.rows(outbox) == []
