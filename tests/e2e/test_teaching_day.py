"""
One sitting, in a browser: from real messages to a better model live, and back again.

Messages are imported and labelled, an intent is added with its answer, the model is trained,
compared and put live while a buyer has the chat open; then the one before is taken back.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.store.tables import messages
from tests.e2e.desk_browsers import Desk, hire_team
from tests.e2e.own_checkout import copy_checkout
from tests.e2e.running_house import RunningHouse, eventually, run_house

MINUTE = 60_000.0
TRAINS = 8 * MINUTE
"""Milliseconds that a training and a comparison may take here, beside the tests' own house."""
SWAPS = 2 * MINUTE
ENGLISH = (
    "can you gift wrap my order",
    "is gift wrapping possible for this one",
    "i want it in gift paper please",
    "do you offer wrapping paper and a bow",
    "pls wrap it as a present its for my mum",
    "could the parcel come gift wrapped with a card",
    "how much is gift wrapping",
    "please put it into a nice gift box with ribbon",
    "it is a birthday gift, can you wrap it nicely",
    "add gift wrap to my order",
    "gift wrapped please!!",
    "do u do gift packaging",
)
RUSSIAN = (
    "можно упаковать заказ как подарок?",
    "нужна подарочная упаковка",
    "заверните пожалуйста в подарочную бумагу",
    "сколько стоит подарочная упаковка",
    "упакуйте в коробку с лентой это подарок маме",
    "есть ли у вас упаковка в подарок",
)
ANSWER = {"English": "We wrap it as a gift for 3 €.", "Russian": "Упакуем как подарок за 3 €."}
ASKED = "could you gift wrap it for me please"
REAL = """where has my parcel got to it was due on monday
the mug came in three pieces
i ordered the red one and got a green one
my refund has not come yet
please cancel it i found it cheaper
how long does shipping to spain take
my discount code is refused at the checkout
one of the two lamps is missing in the box
let me talk to somebody real
this bag is a fake the logo is misspelt
the charger stopped working after two days
can i have an invoice for my company
please send it to my office instead
i would like to swap it for a larger size
i have changed my mind and want to send it back
the picture showed wood but it is plastic
tracking says delivered but nothing is here
thank you very much for the help
when will my parcel arrive in lyon
do you have wholesale prices for a hundred pieces
i was charged twice for one lamp
what is the tracking number of my parcel
"""
REFUNDS = [
    form.format(thing)
    for form in (
        "i want my money back for the {}",
        "please refund the {} in full",
        "can i get a refund on this {}",
        "the {} is useless, give me the money",
        "refund me for the {} today please!!",
        "no replacement, only the money for the {}",
        "how do i get back what i paid for the {}",
        "pay me back the {} i do not want another",
        "send the price of the {} back to my card",
        "full refund for the {} or i call my bank",
    )
    for thing in (
        "lamp", "blue mug", "phone case", "rug", "kids tent",
        "watch", "coffee grinder", "wool coat", "garden chair", "toy train",
        "mirror", "lunch box", "kettle", "winter boots", "desk fan",
        "blanket", "guitar strap", "bread knife", "umbrella", "shower head",
    )
]  # fmt: skip


PROMOTE = """async (model) => {
  const api = await import("/desk-assets/api.js");
  return api.post(`models/${model}/promote`, {}).then(() => "live", (error) => error.code);
}"""
"""As the page does it, without asking the gate before."""


@pytest.fixture
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that is taught."""
    return copy_checkout(tmp_path_factory.mktemp("sitting") / "checkout")


@pytest.fixture
def school(checkout: Path) -> Iterator[RunningHouse]:
    """The whole house of that checkout, with the model that it had before."""
    # Behind everybody else it would wait for the other tests.
    own = {"MAKEGOOD_TRAINING_PRIORITY": "normal"}
    with run_house(checkout.parent / "var", folder=checkout, **own) as running:
        yield running


@pytest.fixture
def trainers(school: RunningHouse, browser: Browser) -> Desk:
    """People who may teach."""
    return hire_team(school, browser)


def test_from_a_message_to_a_better_model_and_back(
    trainers: Desk, school: RunningHouse, checkout: Path
):
    """
    Import, label twenty, a new intent, train, compare, promote, chat with it, roll back.
    """
    first = school.health()["model"]
    shop = trainers.open_shop()
    page = trainers.open("Ann", "/inbox")
    _import(checkout, school, REAL)
    page.reload()
    _label(page, 20)
    _write_labels(page)
    _add_intent(page)

    page.goto(f"{trainers.url}/desk/models")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator("#models li")).to_have_count(2, timeout=TRAINS)
    _newest(page).locator("a.name").click()
    expect(page.get_by_text("May go live").first).to_be_visible(timeout=TRAINS)
    page.goto(f"{trainers.url}/desk/models")
    _put_live(page)
    eventually(lambda: school.health()["model"] != first, seconds=SWAPS / 1000)

    _ask(shop, ASKED)
    expect(_said(shop)).to_contain_text(ANSWER["English"])
    new = school.health()["model"]
    read_by = {row["read_by"] for row in school.rows(messages) if row["text"] == ASKED}
    assert len(read_by) == 1
    assert new.startswith(str(read_by.pop()).removesuffix(".tar.gz"))

    page.reload()
    expect(page.locator("#swap")).to_contain_text("is live", timeout=SWAPS)
    page.get_by_role("button", name="Roll back").click()
    page.get_by_role("dialog").get_by_role("button", name="Go back").click()
    eventually(lambda: school.health()["model"] == first, seconds=SWAPS / 1000)
    _ask(shop, "where is my order DEMO-1003?")
    expect(_said(shop)).not_to_contain_text("gift")


def test_a_poisoned_batch_of_labels_stays_out(trainers: Desk, school: RunningHouse, checkout: Path):
    """
    Two hundred requests for a refund labelled thanks, a fifth of them now in the test set.
    """
    first = school.health()["model"]
    page = trainers.open("Ann", "/inbox")
    _import(checkout, school, "\n".join(REFUNDS))
    page.reload()
    _label_all(page, "thanks")
    _write_labels(page)

    page.goto(f"{trainers.url}/desk/models")
    expect(page.locator("#models li").first).to_be_visible()
    before = page.locator("#models li").count()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator("#models li")).to_have_count(before + 1, timeout=TRAINS)
    _newest(page).first.locator("a.name").click()
    gate = page.get_by_role("region", name="The gate")
    expect(gate).to_contain_text("refund request is protected", timeout=TRAINS)
    expect(gate).to_contain_text("The gate is closed")

    assert page.evaluate(PROMOTE, page.url.rsplit("/", 1)[1]) == "gate_refused"
    assert school.health()["model"] == first


def _import(checkout: Path, school: RunningHouse, texts: str) -> None:
    """What buyers wrote elsewhere, as a trainer's colleague imports it."""
    file = checkout.parent / "messages.txt"
    file.write_text(texts, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "inbox", "import", str(file)],
        cwd=checkout,
        env={**os.environ, "MAKEGOOD_STATE": str(school.state)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _label(page: Page, times: int) -> None:
    """Take the model's first guess, by the keyboard."""
    for _ in range(times):
        text = page.locator("blockquote").inner_text()
        page.keyboard.press("1")
        expect(page.locator("blockquote", has_text=text)).to_have_count(0)


def _label_all(page: Page, intent: str) -> None:
    """Say the same of everything that waits, by the keyboard."""
    message = page.locator("blockquote")
    expect(message).to_be_visible()
    while message.count():
        text = message.inner_text()
        page.keyboard.press("/")
        page.keyboard.type(intent)
        page.keyboard.press("Enter")
        expect(page.locator("blockquote", has_text=text)).to_have_count(0)
        expect(message.or_(page.get_by_text("Nothing to label")).first).to_be_visible()


def _write_labels(page: Page) -> None:
    page.goto(page.url.replace("/inbox", "/changes"))
    page.get_by_role("button", name="labels into the files").click()
    page.get_by_label("Why").fill("What buyers wrote this week")
    _see_and_write(page)


def _add_intent(page: Page) -> None:
    page.goto(page.url.replace("/changes", "/new-intent"))
    page.get_by_label("Title, English").fill("Gift wrapping")
    page.get_by_label("Title, Russian").fill("Подарочная упаковка")
    page.get_by_label("Description").fill("They want their order wrapped as a gift.")
    page.get_by_label("English", exact=True).fill("\n".join(ENGLISH))
    page.get_by_label("Russian", exact=True).fill("\n".join(RUSSIAN))
    page.get_by_label("The bot answers").check()
    for language, text in ANSWER.items():
        page.get_by_label(f"The answer, {language}").fill(text)
    page.get_by_label("Why").fill("Twelve buyers asked for it")
    _see_and_write(page)
    expect(page.get_by_role("heading", name="Gift wrapping")).to_be_visible()


def _see_and_write(page: Page) -> None:
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator(".diff-line").first).to_be_attached()
    page.get_by_role("button", name="Write it").click()


def _newest(page: Page) -> Locator:
    """The model that is not live yet."""
    return page.locator("#models li", has=page.get_by_role("button", name="Put live"))


def _put_live(page: Page) -> None:
    _newest(page).get_by_role("button", name="Put live").click()
    page.get_by_role("dialog").get_by_role("button", name="Put it live").click()


def _ask(shop: Page, text: str) -> None:
    """Say it as the buyer, and wait for the answer."""
    answers = shop.locator('[data-testid="message"][data-sender="bot"]')
    before = answers.count()
    box = shop.get_by_role("textbox", name="Your message")
    box.fill(text)
    box.press("Enter")
    expect(answers).not_to_have_count(before)


def _said(shop: Page) -> Locator:
    return shop.locator('[data-testid="message"][data-sender="bot"]').last
