"""The training inbox as a trainer works in it: details by keys and mouse, what is known, files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.store.tables import inbox, inbox_origins, labels
from bot.teaching.collecting import import_messages, to_key
from tests.e2e.desk_browsers import PHONE, Desk, shop_of, writing_to
from tests.e2e.running_house import RunningHouse
from tests.workbench.reading import read

EMOJI = "\N{WAVING HAND SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-5} the blue parcel, please"
READS_IN = 120_000
"""Milliseconds for a model to be loaded beside the house and to read two messages."""


@pytest.fixture
def empty(house: RunningHouse) -> Iterator[None]:
    """Nothing waits in the inbox, nor does afterwards."""
    _clear(house)
    yield
    _clear(house)


def _clear(house: RunningHouse) -> None:
    with writing_to(house) as db:
        for table in (labels, inbox_origins, inbox):
            db.execute(sa.delete(table))


def bring_in(house: RunningHouse, *texts: str, known: Iterable[str] = ()) -> None:
    """These messages wait; some of them are examples already."""
    examples = {to_key(text, "en"): "damaged_item" for text in known}
    with shop_of(house) as shop:
        list(import_messages(shop, texts, read, "a model", examples))


def marked(house: RunningHouse) -> list[object]:
    """The details of the latest label."""
    with writing_to(house) as db:
        return list(db.scalar(sa.select(labels.c.entities).order_by(labels.c.id.desc())) or [])


def open_inbox(desk: Desk, who: str = "Lena", **options: object) -> Page:
    page = desk.open(who, "/inbox", **options)
    expect(page.locator(".to-label")).to_be_visible()

    return page


def label(page: Page) -> None:
    """What the stand-in reads is no intent of ours: say what it is by typing."""
    page.keyboard.press("/")
    page.keyboard.type("late_delivery")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("Kept.")


def test_one_after_the_other_is_chosen_by_typing(house: RunningHouse, desk: Desk, empty: None):
    """
    After each the keys are for the next message, as after a key.
    """
    bring_in(house, "the parcel went astray", "nobody brings me my lamp")
    page = open_inbox(desk)
    for _ in range(2):
        text = page.locator("blockquote").inner_text()
        label(page)
        expect(page.locator("blockquote", has_text=text)).to_have_count(0)

    expect(page.get_by_text("Nothing to label")).to_be_visible()


def test_what_an_agent_marked_is_only_accepted(house: RunningHouse, desk: Desk, empty: None):
    """
    It is marked already, in those that are alike, too; what could not be kept is told.
    """
    texts = (EMOJI, "the blue parcel of mine")
    bring_in(house, *texts)
    with writing_to(house) as db:
        for text in texts:
            start = text.index("blue")
            blue = {"name": "colour", "value": "blue", "start": start, "end": start + 4}
            given = {"marked": [blue], "lost": ["size"], "cause": "corrected"}
            db.execute(sa.update(inbox).where(inbox.c.text == text).values(**given))
    page = open_inbox(desk)

    expect(page.locator("blockquote mark")).to_have_text("blue")
    expect(page.locator(".likes mark")).to_have_text("blue")
    told = page.locator(".notice.details")
    expect(told).to_contain_text("An agent marked the details")
    expect(told).to_contain_text("Not found in the message as it is kept here: size.")
    label(page)
    assert marked(house) == []


def test_details_are_marked_by_keys(house: RunningHouse, desk: Desk, empty: None):
    """
    Word by word, and counted as the model counts, behind an emoji of two signs.
    """
    bring_in(house, EMOJI)
    page = open_inbox(desk)
    page.keyboard.press("e")
    for key in (*["ArrowRight"] * 2, "Shift+ArrowRight", "ArrowRight", *["ArrowLeft"] * 2):
        page.keyboard.press(key)
    assert page.evaluate("getSelection().toString()") == "blue"
    page.keyboard.press("Enter")
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.textContent") == "Colour"
    page.keyboard.press("Enter")
    expect(page.locator("blockquote mark")).to_have_text("blue")
    label(page)

    assert marked(house) == [{"name": "colour", "value": "blue", "start": 7, "end": 11}]


def test_details_are_marked_by_mouse(house: RunningHouse, desk: Desk, empty: None):
    """
    A double click selects a word; a mark is taken off by its cross.
    """
    bring_in(house, EMOJI)
    page = open_inbox(desk)
    for word, kind in (("blue", "Colour"), ("parcel", "Product")):
        at = page.evaluate(PLACE_OF, word)
        page.mouse.dblclick(at["x"], at["y"])
        page.locator(".kinds").get_by_role("button", name=kind).click()
    expect(page.locator(".marks li")).to_have_count(2)
    page.get_by_role("button", name="Remove blue").click()
    expect(page.locator("blockquote mark")).to_have_text("parcel")
    label(page)

    assert marked(house) == [{"name": "product", "value": "parcel", "start": 12, "end": 18}]


PLACE_OF = """word => {
    const quote = document.querySelector("blockquote");
    const texts = document.createTreeWalker(quote, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const at = texts.currentNode.data.indexOf(word);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(texts.currentNode, at);
        range.setEnd(texts.currentNode, at + word.length);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
    }
}"""


def test_what_is_left_as_it_was_is_not_sent(house: RunningHouse, desk: Desk, empty: None):
    """
    A mark that is made and taken off again is none.
    """
    bring_in(house, EMOJI)
    page = open_inbox(desk)
    page.keyboard.press("e")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("blockquote mark")).to_have_count(1)
    page.keyboard.press("e")
    page.keyboard.press("Delete")
    expect(page.locator("blockquote mark")).to_have_count(0)
    label(page)

    assert marked(house) == []


def test_a_button_in_focus_is_pressed_by_enter(house: RunningHouse, desk: Desk, empty: None):
    """
    And Enter does not accept the first meaning as well.
    """
    bring_in(house, "it broke", "a refund")
    page = open_inbox(desk)
    before = page.locator("blockquote").inner_text()
    page.get_by_role("button", name="Skip", exact=False).last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("blockquote")).not_to_have_text(before)

    with writing_to(house) as db:
        assert list(db.scalars(sa.select(labels.c.intent))) == [""]


def test_what_is_known_is_said_and_skipped(house: RunningHouse, desk: Desk, empty: None):
    """
    One by a key, all by a button, and all of these back by a key.
    """
    texts = ["it broke", "a refund", "xyzzy", "plugh"]
    bring_in(house, *texts, known=texts[:2])
    page = open_inbox(desk)
    expect(page.locator("#known")).to_have_text("Skip 2 that the model knows")
    page.locator("#known").click()
    page.get_by_role("button", name="Skip them").click()
    expect(page.locator("#known")).to_be_hidden()
    expect(page.locator("#counts")).to_contain_text("2 to go")
    page.keyboard.press("z")
    expect(page.locator("#counts")).to_contain_text("4 to go")
    expect(page.locator(".knows")).to_contain_text("an example of “damaged item”")
    page.keyboard.press("k")
    expect(page.locator("#counts")).to_contain_text("3 to go")


def test_a_file_is_brought_in_from_the_page(
    house: RunningHouse, desk: Desk, empty: None, tmp_path: Path
):
    """
    By the model of the house, beside it; then its messages are there to label.
    """
    file = tmp_path / "from the shop.csv"
    file.write_text("id,text\n1,the kettle came in pieces\n2,верните деньги пожалуйста\n")
    page = desk.open("Lena", "/inbox")
    expect(page.get_by_text("Nothing to label")).to_be_visible()
    page.get_by_text("Bring in a file of messages").click()
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("alert").first).to_have_text("Choose a file first.")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_text("2 messages read, 2 new")).to_be_visible(timeout=READS_IN)
    expect(page.locator(".to-label")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out_there(house: RunningHouse, desk: Desk, empty: None, scheme: str):
    """
    While words are chosen, on a phone, with all unfolded; nothing is wider than the page.
    """
    bring_in(house, EMOJI, known=[EMOJI])
    page = open_inbox(desk, viewport=PHONE, color_scheme=scheme)
    for summary in page.locator("#beside summary").all():
        summary.click()
    expect(page.get_by_text("Nobody has given a second opinion yet")).to_be_visible()
    page.keyboard.press("e")
    found = Axe().run(page).response["violations"]

    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
