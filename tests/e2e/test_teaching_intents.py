"""Somebody who is no programmer teaches the bot a new intent, in a browser, and takes it back."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.settings import Settings
from bot.store.migrate import migrate
from tests.dialog import Dialog, Shop
from tests.e2e.desk_browsers import Desk, hire_team
from tests.e2e.desk_scene import fill_inbox
from tests.e2e.keyboard import Keyboard
from tests.e2e.own_checkout import copy_checkout
from tests.e2e.running_house import RunningHouse, eventually, free_port
from tests.e2e.test_work_on_every_page import SCHEMES, SIZES, look
from tests.factories import the_rulebook

ENGLISH = (
    "can you wrap it as a gift",
    "is gift wrapping possible?",
    "i want it in gift paper please",
)
RUSSIAN = ("можно упаковать как подарок?", "нужна подарочная упаковка", "заверните в подарок")
ANSWER = {"English": "We wrap it for 3 €.", "Russian": "Упакуем за 3 €."}
WRITE = re.compile(r"Write \d+ labels? into the files")
WHY = "Twelve buyers asked for it this week"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that is taught."""
    return copy_checkout(tmp_path_factory.mktemp("teaching") / "checkout")


@pytest.fixture(scope="module")
def front(checkout: Path) -> Iterator[RunningHouse]:
    """The web process of that checkout alone: no buyer writes here."""
    state = checkout.parent / "var"
    state.mkdir()
    migrate(Settings(_env_file=None, state=state).store_url)
    port = free_port()
    web = subprocess.Popen(
        [sys.executable, "-m", "bot.web"],
        cwd=checkout,
        env={
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "MAKEGOOD_PORT": str(port),
            "MAKEGOOD_STATE": str(state),
        },
    )
    house = RunningHouse(f"http://127.0.0.1:{port}", state, web)
    try:
        eventually(lambda: _answers(house))
        yield house
    finally:
        web.terminate()
        web.wait(30)


def _answers(house: RunningHouse) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{house.url}/desk/login").is_success
    return False


@pytest.fixture(scope="module")
def trainers(front: RunningHouse, browser: Browser) -> Desk:
    """People who may teach, with messages in the inbox."""
    desk = hire_team(front, browser)
    fill_inbox(front)

    return desk


@pytest.fixture
def page(trainers: Desk) -> Iterator[Page]:
    """A page of Ann's that may be anywhere."""
    page = trainers.open("Ann", "/intents")
    yield page
    page.context.close()


def see_and_write(page: Page) -> None:
    """Look at what changes, and write it."""
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator("dialog .diff-line").first).to_be_visible()
    page.get_by_role("button", name="Write it").click()


def fill_new_intent(page: Page) -> None:
    """All that a new intent with an answer needs, but why."""
    page.get_by_label("Title, English").fill("Gift wrapping")
    page.get_by_label("Title, Russian").fill("Подарочная упаковка")
    page.get_by_role("textbox", name="Description").press_sequentially(
        "They want it wrapped as a gift."
    )
    page.get_by_label("English", exact=True).fill("\n".join(ENGLISH))
    page.get_by_label("Russian", exact=True).fill("\n".join(RUSSIAN))
    page.get_by_label("The bot answers").check()
    for language, text in ANSWER.items():
        page.get_by_label(f"The answer, {language}").fill(text)


def test_a_new_intent_comes_grows_and_is_taken_back(page: Page, checkout: Path):
    """
    From the form to the files and the list, more examples, and both changes undone.
    """
    before = _texts(checkout)
    page.keyboard.press("n")
    fill_new_intent(page)
    expect(page.get_by_label("Short name")).to_have_value("gift_wrapping")
    expect(page.locator("#count-en")).to_contain_text("3 examples. Fewer than 20")
    page.get_by_role("textbox", name="Why").fill(WHY)
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator("dialog .diff").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_contain_text(ENGLISH[0])
    assert _texts(checkout) == before
    page.get_by_role("button", name="Write it").click()

    expect(page.get_by_role("heading", name="Gift wrapping")).to_be_visible()
    expect(page.get_by_text("Written: ")).to_be_visible()
    page.goto(page.url.replace("/gift_wrapping", "?q=gift"))
    expect(page.locator("#rows li")).to_have_count(1)
    expect(page.locator("#rows li")).to_contain_text("3 en · 3 ru")
    expect(page.locator("#rows li")).to_contain_text("The bot answers")

    page.locator("#rows a.name").click()
    page.get_by_label("English", exact=True).fill("wrap it please\nwith a bow if you can")
    page.get_by_role("button", name="Add them").click()
    page.get_by_role("textbox", name="Why").fill("Two more")
    see_and_write(page)
    expect(page.locator("#examples-title")).to_have_text("Examples: 5 en · 3 ru")
    expect(page.get_by_label("English", exact=True)).to_have_value("")

    page.get_by_role("link", name="See or undo the change").click()
    rows = page.locator("#rows > li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Two more")
    for number in range(2):
        page.locator("#rows > li", has=page.get_by_role("button", name="Undo:")).nth(
            number
        ).get_by_role("button", name="Undo:").click()
        page.get_by_role("textbox", name="Why").fill("It was a try")
        see_and_write(page)
        expect(rows).to_have_count(3 + number)
    assert _texts(checkout) == before


def test_what_was_typed_stays(page: Page, trainers: Desk):
    """
    Over what the server refuses, and over a reload; then somebody begins afresh.
    """
    page.goto(f"{trainers.url}/desk/new-intent")
    fill_new_intent(page)
    page.locator("#form .ticks input").first.check()
    page.get_by_label("Short name").fill("late_delivery")
    expect(page.locator("#name-told")).to_contain_text("There is an intent of that name already")
    page.get_by_label("Short name").fill("gift_wrapping")
    page.get_by_label("English", exact=True).fill("is [that](nonsense) possible")
    page.get_by_role("textbox", name="Why").fill(WHY)
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator("#form .problem")).to_contain_text("nonsense")

    page.reload()
    expect(page.get_by_label("Title, English")).to_have_value("Gift wrapping")
    expect(page.get_by_label("English", exact=True)).to_have_value("is [that](nonsense) possible")
    expect(page.get_by_label("The answer, Russian")).to_have_value(ANSWER["Russian"])
    expect(page.locator("#form .ticks input").first).to_be_checked()

    page.get_by_role("button", name="Start afresh").click()
    expect(page.get_by_label("Title, English")).to_have_value("")


def test_what_the_program_knows_by_name_stays(page: Page, trainers: Desk):
    """
    It says why; its examples can be removed by somebody without a mouse.
    """
    page.goto(f"{trainers.url}/desk/intents/late_delivery")
    expect(page.get_by_text("The program itself knows this intent")).to_be_visible()
    expect(page.get_by_role("button", name="Split")).to_be_visible()
    for words in ("Rename", "Merge", "Retire"):
        expect(page.get_by_role("button", name=words)).to_have_count(0)

    keys = Keyboard(page)
    keys.press("/")
    first = page.locator("#examples .ticks input").first
    keys.go_to(first)
    keys.press("Space")
    keys.go_to(page.get_by_role("button", name="Remove what is ticked"))
    keys.press("Enter")
    keys.check_dialog()
    expect(first).to_be_checked()


def test_what_the_inbox_suggests_is_written_with_what_is_typed(
    page: Page, trainers: Desk, checkout: Path
):
    """
    One change: both stand in what is shown before, and both are taken back.
    """
    before = _texts(checkout)
    page.goto(f"{trainers.url}/desk/intents/order_status")
    page.get_by_label("English", exact=True).fill("tell me about it now please")
    first = page.locator("#suggestions .ticks li").first
    text = first.locator("span").inner_text()
    first.locator("input").check()
    expect(page.locator("#add")).to_contain_text("With the message of the inbox ticked below.")
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.get_by_role("dialog")).to_contain_text("Add one example and one message")
    page.get_by_role("textbox", name="Why").fill("They write so")
    page.get_by_role("button", name="See what changes").click()
    for words in (text, "tell me about it now please"):
        expect(page.locator("dialog .diff").filter(has_text=words)).to_be_visible()
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_text("Written: ")).to_be_visible()
    expect(page.locator("#suggestions .ticks li", has_text=text)).to_have_count(0)
    expect(page.get_by_label("English", exact=True)).to_have_value("")
    expect(page.locator("#add")).not_to_contain_text("ticked below")

    page.get_by_role("link", name="See or undo the change").click()
    page.get_by_role("button", name="Undo:").first.click()
    page.get_by_role("textbox", name="Why").fill("It was a try")
    see_and_write(page)
    expect(page.locator("#rows > li").first).to_contain_text("It was a try")
    assert _texts(checkout) == before


def test_a_message_of_the_inbox_begins_an_intent(page: Page, trainers: Desk):
    """
    It is ticked with those that are alike, beside what was ticked before.
    """
    page.goto(f"{trainers.url}/desk/inbox")
    text = page.locator("blockquote").inner_text()
    page.keyboard.press("n")
    expect(page.locator("#form .ticks li", has_text=text).locator("input")).to_be_checked()
    page.get_by_role("button", name="Start afresh").click()
    expect(page.locator("#form .ticks input:checked")).to_have_count(0)


def test_labels_are_written_into_the_files(page: Page, trainers: Desk):
    """
    From the link beside the inbox; then nobody is told of labels any more.
    """
    page.goto(f"{trainers.url}/desk/inbox")
    page.locator(".to-label").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("link", name=WRITE).click()
    page.get_by_role("button", name=WRITE).click()
    page.get_by_role("textbox", name="Why").fill("The labels of today")
    see_and_write(page)
    expect(page.locator("#labelled")).to_be_empty()
    expect(page.locator("#rows > li").first).to_contain_text("The labels of today")


def test_a_conversation_becomes_a_test_and_is_taken_back(
    trainers: Desk, front: RunningHouse, checkout: Path
):
    """
    Kept from its menu, followed to the change, undone; once more, and removed from the list.
    """
    tests = checkout / "tests" / "dialogues"
    before = sorted(tests.iterdir())
    url = Settings(_env_file=None, state=front.state).store_url
    shop = Shop(rules=the_rulebook(), url=url, migrated=True)
    buyer = Dialog(shop, "ada@example.com")
    buyer.says("greet", "hello there, ada@example.com")
    shop.engine.dispose()
    page = trainers.open_talk("Ann", buyer.id)
    _keep(page, "says hello")
    assert len(sorted(tests.iterdir())) == len(before) + 1
    found = set(_wrong(page))
    page.get_by_role("link", name="See or undo the change").click()
    expect(page.locator("#rows > li").first).to_contain_text("“says hello” kept: 1 line")
    page.locator("#rows > li").first.get_by_role("button", name="Undo").click()
    page.get_by_role("textbox", name="Why").fill("Not this one")
    see_and_write(page)
    expect(page.locator("#rows > li").first).to_contain_text("Taken back: ")
    assert sorted(tests.iterdir()) == before

    page.goto(f"{trainers.url}/desk/conversations/{buyer.id}")
    _keep(page, "says hello once more")
    page.goto(f"{trainers.url}/desk/models")
    page.locator("#dialogues summary", has_text="says hello once more").click()
    expect(page.locator("#dialogues .typed").first).to_contain_text("buyer@example.com")
    found |= set(_wrong(page))
    page.get_by_role("button", name="Remove: says hello once more").click()
    page.get_by_role("textbox", name="Why").fill("Nor this one")
    see_and_write(page)
    expect(page.locator(".said")).to_contain_text("“says hello once more” removed.")
    assert sorted(tests.iterdir()) == before
    page.context.close()

    assert found == set()


def _keep(page: Page, title: str) -> None:
    page.get_by_role("button", name="More to do").click()
    page.get_by_role("button", name="Keep as a dialogue test").click()
    page.get_by_label("What happens in it").fill(title)
    page.get_by_role("textbox", name="Why").fill("Buyers say so")
    see_and_write(page)
    expect(page.locator(".said")).to_contain_text("Kept: 1 line, in tests/dialogues/says-hello")


def test_a_hint_is_put_aside_and_shown_again(page: Page, trainers: Desk):
    """
    By mouse, with a reason.
    """
    page.goto(f"{trainers.url}/desk/hints")
    first = page.locator(".hints > li").first
    words = first.locator("h2").inner_text()
    first.get_by_role("button", name="Put aside").click()
    page.get_by_role("textbox", name="Why").fill("Both are meant")
    page.get_by_role("dialog").get_by_role("button", name="Put aside").click()
    expect(page.locator(".hints h2", has_text=words)).to_have_count(0)
    page.get_by_role("button", name="Put aside (1)").click()
    expect(first).to_contain_text("put it aside: Both are meant")
    assert set(_wrong(page)) == set()
    first.get_by_role("button", name="Show again").click()
    expect(page.locator(".hints h2", has_text=words)).to_have_count(1)


def test_nothing_keeps_anybody_out(page: Page, trainers: Desk):
    """
    The list of changes with a difference unfolded, the dialogs, and what would be written.
    """
    page.goto(f"{trainers.url}/desk/intents/late_delivery")
    expect(page.locator("#place")).to_be_visible()
    page.keyboard.press("e")
    page.get_by_role("textbox", name="Description").fill("The parcel is late and has not come yet.")
    page.get_by_role("textbox", name="Why").fill("Clearer")
    found = set(_wrong(page))
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator("dialog .diff-line").first).to_be_visible()
    found |= set(_wrong(page))
    page.get_by_role("button", name="Write it").click()
    page.get_by_role("link", name="See or undo the change").click()
    expect(page.locator(".change .diff-line").first).to_be_visible()
    found |= set(_wrong(page))

    assert found == set()


def _wrong(page: Page) -> Iterator[str]:
    return (what for size in SIZES for scheme in SCHEMES for what in look(page, size, scheme))


def _texts(checkout: Path) -> dict[str, bytes]:
    """The files that teaching writes."""
    return {
        str(path.relative_to(checkout)): path.read_bytes()
        for folder in ("data", "templates", "rulebook", "domain.yml")
        for path in (
            [checkout / folder] if folder.endswith("yml") else (checkout / folder).rglob("*")
        )
        if path.is_file()
    }
