"""
A conversation with the bot, without Rasa: what a buyer means goes in, replies come out.

It runs on the real store (SQLite in memory) and the real services; only the words are left out,
because a dialogue is tested by what is said, not by how.
"""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.casework.agents import Agent, Role
from bot.casework.cases import Awaiting
from bot.casework.orders import Order, OrderCard
from bot.casework.ports.conversations import NewMessage, StoredPhoto
from bot.casework.ports.speaking import Spoken
from bot.casework.products import Product
from bot.casework.replies import REPLIES, Reply
from bot.casework.rulebook import Rulebook
from bot.casework.turns import Entity, Floor, Identity, Route, Understanding
from bot.hand_off_words import sum_up
from bot.playbooks import PLAYBOOKS
from bot.services.faq import FAQ
from bot.services.house import House
from bot.services.sessions import add_photo, begin_conversation
from bot.services.small_talk import SMALL_TALK
from bot.services.take_turn import Heard, take_turn
from bot.services.turn_queue import put_down, receive_message
from bot.store.database import open_database, reading, writing
from bot.store.imports import import_orders, put_product
from bot.store.tables import (
    agents,
    cases,
    choices,
    decisions,
    handoffs,
    messages,
    metadata,
    outbox,
    products,
    remedies,
    stores,
)
from bot.store.units import SqlUnits
from tests.factories import NOW

HAND_OFF = ("human_agent",)
CLARIFY = ("nlu_fallback", "out_of_scope")


class Words:
    """A Speaker that says which reply it was given, and keeps it."""

    def __init__(self) -> None:
        self.said: list[Reply] = []

    def render(self, reply: Reply, locale: str, *, variant: str, now: datetime) -> Spoken:
        """The reply's name, and its fields as a text."""
        self.said.append(reply)
        said = {
            field.name: getattr(reply, field.name)
            for field in fields(reply)
            if field.name not in ("choices", "card")
        }
        return Spoken(
            kind=reply.kind,
            text=f"{said}",
            choices=tuple((choice.value, choice.label) for choice in reply.choices),
            card={"order_number": reply.card.order.number} if reply.card else None,
            reply=f"{reply.template}.{reply.block}",
        )

    def render_card(self, card: OrderCard, locale: str, now: datetime) -> dict[str, object]:
        """Which order it is of."""
        return {"order_number": card.order.number}


class Shop:
    """
    A seller's store with orders in it, and a clock that the test turns.

    It stands in a database of its own, or in that of a shop that is closed (`engine`), or in a
    `migrated` one that commands use as well.
    """

    def __init__(
        self,
        *orders: Order,
        rules: Rulebook,
        url: str = "sqlite://",
        engine: sa.Engine | None = None,
        migrated: bool = False,
    ) -> None:
        self.now = NOW
        self.rules = rules
        if migrated:
            self.engine = open_database(url)
        else:
            self.engine = emptied(engine) if engine else new_database(url)
        self.add_store("demo")
        self.words = Words()
        self.house = House(
            units=SqlUnits(self.engine),
            speaker=self.words,
            rulebooks=lambda: self.rules,
            sum_up=sum_up,
            clock=lambda: self.now,
        )
        self.take_in(*orders)

    def add_store(self, store: str) -> None:
        """Another seller account in the same house."""
        with writing(self.engine) as db:
            db.execute(
                sa.insert(stores).values(
                    id=store, name="Demo", title="Demo", greeting="Hello", colour="#336699",
                    locale="en", identity_secret="secret", created_at=NOW,
                )
            )  # fmt: skip

    def take_in(self, *orders: Order) -> None:
        """Import the orders, new or changed, and the stock that their lines tell of."""
        list(import_orders(self.engine, orders))
        with writing(self.engine) as db:
            for store, line in ((order.store, line) for order in orders for line in order.lines):
                product = Product(
                    sku=line.sku, title=line.title, variant=line.variant, stock=line.stock
                )
                put_product(db, store, product)

    def sells(self, *sold: Product) -> None:
        """Let the shop have these products too, such as variants of what was ordered."""
        with writing(self.engine) as db:
            for product in sold:
                put_product(db, "demo", product)

    def hires(self, name: str, role: Role = Role.AGENT, **more: Any) -> Agent:
        """Somebody who works at the desk."""
        first = name.split()[0].lower()
        agent = Agent(id=first, email=f"{first}@shop.example", name=name, role=role, **more)
        with writing(self.engine) as db:
            db.execute(
                sa.insert(agents).values(
                    id=agent.id, email=agent.email, name=name, role=role, team=agent.team,
                    reads=list(agent.reads), created_at=NOW,
                )
            )  # fmt: skip

        return agent

    def stock(self, sku: str) -> object:
        """How many pieces of a product are left."""
        return next(row["stock"] for row in self.rows(products) if row["sku"] == sku)

    def rows(self, table: sa.Table) -> list[dict[str, object]]:
        """All rows of a table."""
        with reading(self.engine) as db:
            return [dict(row) for row in db.execute(sa.select(table)).mappings()]


def new_database(url: str) -> sa.Engine:
    """A database with all tables."""
    engine = open_database(url)
    metadata.create_all(engine)

    return engine


def emptied(engine: sa.Engine) -> sa.Engine:
    """The database without a row: it knows its statements already, which makes it fast."""
    with writing(engine) as db:
        for table in reversed(metadata.sorted_tables):
            db.execute(sa.delete(table))

    return engine


class Dialog:
    """One buyer's conversation in a shop."""

    def __init__(
        self,
        shop: Shop,
        email: str | None,
        ip: str = "192.0.2.1",
        store: str = "demo",
        locale: str = "en",
        chosen: bool = False,
    ) -> None:
        self.shop = shop
        self.ip = ip
        identity = Identity(subject=email, email=email) if email else None
        self.id = begin_conversation(shop.house, store, locale, identity, chosen=chosen)
        self.sent = 0
        self.look: int | None = None
        self.last_message = ""
        self.last_heard: Heard | None = None

    # what the buyer does

    def says(
        self,
        intent: str,
        text: str = "",
        *,
        order: str = "",
        photos: int = 0,
        confidence: float = 0.9,
        language: str | None = None,
        nearness: float | None = None,
    ) -> type[Reply] | None:
        """Say something of that intent; the last reply to it."""
        text, heard = in_words(intent, text, order, confidence)

        return self._send(text, replace(heard, language=language, nearness=nearness), photos=photos)

    def mumbles(self, text: str, *guesses: str, order: str = "") -> type[Reply] | None:
        """Say something that the model does not understand; its guesses, the likeliest first."""
        text, heard = in_words("nlu_fallback", text, order, 0.29)
        ranking = tuple((guess, 0.29 - 0.03 * place) for place, guess in enumerate(guesses))

        return self._send(text, replace(heard, ranking=ranking))

    def sends_photo_like(self, look: int) -> type[Reply] | None:
        """Upload a photo with that perceptual hash, without a word."""
        self.look = look
        return self.sends_photo()

    def hears(self, text: str, understanding: Understanding) -> type[Reply] | None:
        """Say something of which the model heard just that; the last reply to it."""
        return self._send(text, understanding)

    def sends_photo(self) -> type[Reply] | None:
        """Upload a photo, without a word."""
        return self._send(
            "",
            Understanding(route=Route.CONTINUE_CASE, intent="photo_sent", confidence=1.0),
            photos=1,
        )

    def presses(self, value: str, *, token: str | None = None) -> type[Reply] | None:
        """Press the newest button whose value begins with `value`."""
        return self._send(
            "",
            Understanding(route=Route.CONTINUE_CASE, intent="choose_option", confidence=1.0),
            choice=token or self.token(value),
        )

    def stores_words(self, intent: str, text: str = "", *, order: str = "") -> None:
        """Say something; the message is stored, but no turn is taken yet."""
        text, heard = in_words(intent, text, order)
        self._store(text, heard, photos=0, choice=None)

    def stores_only(self, value: str) -> None:
        """Press a button; the message is stored, but no turn is taken yet."""
        self._store(
            "",
            Understanding(route=Route.CONTINUE_CASE, intent="choose_option", confidence=1.0),
            photos=0,
            choice=self.token(value),
        )

    def repeats(self) -> type[Reply] | None:
        """The last message arrives at the bot once more."""
        assert self.last_heard
        take_turn(self.shop.house, self.last_heard)
        return self.reply

    def puts_down(self) -> None:
        """Whoever held the conversation for a stored message lets it go."""
        put_down(self.shop.house, self.id, "test", self.last_heard.fence or 0, lease_seconds=15)

    def waits(self, **time: float) -> None:
        """Let time pass."""
        self.shop.now += timedelta(**time)

    # what the test looks at

    @property
    def replies(self) -> list[type[Reply]]:
        """All replies to the last message, in order."""
        return [REPLIES[str(row["reply"])] for row in self.answers]

    @property
    def reply(self) -> type[Reply] | None:
        """The last of them."""
        return self.replies[-1] if self.replies else None

    @property
    def said(self) -> Any:
        """The last reply itself, whatever conversation of the shop it was said in."""
        return self.shop.words.said[-1]

    @property
    def text(self) -> str:
        """The facts that the replies to the last message hold."""
        return " ".join(str(row["text"]) for row in self.answers)

    @property
    def answers(self) -> list[dict[str, object]]:
        """The message rows that answer the last message."""
        rows = [row for row in self.shop.rows(messages) if row["answers"] == self.last_message]
        return sorted(rows, key=lambda row: int(str(row["seq"])))

    @property
    def buttons(self) -> list[str]:
        """Values of the buttons under the newest message that has any."""
        return [str(row["value"]) for row in self._newest_choices()]

    @property
    def labels(self) -> list[str]:
        """Label blocks of those buttons."""
        return [str(row["label"]) for row in self._newest_choices()]

    @property
    def awaiting(self) -> Awaiting:
        """What the buyer was asked for last and still owes."""
        with self.shop.house.units.reading() as unit:
            known = unit.cases.of_conversation(self.id)
        return next((case.awaiting for case in known if case.open_question), Awaiting.NOTHING)

    @property
    def floor(self) -> Floor:
        """Who has the floor."""
        with self.shop.house.units.reading() as unit:
            return unit.conversations.get(self.id).floor

    @property
    def remedies(self) -> list[str]:
        """Kinds of all remedies that stand for this conversation's cases."""
        own = {case["id"] for case in self.cases}
        return [str(row["kind"]) for row in self.shop.rows(remedies) if row["case_id"] in own]

    @property
    def amounts(self) -> list[object]:
        """Their amounts in minor units."""
        own = {case["id"] for case in self.cases}
        return [row["amount"] for row in self.shop.rows(remedies) if row["case_id"] in own]

    @property
    def remedy_states(self) -> list[str]:
        """How far each of them is."""
        own = {case["id"] for case in self.cases}
        return [str(row["state"]) for row in self.shop.rows(remedies) if row["case_id"] in own]

    @property
    def outbox(self) -> int:
        """How many remedies wait to be carried out, in all the shop."""
        return len(self.shop.rows(outbox))

    @property
    def cases(self) -> list[dict[str, object]]:
        """This conversation's cases, the oldest first."""
        own = [row for row in self.shop.rows(cases) if row["conversation_id"] == self.id]
        return sorted(own, key=lambda row: str(row["opened_at"]))

    @property
    def decisions(self) -> list[dict[str, object]]:
        """This conversation's lines of the decision ledger."""
        return [row for row in self.shop.rows(decisions) if row["conversation_id"] == self.id]

    @property
    def handed_off_for(self) -> list[str]:
        """Reasons of this conversation's hand-offs."""
        rows = self.shop.rows(handoffs)
        return [str(row["reason"]) for row in rows if row["conversation_id"] == self.id]

    def token(self, value: str) -> str:
        """The token of the newest button whose value begins with `value`."""
        rows = [row for row in self._choices() if str(row["value"]).startswith(value)]
        return str(rows[-1]["token"])

    def _newest_choices(self) -> list[dict[str, object]]:
        rows = self._choices()
        return [row for row in rows if row["message_id"] == rows[-1]["message_id"]] if rows else []

    def _choices(self) -> list[dict[str, object]]:
        seqs = {row["id"]: row["seq"] for row in self.shop.rows(messages)}
        rows = [row for row in self.shop.rows(choices) if row["conversation_id"] == self.id]
        return sorted(rows, key=lambda row: (seqs[row["message_id"]], row["position"]))

    def _send(
        self,
        text: str,
        understanding: Understanding,
        *,
        photos: int = 0,
        choice: str | None = None,
    ) -> type[Reply] | None:
        fence = self._store(text, understanding, photos=photos, choice=choice)
        take_turn(self.shop.house, self.last_heard)
        if fence is not None:
            put_down(self.shop.house, self.id, "test", fence, lease_seconds=15)

        return self.reply

    def _store(
        self, text: str, understanding: Understanding, *, photos: int, choice: str | None
    ) -> int | None:
        """Store the message; the fencing number of the lease that was taken with it."""
        self.sent += 1
        received = receive_message(
            self.shop.house,
            NewMessage(
                conversation_id=self.id,
                client_id=f"c{self.sent}",
                text=text,
                choice_token=choice,
                attachments=tuple(self._upload(number) for number in range(photos)),
                ip=self.ip,
            ),
            owner="test",
            lease_seconds=15,
        )
        self.last_message = received.message.id
        self.last_heard = Heard(
            message_id=received.message.id, fence=received.fence, understanding=understanding
        )
        self.shop.now += timedelta(seconds=1)

        return received.fence

    def _upload(self, number: int) -> str:
        look, self.look = self.look, None
        photo = StoredPhoto(
            id=f"{self.id[:8]}-{self.sent}-{number}",
            file_name="photo.jpg", width=10, height=10, size=100, sha256="0" * 64,
            look=look,
        )  # fmt: skip
        add_photo(self.shop.house, self.id, photo)

        return photo.id


def in_words(
    intent: str, text: str, order: str, confidence: float = 0.9
) -> tuple[str, Understanding]:
    """A text with the order's number in it, and what the model would hear in it."""
    text = text or f"({intent})"
    if order and order not in text:
        text = f"{text} {order}"
    entities = ()
    if order:
        start = text.index(order)
        entities = (Entity(name="order_number", value=order, start=start, end=start + len(order)),)

    return text, Understanding(
        route=route_of(intent), intent=intent, confidence=confidence, entities=entities
    )


def route_of(intent: str) -> Route:
    """The route that data/rules.yml gives the intent (tests/contracts compares them)."""
    if intent in PLAYBOOKS:
        return Route.RUN_PLAYBOOK
    if intent in SMALL_TALK or intent in FAQ:
        return Route.ANSWER
    if intent in HAND_OFF:
        return Route.HAND_OFF
    if intent in CLARIFY:
        return Route.CLARIFY

    return Route.CONTINUE_CASE


def with_rules(rules: Rulebook, **changes: object) -> Rulebook:
    """The rulebook with some numbers changed."""
    return replace(rules, **changes)  # type: ignore[arg-type]
