"""The seller's caps: what the bot gives by itself, counted over orders, buyers and days."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.casework.cases import CaseState
from bot.casework.orders import Buyer
from bot.casework.remedies import RemedyKind, RemedyState
from bot.playbooks.steps import (
    AlreadySettled,
    ApprovalAsked,
    ConfirmRemedy,
    OfferRemedies,
    RemedyRequested,
)
from bot.store.tables import decisions, outbox, remedies
from tests.dialog import Dialog
from tests.factories import a_lamp, a_line, an_order, the_caps, the_rulebook

OTHER = Buyer(name="Ben Hill", email="ben@example.com")


def capped(**caps):
    """A rulebook of refunds up to 40 euros, with these caps in euros."""
    amounts = {name: {"EUR": Decimal(value)} for name, value in caps.items()}
    whole = (
        the_caps(per_remedy={"EUR": Decimal(100)}, **amounts)
        if "per_remedy" not in caps
        else (the_caps(**amounts))
    )

    return the_rulebook(caps=whole)


def an_order_of(number, **changes):
    """One more order of a mug, by its number."""
    given = {"id": number, "number": f"DEMO-{number}", "lines": (a_line(stock=50),)}

    return an_order(**(given | changes))


def takes_refund(chat, number, line=None):
    """The buyer of that order takes the mug's price; the last reply."""
    chat.says("damaged_item", order=f"DEMO-{number}", photos=1)
    if line:
        chat.presses(f"line:{line}")
    if chat.reply != OfferRemedies:
        chat.sends_photo()
    assert chat.reply == OfferRemedies, chat.replies
    place = [choice.it.kind for choice in chat.said.choices if choice.it].index(RemedyKind.REFUND)
    assert chat.presses(f"option:{place}") == ConfirmRemedy
    asked = chat.said.needs_approval
    chat.presses("yes")
    assert (chat.reply == ApprovalAsked) is asked

    return chat.reply


def compared(chat):
    """What the ledger says of the last grant's caps."""
    rows = [row for row in chat.shop.rows(decisions) if row["decision"] == "Perform"]
    newest = max(rows, key=lambda row: row["id"])

    return [rule["compared"] for rule in newest["rules"]]


def states(shop):
    """How far all remedies are, the oldest first."""
    rows = sorted(shop.rows(remedies), key=lambda row: row["created_at"])

    return [row["state"] for row in rows]


def test_one_remedy_over_its_cap_is_agreed_but_not_sent(dialog):
    """
    On record in state `approval`, no outbox row, the case waits, and nothing more can be given
    for the line meanwhile.
    """
    chat = dialog(an_order_of(3), rules=capped(per_remedy="19.99"))

    assert takes_refund(chat, 3) == ApprovalAsked
    assert compared(chat) == ["per_remedy: 0 + 2000 > 1999"]
    assert states(chat.shop) == [RemedyState.APPROVAL]
    assert chat.shop.rows(outbox) == []
    assert chat.cases[0]["state"] == CaseState.APPROVAL
    assert chat.handed_off_for == []

    assert chat.says("damaged_item", photos=1) == AlreadySettled
    assert chat.said.state == RemedyState.APPROVAL
    assert states(chat.shop) == [RemedyState.APPROVAL]


def test_the_cap_itself_is_within_it(dialog):
    """
    To the cent.
    """
    chat = dialog(an_order_of(3), rules=capped(per_remedy="20"))

    assert takes_refund(chat, 3) == RemedyRequested
    assert compared(chat) == ["per_remedy: 2000 <= 2000"]
    assert len(chat.shop.rows(outbox)) == 1


def test_two_lines_of_one_order_share_its_cap(dialog):
    """
    Thirty-nine euros for two mugs of twenty: the second needs a person.
    """
    lines = (a_line(stock=50), a_lamp(unit_price=a_line().unit_price, stock=50))
    chat = dialog(an_order_of(3, lines=lines), rules=capped(per_order="39"))

    assert takes_refund(chat, 3, line=1) == RemedyRequested
    assert takes_refund(chat, 3, line=2) == ApprovalAsked
    assert compared(chat) == ["per_order: 2000 + 2000 > 3900"]


def test_a_buyers_orders_share_a_cap(dialog):
    """
    What one buyer got for another order counts, within its days.
    """
    rules = capped(per_buyer="39")
    chat = dialog(an_order_of(3), an_order_of(4), rules=rules)

    assert takes_refund(chat, 3) == RemedyRequested
    assert takes_refund(chat, 4) == ApprovalAsked
    assert compared(chat) == ["per_buyer: 2000 + 2000 > 3900"]


@pytest.mark.parametrize(("days", "reply"), [(29, ApprovalAsked), (31, RemedyRequested)])
def test_what_a_buyer_got_long_ago_is_forgotten(dialog, days, reply):
    """
    After thirty days, the rulebook's number.
    """
    chat = dialog(an_order_of(3), an_order_of(4), rules=capped(per_buyer="39"))
    takes_refund(chat, 3)
    chat.waits(days=days)

    assert takes_refund(chat, 4) == reply


def test_another_buyer_has_a_cap_of_their_own(shop):
    """
    Ben got nothing yet.
    """
    opened = shop(an_order_of(3), an_order_of(4, buyer=OTHER), rules=capped(per_buyer="39"))

    assert takes_refund(Dialog(opened, "ada@example.com"), 3) == RemedyRequested
    assert takes_refund(Dialog(opened, OTHER.email), 4) == RemedyRequested


def test_all_buyers_of_a_store_share_its_day(shop):
    """
    Many small refunds at once are stopped by it; what waits for a person counts as well.
    """
    opened = shop(
        an_order_of(3),
        an_order_of(4, buyer=OTHER),
        an_order_of(5),
        rules=capped(per_store_and_day="39"),
    )
    takes_refund(Dialog(opened, "ada@example.com"), 3)
    ben = Dialog(opened, OTHER.email)

    assert takes_refund(ben, 4) == ApprovalAsked
    assert compared(ben) == ["per_store_and_day: 2000 + 2000 > 3900"]
    third = Dialog(opened, "ada@example.com")
    assert takes_refund(third, 5) == ApprovalAsked
    assert compared(third) == ["per_store_and_day: 4000 + 2000 > 3900"]


def test_a_stores_day_ends_at_midnight(dialog):
    """
    UTC: from one second to the next the store has its money again.
    """
    chat = dialog(an_order_of(3), an_order_of(4), rules=capped(per_store_and_day="39"))
    takes_refund(chat, 3)
    chat.shop.now = (chat.shop.now + timedelta(days=1)).replace(hour=0, minute=0, second=0)

    assert takes_refund(chat, 4) == RemedyRequested


def test_goods_sent_again_count_at_their_price(dialog):
    """
    A mug of twenty euros is worth twenty euros, though no money moves.
    """
    chat = dialog(an_order_of(3), an_order_of(4), rules=capped(per_buyer="39"))
    chat.says("damaged_item", order="DEMO-3", photos=1)
    chat.presses("option:1")
    assert chat.said.remedy.kind is RemedyKind.REPLACEMENT
    assert chat.presses("yes") == RemedyRequested

    assert takes_refund(chat, 4) == ApprovalAsked
    assert compared(chat) == ["per_buyer: 2000 + 2000 > 3900"]


def test_what_came_to_nothing_is_not_counted(dialog):
    """
    A denied remedy has cost nothing.
    """
    chat = dialog(an_order_of(3), an_order_of(4), rules=capped(per_buyer="39"))
    takes_refund(chat, 3)
    (row,) = chat.shop.rows(remedies)
    with chat.shop.house.units() as unit:
        unit.remedies.end(row["id"], RemedyState.DENIED, chat.shop.now)

    assert takes_refund(chat, 4) == RemedyRequested


def test_some_remedies_always_need_a_person(dialog):
    """
    Whatever they cost; the others are free.
    """
    rules = the_rulebook(needs_approval=(RemedyKind.REFUND,))
    chat = dialog(an_order_of(3), an_order_of(4), rules=rules)

    assert takes_refund(chat, 3) == ApprovalAsked
    assert compared(chat) == ["refund always"]
    chat.says("damaged_item", order="DEMO-4", photos=1)
    chat.presses("option:0")
    assert not chat.said.needs_approval
    assert chat.presses("yes") == RemedyRequested


def test_what_was_agreed_before_the_cap_was_reached_is_counted_at_the_yes(shop):
    """
    Two of a buyer's conversations under one cap: the second yes finds the money gone, and no
    longer says that it is on its way.
    """
    opened = shop(an_order_of(3), an_order_of(4), rules=capped(per_buyer="39"))
    first, second = (Dialog(opened, "ada@example.com") for _ in range(2))
    for chat, number in ((first, 3), (second, 4)):
        chat.says("damaged_item", order=f"DEMO-{number}", photos=1)
        chat.presses("option:2")
        assert not chat.said.needs_approval

    assert first.presses("yes") == RemedyRequested
    assert second.presses("yes") == ApprovalAsked
    assert states(opened) == [RemedyState.REQUESTED, RemedyState.APPROVAL]
