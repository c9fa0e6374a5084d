"""Two agents in real browsers and buyers beside them: hand-off, race, reply, notes, giving back."""

import sqlalchemy as sa
from playwright.sync_api import expect

from bot.store.tables import attachments, conversations, messages, order_lines, verified_orders
from tests.e2e.chat_client import ChatClient, a_photo
from tests.e2e.desk_browsers import Desk, last_of_team, write, writing_to
from tests.e2e.hostile import PAYLOADS
from tests.e2e.running_house import RunningHouse
from tests.e2e.test_after_sales import buyer_of, buyer_signed_in
from tests.web.test_file_kinds import a_pdf


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
    with writing_to(house) as db:  # or nobody would find the next test's buyer below these
        db.execute(sa.delete(conversations).where(conversations.c.id.startswith("hostile-")))


HOSTILE_ELEMENTS = """() => [...document.querySelectorAll(
    "main script, main iframe, main object, main math, main video, main animate, main img[src='x'],"
    + "[onerror], [onload], [onbegin], [ontoggle], [onfocus], [onmouseover], a[href^='javascript'],"
    + "a[href^='data:'], [formaction]")].map((one) => one.outerHTML.slice(0, 100))"""


def hostile_order(house: RunningHouse, chat: ChatClient) -> int:
    """
    An order with such titles that the chat's buyer has proven, whose name is one as well.

    Beside it stand other waiting buyers of such names. Its id.
    """
    with writing_to(house) as db:
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

    return int(line["order_id"])


def hostile_files(house: RunningHouse, chat: ChatClient) -> None:
    """Files of such names under the buyer's first message, not cleaned as an upload's would be."""
    with writing_to(house) as db:
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
