"""A day without a mouse: everything is reached, the focus is always seen, and it comes back."""

from playwright.sync_api import expect

from tests.e2e.chat_client import ChatClient
from tests.e2e.desk_browsers import Desk, last_of_team, order_id
from tests.e2e.keyboard import Keyboard
from tests.e2e.running_house import RunningHouse, eventually
from tests.web.desk.team import PASSWORD

DEAR = "DEMO-1011"
"""48 mugs: more than an agent may give, and within a lead's limit."""


def test_from_signing_in_to_giving_back(desk: Desk, house: RunningHouse):
    """
    Sign in, find, open, take over, a ready reply, a note, and the bot has it again.
    """
    chat = ChatClient(house.url)
    chat.says("let me talk to a person about my zebra rug")
    keys = Keyboard(desk.open("", "/login"))
    page = keys.page
    expect(page.get_by_label("E-mail")).to_be_focused()
    keys.type(desk.team["Boris"].email)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")

    rows = page.locator(".rows li")
    expect(rows.first).to_be_visible()
    keys.press("/")
    keys.type("zebra")
    expect(rows).to_have_count(1)
    keys.press("Escape", "j")
    keys.check_seen()
    keys.press("Enter")
    expect(page.locator(".line").first).to_be_visible()

    keys.press("c")
    reply = page.get_by_role("textbox", name="Reply to")
    expect(reply).to_be_focused()
    keys.type("/one")
    expect(page.get_by_role("option", name="One moment")).to_be_visible()
    keys.press("Enter")
    keys.type(" It is a zebra.")
    keys.press("Control+Enter")
    eventually(lambda: "It is a zebra." in str(last_of_team(chat)))
    expect(reply).to_be_focused()

    keys.press("Escape", "n")
    expect(page.get_by_role("textbox", name="Note to your team")).to_be_focused()
    keys.type("likes zebras")
    keys.press("Control+Enter")
    expect(page.locator(".note")).to_contain_text("likes zebras")

    keys.press("Escape")
    keys.choose(page.locator("#who").get_by_role("button", name="Give back"))
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.go_to(page.get_by_label("A note for whoever comes next"))
    keys.type("all said")
    keys.press("Control+Enter")
    expect(page.locator(".stands")).to_contain_text("With the bot")
    keys.check_seen()
    assert chat.says("thank you")[-1]["sender"] == "bot"


def test_dialogs_let_the_focus_in_and_give_it_back(desk: Desk, chat: ChatClient):
    """
    Each of a conversation, from its button and from the menu.
    """
    keys = Keyboard(desk.open_talk("Ann", chat))
    page = keys.page
    keys.press("c")
    expect(page.get_by_role("textbox", name="Reply to")).to_be_focused()
    keys.press("Escape")
    for name in ("Give back", "Close"):
        opener = page.locator("#who").get_by_role("button", name=name)
        keys.choose(opener)
        keys.check_dialog()
        expect(opener).to_be_focused()
        keys.check_seen()
    more = page.get_by_role("button", name="More to do")
    for name in ("Snooze", "Pass on"):
        keys.choose(more)
        keys.choose(page.get_by_role("button", name=name))
        keys.check_dialog()
        expect(more).to_be_focused()
    page.keyboard.press("?")
    keys.check_dialog()
    expect(more).to_be_focused()


def test_the_whole_page_is_walked_through(desk: Desk, chat: ChatClient):
    """
    By Tab from its begin to its end and around: no trap, and the focus is always in sight.
    """
    for path in ("", f"/conversations/{chat.conversation_id}", "/agents", "/account", "/audit"):
        keys = Keyboard(desk.open("Ann", path))
        expect(keys.page.locator("main")).to_be_visible()
        skip = keys.page.get_by_role("link", name="Skip to the content")
        keys.go_to(skip)
        keys.press("Enter")
        expect(keys.page.locator("main")).to_be_focused()
        keys.go_to(skip, "Shift+Tab")


def test_a_remedy_is_given_and_approved(desk: Desk, house: RunningHouse):
    """
    By an agent who asks for more than they may give, with its preview, and by a lead.
    """
    boris = Keyboard(desk.open("Boris", f"/orders/{order_id(house, DEAR)}"))
    give = boris.page.get_by_role("button", name="Give a remedy")
    expect(give).to_be_visible()
    boris.choose(give)
    expect(boris.page.get_by_role("dialog")).to_be_visible()
    boris.choose(boris.page.get_by_role("checkbox", name="Stoneware mug").first, "Space")
    expect(boris.page.locator(".preview")).to_contain_text("It waits in Approvals")
    boris.go_to(boris.page.get_by_label("Why"))
    boris.type("all of them cracked")
    boris.choose(boris.page.get_by_role("button", name="Give it"))
    expect(boris.page.get_by_role("dialog")).to_have_count(0)
    expect(boris.page.get_by_text("all of them cracked").first).to_be_visible()
    expect(give).to_be_focused()

    lena = Keyboard(desk.open("Lena"))
    expect(lena.page.locator(".top")).to_be_visible()
    lena.press("A")
    waiting = lena.page.locator(".wait", has_text=DEAR)
    expect(waiting).to_be_visible()
    lena.choose(waiting.get_by_role("button", name="Approve"))
    lena.check_dialog()
    expect(waiting.get_by_role("button", name="Approve")).to_be_focused()
    lena.press("Enter")
    lena.choose(lena.page.get_by_role("dialog").get_by_role("button", name="Approve"))
    expect(waiting).to_have_count(0)
    lena.check_seen()


def test_what_is_sought_is_found_and_opened(desk: Desk, house: RunningHouse):
    """
    The field has the focus at once.
    """
    ChatClient(house.url).says("does the quokka lamp come in red?")
    keys = Keyboard(desk.open("Boris"))
    page = keys.page
    expect(page.locator(".rows li").first).to_be_visible()
    keys.press("S")
    expect(page.get_by_role("searchbox")).to_be_focused()
    keys.type("quokka")
    found = page.locator(".finds a")
    expect(found).to_have_count(1)
    keys.choose(found)
    expect(page.get_by_text("does the quokka lamp come in red?")).to_be_visible()


def test_ready_replies_are_edited(desk: Desk):
    """
    The large field lets the focus go by Tab; a mistake is told, and what is good is saved.
    """
    keys = Keyboard(desk.open("Lena", "/settings"))
    source = keys.page.get_by_label("English")
    expect(source).to_be_visible()
    save = keys.page.get_by_role("button", name="Save").first
    keys.go_to(source)
    keys.press("Control+End")
    keys.type("{% if %}")
    keys.choose(save)
    expect(keys.page.locator(".problem").first).not_to_be_empty()
    keys.check_seen()
    keys.go_to(source, "Shift+Tab")
    keys.press("Control+End", *["Backspace"] * len("{% if %}"))
    keys.choose(save)
    expect(keys.page.get_by_text("Saved.").first).to_be_visible()
    expect(save).to_be_focused()
