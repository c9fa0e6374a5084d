"""Every page of the desk and of the widget, as axe sees it: light and dark, desktop and phone."""

from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from bot.project import rasa_project
from bot.settings import Settings
from tests.e2e.desk_browsers import DESKTOP, PHONE, Desk, said_in_widget, write_in_widget
from tests.e2e.desk_scene import ORDER, PERSON, Scene, set_scene
from tests.e2e.played_comparison import play
from tests.e2e.running_house import RunningHouse
from tests.e2e.test_chat_over_http import buyer_of

SERIOUS = ("serious", "critical")
SIZES: tuple[ViewportSize, ...] = (DESKTOP, PHONE)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COLOURS = ["color-contrast", "link-in-text-block"]
"""All rules that a colour scheme can change the answer to."""

Visit = Callable[[Desk, Scene], Iterator[Page]]


@pytest.fixture(scope="module")
def scene(house: RunningHouse, team: Desk) -> Scene:
    """Something to look at."""
    return set_scene(house, team)


def login(desk: Desk, scene: Scene) -> Iterator[Page]:
    """Empty, and after a wrong password."""
    page = desk.open("", "/login")
    yield page
    page.get_by_label("E-mail").fill("nobody@shop.example")
    page.get_by_label("Password").fill("not the right one")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).not_to_be_empty()
    yield page


def welcome(desk: Desk, scene: Scene) -> Iterator[Page]:
    """By a good link and by a broken one."""
    page = desk.open("", f"/welcome#{scene.invitation}")
    expect(page.get_by_label("A new password")).to_be_visible()
    yield page
    page = desk.open("", "/welcome#broken")
    expect(page.locator("#words")).to_contain_text("link")
    yield page


def queue(desk: Desk, scene: Scene) -> Iterator[Page]:
    """Each list, one that is empty, the account's menu, the keys."""
    page = desk.open("Ann")
    for key in "12345":
        page.keyboard.press(key)
        expect(page.locator(f".tabs a:nth-child({key})")).to_have_attribute("aria-current", "page")
        expect(page.locator(".rows li").first).to_be_visible()
        yield page
    page.get_by_role("searchbox").fill("nothing has these words")
    expect(page.get_by_role("button", name="Show the whole list")).to_be_visible()
    yield page
    page.locator("[popovertarget=account-menu]").click()
    yield page
    page.get_by_role("button", name="Keys").click()
    yield page


def waiting(desk: Desk, scene: Scene) -> Iterator[Page]:
    """Before anybody has taken it; all unfolded, a photo, a correction."""
    page = desk.open_talk("Ann", scene.waiting)
    for summary in page.locator(".meaning summary").all():
        summary.click()
    yield page
    page.get_by_role("button", name="open large").first.click()
    yield page
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Correct").first.click()
    expect(page.get_by_label("It means")).to_be_visible()
    yield page
    page.keyboard.press("Escape")
    yield from on_both_halves(page)


def on_both_halves(page: Page) -> Iterator[Page]:
    """What a phone shows beside the chat."""
    page.evaluate("document.querySelector('[data-half=about]').click()")
    yield page


def mine(desk: Desk, scene: Scene) -> Iterator[Page]:
    """With menus and dialogs, replies, a note, and a remedy that waits."""
    page = desk.open_talk("Ann", scene.mine)
    yield page
    page.get_by_role("button", name="More to do").click()
    yield page
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Reply to").fill("/")
    expect(page.get_by_role("option").first).to_be_visible()
    yield page
    page.get_by_role("textbox", name="Reply to").fill("")
    page.get_by_role("button", name="Note", exact=True).click()
    yield page
    page.keyboard.press("Escape")
    for key in "bsxp":
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        yield page
        page.keyboard.press("Escape")
    yield from on_both_halves(page)


def closed(desk: Desk, scene: Scene) -> Iterator[Page]:
    """With its rating."""
    page = desk.open_talk("Ann", scene.closed)
    expect(page.locator(".rating")).to_have_count(1)
    yield page
    yield from on_both_halves(page)


def gone(desk: Desk, scene: Scene) -> Iterator[Page]:
    """A conversation that is not there, and a page that this agent may not see."""
    for who, path in (("Ann", "/conversations/gone"), ("Boris", "/audit")):
        page = desk.open(who, path)
        expect(page.locator("body")).not_to_be_empty()
        yield page


def order(desk: Desk, scene: Scene) -> Iterator[Page]:
    """With the preview of a remedy, of the whole and of what is refused."""
    page = desk.open("Ann", f"/orders/{scene.order}")
    expect(page.get_by_role("heading", name=ORDER)).to_be_visible()
    yield page
    page.get_by_role("button", name="Give a remedy").click()
    expect(page.locator(".preview")).to_contain_text("The buyer reads")
    yield page
    page.get_by_label("Amount for").first.fill("100000")
    expect(page.locator(".preview .notice")).to_be_visible()
    yield page


def approvals(desk: Desk, scene: Scene) -> Iterator[Page]:
    """As one who may and as one who may not; approve, deny, change."""
    yield desk.open("Boris", "/approvals")
    page = desk.open("Ann", "/approvals")
    waiting = page.locator(".wait", has_text=ORDER)
    for words in ("Approve", "Deny", "Change"):
        waiting.get_by_role("button", name=words).click()
        yield page
        if words == "Change":
            page.get_by_role("spinbutton", name="Pieces").fill("3")
            expect(page.locator(".preview")).to_contain_text("The buyer reads")
            yield page
        page.keyboard.press("Escape")


def search(desk: Desk, scene: Scene) -> Iterator[Page]:
    """Before, with something found, with nothing."""
    page = desk.open("Ann", "/search")
    yield page
    for words, there in (("person", ".finds li"), ("nothing has these words", ".empty")):
        page.get_by_role("searchbox").fill(words)
        expect(page.locator(there).first).to_be_visible()
        yield page


def settings(desk: Desk, scene: Scene) -> Iterator[Page]:
    """The ready replies, and a mistake in them."""
    page = desk.open("Ann", "/settings")
    source = page.get_by_label("English")
    source.fill(f"{source.input_value()} {{% if %}}")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator(".problem").first).not_to_be_empty()
    yield page


def agents(desk: Desk, scene: Scene) -> Iterator[Page]:
    """The team, somebody who is changed, locked out, given a link."""
    page = desk.open("Ann", "/agents")
    expect(page.locator("#rows tr").first).to_be_visible()
    yield page
    for words in ("Change: Ida Berg", "Lock out: Ida Berg", "New link: Ida Berg"):
        page.get_by_role("button", name=words).click()
        yield page
        if not words.startswith("New"):
            page.keyboard.press("Escape")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    yield page


def audit(desk: Desk, scene: Scene) -> Iterator[Page]:
    """With entries and without."""
    page = desk.open("Ann", "/audit")
    expect(page.locator("#rows tr").first).to_be_visible()
    yield page
    page.get_by_label("Words in it").fill("nothing has these words")
    page.keyboard.press("Enter")
    expect(page.locator("#none")).not_to_be_empty()
    yield page


def account(desk: Desk, scene: Scene) -> Iterator[Page]:
    """One's own account."""
    page = desk.open("Ann", "/account")
    expect(page.locator("#sessions li").first).to_be_visible()
    yield page


def erasure(desk: Desk, scene: Scene) -> Iterator[Page]:
    """Two e-mails that differ."""
    page = desk.open("Ann", "/erasure")
    page.get_by_label("Their e-mail").fill("ada@example.com")
    page.get_by_label("Once more").fill("eva@example.com")
    page.get_by_role("button", name="Erase").click()
    expect(page.locator(".problem")).not_to_be_empty()
    yield page


def inbox(desk: Desk, scene: Scene) -> Iterator[Page]:
    """Messages to label, with those that are alike, and none."""
    page = desk.open("Ann", "/inbox")
    expect(page.locator(".to-label")).to_be_visible()
    page.get_by_text("Others that are alike").click()
    page.keyboard.press("d")
    yield page
    for _ in range(2):
        before = page.locator("blockquote").inner_text()
        page.keyboard.press("s")
        expect(page.locator("blockquote")).not_to_have_text(before)
    page.keyboard.press("s")
    expect(page.get_by_text("Nothing to label")).to_be_visible()
    yield page


def models(desk: Desk, scene: Scene) -> Iterator[Page]:
    """A training at work with its log, one behind it, the past, and the dialogs of a model."""
    page = desk.open("Ann", "/models")
    expect(page.locator("#models li").first).to_be_visible()
    expect(page.locator("#past li").first).to_be_visible()
    page.keyboard.press("l")
    expect(page.locator("#log-text")).to_contain_text("EntityExtractor")
    page.keyboard.press("t")
    expect(page.locator("#now")).to_contain_text("It begins when this one ends")
    yield page
    page.locator("#dialogues summary").first.click()
    page.get_by_role("button", name="Remove").first.click()
    page.get_by_role("textbox", name="Why").fill("We sell something else now")
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator(".diff-line").first).to_be_visible()
    yield page
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    for words in ("Let it read along", "Put live"):
        # A house that was just set up has one model only, the live one.
        for act in page.get_by_role("button", name=words).all()[:1]:
            act.click()
            yield page
            page.keyboard.press("Escape")
    page.get_by_role("button", name="Cancel the training that waits").click()
    expect(page.locator("#now")).not_to_contain_text("It begins when this one ends")
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.locator("#now")).to_contain_text("It is being cancelled")


def hints(desk: Desk, scene: Scene) -> Iterator[Page]:
    """All of them, one kind, its examples."""
    page = desk.open("Ann", "/hints")
    expect(page.locator(".hints .card").first).to_be_visible()
    yield page
    page.get_by_role("button", name="Twice").click()
    for summary in page.locator(".hints summary").all():
        summary.click()
    yield page


def reports(desk: Desk, scene: Scene) -> Iterator[Page]:
    """By day and by week, with the numbers."""
    page = desk.open("Ann", "/reports")
    expect(page.locator("#volumes svg.chart")).to_be_visible()
    for summary in page.locator(".report summary").all():
        summary.click()
    yield page
    page.get_by_label("Days").select_option("365")
    expect(page.locator("#span")).to_contain_text("by week")
    yield page


def comparison(desk: Desk, scene: Scene) -> Iterator[Page]:
    """Never compared; under way; compared and refused, with everything open; failed."""
    model = rasa_project(Settings(_env_file=None)).model.name
    yield desk.open("Ann", f"/models/{model}")
    for state in ("running", "failed"):
        page = desk.open("Ann")
        play(page, state, poisoned=False)
        page.goto(f"{desk.url}/desk/models/{model}")
        expect(page.locator(".head")).to_contain_text(STATES[state])
        yield page
    play(page)
    page.reload()
    expect(page.locator(".headline")).to_contain_text("worse")
    for summary in page.locator("summary").all():
        summary.click()
    yield page
    page.keyboard.press("w")
    expect(page.get_by_role("button", name="Only worse")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Words in the sentence").fill("nothing has these words")
    yield page
    page.get_by_role("button", name="Put it live all the same").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield page


STATES = {"running": "40 %", "failed": "It failed"}


def intents(desk: Desk, scene: Scene) -> Iterator[Page]:
    """All of them, and none that has such words."""
    page = desk.open("Ann", "/intents")
    expect(page.locator("#rows li").first).to_be_visible()
    yield page
    page.get_by_role("searchbox").fill("nothing has these words")
    expect(page.get_by_text("No intent has these words")).to_be_visible()
    yield page


def intent(desk: Desk, scene: Scene) -> Iterator[Page]:
    """With its examples; what is ticked; words that are edited; and one that is not there."""
    page = desk.open("Ann", "/intents/late_delivery")
    page.locator("#examples .ticks input").first.check()
    page.get_by_label("Find an example").press_sequentially("late")
    yield page
    page.get_by_role("button", name="Remove what is ticked").click()
    yield page
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_role("textbox", name="Description")).to_be_visible()
    yield page
    page = desk.open("Ann", "/intents/no_such_intent")
    expect(page.locator("#problem")).not_to_be_empty()
    yield page


def new_intent(desk: Desk, scene: Scene) -> Iterator[Page]:
    """Each way of what happens, what is missing, and one that is split off another."""
    page = desk.open("Ann", "/new-intent")
    page.get_by_label("Title, English").fill("Gift wrapping")
    for words in ("The bot answers", "The bot works on it", "A person takes over"):
        page.get_by_label(words).check()
        yield page
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator("#form .problem")).not_to_be_empty()
    yield page
    page = desk.open("Ann", "/new-intent?split=late_delivery")
    page.locator("#form .ticks input").first.check()
    yield page


def changes(desk: Desk, scene: Scene) -> Iterator[Page]:
    """Before there are any; tests/e2e/test_teaching_intents.py looks at some."""
    page = desk.open("Ann", "/changes")
    expect(page.get_by_text("Nothing was changed yet")).to_be_visible()
    yield page


def widget(desk: Desk, scene: Scene) -> Iterator[Page]:
    """The chat, the wait, and the rating once it is closed."""
    page = desk.open_shop(buyer_of(desk, "DEMO-1004"))
    write_in_widget(page, "where is my order DEMO-1004?")
    expect(said_in_widget(page, "bot").nth(1)).to_be_visible()
    yield page
    write_in_widget(page, PERSON)
    expect(page.get_by_test_id("wait")).to_be_visible()
    yield page
    talk = page.evaluate("JSON.parse(localStorage['makegood:demo:session']).conversation")
    agent = desk.open_talk("Ann", talk)
    agent.keyboard.press("x")
    agent.get_by_role("button", name="Close it").click()
    page.get_by_role("button", name="4 of 5").click()
    yield page


VISITS: tuple[Visit, ...] = (
    login,
    welcome,
    queue,
    waiting,
    mine,
    closed,
    gone,
    order,
    approvals,
    search,
    settings,
    agents,
    audit,
    account,
    erasure,
    intents,
    intent,
    new_intent,
    changes,
    inbox,
    models,
    comparison,
    hints,
    reports,
    widget,
)


@pytest.mark.parametrize("visit", VISITS)
def test_nothing_keeps_anybody_out(desk: Desk, scene: Scene, visit: Visit):
    """
    axe finds nothing serious, whatever is unfolded or open, and nothing is wider than the page.
    """
    found = {
        (number, size["width"], scheme, what)
        for number, page in enumerate(visit(desk, scene))
        for size in SIZES
        for scheme in SCHEMES
        for what in look(page, size, scheme)
    }
    assert found == set()


def look(page: Page, size: ViewportSize, scheme: Literal["light", "dark"]) -> Iterator[str]:
    """What is wrong with a page in that size and those colours; it is left as it was."""
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    rules = {"runOnly": COLOURS} if scheme == "dark" else {}
    results = Axe().run(page, options={"resultTypes": ["violations"]} | rules)
    for one in results.response["violations"]:
        if one["impact"] in SERIOUS:
            yield f"{one['id']}: {[node['target'] for node in one['nodes']]}"
    if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
        yield "wider than the page"
    page.set_viewport_size(SIZES[0])
