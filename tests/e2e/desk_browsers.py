"""Browsers of the team at the running desk, and of a buyer beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from bot.casework.agents import Agent, Role
from bot.services.house import House
from bot.settings import Settings
from bot.store.database import open_database, writing
from bot.store.tables import order_lines, orders, parcels, payments, products
from bot.wiring import build_house
from tests.e2e.chat_client import ChatClient
from tests.e2e.running_house import RunningHouse
from tests.web.desk.team import PASSWORD, an_agent

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PEOPLE = {"Ann Lee": Role.OWNER, "Boris Novak": Role.AGENT, "Lena Stone": Role.LEAD}


@dataclass
class Desk:
    """The desk's pages, opened by one of the team or by nobody."""

    browser: Browser
    url: str
    team: dict[str, Agent] = field(default_factory=dict)
    signed_in: dict[str, object] = field(default_factory=dict)

    def open(self, who: str, path: str = "", **options: object) -> Page:
        """A page in a browser of its own; `who` is a first name, or empty."""
        options = {"viewport": DESKTOP, "storage_state": self.signed_in.get(who)} | options
        page = self.browser.new_context(**options).new_page()  # type: ignore[arg-type]  # of many kinds
        page.goto(f"{self.url}/desk{path}")

        return page

    def open_talk(self, who: str, talk: ChatClient | str, **options: object) -> Page:
        """A conversation, of that client or id, once its messages are there."""
        talk = talk if isinstance(talk, str) else talk.conversation_id
        page = self.open(who, f"/conversations/{talk}", **options)
        expect(page.locator(".line").first).to_be_visible()

        return page

    def open_shop(self, buyer: str = "", **options: object) -> Page:
        """The demo shop with its chat open, signed in by that e-mail."""
        page = self.browser.new_context(**{"viewport": DESKTOP} | options).new_page()  # type: ignore[arg-type]  # of many kinds
        page.goto(f"{self.url}/demo")
        if buyer:
            page.get_by_label("Sign in as").select_option(buyer)
            expect(page.locator("#who")).to_contain_text("Signed in")
        page.get_by_test_id("launcher").click()

        return page


def hire_team(house: RunningHouse, browser: Browser) -> Desk:
    """Ann, the owner, Boris, an agent, and Lena, a lead, all signed in."""
    desk = Desk(browser, house.url)
    with shop_of(house) as shop:
        people = [an_agent(shop, role, name=name) for name, role in PEOPLE.items()]
    for agent in people:
        page = desk.open("", "/login")
        page.get_by_label("E-mail").fill(agent.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{house.url}/desk")
        desk.team[agent.first_name] = agent
        desk.signed_in[agent.first_name] = page.context.storage_state()
        page.context.close()

    return desk


@contextmanager
def shop_of(house: RunningHouse) -> Iterator[House]:
    """The running house's services, to do beside it what no test looks at."""
    shop = build_house(Settings(_env_file=None, state=house.state))
    try:
        yield shop
    finally:
        shop.units.close()


def order_id(house: RunningHouse, number: str) -> int:
    """The id of that order of the demo shop."""
    with shop_of(house) as shop, shop.units.reading() as unit:
        order = unit.orders.find("demo", number)
    assert order is not None

    return order.id


@contextmanager
def writing_to(house: RunningHouse) -> Iterator[sa.Connection]:
    """A change of the store by somebody whom no web process knows."""
    engine = open_database(Settings(_env_file=None, state=house.state).store_url)
    with writing(engine) as db:
        yield db
    engine.dispose()


def make_dear(house: RunningHouse, number: str, *, times: int) -> None:
    """Let the order have cost so many times as much."""
    order = sa.select(orders.c.id).where(orders.c.number == number).scalar_subquery()
    with writing_to(house) as db:
        db.execute(
            sa.update(order_lines)
            .where(order_lines.c.order_id == order)
            .values(unit_price=order_lines.c.unit_price * times)
        )
        db.execute(
            sa.update(payments)
            .where(payments.c.order_id == order)
            .values(amount=payments.c.amount * times)
        )


def add_dear_order(house: RunningHouse, number: str, *, like: str, price: int) -> None:
    """An order that no other test has: that buyer's, of one product in stock, at that price."""
    with writing_to(house) as db:
        model = db.execute(sa.select(orders).where(orders.c.number == like)).mappings().one()
        line = _first(db, order_lines, model["id"])
        id_ = 1 + db.execute(sa.select(sa.func.max(orders.c.id))).scalar_one()
        key = {"id": id_, "number": number, "number_key": number.replace("-", "")}
        db.execute(sa.insert(orders).values({**model, **key}))
        paid = price * line["quantity"] + model["shipping_price"]
        for row, table, changes in (
            (line, order_lines, {"unit_price": price}),
            (_first(db, parcels, model["id"]), parcels, {"tracking_number": number}),
            (_first(db, payments, model["id"]), payments, {"amount": paid}),
        ):
            db.execute(sa.insert(table).values({**row, "order_id": id_, **changes}))
        db.execute(sa.update(products).where(products.c.sku == line["sku"]).values(stock=100))


def _first(db: sa.Connection, table: sa.Table, order_id: int) -> dict[str, Any]:
    """The first row of an order, to be added under another id."""
    row = db.execute(sa.select(table).where(table.c.order_id == order_id)).mappings().first()
    assert row

    return {name: value for name, value in row.items() if name != "id"}


def last_of_team(chat: ChatClient) -> list[str]:
    """What the team has said to the buyer."""
    return [str(one["text"]) for one in chat.transcript() if one["sender"] == "agent"]


def write(page: Page, text: str) -> None:
    """Write into what has the focus, and send it."""
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")


def said_in_widget(page: Page, sender: str) -> Locator:
    """Messages of that sender, as the buyer sees them."""
    return page.locator(f'[data-testid="message"][data-sender="{sender}"]')


def write_in_widget(page: Page, text: str) -> None:
    """Write as a buyer does, and press Enter."""
    box = page.get_by_role("textbox", name="Your message")
    box.fill(text)
    box.press("Enter")
