"""What trainers add is known at the desk without a restart."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.casework.agents import Role
from bot.desk_words import say_intent
from bot.intents import WatchedIntents
from bot.settings import ROOT
from bot.web.desk.intents import Domain, WatchedDomain
from tests.dialog import Shop
from tests.web.desk.conftest import SignIn
from tests.web.desk.test_conversation import handed_over, talk_of
from tests.web.front import Front, open_front

pytestmark = pytest.mark.anyio

ADDED = """
  bulk_order:
    description: Wants many pieces.
    titles: {en: I want to order many}
    does: {answer: true}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of the test's own, as we ship it."""
    for name in ("domain.yml", "rulebook/intents.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((ROOT / name).read_text("utf-8"), "utf-8")

    return tmp_path


@pytest.fixture
async def front(demo_shop: Shop, tmp_path: Path, project: Path) -> AsyncIterator[Front]:
    """The web process over that project."""
    demo_shop.house = replace(demo_shop.house, find_intents=WatchedIntents(project / "rulebook"))
    async with open_front(demo_shop, tmp_path / "state", project=project) as running:
        yield running


def add(project: Path) -> None:
    """What the page of intents writes."""
    domain = (project / "domain.yml").read_text("utf-8")
    changed = domain.replace("intents:\n", "intents:\n- bulk_order\n", 1)
    (project / "domain.yml").write_text(changed, "utf-8")
    with (project / "rulebook" / "intents.yml").open("a", encoding="utf-8") as file:
        file.write(ADDED.removeprefix("\n"))


async def test_an_added_intent_can_be_chosen_at_once(
    front: Front, colleague: SignIn, project: Path
):
    """
    By its title; a message can be corrected to it.
    """
    tom, guest = await colleague(Role.TRAINER, name="Tom Ott"), await handed_over(front)
    message = (await tom.get(talk_of(guest))).json()["messages"][0]["id"]
    before = (await tom.get("words")).json()["intents"]
    refused = await tom.post(f"messages/{message}/correction", {"intent": "bulk_order"})

    add(project)
    after = (await tom.get("words")).json()["intents"]
    taken = await tom.post(f"messages/{message}/correction", {"intent": "bulk_order"})
    talk = (await tom.get(talk_of(guest))).json()

    assert [one for one in after if one not in before] == [
        {"name": "bulk_order", "text": "I want to order many"}
    ]
    assert (refused.status_code, taken.status_code) == (422, 204)
    assert talk["messages"][0]["heard"]["corrected"]["text"] == "I want to order many"


async def test_what_a_buyer_is_heard_to_mean_is_told_by_its_title(
    front: Front, colleague: SignIn, project: Path
):
    """
    In the conversation and in the lists.
    """
    add(project)
    tom, guest = await colleague(Role.TRAINER, name="Tom Ott"), await front.guest()
    front.rasa.intents["do you sell 100?"] = "bulk_order"
    await guest.says("do you sell 100?")  # nobody has written the answer yet

    heard = (await tom.get(talk_of(guest))).json()["messages"][0]["heard"]
    (row,) = (await tom.get("queue", params={"view": "waiting"})).json()["rows"]

    assert (heard["intent"], heard["intent_text"]) == ("bulk_order", "I want to order many")
    assert (row["intent"], row["intent_text"]) == ("bulk_order", "I want to order many")


async def test_a_broken_domain_changes_nothing(front: Front, colleague: SignIn, project: Path):
    """
    What was known before it is still offered.
    """
    tom = await colleague(Role.TRAINER, name="Tom Ott")
    before = (await tom.get("words")).json()
    (project / "domain.yml").write_text("intents: [\n")

    assert (await tom.get("words")).json() == before


@pytest.mark.parametrize("text", [None, "", "- a", "intents: 7", "intents: [\n", "intents: [[a]]"])
def test_a_domain_that_says_nothing_names_nothing(tmp_path: Path, text: str | None):
    """
    Nobody is kept out of the desk by it.
    """
    if text is not None:
        (tmp_path / "domain.yml").write_text(text)
    domain = WatchedDomain(tmp_path)

    assert (domain.intents, domain.entities) == (Domain().intents, Domain().entities)


def test_words_of_what_nobody_knows(project: Path):
    """
    Such as an intent of an older model.
    """
    add(project)
    intents = WatchedIntents(project / "rulebook")()

    assert say_intent("bulk_order", intents) == "I want to order many"
    assert say_intent("bulk_order") == "bulk order"
    assert say_intent("refund_request", intents) == "refund request"
