"""What waits for a yes, in real browsers: who may give it, once, and while it fits."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from playwright.sync_api import expect

from bot.casework.refusals import Refusal
from bot.casework.remedies import RemedyState
from bot.services.grants import do_grant
from bot.services.wanted_remedies import Wanted, to_remedy
from bot.store.tables import conversations, orders, payments
from tests.e2e.chat_client import ChatClient
from tests.e2e.desk_browsers import Desk, make_dear, shop_of, writing_to
from tests.e2e.running_house import RunningHouse, eventually
from tests.e2e.test_after_sales import buyer_signed_in


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
            asked = chat.presses(asked, asked["choices"][-1]["label"])[-1]  # type: ignore[index]  # JSON
    terms = chat.presses(asked, "new one")[-1]
    assert "approve" in str(chat.presses(terms, "yes")[-1]["text"])
    seq = int(str(chat.transcript()[-1]["seq"]))

    boris, ann = desk.open("Boris", "/approvals"), desk.open("Ann", "/approvals")
    expect(boris.get_by_text("DEMO-1007").first).to_be_visible()
    waiting = boris.locator(".wait", has_text="DEMO-1007")
    expect(waiting.get_by_role("button", name="Approve")).to_have_count(0)
    expect(waiting).to_contain_text("It is more than you may give")
    ann.locator(".wait", has_text="DEMO-1007").get_by_role("button", name="Approve").click()
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
    with shop_of(house) as shop:
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
    assert not isinstance(granted, Refusal), granted
    assert granted.state is RemedyState.APPROVAL

    return granted.remedies[0]


def let_be_paid(house: RunningHouse, number: str, amount: int) -> int:
    """Let so much have been paid for the order; what it was before."""
    order = sa.select(orders.c.id).where(orders.c.number == number).scalar_subquery()
    with writing_to(house) as db:
        before = db.execute(
            sa.select(payments.c.amount).where(payments.c.order_id == order)
        ).scalar_one()
        db.execute(sa.update(payments).where(payments.c.order_id == order).values(amount=amount))

    return int(before)
