"""
People at the desk who decide at the same moment, and processes that die while they do.

On SQLite and on PostgreSQL: whoever comes first, nothing is given twice and no yes is lost.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from bot.casework.agents import Role
from bot.casework.orders import Order
from bot.casework.refusals import Refusal, RefusalReason
from bot.casework.remedies import Refund, Remedy, RemedyState, Return
from bot.casework.rulebook import Rulebook
from bot.services.approvals import do_approve, do_deny
from bot.services.grants import Given, do_grant
from bot.services.remedy_changes import do_change
from bot.store.ledger_check import check_ledger
from bot.store.tables import approvals, messages, outbox, products, remedies
from tests.dialog import Dialog, Shop
from tests.factories import a_line, an_order, eur, the_caps, the_rulebook
from tests.services.test_at_once import at_once
from tests.services.test_crash import MOST_STATEMENTS, dies_at
from tests.staff import hire

ROUNDS = 5
STRICT = the_rulebook(caps=the_caps(per_remedy={"EUR": Decimal(10)}))
SENT, STILL_WAITS = RemedyState.REQUESTED, RemedyState.APPROVAL
OpenShop = Callable[..., Shop]


@pytest.fixture
def open_shop(database_url: str) -> Iterator[OpenShop]:
    """Opens a shop in a database that many threads share."""
    opened: list[Shop] = []

    def begin(*orders: Order, rules: Rulebook = STRICT) -> Shop:
        engine = opened[0].engine if opened else None
        opened.append(Shop(*orders, rules=rules, url=database_url, engine=engine))
        return opened[-1]

    yield begin
    opened[0].engine.dispose()


def a_waiting_return(shop: Shop) -> tuple[Dialog, str]:
    """A return of the mug that waits for a yes, and its id."""
    chat = Dialog(shop, "ada@example.com")
    chat.says("damaged_item", photos=1)
    chat.says("choose_option", "return it")
    chat.presses("yes")
    (row,) = shop.rows(remedies)
    assert row["state"] == STILL_WAITS

    return chat, str(row["id"])


def of_price(price: str) -> Order:
    """An order of one mug at that price."""
    return an_order(lines=(a_line(unit_price=eur(price)),))


def counted(said: list[object]) -> Counter[object]:
    """How often which answer was given."""
    return Counter(one.reason if isinstance(one, Refusal) else one for one in said)


def test_ten_people_who_approve_at_once_send_it_out_once(open_shop: OpenShop) -> None:
    """
    One of them did, the others hear that it waits no more.
    """
    shop = open_shop(of_price("60"))
    _, remedy = a_waiting_return(shop)
    people = [hire(shop, f"Kim{number}") for number in range(10)]

    said = at_once(*[partial(do_approve, shop.house, remedy, one) for one in people])

    assert counted(said) == {SENT: 1, RefusalReason.NOT_WAITING: 9}
    assert len(shop.rows(outbox)) == len(shop.rows(approvals)) == 1


def test_one_person_who_clicks_ten_times_is_one_yes(open_shop: OpenShop) -> None:
    """
    Above four eyes too: it still waits for the second.
    """
    shop = open_shop(of_price("1500"))
    _, remedy = a_waiting_return(shop)
    olga = hire(shop, "Olga", Role.OWNER)

    said = at_once(*[partial(do_approve, shop.house, remedy, olga)] * 10)

    assert counted(said) == {STILL_WAITS: 1, RefusalReason.ALREADY: 9}
    assert shop.rows(outbox) == []


def test_two_people_at_once_above_four_eyes_are_two(open_shop: OpenShop) -> None:
    """
    Whoever comes first is the first.
    """
    for _ in range(ROUNDS):
        shop = open_shop(of_price("1500"))
        _, remedy = a_waiting_return(shop)
        people = [hire(shop, name, Role.OWNER) for name in ("Olga", "Pete", "Quinn")]

        said = at_once(*[partial(do_approve, shop.house, remedy, one) for one in people])

        assert counted(said) == {STILL_WAITS: 1, SENT: 1, RefusalReason.NOT_WAITING: 1}
        assert len(shop.rows(outbox)) == 1
        assert len(shop.rows(approvals)) == 2


def test_a_yes_a_no_and_a_change_at_once_are_one_decision(open_shop: OpenShop) -> None:
    """
    What one of them did stands, and the money goes out once or not at all.
    """
    for _ in range(ROUNDS):
        shop = open_shop(of_price("60"))
        _, remedy = a_waiting_return(shop)
        with shop.house.units.reading() as unit:
            old = unit.remedies.get(remedy).remedy
        less = replace(old, amount=eur("50"))
        kim, lee, max_ = (hire(shop, name) for name in ("Kim", "Lee", "Max"))
        changing = partial(
            do_change, shop.house, remedy, less, agent=max_, reason="less", buyer_agreed=True
        )

        said = at_once(
            partial(do_approve, shop.house, remedy, kim),
            partial(do_deny, shop.house, remedy, lee, "no"),
            changing,
        )

        refused = [one for one in said if isinstance(one, Refusal)]
        assert [one.reason for one in refused] == [RefusalReason.NOT_WAITING] * 2
        states = {str(row["id"]): row["state"] for row in shop.rows(remedies)}
        assert states[remedy] in ("requested", "denied", "replaced")
        sent = [row["remedy_id"] for row in shop.rows(outbox)]
        assert len(sent) == (states[remedy] != "denied")
        assert sorted(sent) == sorted(one for one, state in states.items() if state == "requested")


def test_many_who_give_all_of_it_at_once_give_it_once(open_shop: OpenShop) -> None:
    """
    Never more than was paid, from ten pages.
    """
    shop = open_shop(of_price("60"))
    refund = whole_refund(shop, "60")
    people = [hire(shop, f"Kim{number}") for number in range(10)]

    given = at_once(*[granting(shop, refund, one, f"r-{one.id}") for one in people])

    assert sum(isinstance(one, Given) for one in given) == 1
    assert [row["amount"] for row in shop.rows(remedies)] == [6000]
    assert len(shop.rows(outbox)) == 1


def test_one_limit_is_not_passed_by_clicking_fast(open_shop: OpenShop) -> None:
    """
    Five requests of 40 euros by one agent at once: two are within the hundred, the rest wait.
    """
    shop = open_shop(of_price("600"))
    refund, kim = whole_refund(shop, "40"), hire(shop, "Kim", Role.AGENT)

    given = at_once(*[granting(shop, refund, kim, f"r{number}") for number in range(5)])

    assert Counter(one.state for one in given) == {SENT: 2, STILL_WAITS: 3}
    assert len(shop.rows(outbox)) == 2


def test_the_same_request_ten_times_at_once_gives_once(open_shop: OpenShop) -> None:
    """
    In the buyer's talk, who reads of it once.
    """
    shop = open_shop(of_price("60"))
    chat, kim = Dialog(shop, "ada@example.com"), hire(shop, "Kim")
    said = len(shop.rows(messages))
    again = granting(shop, whole_refund(shop, "20"), kim, "r1", conversation_id=chat.id)

    given = at_once(*[again] * 10)

    assert len(set(given)) == 1
    assert len(shop.rows(remedies)) == len(shop.rows(outbox)) == 1
    assert len(shop.rows(messages)) == said + 2


def test_a_yes_and_the_buyers_turn_at_once(open_shop: OpenShop) -> None:
    """
    The buyer asks again in the moment of the yes: they hear of it, and nothing is given twice.
    """
    for _ in range(ROUNDS):
        shop = open_shop(of_price("60"))
        chat, remedy = a_waiting_return(shop)
        kim = hire(shop, "Kim")

        at_once(
            lambda chat=chat: chat.says("damaged_item", photos=1),
            partial(do_approve, shop.house, remedy, kim),
        )

        assert [row["state"] for row in shop.rows(remedies)] == ["requested"]
        assert len(shop.rows(outbox)) == 1


def whole_refund(shop: Shop, amount: str) -> Refund:
    """So much back for the mug."""
    with shop.house.units.reading() as unit:
        order = unit.orders.find("demo", "DEMO-1003")

    return Refund(order_id=order.id, line_id=order.lines[0].id, amount=eur(amount))


def granting(shop: Shop, remedy: Remedy, agent: object, request: str, **more: object) -> partial:
    """That person gives it."""
    return partial(
        do_grant, shop.house, [remedy], agent=agent, reason="phone", request_id=request, **more
    )


# Dying at every statement


def approves(shop: Shop, remedy: str, people: list) -> None:
    """Both say yes."""
    for one in people:
        do_approve(shop.house, remedy, one)


def denies(shop: Shop, remedy: str, people: list) -> None:
    """One says no."""
    do_deny(shop.house, remedy, people[0], "no")


def changes(shop: Shop, remedy: str, people: list) -> None:
    """One puts less in its place, the other agrees."""
    with shop.house.units.reading() as unit:
        old = unit.remedies.get(remedy).remedy
    less = replace(old, amount=eur("1200"))
    do_change(shop.house, remedy, less, agent=people[0], reason="less", buyer_agreed=True)
    for row in shop.rows(remedies):
        if row["state"] == STILL_WAITS:
            do_approve(shop.house, str(row["id"]), people[1])


def grants(shop: Shop, _: str, people: list) -> None:
    """One gives something beside it, the other agrees, if it needs that."""
    with shop.house.units.reading() as unit:
        order = unit.orders.find("demo", "DEMO-1003")
    lamp = Return(order_id=order.id, line_id=order.lines[1].id, quantity=1, amount=eur("1100"))
    given = do_grant(shop.house, [lamp], agent=people[0], reason="phone", request_id="r1")
    do_approve(shop.house, given.remedies[0], people[1])


ENDS = {
    approves: ([("return", "requested", 150000)], 1, 2),
    denies: ([("return", "denied", 150000)], 0, 1),
    changes: ([("return", "replaced", 150000), ("return", "requested", 120000)], 1, 3),
    grants: ([("return", "approval", 150000), ("return", "requested", 110000)], 1, 2),
}
"""Remedies with kind, state and amount; how many go out; how many words are on record."""


@pytest.mark.parametrize("work", ENDS, ids=lambda work: work.__name__)
def test_whoever_dies_in_the_middle_leaves_nothing_half_done(tmp_path, work) -> None:
    """
    Killed before its nth statement, then done anew from the start: always the same end.
    """
    path, begun = tmp_path / "makegood.db", tmp_path / "begun.db"
    mug = a_line(unit_price=eur("1500"))
    lamp = a_line(id=2, sku="LAMP-1", title="Lamp", unit_price=eur("1100"))
    shop = Shop(an_order(lines=(mug, lamp)), rules=STRICT, url=f"sqlite:///{path}")
    chat = Dialog(shop, "ada@example.com")
    chat.says("damaged_item")
    chat.presses("line:1")
    chat.sends_photo()
    chat.says("choose_option", "return it")
    chat.presses("yes")
    (row,) = shop.rows(remedies)
    people = [hire(shop, name, Role.OWNER) for name in ("Olga", "Pete")]
    shop.engine.dispose()  # the last connection writes the log back into the file
    shutil.copy(path, begun)
    expected, out, words = ENDS[work]
    died = 0
    for statement in range(1, MOST_STATEMENTS):
        for left in tmp_path.glob("makegood.db-*"):
            left.unlink()
        shutil.copy(begun, path)

        killed = dies_at(shop, statement, partial(work, shop, str(row["id"]), people))
        work(shop, str(row["id"]), people)

        rows = shop.rows(remedies)
        found = sorted((one["kind"], one["state"], one["amount"]) for one in rows)
        assert found == sorted(expected), statement
        sent = [one["remedy_id"] for one in shop.rows(outbox)]
        assert sorted(sent) == sorted(one["id"] for one in rows if one["state"] == "requested")
        assert len(sent) == out
        assert len(shop.rows(approvals)) == words
        assert [one["stock"] for one in shop.rows(products)] == [5, 5]
        ledger = list(check_ledger(shop.engine, ["demo"], anchor=None, progress=lambda _: None))
        assert ledger[0].findings == []
        shop.engine.dispose()
        if not killed:
            break
        died += 1

    assert died > 20
