"""
Whatever happens in whatever order: never more than was paid, never twice, never goods and price.

A Hypothesis state machine plays buyers, agents, the shop and a seller who changes the rules, with
turns that die in the middle and are taken again. What must hold is looked at after every step.
"""

from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.casework.agents import Role
from bot.casework.approvals import AGREED
from bot.casework.cases import Awaiting
from bot.casework.limits import DeskRules
from bot.casework.orders import Order, OrderLine, OrderStatus
from bot.casework.remedies import (
    CHANGES,
    STANDING,
    Discount,
    Refund,
    Remedy,
    RemedyKind,
    RemedyState,
    Replacement,
)
from bot.casework.turns import Floor
from bot.playbooks.checks import GOODS_AGAIN, PRICE_BACK
from bot.services.approvals import do_approve, do_deny
from bot.services.grants import do_grant
from bot.services.remedy_changes import do_change
from bot.services.take_turn import take_turn
from bot.store.database import reading, writing
from bot.store.tables import (
    approvals,
    conversations,
    messages,
    orders,
    outbox,
    parcels,
    payments,
    products,
    remedies,
)
from tests.dialog import Dialog, Shop
from tests.factories import a_lamp, a_line, an_order, days_ago, eur, the_caps, the_rulebook
from tests.playbooks.test_every_playbook import AGREE
from tests.staff import hire

RUNS = 500
STEPS = 30
STOCK = 9
INTENTS = ("damaged_item", "wrong_item", "cancel_order", "refund_request", "late_delivery")
MOST_QUESTIONS = 9
CAPS = st.sampled_from([1, 15, 40, 250])
AMOUNTS = st.sampled_from(["0.01", "5", "20", "60", "110", "180"])
LIMITS = {Role.AGENT: 10, Role.LEAD: 100}
FOUR_EYES = 30
DESK = DeskRules(
    limits={str(role): {"EUR": Decimal(limit)} for role, limit in LIMITS.items()},
    four_eyes_above={"EUR": Decimal(FOUR_EYES)},
)


Rows = list[dict[str, object]]
LEFT_UNANSWERED = (
    sa.select(messages.c.id)
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .where(
        messages.c.sender == "buyer",
        messages.c.answered_at.is_(None),
        conversations.c.floor == Floor.BOT,
    )
)


class Crash(Exception):
    """A turn dies here."""


class Money(RuleBasedStateMachine):
    """One store with up to three orders, one buyer with up to two conversations."""

    vacant: ClassVar[list[sa.Engine]] = []

    def __init__(self) -> None:
        super().__init__()
        engine = self.vacant.pop() if self.vacant else None
        self.shop = Shop(rules=the_rulebook(desk=DESK), engine=engine)
        self.people = [
            hire(self.shop, name, role)
            for name, role in (
                ("Kim", Role.AGENT),
                ("Lee", Role.LEAD),
                ("Olga", Role.OWNER),
                ("Pete", Role.OWNER),
            )
        ]
        self.orders: list[Order] = []
        self.chats: list[Dialog] = []
        self.known: dict[object, object] = {}
        self.requests = 0
        self.seen: tuple[Rows, Rows] = ([], [])

    def teardown(self) -> None:
        self.vacant.append(self.shop.engine)

    # The shop

    @precondition(lambda self: len(self.orders) < 3)
    @rule(
        status=st.sampled_from([OrderStatus.PENDING, OrderStatus.SHIPPED, OrderStatus.DELIVERED]),
        quantity=st.integers(1, 3),
        price=st.sampled_from(["0.01", "19.99", "60"]),
        two=st.booleans(),
    )
    def buys(self, status: OrderStatus, quantity: int, price: str, two: bool) -> None:
        mug = a_line(quantity=quantity, unit_price=eur(price), stock=STOCK)
        lines = (mug, a_lamp(stock=STOCK)) if two else (mug,)
        number = f"DEMO-{len(self.orders)}"
        order = an_order(number=number, status=status, lines=lines, placed_at=days_ago(60))
        self.orders.append(replace(order, promised_by=days_ago(30).date()))
        left = {row["sku"]: row["stock"] for row in self.shop.rows(products)}
        as_left = tuple(replace(line, stock=left.get(line.sku, STOCK)) for line in lines)
        self.shop.take_in(replace(self.orders[-1], lines=as_left))

    def change(self, order: Order, table: sa.Table, **values: object) -> None:
        """What an import of the changed order would write, without its cost."""
        known = self.stored(order).id
        with writing(self.shop.engine) as db:
            of_order = (orders.c.id if table is orders else table.c.order_id) == known
            db.execute(sa.update(table).where(of_order).values(values))
            grown = sa.update(orders).where(orders.c.id == known)
            db.execute(grown.values(revision=orders.c.revision + 1))

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 2), paid=st.sampled_from(["0", "5", "60", "500"]))
    def the_shop_corrects_what_was_paid(self, which: int, paid: str) -> None:
        self.change(self.orders[which % len(self.orders)], payments, amount=eur(paid).minor)

    @precondition(lambda self: self.orders)
    @rule(which=st.integers(0, 2))
    def the_parcel_arrives(self, which: int) -> None:
        order = self.orders[which % len(self.orders)]
        if self.stored(order).shipped:
            self.change(order, parcels, delivered_at=self.shop.now)
            self.change(order, orders, status=OrderStatus.DELIVERED)

    # The seller

    @rule(remedy=CAPS, order=CAPS, buyer=CAPS, day=CAPS, refund_needs_person=st.booleans())
    def changes_the_rulebook(
        self, remedy: int, order: int, buyer: int, day: int, refund_needs_person: bool
    ) -> None:
        caps = the_caps(
            per_remedy={"EUR": Decimal(remedy)},
            per_order={"EUR": Decimal(order)},
            per_buyer={"EUR": Decimal(buyer)},
            per_store_and_day={"EUR": Decimal(day)},
        )
        always = (RemedyKind.REFUND,) if refund_needs_person else ()
        self.shop.rules = the_rulebook(caps=caps, needs_approval=always, desk=DESK)

    # The buyer

    @precondition(lambda self: self.orders)
    @rule(
        which=st.integers(0, 2),
        chat=st.integers(0, 1),
        intent=st.sampled_from(INTENTS),
        option=st.integers(0, 3),
        agrees=st.booleans(),
    )
    def complains(self, which: int, chat: int, intent: str, option: int, agrees: bool) -> None:
        """As far as the exact terms of one of the options, or to the yes."""
        talk = self.chat(chat)
        order = self.orders[which % len(self.orders)]
        talk.says(intent, order=order.number)
        for _ in range(MOST_QUESTIONS):
            awaiting = talk.awaiting
            done = awaiting is Awaiting.CONFIRMATION and not agrees
            if done or awaiting is Awaiting.NOTHING or not self.listens(talk):
                return
            if awaiting is Awaiting.CHOICE:
                options = [one for one in talk.buttons if one.startswith("option:")]
                talk.presses(options[option % len(options)])
            else:
                AGREE[awaiting](talk)

    @precondition(lambda self: self.at(Awaiting.CONFIRMATION))
    @rule(
        way=st.sampled_from(["once", "twice", "retried", "crashed"]), statement=st.integers(1, 40)
    )
    def confirms(self, way: str, statement: int) -> None:
        talk = self.at(Awaiting.CONFIRMATION)[0]
        yes = talk.token("yes")
        if way == "crashed":
            talk.stores_only("yes")
            with dying_at(self.shop, statement), suppress(Crash):
                take_turn(self.shop.house, talk.last_heard)
            take_turn(self.shop.house, talk.last_heard)
            self.release(talk)
            return
        talk.presses("yes", token=yes)
        if way == "twice":
            talk.presses("yes", token=yes)
        elif way == "retried":
            talk.repeats()

    @precondition(lambda self: self.at(Awaiting.CONFIRMATION))
    @rule()
    def says_no(self) -> None:
        self.at(Awaiting.CONFIRMATION)[0].says("deny")

    @precondition(lambda self: self.chats)
    @rule(hours=st.sampled_from([1, 30, 80]))
    def waits(self, hours: int) -> None:
        self.chats[0].waits(hours=hours)

    # The people at the desk

    @precondition(lambda self: self.orders)
    @rule(
        which=st.integers(0, 2),
        line=st.integers(0, 1),
        kind=st.sampled_from(["refund", "discount", "replacement"]),
        amount=AMOUNTS,
        pieces=st.integers(1, 2),
        again=st.booleans(),
        who=st.integers(0, 3),
    )
    def somebody_grants(
        self, which: int, line: int, kind: str, amount: str, pieces: int, again: bool, who: int
    ) -> None:
        self.requests += not again
        do_grant(
            self.shop.house,
            [self.terms(which, line, kind, amount, pieces)],
            agent=self.people[who],
            reason="asked for",
            request_id=f"r{self.requests}",
        )

    @precondition(lambda self: self.waiting())
    @rule(approve=st.booleans(), who=st.integers(0, 3), place=st.integers(0, 3), dies=st.booleans())
    def somebody_decides(self, approve: bool, who: int, place: int, dies: bool) -> None:
        remedy = self.waiting()[place % len(self.waiting())]
        agent = self.people[who]
        if not approve:
            do_deny(self.shop.house, remedy, agent, "no")
            return
        if dies:
            with dying_at(self.shop, 12), suppress(Crash):
                do_approve(self.shop.house, remedy, agent)
        do_approve(self.shop.house, remedy, agent)

    @precondition(lambda self: self.waiting())
    @rule(
        who=st.integers(0, 3),
        place=st.integers(0, 3),
        kind=st.sampled_from(["refund", "discount", "replacement"]),
        amount=AMOUNTS,
        pieces=st.integers(1, 2),
        agreed=st.booleans(),
    )
    def somebody_changes(
        self, who: int, place: int, kind: str, amount: str, pieces: int, agreed: bool
    ) -> None:
        remedy = self.waiting()[place % len(self.waiting())]
        (row,) = [row for row in self.shop.rows(remedies) if row["id"] == remedy]
        order = self.by_id(row["order_id"])
        which = next(n for n, one in enumerate(self.orders) if one.number == order.number)
        place = next((n for n, one in enumerate(order.lines) if one.id == row["line_id"]), 0)
        do_change(
            self.shop.house,
            remedy,
            self.terms(which, place, kind, amount, pieces),
            agent=self.people[who],
            reason="other terms",
            buyer_agreed=agreed,
        )

    def terms(self, which: int, line: int, kind: str, amount: str, pieces: int) -> Remedy:
        """What somebody at the desk may think of."""
        order = self.stored(self.orders[which % len(self.orders)])
        one = order.lines[line % len(order.lines)]
        about = {"order_id": order.id, "line_id": one.id}
        made = {
            "refund": Refund(**about, amount=eur(amount)),
            "discount": Discount(**about, amount=eur(amount), percent=Decimal(5)),
            "replacement": Replacement(**about, quantity=min(pieces, one.quantity)),
        }

        return made[kind]

    # What always holds

    @invariant()
    def everything_that_must_hold(self) -> None:
        rows = self.shop.rows(remedies)
        sent = self.shop.rows(outbox)
        self.every_message_is_answered_or_a_person_has_it()
        if (rows, sent) != self.seen:
            self.seen = (rows, sent)
            self.no_more_goes_back_than_was_paid(rows)
            self.no_line_gets_goods_and_their_price(rows)
            self.every_remedy_goes_out_once(rows, sent)
            self.stock_is_what_was_there_less_what_was_sent(rows)
            self.people_gave_what_they_may(rows)

    def no_more_goes_back_than_was_paid(self, rows: Rows) -> None:
        """Reckoned when something is granted or approved: a shop may correct its figures later."""
        newest = [row for row in rows if stands(row) and self.known.get(row["id"]) != row["state"]]
        self.known = {row["id"]: row["state"] for row in rows}
        for order in {row["order_id"] for row in newest if row["amount"]}:
            stated = self.by_id(order)
            given = [row for row in rows if row["order_id"] == order and stands(row)]
            assert sum(row["amount"] or 0 for row in given) <= stated.paid.minor
            lines = {
                row["line_id"]
                for row in newest
                if row["order_id"] == order and row["amount"] and row["line_id"]
            }
            for line in lines:
                of_line = sum(row["amount"] or 0 for row in given if row["line_id"] == line)
                assert of_line <= stated.paid_for(line).minor
        for row in newest:
            if row["state"] == RemedyState.REQUESTED and not row["approved_by"]:
                cap = self.shop.rules.caps.per_remedy["EUR"]
                assert row["worth"] <= cap * 100
                assert row["kind"] not in self.shop.rules.needs_approval

    def no_line_gets_goods_and_their_price(self, rows: Rows) -> None:
        """A remedy of the whole order is one of each of its lines."""
        of_line: dict[int, set[RemedyKind]] = {}
        for row in rows:
            if stands(row) and row["kind"] not in CHANGES:
                for line in self.lines_of(row):
                    of_line.setdefault(line.id, set()).add(RemedyKind(row["kind"]))
        for kinds in of_line.values():
            assert not (kinds & PRICE_BACK and kinds & GOODS_AGAIN)

    def every_remedy_goes_out_once(self, rows: Rows, sent_out: Rows) -> None:
        keys = Counter(row["idempotency_key"] for row in rows)
        sent = Counter(row["remedy_id"] for row in sent_out)
        assert not [key for key, times in keys.items() if times > 1]
        for row in rows:
            due = row["state"] in (RemedyState.REQUESTED, RemedyState.DONE)
            assert sent[row["id"]] == due

    def stock_is_what_was_there_less_what_was_sent(self, rows: Rows) -> None:
        sent: Counter[object] = Counter()
        for row in rows:
            if stands(row) and row["kind"] == RemedyKind.REPLACEMENT:
                for line in self.lines_of(row):
                    sent[line.sku] += row["quantity"] or line.quantity
        for product in self.shop.rows(products):
            assert product["stock"] == STOCK - sent[product["sku"]]
            assert product["stock"] >= 0

    def people_gave_what_they_may(self, rows: Rows) -> None:
        """Within somebody's limit, above four eyes by two, and by nobody who only asked for it."""
        words: dict[object, dict[object, str]] = {}
        for word in self.shop.rows(approvals):
            words.setdefault(word["remedy_id"], {})[word["agent_id"]] = str(word["verdict"])
        roles = {one.id: one.role for one in self.people}
        for row in rows:
            said = words.get(row["id"], {})
            if row["state"] not in (RemedyState.REQUESTED, RemedyState.DONE) or not said:
                continue
            agreed = [agent for agent, verdict in said.items() if verdict in AGREED]
            for agent in agreed:
                limit = LIMITS.get(roles[str(agent)])
                assert limit is None or int(str(row["worth"])) <= limit * 100
            assert len(agreed) >= (2 if int(str(row["worth"])) > FOUR_EYES * 100 else 1)

    def every_message_is_answered_or_a_person_has_it(self) -> None:
        with reading(self.shop.engine) as db:
            assert db.execute(LEFT_UNANSWERED).scalars().all() == []

    # What the rules need

    def chat(self, number: int) -> Dialog:
        """That conversation of the buyer, or a new one where a person has the old one."""
        while len(self.chats) <= number:
            self.chats.append(Dialog(self.shop, "ada@example.com"))
        if not self.listens(self.chats[number]):
            self.chats[number] = Dialog(self.shop, "ada@example.com")

        return self.chats[number]

    def listens(self, talk: Dialog) -> bool:
        return talk.floor is Floor.BOT

    def at(self, awaiting: Awaiting) -> list[Dialog]:
        """Conversations with the bot in which that is asked."""
        return [talk for talk in self.chats if self.listens(talk) and talk.awaiting is awaiting]

    def waiting(self) -> list[str]:
        """Remedies that wait for approval."""
        rows = self.shop.rows(remedies)

        return [str(row["id"]) for row in rows if row["state"] == RemedyState.APPROVAL]

    def stored(self, order: Order) -> Order:
        """The order as the store has it, with its ids."""
        with self.shop.house.units.reading() as unit:
            found = unit.orders.find("demo", order.number)
            assert found
            return found

    def lines_of(self, row: dict[str, object]) -> list[OrderLine]:
        """The lines that a remedy is about: its own, or all of the order."""
        lines = self.by_id(row["order_id"]).lines

        return [line for line in lines if row["line_id"] in (None, line.id)]

    def by_id(self, order_id: object) -> Order:
        with self.shop.house.units.reading() as unit:
            return unit.orders.get(int(str(order_id)))

    def release(self, talk: Dialog) -> None:
        """Let go of the lease that a stored message took."""
        talk.puts_down()


def stands(row: dict[str, object]) -> bool:
    return row["state"] in STANDING


@contextmanager
def dying_at(shop: Shop, statement: int):
    """Whatever is done meanwhile dies at that statement."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            raise Crash

    sa.event.listen(shop.engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        sa.event.remove(shop.engine, "before_cursor_execute", count)


Money.TestCase.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestMoney = Money.TestCase
