"""Two agents in real browsers and buyers beside them: hand-off, race, reply, notes, giving back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from bot.casework.agents import Role
from bot.casework.refusals import Refusal
from bot.casework.remedies import RemedyState
from bot.services.grants import do_grant
from bot.services.wanted_remedies import Wanted, to_remedy
from bot.settings import Settings
from bot.store.database import open_database, writing
from bot.store.tables import (
    attachments,
    conversations,
    messages,
    order_lines,
    orders,
    payments,
    verified_orders,
)
from bot.wiring import build_house
from tests.e2e.chat_client import ChatClient, a_photo
from tests.e2e.hostile import PAYLOADS
from tests.e2e.running_house import RunningHouse, eventually
from tests.e2e.test_after_sales import buyer_of, buyer_signed_in
from tests.web.desk.team import PASSWORD, an_agent
from tests.web.test_file_kinds import a_pdf

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
SERIOUS = ("serious", "critical")


@dataclass
class Desk:
    """The desk's pages, opened by one of the team."""

    browser: Browser
    url: str
    signed_in: dict[str, object] = field(default_factory=dict)

    def open(self, who: str, path: str = "", **options: object) -> Page:
        """A page in a browser of its own."""
        options = {"viewport": DESKTOP, "storage_state": self.signed_in[who]} | options
        page = self.browser.new_context(**options).new_page()  # type: ignore[arg-type]  # of many kinds
        page.goto(f"{self.url}/desk{path}")

        return page

    def open_talk(self, who: str, chat: ChatClient, **options: object) -> Page:
        """A conversation, once its messages are there."""
        page = self.open(who, f"/conversations/{chat.conversation_id}", **options)
        expect(page.locator(".line").first).to_be_visible()

        return page


@pytest.fixture(scope="module")
def team(house: RunningHouse, browser: Browser) -> Desk:
    """Ann, the owner, and Boris, an agent, both signed in."""
    desk = Desk(browser, house.url)
    shop = build_house(Settings(_env_file=None, state=house.state))
    people = [an_agent(shop, Role.OWNER, name="Ann Lee"), an_agent(shop, name="Boris Novak")]
    shop.units.close()
    for agent in people:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{house.url}/desk/login")
        page.get_by_label("E-mail").fill(agent.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{house.url}/desk")
        desk.signed_in[agent.first_name] = context.storage_state()
        context.close()

    return desk


@pytest.fixture
def desk(team: Desk) -> Iterator[Desk]:
    """The team's browsers, closed afterwards."""
    yield team
    for context in team.browser.contexts:
        context.close()


@pytest.fixture
def chat(house: RunningHouse) -> ChatClient:
    """A buyer who has asked for a person."""
    client = ChatClient(house.url)
    client.says("hello, I want to talk to a person please")

    return client


def last_of_team(chat: ChatClient) -> list[str]:
    """What the team has said to the buyer."""
    return [str(one["text"]) for one in chat.transcript() if one["sender"] == "agent"]


def write(page: Page, text: str) -> None:
    """Write into what has the focus, and send it."""
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")


def test_a_hand_off_shows_in_an_open_queue(desk: Desk, house: RunningHouse):
    """
    Without a reload, and the keyboard stays where it was.
    """
    ChatClient(house.url).says("I want to talk to a person")
    ann = desk.open("Ann")
    rows = ann.locator(".rows li")
    expect(rows.first).to_be_visible()
    ann.keyboard.press("j")
    before = rows.count()
    here = "document.activeElement.closest('li').dataset.id"
    focused = ann.evaluate(here)

    ChatClient(house.url).says("let me speak to a human")
    expect(rows).to_have_count(before + 1)
    assert ann.evaluate(here) == focused


def test_of_two_who_take_over_one_wins(desk: Desk, chat: ChatClient):
    """
    The other is told who was first, and sees what that one writes.
    """
    pages = [desk.open_talk("Ann", chat), desk.open_talk("Boris", chat)]
    expect(pages[0].locator(".others")).to_contain_text("Boris looks at this, too")
    for page in pages:
        page.keyboard.press("c")
    for page in pages:
        expect(page.locator(".stands")).to_contain_text("on it")
    first = next(page for page in pages if "You are" in page.locator(".stands").inner_text())
    late = next(page for page in pages if page is not first)
    expect(late.locator(".locked")).to_contain_text("is on it")

    expect(first.get_by_role("textbox", name="Reply to")).to_be_focused()
    first.keyboard.type("Hello")
    expect(late.locator("#typing")).to_contain_text("is typing")
    first.keyboard.press("Control+Enter")
    expect(late.locator('[data-sender="agent"] .bubble')).to_have_text(["Hello"])
    assert last_of_team(chat) == ["Hello"]


def test_the_buyer_and_an_agent_talk(desk: Desk, chat: ChatClient):
    """
    Text, a photo, a ready reply; the bot says nothing; and then it is there again.
    """
    ann = desk.open_talk("Ann", chat)
    ann.keyboard.press("c")
    reply = ann.get_by_role("textbox", name="Reply to")
    expect(reply).to_be_focused()
    chat.post("where is order DEMO-1004?")
    expect(ann.get_by_text("where is order DEMO-1004?")).to_be_visible()

    reply.press_sequentially("/one")
    expect(ann.get_by_role("option", name="One moment")).to_be_visible()
    reply.press("Enter")
    photo = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    ann.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]  # a dict is a file
    reply.press("Control+Enter")
    expect(ann.get_by_role("button", name="Photo by Ann")).to_be_visible()
    sent = [one for one in chat.transcript() if one["sender"] == "agent"]
    assert "checking" in str(sent[0]["text"])
    assert sent[0]["attachments"]
    assert chat.transcript()[-1]["sender"] == "agent"

    ann.keyboard.press("Escape")
    ann.keyboard.press("b")
    ann.get_by_label("A note for whoever comes next").fill("all said")
    ann.get_by_role("dialog").get_by_role("button", name="Give back").click()
    expect(ann.locator(".stands")).to_contain_text("With the bot")
    expect(ann.get_by_text("Only your team sees this")).to_be_visible()
    assert chat.says("thank you")[-1]["sender"] == "bot"


def test_a_label_is_sent_and_saved(desk: Desk, chat: ChatClient):
    """
    A PDF beside a photo; a draft keeps both over a reload, and either page has it to save.
    """
    ann = desk.open_talk("Ann", chat)
    ann.keyboard.press("c")
    reply = ann.get_by_role("textbox", name="Reply to")
    expect(reply).to_be_focused()
    picked = ann.locator("input[type=file]")
    page_of_html = {"name": "label.pdf", "mimeType": "application/pdf", "buffer": b"<html>hi"}
    picked.set_input_files(page_of_html)  # type: ignore[arg-type]  # a dict is a file
    expect(ann.locator(".composer .problem")).to_contain_text("cannot be sent. Files can be PDF")
    expect(ann.locator(".tray li")).to_have_count(0)
    label = {"name": "Return label.pdf", "mimeType": "text/html", "buffer": a_pdf()}
    photo = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    picked.set_input_files([label, photo])  # type: ignore[list-item]  # dicts are files
    expect(ann.locator('.tray li:not([aria-busy="true"])')).to_have_count(2)
    ann.reload()
    expect(ann.locator(".tray .file")).to_contain_text("Return label.pdf")
    expect(ann.locator(".tray img")).to_have_count(1)
    reply.press("Control+Enter")

    line = ann.get_by_role("link", name="Return label.pdf")
    expect(line).to_contain_text("kB")
    with ann.expect_download() as saved:
        line.click()
    assert saved.value.suggested_filename == "Return label.pdf"
    assert saved.value.path().read_bytes() == a_pdf()
    [sent] = [one for one in chat.transcript() if one["sender"] == "agent"]
    (file,) = sent["files"]  # type: ignore[misc]  # it is a list
    got = chat.http.get(f"{chat.url}/api/widget/files/{file['id']}", headers=chat.headers)
    assert (file["name"], got.content) == ("Return label.pdf", a_pdf())
    assert len(sent["attachments"]) == 1  # type: ignore[arg-type]  # and so is this


def test_a_note_is_for_the_team(desk: Desk, chat: ChatClient):
    """
    It stands in the other's page at once, and nowhere in the buyer's chat.
    """
    ann, boris = desk.open_talk("Ann", chat), desk.open_talk("Boris", chat)
    boris.keyboard.press("n")
    write(boris, "a good customer of ours")

    expect(ann.locator(".note")).to_contain_text("a good customer of ours")
    assert "good customer" not in str(chat.transcript())


def test_an_e_mail_that_was_left_is_shown_on_asking(desk: Desk, chat: ChatClient):
    """
    Masked until then, and told apart from what the shop knows.
    """
    ann = desk.open_talk("Ann", chat)
    chat.leaves("ada@example.com")
    expect(ann.locator(".named")).to_contain_text(
        "a•••@example.com left to be written to; not proven"
    )

    ann.get_by_role("button", name="Show the buyer's details").click()
    expect(ann.locator(".contact")).to_contain_text("ada@example.com")
    expect(ann.get_by_role("button", name="Show the buyer's details")).to_have_count(0)


def test_a_draft_stays_until_it_is_sent(desk: Desk, chat: ChatClient):
    """
    Over a reload, over a refusal, and over the loss of the conversation to somebody else.
    """
    boris = desk.open_talk("Boris", chat)
    boris.keyboard.press("c")
    reply = boris.get_by_role("textbox", name="Reply to")
    expect(reply).to_be_focused()
    boris.keyboard.type("I am about to")
    boris.reload()
    expect(reply).to_have_value("I am about to")

    ann = desk.open_talk("Ann", chat)
    ann.keyboard.press("x")
    ann.get_by_role("button", name="Close it").click()
    expect(boris.locator(".stands")).to_contain_text("Closed")
    reply.press("Control+Enter")
    expect(boris.locator(".composer .problem")).to_contain_text("This conversation is closed")
    expect(reply).to_have_value("I am about to")
    assert last_of_team(chat) == []


def test_what_is_far_too_long_is_told_and_the_draft_stays(desk: Desk, chat: ChatClient):
    """
    Ten megabytes stay in the clipboard; what is a little too long stays in the field.
    """
    ann = desk.open_talk("Ann", chat)
    ann.keyboard.press("c")
    reply = ann.get_by_role("textbox", name="Reply to")
    expect(reply).to_be_focused()
    ann.keyboard.type("I am about to")
    assert not reply.evaluate(PASTE, "x" * 10_000_000)
    problem = ann.locator(".composer .problem")
    expect(problem).to_have_text(
        "That is 10000000 characters; 4000 are allowed. It was not pasted."
    )
    expect(reply).to_have_value("I am about to")

    reply.fill("x" * 4001)
    reply.press("Control+Enter")
    expect(problem).to_contain_text("1 characters too long; 4000 are allowed")
    ann.reload()
    expect(reply).to_have_value("x" * 4001)
    assert last_of_team(chat) == []


def test_a_conversation_that_is_erased_meanwhile_is_over(desk: Desk, house: RunningHouse):
    """
    The page says so and shows nothing of the buyer; what was being written can still be copied.
    """
    number = "DEMO-1016"
    chat = buyer_signed_in(house, number)
    chat.says("I want to talk to a person")
    boris = desk.open_talk("Boris", chat)
    boris.keyboard.press("c")
    reply = boris.get_by_role("textbox", name="Reply to")
    expect(reply).to_be_focused()
    boris.keyboard.type("I am about to")
    other = desk.open_talk("Boris", chat)

    ann, email = desk.open("Ann", "/erasure"), buyer_of(house, number)
    erased = ann.evaluate(ERASE, email)
    assert erased == 200
    for page in (boris, other):
        expect(page.locator("#trouble")).to_contain_text("its buyer was erased")
        expect(page.locator(".line")).to_have_count(0)
    expect(boris.get_by_text("The connection is lost")).to_be_hidden()
    reply.press("Control+Enter")
    expect(boris.locator(".composer .problem")).to_contain_text("Perhaps it was erased")
    expect(reply).to_have_value("I am about to")


PASTE = """(field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    return field.dispatchEvent(paste);
}"""
ERASE = """async (email) => {
    const api = await import("/desk-assets/api.js");
    return api.post("erasures", { email, confirm: email }).then(() => 200, ({ status }) => status);
}"""


def test_what_is_sent_without_a_connection_arrives_once(
    desk: Desk, chat: ChatClient, house: RunningHouse
):
    """
    The page says that the connection is lost; the reply goes out when it is back.
    """
    ann = desk.open_talk("Ann", chat)
    ann.keyboard.press("c")
    expect(ann.get_by_role("textbox", name="Reply to")).to_be_focused()
    ann.context.set_offline(True)
    expect(ann.get_by_text("The connection is lost")).to_be_visible()
    write(ann, "are you still there?")
    expect(ann.get_by_text("Trying again")).to_be_visible()
    chat.post("hello?")
    ann.context.set_offline(False)

    expect(ann.get_by_text("hello?")).to_be_visible()
    expect(ann.locator('[data-sender="agent"] .bubble')).to_have_text(["are you still there?"])
    expect(ann.get_by_text("The connection is lost")).to_be_hidden()
    rows = house.rows(messages)
    assert [one["text"] for one in rows].count("are you still there?") == 1


def test_two_tabs_show_the_same(desk: Desk, chat: ChatClient):
    """
    What is written in one stands in the other.
    """
    ann = desk.open_talk("Ann", chat)
    other = ann.context.new_page()
    other.goto(ann.url)
    ann.bring_to_front()
    ann.keyboard.press("c")
    expect(other.locator(".stands")).to_contain_text("You are on it")
    expect(ann.get_by_role("textbox", name="Reply to")).to_be_focused()
    write(ann, "from the first tab")

    expect(other.locator('[data-sender="agent"] .bubble')).to_have_text(["from the first tab"])


def test_a_correction_is_kept(desk: Desk, chat: ChatClient):
    """
    Another meaning and a marked detail, with who said so.
    """
    ann = desk.open_talk("Ann", chat)
    ann.locator(".meaning summary").first.click()
    ann.get_by_role("button", name="Correct").click()
    ann.get_by_label("It means").select_option(label="Complaint")
    ann.get_by_label("The message").evaluate("box => box.setSelectionRange(0, 5)")
    ann.get_by_label("What it is").select_option(label="Product")
    ann.get_by_role("button", name="Mark", exact=True).click()
    ann.get_by_role("button", name="Save").click()

    expect(ann.locator(".meaning").first).to_contain_text("Complaint · corrected by Ann Lee")
    expect(ann.locator(".meaning").first).to_contain_text("hello")


def test_what_others_write_is_never_html(desk: Desk, house: RunningHouse, chat: ChatClient):
    """
    Fifty ways to run a script, as messages, buyers' names, files' names and products' titles:
    all of them are read as they were written, on every page that shows them.
    """
    assert len(set(PAYLOADS)) == 50
    order = hostile_order(house, chat)
    for payload in PAYLOADS:
        chat.uploads(a_photo(), payload)
    hostile_files(house, chat)
    ann = desk.open_talk("Ann", chat)
    ann.keyboard.press("c")
    expect(ann.locator(".stands")).to_contain_text("You are on it")
    for payload in PAYLOADS:
        chat.post(payload)
    expect(ann.locator('[data-sender="buyer"] .bubble').last).to_have_text(PAYLOADS[-1])
    dialogs: list[str] = []
    pages = [
        ann,
        desk.open_talk("Ann", chat),
        *(desk.open("Ann", path) for path in ("", "/search?q=script", f"/orders/{order}")),
    ]
    for page in pages:
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    expect(pages[1].locator('[data-sender="buyer"] .bubble').last).to_have_text(PAYLOADS[-1])
    expect(pages[2].locator(".rows li").first).to_be_visible()
    expect(pages[4].get_by_text(PAYLOADS[0], exact=True).first).to_be_visible()

    assert sorted(pages[1].locator("a.file bdi").all_inner_texts()) == sorted(PAYLOADS)
    for page in pages:
        assert page.evaluate(HOSTILE_ELEMENTS) == [], page.url
        assert not page.evaluate("'owned' in window")
    assert dialogs == []


def test_an_approval_reaches_the_buyer(desk: Desk, house: RunningHouse):
    """
    Over the limits of the bot and of an agent, who reads why; the owner's yes, and the buyer hears.
    """
    make_dear(house, "DEMO-1007", times=10)
    chat = buyer_signed_in(house, "DEMO-1007")
    asked = chat.says("my serving bowl from DEMO-1007 arrived broken")[-1]
    while asked["kind"] != "offer":
        if asked["kind"] == "ask_photo":
            asked = chat.sends_photo()[-1]
        else:
            asked = chat.presses(asked, asked["choices"][-1]["label"])[-1]  # type: ignore[index]
    terms = chat.presses(asked, "new one")[-1]
    assert "approve" in str(chat.presses(terms, "yes")[-1]["text"])
    seq = int(str(chat.transcript()[-1]["seq"]))

    boris, ann = desk.open("Boris", "/approvals"), desk.open("Ann", "/approvals")
    expect(boris.get_by_text("DEMO-1007").first).to_be_visible()
    expect(boris.get_by_role("button", name="Approve")).to_have_count(0)
    expect(boris.locator("main")).to_contain_text("It is more than you may give")
    ann.get_by_role("button", name="Approve").first.click()
    ann.get_by_role("dialog").get_by_role("button", name="Approve").click()

    eventually(lambda: "approved" in str(chat.answers(seq)))
    expect(ann.get_by_text("DEMO-1007")).to_have_count(0)


def test_an_approval_counts_once_and_only_while_it_fits(desk: Desk, house: RunningHouse):
    """
    Paid back elsewhere meanwhile: told in the window, and it waits on. Approved twice: told, too.
    """
    make_dear(house, "DEMO-1018", times=10)
    remedy = asked_for_by(house, "Boris Novak", "DEMO-1018")
    pages = [desk.open("Ann", "/approvals") for _ in range(2)]
    cards = [page.locator(f'[id="{remedy}"]') for page in pages]
    yes = [page.get_by_role("dialog").get_by_role("button", name="Approve") for page in pages]
    for card in cards:
        card.get_by_role("button", name="Approve").click()

    before = let_be_paid(house, "DEMO-1018", 1)
    yes[0].click()
    expect(pages[0].get_by_role("dialog")).to_contain_text("more than is left of what was paid")
    let_be_paid(house, "DEMO-1018", before)
    yes[0].click()
    expect(cards[0]).to_have_count(0)
    yes[1].click()
    expect(pages[1].get_by_role("dialog")).to_contain_text("You have said yes already")
    expect(cards[1]).to_have_count(0)


def test_what_another_process_changes_is_seen_by_the_minute(
    desk: Desk, house: RunningHouse, chat: ChatClient
):
    """
    Without an event: a deadline passes, and something waits for a yes, on every page.
    """
    pages = [desk.open("Ann", path) for path in ("?clock=overdue", "/approvals", "/account")]
    for page in pages:
        page.context.route("**/api/desk/events*", lambda route: route.abort())
        page.clock.install()
        page.reload()
    queue, approvals, account = pages
    row = queue.locator(f'[data-id="{chat.conversation_id}"]')
    expect(queue.locator(".tabs")).to_be_visible()
    expect(row).to_have_count(0)
    waits = account.locator('.top [data-count="approvals"]')
    before = int(waits.inner_text() or 0)
    with writing_to(house) as db:
        past = datetime.now(UTC) - timedelta(minutes=3)
        db.execute(
            sa.update(conversations)
            .where(conversations.c.id == chat.conversation_id)
            .values(due_at=past)
        )
    make_dear(house, "DEMO-1008", times=5)
    remedy = asked_for_by(house, "Boris Novak", "DEMO-1008")
    for page in pages:
        page.clock.fast_forward("01:02")

    expect(row.locator(".clock")).to_have_attribute("data-tone", "bad")
    expect(approvals.locator(f'[id="{remedy}"]')).to_be_visible()
    expect(waits).to_have_text(str(before + 1))


def test_how_much_waits_for_a_yes_is_live_on_every_page(desk: Desk, house: RunningHouse):
    """
    In the navigation: decided in another window, it is gone here.
    """
    make_dear(house, "DEMO-1014", times=10)
    remedy = asked_for_by(house, "Boris Novak", "DEMO-1014")
    account, approvals = desk.open("Ann", "/account"), desk.open("Ann", "/approvals")
    waits = account.locator('.top [data-count="approvals"]')
    expect(waits).not_to_be_empty()
    before = int(waits.inner_text())
    card = approvals.locator(f'[id="{remedy}"]')
    card.get_by_role("button", name="Deny").click()
    approvals.get_by_role("dialog").get_by_label("Why").fill("not that much")
    approvals.get_by_role("dialog").get_by_role("button", name="Deny").click()

    expect(card).to_have_count(0)
    expect(waits).to_have_text(str(before - 1) if before > 1 else "")


def asked_for_by(house: RunningHouse, name: str, number: str) -> str:
    """A refund of the whole order that is over that agent's limit; the remedy's id."""
    shop = build_house(Settings(_env_file=None, state=house.state))
    with shop.units.reading() as unit:
        agent = next(one.agent for one in unit.accounts.listed() if one.agent.name == name)
        order = unit.orders.find("demo", number)
    assert order
    granted = do_grant(
        shop,
        [to_remedy(order, Wanted(kind="refund"))],
        agent=agent,
        reason="they asked for it",
        request_id=shop.new_id(),
    )
    shop.units.close()
    assert not isinstance(granted, Refusal), granted
    assert granted.state is RemedyState.APPROVAL

    return granted.remedies[0]


@contextmanager
def writing_to(house: RunningHouse) -> Iterator[sa.Connection]:
    """A change of the store by somebody whom no web process knows."""
    engine = open_database(Settings(_env_file=None, state=house.state).store_url)
    with writing(engine) as db:
        yield db
    engine.dispose()


def let_be_paid(house: RunningHouse, number: str, amount: int) -> int:
    """Let so much have been paid for the order; what it was before."""
    order = sa.select(orders.c.id).where(orders.c.number == number).scalar_subquery()
    with writing_to(house) as db:
        before = db.execute(
            sa.select(payments.c.amount).where(payments.c.order_id == order)
        ).scalar_one()
        db.execute(sa.update(payments).where(payments.c.order_id == order).values(amount=amount))

    return int(before)


def make_dear(house: RunningHouse, number: str, *, times: int) -> None:
    """Let the order have cost so many times as much."""
    engine = open_database(Settings(_env_file=None, state=house.state).store_url)
    with writing(engine) as db:
        order = sa.select(orders.c.id).where(orders.c.number == number).scalar_subquery()
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
    engine.dispose()


HOSTILE_ELEMENTS = """() => [...document.querySelectorAll(
    "main script, main iframe, main object, main math, main video, main animate, main img[src='x'],"
    + "[onerror], [onload], [onbegin], [ontoggle], [onfocus], [onmouseover], a[href^='javascript'],"
    + "a[href^='data:'], [formaction]")].map((one) => one.outerHTML.slice(0, 100))"""


def hostile_order(house: RunningHouse, chat: ChatClient) -> int:
    """
    An order with such titles that the chat's buyer has proven, whose name is one as well.

    Beside it stand other waiting buyers of such names. Its id.
    """
    engine = open_database(Settings(_env_file=None, state=house.state).store_url)
    with writing(engine) as db:
        line = db.execute(sa.select(order_lines).limit(1)).mappings().one()
        db.execute(
            sa.insert(order_lines),
            [
                {**line, "id": 900_000 + number, "position": 100 + number, "title": payload}
                for number, payload in enumerate(PAYLOADS)
            ],
        )
        talk = (
            db.execute(sa.select(conversations).where(conversations.c.id == chat.conversation_id))
            .mappings()
            .one()
        )
        db.execute(
            sa.insert(conversations),
            [
                {**talk, "id": f"hostile-{number}", "identity_name": payload, "last_seq": 0}
                for number, payload in enumerate(PAYLOADS)
            ],
        )
        db.execute(
            sa.insert(verified_orders).values(
                conversation_id=chat.conversation_id,
                order_id=line["order_id"],
                verified_at=talk["created_at"],
            )
        )
    engine.dispose()

    return int(line["order_id"])


def hostile_files(house: RunningHouse, chat: ChatClient) -> None:
    """Files of such names under the buyer's first message, not cleaned as an upload's would be."""
    engine = open_database(Settings(_env_file=None, state=house.state).store_url)
    with writing(engine) as db:
        of_talk = messages.c.conversation_id == chat.conversation_id
        message = db.execute(sa.select(messages).where(of_talk, messages.c.seq == 1)).one()
        db.execute(
            sa.insert(attachments),
            [
                {
                    "id": f"hostile-{number}",
                    "conversation_id": chat.conversation_id,
                    "message_id": message.id,
                    "file_name": "none.pdf",
                    "name": payload,
                    "kind": "pdf",
                    "width": 0,
                    "height": 0,
                    "size": 1,
                    "sha256": "0" * 64,
                    "created_at": message.created_at,
                }
                for number, payload in enumerate(PAYLOADS)
            ],
        )
    engine.dispose()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_keeps_anybody_out(desk: Desk, chat: ChatClient, size: ViewportSize, scheme: str):
    """
    axe finds nothing serious on any page, whatever is unfolded, and nothing is wider than it.
    """
    look = {"viewport": size, "color_scheme": scheme}
    queue, talk = desk.open("Ann", **look), desk.open_talk("Ann", chat, **look)
    expect(queue.locator(".rows li").first).to_be_visible()
    talk.locator(".meaning summary").first.click()
    others = [desk.open("Ann", path, **look) for path in ("/approvals", "/account", "/agents")]
    helped = desk.open("Ann", **look)
    expect(helped.locator(".rows li").first).to_be_visible()
    helped.keyboard.press("?")
    for page in (queue, talk, helped, *others):
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["impact"]) for one in found if one["impact"] in SERIOUS] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
