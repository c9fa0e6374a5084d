"""What a buyer sees in a real browser of the people behind the bot; Rasa is played by the test."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, expect

from bot.casework.agents import Agent, Role
from bot.casework.files import StoredFile
from bot.casework.turns import Sender
from bot.replies import Templates
from bot.services.answering import do_answer
from bot.services.files import add_file
from bot.services.house import utc_now
from bot.services.taking_over import do_assign, do_claim, do_close
from bot.settings import ROOT
from bot.store.database import writing
from bot.store.tables import attachments, conversations, ratings, stores
from bot.web.file_uploads import store_file
from tests.dialog import Dialog, Shop
from tests.e2e.hostile import PAYLOADS
from tests.e2e.running_house import eventually
from tests.factories import an_order, the_rulebook
from tests.web.front import SECRET, Front, open_front
from tests.web.test_file_kinds import a_pdf

PERSON = "a person please"


class Background:
    """The web process in a thread with an event loop of its own."""

    def __init__(self, shop: Shop, state: Path) -> None:
        self.shop, self._state = shop, state
        self.loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._running: Future[Front] = Future()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Background":
        self._thread.start()
        self.front = self._running.result(30)
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self._over.set)
        self._thread.join(30)

    def _run(self) -> None:
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self) -> None:
        async with open_front(self.shop, self._state) as front:
            front.rasa.intents[PERSON] = "human_agent"
            self._running.set_result(front)
            await self._over.wait()

    def tells(self, act: Callable[[Any], None]) -> None:
        """Publish something, as a route does."""
        self.loop.call_soon_threadsafe(act, self.front.app.state.door.bus)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Background]:
    """A shop with its real words, and its web process."""
    shop = Shop(an_order(), rules=the_rulebook(), url=f"sqlite:///{tmp_path}/shop.db")
    shop.house = replace(shop.house, speaker=Templates(ROOT / "templates"), clock=utc_now)
    with writing(shop.engine) as db:
        db.execute(sa.update(stores).values(identity_secret=SECRET))
    with Background(shop, tmp_path) as running:
        yield running


@pytest.fixture
def page(browser: Browser, house: Background) -> Iterator[Page]:
    """The demo shop in a fresh browser profile, its chat open."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.goto(f"{house.front.url}/demo")
    opened.get_by_test_id("launcher").click()
    yield opened
    context.close()


def write(page: Page, text: str) -> None:
    """Type a message and press Enter."""
    box = page.locator("form.composer").get_by_role("textbox")
    box.fill(text)
    box.press("Enter")


def said_by(page: Page, sender: str) -> Locator:
    """Messages of that sender."""
    return page.locator(f'[data-testid="message"][data-sender="{sender}"]')


def conversation_of(house: Background) -> dict[str, Any]:
    """The one conversation."""
    return max(house.shop.rows(conversations), key=lambda row: row["created_at"])


def waits(page: Page, house: Background) -> str:
    """The buyer asks for a person; the conversation's id."""
    write(page, PERSON)
    expect(page.get_by_text("A person will join soon")).to_be_visible()

    return str(conversation_of(house)["id"])


def eve(house: Background) -> Agent:
    """Somebody at the desk."""
    return house.shop.hires("Eve Stone", Role.LEAD)


def changes(
    house: Background, talk: str, work: Callable[..., object], *given: object, **more: object
) -> None:
    """Somebody at the desk does something, and the buyer's browser hears of it."""
    work(house.shop.house, talk, *given, **more)
    house.tells(lambda bus: bus.show_news(talk))


def test_the_wait_says_how_long_and_can_be_cancelled(page: Page, house: Background) -> None:
    """
    With the keyboard: the bot is back in words, and the bar is gone; a reload before keeps it.
    """
    for minutes in (4, 5, 6):
        other = Dialog(house.shop, None)
        other.says("human_agent")
        with writing(house.shop.engine) as db:
            db.execute(
                sa.text(
                    "UPDATE handoffs SET created_at ="
                    f" datetime(created_at, '-{minutes} minutes', '+1 seconds')"
                    " WHERE conversation_id = :talk"
                ),
                {"talk": other.id},
            )
        agent = house.shop.hires(f"Agent{minutes} Smith")
        do_claim(house.shop.house, other.id, agent)
        do_answer(house.shop.house, other.id, agent, client_id="a", text="hello")
    waits(page, house)
    bar = page.get_by_test_id("wait")
    expect(bar).to_contain_text("Usually answers in 5 minutes")
    page.reload()
    expect(bar).to_contain_text("Usually answers in 5 minutes")

    bar.get_by_role("button", name="Cancel the wait").focus()
    page.keyboard.press("Enter")

    expect(bar).to_be_hidden()
    expect(page.get_by_text("Automatic assistant")).to_be_visible()
    expect(said_by(page, "bot").last).to_contain_text("here for you again")


def test_an_e_mail_is_left_once(page: Page, house: Background) -> None:
    """
    A wrong one is told at once; a right one is confirmed in the chat, and not asked for again.
    """
    waits(page, house)
    bar = page.get_by_test_id("wait")
    box = bar.get_by_role("textbox", name="Your e-mail")
    box.fill("ada")
    box.press("Enter")
    expect(bar.get_by_role("alert")).to_have_text("That does not look like an e-mail address.")
    box.fill("ada@example.com")
    bar.get_by_role("button", name="Leave it").click()

    expect(said_by(page, "system").last).to_contain_text("be reached at ada@example.com")
    expect(box).to_be_hidden()
    assert conversation_of(house)["contact_email"] == "ada@example.com"


@pytest.mark.parametrize(
    ("mails", "words"),
    [(False, "so that we can reach you"), (True, "the answer comes there if you leave this chat")],
)
def test_only_a_mail_server_answers_by_e_mail(
    page: Page, house: Background, mails: bool, words: str
) -> None:
    """
    Nobody waits for a letter that cannot come.
    """
    house.front.app.state.door.house = replace(house.shop.house, writes_letters=mails)
    waits(page, house)

    expect(page.get_by_test_id("wait").get_by_role("textbox", name=words)).to_be_visible()


def test_who_joins_writes_and_leaves_is_seen_by_first_name(page: Page, house: Background) -> None:
    """
    Their typing, too; the bar of the wait is gone meanwhile.
    """
    talk, agent = waits(page, house), eve(house)
    changes(house, talk, do_claim, agent)
    expect(said_by(page, "system").last).to_contain_text("Eve from our team is with you now")
    expect(page.get_by_text("You are chatting with a person")).to_be_visible()
    expect(page.get_by_test_id("wait")).to_be_hidden()
    house.tells(lambda bus: bus.show_typing(talk, on=True, sender=Sender.AGENT))
    expect(page.locator(".typing")).to_be_visible()
    changes(house, talk, do_answer, agent, client_id="a1", text="Hello Ada!")
    expect(said_by(page, "agent")).to_contain_text(["EveHello Ada!"])
    expect(page.locator(".typing")).to_be_hidden()
    ben = house.shop.hires("Ben Ode")
    changes(house, talk, do_assign, agent, to=ben, team="", note="")
    expect(said_by(page, "system").last).to_contain_text("Eve has left the chat")
    changes(house, talk, do_claim, ben)
    changes(house, talk, do_answer, ben, client_id="b1", text="I go on.")
    expect(said_by(page, "agent").last.locator(".name")).to_be_visible()
    expect(said_by(page, "agent").last).to_contain_text("Ben")


def test_people_see_what_was_read_and_that_the_buyer_writes(page: Page, house: Background) -> None:
    """
    As far as an open chat shows it; not of one that is closed.
    """
    talk, agent = waits(page, house), eve(house)
    with page.expect_request("**/api/widget/typing"):
        page.locator("form.composer").get_by_role("textbox").press_sequentially("hel")
    changes(house, talk, do_claim, agent)
    expect(said_by(page, "system")).to_have_count(1)
    eventually(lambda: conversation_of(house)["read_seq"] == conversation_of(house)["last_seq"])
    page.keyboard.press("Escape")
    changes(house, talk, do_answer, agent, client_id="a1", text="Hello!")
    expect(page.get_by_test_id("badge")).to_have_text("1")
    row = conversation_of(house)
    assert row["read_seq"] == row["last_seq"] - 1


def test_a_closed_chat_is_rated_once_even_after_a_reload(page: Page, house: Background) -> None:
    """
    By keyboard, with a word; afterwards nobody asks again.
    """
    talk, agent = waits(page, house), eve(house)
    changes(house, talk, do_claim, agent)
    changes(house, talk, do_close, agent)
    asked = page.get_by_test_id("rating")
    expect(asked.get_by_role("group", name="How was it?")).to_be_visible()
    page.reload()
    asked.get_by_role("button", name="4 of 5").focus()
    page.keyboard.press("Space")
    expect(asked.get_by_role("button", name="4 of 5")).to_have_attribute("aria-pressed", "true")
    box = asked.get_by_role("textbox")
    assert asked.get_by_role("button", name="4 of 5").bounding_box()["width"] >= 44
    box.fill("quick <b>and</b> kind")
    asked.get_by_role("button", name="Send").click()

    expect(asked).to_contain_text("Thank you!")
    [rated] = house.shop.rows(ratings)
    assert (rated["score"], rated["comment"]) == (4, "quick <b>and</b> kind")
    page.reload()
    expect(page.get_by_text("This chat has ended")).to_be_visible()
    expect(asked).to_be_hidden()


def test_who_does_not_want_to_rate_is_left_alone(page: Page, house: Background) -> None:
    """
    Also after a reload.
    """
    talk, agent = waits(page, house), eve(house)
    changes(house, talk, do_claim, agent)
    changes(house, talk, do_close, agent)
    asked = page.get_by_test_id("rating")
    asked.get_by_role("button", name="Not now").click()
    expect(asked).to_be_hidden()
    page.reload()
    expect(page.get_by_text("This chat has ended")).to_be_visible()
    expect(asked).to_be_hidden()
    assert house.shop.rows(ratings) == []


def test_writing_after_the_end_begins_a_new_chat(page: Page, house: Background) -> None:
    """
    As the header says; what was written is in it, and the old one stays closed.
    """
    talk, agent = waits(page, house), eve(house)
    changes(house, talk, do_claim, agent)
    changes(house, talk, do_close, agent)
    expect(page.get_by_text("This chat has ended")).to_be_visible()
    write(page, "hello again")

    expect(page.get_by_text("Your earlier chat has ended. This is a new one.")).to_be_visible()
    expect(said_by(page, "buyer")).to_have_count(1)
    expect(said_by(page, "bot").last).to_be_visible()
    expect(page.get_by_test_id("rating")).to_be_hidden()
    assert {row["id"] for row in house.shop.rows(conversations)} > {talk}


def test_all_of_it_in_russian(page: Page, house: Background) -> None:
    """
    The bar, the e-mail, the rating.
    """
    page.evaluate("makegood.setLocale('ru')")
    box = page.locator("form.composer").get_by_role("textbox", name="Ваше сообщение")
    box.fill(PERSON)
    box.press("Enter")
    bar = page.get_by_test_id("wait")
    expect(bar).to_contain_text("Отменить ожидание")
    expect(bar.get_by_role("textbox", name=re.compile("почта"))).to_be_visible()
    talk, agent = str(conversation_of(house)["id"]), eve(house)
    changes(house, talk, do_claim, agent)
    expect(said_by(page, "system").last).to_contain_text("Eve из нашей команды")
    changes(house, talk, do_close, agent)
    expect(page.get_by_role("button", name="5 из 5")).to_be_visible()


def test_a_file_of_the_team_is_saved(page: Page, house: Background) -> None:
    """
    Under its own name, with its size beside it, by keyboard too; what was lost is said.
    """
    talk, agent = waits(page, house), eve(house)
    changes(house, talk, do_claim, agent)
    label = sent_file(house, talk, agent, "Return label №5.pdf")
    changes(house, talk, do_answer, agent, client_id="a1", text="", attachments=[label.id])
    line = said_by(page, "agent").get_by_role("button", name="Save the file: Return label №5.pdf")
    expect(line).to_contain_text("1 kB")
    line.focus()
    with page.expect_download() as saved:
        page.keyboard.press("Enter")

    assert saved.value.suggested_filename == "Return label №5.pdf"
    assert saved.value.path().read_bytes() == a_pdf()
    page.reload()
    expect(line).to_be_visible()
    (house.front.app.state.door.uploads / label.file_name).unlink()
    line.click()
    expect(line).to_contain_text("Not loaded. Please try again.")
    expect(page.locator("form.composer input[type=file]")).to_have_attribute(
        "accept", "image/jpeg,image/png,image/webp"
    )


def test_names_of_files_are_never_html_in_the_widget(page: Page, house: Background) -> None:
    """
    Fifty of them, as hostile as they come.
    """
    talk, agent = waits(page, house), eve(house)
    changes(house, talk, do_claim, agent)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    files = [sent_file(house, talk, agent, "label.pdf") for _ in PAYLOADS]
    with writing(house.shop.engine) as db:
        for file, payload in zip(files, PAYLOADS, strict=True):
            db.execute(
                sa.update(attachments).where(attachments.c.id == file.id).values(name=payload)
            )
    ids = [file.id for file in files]
    changes(house, talk, do_answer, agent, client_id="a1", text="", attachments=ids)

    names = said_by(page, "agent").locator("bdi")
    expect(names).to_have_count(len(PAYLOADS))
    assert sorted(names.all_inner_texts()) == sorted(PAYLOADS)
    assert page.evaluate(HOSTILE_IN_WIDGET) == 0
    assert not page.evaluate("'owned' in window")
    assert dialogs == []


HOSTILE_IN_WIDGET = """() => document.querySelector("makegood-chat").shadowRoot.querySelectorAll(
    "[onerror], [onload], script, iframe, object, math, video, img[src='x']").length"""


def sent_file(house: Background, talk: str, agent: Agent, name: str) -> StoredFile:
    """A file that an agent has uploaded."""
    file = store_file(a_pdf(), name, house.front.app.state.door.uploads)
    add_file(house.shop.house, talk, file)

    return file
