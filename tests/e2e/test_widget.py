"""A buyer in a real browser, on the demo shop's page, against the trained model."""

import re

import pytest
from playwright.sync_api import Page, expect

from bot.store.tables import conversations, remedies
from tests.e2e.chat_client import a_photo
from tests.e2e.test_chat_over_http import buyer_of


@pytest.fixture
def page(browser, house):
    """The demo shop in a fresh browser profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.goto(f"{house.url}/demo")
    yield opened
    context.close()


def write(page: Page, text: str) -> None:
    """Type a message and press Enter, as a buyer does."""
    box = page.get_by_role("textbox", name="Your message")
    box.fill(text)
    box.press("Enter")


def bot_messages(page: Page):
    """All that the bot has said so far, without the widget's own greeting before it."""
    said = page.locator('[data-testid="message"][data-sender="bot"]')
    return said.filter(has_not_text="Hello! I am the shop's bot")


def open_chat(page: Page) -> None:
    """Press the launcher."""
    page.get_by_test_id("launcher").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_torn_throw_is_made_good_in_the_browser(page, house, tmp_path):
    """
    The whole way as a buyer goes it: writes, proves, uploads, chooses, confirms.
    """
    before = len(house.rows(remedies))
    open_chat(page)
    write(page, "hi, the wool throw from order DEMO-1014 arrived torn and damaged")
    expect(bot_messages(page).last).to_contain_text("DEMO-1014")
    write(page, buyer_of(house, "DEMO-1014"))
    expect(bot_messages(page).last).to_contain_text("photo")

    photo = tmp_path / "broken.jpg"
    photo.write_bytes(a_photo())
    page.locator('input[type="file"]').set_input_files(photo)
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name=re.compile("keep it", re.IGNORECASE)).click()
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(bot_messages(page).last).to_contain_text("requested")

    assert len(house.rows(remedies)) == before + 1


def test_a_reload_shows_the_conversation_again(page):
    """
    Nothing that was said is lost, and nothing is shown twice.
    """
    open_chat(page)
    write(page, "are you a robot?")
    expect(bot_messages(page)).to_have_count(1)
    said = bot_messages(page).last.inner_text()
    page.reload()
    page.evaluate("window.makegood.open()")

    expect(bot_messages(page)).to_have_count(1)
    assert said.splitlines()[0] in bot_messages(page).last.inner_text()


def test_what_was_written_without_a_connection_is_sent_once_afterwards(page):
    """
    The bar says that the connection is lost; the message goes out when it is back.
    """
    open_chat(page)
    write(page, "hello")
    expect(bot_messages(page)).to_have_count(1)
    page.context.set_offline(True)
    write(page, "thank you very much")
    expect(page.get_by_text("Not sent yet").or_(page.get_by_text("Sending"))).to_be_visible()
    page.context.set_offline(False)

    expect(bot_messages(page)).to_have_count(2, timeout=30_000)
    expect(page.locator('[data-testid="message"][data-sender="buyer"]')).to_have_count(2)


def test_text_is_never_html(page):
    """
    What a buyer writes is shown as they wrote it.
    """
    open_chat(page)
    write(page, "<img src=x onerror=\"document.title='owned'\"> hello")
    expect(bot_messages(page)).to_have_count(1)

    expect(page.get_by_text("<img src=x", exact=False)).to_be_visible()
    assert page.title() != "owned"


def test_a_text_file_named_png_gets_a_clear_message(page, tmp_path):
    """
    The picture's content counts, not its name.
    """
    fake = tmp_path / "photo.png"
    fake.write_text("not a picture at all")
    open_chat(page)
    page.locator('input[type="file"]').set_input_files(fake)

    expect(page.get_by_role("alert")).to_contain_text(re.compile("photo|picture|read"))


def test_the_keyboard_is_enough(page):
    """
    Open, write, send and close without a mouse; the focus comes back to the launcher.
    """
    page.get_by_test_id("launcher").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Your message")).to_be_focused()
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    expect(bot_messages(page)).to_have_count(1)
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_test_id("launcher")).to_be_focused()


def test_a_signed_in_buyer_need_not_prove_an_order(page, house):
    """
    The shop's own sign-in opens the buyer's own orders.
    """
    email = buyer_of(house, "DEMO-1003")
    page.evaluate(
        """async email => {
            const answer = await fetch("/demo/identity", {
                method: "POST", body: JSON.stringify({email}),
                headers: {"content-type": "application/json"},
            });
            await window.makegood.identify((await answer.json()).identity);
        }""",
        email,
    )
    open_chat(page)
    write(page, "where is my order DEMO-1003?")

    expect(bot_messages(page).last).to_contain_text("DEMO-1003")
    expect(page.get_by_role("dialog")).not_to_contain_text("postcode")


def test_the_pages_switch_of_languages_is_the_bots_too(page, house):
    """
    The page's language is a guess; what the page sets is a choice, whatever the buyer writes.
    """
    open_chat(page)
    write(page, "hello there")
    expect(bot_messages(page).last).to_contain_text("person")
    assert newest(house.rows(conversations))["locale_from"] != "chosen"

    with page.expect_response("**/api/widget/locale") as answered:
        page.evaluate("makegood.setLocale('ru')")
    assert answered.value.ok
    chosen = newest(house.rows(conversations))
    assert (chosen["locale"], chosen["locale_from"]) == ("ru", "chosen")

    box = page.locator("form.composer").get_by_role("textbox")  # its label is Russian by now
    box.fill("hello there once more")
    box.press("Enter")
    expect(bot_messages(page).last).to_contain_text(re.compile("[А-Яа-я]{4}"))


def newest(rows):
    """The conversation that began last."""
    return max(rows, key=lambda row: row["created_at"])
